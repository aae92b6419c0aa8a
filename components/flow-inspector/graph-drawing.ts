// The graph of a flow as SVG, with what happened to an instance on it: told by sign, line and words, never by colour alone.
import { html, noChange, nothing, svg, type SVGTemplateResult, type TemplateResult } from 'lit';
import { labelOn, lineThrough, type FlowLayout, type Place, type WayCount } from '../../src/inspect/live.js';
import type { CompiledFlow } from '../../src/runtime/index.js';

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

type Activity = CompiledFlow['plan']['activities'][string];
type Connector = Activity['outgoing'][number];

/** What is written on an activity, besides its name. */
export interface Mark {
  readonly state: string;
  readonly completed: number;
  readonly failure?: string;
  /** `2 of 3` rounds of its loop. */
  readonly loop?: string;
  /** Which ways its join still waits for. */
  readonly join?: string;
}

export interface Drawing {
  readonly title: string;
  readonly plan: CompiledFlow['plan'];
  readonly layout: FlowLayout;
  readonly scale: number;
  readonly marks: ReadonlyMap<string, Mark>;
  /** Boundary events that have happened, `A.late`. */
  readonly happened: ReadonlySet<string>;
  readonly connectors: readonly Connector[];
  readonly ways: ReadonlyMap<string, WayCount>;
  /** Elements that a diagnostic is about, and those on the way to its fault. */
  readonly blamed: ReadonlySet<string>;
  readonly witness: ReadonlySet<string>;
  /** No instance: nothing could have happened. */
  readonly isBare: boolean;
  readonly selected: Place | undefined;
  /** Where the Tab key enters; the arrow keys go on from there. */
  readonly entry: Place | undefined;
  /** What was drawn of each element the last time, to leave alone what is still so; empty for a new picture. */
  readonly before: Map<string, string>;
  select(place: Place): void;
  toggle(subflow: string): void;
  look(connector: string | undefined): void;
}

export function draw(drawing: Drawing): TemplateResult {
  const { layout, plan, scale, title } = drawing;
  const { width, height, activities, connectors } = layout;
  const byId = new Map(drawing.connectors.map((c) => [c.id, c]));
  const isBox = (id: string): boolean => plan.activities[id]!.type === 'subflow';
  return html`<svg
    class="graph"
    viewBox=${`0 0 ${width} ${height}`}
    width=${Math.round(width * scale)}
    height=${Math.round(height * scale)}
    role="group"
    aria-label=${`Graph of ${title}. Arrow keys go along the connectors.`}
  >
    ${layout.lanes?.map(
      ({ role, y, height: h }) =>
        svg`<g class="lane"><rect x="2" y=${y} width=${width - 4} height=${h}/><text class="small" x="8" y=${y + 13}>${role || 'by itself'}</text></g>`,
    )}
    ${activities.filter((a) => isBox(a.id)).map((a) => activityOf(drawing, a))}
    ${connectors.map((c) => connectorOf(drawing, c, byId.get(c.id)))}
    ${activities.filter((a) => !isBox(a.id)).map((a) => activityOf(drawing, a))}
    ${activities.filter((a) => isBox(a.id)).map((a) => toggleOf(drawing, a))}
    ${activities.flatMap((a) =>
      Object.entries(a.events).map(([id, p]) => {
        const has = drawing.happened.has(`${a.id}.${id}`);
        return svg`<g class=${has ? 'event happened' : 'event'}><title>${a.id}.${id}${has ? ': happened' : ''}</title><circle cx=${p.x} cy=${p.y} r="8"/><text class="small" x=${p.x + 11} y=${p.y + 14}>${has ? '✓ ' : ''}${short(id)}</text></g>`;
      }),
    )}
  </svg>`;
}

type Drawn = SVGTemplateResult | typeof noChange;

/** Of hundreds of elements, a step changes a few. */
function unless(drawing: Drawing, key: string, now: string, draws: () => SVGTemplateResult): Drawn {
  if (drawing.before.get(key) === now) return noChange;
  drawing.before.set(key, now);
  return draws();
}

type Placed = FlowLayout['activities'][number];

