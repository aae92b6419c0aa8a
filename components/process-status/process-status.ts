// `<process-status>`: one process, for the people who wait for it: what is done, what is going on, what is to come, until
// when, and how it ended. It follows the process through all tabs and reloads.
import { html, LitElement, nothing, type PropertyDeclarations, type PropertyValues, type TemplateResult } from 'lit';
import type { InstanceHandle, InstanceView } from '../../src/runtime/index.js';
import { explained } from '../button/explain.js';
import { runtimeOf } from '../flow-provider/runtime-of.js';
import { showData } from '../forms/show-data.js';
import { languageOf, text } from '../localisation.js';
import { timeOf } from '../process-tasks/task-times.js';
import { isOver, outcomeOf, stepsOf, type Step } from '../status/run-state.js';
import { styles as shared } from '../status/styles.js';
import { styles } from './styles.js';

/** Stands in the journal. */
const WITHDRAWN = 'Withdrawn by the person who waited for it.';

/**
 * Shows how far a process is.
 *
 * Which one: `instance` names it; `process`, with or without `business-key`, means the newest of that process. Steps are the
 * activities that have a `name`.
 *
 * @tag process-status
 * @attr {string} instance - Id of the instance.
 * @attr {string} process - Name of the process; the newest instance is shown, also one that starts later.
 * @attr {string} business-key - Business key that the instance must have.
 * @attr {boolean} cancelable - Present: the process can be withdrawn here, after a question.
 * @attr {boolean} restartable - Present: when it is over it can be started again here, with the same data; the new one is then shown.
 * @fires status-change - What is shown has changed. Detail `{ instance, view }`.
 * @slot outcome - Shows the output: as text, at `data-value` places, or by a `<template>` inside. Default: a list.
 * @slot empty - What is shown when there is no such process.
 *
 * @csspart title
 * @csspart state
 * @csspart steps
 * @csspart step
 * @csspart step-state
 * @csspart due
 * @csspart outcome
 * @csspart error
 * @csspart withdraw
 * @csspart restart
 * @csspart empty
 *
 * @cssprop --process-status-done
 * @cssprop --process-status-now
 */
export class ProcessStatus extends LitElement {
  static override styles = [shared, styles];
  static override properties: PropertyDeclarations = {
    instance: {},
    process: {},
    businessKey: { attribute: 'business-key' },
    cancelable: { type: Boolean },
    restartable: { type: Boolean },
    handle: { state: true, attribute: false },
    problem: { state: true, attribute: false },
    isCancelling: { state: true, attribute: false },
  };

  declare instance: string | undefined;
  declare process: string | undefined;
  declare businessKey: string | undefined;
  declare cancelable: boolean;
  declare restartable: boolean;
  /** The process that is shown. @readonly */
  declare handle: InstanceHandle | undefined;
  /** @internal */
  declare problem: string;
  /** @internal */
  declare isCancelling: boolean;
  #unwatch: (() => void) | undefined;
  #unfollow: (() => void) | undefined;
  #lookup = 0;
  #isLookedUp = false;

  constructor() {
    super();
    this.cancelable = false;
    this.restartable = false;
    this.problem = '';
    this.isCancelling = false;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    if (this.hasUpdated) void this.#find();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#let();
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    const which = ['instance', 'process', 'businessKey'] as const;
    if (!this.hasUpdated || which.some((name) => changed.has(name))) void this.#find();
  }

