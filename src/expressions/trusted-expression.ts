// One JSONata expression, ready to be evaluated many times. The easy subset is evaluated at once, without the library;
// everything else, and whatever the subset is not sure of (errors, mostly), goes to the library, with bounds. A library
// expression object cannot serve two evaluations at a time (they would share `$now()` and bindings), so each leases one.
import { FlowError, type Json, type JsonObject } from '../model/index.js';
import { seededRandom } from './bounded-functions.js';
import { loadLibrary, parseWith, sentence, type LibraryExpression } from './library.js';
import { plainJson } from './plain-json.js';
import { subsetExpression, undecided } from './subset/subset.js';
import type { Syntax } from './subset/syntax.js';

export interface EvaluateOptions {
  /** `$name` bindings. */
  readonly bindings?: Readonly<Record<string, Json>>;
  /** What `$now()` and `$millis()` say, epoch ms. Default: the present. */
  readonly now?: number;
  /** Seed of `$random()`. Default: `now`. */
  readonly seed?: number;
}

export interface Expression {
  readonly source: string;
  /** Set when it is in the subset that needs no library. */
  readonly syntax?: Syntax;
  /** The value as plain JSON, undefined when there is none. Throws FlowError `FLOW-EXPRESSION…`. */
  evaluate(input: JsonObject, options?: EvaluateOptions): Json | undefined | Promise<Json | undefined>;
}

const known = new Map<string, Expression>();
const CACHE_SIZE = 2000;

/** The expression for a source text that may be evaluated here; parsed when first needed. */
export function trustedExpression(source: string): Expression {
  return kept(known, source, () => subsetOr(source, leasing(source)));
}

/** Keeps as many as a page has; the oldest is made anew when it is needed again. */
export function kept(cache: Map<string, Expression>, source: string, make: () => Expression): Expression {
  let expression = cache.get(source);
  if (!expression) {
    expression = make();
    cache.set(source, expression);
    if (cache.size > CACHE_SIZE) cache.delete(cache.keys().next().value!);
  }
  return expression;
}

/** The subset counts its operations and runs no regular expressions: it needs no other thread. */
export function subsetOr(source: string, byLibrary: Expression['evaluate']): Expression {
  const subset = subsetExpression(source);
  if (!subset) return { source, evaluate: byLibrary };
  return {
    source,
    syntax: subset.syntax,
    evaluate: (input, options = {}) => {
      try {
        const value = subset.evaluate(input, options.bindings ?? {}, options.now ?? Date.now());
        return value === undecided ? byLibrary(input, options) : value;
      } catch (error) {
        throw evaluationError(source, error);
      }
    },
  };
}

function leasing(source: string): Expression['evaluate'] {
  const idle: LibraryExpression[] = [];
  return async (input, options = {}) => {
    const library = await loadLibrary();
    const leased = idle.pop() ?? (await parseWith(library, source));
    const now = options.now ?? Date.now();
    try {
      Object.assign(leased.present, { now, random: seededRandom(options.seed ?? now) });
      return plainJson(await leased.expression.evaluate(input, options.bindings));
    } catch (error) {
      throw evaluationError(source, error);
    } finally {
      idle.push(leased);
    }
  };
}

function evaluationError(source: string, error: unknown): FlowError {
  const e = error as { code?: string; message?: string; position?: number };
  const place = { expression: source };
  if (e.code === 'D1012' || e.code === 'U1001' || /timeout|timed out/i.test(e.message ?? '')) {
    return new FlowError(
      'FLOW-EXPRESSION-TIMEOUT',
      `The expression was stopped because it took too long: ${source}`,
      place,
      { cause: error },
    );
  }
  if (error instanceof FlowError)
    return new FlowError(error.code, `${sentence(error.message)} In: ${source}`, place, { cause: error });
  const where = e.position === undefined ? '' : ` at position ${e.position}`;
  return new FlowError(
    'FLOW-EXPRESSION',
    `The expression failed${where}: ${sentence(e.message ?? String(error))} In: ${source}`,
    place,
    {
      cause: error,
      details: e.code === undefined ? {} : { code: e.code },
    },
  );
}
