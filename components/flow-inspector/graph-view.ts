// The graph tab: the picture with its tools (zoom, lanes, subflows to open and close, faults, export) and the keys that walk
// along the connectors.
import { html, nothing, type ReactiveControllerHost, type TemplateResult } from 'lit';
import {
  connectorsOf,
  layOutFlow,
  type Direction,
  type FlowLayout,
  type Place,
  type WayCount,
} from '../../src/inspect/live.js';
import type { CompiledFlow, Diagnostic, JsonObject } from '../../src/runtime/index.js';
import { draw, type Mark } from './graph-drawing.js';
import { graphStyles } from './graph-styles.js';
import { Zoom } from './zoom.js';

/** Activities of a flow that a worker lays out: it takes longer than a frame. */
const LARGE = 300;

/** What the graph shows. */
export interface GraphContent {
  readonly flow: Pick<CompiledFlow, 'definition' | 'plan' | 'diagnostics'>;
  readonly marks: ReadonlyMap<string, Mark>;
  readonly happened: ReadonlySet<string>;
  readonly ways: ReadonlyMap<string, WayCount>;
  /** The variables before a step (from 1), to explain its conditions. Absent: the flow itself is shown, no instance. */
  readonly variablesAt?: (step: number) => JsonObject;
  readonly selected: Place | undefined;
  select(place: Place | undefined): void;
}

const KEYS: Readonly<Record<string, Direction>> = {
  ArrowRight: 'on',
  ArrowLeft: 'back',
  ArrowUp: 'up',
  ArrowDown: 'down',
  Home: 'first',
  End: 'last',
};

export class GraphView {
  readonly #host: ReactiveControllerHost & HTMLElement;
  readonly #zoom: Zoom;
  #content: GraphContent | undefined;
  #layout: FlowLayout | undefined;
  #graph: Element | null = null;
  #drawnLayout: FlowLayout | undefined;
  #elements = new Map<string, string>();
  #laidOut = '';
  /** It has not been looked at yet. */
  #isNew = false;
  #why: string | undefined;
  #underWay: Promise<unknown> | undefined;
  #plan: CompiledFlow['plan'] | undefined;
  #collapsed: ReadonlySet<string> = new Set();
  #lanes = false;
  #entry: Place | undefined;
  #looked: string | undefined;
  #fault: Diagnostic | undefined;
  #before: ReadonlyMap<string, WayCount> = new Map();
  #faults: typeof import('./faults.js') | undefined;
  #exploring: typeof import('./exploring.js') | undefined;

