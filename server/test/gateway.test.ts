import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { request } from 'node:http';
import { connect as http2 } from 'node:http2';
import { connect } from 'node:net';
import { after, before, describe, it } from 'node:test';
import { generateKeyPair } from 'jose';
import type { FlowDefinition, InstanceView } from '../../src/index.js';
import { documentOf, misfits } from './described.js';
import { clientOf, eventually, startTestServer, type Client, type TestServer } from './harness.js';
import type { Settings } from '../src/settings.js';
import { AUDIENCE, startIdentityProvider, type IdentityProvider } from './identity-provider.js';

const PAGE = 'https://shop.example';
const INSTANCE = { $ref: '#/components/schemas/Instance' };

const secret: FlowDefinition = {
  flow: 'secret',
  kind: 'process',
  input: { pin: { type: 'string' } },
  activities: [
    { id: 'Decide', type: 'user', role: 'sales', input: { pin: 'pin' } },
    { id: 'Check', type: 'user', role: 'approver', excludes: ['Decide'] },
  ],
  connectors: [{ id: 'c', from: 'Decide', to: 'Check' }],
};

describe('the gateway', () => {
  let t: TestServer;
  let identity: IdentityProvider;
  before(async () => {
    identity = await startIdentityProvider();
    const { issuer, jwks } = identity;
    t = await startTestServer({
      cors: [PAGE],
      limits: { bodyBytes: 20_000, requestsPerMinute: 300 },
      auth: { jwt: { issuer, jwks, audience: AUDIENCE, rolesClaim: 'realm_access.roles', tenantClaim: 'org' } },
    });
    await t.deploy(secret);
  });
  after(async () => {
    identity.close();
    await t.close();
  });

  const withToken = (token: string): Client => clientOf(t.url, { authorization: `Bearer ${token}` });
  const signedIn = async (sub: string, roles: readonly string[], org = 'default'): Promise<Client> =>
    withToken(await identity.token({ sub, org, realm_access: { roles } }));
  const codeOf = async (asked: Promise<{ status: number; body: unknown }>): Promise<string> => {
    const { status, body } = await asked;
    return `${status} ${(body as { code?: string } | undefined)?.code ?? ''}`.trim();
  };
  const refusals = (code: string): number => t.log().filter((line) => line['code'] === code).length;

  it('lets nobody in without good credentials, and logs who was refused', async () => {
    const claims = { sub: 'ada', org: 'default', realm_access: { roles: ['sales', 'operator'] } };
    const { privateKey: forged } = await generateKeyPair('ES256');
    const none = [{ alg: 'none' }, claims].map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'));
    const wrong: Record<string, Client> = {
      nothing: clientOf(t.url, {}),
      'an unknown key': clientOf(t.url, { 'x-api-key': 'guessed' }),
      'another audience': withToken(await identity.token({ ...claims, aud: 'somebody-else' })),
      'another issuer': withToken(await identity.token({ ...claims, iss: 'https://evil.example' })),
      'an expired token': withToken(await identity.token(claims, { expires: -60 })),
      'a forged signature': withToken(await identity.token(claims, { key: forged })),
      'no signature': withToken(`${none.join('.')}.`),
      'no tenant': withToken(await identity.token({ sub: 'ada' })),
      'a tenant with a trick in it': withToken(await identity.token({ ...claims, org: 'default:x' })),
    };
    const already = refusals('FLOW-UNAUTHENTICATED');
    for (const [what, client] of Object.entries(wrong)) {
      const start = client.post('/v1/instances', { flow: 'secret', id: 'sneaked-in' });
      assert.equal(await codeOf(start), '401 FLOW-UNAUTHENTICATED', what);
    }
    assert.equal(await codeOf(t.operator.get('/v1/instances/sneaked-in')), '404 FLOW-UNKNOWN-INSTANCE');
    await eventually('all are logged', () => refusals('FLOW-UNAUTHENTICATED') - already === Object.keys(wrong).length);
    assert.equal((await (await signedIn('ada', ['sales'])).get('/v1/me')).status, 200);
    for (const line of t.log()) assert.ok(!JSON.stringify(line).includes('guessed'), 'a credential was logged');
  });

  it('checks roles on every task, whatever the request says', async () => {
    const ada = await signedIn('ada', ['sales']);
    const bob = await signedIn('bob', ['sales', 'approver']);
    const eve = await signedIn('eve', ['approver']);
    const { id } = await ada.start('secret', { pin: '1234' });
    assert.deepEqual(await eve.tasks(), []);
    const [task] = await bob.tasks();
    const complete = `/v1/tasks/${task!.id}/complete`;
    assert.equal(await codeOf(eve.post(complete)), '403 FLOW-TASK-REFUSED');
    const asBob = { user: { id: 'bob', roles: ['sales'] } };
    assert.equal(await codeOf(eve.post(complete, asBob)), '403 FLOW-FORBIDDEN');
    assert.equal(await codeOf(eve.get('/v1/tasks?user=bob&roles=sales')), '403 FLOW-FORBIDDEN');
    assert.equal(await codeOf(eve.get('/v1/tasks?all=true')), '403 FLOW-FORBIDDEN');
    assert.equal((await t.operator.instance(id)).tasks[0]!.activity, 'Decide', 'nothing has changed');
    assert.equal((await bob.post(complete)).status, 204);
    const [check] = await eve.tasks();
    assert.equal(await codeOf(bob.post(`/v1/tasks/${check!.id}/complete`)), '403 FLOW-TASK-REFUSED');
    assert.equal((await eve.post(`/v1/tasks/${check!.id}/complete`)).status, 204);
    assert.equal((await t.operator.instance(id)).status, 'completed');
  });

  it('shows variables to who started and who may read, progress to who has a role, nothing to others', async () => {
    const ada = await signedIn('ada', ['sales']);
    const eve = await signedIn('eve', ['approver']);
    const mallory = await signedIn('mallory', []);
    const { id } = await ada.start('secret', { pin: '1234' }, { key: 'K' });
    assert.deepEqual((await ada.instance(id)).variables, { pin: '1234' });
    const seen = await eve.instance(id);
    assert.deepEqual([seen.id, seen.variables, seen.tasks, seen.key], [id, {}, [], undefined]);
    assert.equal(await codeOf(eve.get(`/v1/instances/${id}/history`)), '403 FLOW-FORBIDDEN');
    assert.equal(await codeOf(mallory.get(`/v1/instances/${id}`)), '404 FLOW-UNKNOWN-INSTANCE');
    assert.deepEqual((await mallory.get('/v1/instances')).body, []);
    for (const operation of ['cancel', 'retry']) {
      assert.equal(await codeOf(mallory.post(`/v1/instances/${id}/${operation}`)), '404 FLOW-UNKNOWN-INSTANCE');
      assert.equal(await codeOf(eve.post(`/v1/instances/${id}/${operation}`)), '403 FLOW-FORBIDDEN');
    }
    assert.equal(await codeOf(mallory.post('/v1/flows', secret)), '403 FLOW-FORBIDDEN');
    assert.equal(await codeOf(mallory.get('/metrics')), '403 FLOW-FORBIDDEN');
    assert.equal((await ada.post(`/v1/instances/${id}/cancel`)).status, 200);
  });

  it('keeps tenants apart', async () => {
    const { id } = await t.operator.start('secret', { pin: '1' });
    const other = t.as('other-operator');
    const foreign = await signedIn('ada', ['sales', 'operator'], 'other');
    for (const client of [other, foreign]) {
      assert.equal(await codeOf(client.get(`/v1/instances/${id}`)), '404 FLOW-UNKNOWN-INSTANCE');
      assert.equal(await codeOf(client.post(`/v1/instances/${id}/cancel`)), '404 FLOW-UNKNOWN-INSTANCE');
      assert.equal(await codeOf(client.post(`/v1/tasks/${id}/i1/complete`)), '404 FLOW-UNKNOWN-INSTANCE');
      assert.equal(await codeOf(client.get('/v1/flows/secret')), '404 FLOW-UNKNOWN');
      assert.deepEqual((await client.get('/v1/tasks')).body, []);
      assert.deepEqual((await client.get('/v1/instances')).body, []);
    }
    assert.equal((await t.operator.instance(id)).status, 'running');
    const stream = await fetch(`${t.url}/v1/events?instances=${id}`, {
      headers: { 'x-api-key': t.keyOf('other-operator') },
      signal: AbortSignal.timeout(1500),
    });
    let heard = '';
    await (async () => {
      for await (const chunk of stream.body!) heard += Buffer.from(chunk).toString();
    })().catch(() => {});
    assert.ok(heard.includes('event: open') && !heard.includes('event: view'), heard);
  });

  it('refuses what is too large, malformed, or an attempt at a trick', async () => {
    const big = { flow: 'secret', input: { pin: 'x'.repeat(30_000) } };
    assert.equal(await codeOf(t.operator.post('/v1/instances', big)), '413 FLOW-TOO-LARGE');
    const raw = (body: string): Promise<Response> =>
      fetch(`${t.url}/v1/instances`, {
        method: 'POST',
        headers: { 'x-api-key': t.keyOf('operator'), 'content-type': 'application/json' },
        body,
      });
    for (const body of ['{', '{"flow":"secret","__proto__":{"a":1}}', '{"flow":"secret","more":1}', '[]', '{"flow":7}'])
      assert.equal((await raw(body)).status, 400, body);
    for (const id of ['../default:x', 'a/b', 'x'.repeat(300), 'a b', '%2e%2e'])
      assert.equal((await t.operator.post('/v1/instances', { flow: 'secret', id })).status, 400, id);
    for (const path of [
      '/v1/instances/..%2f..%2fetc%2fpasswd',
      '/v1/../openapi',
      '/%2e%2e/%2e%2e/etc/passwd',
      '//evil',
    ])
      assert.equal(await statusOfRaw(path), 404, path);
    assert.equal((await t.operator.get('/v1/instances/default%3Ax')).status, 404);
  });

  it('takes a request without a body where nothing in it is needed', async () => {
    const { id } = await t.operator.start('secret', { pin: '1' });
    const bare = (path: string): Promise<Response> =>
      fetch(t.url + path, { method: 'POST', headers: { 'x-api-key': t.keyOf('ada') } });
    assert.equal((await bare(`/v1/tasks/${id}/i1/claim`)).status, 204);
    assert.equal((await bare(`/v1/tasks/${id}/i1/complete`)).status, 204);
    assert.equal((await bare('/v1/signals')).status, 400);
  });

  it('answers pages of the allowed origins only', async () => {
    const preflight = (origin: string): Promise<Response> =>
      fetch(`${t.url}/v1/instances`, {
        method: 'OPTIONS',
        headers: { origin, 'access-control-request-method': 'POST', 'access-control-request-headers': 'authorization' },
      });
    assert.equal((await preflight(PAGE)).headers.get('access-control-allow-origin'), PAGE);
    assert.equal((await preflight('https://evil.example')).headers.get('access-control-allow-origin'), null);
  });

  it('limits how often one caller may ask, not how often the others may', async () => {
    const statuses = await Promise.all(
      Array.from({ length: 320 }, async () => (await t.as('stranger').get('/v1/me')).status),
    );
    assert.ok(statuses.includes(429) && statuses.includes(200));
    assert.equal((await t.as('ada').get('/v1/me')).status, 200);
  });

  it('keeps its engine and flow service to the machine itself', async () => {
    const { engine, flowService } = JSON.parse(readFileSync(`${t.folder}/settings.json`, 'utf8')) as Settings;
    for (const port of [...Object.values(engine.ports), flowService.port]) {
      assert.equal(await isOpen('127.0.0.1', port), true, `nothing listens on ${port}`);
      // What listens on every address of the machine listens on this one too.
      assert.equal(await isOpen('127.0.0.2', port), false, `${port} is open to others`);
    }
  });

  it('has a flow service that answers the engine only', async () => {
    const { flowService } = JSON.parse(readFileSync(`${t.folder}/settings.json`, 'utf8')) as Settings;
    const session = http2(flowService.url);
    const status = await new Promise<number>((resolve, reject) => {
      const asked = session.request({
        ':path': '/discover',
        accept: 'application/vnd.restate.endpointmanifest.v3+json',
      });
      asked.on('response', (headers) => resolve(Number(headers[':status'])));
      asked.on('error', reject);
      asked.end();
    });
    session.close();
    assert.equal(status, 401);
  });

  it('resumes a stream after the last event that was seen, with the newest state only', async () => {
    const ada = t.as('ada');
    const first = await ada.start('secret', { pin: '1' });
    const { id: position } = (await listen(t, 'ada', {}, (events) => events.length > 0, [first.id])).at(-1)!;
    const second = await ada.start('secret', { pin: '2' });
    const [task] = (await t.as('bob').tasks()).filter(({ instance }) => instance === first.id);
    await t.as('bob').post(`/v1/tasks/${task!.id}/claim`);
    await t.as('bob').post(`/v1/tasks/${task!.id}/complete`);
    const resumed = await listen(t, 'ada', { 'last-event-id': position! }, (events) =>
      [first.id, second.id].every((id) => events.some(({ view }) => view.id === id)),
    );
    const ofFirst = resumed.filter(({ view }) => view.id === first.id);
    assert.equal(ofFirst.length, 1);
    assert.equal(ofFirst[0]!.view.activities['Decide']!.state, 'completed');
  });

  it('tells everything to a client whose last event is from another database, and refuses what is no id', async () => {
    const { id } = await t.as('ada').start('secret', { pin: '1' });
    const heard = await listen(t, 'ada', { 'last-event-id': '999999999' }, (events) =>
      events.some(({ view }) => view.id === id),
    );
    assert.ok(heard.length >= 1);
    const headers = { 'x-api-key': t.keyOf('ada'), 'last-event-id': 'abc' };
    assert.equal((await fetch(`${t.url}/v1/events`, { headers })).status, 400);
  });

  /** A path as it is: `fetch` would tidy it up. */
  function statusOfRaw(path: string): Promise<number> {
    const { hostname, port } = new URL(t.url);
    return new Promise((resolve, reject) => {
      const asked = request({ hostname, port, path, headers: { 'x-api-key': t.keyOf('operator') } }, (answer) => {
        answer.resume();
        resolve(answer.statusCode!);
      });
      asked.on('error', reject);
      asked.end();
    });
  }
});

