// Where each activity stands in the statechart. A *region* holds activities of which one at a time is active; a *block*
// is the parallel state between a split and the join that gathers all its branches. `lay-out-body.ts` makes them.
import type { PlannedActivity } from './plan.js';

export interface Region {
  /** `body/first activity`; unique in the flow. */
  readonly id: string;
  /** State key; unique among its siblings. */
  readonly key: string;
  readonly members: (ActivityMember | Block)[];
}
export interface ActivityMember {
  readonly kind: 'activity';
  readonly id: string;
}
export interface Block {
  readonly kind: 'block';
  /** The id under which `FlowState.active` counts what runs inside. */
  readonly id: string;
  readonly regions: Region[];
}

/** All regions of a flow by id. */
export function regionsOf(layouts: Readonly<Record<string, Region>>): ReadonlyMap<string, Region> {
  const regions = new Map<string, Region>();
  const add = (region: Region): void => {
    regions.set(region.id, region);
    for (const m of region.members) if (m.kind === 'block') m.regions.forEach(add);
  };
  Object.values(layouts).forEach(add);
  return regions;
}

/**
 * The member a region shows: an activity with a token before a block with something inside, the one that has been
 * active longest first. Undefined when nothing in it is active. (Several can only be when the flow is not sound.)
 */
export function currentMember(
  region: Region,
  active: Readonly<Record<string, number>>,
): ActivityMember | Block | undefined {
  const members = membersOf(region);
  let block: Block | undefined;
  // A region can have thousands of members, but few are active: look from the active side.
  for (const id in active) {
    const member = members.get(id);
    if (member?.kind === 'activity') return member;
    block ??= member;
  }
  return block;
}

const known = new WeakMap<Region, ReadonlyMap<string, ActivityMember | Block>>();

function membersOf(region: Region): ReadonlyMap<string, ActivityMember | Block> {
  let members = known.get(region);
  if (!members) {
    members = new Map(region.members.map((m) => [m.id, m]));
    known.set(region, members);
  }
  return members;
}

export function successorsOf(activity: PlannedActivity): readonly string[] {
  const all = [...activity.outgoing, ...activity.boundaries.flatMap((b) => b.outgoing)];
  return [...new Set(all.map((c) => c.to))];
}
