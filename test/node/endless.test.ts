// What never ends, where a definition allows it: it runs, others have their turn, and somebody can end it.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { checkDefinition, compile, createMemoryHost, type FlowDefinition } from '../../src/index.js';
import { flowOf } from './flow-of.js';

const endless: FlowDefinition = flowOf(
  'A -> B -> A',
  { deadlocks: 'fail' },
  { B: { join: 'xor' }, S: {}, A: { join: 'xor' } },
);
const flow: FlowDefinition = {
  ...endless,
  connectors: [...endless.connectors!, { id: 'S-A', from: 'S', to: 'A' }],
};

describe('a loop without an exit', () => {
  it('is an error, and a warning where the flow says that it may go on for ever', async () => {
    const severity = async (f: FlowDefinition): Promise<unknown> => [
      ...new Set((await checkDefinition(f)).filter((d) => d.code === 'FLOW-E304').map((d) => d.severity)),
    ];
    const { deadlocks: _, ...strict } = flow;
    assert.deepEqual(await severity(strict), ['error']);
    assert.deepEqual(await severity(flow), ['warning']);
  });
  it('leaves others their turn and can be cancelled', async () => {
    const host = createMemoryHost({ implementations: { do: () => null } });
    await host.deploy(await compile(flow));
    const { id } = await host.start('test');
    await new Promise(setImmediate);
    await host.cancel(id);
    assert.equal((await host.get(id))?.status, 'cancelled');
    await host.close();
  });
  it('without anything to wait for is stopped', async () => {
    const bare: FlowDefinition = {
      ...flow,
      activities: ['A', 'B', 'S'].map((id) => ({ id, type: 'route', join: 'xor' })),
    };
    const host = createMemoryHost();
    await host.deploy(await compile(bare));
    const { id } = await host.start('test');
    assert.equal((await host.get(id))?.failure?.code, 'RunawayLoop');
  });
});
