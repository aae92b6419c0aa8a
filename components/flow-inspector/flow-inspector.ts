// `<flow-inspector>`: every instance of this browser, seen from inside: where it stands and why, step by step and back in
// time, its data, and what can be done about it.
import { html, LitElement, nothing, type CSSResult, type PropertyDeclarations, type TemplateResult } from 'lit';
import { momentOf, stepInWords, waysIn, type Place, type WayCount } from '../../src/inspect/live.js';
import type { Replay } from '../../src/inspect/replay.js';
import type { CompiledFlow, HistoryRecord, InstanceView } from '../../src/runtime/index.js';
import { runtimeOf } from '../flow-provider/runtime-of.js';
import { styles as shared } from '../status/styles.js';
import { actButtons, type Act } from './acts.js';
import { frameStyles } from './frame-styles.js';
import type { Mark } from './graph-drawing.js';
import { graphStyles } from './graph-styles.js';
import { GraphView } from './graph-view.js';
import { instanceList } from './instance-list.js';
import { Recording } from './recording.js';
import { sourceOf, type InspectedSource } from './source.js';
import { styles } from './styles.js';
import { VIEWS, type LazyView, type ViewContent, type ViewModule } from './view.js';

/** Between two pictures of what goes on; ms. */
const PAUSE = 150;

type Tab = 'graph' | Exclude<LazyView, 'activity'>;
const TABS: readonly Tab[] = ['graph', 'sequence', 'timeline', 'steps', 'data', 'code'];

/** What the history of an instance says of it after some of its steps. */
interface Fold extends Pick<ViewContent, 'flow' | 'history' | 'at' | 'moment'> {
  readonly ways: ReadonlyMap<string, WayCount>;
}

/**
 * Shows instances and what happens in them.
 *
 * @tag flow-inspector
 * @attr {string} instance - Id of the instance to show first. Default: the newest.
 * @attr {string} docs - Address of a page that explains the compiler's codes at `#flow-e301` …; without it there are no links.
 */
export class FlowInspector extends LitElement {
  static override styles: CSSResult[] = [shared, frameStyles, styles, graphStyles];
  static override properties: PropertyDeclarations = {
    instance: { reflect: true },
    source: { attribute: false },
    views: { state: true, attribute: false },
    status: { state: true, attribute: false },
    search: { state: true, attribute: false },
    tab: { state: true, attribute: false },
    side: { state: true, attribute: false },
    steps: { state: true, attribute: false },
    problem: { state: true, attribute: false },
    place: { state: true, attribute: false },
    act: { state: true, attribute: false },
    refused: { state: true, attribute: false },
  };

