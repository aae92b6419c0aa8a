// The order of what stands in each layer. Blocks and loops are read as one reads: a branch to its end before the next, what
// goes back above its loop; then nothing crosses. For other graphs, sweeps (Sugiyama) look for an order with fewer crossings.
import type { Item, Link } from './layers.js';

const SWEEPS = 8;

export function orderLayers(layers: readonly Item[][], items: readonly Item[], links: readonly Link[]): void {
  read(items, links);
  for (const layer of layers) number(layer.sort((a, b) => a.lane - b.lane || a.y - b.y));
  let least = crossings(layers, links);
  let best = layers.map((layer) => [...layer]);
  const [before, after] = neighbours(links);
  for (let i = 0; i < SWEEPS && least > 0; i++) {
    sweep(i % 2 === 0 ? layers : layers.toReversed(), i % 2 === 0 ? before : after);
    const left = crossings(layers, links);
    if (left >= least) continue;
    least = left;
    best = layers.map((layer) => [...layer]);
  }
  best.forEach((order, i) => {
    layers[i]!.splice(0, order.length, ...order);
    number(order);
  });
}

/** Numbers items in reading order: no item before all that leads to it, and a branch to its end before the next begins. */
function read(items: readonly Item[], links: readonly Link[]): void {
  const next = new Map<Item, Item[]>();
  const waits = new Map<Item, number>();
  const back = new Map<Item, Link[]>();
  const lead = (from: Item, to: Item): void => {
    list(next, from).push(to);
    waits.set(to, (waits.get(to) ?? 0) + 1);
  };
  for (const link of links) {
    const { from, to, via, isBack } = link;
    if (isBack) list(back, to).push(link);
    else [...via, to].forEach((item, i) => lead(via[i - 1] ?? from, item));
  }
  const open = items.filter((item) => !waits.has(item)).reverse();
  let n = 0;
  for (let item = open.pop(); item; item = open.pop()) {
    // Outer loops further away. What goes back from an event, at a lower edge, runs below.
    const loops = list(back, item).sort((a, b) => b.from.layer - a.from.layer);
    for (const { via, boundary } of loops) {
      if (boundary === undefined) for (const v of via) v.y = n++;
      else open.push(...via);
    }
    item.y = n++;
    for (const to of list(next, item).reverse()) {
      waits.set(to, waits.get(to)! - 1);
      if (waits.get(to) === 0) open.push(to);
    }
  }
}

type Neighbours = ReadonlyMap<Item, readonly (readonly [Item, number])[]>;

function neighbours(links: readonly Link[]): readonly [before: Neighbours, after: Neighbours] {
  const before = new Map<Item, (readonly [Item, number])[]>();
  const after = new Map<Item, (readonly [Item, number])[]>();
  for (const { from, to, via, isBack, boundary } of links) {
    const chain = isBack ? via.toReversed() : [from, ...via, to];
    // What leaves at the lower edge goes below what leaves at the side.
    const off = boundary === undefined ? 0 : 0.4;
    for (let i = 1; i < chain.length; i++) {
      list(before, chain[i]!).push([chain[i - 1]!, off]);
      list(after, chain[i - 1]!).push([chain[i]!, 0]);
    }
  }
  return [before, after];
}

/** Each item goes where its neighbours are on average. */
function sweep(layers: readonly Item[][], beside: Neighbours): void {
  for (const layer of layers) {
    const wish = new Map<Item, number>();
    for (const item of layer) {
      const near = beside.get(item);
      wish.set(item, near ? near.reduce((sum, [n, off]) => sum + n.y + off, 0) / near.length : item.y);
    }
    number(layer.sort((a, b) => a.lane - b.lane || wish.get(a)! - wish.get(b)!));
  }
}

/** How many connectors cross between the layers. */
function crossings(layers: readonly Item[][], links: readonly Link[]): number {
  const gaps: (readonly [number, number])[][] = layers.map(() => []);
  let found = 0;
  for (const { from, to, via, isBack } of links) {
    const chain = isBack ? via.toReversed() : [from, ...via, to];
    for (let i = 1; i < chain.length; i++) gaps[chain[i]!.layer]!.push([chain[i - 1]!.y, chain[i]!.y]);
  }
  for (const gap of gaps) {
    const ends: number[] = [];
    for (const [, end] of gap.sort((a, b) => a[0] - b[0] || a[1] - b[1])) {
      let [low, high] = [0, ends.length];
      while (low < high) {
        const middle = (low + high) >> 1;
        if (ends[middle]! > end) high = middle;
        else low = middle + 1;
      }
      found += ends.length - low;
      ends.splice(low, 0, end);
    }
  }
  return found;
}

function number(layer: readonly Item[]): void {
  layer.forEach((item, i) => (item.y = i));
}

/** The list of a key, made when it is first asked for. */
export function list<K, E>(map: Map<K, E[]>, key: K): E[] {
  const found = map.get(key) ?? [];
  map.set(key, found);
  return found;
}
