import assert from 'node:assert/strict';
import { request } from 'node:http';
import { after, before, describe, it } from 'node:test';
import type { FlowDefinition, InstanceView, TaskView } from '../../src/index.js';
import { documentOf, misfits } from './described.js';
import { startTestServer, untilStatus, type TestServer } from './harness.js';

const paid: FlowDefinition = {
  flow: 'paid',
  kind: 'process',
  input: { id: { type: 'string' } },
  activities: [{ id: 'Wait', type: 'receive', message: { name: 'payment', key: 'id' } }],
};
const asked: FlowDefinition = {
  flow: 'asked',
  kind: 'process',
  roles: { sales: {} },
  activities: [
    {
      id: 'Fill',
      type: 'user',
      role: 'sales',
      form: { type: 'object', properties: { ok: { type: 'boolean' } }, required: ['ok'] },
    },
  ],
};
const failing: FlowDefinition = {
  flow: 'failing',
  kind: 'microflow',
  activities: [{ id: 'Fail', type: 'service', implementation: { ref: 'nobody-has-this' } }],
};

/** Whoever writes a client from the description alone counts on these. */
describe('what the server promises to any client', () => {
  let t: TestServer;
  before(async () => {
    t = await startTestServer();
    await t.deploy(paid, asked, failing);
  });
  after(() => t.close());

  const pay = (by: string, key: string, more: object, headers: Record<string, string> = {}): Promise<number> =>
    t
      .as(by)
      .post('/v1/signals', { name: 'payment', key, ...more }, headers)
      .then(({ status }) => status);
  const codeOf = ({ status, body }: { status: number; body: unknown }): string =>
    `${status} ${(body as { code: string }).code}`;

  it('does another request with the idempotency key of an earlier one, and a repetition once', async () => {
    const [first, second] = await Promise.all(['k1', 'k2'].map((id) => t.as('ada').start('paid', { id })));
    const key = { 'idempotency-key': 'é once' };
    assert.equal(await pay('ada', 'k1', {}, key), 204);
    assert.equal(await pay('ada', 'k2', {}, key), 204);
    await untilStatus(t.operator, first!.id, 'completed');
    await untilStatus(t.operator, second!.id, 'completed');
    assert.equal(await pay('ada', 'k1', {}, key), 204);
    // A second message would be kept for it.
    const third = await t.as('ada').start('paid', { id: 'k1' });
    assert.equal((await t.operator.instance(third.id)).status, 'running');
  });

  it('lets nobody use up the message ids of others', async () => {
    const [first, second] = await Promise.all(['i1', 'i2'].map((id) => t.as('ada').start('paid', { id })));
    assert.equal(await pay('stranger', 'i1', { id: 'payment-1' }), 204);
    await untilStatus(t.operator, first!.id, 'completed');
    assert.equal(await pay('ada', 'i2', { id: 'payment-1' }), 204);
    await untilStatus(t.operator, second!.id, 'completed');
  });

  it('gives an open instance of a business key with "once", however it was started', async () => {
    const first = await t.as('ada').start('paid', { id: 'o' }, { key: 'K-2' });
    const again = await t.as('ada').start('paid', { id: 'o' }, { key: 'K-2', once: true });
    assert.equal(again.id, first.id);
  });

  it('checks what a form requires also when nothing is entered', async () => {
    const { id } = await t.as('ada').start('asked');
    const { body: tasks } = await t.as('ada').get<TaskView[]>('/v1/tasks');
    const task = tasks.find(({ instance }) => instance === id)!;
    for (const body of [null, {}, { output: {} }])
      assert.equal(codeOf(await t.as('ada').post(`/v1/tasks/${task.id}/complete`, body)), '422 FLOW-VALUE');
    assert.equal((await t.as('ada').post(`/v1/tasks/${task.id}/complete`, { output: { ok: true } })).status, 204);
  });

  it('keeps an agent waiting for calls, whether it sends a body or not', async () => {
    const from = Date.now();
    const { status, body } = await t.as('warehouse').post('/v1/agents/warehouse/take', { wait: 2 });
    assert.deepEqual([status, body], [200, []]);
    // Much less would be a loop that asks without a pause.
    assert.ok(Date.now() - from > 1000);
  });

  it('answers a failed flow as its description says', async () => {
    const { status, body } = await t.operator.post('/v1/run/failing', {});
    assert.equal(status, 502);
    assert.equal((body as { place: { activity: string } }).place.activity, 'Fail');
    const described = await documentOf(t.url);
    assert.deepEqual(misfits(described, { $ref: '#/components/schemas/Problem' }, body), []);
  });

  it('says what is wrong with a request that can never succeed', async () => {
    const nested = (deep: number): unknown => JSON.parse('['.repeat(deep) + ']'.repeat(deep));
    assert.equal(
      codeOf(await t.operator.post('/v1/instances', { flow: 'paid', input: { id: nested(300) } })),
      '400 FLOW-REQUEST',
    );
    assert.equal(codeOf(await t.operator.get('/v1/instances?limit=1001')), '400 FLOW-REQUEST');
    assert.equal(codeOf(await t.operator.get('/v1/instances?status=runing')), '400 FLOW-REQUEST');
    assert.equal(codeOf(await t.operator.get('/v1/instances/%')), '400 FLOW-REQUEST');
    const plain = await send(`${t.url}/v1/signals`, 'POST', {
      'content-type': 'text/plain',
      'x-api-key': t.keyOf('ada'),
    });
    assert.equal(codeOf(plain), '415 FLOW-MEDIA-TYPE');
    assert.ok((await t.operator.get<InstanceView[]>('/v1/instances?limit=1000')).body.length > 0);
  });
});

function send(
  url: string,
  method: string,
  headers: Record<string, string>,
): Promise<{ status: number; body: unknown }> {
  return new Promise((resolve, reject) => {
    const sent = request(url, { method, headers }, (answer) => {
      let text = '';
      answer.on('data', (part) => (text += String(part)));
      answer.on('end', () => resolve({ status: answer.statusCode!, body: JSON.parse(text) }));
    });
    sent.on('error', reject);
    sent.end('x');
  });
}
