// An expression of the easy subset, evaluated at once and without the library.
import { DEFAULT_LIMITS } from '../limits.js';
import { plainJson } from '../plain-json.js';
import type { Json, JsonObject } from '../../model/index.js';
import { closureOf, UNKNOWN } from './evaluate.js';
import { parseSubset, type Syntax } from './syntax.js';
import { UNSURE, type Scope } from './values.js';

export interface SubsetExpression {
  readonly syntax: Syntax;
  /** Gives `undecided` where only the library knows the answer, mostly an error and its words. */
  evaluate(input: JsonObject, bindings: Readonly<Record<string, Json>>, now: number): Json | undefined | Undecided;
}

export type Undecided = typeof undecided;
export const undecided: unique symbol = Symbol('undecided');

/** Undefined when the source is not in the subset. */
export function subsetExpression(source: string): SubsetExpression | undefined {
  const syntax = parseSubset(source);
  if (!syntax) return undefined;
  try {
    const evaluate = closureOf(syntax);
    return {
      syntax,
      evaluate: (input, bindings, now) => {
        if (Array.isArray(input)) return undecided;
        const scope: Scope = { root: input, bindings, now, left: DEFAULT_LIMITS.operations };
        try {
          return plainJson(evaluate(input, scope));
        } catch (error) {
          // Too deep for the stack is for the library to say, too.
          if (error === UNSURE || error instanceof RangeError) return undecided;
          throw error;
        }
      },
    };
  } catch (error) {
    if (error === UNKNOWN) return undefined;
    throw error;
  }
}
