// Errors as the gateway answers them: the code and sentence of a `FlowError` under the HTTP status that fits.
import { FlowDefinitionError, FlowError, type Diagnostic, type ErrorPlace, type Json } from '../../../src/index.js';

export interface Problem {
  readonly status: number;
  readonly body: {
    readonly code: string;
    readonly message: string;
    readonly retryable: boolean;
    readonly place?: ErrorPlace;
    readonly details?: Json;
    readonly diagnostics?: readonly Diagnostic[];
  };
}

/** HTTP status by code; every other code is a 400. */
export const STATUS: Readonly<Record<string, number>> = {
  'FLOW-REQUEST': 400,
  'FLOW-UNAUTHENTICATED': 401,
  'FLOW-FORBIDDEN': 403,
  'FLOW-TASK-REFUSED': 403,
  'FLOW-UNKNOWN': 404,
  'FLOW-UNKNOWN-INSTANCE': 404,
  'FLOW-NOT-FOUND': 404,
  'FLOW-TASK-GONE': 409,
  'FLOW-TASK-TAKEN': 409,
  'FLOW-ID-TAKEN': 409,
  'FLOW-MIGRATION': 409,
  'FLOW-STALE': 409,
  'FLOW-EXISTS': 409,
  'FLOW-TOO-LARGE': 413,
  'FLOW-MEDIA-TYPE': 415,
  'FLOW-INPUT': 422,
  'FLOW-VALUE': 422,
  'FLOW-INVALID': 422,
  'FLOW-KIND': 422,
  'FLOW-CRON': 422,
  'FLOW-ARCHIVE': 422,
  'FLOW-TOO-MANY': 429,
  'FLOW-INTERNAL': 500,
  'FLOW-UNAVAILABLE': 503,
};

export function problemOf(error: unknown): Problem {
  if (error instanceof FlowError) {
    const { code, message, retryable, place, details } = error;
    return {
      status: STATUS[code] ?? 400,
      body: {
        code,
        message,
        retryable,
        ...(Object.keys(place).length > 0 ? { place } : {}),
        ...(details === undefined ? {} : { details }),
        ...(error instanceof FlowDefinitionError ? { diagnostics: error.diagnostics } : {}),
      },
    };
  }
  return ofFramework(error as { statusCode?: number; message?: string; validation?: unknown });
}

/** What the framework refuses before our code sees it. Nothing is told of errors that nobody expected. */
function ofFramework({ statusCode, message }: { statusCode?: number; message?: string }): Problem {
  if (statusCode === 413) {
    const text = 'The request is larger than this server takes. Send less, or ask whoever runs it to raise its limit.';
    return { status: 413, body: { code: 'FLOW-TOO-LARGE', message: text, retryable: false } };
  }
  if (statusCode === 415) {
    const text = 'The body must be JSON: send it with "content-type: application/json".';
    return { status: 415, body: { code: 'FLOW-MEDIA-TYPE', message: text, retryable: false } };
  }
  if (statusCode !== undefined && statusCode >= 400 && statusCode < 500) {
    return { status: statusCode, body: { code: 'FLOW-REQUEST', message: message ?? 'Bad request.', retryable: false } };
  }
  const text = 'The server failed in a way it does not know. The log has the details under the id of this request.';
  return { status: 500, body: { code: 'FLOW-INTERNAL', message: text, retryable: true } };
}
