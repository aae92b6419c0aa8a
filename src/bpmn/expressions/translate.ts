// Expressions in other languages than JSONata, where their meaning is certain: `${…}`, FEEL and simple comparisons.
import type { Language } from './on-demand.js';
import { parse, type ParseOptions, type Translated } from './parse.js';

const PLACEHOLDER = /[$#]\{([^{}]*)\}/g;

export function translate(
  source: string,
  language: Language,
  { rename = {}, names = false }: ParseOptions = {},
): Translated | undefined {
  const feel = source.startsWith('=') && !source.startsWith('==');
  if (feel) return parse(source.slice(1), { rename, names: true, blanks: true });
  const whole = /^[$#]\{([^{}]*)\}$/.exec(source);
  if (whole) return parse(whole[1]!, { rename, names: true });
  if (/[$#]\{/.test(source)) return composite(source, rename);
  // `return total > 5;` is how Java, JavaScript and Groovy give a value.
  const given = /^return\s+([^;{}]+?)\s*;?$/.exec(source)?.[1] ?? source;
  return parse(given, { rename, names: names || language === 'feel', blanks: true });
}

/** `Order ${id} of ${name}` is a text. */
function composite(source: string, rename: ParseOptions['rename']): Translated | undefined {
  const parts: string[] = [];
  const reads = new Set<string>();
  let at = 0;
  for (const match of source.matchAll(PLACEHOLDER)) {
    if (match.index > at) parts.push(JSON.stringify(source.slice(at, match.index)));
    const inner = parse(match[1]!, { ...(rename ? { rename } : {}), names: true });
    if (!inner) return undefined;
    for (const name of inner.reads) reads.add(name);
    parts.push(/^[\w$`.]+$/.test(inner.source) ? inner.source : `(${inner.source})`);
    at = match.index + match[0].length;
  }
  if (at < source.length) parts.push(JSON.stringify(source.slice(at)));
  return { source: parts.length === 1 ? parts[0]! : parts.join(' & '), reads: [...reads] };
}
