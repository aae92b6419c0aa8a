// The cycles of a body: its strongly connected components, with what enters and leaves them.
import type { Plan, PlannedActivity } from '../plan.js';
import { ranksOf } from '../rank.js';

export interface Cycle {
  readonly members: ReadonlySet<string>;
  /** Members that connectors from outside (or the start) come to. */
  readonly entries: readonly string[];
  /** Members from which a token can leave, or at which it can rest. */
  readonly exits: readonly string[];
  /** A cycle within it that consists of routes alone. */
  readonly idle: readonly string[];
}

export function findCycles(plan: Plan, body: string): Cycle[] {
  const { activities, starts } = plan.bodies[body]!;
  const byRank = new Map<number, string[]>();
  for (const id of activities) {
    const { rank } = plan.activities[id]!;
    byRank.set(rank, [...(byRank.get(rank) ?? []), id]);
  }
  return [...byRank.values()]
    .filter((ids) => ids.length > 1 || targetsOf(plan.activities[ids[0]!]!).includes(ids[0]!))
    .map((ids) => {
      const members = new Set(ids);
      return {
        members,
        entries: ids.filter(
          (id) => starts.includes(id) || plan.activities[id]!.incoming.some((c) => !members.has(c.from)),
        ),
        exits: ids.filter((id) => {
          const activity = plan.activities[id]!;
          const { boundaries, definition } = activity;
          return (
            targetsOf(activity).some((t) => !members.has(t)) ||
            boundaries.some((b) => b.outgoing.length === 0) ||
            definition.terminate === true ||
            definition.throw !== undefined
          );
        }),
        idle: idleIn(plan, ids),
      };
    });
}

function idleIn(plan: Plan, ids: readonly string[]): readonly string[] {
  const routes = ids.filter((id) => {
    const { type, definition } = plan.activities[id]!;
    return type === 'route' && definition.output === undefined && definition.throw === undefined;
  });
  const among = new Set(routes);
  const next = (id: string): string[] => targetsOf(plan.activities[id]!).filter((t) => among.has(t));
  const groups = new Map<number, string[]>();
  for (const [id, rank] of ranksOf(routes, next)) groups.set(rank, [...(groups.get(rank) ?? []), id]);
  return [...groups.values()].find((g) => g.length > 1 || next(g[0]!).includes(g[0]!)) ?? [];
}

function targetsOf({ outgoing, boundaries }: PlannedActivity): string[] {
  return [...outgoing, ...boundaries.flatMap((b) => b.outgoing)].map((c) => c.to);
}
