// What those who are responsible do to instances on the server, from a page: everything says who it was and why.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { createRemoteHost, type RemoteHost, type RemoteHostOptions } from '../../src/hosts/remote/index.js';
import type { FlowDefinition, FlowError, InstanceView } from '../../src/index.js';
import { Runtime } from '../../src/runtime/runtime.js';
import { describedFetch } from './described.js';
import { eventually, startTestServer, untilStatus, type Client, type TestServer } from './harness.js';

const order: FlowDefinition = {
  flow: 'order',
  kind: 'process',
  input: { key: { type: 'string' } },
  activities: [
    { id: 'Paid', type: 'receive', message: { name: 'paid', key: 'key' } },
    { id: 'Check', type: 'user', role: 'approver' },
  ],
  connectors: [{ id: 'c', from: 'Paid', to: 'Check' }],
};
const me = 'other-operator';
/** What an event says besides what somebody has said. */
const ASIDE = ['type', 'token', 'now', 'settled'];

describe('interventions from a page in instances on the server', () => {
  let t: TestServer;
  /** May operate, and is no trusted program. */
  let operator: Client;
  const open: { close(): Promise<void> }[] = [];
  const hostOf = (who: string, more: Partial<RemoteHostOptions> = {}): RemoteHost => {
    const host = createRemoteHost({ url: t.url, fetch: describedFetch(t.url), apiKey: t.keyOf(who), ...more });
    open.push(host);
    return host;
  };
  before(async () => {
    t = await startTestServer();
    await t.deploy(order);
    operator = t.as(me);
    assert.equal((await operator.post('/v1/flows', order)).status, 201);
  });
  after(async () => {
    await Promise.all(open.map((one) => one.close()));
    await t.close();
  });
  const eventsOf = async (host: RemoteHost, id: string, type: string): Promise<readonly object[]> =>
    (await host.history(id))
      .filter(({ event }) => event.type === type)
      .map(({ event }) => Object.fromEntries(Object.entries(event).filter(([name]) => !ASIDE.includes(name))));
  const paid = async (host: RemoteHost, key: string, more: object = {}): Promise<InstanceView> => {
    const { id } = await host.start('order', { key });
    await host.send({ type: 'signal', signal: { name: 'paid', key, ...more } });
    return eventually('it waits for a person', async () => {
      const view = await host.get(id);
      return view?.tasks.length === 1 && view;
    });
  };

  it('say who sent a message, and why', async () => {
    const host = hostOf(me);
    const { id } = await paid(host, 'k1', { by: 'somebody else', reason: 'the bank called' });
    assert.deepEqual(await eventsOf(host, id, 'message'), [{ id: '', by: me, reason: 'the bank called' }]);
    const trusted = hostOf('operator', { delegate: true });
    const theirs = await paid(trusted, 'k2', { by: 'eve', reason: 'asked to' });
    assert.deepEqual(await eventsOf(trusted, theirs.id, 'message'), [{ id: '', by: 'eve', reason: 'asked to' }]);
  });

  it('hand a task over to somebody and back, and do it for them, by those who may operate', async () => {
    const host = hostOf(me);
    const { id, tasks } = await paid(host, 'k3');
    const task = tasks[0]!.id;
    const zoe = { id: 'zoe', roles: ['approver'] };
    await host.send({ type: 'claim', task, user: zoe, by: me, reason: 'she knows it' });
    assert.equal((await host.get(id))!.tasks[0]!.claimedBy, 'zoe');
    await host.send({ type: 'release', task, user: zoe, by: me, reason: 'she is ill' });
    assert.equal((await host.get(id))!.tasks[0]!.claimedBy, undefined);
    await host.send({ type: 'complete', task, user: zoe, output: 'fine', by: me, reason: 'by telephone' });
    await untilStatus(operator, id, 'completed');
    assert.deepEqual(await eventsOf(host, id, 'claim'), [{ user: 'zoe', by: me, reason: 'she knows it' }]);
    assert.deepEqual(await eventsOf(host, id, 'release'), [{ user: 'zoe', by: me, reason: 'she is ill' }]);
    const completed = { user: 'zoe', output: 'fine', by: me, reason: 'by telephone' };
    assert.deepEqual(await eventsOf(host, id, 'complete'), [completed]);
  });

  it('are refused to those who may not act for others, and nothing changes', async () => {
    const trusted = hostOf('operator', { delegate: true });
    const { id, tasks } = await paid(trusted, 'k4');
    const task = tasks[0]!.id;
    const user = { id: 'zoe', roles: ['approver'] };
    const code = ({ code: found }: FlowError): boolean => found === 'FLOW-FORBIDDEN';
    await assert.rejects(hostOf('eve').send({ type: 'claim', task, user, by: 'eve' }), code);
    const { status } = await t.as('eve').post(`/v1/tasks/${task}/claim`, { by: 'operator' });
    assert.equal(status, 403);
    assert.equal((await t.operator.instance(id)).tasks[0]!.claimedBy, undefined);
    await trusted.send({ type: 'claim', task, user, by: 'chief', reason: 'it is her turn' });
    assert.deepEqual(await eventsOf(trusted, id, 'claim'), [{ user: 'zoe', by: 'chief', reason: 'it is her turn' }]);
  });

  it('move it to another version and send it messages, through the runtime, which knows where it is', async () => {
    const runtime = new Runtime({ server: { url: t.url, apiKey: t.keyOf(me) }, user: { id: me, roles: ['operator'] } });
    open.push(runtime);
    const { id } = await runtime.start('order', { key: 'k5' }, { environment: 'server' });
    const newer: FlowDefinition = { ...order, version: '2', title: 'Orders' };
    const { migrate, planMigration } = await runtime.management();
    const unknown = ({ code }: FlowError): boolean => code === 'FLOW-UNKNOWN';
    await assert.rejects(planMigration(id, newer), unknown, 'a plan must not deploy anything');
    const { body } = await operator.post<{ hash: string }>('/v1/flows', newer);
    // The page has no definition of this name; the server's newest is what it means.
    const definition = await runtime.definition('order');
    assert.equal(definition.version, '2');
    const plan = await planMigration(id, definition, { activities: {} });
    assert.deepEqual([plan.isPossible, plan.to], [true, body.hash]);
    assert.notEqual((await operator.instance(id)).hash, body.hash, 'a plan has changed something');
    await migrate(id, definition, { reason: 'it has a title now' });
    assert.equal((await operator.instance(id)).hash, body.hash);
    const [moved] = (await runtime.history(id)).flatMap(({ event }) => (event.type === 'migrated' ? event : []));
    assert.deepEqual([moved!.by, moved!.reason], [me, 'it has a title now']);
    await runtime.send({ type: 'signal', signal: { name: 'paid', key: 'k5' }, instance: id });
    await eventually('it has taken the message', async () => (await operator.instance(id)).tasks.length === 1);
  });
});
