// What `flow-button` and `process-button` share: the real button, input from form and attributes, native validation,
// concurrency, and the states that follow from the presses in progress. What happens between a press and its end is loaded
// when somebody is about to press.
import type { JsonObject } from '../../src/runtime/index.js';
import { readFields } from '../forms/read-fields.js';
import { block } from '../overlay/blocking-overlay.js';
import type { NotePlace } from './note-place.js';
import { alertSaying, isConfirmed, notLoaded } from './offline.js';
import { fieldsAround, isFilledIn, needsStandIn, ownButton } from './own-button.js';
import { PlainElement, textOf, write, type PropertyDeclaration } from './plain-element.js';
import { Press, type ButtonNote, type ButtonState, type DropReason, type RunOutcome } from './press.js';
import { Shell } from './shell.js';
import { comesBack, enter } from './surroundings.js';
import { Trigger, type TriggerTarget } from './trigger.js';

/** Most buttons of a page are never pressed. */
const NONE: readonly Press[] = [];

export abstract class RunButton extends PlainElement implements TriggerTarget {
  static readonly formAssociated = true;
  static override readonly properties: Readonly<Record<string, PropertyDeclaration>> = {
    input: {},
    form: { isDrawn: true },
    confirm: {},
    concurrency: { isDrawn: true },
    environment: {},
    disabled: { type: Boolean, isDrawn: true },
  };

  declare form: string | undefined;
  declare confirm: string | undefined;
  declare environment: 'page' | 'server' | undefined;
  declare disabled: boolean;
  /** @internal Where the note is shown, from the first press on. */
  notePlace: NotePlace | undefined;
  /** @internal Takes the messages away from fields that a flow has refused. */
  clearFaults: (() => void) | undefined;

  #state: ButtonState = 'idle';
  readonly #internals: ElementInternals;
  #presses: readonly Press[] = NONE;
  #last: Press | undefined;
  #own: HTMLElement | undefined;
  #shell: Shell | undefined;
  #isFormDisabled = false;
  /** What CSS sees as `:state()`. */
  #told: ButtonState | undefined;
  #isDisabledByUs = false;
  #isMarkedByUs = false;
  #isPrepared = false;
  #input: JsonObject | undefined;
  #note: ButtonNote | undefined;
  /** Made with the first click, or in a form. */
  #trigger: Trigger | undefined;

  constructor() {
    super();
    this.#internals = this.attachInternals();
  }

  // -- for the elements that build on this -------------------------------------------------------------------------------

  /** Name of the flow. */
  protected abstract readonly flowName: string;
  /** Whether the page waits for the end of a press. */
  protected abstract readonly isBlocking: boolean;
  /** Loads what a press needs. */
  protected abstract prepare(): Promise<(press: Press) => Promise<RunOutcome>>;

  // -- what can be set -------------------------------------------------------------------------------------------------------

  /** JSON or JSONata as the attribute has it, or an object. */
  get input(): string | JsonObject | undefined {
    return this.#input ?? textOf(this, 'input');
  }

  set input(value: string | JsonObject | undefined) {
    this.#input = typeof value === 'object' && value !== null ? value : undefined;
    write(this, 'input', this.#input ? undefined : value);
  }

  // The choices are spelt out, because the manifest, and with it editors, know no aliases.
  get concurrency(): 'drop' | 'queue' | 'replace' | 'allow' {
    const said = textOf(this, 'concurrency');
    return said === 'queue' || said === 'replace' || said === 'allow' ? said : 'drop';
  }

  set concurrency(value: 'drop' | 'queue' | 'replace' | 'allow' | undefined) {
    write(this, 'concurrency', value);
  }

  /** @internal */
  get note(): ButtonNote | undefined {
    return this.#note;
  }

  set note(note: ButtonNote | undefined) {
    this.#note = note;
    this.requestUpdate();
  }

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
    return this.#presses.length > 0;
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
    enter(this, isRunButton);
    if (this.isShown) this.#adopt();
    else super.connectedCallback();
  }

