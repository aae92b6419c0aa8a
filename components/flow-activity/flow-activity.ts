// `<flow-activity>`: the flows that run in the background of this page, and those that have ended, in a corner of the window:
// progress, cancel, result, another try. What somebody waits for behind the overlay is not listed.
import { html, LitElement, nothing, type PropertyDeclarations, type TemplateResult } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import type { BackgroundRun, BackgroundRuns, Runtime } from '../../src/runtime/index.js';
import { explained } from '../button/explain.js';
import { runtimeOf } from '../flow-provider/runtime-of.js';
import { text } from '../localisation.js';
import { isOver, outcomeOf } from '../status/run-state.js';
import { styles as shared } from '../status/styles.js';
import { keepRuns } from './past-runs.js';
import { styles } from './styles.js';

/**
 * Lists the flows in the background of the page, running and finished. Finished ones stay until somebody dismisses them,
 * or dismisses all.
 *
 * @tag flow-activity
 * @attr {boolean} inline - Stands where it is in the page, and says so when nothing runs. Default: in a corner of the window, unseen when empty.
 * @attr {string} flow - Only runs of this flow.
 * @attr {boolean} folded - Present: only their number is shown, until somebody unfolds it. Not with `inline`.
 * @attr {boolean} no-history - Present: a reload forgets the list. Default: this tab keeps it, results included (sessionStorage).
 * @fires activity-end - A run has ended. Detail `{ instance, view }`.
 * @slot empty - What `inline` shows when there is nothing.
 *
 * @csspart list
 * @csspart run
 * @csspart name
 * @csspart state
 * @csspart progress
 * @csspart outcome
 * @csspart error
 * @csspart button
 * @csspart empty
 * @csspart fold
 *
 * @cssprop --flow-activity-background
 * @cssprop --flow-activity-color
 * @cssprop --flow-activity-width
 */
export class FlowActivity extends LitElement {
  static override styles = [shared, styles];
  static override properties: PropertyDeclarations = {
    inline: { type: Boolean, reflect: true },
    folded: { type: Boolean, reflect: true },
    flow: {},
    noHistory: { type: Boolean, attribute: 'no-history' },
    announcement: { state: true, attribute: false },
  };

  declare inline: boolean;
  declare folded: boolean;
  declare flow: string | undefined;
  declare noHistory: boolean;
  /** @internal */
  declare announcement: string;
  #runtime: Runtime | undefined;
  /** Ends of the watches, by instance. */
  readonly #watched = new Map<string, () => void>();
  /** Instances that have been told to stop, as long as they have not. */
  readonly #cancelling = new Set<string>();

  constructor() {
    super();
    this.inline = false;
    this.folded = false;
    this.noHistory = false;
    this.announcement = '';
  }

