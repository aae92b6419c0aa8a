// What the engine's objects give back: a value, or an error as data. Errors that are thrown make the engine try again, which
// is right for a lost connection and wrong for a task that somebody else has done.
import { FlowError, type ErrorPlace, type Json } from '../../src/index.js';

export interface ErrorData {
  readonly code: string;
  readonly message: string;
  readonly place?: ErrorPlace;
  readonly details?: Json;
}

export type Answer<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly error: ErrorData };

export function refused(error: unknown): { readonly ok: false; readonly error: ErrorData } {
  if (!(error instanceof FlowError)) {
    const message = error instanceof Error ? error.message : String(error);
    return { ok: false, error: { code: 'FLOW-INTERNAL', message: `The server failed: ${message}` } };
  }
  const { code, message, place, details } = error;
  return { ok: false, error: { code, message, place, ...(details === undefined ? {} : { details }) } };
}

/** The value, or the error thrown as `FlowError`. */
export function unwrap<T>(answer: Answer<T>): T {
  if (answer.ok) return answer.value;
  const { code, message, place, details } = answer.error;
  throw new FlowError(code, message, place ?? {}, details === undefined ? {} : { details });
}
