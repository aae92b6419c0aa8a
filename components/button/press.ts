// One press of a button: from the click to the end of what it started.
import type { Diagnostic, InstanceHandle, InstanceView, Json, JsonObject } from '../../src/runtime/index.js';
import type { FieldSnapshot } from '../forms/read-fields.js';
import type { OverlayHold } from '../overlay/blocking-overlay.js';

export type ButtonState = 'idle' | 'running' | 'queued' | 'succeeded' | 'failed';

/** What a press does while another is in progress. */
export type Concurrency = 'drop' | 'queue' | 'replace' | 'allow';

/** Why nothing was started: a run is in progress, the button is disabled, a field is invalid, a listener or the person said no. */
export type DropReason = 'busy' | 'disabled' | 'invalid' | 'prevented' | 'declined' | 'removed';

export interface RunFailure {
  readonly code: string;
  /** For developers: what, where, what to do. */
  readonly message: string;
  /** For people, in their language. */
  readonly text: string;
  readonly activity?: string;
  readonly status?: number;
  /** Fields that the flow refused, with the reason. */
  readonly fields?: Readonly<Record<string, string>>;
  readonly details?: Json;
  /** Every fault of a flow that does not compile. */
  readonly diagnostics?: readonly Diagnostic[];
  readonly canRetry: boolean;
  readonly cause?: unknown;
}

/** What stands beside the button. */
export interface ButtonNote {
  readonly text: string;
  readonly failure?: RunFailure;
  /** Said, but not shown. */
  readonly isSilent?: boolean;
  /** Label of the button that tries again. */
  readonly retry?: string;
}

/** How a press ended. A process button's ends with `started`. */
export type RunOutcome =
  | { readonly status: 'dropped'; readonly reason: DropReason; readonly instance?: undefined }
  | { readonly status: 'completed'; readonly instance: InstanceHandle; readonly output: JsonObject }
  | { readonly status: 'started'; readonly instance: InstanceHandle; readonly isNew: boolean }
  | { readonly status: 'failed'; readonly instance?: InstanceHandle; readonly error: RunFailure }
  | { readonly status: 'cancelled'; readonly instance?: InstanceHandle; readonly reason?: string };

export class Press {
  /** Becomes the id of the instance, so that a repeated start is the same start. */
  id: string | undefined;
  readonly #controller = new AbortController();
  hold: OverlayHold | undefined;
  instance: InstanceHandle | undefined;
  input: JsonObject | undefined;
  isQueued = false;
  /** It is in the list of what runs in the background, where it can be tried again when the button has gone on. */
  isListed = false;
  /** The form has been reset since: what it holds now is not what this was about, and nothing is written into it. */
  isOfBefore = false;
  /** What stands beside the button when the press has ended. */
  note: ButtonNote | undefined;
  /** What the button is in when the press has ended. */
  state: ButtonState = 'idle';
  /** Ends with the press. */
  readonly ended: Promise<void>;
  end: () => void = () => {};

  constructor(
    readonly fields: FieldSnapshot,
    /** The form's fields and `data-*`; listeners of `flow-start` may change them. */
    readonly collected: Record<string, Json>,
    /** What `run(input)` was given. */
    readonly given: JsonObject | undefined,
    /** The press that failed and is tried again. */
    readonly previous?: Press,
  ) {
    // A start that has failed is repeated under its own name; whatever has started makes way for a new one.
    if (previous && !previous.instance) this.id = previous.id;
    this.hold = previous?.hold;
    this.ended = new Promise((resolve) => (this.end = resolve));
  }

  /** Aborted by a request to cancel; the reason is a text. */
  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  get view(): InstanceView | undefined {
    return this.instance?.view;
  }

  cancel(reason: string): void {
    this.#controller.abort(reason);
  }
}
