// `<flow-inspector>`: every instance of this browser, seen from inside: where it stands and why, step by step and back in
// time, its data, and what can be done about it.
import { html, LitElement, nothing, type PropertyDeclarations, type TemplateResult } from 'lit';
import { unsafeHTML } from 'lit/directives/unsafe-html.js';
import { svgSequence, timelineOf, waysIn, whyItWaits } from '../../src/inspect/index.js';
import type { CompiledFlow, HistoryRecord, InstanceView, JsonObject, Runtime } from '../../src/runtime/index.js';
import { runtimeOf } from '../flow-provider/runtime-of.js';
import { styles as shared } from '../status/styles.js';
import { graphOf } from './graph.js';
import { momentOf, stepInWords, type Moment } from './moment.js';
import { styles } from './styles.js';
import { timelineTable } from './timeline.js';

type Tab = 'graph' | 'sequence' | 'timeline' | 'steps' | 'data';
const TABS: Readonly<Record<Tab, string>> = {
  graph: 'Graph',
  sequence: 'Sequence',
  timeline: 'Timeline',
  steps: 'Steps',
  data: 'Data',
};

/**
 * Shows instances and what happens in them.
 *
 * @tag flow-inspector
 * @attr {string} instance - Id of the instance to show first. Default: the newest.
 */
export class FlowInspector extends LitElement {
  static override styles = [shared, styles];
  static override properties: PropertyDeclarations = {
    instance: { reflect: true },
    views: { state: true, attribute: false },
    status: { state: true, attribute: false },
    search: { state: true, attribute: false },
    tab: { state: true, attribute: false },
    steps: { state: true, attribute: false },
    problem: { state: true, attribute: false },
    activity: { state: true, attribute: false },
    editing: { state: true, attribute: false },
  };

  declare instance: string | undefined;
  /** @internal */
  declare views: readonly InstanceView[];
  /** @internal */
  declare status: string;
  /** @internal */
  declare search: string;
  /** @internal */
  declare tab: Tab;
  /** @internal Steps shown; undefined: all there are. */
  declare steps: number | undefined;
  /** @internal */
  declare problem: string;
  /** @internal */
  declare activity: string | undefined;
  /** @internal Variables being edited for a retry, as JSON. */
  declare editing: string | undefined;
  #runtime: Runtime | undefined;
  #flow: CompiledFlow | undefined;
  #history: readonly HistoryRecord[] = [];
  #stop: (() => void) | undefined;

  constructor() {
    super();
    this.views = [];
    this.status = this.search = this.problem = '';
    this.tab = 'graph';
  }

  override connectedCallback(): void {
    super.connectedCallback();
    void this.#begin();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#stop?.();
    this.#stop = undefined;
  }

