// The typed errors of the public API. Run-time failures of activities travel as `FailureData` in events and journals.
import { formatDiagnostic, type Diagnostic } from './diagnostic.js';
import type { Json } from './definition.js';

/** Where something went wrong; every field optional because not every error has it. */
export interface ErrorPlace {
  readonly flow?: string;
  readonly activity?: string;
  readonly instance?: string;
  readonly expression?: string;
}

/** Base of all errors thrown by Millrace: a stable `code`, the place, and a sentence to act on. */
export class FlowError extends Error {
  override readonly name: string = 'FlowError';
  constructor(
    readonly code: string,
    message: string,
    readonly place: ErrorPlace = {},
    options?: { cause?: unknown; retryable?: boolean; details?: Json },
  ) {
    super(message, options?.cause === undefined ? undefined : { cause: options.cause });
    this.retryable = options?.retryable ?? false;
    this.details = options?.details;
  }
  /** True when another try may help (network, time-out), false when it cannot. */
  readonly retryable: boolean;
  readonly details: Json | undefined;
}

/** A definition that does not compile. `diagnostics` holds every fault found, not only the first. */
export class FlowDefinitionError extends FlowError {
  override readonly name = 'FlowDefinitionError';
  constructor(
    flow: string,
    readonly diagnostics: readonly Diagnostic[],
  ) {
    super(
      'FLOW-INVALID',
      `The flow "${flow}" cannot run:\n${diagnostics.map((d) => `  ${formatDiagnostic(d)}`).join('\n')}`,
      { flow },
    );
  }
}

/** A failure as plain JSON: what an error boundary matches, a journal stores and a page shows. */
export interface FailureData {
  /** What error boundaries match, e.g. `NoStock`, `Timeout`, `HTTP-503`. */
  readonly code: string;
  readonly message: string;
  readonly activity?: string;
  /** HTTP status or the like. */
  readonly status?: number;
  readonly retryable?: boolean;
  /** True: the spheres around it have been undone because of it. */
  readonly compensated?: boolean;
  readonly details?: Json;
}

/** Turns whatever an implementation threw into data. Reads `code`, `status`, `retryable`, `details` if they are there. */
export function toFailure(thrown: unknown, activity?: string): FailureData {
  const e = (typeof thrown === 'object' && thrown !== null ? thrown : { message: String(thrown) }) as Record<
    string,
    unknown
  >;
  const details = e['details'];
  return {
    code: typeof e['code'] === 'string' && e['code'] ? e['code'] : 'Error',
    message: typeof e['message'] === 'string' && e['message'] ? e['message'] : 'The activity failed without a message.',
    ...(activity === undefined ? {} : { activity }),
    ...(typeof e['status'] === 'number' ? { status: e['status'] } : {}),
    ...(typeof e['retryable'] === 'boolean' ? { retryable: e['retryable'] } : {}),
    ...(details === undefined ? {} : { details: JSON.parse(JSON.stringify(details)) as Json }),
  };
}
