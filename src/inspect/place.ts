// Where the layers' items come to lie, and the ways of the connectors between them.
import { INSIDE, type Item, type Lanes, type Layered, type Link } from './layers.js';
import type { FlowLayout, PlacedActivity, PlacedConnector, Point } from './layout.js';

const GAP = { layer: 78, row: 26, inside: 18, back: 18, lane: 14 };

export function place({ layers, links, items }: Layered, lanes?: Lanes): FlowLayout {
  const columns: { x: number; width: number }[] = [];
  let x = GAP.inside;
  for (const layer of layers) {
    const width = Math.max(0, ...layer.map((i) => i.width));
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
  const shown = lanes && { lanes: lanes.roles.map((role, i) => ({ role, ...bands[i]! })) };
  return { width: Math.max(width, 60), height: below + GAP.inside, activities, connectors, ...shown };
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

/** Moves items towards the middle of their neighbours, as far as the others in their layer let them. */
function straighten(layers: Layered['layers'], links: readonly Link[], bands: readonly Band[] | undefined): void {
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
