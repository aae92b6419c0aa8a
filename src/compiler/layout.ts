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
  /** Among the containers of every activity inside. */
  readonly id: string;
  readonly regions: Region[];
}

/** What a region shows. */
export type Member = ActivityMember | Block;

/**
 * The member that each region shows, by region id: an activity with a token before a block with something inside, the one
 * that has been active longest first. A region in which nothing is active has none. (Several can only be when the flow is
 * not sound.) A flow can have thousands of members, but few are active: it is computed from the active side. `active`:
 * the ids of the activities that have a token, and of the blocks around them.
 */
export function currentMembers(
  layouts: Readonly<Record<string, Region>>,
  active: Iterable<string>,
): ReadonlyMap<string, Member> {
  const homes = homesOf(layouts);
  const current = new Map<string, Member>();
  for (const id of active) {
    const home = homes.get(id);
    if (!home) continue;
    const before = current.get(home.region);
    if (!before || (before.kind === 'block' && home.member.kind === 'activity')) current.set(home.region, home.member);
  }
  return current;
}

interface Home {
  readonly region: string;
  readonly member: Member;
}
const known = new WeakMap<Readonly<Record<string, Region>>, ReadonlyMap<string, Home>>();

/** The region that each member lies in. */
function homesOf(layouts: Readonly<Record<string, Region>>): ReadonlyMap<string, Home> {
  let homes = known.get(layouts);
  if (!homes) {
    const found = new Map<string, Home>();
    const add = (region: Region): void => {
      for (const member of region.members) {
        found.set(member.id, { region: region.id, member });
        if (member.kind === 'block') member.regions.forEach(add);
      }
    };
    Object.values(layouts).forEach(add);
    homes = found;
    known.set(layouts, homes);
  }
  return homes;
}

export function successorsOf(activity: PlannedActivity): readonly string[] {
  const all = [...activity.outgoing, ...activity.boundaries.flatMap((b) => b.outgoing)];
  return [...new Set(all.map((c) => c.to))];
}
