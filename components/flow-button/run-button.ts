// What `flow-button` and `process-button` share: the real `<button>` in the light DOM, input from form and attributes,
// validation, concurrency, busy state, the note below the button. Light DOM, because only a native button in the page's
// own tree submits forms, is reached by labels and looks like the page's other buttons.
import { ReactiveElement, type PropertyDeclarations } from '@lit/reactive-element';
import { runtime, type InstanceHandle, type InstanceView, type JsonObject } from '../../src/runtime/index.js';
import { readForm } from '../forms/form-input.js';
import { text } from './button-texts.js';
import { adoptStyles, buttonStyles } from '../styles.js';
import { inputFrom } from './input-attribute.js';

export type Concurrency = 'drop' | 'queue' | 'replace' | 'allow';
export type ButtonState = 'idle' | 'running' | 'queued' | 'succeeded' | 'failed';

/** How a run ended. */
export interface RunOutcome {
  readonly instance: InstanceHandle | undefined;
  readonly status: 'completed' | 'failed' | 'cancelled' | 'started' | 'dropped';
  readonly output?: JsonObject;
  readonly error?: {
    readonly code: string;
    readonly message: string;
    readonly activity?: string;
    readonly status?: number;
  };
}

/** An outcome, and how to tell the page about it: after the button is free again. */
export interface Ending {
  readonly outcome: RunOutcome;
  readonly tell: () => void;
}

export abstract class RunButton extends ReactiveElement {
  static override properties: PropertyDeclarations = {
    input: {},
    form: {},
    confirm: {},
    concurrency: { reflect: true },
    disabled: { type: Boolean, reflect: true },
  };

  /** Input besides the form's fields: JSON, or JSONata over the fields. */
  declare input: string | JsonObject | undefined;
  /** Id or selector of the form to read. Default: the form around the button. `none`: no form. */
  declare form: string | undefined;
  /** A question to answer before anything happens. */
  declare confirm: string | undefined;
  /** What a second click does while the first runs. Default `drop`. */
  declare concurrency: Concurrency;
  declare disabled: boolean;

  protected readonly internals: ElementInternals;
  /** Runs in progress, newest last. */
  protected readonly active = new Set<object>();
  /** Clicks that wait for their turn; called with false when the element goes. */
  readonly #queue: ((goOn: boolean) => void)[] = [];
  #button: HTMLButtonElement | HTMLElement | undefined;
  #note: HTMLElement | undefined;
  #state: ButtonState = 'idle';

  constructor() {
    super();
    this.concurrency = 'drop';
    this.disabled = false;
    this.internals = this.attachInternals();
  }

  /** Name of the flow or process. */
  protected abstract get flowName(): string;
  /** Runs the flow; resolves when the button's part in it is over. */
  protected abstract execute(input: JsonObject): Promise<Ending>;

