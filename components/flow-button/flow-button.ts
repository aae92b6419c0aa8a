// `<flow-button>`: runs a microflow. With `screen-blocking` the page waits behind an overlay until the answer is there;
// without it the flow runs in the background while the page stays usable.
import type { PropertyDeclarations } from '@lit/reactive-element';
import type { InstanceHandle, InstanceView, JsonObject } from '../../src/runtime/index.js';
import { snapshotForm, writeForm } from '../forms/form-input.js';
import { showOutput } from '../forms/target.js';
import { text } from './button-texts.js';
import type { Blocking } from '../overlay/blocking-overlay.js';
import { closeShell, openShell } from '../overlay/overlay-shell.js';
import { failureOf, RunButton, type Ending } from './run-button.js';

type Overlay = typeof import('../overlay/blocking-overlay.js');
let overlayModule: Overlay | undefined;

/** Only blocking buttons pay for the overlay; they load it before the first click. */
async function loadOverlay(): Promise<Overlay> {
  try {
    return (overlayModule ??= await import('../overlay/blocking-overlay.js'));
  } catch (error) {
    // A page must not stay blocked because a part of it could not be loaded.
    closeShell();
    throw error;
  }
}

/**
 * Runs a flow on click.
 *
 * @tag flow-button
 * @attr {string} flow - Name of the flow.
 * @attr {boolean} screen-blocking - Present: the page waits behind an overlay. Absent: the flow runs in the background.
 * @attr {string} input - JSON, or JSONata over the form's fields; added to them.
 * @attr {string} form - Id of the form to read and write, when it is not the one around the button; `none` for no form.
 * @attr {string} target - Selector of an element that shows the output as text, or by the `<template>` in it.
 * @attr {string} confirm - A question to answer first.
 * @attr {string} timeout - ISO 8601 duration or seconds after which the run is given up.
 * @attr {"fail"|"background"} on-timeout - What the time-out of a blocking run means. Default `fail`.
 * @attr {"drop"|"queue"|"replace"|"allow"} concurrency - What a click does while a run is in progress. Default `drop`.
 * @attr {boolean} disabled
 * @attr {string} message-busy - Text of the overlay. @attr {string} message-done - Text after success. @attr {string} message-error - Text after failure.
 * @fires flow-start - Before the run; `preventDefault()` stops it. Detail `{ flow, input }`.
 * @fires flow-progress - After every step. Detail `{ instance, view }`.
 * @fires flow-complete - Detail `{ instance, output, view }`.
 * @fires flow-error - Detail `{ instance?, error, code, view?, diagnostics? }`.
 * @fires flow-cancel - Detail `{ instance, view }`.
 * @slot - The label, or a button of any design system.
 * @cssState idle @cssState running @cssState queued @cssState succeeded @cssState failed
 * @cssprop --flow-button-background @cssprop --flow-button-color @cssprop --flow-button-radius @cssprop --flow-button-padding
 */
export class FlowButton extends RunButton {
  static override properties: PropertyDeclarations = {
    ...RunButton.properties,
    flow: {},
    screenBlocking: { type: Boolean, attribute: 'screen-blocking' },
    target: {},
    timeout: {},
    onTimeout: { attribute: 'on-timeout' },
    messageBusy: { attribute: 'message-busy' },
    messageDone: { attribute: 'message-done' },
    messageError: { attribute: 'message-error' },
  };

  declare flow: string;
  declare screenBlocking: boolean;
  declare target: string | undefined;
  declare timeout: string | undefined;
  declare onTimeout: 'fail' | 'background' | undefined;
  declare messageBusy: string | undefined;
  declare messageDone: string | undefined;
  declare messageError: string | undefined;

  protected override get flowName(): string {
    return this.flow ?? '';
  }

  protected override updated(): void {
    super.updated();
    if (this.screenBlocking) loadOverlay().catch(() => {});
  }

  /** Ready to block within the click's own task. */
  protected override async getUpdateComplete(): Promise<boolean> {
    const done = await super.getUpdateComplete();
    if (this.screenBlocking) await loadOverlay();
    return done;
  }

