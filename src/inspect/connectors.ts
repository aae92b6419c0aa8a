// The connectors of a plan, in the order of its activities.
import type { Plan, PlannedActivity, PlannedConnector } from '../compiler/index.js';

export function connectorsOf(plan: Plan): readonly PlannedConnector[] {
  return Object.values(plan.activities).flatMap(waysOut);
}

/** Also those that leave by its events. */
export function waysOut(activity: PlannedActivity): readonly PlannedConnector[] {
  return [...activity.outgoing, ...activity.boundaries.flatMap((b) => b.outgoing)];
}