  disconnectedCallback(): void {
    this.#trigger?.listenTo(null);
    if (!this.isBusy && !this.#last) return;
    // Moved within the page, or gone? What runs goes on, but nobody may be left in front of a blocked page.
    queueMicrotask(() => {
      if (this.isConnected) return;
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

  /** @internal A form that starts anew has nothing to say of what was; what runs goes on, but no longer writes into it. */
  formResetCallback(): void {
    this.clearFaults?.();
    for (const press of this.#presses) press.isOfBefore = true;
    if (this.isBusy) return;
    this.#forget();
    this.note = undefined;
    this.#state = 'idle';
  }

  protected override draw(): void {
    this.#adopt();
    if (!this.#own || this.#shell) this.attachShell();
    this.notePlace?.show(this.isBusy, this.note);
    this.#mark();
  }

  /** @internal The shadow root, made when it is first needed. */
  attachShell(): ShadowRoot {
    if (this.#shell) this.#shell.render(!this.#own);
    else this.#shell = new Shell(this, !this.#own);
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
    if (!form && !this.#trigger) return;
    this.#trigger ??= new Trigger(this);
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
    if ((isOff || this.#isDisabledByUs) && 'disabled' in button) {
      button.disabled = isOff;
      this.#isDisabledByUs = isOff;
    }
    const isTaken = this.isBusy && (this.concurrency === 'drop' || this.isBlocking);
    if (isTaken !== this.#isMarkedByUs) {
      if (isTaken) button.setAttribute('aria-disabled', 'true');
      else button.removeAttribute('aria-disabled');
      if (!this.#own) button.part.toggle('busy', isTaken);
      this.#isMarkedByUs = isTaken;
    }
    // Buttons of design systems show it in their own way.
    if (this.#own?.localName.includes('-') && 'loading' in button) button.loading = this.isBusy;
  }

  #release(button: HTMLElement): void {
    if (this.#isMarkedByUs) button.removeAttribute('aria-disabled');
    if (this.#isDisabledByUs && 'disabled' in button) button.disabled = false;
    this.#isMarkedByUs = this.#isDisabledByUs = false;
  }

  /** @internal One listener object in place of many functions: a page may have a thousand buttons. */
  handleEvent(event: Event & { readonly command?: string }): void {
    if (event.type === 'command') {
      if (event.command === '--run-flow') void this.#press();
      if (event.command === '--cancel-flow') this.cancel();
      return;
    }
    this.#adopt();
    if (event.type === 'click') return (this.#trigger ??= new Trigger(this)).onClickFirst(event);
    if (this.#isPrepared || event.type === 'slotchange') return;
    // Somebody is about to press.
    this.#isPrepared = true;
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
      if (!(await isConfirmed(this, this.confirm))) return dropped('declined');
      if (this.isClosed) return dropped('busy');
    }
    return this.#begin(given, source);
  }

  /** Synchronous up to the overlay: the page must be inert within the task of the click. */
  #begin(given: JsonObject | undefined, source: HTMLElement | undefined, previous?: Press): Promise<RunOutcome> {
    const fields = readFields(source);
    const press = new Press(fields, { ...fields.values, ...(this.dataset as Record<string, string>) }, given, previous);
    const { collected: input } = press;
    if (!previous && !this.announce('flow-start', { flow: this.flowName, input }, true)) return dropped('prevented');
    const before = this.#presses;
    this.#forget(previous);
    this.#presses = [...before, press];
    comesBack(this, true);
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
      const failure = notLoaded(this, cause);
      press.note = { text: failure.text, failure };
      if (!this.notePlace) this.attachShell().append(alertSaying(failure.text));
      press.state = 'failed';
      return { status: 'failed', error: failure };
    } finally {
      this.#presses = this.#presses.filter((other) => other !== press);
      comesBack(this, this.isBusy);
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
    const presses = this.#presses;
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

function isRunButton(target: EventTarget | null | undefined): target is RunButton {
  return target instanceof RunButton;
}

function customEvent(type: string, detail: object, cancelable: boolean): CustomEvent {
  return new CustomEvent(type, { detail, bubbles: true, composed: true, cancelable });
}

async function dropped(reason: DropReason): Promise<RunOutcome> {
  return { status: 'dropped', reason };
}
