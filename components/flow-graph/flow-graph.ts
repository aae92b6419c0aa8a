// `<flow-graph>`: a flow as its author has it, before anything runs: its picture, and what the compiler says of it, shown where
// it is. Also of a flow that cannot run.
import { css, html, LitElement, nothing, type CSSResult, type PropertyDeclarations, type TemplateResult } from 'lit';
import type { FlowDraft } from '../../src/inspect/draft.js';
import type { Place, WayCount } from '../../src/inspect/live.js';
import { frameStyles } from '../flow-inspector/frame-styles.js';
import { graphStyles } from '../flow-inspector/graph-styles.js';
import { GraphView } from '../flow-inspector/graph-view.js';
import { runtimeOf } from '../flow-provider/runtime-of.js';
import { styles as shared } from '../status/styles.js';

const NO_WAYS: ReadonlyMap<string, WayCount> = new Map();

/**
 * Shows the graph of a flow with what the compiler says of it; choosing a diagnostic shows the way to its fault.
 *
 * @tag flow-graph
 * @attr {string} flow - Name of a flow that the page defines, or address of one (`loan.bpmn`, `loan.flow.json`). `definition` comes first.
 * @attr {string} docs - Address of a page that explains the compiler's codes at `#flow-e301` …; without it there are no links.
 * @fires graph-select - Somebody has chosen a part of the picture. Detail `{ activity }` or `{ connector }`, its id.
 * @csspart verdict - Whether the flow can run.
 * @csspart error - Why there is nothing to show.
 */
export class FlowGraph extends LitElement {
  static override styles: CSSResult[] = [
    shared,
    frameStyles,
    graphStyles,
    css`
      :host {
        display: grid;
        grid-template-columns: minmax(0, 1fr);
        gap: 0.5rem;
        padding: 0.75rem;
      }
      [part='verdict'] {
        margin: 0;
        padding: 0.5rem 0.75rem;
        border-inline-start: 4px solid var(--good);
        background: var(--soft);
      }
      [part='verdict'].warned {
        border-color: var(--line);
      }
      [part='verdict'].refused {
        border-color: var(--bad);
      }
      h3 {
        margin: 0;
        font-size: 1rem;
      }
    `,
  ];
  static override properties: PropertyDeclarations = {
    flow: {},
    definition: { attribute: false },
    docs: {},
    draft: { state: true, attribute: false },
    problem: { state: true, attribute: false },
    place: { state: true, attribute: false },
  };

  declare flow: string | undefined;
  /** A flow definition, whatever is wrong with it. */
  declare definition: unknown;
  declare docs: string | undefined;
  /** @internal */
  declare draft: FlowDraft | undefined;
  /** @internal */
  declare problem: string;
  /** @internal */
  declare place: Place | undefined;
  readonly #graph = new GraphView(this);
  #asked = 0;

  constructor() {
    super();
    this.problem = '';
  }

  protected override willUpdate(changed: Map<PropertyKey, unknown>): void {
    if (changed.has('definition') || changed.has('flow')) void this.#read();
  }

  async #read(): Promise<void> {
    const asked = ++this.#asked;
    const { definition, flow } = this;
    if (definition === undefined && flow === undefined) {
      this.draft = undefined;
      return;
    }
    try {
      const [{ draftOf }, given] = await Promise.all([
        import('../../src/inspect/draft.js'),
        definition ?? runtimeOf(this).then((runtime) => runtime.definition(flow!)),
      ]);
      const draft = await draftOf(given);
      // An author who types has gone on meanwhile.
      if (asked !== this.#asked) return;
      this.draft = draft;
      this.problem = '';
      if (this.place?.type === 'activity' && !draft.drawn?.plan.activities[this.place.id]) this.place = undefined;
    } catch (error) {
      if (asked === this.#asked) this.problem = error instanceof Error ? error.message : String(error);
    }
  }

  protected override render(): TemplateResult {
    const { draft, problem } = this;
    if (problem) return html`<p part="error" role="alert">${problem}</p>`;
    if (!draft) return html`<p class="hint">${(this.definition ?? this.flow) ? 'Loading …' : 'No flow is chosen.'}</p>`;
    const { drawn, diagnostics } = draft;
    return html`${this.#verdict(draft)}
    ${
      drawn
        ? this.#graph.render({
            flow: { ...drawn, diagnostics },
            marks: new Map(),
            happened: new Set(),
            ways: NO_WAYS,
            selected: this.place,
            select: (place) => this.#select(place),
          })
        : this.#graph.faults(diagnostics)
    }
    ${this.#chosen()}`;
  }

  #verdict({ diagnostics, canRun }: FlowDraft): TemplateResult {
    const errors = diagnostics.filter((d) => d.severity === 'error').length;
    const warnings = diagnostics.length - errors;
    const count = (n: number, what: string): string => (n === 0 ? '' : `${n} ${what}${n === 1 ? '' : 's'}`);
    const found = [count(errors, 'error'), count(warnings, 'warning')].filter(Boolean).join(' and ');
    const kind = canRun ? (found ? 'warned' : '') : 'refused';
    return html`<p part="verdict" role="status" class=${kind}>
      ${canRun ? 'It can run' : 'It cannot run'}${found ? `: the compiler has found ${found}.` : '.'}
    </p>`;
  }

  #chosen(): TemplateResult | typeof nothing {
    const activity = this.place?.type === 'activity' ? this.draft?.drawn?.plan.activities[this.place.id] : undefined;
    if (!activity) return nothing;
    return html`<h3>${activity.name}</h3>
      <pre tabindex="0" role="region" aria-label=${`Definition of ${activity.name}`}>
${JSON.stringify(activity.definition, null, 2)}</pre>`;
  }

  #select(place: Place | undefined): void {
    this.place = place;
    if (place)
      this.dispatchEvent(new CustomEvent('graph-select', { detail: { [place.type]: place.id }, bubbles: true }));
  }
}
