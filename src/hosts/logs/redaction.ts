// What a log may not show. A path names it: `card.number` from the top of the data, `*` for any one name or index,
// `**` for any number of them (`**.password` is a password anywhere).
import type { Json } from '../../model/index.js';

export const REDACTED = '[redacted]';

/** Gives a copy with everything that a path names replaced; data that no path names is given back as it is. */
export function redactor(paths: readonly string[]): (data: Json) => Json {
  const all = paths.map((path) => path.split('.'));
  return all.length === 0 ? (data) => data : (data) => redact(data, all);
}

function redact(data: Json, paths: readonly (readonly string[])[]): Json {
  if (paths.some((path) => path.every((name) => name === '**'))) return REDACTED;
  if (data === null || typeof data !== 'object') return data;
  const inside = (name: string): Json => {
    const value = (data as Readonly<Record<string, Json>>)[name]!;
    const left = paths.flatMap((path) => after(path, name));
    return left.length === 0 ? value : redact(value, left);
  };
  if (Array.isArray(data)) return data.map((_, i) => inside(String(i)));
  return Object.fromEntries(Object.keys(data).map((name) => [name, inside(name)]));
}

/** What is left of a path after a step into `name`; nothing when it leads elsewhere. `['**']` alone means: this very value. */
function after(path: readonly string[], name: string): readonly (readonly string[])[] {
  const [first, ...rest] = path;
  if (first === '**') return [path, ...after(rest, name)];
  if (first !== '*' && first !== name) return [];
  return [rest];
}
