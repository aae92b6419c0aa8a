// What `flow-button` and `process-button` share: the real button, input from form and attributes, native validation,
// concurrency, and the states that follow from the presses in progress. What happens between a press and its end is loaded
// when somebody is about to press.
import { ReactiveElement, type PropertyDeclarations, type PropertyValues } from '@lit/reactive-element';
import type { JsonObject } from '../../src/runtime/index.js';
import { readFields } from '../forms/read-fields.js';
import { block } from '../overlay/blocking-overlay.js';
import type { NotePlace } from './note-place.js';
import { fieldsAround, isFilledIn, needsStandIn, ownButton } from './own-button.js';
import {
  Press,
  type ButtonNote,
  type ButtonState,
  type DropReason,
  type RunFailure,
  type RunOutcome,
} from './press.js';
import { Shell } from './shell.js';
import { Trigger, type TriggerTarget } from './trigger.js';

/** What a press does while another is in progress. */
export type Concurrency = RunButton['concurrency'];

export abstract class RunButton extends ReactiveElement implements TriggerTarget {
  static readonly formAssociated = true;
  static override properties: PropertyDeclarations = {
    input: {},
    form: { reflect: true },
    confirm: {},
    concurrency: {},
    environment: {},
    disabled: { type: Boolean, reflect: true },
    note: { state: true, attribute: false },
  };

  declare input: string | JsonObject | undefined;
  declare form: string | undefined;
  declare confirm: string | undefined;
  // The choices are spelt out, because the manifest, and with it editors, know no aliases.
  declare concurrency: 'drop' | 'queue' | 'replace' | 'allow';
  declare environment: 'page' | 'server' | undefined;
  declare disabled: boolean;
  /** @internal */
  declare note: ButtonNote | undefined;
  /** @internal Where the note is shown, from the first press on. */
  notePlace: NotePlace | undefined;
  /** @internal Takes the messages away from fields that a flow has refused. */
  clearFaults: (() => void) | undefined;

  #state: ButtonState = 'idle';
  readonly #internals: ElementInternals;
  readonly #presses = new Set<Press>();
  #last: Press | undefined;
  #own: HTMLElement | undefined;
  #shell: Shell | undefined;
  #isFormDisabled = false;
  /** What CSS sees as `:state()`. */
  #told: ButtonState | undefined;
  #isDisabledByUs = false;
  #isMarkedByUs = false;
  readonly #trigger: Trigger;

  constructor() {
    super();
    this.#internals = this.attachInternals();
    this.concurrency = 'drop';
    this.disabled = false;
    this.#trigger = new Trigger(this);
    for (const type of ['command', 'pointerenter', 'focusin']) this.addEventListener(type, this);
  }

  // -- for the elements that build on this -------------------------------------------------------------------------------

  /** Name of the flow. */
  protected abstract readonly flowName: string;
  /** Whether the page waits for the end of a press. */
  protected abstract readonly isBlocking: boolean;
  /** Loads what a press needs. */
  protected abstract prepare(): Promise<(press: Press) => Promise<RunOutcome>>;

  // -- for pages -----------------------------------------------------------------------------------------------------------

  /**
   * Does what a press does: native validation, `confirm`, `flow-start`, the flow. `input` is added to what the form holds.
   * Resolves when the flow has ended (a process: has started); failing resolves too, with `status: "failed"`.
   */
  run(input?: JsonObject): Promise<RunOutcome> {
    return this.#press(input);
  }

