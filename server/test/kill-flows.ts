// The flows that go on while parts of the server are killed, and what they must have called in the end.
import type { FlowDefinition, JsonObject } from '../../src/index.js';

const service = (id: string): FlowDefinition['activities'][number] => ({
  id,
  type: 'service',
  implementation: { ref: 'work', arguments: { ms: '40' } },
});
const inARow = (...ids: readonly string[]): FlowDefinition['connectors'] =>
  ids.slice(1).map((to, i) => ({ id: `${ids[i]}-${to}`, from: ids[i]!, to }));

export const FLOWS: readonly FlowDefinition[] = [
  {
    flow: 'chain',
    kind: 'process',
    output: { n: 'n' },
    variables: { n: { initial: 0 } },
    activities: ['A', 'B', 'C', 'D', 'E'].map((id) => ({ ...service(id), output: { n: 'n + 1' } })),
    connectors: inARow('A', 'B', 'C', 'D', 'E')!,
  },
  {
    flow: 'parallel',
    kind: 'process',
    activities: [service('A'), service('B'), service('C'), service('D'), { ...service('E'), join: 'and' }],
    connectors: ['B', 'C', 'D'].flatMap((id) => [
      { id: `A-${id}`, from: 'A', to: id },
      { id: `${id}-E`, from: id, to: 'E' },
    ]),
  },
  {
    flow: 'at-once',
    kind: 'microflow',
    output: { n: 'n' },
    variables: { n: { initial: 0 } },
    activities: ['A', 'B', 'C'].map((id) => ({ ...service(id), output: { n: 'n + 1' } })),
    connectors: inARow('A', 'B', 'C')!,
  },
  {
    flow: 'timer',
    kind: 'process',
    activities: [service('A'), { id: 'W', type: 'wait', after: 'PT0.3S' }, service('B')],
    connectors: inARow('A', 'W', 'B')!,
  },
  {
    flow: 'person',
    kind: 'process',
    output: { said: 'said' },
    activities: [service('A'), { id: 'U', type: 'user', role: 'sales', output: { said: '$output' } }, service('B')],
    connectors: inARow('A', 'U', 'B')!,
  },
  {
    flow: 'message',
    kind: 'process',
    input: { key: { type: 'string' } },
    activities: [service('A'), { id: 'R', type: 'receive', message: { name: 'go', key: 'key' } }, service('B')],
    connectors: inARow('A', 'R', 'B')!,
  },
  {
    flow: 'caller',
    kind: 'process',
    output: { n: 'n' },
    activities: [{ id: 'Call', type: 'call', calls: 'chain', output: { n: '$output.n' } }, service('B')],
    connectors: inARow('Call', 'B')!,
  },
];
/** What every instance of a flow calls, once each; of `caller` without what the called flow does. */
export const CALLS: Readonly<Record<string, number>> = {
  chain: 5,
  parallel: 5,
  'at-once': 3,
  timer: 2,
  person: 2,
  message: 2,
  caller: 1,
};

/** What instances of a flow must give. */
export const OUTPUTS: Readonly<Record<string, JsonObject>> = {
  chain: { n: 5 },
  'at-once': { n: 3 },
  caller: { n: 5 },
  person: { said: 'yes' },
};
