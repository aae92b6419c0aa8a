// A flow as an SVG picture that stands alone: light or dark as its reader wants, with texts that can be read out.
import type { CompiledFlow, PlannedActivity } from '../compiler/index.js';
import { labelOn, lineThrough, round } from './connector-line.js';
import { layOutFlow, type Layouter, type PlacedActivity, type PlacedConnector } from './layout.js';
import { escape } from './svg-text.js';

export interface SvgOptions {
  readonly layouter?: Layouter;
}

const STYLE = `
  svg { --ink: #1f2933; --line: #52606d; --fill: #ffffff; --soft: #f0f4f8; --mark: #0b69a3; background: var(--fill);
    font: 13px system-ui, sans-serif; }
  @media (prefers-color-scheme: dark) { svg { --ink: #f0f4f8; --line: #9fb3c8; --fill: #16202c; --soft: #22303f; --mark: #62b0e8; } }
  text { fill: var(--ink); } .small { font-size: 11px; fill: var(--line); }
  .activity, .event { fill: var(--fill); stroke: var(--ink); stroke-width: 1.4; } .box { fill: var(--soft); stroke: var(--line); }
  .user { stroke: var(--mark); stroke-width: 2; } .aside { stroke-dasharray: 5 4; } .beside { stroke-dasharray: 3 2; }
  .connector { fill: none; stroke: var(--line); stroke-width: 1.4; } .tip { fill: var(--line); }
  .label { paint-order: stroke; stroke: var(--fill); stroke-width: 4px; }`;

/** The picture of a flow as SVG text. */
export function svgGraph(flow: CompiledFlow, { layouter = layOutFlow }: SvgOptions = {}): string {
  const { width, height, activities, connectors } = layouter(flow);
  const { definition, plan } = flow;
  const title = definition.title ?? definition.flow;
  const byId = new Map(Object.values(plan.activities).flatMap((a) => ways(a).map((c) => [c.id, c] as const)));
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" role="img" aria-labelledby="t d" viewBox="0 0 ${round(width)} ${round(height)}" width="${round(width)}" height="${round(height)}">`,
    `<title id="t">${escape(title)}</title>`,
    `<desc id="d">${escape(inWords(flow))}</desc>`,
    `<style>${STYLE}</style>`,
    '<defs><marker id="tip" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="8" markerHeight="8" orient="auto"><path class="tip" d="M0 0 8 4 0 8z"/></marker></defs>',
    ...activities
      .filter((a) => plan.activities[a.id]!.type === 'subflow')
      .map((a) => drawBox(a, plan.activities[a.id]!)),
    ...connectors.map((c) => drawConnector(c, byId.get(c.id))),
    ...activities
      .filter((a) => plan.activities[a.id]!.type !== 'subflow')
      .map((a) => drawActivity(a, plan.activities[a.id]!)),
    ...activities.flatMap((a) => drawEvents(a, plan.activities[a.id]!)),
    '</svg>',
  ].join('\n');
}

interface Way {
  readonly id: string;
  readonly condition?: string;
  readonly isDefault: boolean;
}

function ways(activity: PlannedActivity): readonly Way[] {
  return [...activity.outgoing, ...activity.boundaries.flatMap((b) => b.outgoing)];
}

function drawBox(at: PlacedActivity, activity: PlannedActivity): string {
  const kind = activity.aside ? ' aside' : '';
  return `<g><rect class="box${kind}" x="${round(at.x)}" y="${round(at.y)}" width="${round(at.width)}" height="${round(at.height)}" rx="8"/><text class="small" x="${round(at.x + 10)}" y="${round(at.y + 15)}">${escape(titleOf(activity))}</text></g>`;
}

