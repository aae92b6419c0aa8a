// How many tasks people have, counted over the open instances that a host keeps.
import type { FlowState, Staff } from '../engine/index.js';

/** Tasks that somebody has taken or been given, per user id. */
export function workload(states: Iterable<FlowState>): Readonly<Record<string, number>> {
  const load: Record<string, number> = {};
  for (const { runs } of states) {
    for (const { phase, task } of Object.values(runs))
      if (phase === 'task' && task?.claimedBy !== undefined) load[task.claimedBy] = (load[task.claimedBy] ?? 0) + 1;
  }
  return load;
}

/** Of a host that has all its instances in memory. */
export function staffIn(states: () => Iterable<FlowState>): Staff {
  const turns = new Map<string, number>();
  return {
    turn(place) {
      const turn = turns.get(place) ?? 0;
      turns.set(place, turn + 1);
      return turn;
    },
    load: () => workload(states()),
  };
}
