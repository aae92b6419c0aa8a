// FLOW-E402: a member of a compensation sphere that nothing undoes. FLOW-E403: a member of an atomic sphere that cannot take
// part in a transaction.
import type { ActivityType, Diagnostic, FlowDefinition } from '../model/index.js';
import { membersOf } from './plan.js';

/** What has an effect outside of the flow. */
const ACTING: ReadonlySet<ActivityType> = new Set(['service', 'user', 'send', 'call']);
/** What goes outside in a way that nobody can take back. */
const BINDING: ReadonlySet<ActivityType> = new Set(['user', 'receive', 'send', 'call']);

export function checkSpheres(flow: FlowDefinition): Diagnostic[] {
  const found: Diagnostic[] = [];
  const compensations = new Set([...flow.activities, ...Object.values(flow.subflows ?? {})].map((a) => a.compensation));
  for (const { id, kind, activities } of flow.spheres ?? []) {
    // A subflow that is undone as a whole answers for what is in it.
    const members = activities.flatMap((m) =>
      flow.subflows?.[m]?.compensation === undefined || kind === 'atomic' ? [m, ...membersOf(flow, m)] : [],
    );
    for (const member of members) {
      const activity = flow.activities.find((a) => a.id === member);
      if (!activity) continue;
      const { type, name = member } = activity;
      const undoable = activity.compensation !== undefined || compensations.has(member);
      if (kind === 'compensation' && ACTING.has(type) && !undoable)
        found.push({
          code: 'FLOW-E402',
          severity: 'error',
          ids: [member, id],
          message: `Nothing undoes "${name}", which lies in the compensation sphere "${id}".`,
          suggestion: 'add "compensation", or take it out of the sphere',
        });
      if (kind === 'atomic' && BINDING.has(type))
        found.push({
          code: 'FLOW-E403',
          severity: 'error',
          ids: [member, id],
          message: `"${name}" lies in the atomic sphere "${id}", but a ${type} activity cannot be rolled back.`,
          suggestion: 'take it out of the sphere',
        });
    }
  }
  return found;
}
