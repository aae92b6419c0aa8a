// Calls that may happen only once, at an agent or in a page: what is lost with them is left to a person, not done again.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { createRegistry, type FlowDefinition, type InstanceView } from '../../src/index.js';
import { startAgent } from '../src/agent/agent.js';
import { AgentJournal } from '../src/agent/journal.js';
import { clientOf, eventually, startTestServer, untilStatus, type Client, type TestServer } from './harness.js';

const paying = (environment: string): FlowDefinition => ({
  flow: `pay-${environment}`,
  kind: 'process',
  output: { paid: 'paid' },
  activities: [
    {
      id: 'Pay',
      type: 'service',
      environment,
      implementation: { ref: 'pay', onResume: 'once' },
      output: { paid: '$output' },
    },
  ],
});

interface Taken {
  readonly key: string;
  readonly instance: string;
}

describe('a call elsewhere that may happen only once', () => {
  let t: TestServer;
  let warehouse: Client;
  before(async () => {
    t = await startTestServer();
    await t.deploy(paying('warehouse'), paying('page'));
    warehouse = clientOf(t.url, { 'x-api-key': t.keyOf('warehouse') });
  });
  after(() => t.close());

  const take = (client: Client, agent: string, instance: string): Promise<Taken> =>
    eventually('the call is offered', async () => {
      const { body } = await client.post<readonly Taken[]>(`/v1/agents/${agent}/take`, { wait: 1 });
      return body.find((call) => call.instance === instance);
    });
  const failed = async ({ id }: InstanceView): Promise<InstanceView> => {
    const view = await untilStatus(t.operator, id, 'failed');
    assert.equal(view.failure?.code, 'Indeterminate');
    return view;
  };

  it('is left to a person when its agent or page has fallen silent, and goes on as long as it has not', async () => {
    const ada = t.as('ada');
    const [lost, slow] = [await t.operator.start('pay-warehouse'), await t.operator.start('pay-warehouse')];
    const closed = await ada.start('pay-page');
    await take(ada, 'page:ada', closed.id);
    const { body: both } = await eventually('both are offered', async () => {
      const found = await warehouse.post<readonly Taken[]>('/v1/agents/warehouse/take', { wait: 1 });
      return found.body.length === 2 && found;
    });
    const { key } = both.find(({ instance }) => instance === slow.id)!;
    const renewing = setInterval(() => void warehouse.post('/v1/agents/warehouse/renew', { keys: [key] }), 2000);
    // Longer than anybody may be silent.
    const [view, page] = await Promise.all([failed(lost), failed(closed)]);
    assert.match(view.failure!.message, /"warehouse" fell silent/);
    assert.match(page.failure!.message, /its page fell silent/);
    for (const [client, agent] of [
      [warehouse, 'warehouse'],
      [ada, 'page:ada'],
    ] as const)
      assert.deepEqual((await client.post(`/v1/agents/${agent}/take`, { wait: 0 })).body, [], 'it is offered again');
    assert.equal((await t.operator.instance(slow.id)).status, 'running');
    clearInterval(renewing);
    await warehouse.post('/v1/agents/warehouse/finish', { key, output: 7 });
    assert.deepEqual((await untilStatus(t.operator, slow.id, 'completed')).output, { paid: 7 });

    const { token } = view.activities['Pay']!;
    assert.equal((await t.operator.post(`/v1/instances/${lost.id}/skip`, { token, output: 8 })).status, 200);
    assert.deepEqual((await untilStatus(t.operator, lost.id, 'completed')).output, { paid: 8 });
    // Whoever has found out that it was not done has it done.
    assert.equal((await t.operator.post(`/v1/instances/${closed.id}/retry`)).status, 200);
    const again = await take(ada, 'page:ada', closed.id);
    await ada.post('/v1/agents/page:ada/finish', { key: again.key, output: 9 });
    assert.deepEqual((await untilStatus(t.operator, closed.id, 'completed')).output, { paid: 9 });
  });

  it('is still offered when somebody renews it who has not taken it', async () => {
    const { id } = await t.operator.start('pay-warehouse');
    const renewed = await warehouse.post('/v1/agents/warehouse/renew', { keys: [`${id}/i1/1`] });
    assert.equal(renewed.status, 200);
    const { key } = await take(warehouse, 'warehouse', id);
    assert.equal(key, `${id}/i1/1`);
    await warehouse.post('/v1/agents/warehouse/finish', { key, output: 1 });
    await untilStatus(t.operator, id, 'completed');
  });

  it('is answered by an agent that comes back in time and knows that it was done', async () => {
    const { id } = await t.operator.start('pay-warehouse');
    const { key } = await take(warehouse, 'warehouse', id);
    // It had done it and was killed before it could say so.
    const journal = new AgentJournal(`${t.folder}/agent-warehouse.db`);
    journal.keep(key, { output: 'paid before' });
    journal.close();
    let calls = 0;
    const registry = createRegistry({ pay: () => ++calls });
    const agent = startAgent({ name: 'warehouse', url: t.url, apiKey: t.keyOf('warehouse'), registry, data: t.folder });
    assert.deepEqual((await untilStatus(t.operator, id, 'completed')).output, { paid: 'paid before' });
    assert.equal(calls, 0);
    await agent.stop();
  });
});
