// What an implementation is: the external function i(A) that an activity invokes.
import type { Json, JsonObject } from '../model/index.js';

export interface InvocationContext {
  /** Aborted on cancel, on time-out and when the page goes away. */
  readonly signal: AbortSignal;
  /** `instance/token`: the same for every attempt and every repetition after a crash. */
  readonly idempotencyKey: string;
  readonly instance: string;
  readonly flow: string;
  readonly activity: string;
  /** 1 for the first attempt. */
  readonly attempt: number;
  /** The input data object of the activity. */
  readonly input: JsonObject;
}

/**
 * Receives the resolved `arguments` (or the input data object when the activity maps none) and gives the result as JSON.
 * Throwing fails the attempt; `code`, `status`, `retryable` and `details` of what is thrown are kept.
 */
export type ImplementationFunction = (
  args: JsonObject,
  context: InvocationContext,
) => Json | void | Promise<Json | void>;

export type Implementations = Readonly<Record<string, ImplementationFunction>>;
