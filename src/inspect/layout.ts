// Where everything lies in a picture of a flow: left to right in layers (Sugiyama, Tagawa, Toda, "Methods for visual
// understanding of hierarchical system structures", 1981), a subflow as a box with a layout of its own inside. Connectors that
// go back run below. Pure numbers: the drawing is somebody else's.
import type { CompiledFlow, Plan, PlannedActivity } from '../compiler/index.js';

export interface Point {
  readonly x: number;
  readonly y: number;
}
export interface Box extends Point {
  readonly width: number;
  readonly height: number;
}
export interface PlacedActivity extends Box {
  readonly id: string;
  /** Boundary events, on the lower edge: centre points by event id. */
  readonly events: Readonly<Record<string, Point>>;
}
export interface PlacedConnector {
  readonly id: string;
  readonly points: readonly Point[];
  /** It goes back. */
  readonly isBack: boolean;
}
export interface FlowLayout {
  readonly width: number;
  readonly height: number;
  /** Outer boxes before what lies in them. */
  readonly activities: readonly PlacedActivity[];
  readonly connectors: readonly PlacedConnector[];
}

/** Room for an event and its name. */
const EVENT_WIDTH = 74;

/** Puts the parts of a flow into a picture, in px. Another layout engine can take its place. */
export type Layouter = (flow: CompiledFlow) => FlowLayout;

const GAP = { layer: 78, row: 26, inside: 18, title: 22, back: 18 };

export const layOutFlow: Layouter = ({ plan }) => {
  const { width, height, activities, connectors } = layOutBody(plan, '');
  return { width, height, activities, connectors };
};

interface Item {
  readonly key: string;
  readonly activity?: PlannedActivity;
  readonly inner?: FlowLayout;
  readonly width: number;
  /** With the room that its events' connectors need below. */
  readonly height: number;
  readonly body: number;
  layer: number;
  /** Order in its layer, then its middle. */
  y: number;
}
interface Link {
  readonly id: string;
  readonly from: Item;
  readonly to: Item;
  readonly boundary?: string;
  readonly isBack: boolean;
  /** Items of the layers between. */
  readonly via: Item[];
}

function layOutBody(plan: Plan, body: string): FlowLayout {
  const items = new Map<string, Item>();
  for (const id of plan.bodies[body]!.activities) items.set(id, itemOf(plan, plan.activities[id]!));
  const back = backConnectors(plan, body);
  assignLayers(plan, items, back);
  const layers: Item[][] = [];
  for (const item of items.values()) (layers[item.layer] ??= []).push(item);
  for (let i = 0; i < layers.length; i++) layers[i] ??= [];
  const links = linksOf(plan, items, layers, back);
  orderLayers(layers, links);
  return place(layers, links, [...items.values()]);
}