  /** Asks every flow in progress to stop. */
  cancel(reason = 'Cancelled on request.'): void {
    for (const press of this.#presses) press.cancel(reason);
  }

  /** The button that people press: the page's own, or the rendered one. */
  get button(): HTMLElement | undefined {
    return this.#own ?? this.#shell?.button;
  }

  /** Form or element whose fields are read and written. */
  get fieldSource(): HTMLElement | undefined {
    return fieldsAround(this, this.#internals.form);
  }

  /** Also there for CSS as `:state(running)` and the like. */
  get state(): ButtonState {
    return this.#state;
  }

  get isBusy(): boolean {
    return this.#presses.size > 0;
  }

  get #isOff(): boolean {
    return this.disabled || this.#isFormDisabled;
  }

  /** What the button says. */
  get labelText(): string {
    const labelled = this.#own ?? this;
    return labelled.getAttribute('aria-label') ?? labelled.textContent!.trim();
  }

  /** @internal */
  get ownButton(): HTMLElement | undefined {
    return this.#own;
  }

  /** @internal */
  get isClosed(): boolean {
    return this.#isOff || (this.isBusy && this.concurrency === 'drop');
  }

  /** @internal */
  pressed(isValid: boolean): void {
    void this.#press(undefined, isValid);
  }

  override focus(options?: FocusOptions): void {
    this.button?.focus(options);
  }

  // -- life ------------------------------------------------------------------------------------------------------------------

  override connectedCallback(): void {
    super.connectedCallback();
    this.#adopt();
    whenShownAgain(this);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    shown.delete(this);
    this.#trigger.listenTo(null);
    // Moved within the page, or gone? What runs goes on, but nobody may be left in front of a blocked page.
    queueMicrotask(() => {
      if (this.isConnected) return this.#adopt();
      for (const press of this.#presses) void press.hold?.release();
      this.#forget();
      for (const press of this.#presses) if (press.isQueued) press.cancel('The button has been removed.');
    });
  }

  /** @internal The form's owner calls it, also when the element moves. */
  formAssociatedCallback(): void {
    this.#adopt();
  }

  /** @internal Also called for a disabled fieldset around it. */
  formDisabledCallback(isDisabled: boolean): void {
    this.#isFormDisabled = isDisabled;
    this.requestUpdate();
  }

  protected override willUpdate(): void {
    if (this.hasUpdated) this.#adopt();
  }

  protected override update(changed: PropertyValues): void {
    super.update(changed);
    if (!this.#own || this.#shell) this.attachShell();
    this.notePlace?.show(this.isBusy, this.note);
    this.#mark();
  }

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  /** @internal The shadow root, made when it is first needed. */
  attachShell(): ShadowRoot {
    this.#shell ??= new Shell(this, !this.#own);
    this.#shell.render(!this.#own);
    return this.#shell.root;
  }

  // -- the button ------------------------------------------------------------------------------------------------------------

  #adopt(): void {
    const own = ownButton(this);
    if (own !== this.#own) {
      if (this.#own) this.#release(this.#own);
      this.#own = own;
      this.requestUpdate();
    }
    const { form } = this.#internals;
    this.#trigger.listenTo(this.isConnected ? form : null);
    this.#trigger.standIn(form !== null && needsStandIn(own), this.form);
  }

  /** Busy and disabled, on whatever button there is. A busy one keeps the focus, so it is never natively disabled. */
  #mark(): void {
    if (this.#told !== this.#state) {
      if (this.#told) this.#internals.states?.delete(this.#told);
      this.#internals.states?.add((this.#told = this.#state));
    }
    const { button } = this;
    if (!button) return;
    const isOff = this.#isOff;
    if ('disabled' in button && (isOff || this.#isDisabledByUs)) {
      button.disabled = isOff;
      this.#isDisabledByUs = isOff;
    }
    const isTaken = this.isBusy && (this.concurrency === 'drop' || this.isBlocking);
    if (isTaken) button.setAttribute('aria-disabled', 'true');
    else if (this.#isMarkedByUs) button.removeAttribute('aria-disabled');
    this.#isMarkedByUs = isTaken;
    // Buttons of design systems show it in their own way.
    if (button.localName.includes('-') && 'loading' in button) button.loading = this.isBusy;
  }

  #release(button: HTMLElement): void {
    if (this.#isMarkedByUs) button.removeAttribute('aria-disabled');
    if (this.#isDisabledByUs && 'disabled' in button) button.disabled = false;
    this.#isMarkedByUs = this.#isDisabledByUs = false;
  }

  /** @internal One listener object in place of many functions: a page may have a thousand buttons. */
  handleEvent(event: Event & { readonly command?: string }): void {
    if (event.type === 'slotchange') return this.#adopt();
    if (event.type === 'command') {
      if (event.command === '--run-flow') void this.#press();
      if (event.command === '--cancel-flow') this.cancel();
      return;
    }
    // Somebody is about to press.
    for (const type of ['pointerenter', 'focusin']) this.removeEventListener(type, this);
    void this.prepare().catch(() => {});
  }

  /** @internal The page is back from the back/forward cache: what runs may have gone on elsewhere. */
  refresh(): void {
    for (const { instance } of this.#presses) void instance?.refresh().catch(() => {});
  }

  // -- a press -----------------------------------------------------------------------------------------------------------------

  async #press(given?: JsonObject, isValid = false): Promise<RunOutcome> {
    if (this.#isOff) return dropped('disabled');
    if (this.isBusy && this.concurrency === 'drop') return dropped('busy');
    this.clearFaults?.();
    const source = this.fieldSource;
    if (!isValid && !isFilledIn(source)) return dropped('invalid');
    if (this.confirm) {
      if (!(await this.#isConfirmed(this.confirm))) return dropped('declined');
      if (this.isClosed) return dropped('busy');
    }
    return this.#begin(given, source);
  }

  async #isConfirmed(question: string): Promise<boolean> {
    const words = await import('../overlay/ask.js').catch(() => undefined);
    // Offline the browser's own question will do.
    return words ? words.ask(this, question) : globalThis.confirm(question);
  }

  /** Synchronous up to the overlay: the page must be inert within the task of the click. */
  #begin(given: JsonObject | undefined, source: HTMLElement | undefined, previous?: Press): Promise<RunOutcome> {
    const fields = readFields(source);
    const press = new Press(fields, { ...fields.values, ...(this.dataset as Record<string, string>) }, given, previous);
    const { collected: input } = press;
    if (!previous && !this.announce('flow-start', { flow: this.flowName, input }, true)) return dropped('prevented');
    const before = [...this.#presses];
    this.#forget(previous);
    this.#presses.add(press);
    if (this.isBlocking) press.hold ??= block(this.button);
    if (this.concurrency === 'replace') for (const earlier of before) earlier.cancel('Replaced by a later press.');
    press.isQueued = this.concurrency !== 'allow' && before.length > 0;
    this.note = undefined;
    this.shadowRoot?.querySelector('p')?.remove();
    this.#derive();
    return this.#follow(press, before);
  }

  /** @internal Tries the last press again: from the failed activity when the input is still the same, else anew. */
  retry(failed: Press | undefined = this.#last): Promise<RunOutcome> {
    const last = this.#last;
    const source = this.fieldSource;
    if (!last || failed !== last || this.isBusy) return dropped('busy');
    this.clearFaults?.();
    return isFilledIn(source) ? this.#begin(last.given, source, last) : dropped('invalid');
  }

  async #follow(press: Press, before: readonly Press[]): Promise<RunOutcome> {
    let tell: () => void = () => {};
    try {
      const { conduct } = await import('./conduct.js');
      const end = await conduct(
        this,
        press,
        before,
        () => this.prepare(),
        () => this.#derive(),
      );
      tell = end.tell;
      return end.outcome;
    } catch (cause) {
      // Not even the words for it could be loaded: the page is offline.
      void press.hold?.release();
      const message =
        this.getAttribute('message-not-loaded') ?? 'This could not be loaded. Check the connection and try again.';
      const failure: RunFailure = {
        code: 'FLOW-NOT-LOADED',
        message: String(cause),
        text: message,
        canRetry: true,
        cause,
      };
      press.note = { text: message, failure };
      if (!this.notePlace)
        this.attachShell().append(Object.assign(document.createElement('p'), { role: 'alert', textContent: message }));
      press.state = 'failed';
      return { status: 'failed', error: failure };
    } finally {
      this.#presses.delete(press);
      if (press.state === 'failed') this.#last = press;
      this.#state = press.state;
      this.note = press.note;
      press.end();
      this.#derive();
      // The button is free before the page hears of the end, so that a listener may press again.
      tell();
    }
  }

  /** Nobody can try the failed press again: its incident is over too, and the overlay need not show it any longer. */
  #forget(except?: Press): void {
    const last = this.#last;
    this.#last = undefined;
    if (!last || last === except) return;
    void last.hold?.release();
    if (last.view?.status === 'failed' && last.view.kind === 'microflow' && !last.isListed)
      void last.instance?.cancel('Given up.').catch(() => {});
  }

  #derive(): void {
    const presses = [...this.#presses];
    const isRunning = presses.some((p) => !p.isQueued);
    const isWaiting = presses.some((p) => p.isQueued);
    const ended = this.#state === 'running' || this.#state === 'queued' ? 'idle' : this.#state;
    this.#state = isWaiting && this.concurrency === 'queue' ? 'queued' : isRunning || isWaiting ? 'running' : ended;
    this.requestUpdate();
    // At once, not with the next rendering: the next click may come before it.
    this.#mark();
  }

  /** @internal False: a listener has prevented it. */
  announce(type: string, detail: object, cancelable = false): boolean {
    return this.dispatchEvent(customEvent(type, detail, cancelable));
  }
}

/** Buttons in the document. One listener for all: a window with a thousand of its own finds none quickly. */
const shown = new Set<RunButton>();
let isListening = false;

function whenShownAgain(button: RunButton): void {
  if (!isListening)
    addEventListener('pageshow', ({ persisted }) => {
      if (persisted) for (const one of shown) one.refresh();
    });
  isListening = true;
  shown.add(button);
}

function customEvent(type: string, detail: object, cancelable: boolean): CustomEvent {
  return new CustomEvent(type, { detail, bubbles: true, composed: true, cancelable });
}

async function dropped(reason: DropReason): Promise<RunOutcome> {
  return { status: 'dropped', reason };
}
