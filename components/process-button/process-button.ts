// `<process-button>`: starts a process and lets go. The process is kept in the browser's storage and goes on by itself.
import type { PropertyDeclaration } from '../button/plain-element.js';
import { RunButton } from '../button/run-button.js';
import type { Press, RunOutcome } from '../button/press.js';

/**
 * Starts a process when pressed. Never waits for its end: a process may take weeks.
 *
 * @tag process-button
 * @attr {string} process - Name of the process.
 * @attr {"page"|"server"} environment - Where it runs: in this browser (default), or on the server that the page has configured.
 * @attr {string} business-key - Business key of the instance: JSONata over the input, such as `orderId` or `'fixed'`.
 * @attr {boolean} start-once - An instance with this key (without one: of this process) that is not over is shown instead of a second one.
 * @attr {string} open-first-task - Present: when the first task is the starter's own, its form opens in place, behind the button or its form; with a selector, in the element it names.
 * @attr {string} input - JSON, or JSONata over the form's fields, giving an object that is added to them.
 * @attr {string} form - Id of the form to read, or a selector of any element with fields; `none` for none. Default: the form around.
 * @attr {string} confirm - A question to answer before anything happens.
 * @attr {"drop"|"queue"|"replace"|"allow"} concurrency - What a press does while a start is in progress. Default `drop`.
 * @attr {boolean} disabled - Nothing can be pressed.
 * @attr {string} data-* - Added to the input by name: `data-order-id` is `orderId`.
 * @attr {string} message-started - What is said after the start. Any text can be replaced so: `message-error` …
 * @fires flow-start - Before the start; `preventDefault()` stops it. Detail `{ flow, input }`; `input` may be changed.
 * @fires flow-started - The process is stored and runs. Detail `{ instance, isNew, view }`.
 * @fires task-open - The first task has been opened. Detail `{ task, form }`.
 * @fires flow-error - It could not be started. Detail `{ error, code, diagnostics? }`.
 * @fires flow-cancel - The start was given up. Detail `{ reason }`.
 * @slot - The label, or a button of the page.
 *
 * @csspart button - The rendered button.
 * @csspart status - Busy sign and what was started.
 * @csspart spinner
 *
 * @csspart error - The failure beside the button.
 * @csspart message
 * @csspart retry
 *
 * @cssState idle
 * @cssState running
 * @cssState queued
 * @cssState succeeded
 * @cssState failed
 */
export class ProcessButton extends RunButton {
  static override readonly properties: Readonly<Record<string, PropertyDeclaration>> = {
    ...RunButton.properties,
    process: {},
    businessKey: { attribute: 'business-key' },
    startOnce: { type: Boolean, attribute: 'start-once' },
    openFirstTask: { attribute: 'open-first-task' },
  };

  declare process: string;
  declare businessKey: string | undefined;
  declare startOnce: boolean;
  declare openFirstTask: string | undefined;

  override connectedCallback(): void {
    super.connectedCallback();
    if (this.hasAttribute('screen-blocking')) warnOnce();
  }

  protected override get flowName(): string {
    return this.process ?? '';
  }

  protected override get isBlocking(): boolean {
    return false;
  }

  protected override async prepare(): Promise<(press: Press) => Promise<RunOutcome>> {
    const { startProcess } = await import('./start-process.js');
    return (press) => startProcess(this, press);
  }
}

let isWarned = false;

function warnOnce(): void {
  if (isWarned) return;
  isWarned = true;
  console.warn(
    '[millrace] A process-button never blocks; "screen-blocking" has no effect on it. For an answer to wait for, use a microflow.',
  );
}
