// The layers of one body, from left to right: what stands in which, and through which each connector runs.
import type { Plan, PlannedActivity } from '../compiler/index.js';
import { loopsIn, waysOf, type Way } from './back-ways.js';
import type { FlowLayout } from './layout.js';
import { orderLayers } from './order-layers.js';

export interface Item {
  readonly key: string;
  /** Absent: a connector on its way through the layer. */
  readonly activity?: PlannedActivity;
  readonly inner?: FlowLayout;
  readonly width: number;
  /** With the room that its events' connectors need below. */
  readonly height: number;
  readonly body: number;
  /** Room at its sides, where connectors that go back turn. */
  turn: number;
  layer: number;
  lane: number;
  /** Order in its layer, then its middle. */
  y: number;
}

export interface Link extends Way {
  /** Items of the layers that it runs through, in its direction; what goes back runs past both its ends, too. */
  readonly via: readonly Item[];
}

export interface Layered {
  readonly items: readonly Item[];
  readonly layers: readonly (readonly Item[])[];
  readonly links: readonly Link[];
}

export interface Lanes {
  readonly roles: readonly string[];
  /** Index in `roles`. */
  laneOf(item: Item): number;
}

/** Space inside boxes. */
export const INSIDE = { side: 18, title: 22 };

/** Room for an event and its name. */
const EVENT_WIDTH = 74;

export function layersOf(
  plan: Plan,
  body: string,
  inner: (subflow: string) => FlowLayout | undefined,
  lanes: Lanes | undefined,
): Layered {
  const { activities, starts } = plan.bodies[body]!;
  const byId = new Map<string, Item>();
  for (const id of activities) {
    const item = itemOf(plan.activities[id]!, inner);
    if (lanes) item.lane = lanes.laneOf(item);
    byId.set(id, item);
  }
  const items = [...byId.values()];
  const ways = waysOf(byId, starts);
  assignLayers(items, ways);
  const layers: Item[][] = [];
  for (const item of items) (layers[item.layer] ??= []).push(item);
  const links = ways.map((way) => linkOf(way, layers));
  orderLayers(layers, items, links);
  return { items, layers, links };
}

function itemOf(activity: PlannedActivity, innerOf: (subflow: string) => FlowLayout | undefined): Item {
  const inner = activity.type === 'subflow' ? innerOf(activity.id) : undefined;
  const size = inner
    ? { width: inner.width + 2 * INSIDE.side, body: inner.height + INSIDE.side + INSIDE.title }
    : activity.type === 'route'
      ? { width: 36, body: 36 }
      : { width: Math.min(190, Math.max(92, activity.name.length * 7.2 + 26)), body: 44 };
  const events = activity.boundaries.length;
  const foot = events > 0 ? 22 + 8 * events : 0;
  return {
    key: activity.id,
    activity,
    ...(inner ? { inner } : {}),
    width: Math.max(size.width, events * EVENT_WIDTH),
    body: size.body,
    height: size.body + foot,
    turn: 0,
    layer: 0,
    lane: 0,
    y: 0,
  };
}

/**
 * Each activity as far right as its longest way from a start; what follows a loop, right of all of the loop, so that nothing
 * that leaves it has to cross what goes back.
 */
function assignLayers(items: readonly Item[], ways: readonly Way[]): void {
  const forward = ways.filter((way) => !way.isBack);
  const beyond = loopsIn(ways).flatMap(({ end, members }) =>
    forward.filter(({ from, to }) => members.has(from) && !members.has(to)).map(({ to }) => ({ from: end, to })),
  );
  // Loops with more than one entry may want each other's ends on their left.
  if (!ranked(items, [...forward, ...beyond])) ranked(items, forward);
}

/** False when they go in a circle. */
function ranked(items: readonly Item[], ways: readonly { readonly from: Item; readonly to: Item }[]): boolean {
  const ahead = new Map<Item, Item[]>(items.map((item) => [item, []]));
  const waits = new Map<Item, number>();
  for (const { from, to } of ways) {
    ahead.get(from)!.push(to);
    waits.set(to, (waits.get(to) ?? 0) + 1);
  }
  for (const item of items) item.layer = 0;
  const open = items.filter((item) => !waits.has(item));
  for (const item of open) {
    for (const next of ahead.get(item)!) {
      next.layer = Math.max(next.layer, item.layer + 1);
      waits.set(next, waits.get(next)! - 1);
      if (waits.get(next) === 0) open.push(next);
    }
  }
  return open.length === items.length;
}

function linkOf(way: Way, layers: Item[][]): Link {
  const { id, from, to, isBack } = way;
  const [first, last] = isBack ? [to.layer, from.layer] : [from.layer + 1, to.layer - 1];
  const via: Item[] = [];
  for (let layer = first; layer <= last; layer++) {
    const item: Item = { key: `${id} ${layer}`, width: 0, height: 10, body: 10, turn: 0, layer, lane: from.lane, y: 0 };
    layers[layer]!.push(item);
    via.push(item);
  }
  return { ...way, via: isBack ? via.reverse() : via };
}
