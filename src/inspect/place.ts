// Where the layers' items come to lie, and the ways of the connectors between them.
import { TURN } from './back-ways.js';
import { list } from './order-layers.js';
import { INSIDE, type Item, type Lanes, type Layered, type Link } from './layers.js';
import type { FlowLayout, PlacedActivity, PlacedConnector, Point } from './layout.js';

const GAP = { layer: 78, row: 26, inside: 18, lane: 14 };

export function place({ layers, links, items }: Layered, lanes?: Lanes): FlowLayout {
  const columns: { x: number; width: number }[] = [];
  let x = GAP.inside;
  for (const layer of layers) {
    const width = Math.max(0, ...layer.map((i) => i.width + 2 * i.turn));
    columns.push({ x, width });
    x += width + GAP.layer;
  }
  const bands = bandsOf(layers, lanes);
  const height = bands.at(-1)!.y + bands.at(-1)!.height - GAP.inside;
  for (const layer of layers) {
    for (const [lane, band] of bands.entries()) {
      const own = layer.filter((item) => item.lane === lane);
      let y = band.y + (band.height - tallness(own)) / 2;
      for (const item of own) {
        item.y = y + item.height / 2;
        y += item.height + GAP.row;
      }
    }
  }
  straighten(layers, links, lanes ? bands : undefined);
  const top = (item: Item): number => item.y - item.height / 2;
  const left = (item: Item): number => columns[item.layer]!.x + (columns[item.layer]!.width - item.width) / 2;
  const middle = (item: Item): number => top(item) + item.body / 2;
  // Events that go back stand before the others, so that their ways down cross nothing.
  const back = new Set(links.filter((link) => link.isBack).map(({ from, boundary }) => `${from.key}.${boundary}`));
  const eventsOf = (item: Item): readonly string[] => {
    const all = item.activity!.boundaries.map((b) => b.definition.id);
    const goesBack = (id: string): boolean => back.has(`${item.key}.${id}`);
    return [...all.filter(goesBack), ...all.filter((id) => !goesBack(id))];
  };
  const eventAt = (item: Item, boundary: string): Point => {
    const all = eventsOf(item);
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
    const isCollapsed = item.activity!.type === 'subflow' && !item.inner ? { isCollapsed: true as const } : {};
    activities.push({ id: item.key, ...at, width: item.width, height: item.body, events, ...isCollapsed });
    if (!item.inner) continue;
    const shift = (p: Point): Point => ({ x: p.x + at.x + INSIDE.side, y: p.y + at.y + INSIDE.title });
    for (const a of item.inner.activities) {
      const inside = Object.fromEntries(Object.entries(a.events).map(([id, p]) => [id, shift(p)]));
      activities.push({ ...a, ...shift(a), events: inside });
    }
    for (const c of item.inner.connectors) connectors.push({ ...c, points: c.points.map(shift) });
  }
  for (const { from, to, via, boundary, id, isBack } of links) {
    const event = boundary === undefined ? undefined : eventAt(from, boundary);
    const start = event ? { x: event.x, y: event.y + 9 } : { x: left(from) + from.width, y: middle(from) };
    const end = { x: left(to), y: middle(to) };
    // Straight through whole columns: all bends lie between columns, where they are of one shape and keep their order.
    const way = via.flatMap((item): Point[] => {
      const { x: first, width: wide } = columns[item.layer]!;
      const ends = [
        { x: first, y: item.y },
        { x: first + wide, y: item.y },
      ];
      return isBack ? ends.reverse() : ends;
    });
    if (isBack) {
      // Turns beside its ends, in their columns.
      const out = event ? event.x : start.x + TURN;
      const into = end.x - TURN;
      way[0] = { x: out, y: way[0]!.y };
      way[way.length - 1] = { x: into, y: way.at(-1)!.y };
      if (!event) way.unshift({ x: out, y: start.y });
      way.push({ x: into, y: end.y });
    } else {
      const all = event ? eventsOf(from) : [];
      const y = event ? event.y + 24 + 8 * (all.length - 1 - all.indexOf(boundary!)) : start.y;
      const column = columns[from.layer]!;
      way.unshift({ x: column.x + column.width, y });
      if (event) way.unshift({ x: event.x, y });
      way.push({ x: columns[to.layer]!.x, y: end.y });
    }
    connectors.push({ id, isBack, points: [start, ...way, end] });
  }
  const foot = (item: Item): number => item.y + item.height / 2;
  const lowest = Math.max(GAP.inside + height, ...layers.map((layer) => (layer.length > 0 ? foot(layer.at(-1)!) : 0)));
  const width = x - GAP.layer + GAP.inside;
  const shown = lanes && { lanes: lanes.roles.map((role, i) => ({ role, ...bands[i]! })) };
  return { width: Math.max(width, 60), height: lowest + GAP.inside, activities, connectors, ...shown };
}

interface Band {
  readonly y: number;
  readonly height: number;
}

/** The lanes from top to bottom, each as high as it needs; without lanes, the whole. */
function bandsOf(layers: Layered['layers'], lanes: Lanes | undefined): Band[] {
  const pad = lanes ? GAP.lane : 0;
  let y = GAP.inside;
  return (lanes?.roles ?? ['']).map((_, lane) => {
    const tall = Math.max(44, ...layers.map((layer) => tallness(layer.filter((item) => item.lane === lane))));
    const band = { y, height: tall + 2 * pad };
    y += band.height;
    return band;
  });
}

function tallness(items: readonly Item[]): number {
  return items.reduce((sum, item) => sum + item.height + GAP.row, -GAP.row);
}

/**
 * Moves items to where their neighbours' connectors leave or come in, to the right and to the left by turns, as far as the
 * others in their layer let them: what follows one way lies level with it, what parts and joins in the middle.
 */
function straighten(layers: Layered['layers'], links: readonly Link[], bands: readonly Band[] | undefined): void {
  const before = new Map<Item, Item[]>();
  const after = new Map<Item, Item[]>();
  for (const { from, to, via, isBack } of links) {
    const chain = isBack ? via.toReversed() : [from, ...via, to];
    for (let i = 1; i < chain.length; i++) {
      list(before, chain[i]!).push(chain[i - 1]!);
      list(after, chain[i - 1]!).push(chain[i]!);
    }
  }
  for (let sweep = 0; sweep < 7; sweep++) {
    const isRight = sweep % 2 === 0;
    for (const layer of isRight ? layers : layers.toReversed()) {
      layer.forEach((item, i) => {
        const near = (isRight ? before : after).get(item);
        if (!near) return;
        const foot = (one: Item): number => (one.height - one.body) / 2;
        const wish = near.reduce((sum, n) => sum + n.y - foot(n), 0) / near.length + foot(item);
        const above = layer[i - 1];
        const under = layer[i + 1];
        const band = bands?.[item.lane] ?? { y: GAP.inside, height: Infinity };
        const pad = bands ? GAP.lane / 2 : 0;
        const least = Math.max(
          above ? above.y + (above.height + item.height) / 2 + GAP.row : -Infinity,
          item.height / 2 + band.y + pad,
        );
        const most = Math.min(
          under ? under.y - (under.height + item.height) / 2 - GAP.row : Infinity,
          band.y + band.height - item.height / 2 - pad,
        );
        if (least <= most) item.y = Math.min(most, Math.max(least, wish));
      });
    }
  }
}