function itemOf(plan: Plan, activity: PlannedActivity): Item {
  const inner = activity.type === 'subflow' ? layOutBody(plan, activity.id) : undefined;
  const size = inner
    ? { width: inner.width + 2 * GAP.inside, body: inner.height + GAP.inside + GAP.title }
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

function linksOf(plan: Plan, items: ReadonlyMap<string, Item>, layers: Item[][], back: ReadonlySet<string>): Link[] {
  const links: Link[] = [];
  for (const from of items.values()) {
    for (const { id, to: target, boundary } of waysOut(from.activity!)) {
      const to = items.get(target)!;
      const isBack = back.has(id);
      const via: Item[] = [];
      // What goes back runs below, through no layer.
      for (let layer = from.layer + 1; layer < (isBack ? 0 : to.layer); layer++) {
        const item: Item = { key: `${id} ${layer}`, width: 0, height: 10, body: 10, layer, y: 0 };
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
  const before = new Map<Item, Item[]>();
  const after = new Map<Item, Item[]>();
  for (const { from, to, via, isBack } of links) {
    if (isBack) continue;
    const chain = [from, ...via, to];
    chain.slice(1).forEach((item, i) => {
      before.set(item, [...(before.get(item) ?? []), chain[i]!]);
      after.set(chain[i]!, [...(after.get(chain[i]!) ?? []), item]);
    });
  }
  for (const layer of layers) layer.forEach((item, i) => (item.y = i));
  for (let sweep = 0; sweep < 8; sweep++) {
    const neighbours = sweep % 2 === 0 ? before : after;
    for (const layer of sweep % 2 === 0 ? layers : layers.toReversed()) {
      const wish = new Map(
        layer.map((item) => {
          const near = neighbours.get(item) ?? [];
          return [item, near.length > 0 ? near.reduce((sum, n) => sum + n.y, 0) / near.length : item.y];
        }),
      );
      layer.sort((a, b) => wish.get(a)! - wish.get(b)!);
      layer.forEach((item, i) => (item.y = i));
    }
  }
}

function place(layers: readonly Item[][], links: readonly Link[], items: readonly Item[]): FlowLayout {
  const columns: { x: number; width: number }[] = [];
  let x = GAP.inside;
  for (const layer of layers) {
    const width = Math.max(0, ...layer.map((i) => i.width));
    columns.push({ x, width });
    x += width + GAP.layer;
  }
  const tall = layers.map((l) => l.reduce((sum, i) => sum + i.height + GAP.row, -GAP.row));
  const height = Math.max(44, ...tall);
  layers.forEach((layer, i) => {
    let y = GAP.inside + (height - tall[i]!) / 2;
    for (const item of layer) {
      item.y = y + item.height / 2;
      y += item.height + GAP.row;
    }
  });
  straighten(layers, links);
  const top = (item: Item): number => item.y - item.height / 2;
  const left = (item: Item): number => columns[item.layer]!.x + (columns[item.layer]!.width - item.width) / 2;
  const middle = (item: Item): number => top(item) + item.body / 2;
  const eventAt = (item: Item, boundary: string): Point => {
    const all = item.activity!.boundaries.map((b) => b.definition.id);
    const step = item.width / (all.length + 1);
    return { x: left(item) + step * (all.indexOf(boundary) + 1), y: top(item) + item.body };
  };
  const activities: PlacedActivity[] = [];
  const connectors: PlacedConnector[] = [];
  for (const item of items) {
    const events = Object.fromEntries(
      item.activity!.boundaries.map((b) => [b.definition.id, eventAt(item, b.definition.id)]),
    );
    const at = { x: left(item), y: top(item) };
    activities.push({ id: item.key, ...at, width: item.width, height: item.body, events });
    if (!item.inner) continue;
    const shift = (p: Point): Point => ({ x: p.x + at.x + GAP.inside, y: p.y + at.y + GAP.title });
    for (const a of item.inner.activities) {
      const inside = Object.fromEntries(Object.entries(a.events).map(([id, p]) => [id, shift(p)]));
      activities.push({ ...a, ...shift(a), events: inside });
    }
    for (const c of item.inner.connectors) connectors.push({ ...c, points: c.points.map(shift) });
  }
  const lowest = Math.max(GAP.inside + height, ...items.map((i) => top(i) + i.height));
  let below = lowest;
  for (const link of links) {
    const { from, to, via, boundary, id, isBack } = link;
    const event = boundary === undefined ? undefined : eventAt(from, boundary);
    const start = event ? { x: event.x, y: event.y + 9 } : { x: left(from) + from.width, y: middle(from) };
    const end = { x: left(to), y: middle(to) };
    if (isBack) {
      below += GAP.back;
      const out = start.x + (event ? 0 : 14);
      const points = [
        start,
        { x: out, y: start.y },
        { x: out, y: below },
        { x: end.x - 14, y: below },
        { x: end.x - 14, y: end.y },
        end,
      ];
      connectors.push({ id, isBack, points });
      continue;
    }
    const points: Point[] = [start];
    if (event) {
      const all = from.activity!.boundaries.map((b) => b.definition.id);
      const lane = event.y + 24 + 8 * (all.length - 1 - all.indexOf(boundary!));
      points.push({ x: event.x, y: lane }, { x: left(from) + from.width + 8, y: lane });
    }
    for (const item of via) {
      const column = columns[item.layer]!;
      points.push({ x: column.x, y: item.y }, { x: column.x + column.width, y: item.y });
    }
    connectors.push({ id, isBack, points: [...points, end] });
  }
  const width = x - GAP.layer + GAP.inside;
  return { width: Math.max(width, 60), height: below + GAP.inside, activities, connectors };
}

/** Moves items towards the middle of their neighbours, as far as the others in their layer let them. */
function straighten(layers: readonly Item[][], links: readonly Link[]): void {
  const near = new Map<Item, Item[]>();
  for (const { from, to, via, isBack } of links) {
    if (isBack) continue;
    const chain = [from, ...via, to];
    chain.slice(1).forEach((item, i) => {
      near.set(item, [...(near.get(item) ?? []), chain[i]!]);
      near.set(chain[i]!, [...(near.get(chain[i]!) ?? []), item]);
    });
  }
  for (let sweep = 0; sweep < 6; sweep++) {
    for (const layer of sweep % 2 === 0 ? layers : layers.toReversed()) {
      layer.forEach((item, i) => {
        const others = near.get(item);
        if (!others) return;
        const wish = others.reduce((sum, n) => sum + n.y, 0) / others.length;
        const above = layer[i - 1];
        const under = layer[i + 1];
        const least = above ? above.y + (above.height + item.height) / 2 + GAP.row : item.height / 2 + GAP.inside;
        const most = under ? under.y - (under.height + item.height) / 2 - GAP.row : Infinity;
        if (least <= most) item.y = Math.min(most, Math.max(least, wish));
      });
    }
  }
}
