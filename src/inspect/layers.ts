// The layers of one body, from left to right, and the order of what stands in each, so that few connectors cross.
import type { Plan, PlannedActivity } from '../compiler/index.js';
import type { FlowLayout } from './layout.js';

export interface Item {
  readonly key: string;
  /** Absent: a connector on its way through the layer. */
  readonly activity?: PlannedActivity;
  readonly inner?: FlowLayout;
  readonly width: number;
  /** With the room that its events' connectors need below. */
  readonly height: number;
  readonly body: number;
  layer: number;
  lane: number;
  /** Order in its layer, then its middle. */
  y: number;
}

export interface Link {
  readonly id: string;
  readonly from: Item;
  readonly to: Item;
  readonly boundary?: string;
  readonly isBack: boolean;
  /** Items of the layers between. */
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
  const items = new Map<string, Item>();
  for (const id of plan.bodies[body]!.activities) {
    const item = itemOf(plan.activities[id]!, inner);
    if (lanes) item.lane = lanes.laneOf(item);
    items.set(id, item);
  }
  const back = backConnectors(plan, body);
  assignLayers(plan, items, back);
  const layers: Item[][] = [];
  for (const item of items.values()) (layers[item.layer] ??= []).push(item);
  for (let i = 0; i < layers.length; i++) layers[i] ??= [];
  const links = linksOf(items, layers, back);
  orderLayers(layers, links);
  return { items: [...items.values()], layers, links };
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
  const width = Math.max(size.width, events * EVENT_WIDTH);
  return {
    key: activity.id,
    activity,
    ...(inner ? { inner } : {}),
    width,
    body: size.body,
    height: size.body + foot,
    layer: 0,
    lane: 0,
    y: 0,
  };
}

function waysOut(activity: PlannedActivity): { id: string; to: string; boundary?: string }[] {
  return [
    ...activity.outgoing.map(({ id, to }) => ({ id, to })),
    ...activity.boundaries.flatMap((b) => b.outgoing.map(({ id, to }) => ({ id, to, boundary: b.definition.id }))),
  ];
}

/** Connectors that close a cycle, found in depth-first order from the starts. Iterative: a flow can be long. */
function backConnectors(plan: Plan, body: string): ReadonlySet<string> {
  const back = new Set<string>();
  const state = new Map<string, 'open' | 'done'>();
  const { starts, activities } = plan.bodies[body]!;
  for (const root of [...starts, ...activities]) {
    if (state.has(root)) continue;
    const path = [{ id: root, next: waysOut(plan.activities[root]!), i: 0 }];
    state.set(root, 'open');
    for (let top = path.at(-1); top; top = path.at(-1)) {
      const way = top.next[top.i++];
      if (!way) {
        state.set(top.id, 'done');
        path.pop();
      } else if (state.get(way.to) === 'open') {
        back.add(way.id);
      } else if (!state.has(way.to)) {
        state.set(way.to, 'open');
        path.push({ id: way.to, next: waysOut(plan.activities[way.to]!), i: 0 });
      }
    }
  }
  return back;
}

/** Each activity as far right as its longest way from a start. */
function assignLayers(plan: Plan, items: ReadonlyMap<string, Item>, back: ReadonlySet<string>): void {
  const waits = new Map<string, number>([...items.keys()].map((id) => [id, 0]));
  const ahead = (id: string): { to: string }[] => waysOut(plan.activities[id]!).filter((w) => !back.has(w.id));
  for (const id of items.keys()) for (const { to } of ahead(id)) waits.set(to, waits.get(to)! + 1);
  const open = [...items.keys()].filter((id) => waits.get(id) === 0);
  for (let i = 0; i < open.length; i++) {
    const item = items.get(open[i]!)!;
    for (const { to } of ahead(open[i]!)) {
      const next = items.get(to)!;
      next.layer = Math.max(next.layer, item.layer + 1);
      waits.set(to, waits.get(to)! - 1);
      if (waits.get(to) === 0) open.push(to);
    }
  }
}

function linksOf(items: ReadonlyMap<string, Item>, layers: Item[][], back: ReadonlySet<string>): Link[] {
  const links: Link[] = [];
  for (const from of items.values()) {
    for (const { id, to: target, boundary } of waysOut(from.activity!)) {
      const to = items.get(target)!;
      const isBack = back.has(id);
      const via: Item[] = [];
      // What goes back runs below, through no layer.
      for (let layer = from.layer + 1; layer < (isBack ? 0 : to.layer); layer++) {
        const item: Item = { key: `${id} ${layer}`, width: 0, height: 10, body: 10, layer, lane: from.lane, y: 0 };
        layers[layer]!.push(item);
        via.push(item);
      }
      links.push({ id, from, to, isBack, via, ...(boundary === undefined ? {} : { boundary }) });
    }
  }
  return links;
}

/** Sweeps right and left; each item goes where its neighbours are on average, so that few connectors cross. */
function orderLayers(layers: readonly Item[][], links: readonly Link[]): void {
  const before = new Map<Item, (readonly [Item, number])[]>();
  const after = new Map<Item, (readonly [Item, number])[]>();
  const note = (map: typeof before, item: Item, near: Item, off: number): void => {
    const all = map.get(item);
    if (all) all.push([near, off]);
    else map.set(item, [[near, off]]);
  };
  for (const { from, to, via, isBack, boundary } of links) {
    if (isBack) continue;
    const chain = [from, ...via, to];
    // What leaves at the lower edge goes below what leaves at the side.
    const off = boundary === undefined ? 0 : 0.4;
    for (let i = 1; i < chain.length; i++) {
      note(before, chain[i]!, chain[i - 1]!, off);
      note(after, chain[i - 1]!, chain[i]!, 0);
    }
  }
  for (const layer of layers) number(layer.sort((a, b) => a.lane - b.lane));
  for (let sweep = 0; sweep < 8; sweep++) {
    const neighbours = sweep % 2 === 0 ? before : after;
    for (const layer of sweep % 2 === 0 ? layers : layers.toReversed()) {
      const wish = new Map<Item, number>();
      for (const item of layer) {
        const near = neighbours.get(item);
        wish.set(item, near ? near.reduce((sum, [n, off]) => sum + n.y + off, 0) / near.length : item.y);
      }
      number(layer.sort((a, b) => a.lane - b.lane || wish.get(a)! - wish.get(b)!));
    }
  }
}

function number(layer: readonly Item[]): void {
  layer.forEach((item, i) => (item.y = i));
}
