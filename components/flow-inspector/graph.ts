// The graph of a flow with the states of its activities on it: by sign, line and colour, never by colour alone.
import { html, nothing, svg, type SVGTemplateResult, type TemplateResult } from 'lit';
import { layOutFlow, type FlowLayout, type Point, type WayCount } from '../../src/inspect/index.js';
import type { CompiledFlow } from '../../src/runtime/index.js';
import type { Moment } from './moment.js';

const SIGNS: Readonly<Record<string, string>> = {
  completed: '✓',
  running: '▶',
  ready: '…',
  failed: '!',
  skipped: '–',
  terminated: '×',
  compensating: '↶',
  compensated: '↶',
};

const layouts = new WeakMap<CompiledFlow, FlowLayout>();

export function graphOf(
  flow: CompiledFlow,
  { activities: states }: Pick<Moment, 'activities'>,
  gone: ReadonlyMap<string, WayCount>,
  selected: string | undefined,
  select: (id: string) => void,
): TemplateResult {
  let layout = layouts.get(flow);
  if (!layout) layouts.set(flow, (layout = layOutFlow(flow)));
  const { width, height, activities, connectors } = layout;
  const ways = new Map(
    Object.values(flow.plan.activities).flatMap((a) =>
      [...a.outgoing, ...a.boundaries.flatMap((b) => b.outgoing)].map((c) => [c.id, c] as const),
    ),
  );
  const isDone = (id: string): boolean => (states.get(id)?.completed ?? 0) > 0;
  const node = (at: (typeof activities)[number]): SVGTemplateResult => {
    const activity = flow.plan.activities[at.id]!;
    const is = states.get(at.id);
    const state = is?.state ?? 'not started';
    const often = times(is?.completed ?? 0);
    const isBox = activity.type === 'subflow';
    const middle = at.x + at.width / 2;
    return svg`<g role="button" tabindex="0" aria-pressed=${String(selected === at.id)}
        aria-label=${`${activity.name}: ${state}${often}`} class=${`node ${state.replace(' ', '-')} ${isBox ? 'box' : ''}`}
        @click=${(e: Event) => (e.stopPropagation(), select(at.id))}
        @keydown=${(e: KeyboardEvent) => {
          if (e.key !== 'Enter' && e.key !== ' ') return;
          e.preventDefault();
          select(at.id);
        }}>
        <title>${activity.name}: ${state}${often}${is?.failure ? ` (${is.failure})` : ''}</title>
        ${
          activity.type === 'route'
            ? svg`<path d=${`M${middle} ${at.y}l${at.width / 2} ${at.height / 2}-${at.width / 2} ${at.height / 2}-${at.width / 2}-${at.height / 2}z`}/>`
            : svg`<rect x=${at.x} y=${at.y} width=${at.width} height=${at.height} rx="6"/>`
        }
        ${activity.type === 'route' ? nothing : svg`<text x=${isBox ? at.x + 10 : middle} y=${isBox ? at.y + 15 : at.y + at.height / 2 + 4} text-anchor=${isBox ? 'start' : 'middle'}>${short(activity.name)}</text>`}
        ${is ? svg`<circle class="badge" cx=${at.x + at.width - 2} cy=${at.y + 2} r="9"/><text class="sign" x=${at.x + at.width - 2} y=${at.y + 6} text-anchor="middle">${SIGNS[state] ?? '?'}</text>` : nothing}
        ${(is?.completed ?? 0) > 1 ? svg`<text class="small" x=${at.x + 4} y=${at.y - 4}>×${is!.completed}</text>` : nothing}
      </g>`;
  };
  return html`<svg
    class="graph"
    viewBox=${`0 0 ${width} ${height}`}
    width=${width}
    height=${height}
    role="group"
    aria-label=${`Graph of ${flow.definition.title ?? flow.definition.flow}`}
  >
    ${activities.filter((a) => flow.plan.activities[a.id]!.type === 'subflow').map(node)}
    ${connectors.map(({ id, points, isBack }) => {
      const way = ways.get(id);
      const { taken, dead } = gone.get(id) ?? { taken: 0, dead: 0 };
      const is = taken > 0 ? 'taken' : dead > 0 ? 'dead' : 'connector';
      const text = way?.condition ?? (way?.isDefault ? 'else' : '');
      const happened = [taken > 0 ? `taken${times(taken)}` : '', dead > 0 ? `not taken${times(dead)}` : ''].filter(
        Boolean,
      );
      return svg`<g class=${is} data-connector=${id}><title>${[text || id, ...happened].join(', ')}</title><path d=${pathOf(points, isBack)}/>
        <path class="tip" d=${tipAt(points)}/>${is === 'dead' ? svg`<path class="cut" d=${cutAt(points)}/>` : nothing}${taken > 1 ? svg`<text class="small" text-anchor="end" x=${points.at(-1)!.x - 12} y=${points.at(-1)!.y - 6}>×${taken}</text>` : nothing}${text ? svg`<text class="small" text-anchor="middle" x=${labelAt(points).x} y=${labelAt(points).y}>${short(text)}</text>` : nothing}</g>`;
    })}
    ${activities.filter((a) => flow.plan.activities[a.id]!.type !== 'subflow').map(node)}
    ${activities.flatMap((a) =>
      Object.entries(a.events).map(([id, p]) => {
        const has = isDone(`${a.id}.${id}`);
        return svg`<g class=${has ? 'event happened' : 'event'}><title>${a.id}.${id}${has ? ': happened' : ''}</title><circle cx=${p.x} cy=${p.y} r="8"/><text class="small" x=${p.x + 11} y=${p.y + 14}>${short(id)}</text></g>`;
      }),
    )}
  </svg>`;
}

function pathOf(points: readonly Point[], isBack: boolean): string {
  return points
    .map((p, i) => {
      const before = points[i - 1];
      if (!before) return `M${p.x} ${p.y}`;
      if (isBack || before.x === p.x || before.y === p.y) return `L${p.x} ${p.y}`;
      const bend = Math.max(12, (p.x - before.x) / 2);
      return `C${before.x + bend} ${before.y} ${p.x - bend} ${p.y} ${p.x} ${p.y}`;
    })
    .join('');
}

/** Near where the connector leaves, but after the ways have parted. */
function labelAt(points: readonly Point[]): Point {
  const at = points.findIndex((p, i) => i > 0 && p.x !== points[i - 1]!.x);
  const [a, b] = [points[at - 1]!, points[at]!];
  return { x: (a.x + b.x) / 2, y: (a.y + b.y) / 2 - 5 };
}

function tipAt(points: readonly Point[]): string {
  const end = points.at(-1)!;
  return `M${end.x} ${end.y}l-8 -4v8z`;
}

/** A cross over the end of what was not taken: told without colour. */
function cutAt(points: readonly Point[]): string {
  const { x, y } = points.at(-1)!;
  return `M${x - 20} ${y - 4}l8 8m0 -8l-8 8`;
}

function times(count: number): string {
  return count > 1 ? `, ${count} times` : '';
}

function short(text: string): string {
  return text.length > 24 ? `${text.slice(0, 23)}…` : text;
}
