// From a press of a `flow-button` to the end of its microflow: input, start, progress, time-out, cancel, output. Everything
// shown follows from the instance's views, so that nothing stays busy when the flow has ended in whatever way.
import type { InstanceHandle, InstanceView, JsonObject, Runtime } from '../../src/runtime/index.js';
import { assembleInput } from '../button/assemble-input.js';
import { explained, failureNote, nameOf } from '../button/explain.js';
import type { ButtonNote, Press, RunOutcome } from '../button/press.js';
import { refuseFields } from '../button/refuse-fields.js';
import { runtimeOf } from '../flow-provider/runtime-of.js';
import { showData } from '../forms/show-data.js';
import { writeFields } from '../forms/write-fields.js';
import { languageOf, text } from '../localisation.js';
import type { OverlayAction } from '../overlay/blocking-overlay.js';
import type { FlowButton } from './flow-button.js';
import { Deadline } from './deadline.js';
import { showProgress } from './show-progress.js';

export function runMicroflow(button: FlowButton, press: Press): Promise<RunOutcome> {
  return new MicroflowRun(button, press).run();
}

class MicroflowRun {
  readonly #button: FlowButton;
  readonly #press: Press;
  #isCancelling = false;
  #isTimedOut = false;
  #isAsking = false;
  /** The activities that were said last. */
  #did: string | undefined;
  #deadline: Deadline | undefined;
  #toList: () => void = () => {};

  constructor(button: FlowButton, press: Press) {
    this.#button = button;
    this.#press = press;
  }

  async run(): Promise<RunOutcome> {
    const { signal } = this.#press;
    this.#show();
    const onCancel = (): void => this.#cancel();
    signal.addEventListener('abort', onCancel);
    const deadline = new Deadline(this.#button.timeout, () => this.#late());
    this.#deadline = deadline;
    try {
      const instance = await this.#start();
      if (!instance) return await this.#ended(undefined);
      if (signal.aborted) onCancel();
      return await this.#ended(await this.#follow(instance));
    } catch (error) {
      return await (signal.aborted && !this.#press.instance ? this.#ended(undefined) : this.#failed(error));
    } finally {
      deadline.end();
      signal.removeEventListener('abort', onCancel);
      showProgress(this.#button, undefined);
    }
  }

  /** Gives nothing when it was cancelled before it started. */
  async #start(): Promise<InstanceHandle | undefined> {
    const { flow, input, environment } = this.#button;
    const press = this.#press;
    const { previous, signal } = press;
    const runtime = await runtimeOf(this.#button);
    const { definition } = await runtime.flow(flow, environment);
    press.input = await assembleInput(press, input, definition);
    if (signal.aborted) return undefined;
    const failed = previous?.instance;
    if (failed?.view.status === 'failed') {
      // With the same input only what failed is done again; with another one everything is.
      if (JSON.stringify(previous?.input) === JSON.stringify(press.input)) {
        press.instance = failed;
        await failed.retry();
        this.#list(runtime);
        return failed;
      }
      void failed.cancel('Started anew with other input.').catch(() => {});
      runtime.background.remove(failed.id);
    }
    press.instance = await runtime.start(flow, press.input, {
      ...(press.id === undefined ? {} : { id: press.id }),
      kind: 'microflow',
      ...(environment ? { environment } : {}),
      signal,
    });
    this.#list(runtime);
    return press.instance;
  }

  /** What nobody waits for is listed by `<flow-activity>`. */
  #list(runtime: Runtime): void {
    const button = this.#button;
    const press = this.#press;
    const { instance } = press;
    this.#toList = () => {
      press.isListed = true;
      const { environment = instance!.definition.environment ?? 'page' } = button;
      const isTold = (): boolean => button.isConnected;
      runtime.background.add({ instance: instance!, label: this.#title(), environment, retry, isTold });
    };
    const retry = async (): Promise<void> => {
      const outcome = await button.retry(press);
      // The button has gone on to something else.
      if (outcome.status === 'dropped' && outcome.reason === 'busy') await instance!.retry();
    };
    if (!press.hold) this.#toList();
  }

  async #follow(instance: InstanceHandle): Promise<InstanceView> {
    this.#step(instance.view);
    const stop = instance.watch((view) => this.#step(view));
    try {
      return await instance.done;
    } finally {
      stop();
    }
  }

  #step(view: InstanceView): void {
    showProgress(this.#button, view.progress);
    this.#show(view);
    if (view.endedAt !== undefined || view.status === 'failed') return;
    this.#button.announce('flow-progress', { instance: this.#press.instance, view, progress: view.progress });
  }

  // -- its end -----------------------------------------------------------------------------------------------------------

  async #ended(view: InstanceView | undefined): Promise<RunOutcome> {
    const { instance, signal } = this.#press;
    if (this.#isTimedOut && view?.status !== 'completed') {
      return this.#failed({ code: 'Timeout', message: this.#text('timeout') });
    }
    if (!view || !instance || view.status === 'cancelled') {
      this.#press.note = { text: this.#text('cancelled') };
      const reason = signal.reason as string | undefined;
      return { status: 'cancelled', ...(instance ? { instance } : {}), ...(reason === undefined ? {} : { reason }) };
    }
    if (view.status === 'failed') return this.#failed({ ...(view.failure ?? { code: 'Error', message: '' }) });
    const output = view.output ?? {};
    if (this.#button.isConnected) this.#deliver(output);
    this.#press.note = this.#doneNote();
    return { status: 'completed', instance, output };
  }

  /** Who is elsewhere in the page by then hears what it was that is done. */
  #doneNote(): ButtonNote {
    if (this.#button.hasAttribute('message-done')) return { text: this.#text('done') };
    const parts = { flow: this.#title(), state: this.#text('state-completed') };
    return { text: this.#press.hold ? this.#text('done') : this.#text('is-over', parts), isSilent: true };
  }

  #deliver(output: JsonObject): void {
    const { fieldSource, target } = this.#button;
    const { fields, isOfBefore } = this.#press;
    if (fieldSource && !isOfBefore) writeFields(fieldSource, output, fields);
    if (!target) return;
    const root = this.#button.getRootNode() as Document | ShadowRoot;
    const found = [...root.querySelectorAll(target)];
    for (const element of found.length > 0 ? found : document.querySelectorAll(target)) showData(element, output);
  }

  async #failed(thrown: unknown): Promise<RunOutcome> {
    const button = this.#button;
    const press = this.#press;
    const { instance } = press;
    const error = explained(button, thrown, press);
    const source = button.fieldSource;
    if (error.fields && source && !press.isOfBefore) {
      // The page must be usable for the browser to show the message at the field.
      await press.hold?.release();
      press.hold = undefined;
      button.clearFaults = refuseFields(source, error.fields);
    }
    const note = failureNote(button, error);
    const { retry } = note;
    press.note = note;
    this.#ask(error.text, [
      ...(retry === undefined ? [] : [{ label: retry, run: () => void button.retry(), primary: true }]),
      { label: this.#text('close'), run: () => this.#unblock() },
    ]);
    return { status: 'failed', error, ...(instance ? { instance } : {}) };
  }

  // -- while it runs -----------------------------------------------------------------------------------------------------

  #cancel(): void {
    this.#isCancelling = true;
    this.#isAsking = false;
    const { instance, signal } = this.#press;
    if (instance) void instance.cancel(signal.reason as string).catch(() => {});
    this.#show();
  }

  get #onTimeout(): FlowButton['onTimeout'] {
    return this.#button.onTimeout ?? this.#button.timeoutAction;
  }

