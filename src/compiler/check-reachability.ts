// FLOW-E103 no start, E104 an activity that nothing leads to, E105 an activity from which no end can be reached.
import type { Diagnostic } from '../model/index.js';
import { successorsOf } from './layout.js';
import type { Plan } from './plan.js';
import { walk } from './walk.js';

export function checkReachability(plan: Plan): Diagnostic[] {
  const found: Diagnostic[] = [];
  const error = (code: string, ids: readonly string[], message: string, suggestion: string): void => {
    found.push({ code: `FLOW-${code}`, severity: 'error', ids, message, suggestion });
  };
  for (const body of Object.values(plan.bodies)) {
    const where = body.id === '' ? `The flow "${plan.flow.flow}"` : `The subflow "${body.id}"`;
    if (body.activities.length === 0) {
      error('E103', [body.id || plan.flow.flow], `${where} has no activities.`, 'add one');
      continue;
    }
    if (body.starts.length === 0) {
      error(
        'E103',
        body.activities,
        `${where} has no start: every activity is entered by a connector.`,
        'add an activity that no connector enters',
      );
      continue;
    }
    const forward = walk([...body.starts, ...body.asides], (id) => successorsOf(plan.activities[id]!));
    const ends = body.activities.filter((id) => successorsOf(plan.activities[id]!).length === 0);
    const backward = walk(ends, (id) => plan.activities[id]!.incoming.map((c) => c.from));
    for (const id of body.activities) {
      if (!forward.has(id))
        error('E104', [id], `The activity "${id}" can never be reached.`, 'connect it, or remove it');
      else if (!backward.has(id))
        error('E105', [id], `From "${id}" there is no way to an end.`, 'add a connector that leaves the cycle');
    }
  }
  return found;
}
