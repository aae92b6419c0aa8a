// Functions of the library that can run away, or that a replay must not see change, with bounds. They are registered with the
// library's own signatures, so that context arguments and type errors stay what they are.
import type jsonata from 'jsonata';
import { DEFAULT_LIMITS, tooMuch } from './limits.js';

/** What `$now()`, `$millis()` and `$random()` go by; set anew before every evaluation. */
export interface Present {
  /** Epoch ms. */
  now: number;
  random: () => number;
}

/** The library's own implementations that the bounded ones go back to. */
export interface Originals {
  readonly pad: LibraryFunction;
  readonly distinct: LibraryFunction;
  readonly sort: LibraryFunction;
  readonly spread: LibraryFunction;
  readonly fromMillis: LibraryFunction;
}

type LibraryFunction = (this: unknown, ...args: unknown[]) => unknown;

/** A value that is an array may be one of the library's sequences: marked, and unwrapped when it has one member. */
interface Focus {
  createSequence(): unknown[];
}

/** Longest array that is left to functions of the library whose time grows with the square of the length. */
const SHORT = 500;

export async function originalsOf(library: (source: string) => jsonata.Expression): Promise<Originals> {
  const original = async (name: string): Promise<LibraryFunction> =>
    ((await library(`$${name}`).evaluate({})) as { implementation: LibraryFunction }).implementation;
  return {
    pad: await original('pad'),
    distinct: await original('distinct'),
    sort: await original('sort'),
    spread: await original('spread'),
    fromMillis: await original('fromMillis'),
  };
}

/** Deterministic time and chance, no `$eval`, no `$pad` to gigabytes, no quadratic `$distinct`, `$sort`, `$spread`. */
export function bindBounded(expression: jsonata.Expression, originals: Originals): Present {
  const present: Present = { now: 0, random: seededRandom(0) };
  const register = (name: string, signature: string, implementation: LibraryFunction): void =>
    expression.registerFunction(name, implementation as () => unknown, signature);
  register('eval', '<sx?:x>', () => {
    throw new Error('There is no $eval in a flow');
  });
  register('millis', '<:n>', () => present.now);
  register('now', '<s?s?:s>', function (picture, timezone) {
    return originals.fromMillis.call(this, present.now, picture, timezone);
  });
  register('random', '<:n>', () => present.random());
  register('pad', '<s-ns?:s>', function (text, width, filler) {
    if (Math.abs(width as number) > DEFAULT_LIMITS.text) throw tooMuch(`$pad to ${String(width)} characters`);
    return originals.pad.call(this, text, width, filler);
  });
  register('distinct', '<x:x>', function (values) {
    return Array.isArray(values) && values.length > SHORT
      ? distinct(values, (this as Focus).createSequence())
      : originals.distinct.call(this, values);
  });
  register('sort', '<af?:a>', function (values, comparator) {
    const isLong = Array.isArray(values) && values.length > SHORT && comparator === undefined;
    return isLong && isOfOneType(values) ? inOrder(values) : originals.sort.call(this, values, comparator);
  });
  register('spread', '<x-:a<o>>', function spread(this: unknown, values): unknown {
    if (!Array.isArray(values) || values.length <= SHORT) return originals.spread.call(this, values);
    const found: unknown[] = [];
    for (const value of values as unknown[]) {
      const parts = spread.call(this, value);
      if (Array.isArray(parts)) for (const part of parts as unknown[]) found.push(part);
      else if (parts !== undefined) found.push(parts);
    }
    return found;
  });
  return present;
}

/** What `$sort` can compare by itself. */
function isOfOneType(values: readonly unknown[]): values is readonly (string | number)[] {
  const type = typeof values[0];
  return (type === 'number' || type === 'string') && values.every((value) => typeof value === type);
}

function inOrder(values: readonly (string | number)[]): unknown[] {
  return values.toSorted((a, b) => (a > b ? 1 : a < b ? -1 : 0));
}

/** In linear time. `sequence` is an empty one of the library's, used when the values are one, too. */
function distinct(values: readonly unknown[], sequence: unknown[]): unknown[] {
  const found = (values as { sequence?: boolean }).sequence ? sequence : [];
  const seen = new Set<unknown>();
  for (const value of values) {
    const key = typeof value === 'object' && value !== null ? JSON.stringify(inOrderOfKeys(value)) : value;
    // A text is told from the object that is written like it.
    const marked = typeof value === 'string' ? `"${value}` : key;
    if (seen.has(marked)) continue;
    seen.add(marked);
    found.push(value);
  }
  return found;
}

/** Objects with the same members are the same, whatever their order. */
function inOrderOfKeys(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(inOrderOfKeys);
  if (typeof value !== 'object' || value === null) return value;
  const members = Object.entries(value).map(([key, member]) => [key, inOrderOfKeys(member)] as const);
  return { members: members.sort(([a], [b]) => (a < b ? -1 : 1)) };
}

/** mulberry32: the same seed gives the same numbers, so that a replay sees what the first run saw. */
export function seededRandom(seed: number): () => number {
  let a = seed >>> 0;
  return () => {
    a = (a + 0x6d2b79f5) | 0;
    let t = Math.imul(a ^ (a >>> 15), 1 | a);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}