  #late(): void {
    const onTimeout = this.#onTimeout;
    const { hold } = this.#press;
    if (this.#isCancelling) return;
    if (onTimeout === 'background' && hold) return this.#toBackground();
    if (onTimeout === 'ask' && hold) {
      this.#isAsking = true;
      return this.#ask(this.#text('still-waiting'), [
        { label: this.#text('wait'), run: () => this.#wait(), primary: true },
        { label: this.#text('background'), run: () => this.#toBackground() },
        { label: this.#text('cancel'), run: () => this.#press.cancel('Cancelled after the time-out.') },
      ]);
    }
    this.#isTimedOut = true;
    this.#press.cancel('There was no answer in time.');
  }

  #wait(): void {
    this.#isAsking = false;
    this.#deadline?.restart();
    this.#show();
  }

  /** The same run goes on; only the page stops waiting for it. */
  #toBackground(): void {
    this.#unblock();
    this.#toList();
    this.#show();
  }

  #unblock(): void {
    void this.#press.hold?.release();
    this.#press.hold = undefined;
  }

  #show(view: InstanceView | undefined = this.#press.view): void {
    const { hold } = this.#press;
    if (!hold) return this.#showBeside();
    if (this.#isAsking) return;
    const actions: OverlayAction[] = [
      {
        label: this.#text('cancel'),
        run: () => this.#press.cancel('Cancelled by the person.'),
        disabled: this.#isCancelling,
      },
    ];
    if (this.#onTimeout === 'background')
      actions.push({ label: this.#text('background'), run: () => this.#toBackground() });
    const progress = view?.progress;
    hold.update({
      language: languageOf(this.#button),
      title: this.#title(),
      message: this.#isCancelling ? this.#text('cancelling') : this.#doing(view),
      actions,
      needsAnswer: false,
      escape: () => this.#press.cancel('Cancelled by the person.'),
      ...(progress ? { progress: { ...progress, text: this.#text('progress', { ...progress }) } } : {}),
    });
  }

  /** Said once; a run in the background does not talk about every activity. */
  #showBeside(): void {
    const { screenBlocking } = this.#button;
    const key = this.#isCancelling ? 'cancelling' : screenBlocking ? 'in-background' : 'busy';
    const isShown = this.#isCancelling || screenBlocking || this.#button.hasAttribute('message-busy');
    if (this.#button.note?.text !== this.#text(key)) this.#button.note = { text: this.#text(key), isSilent: !isShown };
  }

  /** What is happening, in words. */
  #doing(view: InstanceView | undefined): string {
    if (this.#button.hasAttribute('message-busy')) return this.#text('busy');
    const running = Object.entries(view?.activities ?? {}).filter(([, a]) => a.state === 'running');
    // Between two activities, and after the last one, there is no news.
    if (running.length === 0) return this.#did ?? this.#text('busy');
    const names = running.map(([id]) => nameOf(this.#press.instance?.definition, id));
    return (this.#did = this.#text('busy-activity', { activity: names.join(' · ') }));
  }

  #ask(message: string, actions: readonly OverlayAction[]): void {
    this.#press.hold?.update({
      language: languageOf(this.#button),
      title: this.#title(),
      message,
      actions,
      needsAnswer: true,
      escape: actions.at(-1)!.run,
    });
  }

  #title(): string {
    return this.#button.labelText || (this.#press.instance?.definition.title ?? this.#button.flow);
  }

  #text(key: Parameters<typeof text>[1], parts?: Parameters<typeof text>[2]): string {
    return text(this.#button, key, parts);
  }
}
