// Flows of the conformance suite, in the notation of `flowOf`; activities are calls of the instrument `work` unless given.
import type { ActivityDefinition, FlowDefinition } from '../../src/index.js';
import { flowOf } from '../node/flow-of.js';

let flows = 0;

/** A process with a name of its own, so that behaviours do not meet in one host. */
export function process(
  graph: string,
  activities: Record<string, Partial<ActivityDefinition>> = {},
  more: Partial<FlowDefinition> = {},
): FlowDefinition {
  const made = flowOf(graph, { flow: `flow-${++flows}`, ...more }, activities);
  return {
    ...made,
    activities: made.activities.map((activity) =>
      activity.implementation?.ref === 'do' ? { ...activity, implementation: { ref: 'work' } } : activity,
    ),
  };
}

export const by = (ref: string): Partial<ActivityDefinition> => ({ implementation: { ref } });
export const person: Partial<ActivityDefinition> = { type: 'user', role: 'sales', implementation: undefined };
export const roles: Partial<FlowDefinition> = { roles: { sales: {} } };
export const waits = (after: string): Partial<ActivityDefinition> => ({
  type: 'wait',
  after,
  implementation: undefined,
});
export const receives = (name: string, key?: string): Partial<ActivityDefinition> => ({
  type: 'receive',
  message: { name, ...(key === undefined ? {} : { key }) },
  implementation: undefined,
});
