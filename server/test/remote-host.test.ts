import assert from 'node:assert/strict';
import { createServer, request as forward, type Server } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { after, before, describe, it } from 'node:test';
import { createRemoteHost, type RemoteHost, type RemoteHostOptions } from '../../src/hosts/remote/index.js';
import type { FlowDefinition, FlowError, HistoryRecord, InstanceView } from '../../src/index.js';
import { describedFetch } from './described.js';
import { eventually, startTestServer, untilStatus, type TestServer } from './harness.js';

const leave: FlowDefinition = {
  flow: 'leave',
  kind: 'process',
  input: { days: { type: 'number' } },
  output: { granted: 'granted' },
  activities: [
    { id: 'Ask', type: 'service', implementation: { ref: 'work', arguments: { ms: '50' } } },
    { id: 'Grant', type: 'user', role: 'sales', output: { granted: '$output.granted' } },
  ],
  connectors: [{ id: 'c', from: 'Ask', to: 'Grant' }],
};

const budget: FlowDefinition = {
  flow: 'budget',
  kind: 'process',
  output: { decision: 'decision' },
  activities: [
    {
      id: 'Vote',
      type: 'user',
      assign: '["ada", "bob"]',
      outcomes: { yes: 'Yes', no: 'No' },
      votes: { rule: 'consensus', fallback: 'no' },
      output: { decision: '$output.outcome' },
    },
    { id: 'Check', type: 'user', role: 'sales', excludes: ['$starter'], skippable: true },
  ],
  connectors: [{ id: 'c', from: 'Vote', to: 'Check' }],
};

const asksPage: FlowDefinition = {
  flow: 'asks-page',
  kind: 'process',
  output: { size: 'size' },
  variables: { size: {} },
  activities: [
    {
      id: 'Here',
      type: 'service',
      environment: 'page',
      implementation: { ref: 'size' },
      output: { size: '$output' },
    },
  ],
};

