import assert from 'node:assert/strict';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, before, describe, it } from 'node:test';
import { createHttpImplementation, type InvocationContext, type JsonObject } from '../../src/index.js';

describe('the http implementation', () => {
  let server: Server;
  let baseUrl: string;
  let last: { request: IncomingMessage; body: string };

  before(async () => {
    server = createServer((request, response) => {
      let body = '';
      request.on('data', (chunk: Buffer) => (body += chunk.toString()));
      request.on('end', () => {
        last = { request, body };
        const status = Number(/\/status\/(\d+)/.exec(request.url ?? '')?.[1] ?? 200);
        response.writeHead(status, { 'content-type': 'application/json' });
        response.end(JSON.stringify({ message: `status ${status}` }));
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  });
  after(() => void server.close());

  const call = (args: JsonObject, options = {}): unknown =>
    createHttpImplementation({ baseUrl, ...options })(args, {
      signal: new AbortController().signal,
      idempotencyKey: 'i/t1',
      instance: 'i',
      flow: 'f',
      activity: 'A',
      attempt: 1,
      input: {},
    } satisfies InvocationContext);

  it('sends JSON and gives status, headers and body', async () => {
    const result = (await call({ method: 'POST', url: '/orders', query: { q: 'a b' }, body: { n: 1 } })) as JsonObject;
    assert.equal(result['status'], 200);
    assert.equal(last.request.url, '/orders?q=a+b');
    assert.equal(last.body, '{"n":1}');
    assert.equal(last.request.headers['idempotency-key'], 'i/t1');
  });

  it('sends no idempotency key with a call that changes nothing', async () => {
    await call({ url: '/orders' });
    assert.equal(last.request.headers['idempotency-key'], undefined);
  });

  it('fails with status, activity and address, without the query, and says whether a retry may help', async () => {
    await assert.rejects(
      async () => call({ url: '/status/503?token=secret' }),
      (error: Error & Record<string, unknown>) => {
        assert.equal(error['code'], 'HTTP-503');
        assert.equal(error['status'], 503);
        assert.equal(error['retryable'], true);
        assert.match(error.message, /^A: GET .*\/status\/503 answered 503: status 503$/);
        assert.doesNotMatch(error.message, /secret/);
        return true;
      },
    );
    await assert.rejects(async () => call({ url: '/status/404' }), { code: 'HTTP-404', retryable: false });
  });

  it('calls other origins only when they are allowed', async () => {
    await assert.rejects(async () => call({ url: 'https://elsewhere.example/' }), { code: 'HTTP-ORIGIN' });
    await assert.rejects(async () => call({ url: 'file:///etc/passwd' }), { code: 'HTTP-ORIGIN' });
    await call({ url: `${baseUrl}x` }, { baseUrl: 'https://page.example/', allowedOrigins: [new URL(baseUrl).origin] });
  });

  it('reports an API that is not there as a network failure worth another try', async () => {
    await assert.rejects(async () => call({ url: 'http://127.0.0.1:1/' }, { allowedOrigins: ['*'] }), {
      code: 'HTTP-NETWORK',
      retryable: true,
    });
  });
});