  async #begin(): Promise<void> {
    await this.#try(async () => {
      this.#runtime = await runtimeOf(this);
      const stop = await this.#runtime.watch((view) => this.#take(view));
      if (!this.isConnected) return stop();
      this.#stop = stop;
      this.views = await this.#runtime.instances({ limit: 500 });
      const first = this.views.find((v) => v.id === this.instance) ?? this.views[0];
      if (first) await this.#select(first.id);
    });
  }

  #take(view: InstanceView): void {
    this.views = [view, ...this.views.filter((v) => v.id !== view.id)].sort((a, b) => b.startedAt - a.startedAt);
    if (this.instance === undefined) void this.#try(() => this.#select(view.id));
    else if (view.id === this.instance) void this.#try(() => this.#load(view.id));
  }

  /** Shows an instance, also one that has just been started. */
  async show(id: string): Promise<void> {
    await this.#try(async () => {
      this.#runtime ??= await runtimeOf(this);
      this.views = await this.#runtime.instances({ limit: 500 });
      await this.#select(id);
    });
  }

  async #select(id: string): Promise<void> {
    this.instance = id;
    this.steps = this.activity = this.editing = undefined;
    await this.#load(id);
  }

  async #load(id: string): Promise<void> {
    const view = this.views.find((v) => v.id === id);
    if (!view || !this.#runtime) return;
    const [flow, history] = await Promise.all([this.#runtime.flow(view.flow), this.#runtime.history(id)]);
    if (this.instance !== id) return;
    this.#flow = flow;
    this.#history = history;
    this.requestUpdate();
  }

  async #try(work: () => Promise<unknown>): Promise<void> {
    this.problem = '';
    try {
      await work();
    } catch (error) {
      this.problem = error instanceof Error ? error.message : String(error);
    }
  }

  protected override render(): TemplateResult {
    const view = this.views.find((v) => v.id === this.instance);
    return html`${this.#list()}
      <main>
        ${this.problem ? html`<p part="error" role="alert">${this.problem}</p>` : nothing}
        ${view && this.#flow ? this.#detail(view, this.#flow) : html`<p>Nothing has run yet.</p>`}
      </main>`;
  }

  #list(): TemplateResult {
    const wanted = this.search.trim().toLowerCase();
    const shown = this.views.filter(
      (v) =>
        (this.status === '' || v.status === this.status) &&
        (wanted === '' || `${v.title} ${v.flow} ${v.id} ${v.key ?? ''}`.toLowerCase().includes(wanted)),
    );
    return html`<nav aria-label="Instances">
      <input
        type="search"
        aria-label="Search"
        placeholder="Search"
        .value=${this.search}
        @input=${(e: InputEvent) => (this.search = (e.target as HTMLInputElement).value)}
      />
      <select aria-label="Status" @change=${(e: Event) => (this.status = (e.target as HTMLSelectElement).value)}>
        ${['', 'running', 'failed', 'completed', 'cancelled'].map((s) => html`<option value=${s}>${s || 'all'}</option>`)}
      </select>
      <ul>
        ${shown.map(
          (v) =>
            html`<li>
              <button
                type="button"
                class="entry"
                aria-current=${String(v.id === this.instance)}
                @click=${() => void this.#try(() => this.#select(v.id))}
              >
                ${v.title} <small>${health(v)} · ${new Date(v.startedAt).toLocaleTimeString()}</small>
              </button>
            </li>`,
        )}
      </ul>
    </nav>`;
  }

  #detail(view: InstanceView, flow: CompiledFlow): TemplateResult {
    const at = this.steps ?? this.#history.length;
    const moment = momentOf(flow.definition, this.#history, at);
    return html`<h2>${view.title} <small>${view.status}</small></h2>
      <p class=${`why ${view.status}`}>${whyItWaits(view, flow, (time) => new Date(time).toLocaleString())}</p>
      ${this.#actions(view)}
      <div class="tabs" role="tablist" aria-label="Views">
        ${(Object.keys(TABS) as Tab[]).map(
          (tab) =>
            html`<button
              type="button"
              role="tab"
              id=${`tab-${tab}`}
              aria-controls="panel"
              aria-selected=${String(this.tab === tab)}
              @click=${() => (this.tab = tab)}
            >
              ${TABS[tab]}
            </button>`,
        )}
      </div>
      <label
        >Step ${at} of ${this.#history.length}
        <input
          type="range"
          min="1"
          max=${Math.max(1, this.#history.length)}
          .value=${String(at)}
          @input=${(e: InputEvent) => {
            const step = Number((e.target as HTMLInputElement).value);
            this.steps = step === this.#history.length ? undefined : step;
          }}
      /></label>
      <section id="panel" role="tabpanel" aria-labelledby=${`tab-${this.tab}`} tabindex="0">
        ${this.#panel(view, flow, moment, at)}
      </section>`;
  }

  #panel(view: InstanceView, flow: CompiledFlow, moment: Moment, at: number): TemplateResult {
    switch (this.tab) {
      case 'graph':
        return html`<div class="canvas">
            ${graphOf(flow, moment, waysIn(flow, this.#history.slice(0, at)), this.activity, (id) => (this.activity = id))}
          </div>
          ${this.activity === undefined ? nothing : this.#about(flow, moment, this.activity)}`;
      case 'sequence':
        // Its texts are escaped where the picture is made.
        return html`<div class="canvas sequence">${unsafeHTML(svgSequence(flow, { unstyled: true }))}</div>`;
      case 'timeline': {
        const shown = this.#history.slice(0, at);
        const isNow = at === this.#history.length && view.status === 'running';
        const timeline = timelineOf(flow, shown, isNow ? Date.now() : (shown.at(-1)?.at ?? view.startedAt));
        return html`${timelineTable(timeline, this.activity, (id) => (this.activity = id))}
        ${this.activity === undefined ? nothing : this.#about(flow, moment, this.activity)}`;
      }
      case 'steps':
        return html`<ol class="steps">
          ${this.#history.map(
            (record, i) =>
              html`<li>
                <button
                  type="button"
                  class="step"
                  aria-current=${String(i + 1 === at)}
                  @click=${() => (this.steps = i + 1)}
                >
                  ${i + 1}. ${new Date(record.at).toLocaleTimeString()} ${stepInWords(record)}
                </button>
              </li>`,
          )}
        </ol>`;
      case 'data':
        return html`<table>
          <thead>
            <tr>
              <th scope="col">Variable</th>
              <th scope="col">Value after step ${at}</th>
            </tr>
          </thead>
          <tbody>
            ${Object.entries(moment.variables).map(
              ([name, value]) =>
                html`<tr class=${moment.written.includes(name) ? 'written' : ''}>
                  <th scope="row">${name}${moment.written.includes(name) ? ' (written now)' : ''}</th>
                  <td><pre>${JSON.stringify(value, null, 2)}</pre></td>
                </tr>`,
            )}
          </tbody>
        </table>`;
    }
  }

  #about(flow: CompiledFlow, moment: Moment, id: string): TemplateResult {
    const activity = flow.plan.activities[id]!;
    const is = moment.activities.get(id);
    const records = this.#history.filter((r) => r.changes.some((c) => c.activity === id));
    return html`<h3>${activity.name}</h3>
      <p>
        ${activity.type},
        ${is?.state ?? 'not started'}${is?.attempt ? `, attempt ${is.attempt}` : ''}${is?.failure ? html`: <strong>${is.failure}</strong>` : nothing}
      </p>
      <ol>
        ${records.map((r) => html`<li>${new Date(r.at).toLocaleTimeString()} ${stepInWords(r)}</li>`)}
      </ol>
      <pre>${JSON.stringify(activity.definition, null, 2)}</pre>`;
  }

  #actions(view: InstanceView): TemplateResult | typeof nothing {
    if (view.status === 'completed' || view.status === 'cancelled') return nothing;
    const runtime = this.#runtime!;
    const failed = Object.values(view.activities).find((a) => a.state === 'failed' && a.token);
    const asked = (question: string, work: () => Promise<unknown>) => () => {
      if (confirm(question)) void this.#try(work);
    };
    if (this.editing !== undefined)
      return html`<label
          >Variables
          <textarea
            .value=${this.editing}
            @input=${(e: InputEvent) => (this.editing = (e.target as HTMLTextAreaElement).value)}
          ></textarea>
        </label>
        <div class="actions">
          <button type="button" @click=${() => void this.#try(() => this.#retryWith(view))}>Write and try again</button>
          <button type="button" @click=${() => (this.editing = undefined)}>Leave as they are</button>
        </div>`;
    return html`<div class="actions">
      ${
        view.status === 'failed'
          ? html`<button type="button" @click=${() => void this.#try(() => runtime.retry(view.id))}>Try again</button>
              <button type="button" @click=${() => (this.editing = JSON.stringify(view.variables, null, 2))}>
                Edit variables …
              </button>`
          : nothing
      }
      ${failed ? html`<button type="button" @click=${asked('Treat the failed activity as done?', () => runtime.send({ type: 'skip', instance: view.id, token: failed.token! }))}>Skip</button>` : nothing}
      <button
        type="button"
        @click=${asked('Cancel this instance? What it has in progress ends.', () => runtime.cancel(view.id, 'Cancelled in the inspector.'))}
      >
        Cancel
      </button>
    </div>`;
  }

  async #retryWith(view: InstanceView): Promise<void> {
    const variables = JSON.parse(this.editing!) as JsonObject;
    await this.#runtime!.retry(view.id, { variables });
    this.editing = undefined;
  }
}

/** At a glance. */
function health(view: InstanceView): string {
  if (view.status !== 'running') return view.status;
  if (view.tasks.length > 0) return `waits for ${view.tasks[0]!.role ?? 'a person'}`;
  return view.waits.length > 0 ? 'waits' : 'running';
}
