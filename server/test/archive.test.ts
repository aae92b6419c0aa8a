// Instances that leave the server and go on elsewhere: in another tenant, in a page's memory, and back.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { createRemoteHost } from '../../src/hosts/remote/index.js';
import { createMemoryHost, type FlowDefinition, type HistoryRecord, type InstanceView } from '../../src/index.js';
import type { InstanceArchive } from '../../src/hosts/kit.js';
import { eventually, startTestServer, untilStatus, type Client, type TestServer } from './harness.js';

const service = (id: string): FlowDefinition['activities'][number] => ({
  id,
  type: 'service',
  implementation: { ref: 'work' },
});
const order: FlowDefinition = {
  flow: 'order',
  kind: 'process',
  input: { product: { type: 'string' } },
  output: { granted: 'granted', paid: 'paid' },
  variables: { granted: {}, paid: {} },
  activities: [
    service('Price'),
    { id: 'Decide', type: 'user', role: 'sales', output: { granted: '$output.granted' } },
    { id: 'Paid', type: 'receive', message: { name: 'paid', key: 'product' }, output: { paid: '$output' } },
    { ...service('Ship'), join: 'and' },
  ],
  connectors: [
    { id: 'c1', from: 'Price', to: 'Decide' },
    { id: 'c2', from: 'Price', to: 'Paid' },
    { id: 'c4', from: 'Decide', to: 'Ship' },
    { id: 'c5', from: 'Paid', to: 'Ship' },
  ],
};
const timed: FlowDefinition = {
  flow: 'timed',
  kind: 'process',
  activities: [service('A'), { id: 'Pause', type: 'wait', after: 'PT1S' }, service('B')],
  connectors: [
    { id: 'c1', from: 'A', to: 'Pause' },
    { id: 'c2', from: 'Pause', to: 'B' },
  ],
};
const pay: FlowDefinition = {
  flow: 'pay',
  kind: 'process',
  activities: [
    { id: 'Pay', type: 'service', implementation: { ref: 'work', arguments: { ms: '60000' }, onResume: 'once' } },
  ],
};

