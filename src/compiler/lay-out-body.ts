// Lays a body out in regions, read off the dominator tree: what a parallel split dominates lies in its block, except the
// synchronising join that every branch must pass, which goes on in the split's own region. Activities that several
// tokens can reach at once get a region each.
import { immediateDominators, type Graph } from './dominators.js';
import { successorsOf, type Block, type Region } from './layout.js';
import type { BodyId, Plan, PlannedActivity } from './plan.js';

const START = '(start)';
const END = '(end)';

/** The block that a split opens; also its state key. */
export function blockId(split: string): string {
  return `${split} …`;
}

/** Lays out one body; returns its main region and, per activity, the blocks around it. */
export function layoutBody(plan: Plan, body: BodyId): { main: Region; containers: Map<string, string[]> } {
  const { activities, starts: entries, asides } = plan.bodies[body]!;
  // What stands aside may run beside everything else: it has regions of its own.
  const starts = [...entries, ...asides];
  const of = (id: string): PlannedActivity => plan.activities[id]!;
  const forward: Graph = { root: START, successors: (id) => (id === START ? starts : successorsOf(of(id))) };
  const idom = immediateDominators(forward);
  const ipdom = postDominators(plan, body, [...idom.keys()]);

  const isParallel = (id: string): boolean =>
    id === START
      ? starts.length > 1
      : (of(id).split !== 'xor' && of(id).outgoing.length > 1) || of(id).boundaries.some((b) => !b.interrupting);

  const main: Region = { id: `${body}/`, key: 'main', members: [] };
  const blocks = new Map<string, Block>();
  const place = new Map<string, { region: Region; block?: Block; around: string[]; many: boolean }>();
  place.set(START, { region: main, around: [], many: false });
  const openBlock = (split: string): { block: Block; around: string[] } => {
    const home = place.get(split)!;
    let block = blocks.get(split);
    if (!block) {
      // A subflow may be a split itself, so the block that its body starts with has another id.
      block = { kind: 'block', id: blockId(split === START ? `${body}/` : split), regions: [] };
      blocks.set(split, block);
      home.region.members.push(block);
    }
    return { block, around: [...home.around, block.id] };
  };
  const newRegion = (block: Block, first: string): Region => {
    const region: Region = { id: `${body}/${first}`, key: first, members: [] };
    block.regions.push(region);
    return region;
  };

  // Dominators come before what they dominate in this order, so a parent's place is always known.
  for (const [id, parent] of idom) {
    const home = place.get(parent)!;
    let here: { region: Region; block?: Block; around: string[]; many: boolean };
    if (isParallel(parent) && !(ipdom.get(parent) === id && synchronises(of(id)))) {
      const { block, around } = openBlock(parent);
      const many = home.many || (of(id).incoming.length > 1 && !synchronises(of(id))) || repeats(plan, parent, id);
      here = { region: newRegion(block, id), block, around, many };
    } else if (home.many && home.block) {
      here = { region: newRegion(home.block, id), block: home.block, around: home.around, many: true };
    } else {
      here = home;
    }
    here.region.members.push({ kind: 'activity', id });
    place.set(id, here);
  }
  const containers = new Map<string, string[]>();
  for (const id of activities) containers.set(id, place.get(id)?.around ?? []);
  return { main, containers };
}

/** True for joins that leave no token of the split behind. */
function synchronises(activity: PlannedActivity): boolean {
  return (
    activity.join === 'or' ||
    activity.join === 'and' ||
    (typeof activity.join === 'object' && activity.join.cancelRemaining === true)
  );
}

/** A boundary event that does not interrupt can send a token more than once. */
function repeats(plan: Plan, from: string, to: string): boolean {
  return plan.activities[from]?.boundaries.some((b) => !b.interrupting && b.outgoing.some((c) => c.to === to)) ?? false;
}

function postDominators(plan: Plan, body: BodyId, reachable: readonly string[]): Map<string, string> {
  const inside = new Set(reachable);
  const ends = reachable.filter((id) => successorsOf(plan.activities[id]!).length === 0);
  const starts = [...plan.bodies[body]!.starts, ...plan.bodies[body]!.asides];
  const backward: Graph = {
    root: END,
    successors: (id) => {
      if (id === END) return ends;
      if (id === START) return [];
      const before = plan.activities[id]!.incoming.map((c) => c.from).filter((from) => inside.has(from));
      return [...new Set(starts.includes(id) ? [...before, START] : before)];
    },
  };
  return immediateDominators(backward);
}
