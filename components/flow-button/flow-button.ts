// `<flow-button>`: runs a microflow. With `screen-blocking` the page waits behind an overlay until the answer is there;
// without it the flow runs in the background while the page stays usable.
import type { PropertyDeclaration } from '../button/plain-element.js';
import { RunButton } from '../button/run-button.js';
import type { Press, RunOutcome } from '../button/press.js';

/**
 * Runs a microflow when pressed.
 *
 * Put a `<button>` of your own inside, native or of any design system, or just a label; the element then renders a button.
 * In a form it stands for the submission: native validation first, then the fields are the flow's input, and its output
 * goes back to the fields of the same name, except those edited meanwhile.
 *
 * @tag flow-button
 * @attr {string} flow - Name of the flow.
 * @attr {"page"|"server"} environment - Where it runs: in this browser (default), or on the server that the page has configured.
 * @attr {boolean} screen-blocking - Present: the page waits behind an overlay. Absent: the flow runs in the background.
 * @attr {string} input - JSON, or JSONata over the form's fields, giving an object that is added to them.
 * @attr {string} form - Id of the form to read and write, or a selector of any element with fields; `none` for none. Default: the form around.
 * @attr {string} target - Selector of elements that show the output: as text, at `data-value` places, or by a `<template>` inside.
 * @attr {string} progress - Selector of a `<progress>` that follows the flow.
 * @attr {string} confirm - A question to answer before anything happens.
 * @attr {string} timeout - ISO 8601 duration (`PT30S`) or seconds that somebody is willing to wait.
 * @attr {"fail"|"background"|"ask"} on-timeout - What happens then; the last two only with `screen-blocking`. Default `fail`.
 * @attr {"fail"|"background"|"ask"} timeout-action - The same as `on-timeout`, for frameworks that take every name beginning with `on` for an event.
 * @attr {"drop"|"queue"|"replace"|"allow"} concurrency - What a press does while a run is in progress. Default `drop`.
 * @attr {boolean} disabled - Nothing can be pressed.
 * @attr {string} data-* - Added to the input by name: `data-order-id` is `orderId`.
 * @attr {string} message-busy - What is said while it runs. Any text can be replaced so: `message-done`, `message-error`, `message-cancel` …
 * @fires flow-start - Before the run; `preventDefault()` stops it. Detail `{ flow, input }`; `input` may be changed.
 * @fires flow-progress - After every step. Detail `{ instance, view, progress }`.
 * @fires flow-complete - Detail `{ instance, output, view }`.
 * @fires flow-error - It failed or could not start. Detail `{ instance?, error, code, view?, diagnostics? }`.
 * @fires flow-cancel - Detail `{ instance?, reason, view? }`.
 * @slot - The label, or a button of the page.
 *
 * @csspart button - The rendered button.
 * @csspart status - Busy sign and notes.
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
 *
 * @cssprop --flow-button-background
 * @cssprop --flow-button-color
 * @cssprop --flow-button-border
 * @cssprop --flow-button-radius
 *
 * @cssprop --flow-button-padding
 * @cssprop --flow-error-color
 * @cssprop --flow-focus
 */
export class FlowButton extends RunButton {
  static override readonly properties: Readonly<Record<string, PropertyDeclaration>> = {
    ...RunButton.properties,
    flow: {},
    screenBlocking: { type: Boolean, attribute: 'screen-blocking', isDrawn: true },
    target: {},
    progress: {},
    timeout: {},
    onTimeout: { attribute: 'on-timeout' },
    timeoutAction: { attribute: 'timeout-action' },
  };

  declare flow: string;
  declare screenBlocking: boolean;
  declare target: string | undefined;
  declare progress: string | undefined;
  declare timeout: string | undefined;
  declare onTimeout: 'fail' | 'background' | 'ask' | undefined;
  declare timeoutAction: 'fail' | 'background' | 'ask' | undefined;

  protected override get flowName(): string {
    return this.flow ?? '';
  }

  protected override get isBlocking(): boolean {
    return this.screenBlocking;
  }

  protected override async prepare(): Promise<(press: Press) => Promise<RunOutcome>> {
    const { runMicroflow } = await import('./run-microflow.js');
    return (press) => runMicroflow(this, press);
  }
}