describe('an instance as a file', () => {
  let t: TestServer;
  let other: Client;
  before(async () => {
    t = await startTestServer();
    other = t.as('other-operator');
    await t.deploy(order, timed, pay);
    for (const flow of [order, timed, pay]) await other.post('/v1/flows', flow);
  });
  after(() => t.close());

  const exported = async (id: string, from: Client = t.operator): Promise<InstanceArchive> => {
    const { status, body } = await from.get<InstanceArchive>(`/v1/instances/${id}/archive`);
    assert.equal(status, 200, JSON.stringify(body));
    return body;
  };
  const taken = (archive: unknown, by: Client = other): ReturnType<Client['post']> => by.post('/v1/archives', archive);
  const waiting = async (product: string): Promise<InstanceView> => {
    const { id } = await t.as('ada').start('order', { product });
    return eventually('it waits', async () => {
      const view = await t.operator.instance(id);
      return view.tasks.length > 0 && view;
    });
  };

  it('is taken in elsewhere with the same hash and history, and goes on, also over a kill', async () => {
    const { id } = await waiting('desk');
    const archive = await exported(id);
    assert.equal((await taken(archive)).status, 201);
    process.kill(t.server.pids()['flow-service']!, 'SIGKILL');
    assert.equal((await exported(id, other)).hash, archive.hash);
    // Sent again, as after a lost answer.
    assert.equal((await taken(archive)).status, 201);
    const history = async (client: Client): Promise<unknown> =>
      (await client.get<readonly HistoryRecord[]>(`/v1/instances/${id}/history`)).body.map(({ seq, event }) => ({
        seq,
        event,
      }));
    assert.deepEqual(await history(other), await history(t.operator));
    const [task] = (await other.get<InstanceView['tasks']>('/v1/tasks')).body;
    assert.equal((await other.post(`/v1/tasks/${task!.id}/complete`, { output: { granted: true } })).status, 204);
    await other.post('/v1/signals', { name: 'paid', key: 'desk', data: 7 });
    assert.deepEqual((await untilStatus(other, id, 'completed')).output, { granted: true, paid: 7 });
    assert.equal((await t.operator.instance(id)).status, 'running');
    const begun = t.calls().filter(({ key, phase }) => key.endsWith(`${id}/i1`) && phase === 'begun');
    assert.equal(begun.length, 1, 'what had been called is not called again');
    const refused = await taken(archive);
    assert.deepEqual([refused.status, (refused.body as { code: string }).code], [409, 'FLOW-EXISTS']);
  });

  it('waits elsewhere for the time that it waited for', async () => {
    const { id } = await t.operator.start('timed');
    assert.equal((await taken(await exported(id))).status, 201);
    await untilStatus(other, id, 'completed');
    await untilStatus(t.operator, id, 'completed');
  });

  it('goes on in a page, and comes back from there', async () => {
    const host = createRemoteHost({ url: t.url, apiKey: t.keyOf('operator'), delegate: true });
    const { id } = await waiting('lamp');
    const archive = await host.export(id);
    const page = createMemoryHost({ implementations: { work: () => 'done' } });
    const management = await page.management();
    await management.import(archive);
    assert.equal((await management.export(id)).hash, archive.hash);
    const [task] = await page.tasks();
    await page.send({
      type: 'complete',
      task: task!.id,
      user: { id: 'ada', roles: ['sales'] },
      output: { granted: 1 },
    });
    const back = await management.export(id);
    const { status, body } = await taken(back);
    assert.equal(status, 201, JSON.stringify(body));
    assert.equal((await exported(id, other)).hash, back.hash);
    await other.post('/v1/signals', { name: 'paid', key: 'lamp', data: 3 });
    assert.deepEqual((await untilStatus(other, id, 'completed')).output, { granted: 1, paid: 3 });
    await page.close();
    await host.close();
  });

  it('does not make a call again that may happen only once and had begun', async () => {
    const { id } = await t.operator.start('pay');
    await eventually('it is being paid', () => t.calls().some(({ key }) => key.startsWith(`${id}/`)));
    const archive = await exported(id);
    await t.operator.post(`/v1/instances/${id}/cancel`);
    assert.equal((await taken(archive)).status, 201);
    const failed = await untilStatus(other, id, 'failed');
    assert.equal(failed.failure?.code, 'Indeterminate');
    assert.equal(t.calls().filter(({ key, phase }) => key.endsWith(`${id}/i1`) && phase === 'begun').length, 1);
  });

  it('is refused when it was changed, is of an unknown version, or is given by somebody who may not', async () => {
    const archive = await exported((await waiting('chair')).id);
    const codeOf = async (given: unknown, by?: Client): Promise<string> => {
      const { status, body } = await taken(given, by);
      return `${status} ${(body as { code: string }).code}`;
    };
    assert.equal(await codeOf({ ...archive, state: { ...archive.state, status: 'completed' } }), '422 FLOW-ARCHIVE');
    assert.equal(await codeOf({ ...archive, journal: archive.journal.slice(1) }), '422 FLOW-ARCHIVE');
    assert.equal(await codeOf({ ...archive, journal: [] }), '422 FLOW-ARCHIVE');
    assert.equal(await codeOf({}), '400 FLOW-REQUEST');
    assert.equal(await codeOf(archive, t.as('ada')), '403 FLOW-FORBIDDEN');
    assert.equal((await t.as('bob').get(`/v1/instances/${archive.header.id}/archive`)).status, 403);
    assert.equal((await t.as('stranger').get(`/v1/instances/${archive.header.id}/archive`)).status, 404);
    assert.equal((await t.as('ada').get(`/v1/instances/${archive.header.id}/archive`)).status, 200);
  });
});
