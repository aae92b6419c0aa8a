// What an expression may cost.
import { FlowError } from '../model/index.js';

export interface Limits {
  /** Longest evaluation, ms. */
  readonly time: number;
  /** Values in a result. */
  readonly values: number;
  /** Characters that `$pad` may fill up to, and that a regular expression is run on. */
  readonly text: number;
  /** Characters of the texts of a result; characters of a text, or values of an array, put together without the library. */
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

export function tooMuch(what: string): FlowError {
  return new FlowError('FLOW-EXPRESSION-LIMIT', `The expression asks for too much: ${what}.`);
}
