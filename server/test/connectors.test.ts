import assert from 'node:assert/strict';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import { createServer as createNetServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import type { FlowDefinition, FlowError, InstanceView, Json, JsonObject } from '../../src/index.js';
import type { Incoming } from '../src/connectors/connector.js';
import { callAction, connect, type ConnectorSettings } from '../src/connectors/connectors.js';
import { tryConnector } from '../src/connectors/try.js';
import { readSettings } from '../src/settings.js';
import { BROKERS } from './brokers.js';
import { NO_POSTGRES, POSTGRES, startPglite, startPostgres } from './postgres.js';
import { eventually, startTestServer, untilStatus, type Client } from './harness.js';

const OPENAPI = {
  openapi: '3.1.0',
  paths: {
    '/prices/{id}': {
      parameters: [{ $ref: '#/components/parameters/Id' }],
      get: {
        operationId: 'getPrice',
        summary: 'The price of a product',
        parameters: [{ name: 'currency', in: 'query', schema: { enum: ['EUR', 'USD'] } }],
      },
      put: {
        operationId: 'setPrice',
        requestBody: {
          required: true,
          content: { 'application/json': { schema: { $ref: '#/components/schemas/Price' } } },
        },
      },
    },
  },
  components: {
    parameters: { Id: { name: 'id', in: 'path', required: true, schema: { type: 'string' } } },
    schemas: {
      Price: {
        type: 'object',
        properties: { amount: { type: 'number' }, was: { $ref: '#/components/schemas/Price' } },
        required: ['amount'],
      },
    },
  },
};

describe('connectors', () => {
  const folder = mkdtempSync(join(tmpdir(), 'millrace-connectors-'));
  const asked: { method: string; url: string; headers: IncomingMessage['headers']; body: string }[] = [];
  let api: Server;
  let url: string;
  before(async () => {
    api = createServer(async (request, response) => {
      let body = '';
      for await (const chunk of request) body += chunk;
      asked.push({ method: request.method!, url: request.url!, headers: request.headers, body });
      const answer = request.url!.startsWith('/graphql')
        ? body.includes('broken')
          ? { errors: [{ message: 'No such field.', extensions: { code: 'BAD_FIELD' } }] }
          : { data: { order: { id: 7 } } }
        : { amount: 12, currency: new URL(request.url!, 'http://x').searchParams.get('currency') };
      response.setHeader('content-type', 'application/json').end(JSON.stringify(answer));
    });
    await new Promise<void>((listening) => api.listen(0, '127.0.0.1', listening));
    url = `http://127.0.0.1:${(api.address() as AddressInfo).port}`;
    writeFileSync(join(folder, 'openapi.json'), JSON.stringify(OPENAPI));
  });
  after(() => {
    api.close();
    rmSync(folder, { recursive: true, force: true });
  });

  async function call(settings: ConnectorSettings, action: string, args: JsonObject): Promise<Json | void> {
    const connected = await connect('c', settings, folder);
    const context = { signal: AbortSignal.timeout(30_000), idempotencyKey: 'i/1' };
    return callAction('c', connected, action, args, context).finally(() => connected.close());
  }
  const codeOf = (promise: Promise<unknown>): Promise<string> =>
    promise.then(
      () => 'nothing',
      (error: FlowError) => error.code,
    );

  it('import the operations of an OpenAPI document, with checked arguments and references followed', async () => {
    process.env['TEST_API_TOKEN'] = 's3cret';
    const settings = {
      kind: 'http',
      url,
      openapi: 'openapi.json',
      headers: { 'x-token': { secret: 'TEST_API_TOKEN' } },
    };
    const price = await call(settings, 'getPrice', { id: 'a b', currency: 'EUR' });
    assert.deepEqual(price, { amount: 12, currency: 'EUR' });
    assert.equal(asked.at(-1)!.url, '/prices/a%20b?currency=EUR');
    assert.equal(asked.at(-1)!.headers['x-token'], 's3cret');
    await call(settings, 'setPrice', { id: 'desk', body: { amount: 3 } });
    const { method, headers, body } = asked.at(-1)!;
    assert.deepEqual([method, headers['idempotency-key'], body], ['PUT', 'i/1', '{"amount":3}']);
    assert.equal(await codeOf(call(settings, 'getPrice', { id: 'desk', currency: 'XXX' })), 'FLOW-ARGUMENTS');
    assert.equal(await codeOf(call(settings, 'setPrice', { id: 'desk', body: { amount: 'much' } })), 'FLOW-ARGUMENTS');
    assert.equal(await codeOf(call(settings, 'getPrice', {})), 'FLOW-ARGUMENTS');
  });

  it('call an API without a description by method and path', async () => {
    assert.deepEqual(await call({ kind: 'http', url }, 'get', { path: 'prices/x', query: { currency: 'USD' } }), {
      amount: 12,
      currency: 'USD',
    });
  });

  it('ask GraphQL, and fail with its code when it reports errors', async () => {
    const settings = { kind: 'graphql', url: `${url}/graphql` };
    assert.deepEqual(await call(settings, 'query', { query: '{ order { id } }' }), { order: { id: 7 } });
    assert.equal(await codeOf(call(settings, 'query', { query: '{ broken }' })), 'BAD_FIELD');
  });

  it('read and write SQLite, with values as parameters, and write nothing in a query', async () => {
    const settings = { kind: 'sql', url: 'sqlite:shop.db' };
    await call(settings, 'execute', { sql: 'create table items (name text, price real)' });
    const name = "'; drop table items; --";
    const insert = { sql: 'insert into items values (?, ?)', parameters: [name, 2.5] };
    assert.deepEqual(await call(settings, 'execute', insert), { changed: 1, rows: [] });
    assert.deepEqual(await call(settings, 'query', { sql: 'select * from items' }), [{ name, price: 2.5 }]);
    assert.equal(await codeOf(call(settings, 'query', { sql: 'delete from items' })), 'SQL-READ-ONLY');
    assert.match(await codeOf(call(settings, 'query', { sql: 'delete from items returning *' })), /^SQL-/);
    assert.match(await codeOf(call(settings, 'query', { sql: 'select * from nowhere' })), /^SQL-/);
    const returning = { sql: 'update items set price = 3 returning price' };
    assert.deepEqual(await call(settings, 'execute', returning), { changed: 1, rows: [{ price: 3 }] });
    assert.deepEqual(await call(settings, 'query', { sql: 'select count(*) as n from items' }), [{ n: 1 }]);
  });

  for (const [what, start, skip] of [
    ['PostgreSQL (as a library)', startPglite, false],
    ['a PostgreSQL server', () => startPostgres(POSTGRES!), POSTGRES === undefined && NO_POSTGRES],
  ] as const) {
    it(`read and write ${what}, with values as parameters, and write nothing in a query`, { skip }, async () => {
      const database = await start();
      const settings = { kind: 'sql', url: database.address };
      await call(settings, 'execute', { sql: 'create table items (name text unique, price float, many bigint)' });
      const name = "'; drop table items; --";
      const insert = { sql: 'insert into items values ($1, $2, $3)', parameters: [name, 2.5, '9007199254740993'] };
      assert.deepEqual(await call(settings, 'execute', insert), { changed: 1, rows: [] });
      assert.equal(await codeOf(call(settings, 'execute', insert)), 'SQL-23505');
      const all = [{ name, price: 2.5, many: '9007199254740993' }];
      assert.deepEqual(await call(settings, 'query', { sql: 'select * from items' }), all);
      assert.deepEqual(await call(settings, 'query', { sql: 'select count(*) as n from items' }), [{ n: 1 }]);
      for (const sql of ['delete from items returning *', 'commit; delete from items', 'select 1; delete from items'])
        assert.match(await codeOf(call(settings, 'query', { sql })), /^SQL-/, sql);
      assert.deepEqual(await call(settings, 'query', { sql: 'select count(*) as n from items' }), [{ n: 1 }]);
      await database.close();
      assert.match(await codeOf(call(settings, 'query', { sql: 'select 1' })), /^SQL-/);
    });
  }

  it('keep files to one folder', async () => {
    mkdirSync(join(folder, 'files'));
    mkdirSync(join(folder, 'elsewhere'));
    symlinkSync(join(folder, 'elsewhere'), join(folder, 'files/link'));
    const settings = { kind: 'file', folder: 'files' };
    await call(settings, 'write', { path: 'a/b.json', json: { n: 1 } });
    await call(settings, 'append', { path: 'log', content: 'one' });
    await call(settings, 'append', { path: 'log', content: 'two' });
    assert.deepEqual(await call(settings, 'read-json', { path: 'a/b.json' }), { n: 1 });
    assert.equal(await call(settings, 'read', { path: 'log' }), 'one\ntwo\n');
    for (const path of ['../openapi.json', '/etc/passwd', 'link/x', '../files-beside/x'])
      assert.equal(await codeOf(call(settings, 'write', { path, content: 'x' })), 'FILE-OUTSIDE', path);
  });

  it('run a program with JSON in and out, without a shell', async () => {
    writeFileSync(
      join(folder, 'double.mjs'),
      `let text = ''; for await (const chunk of process.stdin) text += chunk;
       const { n } = JSON.parse(text || '{}');
       if (n === 13) { console.error('unlucky'); process.exit(3); }
       console.log(JSON.stringify({ twice: n * 2, key: process.env.IDEMPOTENCY_KEY, secret: process.env.TEST_API_TOKEN ?? null }));`,
    );
    chmodSync(join(folder, 'double.mjs'), 0o700);
    const settings = { kind: 'script', program: process.execPath, arguments: ['double.mjs'] };
    assert.deepEqual(await call(settings, 'run', { n: 4 }), { twice: 8, key: 'i/1', secret: null });
    assert.equal(await codeOf(call(settings, 'run', { n: 13 })), 'SCRIPT-3');
  });

  it('send mail whose id follows from the idempotency key', async () => {
    const received: string[] = [];
    const smtp = createNetServer((socket) => {
      let isData = false;
      let text = '';
      socket.write('220 test\r\n');
      socket.on('data', (chunk) => {
        text += chunk.toString();
        for (let end = text.indexOf('\r\n'); end >= 0; end = text.indexOf('\r\n')) {
          const line = text.slice(0, end);
          text = text.slice(end + 2);
          if (isData) {
            if (line === '.') isData = false;
            else received.push(line);
            if (!isData) socket.write('250 kept\r\n');
          } else if (/^DATA/i.test(line)) {
            isData = true;
            socket.write('354 go on\r\n');
          } else if (/^QUIT/i.test(line)) socket.end('221 bye\r\n');
          else socket.write('250 fine\r\n');
        }
      });
    });
    await new Promise<void>((listening) => smtp.listen(0, '127.0.0.1', listening));
    const { port } = smtp.address() as AddressInfo;
    const settings = { kind: 'mail', url: `smtp://127.0.0.1:${port}?ignoreTLS=true`, from: 'shop@example.com' };
    const message = { to: 'ada@example.com', subject: 'Hello', text: 'It is done.' };
    const sent = (await call(settings, 'send', message)) as { messageId: string };
    assert.deepEqual(await call(settings, 'send', message), { ...sent, accepted: ['ada@example.com'] });
    assert.ok(received.includes('It is done.') && received.includes('Subject: Hello'));
    smtp.close();
  });

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

  it('say what is wrong with their settings', async () => {
    assert.equal(await codeOf(connect('c', { kind: 'htp', url }, folder)), 'FLOW-SETTINGS');
    assert.equal(await codeOf(connect('c', { kind: 'http' }, folder)), 'FLOW-SETTINGS');
    assert.equal(await codeOf(connect('c', { kind: 'http', url: { secret: 'NOT_SET' } }, folder)), 'FLOW-SECRET');
  });

  it('can be tried alone', async () => {
    const connectors = { shop: { kind: 'sql', url: 'sqlite:shop.db' } };
    const settings = readSettings({ data: folder, folder, connectors });
    const printed: string[] = [];
    const print = (line: string): void => void printed.push(line);
    await tryConnector(settings, [], print);
    await tryConnector(settings, ['shop'], print);
    await tryConnector(settings, ['shop.query', '{"sql": "select 41 + 1 as n"}'], print);
    assert.ok(printed.some((line) => /shop +sql/.test(line)));
    assert.ok(printed.includes('test: answers queries'));
    assert.deepEqual(JSON.parse(printed.at(-1)!), [{ n: 42 }]);
    assert.equal(await codeOf(tryConnector(settings, ['shop.query', 'select 1'], print)), 'FLOW-ARGUMENTS');
  });

  it('are implementations of flows on the server', async () => {
    const shop = { kind: 'http', url, openapi: 'openapi.json' };
    const t = await startTestServer({ folder, connectors: { shop, stock: { kind: 'sql', url: 'sqlite:shop.db' } } });
    await t.deploy({
      flow: 'priced',
      kind: 'process',
      output: { amount: 'amount', n: 'n' },
      activities: [
        {
          id: 'Price',
          type: 'service',
          implementation: { ref: 'shop.getPrice', arguments: { id: "'desk'" } },
          output: { amount: '$output.amount' },
        },
        {
          id: 'Count',
          type: 'service',
          implementation: { ref: 'stock.query', arguments: { sql: "'select count(*) as n from items'" } },
          output: { n: '$output[0].n' },
        },
      ],
      connectors: [{ id: 'c', from: 'Price', to: 'Count' }],
    });
    const { id } = await t.operator.start('priced');
    assert.deepEqual((await untilStatus(t.operator, id, 'completed')).output, { amount: 12, n: 1 });
    await t.close();
  });

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
