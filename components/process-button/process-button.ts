// `<process-button>`: starts a process and lets go. The process is kept in the browser's storage and goes on by itself.
import type { PropertyDeclarations } from '@lit/reactive-element';
import type { JsonObject } from '../../src/runtime/index.js';
import { RunButton, type Ending } from '../flow-button/run-button.js';
import { text } from '../flow-button/button-texts.js';

/**
 * Starts a process on click.
 *
 * @tag process-button
 * @attr {string} process - Name of the process.
 * @attr {string} key - Business key of the instance.
 * @attr {boolean} once - With `key`: an instance with this key that is still running is shown instead of a second one.
 * @attr {string} input - JSON, or JSONata over the form's fields; added to them.
 * @attr {string} form - Id of the form to read, when it is not the one around the button; `none` for no form.
 * @attr {string} confirm - A question to answer first.
 * @attr {"drop"|"queue"|"replace"|"allow"} concurrency - What a click does while the start is in progress. Default `drop`.
 * @attr {boolean} disabled
 * @attr {string} message-started - Text after the start.
 * @fires flow-start - Before the start; `preventDefault()` stops it. Detail `{ flow, input }`.
 * @fires flow-started - The process is stored and running. Detail `{ instance, view }`.
 * @fires flow-error - It could not be started. Detail `{ error, code, diagnostics? }`.
 * @slot - The label, or a button of any design system.
 * @cssState idle @cssState running @cssState queued @cssState succeeded @cssState failed
 */
export class ProcessButton extends RunButton {
  static override properties: PropertyDeclarations = {
    ...RunButton.properties,
    process: {},
    key: {},
    once: { type: Boolean },
    messageStarted: { attribute: 'message-started' },
  };

  declare process: string;
  declare key: string | undefined;
  declare once: boolean;
  declare messageStarted: string | undefined;
  #warned = false;

  protected override get flowName(): string {
    return this.process ?? '';
  }

  override connectedCallback(): void {
    super.connectedCallback();
    if (!this.hasAttribute('screen-blocking') || this.#warned) return;
    this.#warned = true;
    console.warn(
      '[millrace] A process-button never blocks; "screen-blocking" has no effect on it. For an answer to wait for, use a microflow.',
    );
  }

  protected override async execute(input: JsonObject): Promise<Ending> {
    const before = Date.now();
    const instance = await this.start(input, {
      ...(this.key ? { key: this.key } : {}),
      ...(this.once ? { once: true } : {}),
    });
    const isNew = instance.view.startedAt >= before;
    const tell = (): void => {
      this.note(isNew ? (this.messageStarted ?? text(this, 'started')) : text(this, 'startedBefore'));
      this.announce('flow-started', { instance, view: instance.view });
    };
    return { outcome: { instance, status: 'started' }, tell };
  }
}
