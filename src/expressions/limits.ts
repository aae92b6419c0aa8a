// What an expression may cost. JSONata's own functions that can run away are replaced by bounded ones.
import { FlowError, type Json } from '../model/index.js';

export interface Limits {
  /** Longest evaluation, ms. */
  readonly time: number;
  /** Values in a result. */
  readonly values: number;
  /** Characters that `$pad` may fill up to, and that a regular expression is run on. */
  readonly text: number;
  /** Characters of a text, or values of an array, that an expression may put together. */
  readonly made: number;
  /** Steps of an evaluation that needs no library: members, items and comparisons. */
  readonly operations: number;
}

export const DEFAULT_LIMITS: Limits = {
  time: 1000,
  values: 1_000_000,
  text: 1_000_000,
  made: 10_000_000,
  operations: 10_000_000,
};

/** Bound into every evaluation: deterministic time, no `$eval`, no `$pad` to gigabytes, no quadratic `$distinct`. */
export function boundedFunctions(now: number, seed: number): Readonly<Record<string, unknown>> {
  const random = seededRandom(seed);
  return {
    eval: undefined,
    millis: () => now,
    now: () => new Date(now).toISOString(),
    random,
    pad: (text: string | undefined, width: number, filler = ' ') => {
      if (text === undefined) return undefined;
      if (Math.abs(width) > DEFAULT_LIMITS.text) throw tooMuch(`$pad to ${width} characters`);
      const missing = Math.max(0, Math.abs(width) - [...text].length);
      const filling = filler.repeat(Math.ceil(missing / Math.max(1, filler.length))).slice(0, missing);
      return width < 0 ? filling + text : text + filling;
    },
    distinct: (values: unknown) => {
      if (!Array.isArray(values)) return values;
      const seen = new Set<string>();
      return values.filter((v) => {
        const key = JSON.stringify(v as Json);
        return seen.has(key) ? false : (seen.add(key), true);
      });
    },
  };
}

export function tooMuch(what: string): FlowError {
  return new FlowError('FLOW-EXPRESSION-LIMIT', `The expression asks for too much: ${what}.`);
}

/**
 * A regular expression engine that refuses what backtracks catastrophically: a quantified group that itself contains an
 * unbounded quantifier, and very long texts. (A definition nobody trusts belongs in a worker that can be terminated.)
 */
export class BoundedRegExp extends RegExp {
  constructor(pattern: string | RegExp, flags?: string) {
    const source = typeof pattern === 'string' ? pattern : pattern.source;
    if (/\((?:[^()\\]|\\.)*[+*}](?:[^()\\]|\\.)*\)[+*{]/.test(source)) {
      throw tooMuch(`the regular expression /${source}/ repeats a group that repeats inside`);
    }
    super(pattern, flags);
  }
  override exec(text: string): RegExpExecArray | null {
    if (text.length > DEFAULT_LIMITS.text) throw tooMuch(`a regular expression on ${text.length} characters`);
    return super.exec(text);
  }
}

/** mulberry32: the same seed gives the same numbers, so that a replay sees what the first run saw. */
function seededRandom(seed: number): () => number {
  let a = seed >>> 0;
  return () => {
    a = (a + 0x6d2b79f5) | 0;
    let t = Math.imul(a ^ (a >>> 15), 1 | a);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}