function activityOf(drawing: Drawing, at: Placed): Drawn {
  const { plan, marks, selected, entry, blamed, witness } = drawing;
  const activity = plan.activities[at.id]!;
  const mark = marks.get(at.id);
  const state = mark?.state ?? 'not started';
  const told = [drawing.isBare ? activity.type : state + often(mark?.completed ?? 0), mark?.loop, mark?.join]
    .filter(Boolean)
    .join(', ');
  const isRoute = activity.type === 'route';
  const isOpenBox = activity.type === 'subflow' && !at.isCollapsed;
  const middle = at.x + at.width / 2;
  const kinds = [
    'node',
    state.replace(' ', '-'),
    isOpenBox ? 'box' : '',
    blamed.has(at.id) ? 'blamed' : '',
    witness.has(at.id) ? 'witness' : '',
  ];
  const is = (place: Place | undefined): boolean => place?.type === 'activity' && place.id === at.id;
  const note = mark?.loop ?? mark?.join ?? (isRoute ? '' : noteOf(activity));
  const y = at.y + at.height / 2;
  const now = [told, ...kinds, note, is(entry), is(selected), mark?.failure, mark?.completed, !mark].join();
  // What is not its name stands beside the button: the button is called as what it shows.
  return unless(
    drawing,
    at.id,
    now,
    () => svg`<g class="spot"><g role="button" tabindex=${is(entry) ? 0 : -1} aria-pressed=${String(is(selected))} data-activity=${at.id}
      aria-label=${`${activity.name}: ${told}`} class=${kinds.filter(Boolean).join(' ')}
      @click=${() => drawing.select({ type: 'activity', id: at.id })}>
      <title>${activity.name}: ${told}${mark?.failure ? ` (${mark.failure})` : ''}</title>
      ${
        isRoute
          ? svg`<path d=${`M${middle} ${at.y}l${at.width / 2} ${at.height / 2}-${at.width / 2} ${at.height / 2}-${at.width / 2}-${at.height / 2}z`}/>`
          : svg`<rect x=${at.x} y=${at.y} width=${at.width} height=${at.height} rx=${activity.type === 'wait' || activity.type === 'receive' ? 20 : 6}/>`
      }
      ${isRoute ? nothing : svg`<text x=${isOpenBox ? at.x + 30 : middle} y=${isOpenBox ? at.y + 15 : y + (note ? -2 : 4)} text-anchor=${isOpenBox ? 'start' : 'middle'}>${short(activity.name)}</text>`}
    </g>
    <g aria-hidden="true">
      ${
        isRoute
          ? svg`<text x=${middle} y=${y + 4} text-anchor="middle">${gateOf(activity)}</text>`
          : note
            ? svg`<text class="small plain" x=${isOpenBox ? at.x + at.width - 12 : middle} y=${isOpenBox ? at.y + 15 : y + 13} text-anchor=${isOpenBox ? 'end' : 'middle'}>${short(note)}</text>`
            : nothing
      }
      ${isRoute && activity.name !== at.id ? svg`<text class="small" x=${middle} y=${at.y - 9} text-anchor="middle">${short(activity.name)}</text>` : nothing}
      ${isRoute && note ? svg`<text class="small" x=${middle} y=${at.y + at.height + 14} text-anchor="middle">${note}</text>` : nothing}
      ${mark ? svg`<circle class="badge" cx=${at.x + at.width - 2} cy=${at.y + 2} r="9"/><text class="sign" x=${at.x + at.width - 2} y=${at.y + 6} text-anchor="middle">${SIGNS[state] ?? '?'}</text>` : nothing}
      ${(mark?.completed ?? 0) > 1 ? svg`<text class="small" x=${at.x + 4} y=${at.y - 4}>×${mark!.completed}</text>` : nothing}
    </g></g>`,
  );
}

