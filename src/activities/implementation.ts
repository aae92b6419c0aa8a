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
  /** Inside an atomic sphere: the transaction that this call is part of. */
  readonly transaction?: string;
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

/**
 * An implementation that can take part in an atomic sphere (two-phase commit). All three may be called again with the same
 * idempotency key, and must then have the effect of one call. Outside atomic spheres, `commit` follows `prepare` at once.
 */
export interface TransactionalImplementation {
  /** Does the work so that it can still be taken back and can no longer fail to be committed; gives the result. */
  prepare(args: JsonObject, context: InvocationContext): Json | void | Promise<Json | void>;
  /** Makes it last. `result` is what `prepare` gave. */
  commit(result: Json | undefined, context: InvocationContext): void | Promise<void>;
  /** Takes it back; also called, with `undefined`, when `prepare` has failed or nobody knows how far it got. */
  rollback(result: Json | undefined, context: InvocationContext): void | Promise<void>;
}

export type RegisteredImplementation = ImplementationFunction | TransactionalImplementation;
export type Implementations = Readonly<Record<string, RegisteredImplementation>>;

/** As a function to call, with its transactional side, if it has one, beside it. */
export type Invocable = ImplementationFunction & { readonly transactional?: TransactionalImplementation };

export function invocable(implementation: RegisteredImplementation): Invocable {
  if (typeof implementation === 'function') return implementation;
  const call: ImplementationFunction = async (args, context) => {
    const result = (await implementation.prepare(args, context)) ?? undefined;
    await implementation.commit(result, context);
    return result;
  };
  return Object.assign(call, { transactional: implementation });
}
