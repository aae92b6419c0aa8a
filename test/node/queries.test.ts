import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createMemoryHost, type FlowDefinition, type MemoryHost } from '../../src/index.js';
import { fakeClock } from './fake-clock.js';

const order: FlowDefinition = {
  flow: 'order',
  kind: 'process',
  roles: { clerk: {} },
  activities: [{ id: 'Check', type: 'user', role: 'clerk' }],
};

describe('looking for instances', () => {
  async function started(): Promise<MemoryHost> {
    const clock = fakeClock();
    const host = createMemoryHost({ clock });
    await host.deploy(order);
    for (const [i, customer] of ['ada', 'bob', 'ada'].entries()) {
      await host.start('order', { customer: { name: customer }, amount: i }, { id: `o${i}`, key: `k${i}` });
      clock.advance(1000);
    }
    return host;
  }

  it('by the values of variables, also inside objects', async () => {
    const host = await started();
    const found = await host.list({ variables: { 'customer.name': 'ada' } });
    assert.deepEqual(
      found.map((v) => v.id),
      ['o2', 'o0'],
    );
    assert.deepEqual(await host.list({ variables: { 'customer.toString': 'ada' } }), []);
  });

  it('by the time of their start and of their last change', async () => {
    const host = await started();
    const ids = async (query: object): Promise<readonly string[]> => (await host.list(query)).map((v) => v.id);
    assert.deepEqual(await ids({ startedFrom: 1000, startedBefore: 2000 }), ['o1']);
    await host.cancel('o0');
    assert.deepEqual(await ids({ changedFrom: 3000 }), ['o0']);
    assert.deepEqual(await ids({ status: ['cancelled'], key: 'k0' }), ['o0']);
  });
});