/** A line to the server that can be cut. */
async function cuttable(url: string): Promise<{ url: string; cut(): void; mend(): void; close(): void }> {
  const target = new URL(url);
  let isCut = false;
  const sockets = new Set<Socket>();
  const server: Server = createServer((request, response) => {
    if (isCut) return request.destroy();
    const { method, headers } = request;
    const onward = forward(
      { host: target.hostname, port: target.port, path: request.url, method, headers },
      (answer) => {
        response.writeHead(answer.statusCode!, answer.headers);
        answer.pipe(response);
      },
    );
    onward.on('error', () => response.destroy());
    response.on('close', () => onward.destroy());
    request.pipe(onward);
  });
  server.on('connection', (socket) => {
    if (isCut) socket.destroy();
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    cut() {
      isCut = true;
      for (const socket of sockets) socket.destroy();
    },
    mend: () => void (isCut = false),
    close() {
      server.close();
      for (const socket of sockets) socket.destroy();
    },
  };
}

describe('the remote host', () => {
  let t: TestServer;
  const hosts: RemoteHost[] = [];
  const hostOf = (who: string, more: Partial<RemoteHostOptions> = {}): RemoteHost => {
    const host = createRemoteHost({ url: t.url, fetch: describedFetch(t.url), apiKey: t.keyOf(who), ...more });
    hosts.push(host);
    return host;
  };
  before(async () => {
    t = await startTestServer();
    await t.deploy(leave);
    await t.deploy(budget);
    await t.deploy(asksPage);
  });
  after(async () => {
    await Promise.all(hosts.map((host) => host.close()));
    await t.close();
  });

  const taskOf = (host: RemoteHost, { id }: InstanceView): Promise<string> =>
    eventually('there is a task', async () => (await host.tasks()).find(({ instance }) => instance === id)?.id);

  it('says that the server refuses the stream, as when a token is no longer good, and comes back with a better one', async () => {
    let token = 'expired';
    const refused: string[] = [];
    const onRefused: RemoteHostOptions['onRefused'] = (error, { path }) => refused.push(`${error.code} ${path}`);
    const host = createRemoteHost({ url: t.url, token: () => token, onRefused });
    hosts.push(host);
    const seen: InstanceView[] = [];
    host.watch(undefined, (view) => seen.push(view));
    await eventually('it has been refused', () => refused.length > 0);
    assert.equal(refused[0], 'FLOW-UNAUTHENTICATED /v1/events');
    token = t.keyOf('ada');
    await eventually('a change has been seen', async () => {
      await host.start('leave', { days: 1 });
      return seen.length > 0;
    });
  });

  it('knows what an instance is pinned to, whatever has been deployed since', async () => {
    const [ada, bob] = [hostOf('ada'), hostOf('bob')];
    const { id, hash } = await ada.start('leave', { days: 3 });
    await t.deploy({ ...leave, version: '9.0.0' });
    assert.equal((await bob.flow('leave')).definition.version, '9.0.0');
    assert.equal((await bob.flowOf!(id))?.hash, hash);
    await t.deploy(leave);
  });

  it('shows every change to those who watch, never an older one', async () => {
    const ada = hostOf('ada');
    const seen: InstanceView[] = [];
    ada.watch(undefined, (view) => seen.push(view));
    const started = await ada.start('leave', { days: 3 });
    const task = await taskOf(ada, started);
    const bob = hostOf('bob');
    await bob.send({ type: 'claim', task, user: { id: 'bob', roles: [] } });
    await bob.send({ type: 'complete', task, output: { granted: true } });
    await eventually('the end has been seen', () => seen.at(-1)?.status === 'completed');
    const versions = seen.map(({ v }) => v);
    assert.deepEqual(
      versions,
      [...new Set(versions)].sort((a, b) => a - b),
    );
    assert.deepEqual(seen.at(-1)!.output, { granted: true });
  });

  it('gives tasks to those who vote, keeps the starter off, and lets a task be handed on and left out', async () => {
    const [ada, bob] = [hostOf('ada'), hostOf('bob')];
    const started = await ada.start('budget', {});
    for (const host of [ada, bob])
      await host.send({ type: 'complete', task: await taskOf(host, started), output: { outcome: 'yes' } });
    const task = await taskOf(bob, started);
    const view = (await bob.tasks()).find(({ id }) => id === task)!;
    assert.deepEqual([view.excludedUsers, view.skippable], [['ada'], true]);
    const user = { id: 'bob', roles: [] };
    const refused = await bob.send({ type: 'delegate', task, user, to: 'ada' }).catch((error: FlowError) => error.code);
    assert.equal(refused, 'FLOW-TASK-REFUSED');
    await bob.send({ type: 'delegate', task, user, to: 'bob' });
    await bob.send({ type: 'skip-task', task, user });
    const end = await eventually('it is over', async () => {
      const now = await ada.get(started.id);
      return now?.status === 'completed' ? now : undefined;
    });
    assert.deepEqual(end.output, { decision: 'yes' });
  });

  it('tells a watcher that comes late how things stand', async () => {
    const { id } = await hostOf('ada').start('leave', { days: 1 });
    const late = hostOf('ada');
    const seen: InstanceView[] = [];
    late.watch(id, (view) => seen.push(view));
    await eventually('it is told', () => seen.length > 0 && seen.at(-1)!.tasks.length === 1);
  });

  it('does not put back an older version that a page still has', async () => {
    const operator = hostOf('operator');
    const newer = { ...leave, flow: 'versioned', version: '2.0.0' };
    await operator.deploy({ ...newer, version: '1.0.0' });
    await operator.deploy(newer);
    await hostOf('operator').deploy({ ...newer, version: '1.0.0' });
    assert.equal((await operator.start('versioned', { days: 1 })).version, '2.0.0');
    await assert.rejects(hostOf('ada').deploy({ ...newer, flow: 'never-seen' }), { code: 'FLOW-FORBIDDEN' });
  });

  it('refuses as the server does, with the same codes', async () => {
    const host = hostOf('ada');
    const codeOf = (promise: Promise<unknown>): Promise<string> =>
      promise.then(
        () => 'nothing',
        (error: FlowError) => error.code,
      );
    assert.equal(await codeOf(host.start('leeve')), 'FLOW-UNKNOWN');
    assert.equal(await codeOf(host.start('leave', { days: 'many' })), 'FLOW-INPUT');
    assert.equal(await codeOf(host.send({ type: 'complete', task: 'nowhere/i1' })), 'FLOW-UNKNOWN-INSTANCE');
    assert.equal(await host.get('nowhere'), undefined);
    const started = await host.start('leave', { days: 1 });
    const task = await taskOf(host, started);
    const eve = hostOf('eve');
    assert.equal(await codeOf(eve.send({ type: 'complete', task })), 'FLOW-TASK-REFUSED');
    await hostOf('bob').send({ type: 'claim', task, user: { id: 'bob', roles: [] } });
    assert.equal(await codeOf(host.send({ type: 'complete', task })), 'FLOW-TASK-TAKEN');
    assert.equal(await codeOf(hostOf('nobody').list()), 'FLOW-UNAUTHENTICATED');
  });

  it('edits variables, and keeps who intervened and why', async () => {
    const program = hostOf('operator', { delegate: true });
    const started = await program.start('leave', { days: 3 }, { startedBy: 'ada' });
    await taskOf(program, started);
    const why = { by: 'eve', reason: 'a typing error' };
    await program.send({ type: 'edit', instance: started.id, variables: { days: 2 }, ...why });
    assert.deepEqual((await program.get(started.id))!.variables['days'], 2);
    await program.cancel(started.id, 'not needed', 'eve');
    const kept = (await program.history(started.id)).map(({ event }) => event);
    const found = kept.flatMap((e) => (e.type === 'edit' || e.type === 'cancel' ? [[e.type, e.by, e.reason]] : []));
    assert.deepEqual(found, [
      ['edit', 'eve', 'a typing error'],
      ['cancel', 'eve', 'not needed'],
    ]);
    // Who may not operate may not edit, whoever the request says acts.
    const edit = { variables: { days: 9 }, user: { id: 'eve', roles: [] } };
    const own = await hostOf('ada').start('leave', { days: 1 });
    const { status } = await t.as('ada').post(`/v1/instances/${own.id}/edit`, edit);
    assert.equal(status, 403);
  });

  it('keeps what is started and completed while the line is cut, and sends it once', async () => {
    const line = await cuttable(t.url);
    const host = hostOf('ada', { url: line.url });
    await host.deploy(leave);
    const seen: InstanceView[] = [];
    const first = await host.start('leave', { days: 1 });
    const task = await taskOf(host, first);
    host.watch(undefined, (view) => seen.push(view));
    line.cut();
    const second = await host.start('leave', { days: 2 });
    assert.deepEqual([second.status, second.v], ['running', 0]);
    await host.send({ type: 'complete', task, output: { granted: false } });
    assert.equal(await host.pending(), 2);
    assert.equal((await host.get(second.id))?.v, 0);
    line.mend();
    await host.flush();
    assert.equal(await host.pending(), 0);
    await eventually('both are seen', () =>
      [first.id, second.id].every((id) => seen.some((view) => view.id === id && view.v > 0)),
    );
    await eventually('the first is done', async () => (await host.get(first.id))?.status === 'completed');
    assert.equal((await host.list({ flow: 'leave' })).filter(({ id }) => id === second.id).length, 1);
    line.close();
  });

  it('keeps the answer of a function that it has called for the server while the line is cut, and calls it once', async () => {
    const line = await cuttable(t.url);
    let calls = 0;
    const size = (): number => {
      calls++;
      line.cut();
      return 42;
    };
    const host = hostOf('ada', { url: line.url, functions: { resolve: () => size } });
    host.watch(undefined, () => {});
    const { id } = await host.start('asks-page');
    await eventually('its answer is kept', async () => (await host.pending()) === 1);
    assert.equal((await t.operator.instance(id)).status, 'running');
    line.mend();
    await host.flush();
    assert.deepEqual((await untilStatus(t.operator, id, 'completed')).output, { size: 42 });
    assert.deepEqual([calls, await host.pending()], [1, 0]);
    // Both sides can tell of it: the instance's history here, the call there.
    const { body } = await t.operator.get<readonly HistoryRecord[]>(`/v1/instances/${id}/history`);
    assert.ok(body.some(({ event }) => event.type === 'result' && event.output === 42));
    line.close();
  });

  it('does what the page of the same person that has gone has left undone', async () => {
    let isBegun = false;
    const never = (): Promise<never> => {
      isBegun = true;
      return new Promise(() => {});
    };
    const gone = hostOf('bob', { functions: { resolve: () => never } });
    gone.watch(undefined, () => {});
    const { id } = await gone.start('asks-page');
    await eventually('it has begun there', () => isBegun);
    const other = hostOf('bob', { functions: { resolve: () => () => 7 } });
    other.watch(id, () => {});
    await other.get(id);
    await gone.close();
    assert.deepEqual((await untilStatus(t.operator, id, 'completed')).output, { size: 7 });
  });

  it('goes on with its stream after the line was cut, and misses no end', async () => {
    const line = await cuttable(t.url);
    const host = hostOf('ada', { url: line.url });
    const started = await host.start('leave', { days: 1 });
    const task = await taskOf(host, started);
    const seen: InstanceView[] = [];
    host.watch(started.id, (view) => seen.push(view));
    await eventually('the stream is open', async () =>
      /millrace_event_streams [1-9]/.test((await t.operator.get<string>('/metrics')).body),
    );
    line.cut();
    await hostOf('bob').send({ type: 'complete', task, output: { granted: true } });
    line.mend();
    await eventually('the end is seen', () => seen.at(-1)?.status === 'completed');
    line.close();
  });

  it('shows a start that was made offline and is refused afterwards as failed', async () => {
    const line = await cuttable(t.url);
    const refused: string[] = [];
    const host = hostOf('ada', { url: line.url, onRefused: ({ code }) => refused.push(code) });
    const seen: InstanceView[] = [];
    host.watch(undefined, (view) => seen.push(view));
    line.cut();
    const { id } = await host.start('leave', { days: 'many' });
    line.mend();
    await host.flush();
    const view = seen.find((v) => v.id === id);
    assert.deepEqual([view?.status, view?.failure?.code, refused], ['failed', 'FLOW-INPUT', ['FLOW-INPUT']]);
    line.close();
  });
});