function isOpen(host: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host, port });
    socket.on('connect', () => (socket.destroy(), resolve(true)));
    socket.on('error', () => resolve(false));
  });
}

interface Heard {
  readonly id: string;
  readonly view: InstanceView;
}

/** Listens to a stream until what it has heard is enough. */
async function listen(
  t: TestServer,
  who: string,
  headers: Record<string, string>,
  isEnough: (events: readonly Heard[]) => boolean,
  instances: readonly string[] = [],
): Promise<readonly Heard[]> {
  const ended = new AbortController();
  const query = instances.length > 0 ? `?instances=${instances.join(',')}` : '';
  const response = await fetch(`${t.url}/v1/events${query}`, {
    headers: { 'x-api-key': t.keyOf(who), ...headers },
    signal: ended.signal,
  });
  const document = await documentOf(t.url);
  const events: Heard[] = [];
  let text = '';
  for await (const chunk of response.body!) {
    text += Buffer.from(chunk).toString();
    const blocks = text.split('\n\n');
    text = blocks.pop()!;
    for (const block of blocks) {
      const data = /^data: (.*)$/m.exec(block)?.[1];
      if (!/^event: view$/m.test(block)) continue;
      assert.deepEqual(misfits(document, INSTANCE, JSON.parse(data!)), []);
      events.push({ id: /^id: (.*)$/m.exec(block)![1]!, view: JSON.parse(data!) as InstanceView });
    }
    if (isEnough(events)) break;
  }
  ended.abort();
  return events;
}
