// Flows in a page with activities at the server, and the other way round: each side keeps its own history.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { FlowDefinition, InstanceView } from '../../src/index.js';
import { createRegistry } from '../../src/index.js';
import { Runtime } from '../../src/runtime/runtime.js';
import { startAgent } from '../src/agent/agent.js';
import { eventually, startTestServer, untilStatus, type TestServer } from './harness.js';

const mixed: FlowDefinition = {
  flow: 'mixed',
  kind: 'microflow',
  input: { product: { type: 'string' } },
  output: { price: 'price', key: 'key', said: 'said' },
  activities: [
    { id: 'Price', type: 'service', implementation: { ref: 'price' }, output: { price: '$output' } },
    {
      id: 'Book',
      type: 'service',
      environment: 'server',
      input: { what: 'product', price: 'price' },
      implementation: { ref: 'work', arguments: { text: "what & ' for ' & price" }, result: '$result.text' },
      output: { said: '$output' },
    },
    {
      id: 'Print',
      type: 'service',
      environment: 'warehouse',
      input: { said: 'said' },
      implementation: { ref: 'print' },
      output: { key: '$output' },
    },
  ],
  connectors: [
    { id: 'c1', from: 'Price', to: 'Book' },
    { id: 'c2', from: 'Book', to: 'Print' },
  ],
};

describe('activities in other environments than their flow', () => {
  let t: TestServer;
  const runtimes: Runtime[] = [];
  const pageOf = (who: string): Runtime => {
    const runtime = new Runtime({ server: { url: t.url, apiKey: t.keyOf(who) }, user: { id: who, roles: ['sales'] } });
    runtimes.push(runtime);
    return runtime;
  };
  before(async () => (t = await startTestServer()));
  after(async () => {
    await Promise.all(runtimes.map((runtime) => runtime.close()));
    await t.close();
  });

  it('are done by the server and by an agent behind it, for a flow in the page, as flows of their own', async () => {
    await t.deploy(mixed);
    const registry = createRegistry({ print: ({ said }) => `printed ${String(said)}` });
    const agent = startAgent({
      name: 'warehouse',
      url: t.url,
      apiKey: t.keyOf('warehouse'),
      registry,
      data: t.folder,
    });
    const page = pageOf('ada');
    page.define(mixed);
    page.implement('price', () => 7);
    const { id, done } = await page.start('mixed', { product: 'desk' });
    const { status, output } = await done;
    assert.deepEqual([status, output], ['completed', { price: 7, said: 'desk for 7', key: 'printed desk for 7' }]);
    const { body } = await t.operator.get<readonly InstanceView[]>('/v1/instances?status=completed');
    const there = body.map(({ flow, startedBy, id: at }) => ({ flow, startedBy, of: at.startsWith(`${id}.`) }));
    assert.deepEqual(there, [
      { flow: 'mixed.Print', startedBy: 'ada', of: true },
      { flow: 'mixed.Book', startedBy: 'ada', of: true },
    ]);
    await agent.stop();
  });

  it('fail as they failed there, and are cancelled there when the page gives up', async () => {
    const flow = (ref: string, more: object = {}): FlowDefinition => ({
      flow: `there-${ref}`,
      kind: 'microflow',
      activities: [
        {
          id: 'A',
          type: 'service',
          environment: 'server',
          implementation: { ref, arguments: { ms: '60000' } },
          ...more,
        },
      ],
    });
    const [refused, slow] = [flow('refuse'), flow('work', { timeout: 'PT1S' })];
    await t.deploy(refused, slow);
    const page = pageOf('ada');
    page.define([refused, slow]);
    assert.equal((await (await page.start('there-refuse')).done).failure?.code, 'NoStock');
    const { id, done } = await page.start('there-work');
    assert.equal((await done).failure?.code, 'Timeout');
    const key = (await eventually('it was called', () => t.calls().find(({ key: k }) => k.startsWith(id))?.key))!;
    await untilStatus(t.operator, key.slice(0, key.lastIndexOf('/')), 'cancelled');
  });

  it('are not known to a server that nobody has deployed them to', async () => {
    const page = pageOf('ada');
    page.define({ ...mixed, flow: 'undeployed', activities: [mixed.activities[1]!], connectors: [] });
    const { failure } = await (await page.start('undeployed', { product: 'desk' })).done;
    assert.equal(failure?.code, 'FLOW-FORBIDDEN');
  });

  it('are done in the page of whoever started a flow on the server', async () => {
    await t.deploy({
      flow: 'asks-back',
      kind: 'process',
      environment: 'server',
      output: { answer: 'answer' },
      activities: [
        { id: 'There', type: 'service', implementation: { ref: 'work' } },
        {
          id: 'Here',
          type: 'service',
          environment: 'page',
          implementation: { ref: 'screen', arguments: { q: '"size"' } },
          output: { answer: '$output' },
        },
      ],
      connectors: [{ id: 'c', from: 'There', to: 'Here' }],
    });
    const [ada, bob] = [pageOf('ada'), pageOf('bob')];
    const asked: string[] = [];
    for (const [who, page] of [['ada', ada] as const, ['bob', bob] as const])
      page.implement('screen', ({ q }) => {
        asked.push(`${who} ${String(q)}`);
        return 42;
      });
    const ends = [await bob.watch(() => {}).catch(() => () => {})];
    const { done } = await ada.start('asks-back', {}, { environment: 'server' });
    assert.deepEqual((await done).output, { answer: 42 });
    assert.deepEqual(asked, ['ada size']);
    for (const end of ends) end();
    const { status, body } = await t.as('bob').post<{ code: string }>('/v1/agents/page:ada/take', { wait: 0 });
    assert.deepEqual([status, body.code], [403, 'FLOW-FORBIDDEN']);
  });
});
