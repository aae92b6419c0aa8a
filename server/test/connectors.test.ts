// What connectors do, each tried by itself; SQL and message buses have files of their own.
import assert from 'node:assert/strict';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import { createServer as createNetServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { connect } from '../src/connectors/connectors.js';
import { tryConnector } from '../src/connectors/try.js';
import { readSettings } from '../src/settings.js';
import { callsIn, codeOf } from './connector-calls.js';
import { startTestServer, untilStatus } from './harness.js';

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
  const call = callsIn(folder);
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
    const stock = { kind: 'sql', url: 'sqlite:stock.db' };
    await call(stock, 'execute', { sql: 'create table items as select 1 as n' });
    const t = await startTestServer({ folder, connectors: { shop, stock } });
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
});
