import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { createRegistry, type FlowDefinition, type ImplementationFunction } from '../../src/index.js';
import { startAgent } from '../src/agent/agent.js';
import { clientOf, eventually, startTestServer, untilStatus, type TestServer } from './harness.js';

const ship: FlowDefinition = {
  flow: 'ship',
  kind: 'process',
  output: { label: 'label' },
  activities: [
    {
      id: 'Print',
      type: 'service',
      implementation: { ref: 'warehouse/print', arguments: { to: "'Ada'" } },
      output: { label: '$output.label' },
    },
  ],
};

describe('an agent at another site', () => {
  let t: TestServer;
  before(async () => {
    t = await startTestServer();
    await t.deploy(ship);
  });
  after(() => t.close());

  const agents: { stop(): Promise<void> }[] = [];
  after(() => Promise.all(agents.map((agent) => agent.stop())));
  const start = (print: ImplementationFunction): { stop(): Promise<void> } => {
    const registry = createRegistry({ print });
    const agent = startAgent({ name: 'warehouse', url: t.url, apiKey: t.keyOf('warehouse'), registry, data: t.folder });
    agents.push(agent);
    return agent;
  };

  it('does the activities that are its own, once, and nobody else can', async () => {
    const first = await t.operator.start('ship');
    assert.equal((await t.operator.post('/v1/agents/warehouse/take', { wait: 0 })).status, 403);
    const keys: string[] = [];
    start(async ({ to }, { idempotencyKey }) => {
      keys.push(idempotencyKey);
      return { label: `for ${String(to)}` };
    });
    const second = await t.operator.start('ship');
    for (const { id } of [first, second])
      assert.deepEqual((await untilStatus(t.operator, id, 'completed')).output, { label: 'for Ada' });
    assert.deepEqual(keys.sort(), [`${first.id}/i1`, `${second.id}/i1`].sort());
  });

  it('reports a failure with its code, and is told when a call is no longer wanted', async () => {
    for (const agent of agents.splice(0)) await agent.stop();
    const agent = start(async () => {
      throw Object.assign(new Error('No paper.'), { code: 'NoPaper', retryable: false });
    });
    const { id } = await t.operator.start('ship');
    assert.equal((await untilStatus(t.operator, id, 'failed')).failure?.code, 'NoPaper');
    await agent.stop();
    agents.splice(0);
    const waiting = await t.operator.start('ship');
    const warehouse = clientOf(t.url, { 'x-api-key': t.keyOf('warehouse') });
    const [call] = await eventually('the call is offered', async () => {
      const { body } = await warehouse.post<{ key: string; instance: string }[]>('/v1/agents/warehouse/take');
      return body.some(({ instance }) => instance === waiting.id) && body;
    });
    await t.operator.post(`/v1/instances/${waiting.id}/cancel`);
    await eventually('it is gone', async () => {
      const { body } = await warehouse.post<{ gone: string[] }>('/v1/agents/warehouse/renew', { keys: [call!.key] });
      return body.gone.includes(call!.key);
    });
    assert.equal((await warehouse.post('/v1/agents/warehouse/finish', { key: call!.key, output: 1 })).status, 204);
    assert.equal((await t.operator.instance(waiting.id)).status, 'cancelled');
  });
});
