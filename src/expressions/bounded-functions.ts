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

const ORIGINALS = ['pad', 'distinct', 'sort', 'spread', 'fromMillis'] as const;
/** The library's own implementations that the bounded ones go back to. */
export type Originals = Readonly<Record<(typeof ORIGINALS)[number], LibraryFunction>>;

type LibraryFunction = (this: unknown, ...args: unknown[]) => unknown;

/** A value that is an array may be one of the library's sequences: marked, and unwrapped when it has one member. */
interface Focus {
  createSequence(): unknown[];
}

/** Longest array that is left to functions of the library whose time grows with the square of the length. */
const SHORT = 500;

function isLong(values: unknown): values is readonly unknown[] {
  return Array.isArray(values) && values.length > SHORT;
}

const loadLong = (): Promise<typeof import('./long-lists.js')> => import('./long-lists.js');

export async function originalsOf(library: (source: string) => jsonata.Expression): Promise<Originals> {
  const found: Partial<Record<(typeof ORIGINALS)[number], LibraryFunction>> = {};
  for (const name of ORIGINALS) {
    const { implementation } = (await library(`$${name}`).evaluate({})) as { implementation: LibraryFunction };
    found[name] = implementation;
  }
  return found as Originals;
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
    if (!isLong(values)) return originals.distinct.call(this, values);
    return loadLong().then((long) => long.distinct(values, (this as Focus).createSequence()));
  });
  register('sort', '<af?:a>', function (values, comparator) {
    if (!isLong(values) || comparator !== undefined) return originals.sort.call(this, values, comparator);
    return loadLong().then((long) => long.sorted(values) ?? originals.sort.call(this, values));
  });
  register('spread', '<x-:a<o>>', function (values) {
    const spread = (value: unknown): unknown => originals.spread.call(this, value);
    return isLong(values) ? loadLong().then((long) => long.spread(values, spread)) : spread(values);
  });
  return present;
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