function drawActivity(at: PlacedActivity, activity: PlannedActivity): string {
  const [x, y] = [at.x + at.width / 2, at.y + at.height / 2];
  const hint = `<title>${escape(`${activity.name} (${activity.type})`)}</title>`;
  if (activity.type === 'route') {
    const mark = { xor: '×', and: '+', or: '○' }[gateOf(activity)];
    const half = at.width / 2;
    const name =
      activity.name === activity.id
        ? ''
        : `<text class="small" text-anchor="middle" x="${round(x)}" y="${round(at.y - 5)}">${escape(short(activity.name, 26))}</text>`;
    return `<g>${hint}<path class="activity" d="M${round(x)} ${round(y - half)} ${round(x + half)} ${round(y)} ${round(x)} ${round(y + half)} ${round(x - half)} ${round(y)}z"/><text text-anchor="middle" dominant-baseline="central" x="${round(x)}" y="${round(y)}">${mark}</text>${name}</g>`;
  }
  const kinds = [activity.type === 'user' ? ' user' : '', activity.aside ? ' aside' : ''].join('');
  const below = noteOf(activity);
  return `<g>${hint}<rect class="activity${kinds}" x="${round(at.x)}" y="${round(at.y)}" width="${round(at.width)}" height="${round(at.height)}" rx="${activity.type === 'wait' || activity.type === 'receive' ? 22 : 6}"/><text text-anchor="middle" x="${round(x)}" y="${round(y + (below ? -2 : 4))}">${escape(short(activity.name, 24))}</text>${below ? `<text class="small" text-anchor="middle" x="${round(x)}" y="${round(y + 13)}">${escape(short(below, 28))}</text>` : ''}</g>`;
}

/** What a reader wants to know besides the name. */
function noteOf({ type, definition: d, loop }: PlannedActivity): string {
  if (loop) return `${loop.kind} ${loop.kind === 'forEach' ? loop.items : loop.condition}`;
  if (type === 'user') return d.role ?? '';
  if (type === 'wait') return d.after ?? d.until ?? d.when ?? '';
  if (type === 'send' || type === 'receive') return d.message?.name ?? '';
  if (type === 'call') return d.calls ?? '';
  return d.implementation?.ref ?? '';
}

function titleOf(activity: PlannedActivity): string {
  const { loop, triggers, name } = activity;
  const marks = [
    loop ? `${loop.kind} ${loop.kind === 'forEach' ? loop.items : loop.condition}` : '',
    triggers.length > 0 ? `on ${triggers.map((t) => t.definition.event).join(' or ')}` : '',
  ].filter(Boolean);
  return [name, ...marks].join(' · ');
}

function gateOf({ split, join, outgoing }: PlannedActivity): 'xor' | 'and' | 'or' {
  if (outgoing.length > 1) return split;
  return typeof join === 'object' ? 'or' : join;
}

function drawEvents(at: PlacedActivity, activity: PlannedActivity): string[] {
  return activity.boundaries.map(({ definition: b, interrupting }) => {
    const p = at.events[b.id]!;
    const sign = { timer: '◷', error: '!', escalation: '↑', message: '✉', condition: '?', cancel: '×' }[b.event];
    const name = b.name ?? b.id;
    return `<g><title>${escape(`${name} (${b.event})`)}</title><circle class="event${interrupting ? '' : ' beside'}" cx="${round(p.x)}" cy="${round(p.y)}" r="9"/><text class="small" text-anchor="middle" dominant-baseline="central" x="${round(p.x)}" y="${round(p.y)}">${sign}</text><text class="small label" x="${round(p.x + 12)}" y="${round(p.y + 16)}">${escape(short(name, 18))}</text></g>`;
  });
}

function drawConnector({ points }: PlacedConnector, way: Way | undefined): string {
  const text = way?.condition ?? (way?.isDefault ? 'else' : '');
  const at = labelOn(points);
  const label =
    text === ''
      ? ''
      : `<text class="small label" text-anchor="middle" x="${round(at.x)}" y="${round(at.y)}">${escape(short(text, 22))}</text>`;
  return `<g>${way ? `<title>${escape(text || way.id)}</title>` : ''}<path class="connector" marker-end="url(#tip)" d="${lineThrough(points)}"/>${label}</g>`;
}

/** For those who cannot see it: each activity and what follows. */
function inWords({ plan }: CompiledFlow): string {
  const name = (id: string): string => plan.activities[id]!.name;
  return Object.values(plan.activities)
    .map((a) => {
      const next =
        ways(a).length === 0
          ? 'ends'
          : `leads to ${[...a.outgoing, ...a.boundaries.flatMap((b) => b.outgoing)].map((c) => name(c.to) + (c.condition === undefined ? '' : ` if ${c.condition}`)).join(', ')}`;
      return `${a.name} ${next}.`;
    })
    .join(' ');
}

function short(text: string, most: number): string {
  const flat = text.replaceAll(/\s+/g, ' ');
  return flat.length > most ? `${flat.slice(0, most - 1)}…` : flat;
}
