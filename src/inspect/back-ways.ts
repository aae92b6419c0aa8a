// Which connectors of a body go back, and the loops that they close (natural loops: Aho, Sethi, Ullman, "Compilers", 1986).
import type { Item } from './layers.js';
import { list } from './order-layers.js';

export interface Way {
  readonly id: string;
  readonly from: Item;
  readonly to: Item;
  /** The event that it leaves by, at the lower edge. */
  readonly boundary?: string;
  isBack: boolean;
}

/** Room for a connector that goes back to turn beside an activity. */
export const TURN = 16;

/** The connectors of a body: of each activity, those that stay in its loops before those that leave them, then its events'. */
export function waysOf(items: ReadonlyMap<string, Item>, starts: readonly string[]): Way[] {
  const out = new Map<Item, Way[]>();
  for (const from of items.values()) {
    const way = ({ id, to }: { id: string; to: string }, boundary?: string): Way => {
      const event = boundary === undefined ? {} : { boundary };
      return { id, from, to: items.get(to)!, isBack: false, ...event };
    };
    const { outgoing, boundaries } = from.activity!;
    out.set(from, [
      ...outgoing.map((c) => way(c)),
      // The last event's connector runs above those of the others.
      ...boundaries.toReversed().flatMap((b) => b.outgoing.map((c) => way(c, b.definition.id))),
    ]);
  }
  markBack(out, [...starts.map((id) => items.get(id)!), ...items.values()]);
  const ways = [...out.values()].flat();
  const loops = loopsIn(ways);
  const stays = ({ from, to, boundary }: Way): number =>
    boundary === undefined ? loops.filter(({ members }) => members.has(from) && members.has(to)).length : -1;
  return [...out.values()].flatMap((own) =>
    loops.length === 0 || own.length === 1 ? own : own.toSorted((a, b) => stays(b) - stays(a)),
  );
}

/** Those that close a cycle, in depth-first order from the roots. Iterative: a flow can be long. */
function markBack(out: ReadonlyMap<Item, readonly Way[]>, roots: readonly Item[]): void {
  const seen = new Set<Item>();
  const open = new Set<Item>();
  const path: { readonly item: Item; i: number }[] = [];
  const enter = (item: Item): void => {
    if (seen.has(item)) return;
    seen.add(item);
    open.add(item);
    path.push({ item, i: 0 });
  };
  for (const root of roots) {
    enter(root);
    for (let top = path.at(-1); top; top = path.at(-1)) {
      const way = out.get(top.item)![top.i++];
      if (!way) open.delete(path.pop()!.item);
      else if (!open.has(way.to)) enter(way.to);
      else {
        way.isBack = true;
        way.from.turn = way.to.turn = TURN;
      }
    }
  }
}

export interface Loop {
  /** Where it goes back from. */
  readonly end: Item;
  readonly members: ReadonlySet<Item>;
}

/** One for every connector that goes back: all that can come to its end without passing its beginning. */
export function loopsIn(ways: readonly Way[]): readonly Loop[] {
  const into = new Map<Item, Item[]>();
  for (const { from, to } of ways) list(into, to).push(from);
  return ways
    .filter((way) => way.isBack)
    .map(({ from: end, to: header }) => {
      const members = new Set([header, end]);
      const open = end === header ? [] : [end];
      for (const item of open) {
        for (const before of into.get(item) ?? []) {
          if (members.has(before)) continue;
          members.add(before);
          open.push(before);
        }
      }
      return { end, members };
    });
}
