import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { FlowDefinition, HistoryRecord, InstanceView } from '../../src/index.js';
import { eventually, startTestServer, untilStatus, type TestServer } from './harness.js';

const order: FlowDefinition = {
  flow: 'order',
  kind: 'process',
  input: { product: { type: 'string' } },
  output: { decision: 'decision', key: 'key' },
  activities: [
    {
      id: 'Reserve',
      type: 'service',
      implementation: { ref: 'work', arguments: { product: 'product' } },
      output: { key: '$output.key' },
    },
    { id: 'Pause', type: 'wait', after: 'PT0.2S' },
    { id: 'Decide', type: 'user', role: 'sales', output: { decision: '$output.decision' } },
  ],
  connectors: [
    { id: 'c1', from: 'Reserve', to: 'Pause' },
    { id: 'c2', from: 'Pause', to: 'Decide' },
  ],
};

describe('the server', () => {
  let t: TestServer;
  before(async () => {
    t = await startTestServer();
    await t.deploy(order);
  });
  after(() => t.close());

  it('takes a process through a call, a timer and a person to its end', async () => {
    const { id } = await t.as('ada').start('order', { product: 'desk' });
    const task = await eventually('there is a task', async () =>
      (await t.as('bob').tasks()).find(({ instance }) => instance === id),
    );
    assert.equal(task.activity, 'Decide');
    const done = await t.as('bob').post(`/v1/tasks/${task.id}/complete`, { output: { decision: 'yes' } });
    assert.equal(done.status, 204);
    const view = await untilStatus(t.operator, id, 'completed');
    assert.deepEqual(view.output, { decision: 'yes', key: `${id}/i1` });
    assert.equal(t.calls().filter(({ key }) => key === `${id}/i1`).length, 2, 'begun and done once');
  });

  it('stops an untrusted flow that would keep it busy for ever, and goes on with the others', async () => {
    // Backtracks for longer than anyone lives, in a way that its source does not show.
    const output = { x: '$match(text, /a*a*a*a*b/)[0].match' };
    const activities = [{ id: 'A', type: 'script', output }] as const;
    await t.deploy({ flow: 'foreign', kind: 'process', untrusted: true, activities, output: { x: 'x' } });
    const evil = await t.as('ada').start('foreign', { text: 'a'.repeat(20_000) });
    const good = await t.as('ada').start('foreign', { text: 'aab' });
    assert.equal((await untilStatus(t.operator, evil.id, 'failed')).failure?.code, 'FLOW-EXPRESSION-TIMEOUT');
    assert.deepEqual((await untilStatus(t.operator, good.id, 'completed')).output, { x: 'aab' });
  });

  it('tells every step of an instance, in order', async () => {
    const { id } = await t.as('ada').start('order', { product: 'lamp' });
    await eventually('it waits for a person', async () => (await t.operator.instance(id)).tasks.length > 0);
    const { body } = await t.operator.get<readonly HistoryRecord[]>(`/v1/instances/${id}/history`);
    assert.deepEqual(
      body.map(({ seq }) => seq),
      body.map((_, i) => i + 1),
    );
    assert.equal(body[0]!.event.type, 'begin');
    const changed = body.flatMap(({ changes }) => changes.map((c) => `${c.activity} ${c.state}`));
    assert.ok(changed.includes('Reserve completed') && changed.at(-1) === 'Decide ready', changed.join(', '));
  });

  it('refuses input that does not fit, and starts nothing', async () => {
    const { status, body } = await t.as('ada').post<{ code: string }>('/v1/instances', {
      flow: 'order',
      input: { product: 7 },
      id: 'never-started',
    });
    assert.deepEqual([status, body.code], [422, 'FLOW-INPUT']);
    assert.equal((await t.operator.get('/v1/instances/never-started')).status, 404);
  });

  it('refuses a definition with faults and says all of them', async () => {
    const faulty = { ...order, flow: 'faulty', connectors: [{ id: 'c', from: 'Reserve', to: 'Decidee' }] };
    const { status, body } = await t.operator.post<{ diagnostics: { code: string }[] }>('/v1/flows', faulty);
    assert.equal(status, 422);
    assert.ok(body.diagnostics.some(({ code }) => code === 'FLOW-E102'));
  });

  it('starts once, however often the same id is sent', async () => {
    const first = await t.as('ada').start('order', { product: 'desk' }, { id: 'mine-1' });
    const again = await t.as('ada').start('order', { product: 'desk' }, { id: 'mine-1' });
    assert.equal(again.startedAt, first.startedAt);
    assert.equal((await t.as('bob').post('/v1/instances', { flow: 'order', id: 'mine-1' })).status, 201);
    const { status, body } = await t.as('stranger').post<{ code: string }>('/v1/instances', {
      flow: 'order',
      id: 'mine-1',
    });
    assert.deepEqual([status, body.code], [409, 'FLOW-ID-TAKEN']);
  });

  it('has one open instance per business key when asked to', async () => {
    const [first, second] = await Promise.all(
      [1, 2].map(() => t.as('ada').start('order', { product: 'desk' }, { key: 'K-1', once: true })),
    );
    assert.equal(first!.id, second!.id);
    await t.operator.post(`/v1/instances/${first!.id}/cancel`, { reason: 'enough' });
    const third = await t.as('ada').start('order', { product: 'desk' }, { key: 'K-1', once: true });
    assert.notEqual(third.id, first!.id);
  });

  it('keeps a message that nobody waits for yet, and delivers it once', async () => {
    await t.deploy({
      flow: 'paid',
      kind: 'process',
      output: { amount: 'amount' },
      activities: [
        { id: 'Wait', type: 'receive', message: { name: 'payment', key: 'id' }, output: { amount: '$output.amount' } },
      ],
      input: { id: { type: 'string' } },
    });
    const signal = { name: 'payment', key: 'A', data: { amount: 3 }, id: 'once' };
    for (const _ of [1, 2]) assert.equal((await t.as('stranger').post('/v1/signals', signal)).status, 204);
    const { id } = await t.as('ada').start('paid', { id: 'A' });
    assert.deepEqual((await untilStatus(t.operator, id, 'completed')).output, { amount: 3 });
    const second = await t.as('ada').start('paid', { id: 'A' });
    await t.operator.post('/v1/signals', { name: 'payment', key: 'B', data: { amount: 4 } });
    assert.equal((await t.operator.instance(second.id)).status, 'running');
    await t.operator.post('/v1/signals', { name: 'payment', key: 'A', data: { amount: 5 } });
    assert.deepEqual((await untilStatus(t.operator, second.id, 'completed')).output, { amount: 5 });
  });

  it('calls another flow and takes its output; its failure is the failure of the call', async () => {
    const child = (flow: string, ref: string): FlowDefinition => ({
      flow,
      kind: 'microflow',
      input: { n: { type: 'number' } },
      output: { twice: 'n * 2' },
      activities: [{ id: 'Work', type: 'service', implementation: { ref } }],
    });
    const parent = (flow: string, calls: string): FlowDefinition => ({
      flow,
      kind: 'process',
      output: { result: 'result' },
      activities: [{ id: 'Call', type: 'call', calls, input: { n: '21' }, output: { result: '$output.twice' } }],
    });
    await t.deploy(
      child('good', 'work'),
      child('bad', 'refuse'),
      parent('calls-good', 'good'),
      parent('calls-bad', 'bad'),
    );
    const good = await t.as('ada').start('calls-good');
    assert.deepEqual((await untilStatus(t.operator, good.id, 'completed')).output, { result: 42 });
    const bad = await t.as('ada').start('calls-bad');
    assert.equal((await untilStatus(t.operator, bad.id, 'failed')).failure?.code, 'NoStock');
  });

  it('starts another flow and goes on without it', async () => {
    await t.deploy(
      {
        flow: 'aside',
        kind: 'process',
        input: { n: { type: 'number' } },
        output: { n: 'n' },
        activities: [{ id: 'U', type: 'user', role: 'sales' }],
      },
      {
        flow: 'starter',
        kind: 'process',
        activities: [
          {
            id: 'Start',
            type: 'service',
            implementation: { ref: 'start-flow', arguments: { flow: '"aside"', input: '{ "n": 7 }' } },
          },
        ],
      },
    );
    const { id } = await t.as('ada').start('starter');
    await untilStatus(t.operator, id, 'completed');
    const [aside] = await eventually('the other one waits', async () => {
      const { body } = await t.operator.get<readonly InstanceView[]>('/v1/instances?flow=aside&role=sales');
      return body.length > 0 && body;
    });
    assert.deepEqual([aside!.variables, aside!.startedBy], [{ n: 7 }, 'ada']);
  });

  it('tries again as the flow says, and an operator can take up what failed', async () => {
    await t.deploy({
      flow: 'stubborn',
      kind: 'process',
      output: { got: 'got' },
      activities: [
        {
          id: 'Try',
          type: 'service',
          implementation: { ref: 'flaky' },
          retry: { maxAttempts: 2, backoff: 'PT0.05S' },
          output: { got: '$output' },
        },
      ],
    });
    const { id } = await t.as('ada').start('stubborn');
    await untilStatus(t.operator, id, 'failed');
    assert.equal((await t.as('ada').post(`/v1/instances/${id}/retry`)).status, 403);
    assert.equal((await t.operator.post(`/v1/instances/${id}/retry`)).status, 200);
    assert.deepEqual((await untilStatus(t.operator, id, 'completed')).output, { got: 'at last' });
    assert.equal(
      new Set(
        t
          .calls()
          .filter(({ name }) => name === 'Try')
          .map(({ key }) => key),
      ).size,
      1,
    );
  });

  it('reaches a call that is under way when it is cancelled', async () => {
    await t.deploy({
      flow: 'long',
      kind: 'process',
      activities: [{ id: 'Long', type: 'service', implementation: { ref: 'work', arguments: { ms: '3600000' } } }],
    });
    const { id } = await t.as('ada').start('long');
    await eventually('the call is under way', () => t.calls().some(({ key }) => key === `${id}/i1`));
    assert.equal((await t.as('ada').post(`/v1/instances/${id}/cancel`, { reason: 'changed my mind' })).status, 200);
    assert.equal((await t.operator.instance(id)).status, 'cancelled');
  });

  it('cancels a microflow in the middle of a call, undoing what it has done', async () => {
    await t.deploy({
      flow: 'booking',
      kind: 'microflow',
      activities: [
        { id: 'Book', type: 'service', implementation: { ref: 'work' }, compensation: 'Unbook' },
        { id: 'Unbook', type: 'service', implementation: { ref: 'work' } },
        { id: 'Pay', type: 'service', implementation: { ref: 'work', arguments: { ms: '3600000' } } },
      ],
      connectors: [{ id: 'c', from: 'Book', to: 'Pay' }],
      spheres: [{ id: 's', kind: 'compensation', activities: ['Book'] }],
    });
    const { id } = await t.as('ada').start('booking');
    await eventually('the call is under way', () =>
      t.calls().some(({ key, name }) => name === 'Pay' && key.startsWith(id)),
    );
    assert.equal((await t.as('ada').post(`/v1/instances/${id}/cancel`)).status, 200);
    const view = await untilStatus(t.operator, id, 'cancelled');
    assert.equal(view.activities['Book']!.state, 'compensated');
    assert.ok(t.calls().some(({ key, name }) => name === 'Unbook' && key.startsWith(id)));
  });

  it('counts time-outs, pauses between attempts and boundary timers in microflows too', async () => {
    await t.deploy({
      flow: 'hasty',
      kind: 'microflow',
      output: { got: 'got' },
      activities: [
        {
          id: 'Slow',
          type: 'service',
          implementation: { ref: 'work', arguments: { ms: '60000' } },
          timeout: 'PT0.1S',
          retry: { maxAttempts: 2, backoff: 'PT0.05S' },
          boundary: [{ id: 'late', event: 'error', code: 'Timeout', output: { got: "'a time-out'" } }],
        },
      ],
    });
    const { status, body } = await t.as('ada').post('/v1/run/hasty');
    assert.deepEqual([status, body], [200, { got: 'a time-out' }]);
  });

  it('makes the calls of another tenant under keys of their own, and can cancel them', async () => {
    const other = t.as('other-operator');
    const flow = (name: string, ms: string): FlowDefinition => ({
      flow: name,
      kind: 'process',
      activities: [{ id: 'Theirs', type: 'service', implementation: { ref: 'work', arguments: { ms } } }],
    });
    for (const one of [flow('short', '1'), flow('endless', '3600000')])
      assert.equal((await other.post('/v1/flows', one)).status, 201);
    const { id } = await other.start('short', {}, { id: 'same-name' });
    await untilStatus(other, id, 'completed');
    assert.ok(t.calls().some(({ key, phase }) => key === 'other:same-name/i1' && phase === 'done'));
    const endless = await other.start('endless');
    await eventually('the call is under way', () => t.calls().some(({ key }) => key === `other:${endless.id}/i1`));
    await other.post(`/v1/instances/${endless.id}/cancel`);
    assert.equal((await other.instance(endless.id)).status, 'cancelled');
  });

  it('starts what was deployed last, also when that is an older version that was deployed again', async () => {
    const wait = (name: string): FlowDefinition => ({
      flow: 'back-and-forth',
      kind: 'process',
      activities: [{ id: name, type: 'user', role: 'sales' }],
    });
    for (const name of ['A', 'B', 'A', 'B', 'A']) {
      await t.deploy(wait(name));
      assert.deepEqual(Object.keys((await t.operator.start('back-and-forth')).activities), [name]);
    }
  });

  it('lets running instances keep the definition that they started with', async () => {
    const { id, hash } = await t.as('ada').start('order', { product: 'desk' });
    await t.deploy({ ...order, version: '2.0.0', title: 'Another order' });
    const newer = await t.as('ada').start('order', { product: 'desk' });
    assert.notEqual(newer.hash, hash);
    assert.equal((await t.operator.instance(id)).hash, hash);
    const { body } = await t.operator.get<{ version: string }[]>('/v1/flows/order/versions');
    assert.deepEqual(
      body.map(({ version }) => version),
      ['2.0.0', '0.0.0'],
    );
  });

  it('runs a microflow as a service: its output at once, or an address to look at', async () => {
    await t.deploy({
      flow: 'double',
      kind: 'microflow',
      input: { n: { type: 'number' }, ms: { type: 'number' } },
      output: { twice: 'n * 2' },
      activities: [{ id: 'Work', type: 'service', implementation: { ref: 'work', arguments: { ms: 'ms' } } }],
    });
    const quick = await t.as('stranger').post('/v1/run/double', { n: 4, ms: 0 }, { 'idempotency-key': 'k' });
    assert.deepEqual([quick.status, quick.body], [200, { twice: 8 }]);
    const again = await t.as('stranger').post('/v1/run/double', { n: 4, ms: 0 }, { 'idempotency-key': 'k' });
    assert.equal(again.headers.get('location'), quick.headers.get('location'));
    const slow = await t.as('stranger').post('/v1/run/double', { n: 5, ms: 300 }, { prefer: 'wait=0' });
    assert.equal(slow.status, 202);
    const seen = await eventually('it has ended', async () => {
      const { body } = await t.as('stranger').get<{ status: string; output: unknown }>(slow.headers.get('location')!);
      return body.status === 'completed' && body;
    });
    assert.deepEqual(seen.output, { twice: 10 });
  });

  it('starts flows by the clock', async () => {
    const put = await fetch(`${t.url}/v1/schedules/every-second`, {
      method: 'PUT',
      headers: { 'x-api-key': t.keyOf('operator'), 'content-type': 'application/json' },
      body: JSON.stringify({ flow: 'order', cron: '* * * * * *', input: { product: 'desk' } }),
    });
    assert.equal(put.status, 200);
    await eventually('two have been started', async () => {
      const { body } = await t.operator.get<{ id: string }[]>('/v1/instances?startedBy=schedule%20every-second');
      return body.length >= 2 && new Set(body.map(({ id }) => id)).size === body.length;
    });
    const headers = { 'x-api-key': t.keyOf('operator') };
    await fetch(`${t.url}/v1/schedules/every-second`, { method: 'DELETE', headers });
    assert.deepEqual((await t.operator.get('/v1/schedules')).body, []);
  });

  it('forgets the times of a schedule that was removed, also when another takes its name', async () => {
    const headers = { 'x-api-key': t.keyOf('operator'), 'content-type': 'application/json' };
    const put = async (name: string, flow: string, cron: string): Promise<void> => {
      const body = JSON.stringify({ flow, cron, input: { product: 'desk' } });
      assert.equal((await fetch(`${t.url}/v1/schedules/${name}`, { method: 'PUT', headers, body })).status, 200);
    };
    const remove = (name: string): Promise<Response> =>
      fetch(`${t.url}/v1/schedules/${name}`, { method: 'DELETE', headers: { 'x-api-key': t.keyOf('operator') } });
    await put('taken', 'order', '* * * * * *');
    await remove('taken');
    await t.deploy({ ...order, flow: 'yearly' });
    await put('taken', 'yearly', '0 0 1 1 *');
    await put('witness', 'order', '* * * * * *');
    await eventually('seconds have passed', async () => {
      const { body } = await t.operator.get<unknown[]>('/v1/instances?startedBy=schedule%20witness');
      return body.length >= 3;
    });
    assert.deepEqual((await t.operator.get('/v1/instances?flow=yearly')).body, []);
    await remove('taken');
    await remove('witness');
  });
});