  declare instance: string | undefined;
  /** Where the instances come from. Default: the runtime of the page, or of the `<flow-provider>` around it. */
  declare source: InspectedSource | undefined;
  /** @internal */
  declare views: readonly InstanceView[];
  /** @internal */
  declare status: string;
  /** @internal */
  declare search: string;
  /** @internal */
  declare tab: Tab;
  /** @internal */
  declare side: string | undefined;
  /** @internal Steps shown; undefined: all there are. */
  declare steps: number | undefined;
  /** @internal */
  declare problem: string;
  /** @internal What is selected on the graph. */
  declare place: Place | undefined;
  /** @internal What is being done about the instance. */
  declare act: Act | undefined;
  /** @internal Why it was not done. */
  declare refused: string;
  readonly #graph = new GraphView(this);
  readonly #recording = new Recording(
    () => this.#source,
    () => this.requestUpdate(),
  );
  readonly #loaded = new Map<LazyView, ViewModule>();
  #source: InspectedSource | undefined;
  #fold: Fold | undefined;
  #replaying: typeof import('./state-marks.js') | undefined;
  #replay: Replay | undefined;
  #replayed: CompiledFlow | undefined;
  #why: typeof import('../../src/inspect/why.js') | undefined;
  #actForm: typeof import('./act-form.js') | undefined;
  /** How the instance stood when somebody began to act: what is chosen in the form is not exchanged under their hands. */
  #asked: InstanceView | undefined;
  #stop: (() => void) | undefined;
  readonly #news = new Map<string, InstanceView>();
  #isPausing = false;

  constructor() {
    super();
    this.views = [];
    this.status = this.search = this.problem = this.refused = '';
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

  protected override updated(changed: Map<PropertyKey, unknown>): void {
    if (changed.has('source') && this.#source && this.source && this.source !== this.#source) {
      this.#recording.close();
      this.instance = undefined;
      void this.#begin();
    }
  }

  async #begin(): Promise<void> {
    await this.#try(async () => {
      this.#stop?.();
      this.#source = this.source ?? sourceOf(await runtimeOf(this));
      this.#why = await import('../../src/inspect/why.js');
      const stop = await this.#source.watch?.((view) => this.#take(view));
      if (!this.isConnected) return stop?.();
      this.#stop = stop;
      await this.#list();
      const first = this.views.find((v) => v.id === this.instance) ?? this.views[0];
      // News of it may have shown it already, and somebody may have begun to act.
      if (first && first.id !== this.#recording.view?.id) await this.#select(first.id);
    });
  }

  async #list(): Promise<void> {
    this.views = await this.#source!.instances({ limit: 500 });
  }

  /** The first news at once, then in lots: an instance in a hurry is not drawn more often than anybody looks. */
  #take(view: InstanceView): void {
    this.#news.set(view.id, view);
    if (this.#isPausing) return;
    const tell = (): void => {
      if (this.#news.size === 0) return;
      this.#isPausing = true;
      setTimeout(() => {
        this.#isPausing = false;
        tell();
      }, PAUSE);
      const news = [...this.#news.values()];
      this.#news.clear();
      this.#hear(news);
    };
    tell();
  }

  #hear(news: readonly InstanceView[]): void {
    const ids = new Set(news.map((v) => v.id));
    this.views = [...news, ...this.views.filter((v) => !ids.has(v.id))].sort((a, b) => b.startedAt - a.startedAt);
    const shown = news.find((v) => v.id === this.instance);
    if (this.instance === undefined) void this.#try(() => this.#select(this.views[0]!.id));
    else if (shown) void this.#try(() => this.#recording.note(shown));
  }

  /** Shows an instance, also one that has just been started. */
  async show(id: string): Promise<void> {
    await this.#try(async () => {
      this.#source ??= this.source ?? sourceOf(await runtimeOf(this));
      await this.#list();
      await this.#select(id);
    });
  }

  async #select(id: string): Promise<void> {
    this.instance = id;
    // News may have shown it before the list came: what somebody does there already is not taken from them.
    if (this.#recording.view?.id !== id) this.steps = this.place = this.act = undefined;
    const view = this.views.find((v) => v.id === id);
    if (view) await this.#recording.open(view);
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
    const { view, flow } = this.#recording;
    return html`${instanceList({
        views: this.views,
        chosen: this.instance,
        status: this.status,
        search: this.search,
        filter: (status, search) => {
          this.status = status;
          this.search = search;
        },
        choose: (id) => void this.#try(() => this.#select(id)),
      })}
      <div class="detail">
        ${this.problem ? html`<p part="error" role="alert">${this.problem}</p>` : nothing}
        ${view && flow ? this.#detail(view, flow) : this.problem ? nothing : html`<p>${view ? 'Loading …' : 'Nothing has run yet.'}</p>`}
      </div>`;
  }

  #detail(view: InstanceView, flow: CompiledFlow): TemplateResult {
    const { history } = this.#recording;
    const at = Math.min(this.steps ?? history.length, history.length);
    const { moment } = this.#foldAt(flow, history, at);
    const source = this.#source!;
    const write = (time: number): string => new Date(time).toLocaleString();
    const content: ViewContent = {
      source,
      view,
      flow,
      history,
      at,
      moment,
      replay: this.#replayOf(flow),
      activity: this.place?.type === 'activity' ? this.place.id : undefined,
      side: this.side,
      turn: (side) => (this.side = side),
      select: (activity) => (this.place = { type: 'activity', id: activity }),
      goTo: (step) => this.#goTo(step),
    };
    const now = view.status === 'running' ? content.replay?.at(history.length) : undefined;
    const joins = now && this.#replaying?.waitingJoins(flow, now);
    return html`<h2>${view.title} <small>${view.status}</small></h2>
      <p class=${`why ${view.status}`}>${this.#why?.whyItWaits(view, flow, write, joins)}</p>
      ${source.acting ? actButtons(view, this.act, (act) => this.#ask(act, view)) : nothing}
      ${
        this.act && source.acting
          ? this.#actForm?.render({
              act: this.act,
              view: this.#asked!,
              now: view,
              flow,
              runtime: source.acting,
              problem: this.refused,
              done: (refused) => this.#answered(refused),
            })
          : nothing
      }
      <div class="tabs" role="tablist" aria-label="Views">
        ${TABS.map(
          (tab) =>
            html`<button
              type="button"
              role="tab"
              id=${`tab-${tab}`}
              aria-controls="panel"
              aria-selected=${String(this.tab === tab)}
              @click=${() => {
                this.tab = tab;
                this.side = undefined;
              }}
            >
              ${tab[0]!.toUpperCase() + tab.slice(1)}
            </button>`,
        )}
      </div>
      <label
        >Step ${at} of
        ${history.length}${at > 0 ? html` <small>${write(history[at - 1]!.at)} ${stepInWords(history[at - 1]!)}</small>` : nothing}
        <input
          type="range"
          min="1"
          max=${history.length || 1}
          .value=${String(at)}
          @input=${(e: InputEvent) => this.#goTo(Number((e.target as HTMLInputElement).value))}
      /></label>
      <section id="panel" role="tabpanel" aria-labelledby=${`tab-${this.tab}`} tabindex="0">
        ${this.#panel(content)} ${content.activity === undefined ? nothing : this.#lazy('activity', content)}
      </section>`;
  }

  #ask(act: Act, view: InstanceView): void {
    this.refused = '';
    this.#asked = view;
    this.act = this.act === act ? undefined : act;
    if (this.#actForm) return;
    void this.#try(async () => {
      const form = await import('./act-form.js');
      if (!this.#actForm) this.shadowRoot!.adoptedStyleSheets.push(form.styles.styleSheet!);
      this.#actForm = form;
      this.requestUpdate();
    });
  }

  #answered(refused = ''): void {
    this.refused = refused;
    if (!refused) this.act = undefined;
  }

  #goTo(step: number): void {
    this.steps = step >= this.#recording.history.length ? undefined : step;
  }

  #panel(content: ViewContent): TemplateResult {
    const { flow, history, at } = content;
    if (this.tab === 'graph')
      return this.#graph.render({
        flow,
        ...this.#marks(content),
        ways: this.#foldAt(flow, history, at).ways,
        variablesAt: (step) => momentOf(flow.definition, history, step).variables,
        selected: this.place,
        select: (place) => (this.place = place),
      });
    return this.#lazy(this.tab, content);
  }

  #lazy(name: LazyView, content: ViewContent): TemplateResult {
    const module = this.#loaded.get(name);
    if (module) return module.render(content);
    void this.#try(async () => {
      const loaded = await VIEWS[name]();
      if (loaded.styles && !this.#loaded.has(name)) this.shadowRoot!.adoptedStyleSheets.push(loaded.styles.styleSheet!);
      this.#loaded.set(name, loaded);
      this.requestUpdate();
    });
    return html`<p>Loading …</p>`;
  }

  /** Kept as long as nothing has changed: a pointer on its way over the graph draws often. */
  #foldAt(flow: CompiledFlow, history: readonly HistoryRecord[], at: number): Fold {
    const last = this.#fold;
    if (last && last.history === history && last.at === at && last.flow === flow) return last;
    const shown = at === history.length ? history : history.slice(0, at);
    return (this.#fold = {
      flow,
      history,
      at,
      moment: momentOf(flow.definition, history, at),
      ways: waysIn(flow, shown),
    });
  }

  /** What the graph writes on activities: states, rounds of loops, and the ways that joins wait for. */
  #marks({ flow, moment, replay, at }: ViewContent): { marks: Map<string, Mark>; happened: Set<string> } {
    const marks = new Map<string, Mark>();
    const happened = new Set<string>();
    for (const [id, is] of moment.activities) {
      if (flow.plan.activities[id]) marks.set(id, is);
      else if (is.completed > 0) happened.add(id);
    }
    this.#replaying?.markState(marks, flow, replay?.at(at));
    return { marks, happened };
  }

  #replayOf(flow: CompiledFlow): Replay | undefined {
    if (!this.#replaying) {
      void import('./state-marks.js').then((module) => {
        this.#replaying = module;
        this.requestUpdate();
      });
      return undefined;
    }
    if (this.#replayed !== flow) {
      this.#replayed = flow;
      this.#replay = this.#replaying.replayOf(flow, () => this.#recording.history);
    }
    return this.#replay;
  }
}