  constructor(host: ReactiveControllerHost & HTMLElement) {
    this.#host = host;
    this.#zoom = new Zoom(
      () => this.#find('.canvas'),
      () => (host.requestUpdate(), host.updateComplete),
    );
    host.addController({ hostUpdated: () => this.#drawn() });
  }

  render(content: GraphContent): TemplateResult {
    const { flow, marks, ways } = content;
    this.#content = content;
    const { definition, plan, diagnostics } = flow;
    const wanted = `${this.#lanes} ${[...this.#collapsed].join(' ')}`;
    if (this.#laidOut !== wanted || this.#plan !== plan) {
      if (this.#plan?.flow.flow !== plan.flow.flow) {
        this.#collapsed = new Set();
        this.#isNew = true;
      }
      if (this.#plan !== plan) {
        this.#entry = this.#looked = this.#layout = undefined;
        this.#fault = diagnostics.find((d) => d.message === this.#fault?.message);
        this.#before = ways;
        this.#plan = plan;
      }
      this.#laidOut = wanted;
      this.#layOut(flow);
    }
    const layout = this.#layout;
    if (!layout) return html`<p role="status">Laying out ${Object.keys(plan.activities).length} activities …</p>`;
    const path = this.#fault?.path ?? [];
    const connectors = connectorsOf(plan);
    const { starts, activities } = plan.bodies['']!;
    const first = starts[0] ?? activities[0] ?? '';
    const onPath = connectors.filter((c) => path.some((id, i) => c.from === id && c.to === path[i + 1]));
    return html`${this.#tools(plan, diagnostics)}
      <div
        class="canvas"
        @wheel=${{ handleEvent: this.#zoom.onWheel, passive: false }}
        @pointerdown=${this.#zoom.onPointerDown}
        @keydown=${this.#onKey}
        @focusin=${this.#onFocus}
      >
        ${draw({
          title: definition.title ?? definition.flow,
          plan,
          layout,
          scale: this.#zoom.scale,
          marks,
          happened: content.happened,
          connectors,
          ways,
          blamed: new Set(this.#fault?.ids),
          witness: new Set([...path, ...onPath.map((c) => c.id)]),
          isBare: !content.variablesAt,
          before: this.#drawnBefore(layout),
          selected: content.selected,
          entry: this.#shown(this.#entry) ?? this.#shown(this.#stands()) ?? { type: 'activity', id: first },
          select: (place) => content.select(place),
          toggle: (id) => this.#toggle(id),
          look: (id) => {
            this.#looked = id;
            this.#explore(() => this.#host.requestUpdate());
          },
        })}
      </div>
      <p class="facts">
        ${(this.#looked && this.#exploring?.factsOf(content, this.#looked)) || 'Arrow keys walk along the connectors; Ctrl and the wheel zoom.'}
      </p>
      ${this.#why ? html`<p class="hint">Laid out in the page, no worker could: ${this.#why}</p>` : nothing}`;
  }

  /** Large flows in a worker, and until that has answered the picture stays as it is. */
  #layOut(flow: GraphContent['flow']): void {
    const { plan } = flow;
    const options = { lanes: this.#lanes, collapsed: this.#collapsed };
    const wanted = this.#laidOut;
    const take = (layout: FlowLayout, why?: string): void => {
      this.#layout = layout;
      this.#why = why;
      if (this.#isNew) void this.#host.updateComplete.then(() => this.#begin());
    };
    this.#underWay = undefined;
    if (Object.keys(plan.activities).length < LARGE) return take(layOutFlow(flow, options));
    this.#underWay = import('../../src/inspect/lay-out-aside.js')
      .then(({ layOutAside }) => layOutAside(flow, options))
      .then(({ layout, why }) => {
        if (this.#plan !== plan || this.#laidOut !== wanted) return;
        take(layout, why);
        this.#host.requestUpdate();
        return this.#host.updateComplete;
      });
  }

  #tools(plan: CompiledFlow['plan'], diagnostics: readonly Diagnostic[]): TemplateResult {
    const hasRoles = Object.values(plan.activities).some((a) => a.type === 'user');
    const tool = (label: string, about: string, press: () => unknown): TemplateResult =>
      html`<button type="button" title=${about} @click=${press}>${label}</button>`;
    return html`<div class="tools" role="toolbar" aria-label="Picture">
        ${tool('−', 'Further away (-)', () => this.#zoom.by(1 / 1.25))}
        ${tool('+', 'Closer (+)', () => this.#zoom.by(1.25))}
        ${tool('Fit', 'The whole flow (0)', () => this.#zoom.fit(this.#layout!))}
        ${this.#stands() ? tool('Where it stands', 'To the activity that has failed, runs or waits', () => this.#goTo(this.#stands()!)) : nothing}
        ${
          hasRoles
            ? html`<button
                type="button"
                aria-pressed=${String(this.#lanes)}
                @click=${() => {
                  this.#lanes = !this.#lanes;
                  this.#host.requestUpdate();
                }}
              >
                Lanes
              </button>`
            : nothing
        }
        ${tool('SVG', 'Save the picture as SVG', () => this.#export('save'))}
        ${tool('Print', 'Print the picture', () => this.#export('print'))}
      </div>
      ${diagnostics.length > 0 ? this.faults(diagnostics, plan) : nothing}`;
  }

  /** What the compiler says; without a plan, nothing can be shown on a picture. */
  faults(diagnostics: readonly Diagnostic[], plan?: CompiledFlow['plan']): unknown {
    if (!this.#faults)
      void import('./faults.js').then((module) => {
        if (!this.#faults) this.#host.shadowRoot!.adoptedStyleSheets.push(module.styles.styleSheet!);
        this.#faults = module;
        this.#host.requestUpdate();
      });
    return this.#faults?.render({
      diagnostics,
      chosen: this.#fault,
      plan,
      docs: this.#host.getAttribute('docs'),
      choose: (fault) => this.#blame(fault),
    });
  }

  /** Where something goes on or has stopped, innermost. */
  #stands(): Place | undefined {
    const { marks, flow } = this.#content!;
    const found = (state: string): string[] => [...marks].filter(([, m]) => m.state === state).map(([id]) => id);
    const all = [...found('failed'), ...found('compensating'), ...found('running'), ...found('ready')];
    const id = all.find((a) => flow.plan.activities[a] && flow.plan.activities[a].type !== 'subflow') ?? all[0];
    return id === undefined || !flow.plan.activities[id] ? undefined : { type: 'activity', id };
  }

  /** What the picture on the page shows, if it is this one. */
  #drawnBefore(layout: FlowLayout): Map<string, string> {
    const graph = this.#find<Element>('svg.graph');
    if (!graph || graph !== this.#graph || layout !== this.#drawnLayout) this.#elements = new Map();
    this.#drawnLayout = layout;
    return this.#elements;
  }

  async #begin(): Promise<void> {
    this.#isNew = false;
    await this.#zoom.fit(this.#layout!, 0.6);
    const place = this.#stands();
    if (place) this.#elementOf(place)?.scrollIntoView({ block: 'nearest', inline: 'center' });
  }

  #drawn(): void {
    const content = this.#content;
    const graph = this.#find<SVGElement>('svg.graph');
    this.#graph = graph;
    if (!content || !graph) return;
    const before = this.#before;
    this.#before = content.ways;
    if (before === content.ways || matchMedia('(prefers-reduced-motion: reduce)').matches) return;
    const taken = [...content.ways].filter(([id, way]) => way.taken > (before.get(id)?.taken ?? 0)).map(([id]) => id);
    if (taken.length > 0) void import('./tokens.js').then(({ moveTokens }) => moveTokens(graph, taken));
  }

  #toggle(id: string): void {
    const collapsed = new Set(this.#collapsed);
    if (!collapsed.delete(id)) collapsed.add(id);
    this.#collapsed = collapsed;
    this.#host.requestUpdate();
  }

  #blame(fault: Diagnostic): void {
    this.#fault = fault === this.#fault ? undefined : fault;
    this.#host.requestUpdate();
    const { activities } = this.#plan!;
    const first = fault.ids.find((id) => activities[id]);
    if (first && this.#fault) this.#goTo({ type: 'activity', id: first }, false);
  }

  readonly #onFocus = (event: FocusEvent): void => {
    const place = placeOf(event.target as Element);
    this.#explore();
    if (!place || (place.type === this.#entry?.type && place.id === this.#entry.id)) return;
    this.#entry = place;
    this.#host.requestUpdate();
  };

  readonly #onKey = (event: KeyboardEvent): void => {
    const at = placeOf(event.target as Element);
    const { key } = event;
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const act =
      key === '+'
        ? () => void this.#zoom.by(1.25)
        : key === '-'
          ? () => void this.#zoom.by(1 / 1.25)
          : key === '0'
            ? () => void this.#zoom.fit(this.#layout!)
            : at && (key === 'Enter' || key === ' ')
              ? () => this.#content!.select(at)
              : at?.type === 'activity' && key === 'x' && this.#plan!.activities[at.id]!.type === 'subflow'
                ? () => this.#toggle(at.id)
                : undefined;
    const direction = KEYS[key];
    if (!act && !(direction && at)) return;
    event.preventDefault();
    if (act) return act();
    this.#explore(({ walk }) => {
      const next = walk(this.#plan!, this.#layout!, at!, direction!);
      if (next) this.#goTo(next);
    });
  };

  #explore(use?: (module: typeof import('./exploring.js')) => void): void {
    if (this.#exploring) return use?.(this.#exploring);
    void import('./exploring.js').then((module) => use?.((this.#exploring = module)));
  }

  /** Brings it into view, after opening what it lies in. */
  #goTo(place: Place, hasFocus = true): void {
    const { activities } = this.#plan!;
    const activity =
      place.type === 'activity' ? place.id : connectorsOf(this.#plan!).find((c) => c.id === place.id)!.from;
    const collapsed = new Set(this.#collapsed);
    for (let body = activities[activity]!.body; body !== ''; body = activities[body]!.body) collapsed.delete(body);
    this.#collapsed = collapsed;
    this.#entry = place;
    this.#host.requestUpdate();
    void this.#host.updateComplete.then(async () => {
      if (this.#underWay) await this.#underWay;
      const element = this.#elementOf(place);
      if (hasFocus) element?.focus({ preventScroll: true });
      element?.scrollIntoView({ block: 'nearest', inline: 'nearest' });
    });
  }

  /** The place, if the picture has it. */
  #shown(place: Place | undefined): Place | undefined {
    const all: readonly { readonly id: string }[] | undefined =
      place?.type === 'activity' ? this.#layout?.activities : this.#layout?.connectors;
    return place && all?.some((a) => a.id === place.id) ? place : undefined;
  }

  async #export(how: 'save' | 'print'): Promise<void> {
    const { pictureOf, print, save, textOf } = await import('./picture.js');
    const picture = pictureOf(this.#find<SVGElement>('svg.graph')!, graphStyles.cssText);
    if (how === 'print') print(picture);
    else save(`${this.#content!.flow.definition.flow}.svg`, textOf(picture), 'image/svg+xml');
  }

  #elementOf({ type, id }: Place): SVGElement | null {
    return this.#find<SVGElement>(`[data-${type}=${CSS.escape(id)}]`);
  }

  #find<E extends Element = HTMLElement>(selector: string): E | null {
    return this.#host.shadowRoot!.querySelector<E>(selector);
  }
}

function placeOf(element: Element): Place | undefined {
  const found = element.closest<SVGElement>('[data-activity], [data-connector]');
  if (!found || element.closest('.toggle')) return undefined;
  const { activity, connector } = found.dataset;
  return activity === undefined ? { type: 'connector', id: connector! } : { type: 'activity', id: activity };
}
