// The mixed load of the fault suite: one flow per kind of work, each activity a call of the API, and what must come of each.
import type { ActivityDefinition, FlowDefinition } from '../../src/index.js';
import { flowOf } from '../node/flow-of.js';

export interface LoadFlow {
  readonly definition: FlowDefinition;
  /** How often the API must have been asked for each activity of one instance, repetitions with the same key not counted. */
  readonly calls: Readonly<Record<string, number>>;
  readonly ends: 'completed' | 'failed';
  /** How often it is chosen. */
  readonly weight: number;
}

const route: Partial<ActivityDefinition> = { type: 'route', implementation: undefined };
const person: Partial<ActivityDefinition> = { type: 'user', role: 'clerk', implementation: undefined };
const waits = (after: string): Partial<ActivityDefinition> => ({ type: 'wait', after, implementation: undefined });

/** A lost network and a busy API are tried again for ever; what the API refuses fails. */
function call(id: string): Partial<ActivityDefinition> {
  return {
    implementation: { ref: 'http', arguments: { method: '"POST"', url: `"/api/${id}"`, body: '{}' } },
    retry: { maxAttempts: 100_000, backoff: 'PT0.1S', factor: 1 },
  };
}

function flow(
  name: string,
  graph: string,
  special: Record<string, Partial<ActivityDefinition>> = {},
  more: Partial<FlowDefinition> = {},
): FlowDefinition {
  const made = flowOf(graph, { flow: name, ...more }, special);
  return {
    ...made,
    activities: made.activities.map((activity) =>
      activity.implementation?.ref === 'do' ? { ...activity, ...call(activity.id) } : activity,
    ),
  };
}

const roles = { roles: { clerk: {} } };

export const LOAD: readonly LoadFlow[] = [
  { definition: flow('sequence', 'A -> B -> C'), calls: { A: 1, B: 1, C: 1 }, ends: 'completed', weight: 4 },
  {
    definition: flow('parallel', 'S -> P -> J; S -> Q -> J; S -> R -> J', {
      S: { ...route, split: 'and' },
      J: { join: 'and' },
    }),
    calls: { P: 1, Q: 1, R: 1, J: 1 },
    ends: 'completed',
    weight: 3,
  },
  {
    definition: flow(
      'loop',
      'L -> Z',
      { L: { output: { n: 'n + 1' }, loop: { kind: 'until', condition: 'n >= 3' } } },
      { variables: { n: { initial: 0 } } },
    ),
    calls: { L: 3, Z: 1 },
    ends: 'completed',
    weight: 3,
  },
  {
    definition: flow('person', 'A -> U -> B', { U: person }, roles),
    calls: { A: 1, B: 1 },
    ends: 'completed',
    weight: 4,
  },
  { definition: flow('soon', 'W -> A', { W: waits('PT0.4S') }), calls: { A: 1 }, ends: 'completed', weight: 2 },
  {
    definition: flow('later', 'A -> W -> B', { W: waits('P40D') }),
    calls: { A: 1, B: 1 },
    ends: 'completed',
    weight: 1,
  },
  {
    definition: flow(
      'message',
      'A -> M -> B',
      { M: { type: 'receive', message: { name: 'paid', key: 'order' }, implementation: undefined } },
      { input: { order: true } },
    ),
    calls: { A: 1, B: 1 },
    ends: 'completed',
    weight: 3,
  },
  {
    definition: flow(
      'saga',
      'A -> B -> Refused',
      { A: { compensation: 'undoA' }, B: { compensation: 'undoB' }, undoA: {}, undoB: {} },
      { spheres: [{ id: 'trip', kind: 'compensation', activities: ['A', 'B', 'Refused'] }] },
    ),
    calls: { A: 1, B: 1, Refused: 1, undoA: 1, undoB: 1 },
    ends: 'failed',
    weight: 3,
  },
  {
    definition: flow('caller', 'C -> D', { C: { type: 'call', calls: 'sequence', implementation: undefined } }),
    calls: { D: 1 },
    ends: 'completed',
    weight: 2,
  },
];