  get state(): ButtonState {
    return this.#state;
  }

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    adoptStyles(this, buttonStyles);
    this.addEventListener('click', this.#clicked);
    this.addEventListener('command', this.#commanded as EventListener);
    if (!this.#button) queueMicrotask(() => this.#adoptButton());
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.removeEventListener('click', this.#clicked);
    this.removeEventListener('command', this.#commanded as EventListener);
    for (const waiting of this.#queue.splice(0)) waiting(false);
  }

  protected override updated(): void {
    this.#reflect();
  }

  /**
   * Does what a click does, after native validation. Resolves when the run is over (a process: when it has started);
   * failures of the flow resolve too, with `status: "failed"`.
   */
  run(input?: JsonObject): Promise<RunOutcome> {
    return this.#trigger(input);
  }

  // -- the button ------------------------------------------------------------------------------------------------------

  /** The page's own button inside the element, or a new one around the element's content. */
  #adoptButton(): void {
    if (this.#button || !this.isConnected) return;
    const own = this.querySelector<HTMLElement>(
      'button, [role="button"], sl-button, wa-button, md-filled-button, [data-button]',
    );
    if (own) {
      this.#button = own;
    } else {
      const made = document.createElement('button');
      made.dataset['millrace'] = '';
      made.type = this.#formOf() ? 'submit' : 'button';
      made.append(...this.childNodes);
      this.append(made);
      this.#button = made;
    }
    this.#reflect();
  }

  get button(): HTMLElement | undefined {
    this.#adoptButton();
    return this.#button;
  }

  readonly #clicked = (event: Event): void => {
    const button = this.button;
    if (!button || !event.composedPath().includes(button)) return;
    // The form is not sent: the flow is what its submission means here.
    event.preventDefault();
    void this.#trigger();
  };

  readonly #commanded = (event: Event & { command?: string }): void => {
    if (event.command === '--run-flow') void this.#trigger();
  };

  #formOf(): HTMLFormElement | undefined {
    if (this.form === 'none') return undefined;
    if (!this.form) return this.closest('form') ?? undefined;
    const root = this.getRootNode() as Document | ShadowRoot;
    const found = root.querySelector(`#${CSS.escape(this.form.replace(/^#/, ''))}`) ?? root.querySelector(this.form);
    return found instanceof HTMLFormElement ? found : undefined;
  }

  protected get formElement(): HTMLFormElement | undefined {
    return this.#formOf();
  }

  // -- a run -----------------------------------------------------------------------------------------------------------

  async #trigger(given?: JsonObject): Promise<RunOutcome> {
    const dropped: RunOutcome = { instance: undefined, status: 'dropped' };
    if (this.disabled) return dropped;
    if (this.active.size > 0) {
      if (this.concurrency === 'drop') return dropped;
      if (this.concurrency === 'queue') {
        this.setState('queued');
        if (!(await new Promise<boolean>((resolve) => this.#queue.push(resolve)))) return dropped;
      }
      if (this.concurrency === 'replace') this.cancelActive();
    }
    const form = this.#formOf();
    if (form && !form.noValidate && !form.reportValidity()) return dropped;
    if (this.confirm && !globalThis.confirm(this.confirm)) return dropped;
    const run = {};
    this.active.add(run);
    this.note('');
    try {
      const collected = given ?? this.#collect(form);
      const input = collected instanceof Promise ? await collected : collected;
      if (!this.#announce('flow-start', { flow: this.flowName, input }, true)) {
        this.#finish(run, 'idle');
        return dropped;
      }
      this.setState('running');
      const { outcome, tell } = await this.execute(input);
      this.#finish(run, outcome.status === 'failed' ? 'failed' : outcome.status === 'cancelled' ? 'idle' : 'succeeded');
      tell();
      return outcome;
    } catch (error) {
      this.#finish(run, 'failed');
      return this.#cannotRun(error);
    }
  }

  #finish(run: object, state: ButtonState): void {
    this.active.delete(run);
    if (this.active.size > 0) return;
    const next = this.#queue.shift();
    this.setState(next ? 'queued' : state);
    next?.(true);
  }

  /** Synchronous unless the `input` attribute is an expression, so that a blocking button blocks in the click's own task. */
  #collect(form: HTMLFormElement | undefined): JsonObject | Promise<JsonObject> {
    const fields = { ...(form ? readForm(form) : {}), ...(this.dataset as JsonObject) };
    return inputFrom(this.input, fields);
  }

  /** A flow that cannot even start: unknown, not compilable, unreadable input. People get a sentence, developers the facts. */
  #cannotRun(thrown: unknown): RunOutcome {
    const error = thrown as { code?: string; message?: string; diagnostics?: unknown };
    const code = error.code ?? 'Error';
    const key =
      code === 'FLOW-INPUT-ATTRIBUTE' ? 'badInput' : code.startsWith('FLOW-STORAGE') ? 'storage' : 'invalidFlow';
    console.error(
      `[millrace] ${this.localName} "${this.flowName}": ${error.message ?? String(thrown)}`,
      error.diagnostics ?? thrown,
    );
    const failure = { code, message: error.message ?? String(thrown) };
    this.announce('flow-error', { flow: this.flowName, error: thrown, code, diagnostics: error.diagnostics });
    this.note(code === 'FLOW-INPUT' ? failure.message : text(this, key), 'alert');
    return { instance: undefined, status: 'failed', error: failure };
  }

  protected cancelActive(): void {
    this.dispatchEvent(new CustomEvent('millrace-cancel'));
  }

  // -- what people see -------------------------------------------------------------------------------------------------

  protected setState(state: ButtonState): void {
    this.internals.states?.delete(this.#state);
    this.#state = state;
    this.internals.states?.add(state);
    this.#reflect();
  }

  #reflect(): void {
    const button = this.#button;
    if (!button) return;
    const busy = this.active.size > 0;
    this.toggleAttribute('data-busy', busy);
    // `aria-disabled`, because a disabled button loses the focus.
    if (busy || this.disabled) button.setAttribute('aria-disabled', 'true');
    else button.removeAttribute('aria-disabled');
  }

  /** One line beside the button, spoken politely, or as an alert; with a retry button when `retry` is given. */
  protected note(message: string, role: 'status' | 'alert' = 'status', retry?: () => void): void {
    if (!this.#note) {
      if (message === '') return;
      this.#note = Object.assign(document.createElement('span'), { className: 'millrace-note' });
      this.append(this.#note);
    }
    this.#note.setAttribute('role', role);
    this.#note.textContent = message;
    if (!retry) return;
    const again = Object.assign(document.createElement('button'), { type: 'button', textContent: text(this, 'retry') });
    again.onclick = retry;
    this.#note.append(' ', again);
  }

  protected announce(type: string, detail: object): void {
    this.#announce(type, detail, false);
  }

  #announce(type: string, detail: object, cancelable: boolean): boolean {
    return this.dispatchEvent(new CustomEvent(type, { detail, bubbles: true, composed: true, cancelable }));
  }

  /** Starts the flow in the page's runtime. */
  protected start(input: JsonObject, options: { key?: string; once?: boolean } = {}): Promise<InstanceHandle> {
    return runtime.start(this.flowName, input, options);
  }
}

export function failureOf(view: InstanceView): NonNullable<RunOutcome['error']> {
  return view.failure ?? { code: 'Error', message: '' };
}
