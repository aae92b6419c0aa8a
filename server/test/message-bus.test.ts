// The connector for message buses: what it publishes, and what it brings in.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import type { FlowDefinition, InstanceView, Json } from '../../src/index.js';
import type { Incoming } from '../src/connectors/connector.js';
import { connect } from '../src/connectors/connectors.js';
import { BROKERS } from './brokers.js';
import { callsIn, codeOf } from './connector-calls.js';
import { eventually, startTestServer, untilStatus, type Client } from './harness.js';

describe('message buses', () => {
  const folder = mkdtempSync(join(tmpdir(), 'millrace-bus-'));
  after(() => rmSync(folder, { recursive: true, force: true }));
  const call = callsIn(folder);

  for (const [what, start, skip] of BROKERS) {
    it(`publish on ${what}, and take a message for done when it has been dealt with`, { skip }, async () => {
      const broker = await start();
      const bus = { kind: 'mqtt', url: broker.url, version: broker.version };
      const subscribe: Json = [
        { topic: 'orders/+/paid', message: 'paid', key: '#2', id: 'event' },
        { topic: 'orders/#', flow: 'audit', id: 'event' },
      ];
      const listening = await connect('bus', { ...bus, clientId: 'millrace', subscribe }, folder);
      const taken: Incoming[] = [];
      let isReady = false;
      await listening.listen!(async (incoming) => {
        await eventually('somebody is ready to take it', () => isReady);
        taken.push(incoming);
      });
      const event = { topic: 'orders/8/paid', data: { amount: 4, event: 'e1' } };
      assert.deepEqual(await call(bus, 'publish', event), { topic: 'orders/8/paid' });
      await call(bus, 'publish', event);
      assert.equal(taken.length, 0);
      isReady = true;
      await eventually('all have been taken', () => taken.length === 4);
      const [message, started] = ['message', 'flow'].map((word) => taken.filter((one) => word in one));
      const { data } = event;
      const [messageId, startId] = [message![0]!.id, started![0]!.id];
      assert.deepEqual(message![0], { message: 'paid', key: '8', data, id: messageId });
      assert.deepEqual(started![0], { flow: 'audit', input: data, id: startId });
      // What the publisher calls one has one id; a message and a start have different ones.
      assert.deepEqual([message![1], started![1]], [message![0], started![0]]);
      assert.notEqual(messageId, startId);
      await listening.close();
      await broker.close();
      assert.equal(await codeOf(connect('c', { ...bus, subscribe }, folder)), 'FLOW-SETTINGS');
    });
  }

  for (const [what, start, skip] of BROKERS) {
    it(
      `bring messages of ${what} to flows that wait for them, and start flows, once each, over a kill`,
      { skip },
      async () => {
        const broker = await start();
        const subscribe: Json = [
          { topic: 'paid/+', message: 'paid', key: 'order', id: 'event' },
          { topic: 'ordered', flow: 'ordered', id: 'event' },
        ];
        const clientId = 'millrace-test';
        const bus = { kind: 'mqtt', url: broker.url, version: broker.version, clientId, subscribe };
        const t = await startTestServer({ folder, connectors: { bus } });
        await t.deploy({
          flow: 'ordered',
          kind: 'process',
          input: { order: { type: 'string' } },
          output: { amount: 'amount' },
          activities: [
            {
              id: 'Wait',
              type: 'receive',
              message: { name: 'paid', key: 'order' },
              output: { amount: '$output.amount' },
            },
            {
              id: 'Tell',
              type: 'service',
              implementation: { ref: 'bus.publish', arguments: { topic: '"done"', data: '{ "order": order }' } },
            },
          ],
          connectors: [{ id: 'c', from: 'Wait', to: 'Tell' }],
        });
        // The session is there from the first subscription on, also while nobody is.
        await eventually('the server listens', async () => {
          await broker.publish('ordered', { order: 'first', event: 'first' });
          const { body } = await t.operator.get<readonly InstanceView[]>('/v1/instances?flow=ordered');
          return body.length > 0;
        });
        process.kill(t.server.pids()['flow-service']!, 'SIGKILL');
        await broker.publish('ordered', { order: 'A', event: 'order A' });
        await broker.publish('ordered', { order: 'A', event: 'order A' });
        await broker.publish('paid/x', { order: 'A', amount: 5, event: 'payment A' });
        const [one, ...others] = await eventually('it has started and ended', async () => {
          const { body } = await t.operator.get<readonly InstanceView[]>('/v1/instances?flow=ordered&status=completed');
          return body.length > 0 && body;
        });
        assert.deepEqual([one!.output, one!.startedBy, others.length], [{ amount: 5 }, 'connector bus', 0]);
        await eventually('it has told so', () => broker.published('done').length > 0);
        assert.deepEqual(broker.published('done'), [{ order: 'A' }]);
        assert.equal((await t.operator.get<readonly unknown[]>('/v1/instances?flow=ordered')).body.length, 2);
        await t.close();
        await broker.close();
      },
    );
  }

  it('belong to one tenant where their settings say so: what they bring in, and who can use them', async () => {
    const broker = await BROKERS[0]![1]();
    const { url: bus, version } = broker;
    const subscribe: Json = [
      { topic: 'shared', flow: 'ordered', id: 'event' },
      { topic: 'theirs', flow: 'ordered', id: 'event', tenant: 'other' },
    ];
    const t = await startTestServer({
      folder,
      connectors: {
        shared: { kind: 'mqtt', url: bus, version, clientId: 'shared', subscribe },
        own: {
          kind: 'mqtt',
          url: bus,
          version,
          clientId: 'own',
          tenant: 'other',
          subscribe: [{ topic: 'own', flow: 'ordered', id: 'event' }],
        },
      },
    });
    const ordered: FlowDefinition = {
      flow: 'ordered',
      kind: 'process',
      input: { from: { type: 'string' } },
      activities: [
        {
          id: 'Tell',
          type: 'service',
          implementation: { ref: 'own.publish', arguments: { topic: "'told'", data: 'from' } },
        },
      ],
    };
    const other = t.as('other-operator');
    await t.deploy(ordered);
    assert.equal((await other.post('/v1/flows', ordered)).status, 201);
    const startedIn = async (client: Client): Promise<readonly unknown[]> => {
      const { body } = await client.get<readonly InstanceView[]>('/v1/instances?flow=ordered');
      return [...new Set(body.map(({ variables }) => variables['from']))].sort();
    };
    await eventually('all are listened to', async () => {
      for (const from of ['shared', 'theirs', 'own']) await broker.publish(from, { from, event: from });
      return (await startedIn(t.operator)).length === 1 && (await startedIn(other)).length === 2;
    });
    assert.deepEqual([await startedIn(t.operator), await startedIn(other)], [['shared'], ['own', 'theirs']]);
    const [mine] = (await t.operator.get<readonly InstanceView[]>('/v1/instances?flow=ordered')).body;
    const failed = await untilStatus(t.operator, mine!.id, 'failed');
    assert.match(failed.failure!.message, /own\.publish/);
    await eventually('the flows of the tenant have told', () => broker.published('told').length === 2);
    await t.close();
    await broker.close();
    assert.equal(await codeOf(connect('c', { kind: 'mqtt', url: bus, tenant: 'a b' }, folder)), 'FLOW-SETTINGS');
  });
});