/** Who does it, or what it waits for. */
function noteOf({ type, definition: d, loop }: Activity): string {
  if (loop) return loop.kind === 'forEach' ? `for each of ${loop.items}` : `${loop.kind} ${loop.condition}`;
  if (type === 'user') return d.role ?? '';
  if (type === 'wait') return d.after ?? d.until ?? d.when ?? '';
  if (type === 'send' || type === 'receive') return d.message?.name ?? '';
  return type === 'call' ? (d.calls ?? '') : '';
}

function gateOf({ split, join, outgoing }: Activity): string {
  const kind = outgoing.length > 1 ? split : typeof join === 'object' ? 'or' : join;
  return { xor: '×', and: '+', or: '○' }[kind];
}

/** Outside the box's own button, so that no button lies in another. */
function toggleOf(drawing: Drawing, at: Placed): SVGTemplateResult {
  const { name } = drawing.plan.activities[at.id]!;
  const isOpen = !at.isCollapsed;
  // Where it hides no name.
  const [x, y] = isOpen ? [at.x + 6, at.y + 4] : [at.x - 6, at.y - 6];
  return svg`<g class="toggle" role="button" tabindex="-1" aria-expanded=${String(isOpen)} aria-label=${`Inside of ${name}`}
    @click=${() => drawing.toggle(at.id)}><title>${isOpen ? 'Hide what is inside' : 'Show what is inside'}</title>
    <rect x=${x} y=${y} width="16" height="16" rx="3"/><path d=${`M${x + 4} ${y + 8}h8${isOpen ? '' : 'm-4 -4v8'}`}/></g>`;
}

function connectorOf(
  drawing: Drawing,
  { id, points }: FlowLayout['connectors'][number],
  way: Connector | undefined,
): Drawn {
  const { ways, plan, selected, entry, blamed, witness } = drawing;
  const { taken = 0, dead = 0 } = ways.get(id) ?? {};
  const is = taken > 0 ? 'taken' : dead > 0 ? 'dead' : 'connector';
  const text = way?.condition ?? (way?.isDefault ? 'else' : '');
  const happened = [taken > 0 ? `taken${often(taken)}` : '', dead > 0 ? `not taken${often(dead)}` : ''].filter(Boolean);
  const told = [text || id, ...happened].join(', ');
  const name = (activity: string | undefined): string => plan.activities[activity ?? '']?.name ?? '';
  const kinds = ['way', is, blamed.has(id) ? 'blamed' : '', witness.has(id) ? 'witness' : ''].filter(Boolean);
  const isAt = (place: Place | undefined): boolean => place?.type === 'connector' && place.id === id;
  const end = points.at(-1)!;
  const path = lineThrough(points);
  const label = labelOn(points);
  const now = [told, ...kinds, isAt(entry), isAt(selected)].join();
  return unless(
    drawing,
    `> ${id}`,
    now,
    () => svg`<g class=${kinds.join(' ')} data-connector=${id} role="button" tabindex=${isAt(entry) ? 0 : -1}
      aria-pressed=${String(isAt(selected))} aria-label=${`From ${name(way?.from)} to ${name(way?.to)}: ${told}`}
      @click=${() => drawing.select({ type: 'connector', id })}
      @pointerenter=${() => drawing.look(id)} @pointerleave=${() => drawing.look(undefined)}
      @focus=${() => drawing.look(id)} @blur=${() => drawing.look(undefined)}>
      <title>${told}</title><path class="near" d=${path}/><path class="line" d=${path}/><path class="tip" d=${`M${end.x} ${end.y}l-8 -4v8z`}/>
      ${is === 'dead' ? svg`<path class="cut" d=${`M${end.x - 20} ${end.y - 4}l8 8m0 -8l-8 8`}/>` : nothing}
    </g>
    <g aria-hidden="true">
      ${taken > 1 ? svg`<text class="small" text-anchor="end" x=${end.x - 20} y=${end.y - 6}>×${taken}</text>` : nothing}
      ${text ? svg`<text class="small" text-anchor="middle" x=${label.x} y=${label.y}>${short(text)}</text>` : nothing}
    </g>`,
  );
}

function often(count: number): string {
  return count > 1 ? `, ${count} times` : '';
}

function short(text: string): string {
  return text.length > 24 ? `${text.slice(0, 23)}…` : text;
}
