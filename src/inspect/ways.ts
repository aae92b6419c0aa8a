// Which connectors an instance has followed and which it has not, read off its history: the journal says which conditions
// were true, the plan says what the split makes of them. Having reached a target proves nothing: another way leads there too.
import type { CompiledFlow, PlannedActivity, PlannedConnector } from '../compiler/index.js';
import { chosen } from '../engine/chosen.js';
import type { HistoryRecord } from '../hosts/host.js';

/** How often the decision at its source went one way or the other. */
export interface WayCount {
  readonly taken: number;
  readonly dead: number;
  /** The newest decision: after how many steps, and whether its condition was true (undefined: it has none). */
  readonly decided: number;
  readonly held?: boolean;
}

/** By connector id, after these records; connectors whose source has not decided yet are not in it. */
export function waysIn({ plan }: CompiledFlow, history: readonly HistoryRecord[]): ReadonlyMap<string, WayCount> {
  const counts = new Map<string, { taken: number; dead: number; decided: number; held?: boolean }>();
  let steps = 0;
  let live: readonly string[] = [];
  const decide = (all: readonly PlannedConnector[], taken: readonly PlannedConnector[]): void => {
    for (const c of all) {
      const at = counts.get(c.id) ?? { taken: 0, dead: 0, decided: 0 };
      at[taken.includes(c) ? 'taken' : 'dead']++;
      at.decided = steps;
      if (c.condition !== undefined) at.held = live.includes(c.id);
      counts.set(c.id, at);
    }
  };
  const boundaries = new Map<string, readonly PlannedConnector[]>(
    Object.values(plan.activities).flatMap((a) =>
      a.boundaries.map((b) => [`${a.id}.${b.definition.id}`, b.outgoing] as const),
    ),
  );
  /** Loops with a round done, whose end shows only by where they go on. */
  const ending = new Set<PlannedActivity>();

  for (const { event, changes } of history) {
    steps++;
    live = ('settled' in event ? event.settled?.live : undefined) ?? [];
    const looped = [...ending].find((a) => a.outgoing.some((c) => live.includes(c.id)));
    if (looped) {
      decide(looped.outgoing, chosen(looped, live));
      ending.delete(looped);
    }
    for (const { activity: id, state } of changes) {
      const boundary = boundaries.get(id);
      const activity = plan.activities[id];
      if (boundary && state === 'completed') {
        const taken = boundary.filter((c) => c.condition === undefined || live.includes(c.id));
        decide(boundary, taken);
      } else if (activity?.loop && state === 'completed') {
        ending.add(activity);
      } else if (activity && state === 'completed' && !activity.definition.terminate) {
        decide(activity.outgoing, chosen(activity, live));
      }
      // The dead path goes on through what is skipped; in a loop, it does not undo that a way was taken before.
      if (activity && state === 'skipped')
        decide(
          activity.outgoing.filter((c) => !counts.has(c.id)),
          [],
        );
      if (state !== 'ready' && state !== 'running') continue;
      for (const source of ending) {
        if (source === activity || !source.outgoing.some((c) => c.to === id)) continue;
        decide(source.outgoing, chosen(source, []));
        ending.delete(source);
      }
    }
  }
  return counts;
}