  #let(): void {
    this.#lookup++;
    this.#unwatch?.();
    this.#unfollow?.();
    this.#unwatch = this.#unfollow = undefined;
  }

  /** Looks the process up, and keeps looking for a newer one if only its name is given. */
  async #find(): Promise<void> {
    this.#let();
    const lookup = this.#lookup;
    this.problem = '';
    try {
      const runtime = await runtimeOf(this);
      if (lookup !== this.#lookup) return;
      const { instance, process, businessKey: key } = this;
      const show = async (id: string): Promise<void> => {
        const handle = this.handle?.id === id ? this.handle : await runtime.instance(id);
        if (lookup !== this.#lookup) return;
        if (handle) this.#show(handle);
        else this.handle = undefined;
      };
      if (instance) await show(instance);
      else if (process) {
        const fits = (view: InstanceView): boolean => view.flow === process && (!key || view.key === key);
        const stop = await runtime.watch((view) => {
          const shown = this.handle?.view;
          if (fits(view) && view.id !== shown?.id && view.startedAt >= (shown?.startedAt ?? 0)) void show(view.id);
        });
        if (lookup !== this.#lookup) return stop();
        this.#unfollow = stop;
        const [newest] = await runtime.instances({ flow: process, kind: 'process', limit: 1, ...(key ? { key } : {}) });
        if (newest) await show(newest.id);
        else this.handle = undefined;
      } else this.handle = undefined;
    } catch (error) {
      if (lookup === this.#lookup) this.problem = explained(this, error).text;
    } finally {
      if (lookup === this.#lookup) {
        this.#isLookedUp = true;
        this.requestUpdate();
      }
    }
  }

  #show(handle: InstanceHandle): void {
    this.#unwatch?.();
    if (this.handle !== handle) this.isCancelling = false;
    this.handle = handle;
    const changed = (): void => {
      this.requestUpdate();
      const detail = { instance: handle, view: handle.view };
      this.dispatchEvent(new CustomEvent('status-change', { detail, bubbles: true, composed: true }));
    };
    this.#unwatch = handle.watch(changed);
    changed();
  }

  /** Withdraws the process, without a question. Whether that was in time, its status tells. */
  async cancel(reason = WITHDRAWN): Promise<void> {
    const { handle } = this;
    if (!handle || isOver(handle.view) || this.isCancelling) return;
    this.isCancelling = true;
    try {
      await handle.cancel(reason);
    } catch (error) {
      this.isCancelling = false;
      this.problem = explained(this, error, { instance: handle }).text;
    }
  }

  async #withdraw(handle: InstanceHandle): Promise<void> {
    if (this.isCancelling) return;
    const { ask } = await import('../overlay/ask.js');
    if (await ask(this, text(this, 'withdraw-question', { flow: handle.view.title }))) await this.cancel();
  }

  /** Starts the same process again, with the same data, and shows that one. */
  async restart(): Promise<void> {
    const { handle } = this;
    if (!handle || !isOver(handle.view)) return;
    try {
      const again = await (await runtimeOf(this)).restart(handle.id);
      if (this.instance) this.instance = again.id;
      this.#show(again);
    } catch (error) {
      this.problem = explained(this, error, { instance: handle }).text;
    }
  }

  // -- what is shown -----------------------------------------------------------------------------------------------------

  protected override render(): TemplateResult {
    const { handle, problem } = this;
    if (!handle) {
      return html`<p part=${problem ? 'error' : 'empty'} role=${problem ? 'alert' : 'status'}>
        ${problem || (this.#isLookedUp ? html`<slot name="empty">${text(this, 'no-process')}</slot>` : text(this, 'loading'))}
      </p>`;
    }
    const { view } = handle;
    const state = this.isCancelling && !isOver(view) ? 'cancelling' : view.status;
    return html`
      <div class="head" role="status">
        <strong part="title"
          >${view.title}${view.key === undefined ? nothing : html` <span class="key">${view.key}</span>`}</strong
        >
        <span part="state" data-state=${state}>${text(this, `state-${state}`)}</span>
      </div>
      <ol part="steps" aria-label=${text(this, 'steps')}>
        ${stepsOf(handle.definition, view).map((step) => this.#step(step))}
      </ol>
      <div class="end" ?hidden=${view.status !== 'completed'}>
        <slot name="outcome">${view.status === 'completed' ? outcomeOf(view.output) : nothing}</slot>
      </div>
      ${this.#reason(handle)}
      ${
        this.restartable && isOver(view)
          ? html`<button type="button" part="restart" @click=${() => this.restart()}>
              ${text(this, 'start-again')}
            </button>`
          : nothing
      }
      ${
        this.cancelable && !isOver(view)
          ? html`<button
              type="button"
              part="withdraw"
              aria-disabled=${this.isCancelling ? 'true' : nothing}
              @click=${() => this.#withdraw(handle)}
            >
              ${text(this, 'withdraw')}
            </button>`
          : nothing
      }
    `;
  }

  /** What went wrong. Why it was cancelled is no alarm, and whoever has withdrawn it knows. */
  #reason(handle: InstanceHandle): TemplateResult | typeof nothing {
    const { failure, status } = handle.view;
    const words = this.problem || (failure && explained(this, failure, { instance: handle }).text);
    if (!words || (status === 'cancelled' && words === WITHDRAWN)) return nothing;
    return html`<p part="error" role=${status === 'cancelled' ? nothing : 'alert'}>${words}</p>`;
  }

  #step({ name, state, tasks, until }: Step): TemplateResult {
    const dueAt = tasks[0]?.dueAt;
    const users = tasks.flatMap(({ claimedBy }) => claimedBy ?? []);
    const language = languageOf(this);
    const isLate = dueAt !== undefined && dueAt < Date.now();
    return html`<li part="step" data-state=${state} aria-current=${state === 'now' ? 'step' : nothing}>
      <span class="mark" aria-hidden="true"></span>
      <span class="name">${name}</span>
      <span part="step-state">${text(this, `step-${state}`)}</span>
      ${users.length === 0 ? nothing : html`<span class="more">${text(this, 'claimed-by', { user: listed(users, language) })}</span>`}
      ${
        dueAt === undefined
          ? nothing
          : html`<time part="due" class=${isLate ? 'late' : 'more'} datetime=${new Date(dueAt).toISOString()}
              >${text(this, isLate ? 'overdue' : 'due', { time: timeOf(dueAt, language) })}</time
            >`
      }
      ${
        until === undefined
          ? nothing
          : html`<time class="more" datetime=${new Date(until).toISOString()}
              >${text(this, 'step-until', { time: timeOf(until, language) })}</time
            >`
      }
    </li>`;
  }

  protected override updated(): void {
    const view = this.handle?.view;
    if (view?.status !== 'completed') return;
    for (const place of this.querySelectorAll(':scope > [slot="outcome"]')) showData(place, view.output ?? {});
  }
}

function listed(users: readonly string[], language: string): string {
  return new Intl.ListFormat(language, { type: 'conjunction' }).format(users);
}