  override connectedCallback(): void {
    super.connectedCallback();
    void runtimeOf(this).then((runtime) => {
      if (!this.isConnected) return;
      this.#runtime = runtime;
      if (!this.noHistory) keepRuns(runtime);
      runtime.background.addEventListener('change', this.#follow);
      runtime.addEventListener('user-change', this.#follow);
      this.#follow();
    });
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#background?.removeEventListener('change', this.#follow);
    this.#runtime?.removeEventListener('user-change', this.#follow);
    for (const stop of this.#watched.values()) stop();
    this.#watched.clear();
  }

  get #background(): BackgroundRuns | undefined {
    return this.#runtime?.background;
  }

  /** What is listed, the newest first. What somebody else has left behind in this tab is nobody's business. */
  get runs(): readonly BackgroundRun[] {
    const user = this.#runtime?.user?.id;
    const all = this.#background?.list ?? [];
    return all
      .filter(({ instance: { view } }) => !this.flow || view.flow === this.flow)
      .filter(({ instance: { view }, isPast }) => !isPast || view.startedBy === user)
      .reverse();
  }

  readonly #follow = (): void => {
    const listed = new Set(this.#background?.list.map(({ instance }) => instance.id));
    for (const [id, stop] of this.#watched) {
      if (listed.has(id)) continue;
      stop();
      this.#watched.delete(id);
    }
    for (const run of this.runs) {
      const { instance } = run;
      if (this.#watched.has(instance.id)) continue;
      let wasOver = isOver(instance.view);
      const changed = (): void => {
        this.requestUpdate();
        const now = isOver(instance.view);
        if (now && !wasOver) this.#ended(run);
        wasOver = now;
      };
      this.#watched.set(instance.id, instance.watch(changed));
    }
    this.requestUpdate();
  };

  #ended({ instance, label, isTold }: BackgroundRun): void {
    const { view } = instance;
    this.#cancelling.delete(instance.id);
    // Nobody wants to hear it twice.
    if (!isTold?.())
      this.announcement = text(this, 'is-over', { flow: label, state: text(this, `state-${view.status}`) });
    this.dispatchEvent(new CustomEvent('activity-end', { detail: { instance, view }, bubbles: true, composed: true }));
  }

  /** Takes finished runs from the list: one, or all. */
  dismiss(id?: string): void {
    for (const { instance } of this.runs)
      if (isOver(instance.view) && (id === undefined || id === instance.id)) this.#background?.remove(instance.id);
  }

  // -- what is shown -----------------------------------------------------------------------------------------------------

  protected override render(): TemplateResult {
    const { runs } = this;
    const ended = runs.filter(({ instance }) => isOver(instance.view)).length;
    const isFolded = this.folded && !this.inline;
    return html`
      <p class="silent" role="status">${this.announcement}</p>
      ${
        runs.length === 0
          ? this.inline
            ? html`<p part="empty" tabindex="-1"><slot name="empty">${text(this, 'nothing-running')}</slot></p>`
            : nothing
          : html`<section aria-label=${text(this, 'activity')}>
              <div class="bar">
                ${this.inline ? nothing : this.#fold(runs.length)}
                ${ended > 1 && !isFolded ? this.#button('dismiss-all', text(this, 'dismiss-all'), () => this.#dismissed()) : nothing}
              </div>
              <ul part="list" ?hidden=${isFolded}>
                ${repeat(
                  isFolded ? [] : runs,
                  ({ instance }) => instance.id,
                  (run) => this.#run(run),
                )}
              </ul>
            </section>`
      }
    `;
  }

  /** What floats over the page must not keep anybody from it. */
  #fold(count: number): TemplateResult {
    return html`<button
      type="button"
      part="fold"
      aria-expanded=${!this.folded}
      @click=${() => (this.folded = !this.folded)}
    >
      ${text(this, 'activity')} (${count})
    </button>`;
  }

  #run(run: BackgroundRun): TemplateResult {
    const { instance, label, retry } = run;
    const { view } = instance;
    const isCancelling = this.#cancelling.has(view.id) && !isOver(view);
    const state = isCancelling ? 'cancelling' : view.status;
    const { done, total } = view.progress;
    const counted = total > 1 && !isOver(view);
    return html`<li part="run" data-state=${state}>
      <div class="head">
        <span part="name">${label}</span>
        <span part="state">${text(this, `state-${state}`)}</span>
      </div>
      ${
        isOver(view)
          ? nothing
          : html`<progress
              part="progress"
              aria-label=${label}
              value=${counted && done > 0 ? done : nothing}
              max=${counted ? total : nothing}
            ></progress>`
      }
      ${view.status === 'completed' ? outcomeOf(view.output) : nothing}
      ${view.status === 'failed' && view.failure ? html`<p part="error">${explained(this, view.failure, run).text}</p>` : nothing}
      <div class="actions">
        ${isOver(view) ? nothing : this.#button('cancel', label, () => this.#cancel(run), isCancelling)}
        ${view.status === 'failed' && !run.isPast ? this.#button('retry', label, () => void (retry ?? (() => instance.retry()))()) : nothing}
        ${isOver(view) ? this.#button('dismiss', label, () => this.#dismissed(view.id)) : nothing}
      </div>
    </li>`;
  }

  #button(
    key: 'cancel' | 'retry' | 'dismiss' | 'dismiss-all',
    about: string,
    act: () => void,
    isOff = false,
  ): TemplateResult {
    const words = text(this, key);
    return html`<button
      type="button"
      part="button"
      data-action=${key}
      aria-label=${about === words ? nothing : `${words}: ${about}`}
      aria-disabled=${isOff ? 'true' : nothing}
      @click=${isOff ? nothing : act}
    >
      ${words}
    </button>`;
  }

  /** Asks it to stop; whether that was in time, its end tells. */
  #cancel({ instance }: BackgroundRun): void {
    this.#cancelling.add(instance.id);
    this.requestUpdate();
    instance.cancel('Cancelled by the person.').catch(() => {
      this.#cancelling.delete(instance.id);
      this.requestUpdate();
    });
  }

  /** What had the focus goes away: it goes to the next run, or to the word that there is none. */
  #dismissed(id?: string): void {
    this.dismiss(id);
    void this.updateComplete.then(() =>
      this.renderRoot.querySelector<HTMLElement>('[part="button"], [part="empty"]')?.focus(),
    );
  }
}