  protected override async execute(input: JsonObject): Promise<Ending> {
    const form = this.formElement;
    const before = form && snapshotForm(form);
    let instance: InstanceHandle | undefined;
    let cancelled = false;
    const cancel = (): void => {
      cancelled = true;
      overlay?.update({ cancelling: true });
      void instance?.cancel();
    };
    // The page is inert from here on, whether or not the overlay's contents have been loaded.
    if (this.screenBlocking) openShell();
    const blocker = this.screenBlocking ? (overlayModule ?? (await loadOverlay())) : undefined;
    const overlay = blocker
      ? blocker.block({
          title: this.button?.textContent?.trim() || this.flow,
          cancel,
          ...(this.onTimeout === 'background' ? { toBackground: () => void overlay?.release() } : {}),
        })
      : undefined;
    if (this.messageBusy) overlay?.update({ message: this.messageBusy });
    this.addEventListener('millrace-cancel', cancel);
    const stops: (() => void)[] = [() => this.removeEventListener('millrace-cancel', cancel)];
    try {
      const started = await this.start(input);
      instance = started;
      if (cancelled) void started.cancel();
      this.#progress(started, started.view, overlay);
      stops.push(started.watch((view) => this.#progress(started, view, overlay)));
      const late = this.#deadline(started, overlay);
      const view = await Promise.race([started.done, late.passed]);
      late.clear();
      for (const stop of stops.splice(0)) stop();
      await overlay?.release();
      return this.#ended(started, view, form, before);
    } finally {
      for (const stop of stops) stop();
      await overlay?.release();
    }
  }

  #progress(instance: InstanceHandle, view: InstanceView, overlay: Blocking | undefined): void {
    this.announce('flow-progress', { instance, view });
    const running = Object.entries(view.activities).find(([, a]) => a.state === 'running')?.[0];
    overlay?.update({
      progress: view.progress,
      ...(this.messageBusy || running === undefined ? {} : { message: text(this, 'workingOn', { activity: running }) }),
    });
  }

  /** Gives the run up when `timeout` has passed, or sends it to the background. */
  #deadline(
    instance: InstanceHandle,
    overlay: Blocking | undefined,
  ): { passed: Promise<InstanceView>; clear: () => void } {
    const limit = milliseconds(this.timeout);
    if (limit === undefined) return { passed: new Promise(() => {}), clear: () => {} };
    let timer: ReturnType<typeof setTimeout>;
    const passed = new Promise<InstanceView>((resolve) => {
      timer = setTimeout(() => {
        if (this.onTimeout === 'background' && overlay) {
          void overlay.release();
          return;
        }
        void instance.cancel(text(this, 'timeout'));
        const failure = { code: 'Timeout', message: text(this, 'timeout') };
        resolve({ ...instance.view, status: 'failed', failure });
      }, limit);
    });
    return { passed, clear: () => clearTimeout(timer) };
  }

  #ended(
    instance: InstanceHandle,
    view: InstanceView,
    form: HTMLFormElement | undefined,
    before: ReadonlyMap<string, string> | undefined,
  ): Ending {
    if (view.status === 'completed') {
      const output = view.output ?? {};
      if (form && before) writeForm(form, output, before);
      const target = this.target && (this.getRootNode() as Document | ShadowRoot).querySelector(this.target);
      if (target) showOutput(target, output);
      const tell = (): void => {
        this.note(this.messageDone ?? '');
        this.announce('flow-complete', { instance, output, view });
      };
      return { outcome: { instance, status: 'completed', output }, tell };
    }
    if (view.status === 'cancelled') {
      const tell = (): void => {
        this.note(text(this, 'cancelled'));
        this.announce('flow-cancel', { instance, view });
      };
      return { outcome: { instance, status: 'cancelled' }, tell };
    }
    const error = failureOf(view);
    const tell = (): void => {
      const message = this.messageError ?? `${text(this, 'failed')} ${error.message}`.trim();
      this.note(message, 'alert', () => void this.run());
      this.announce('flow-error', { instance, error, code: error.code, view });
    };
    return { outcome: { instance, status: 'failed', error }, tell };
  }
}

/** `PT5S`, or a number of seconds. */
function milliseconds(timeout: string | undefined): number | undefined {
  if (!timeout) return undefined;
  const parts = /^PT(?:(\d+)M)?(?:([\d.]+)S)?$/.exec(timeout);
  const ms = parts ? Number(parts[1] ?? 0) * 60_000 + Number(parts[2] ?? 0) * 1000 : Number(timeout) * 1000;
  return Number.isFinite(ms) && ms > 0 ? ms : undefined;
}
