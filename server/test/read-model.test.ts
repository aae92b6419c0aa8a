// The read model alone, on every database; and a whole server on PostgreSQL.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { foundBy } from '../../src/hosts/kit.js';
import { compile, type FlowDefinition, type InstanceView, type JsonObject, type TaskView } from '../../src/index.js';
import { openDatabase } from '../src/read-model/database.js';
import { flushOf } from '../src/read-model/flushed.js';
import { openReadModel, ReadModel } from '../src/read-model/read-model.js';
import { first } from '../src/read-model/search.js';
import { eventually, startTestServer, untilStatus } from './harness.js';
import { NO_POSTGRES, POSTGRES, startPglite, startPostgres, type TestDatabase } from './postgres.js';

const folder = mkdtempSync(join(tmpdir(), 'millrace-read-model-'));
after(() => rmSync(folder, { recursive: true, force: true }));

function view(id: string, v: number, more: Partial<InstanceView> = {}): InstanceView {
  return {
    id,
    flow: 'order',
    title: 'Order',
    version: '1.0.0',
    hash: 'h1',
    kind: 'process',
    status: 'running',
    v,
    variables: { v },
    activities: {},
    tasks: [],
    waits: [],
    progress: { done: 0, total: 1 },
    startedAt: 1000 + v,
    changedAt: 1000 + v,
    ...more,
  };
}

function task(instance: string, role: string): TaskView {
  return {
    id: `${instance}/i1`,
    instance,
    token: 'i1',
    flow: 'order',
    flowTitle: 'Order',
    activity: 'Decide',
    name: 'Decide',
    role,
    data: {},
    createdAt: 1,
    excludedUsers: [],
  };
}

it('the read model says that something is written when the disk has it, and goes on writing meanwhile', async () => {
  const opened = await openDatabase(`sqlite:${join(folder, 'slow.db')}`);
  const flushes: { done: () => void; fail: (error: Error) => void }[] = [];
  const model = new ReadModel({
    ...opened,
    flush: () => new Promise((done, fail) => flushes.push({ done, fail })),
  });
  const said: string[] = [];
  const write = (id: string): Promise<unknown> =>
    model.write({ tenant: 'default', view: view(id, 1), records: [] }).then(
      () => said.push(id),
      (error: Error) => said.push(`${id}: ${error.message}`),
    );
  const one = write('first');
  await eventually('the first is on its way to the disk', () => flushes.length === 1);
  const two = write('second');
  await eventually('the second is', () => flushes.length === 2);
  assert.deepEqual([said, (await model.instance('default', 'first'))?.v], [[], 1]);
  flushes[0]!.done();
  await one;
  flushes[1]!.fail(new Error('no space'));
  await two;
  assert.deepEqual(said, ['first', 'second: no space']);
  await model.close();
});

it('the flush of a file covers whatever was written before it was asked for', async () => {
  const log = join(folder, 'log');
  writeFileSync(log, 'x');
  const flush = flushOf(log);
  const order: number[] = [];
  await Promise.all([1, 2, 3].map((n) => flush().then(() => order.push(n))));
  assert.deepEqual(order, [1, 2, 3]);
  await flush.close();
  await assert.rejects(flushOf(join(folder, 'nowhere', 'log'))(), /ENOENT/);
});

const DATABASES: Readonly<Record<string, () => Promise<TestDatabase>>> = {
  SQLite: async () => ({ address: `sqlite:${join(folder, 'model.db')}`, close: async () => {} }),
  'PostgreSQL (as a library)': startPglite,
  'a PostgreSQL server': () => startPostgres(POSTGRES!),
};

for (const [name, start] of Object.entries(DATABASES)) {
  const skip = start === DATABASES['a PostgreSQL server'] && POSTGRES === undefined && NO_POSTGRES;
  describe(`the read model on ${name}`, { skip }, () => {
    let model: ReadModel;
    let address: string;
    let close: () => Promise<void>;
    before(async () => {
      const database = await start();
      ({ address, close } = database);
      model = await openReadModel(database.address);
    });
    after(async () => {
      await model.close();
      await close();
    });
    const write = (one: InstanceView, tenant = 'default'): Promise<void> =>
      model.write({
        tenant,
        view: one,
        records: [
          { seq: one.v, at: one.v, event: { type: 'begin', instance: one.id, input: {}, now: 0 }, changes: [] },
        ],
      });

    it('may be opened by several at once', async () => {
      await Promise.all(Array.from({ length: 4 }, async () => (await openReadModel(address)).close()));
    });

    it('never goes back, whatever the order of the writes', async () => {
      await Promise.all([3, 1, 2].map((v) => write(view('a', v))));
      await write(view('a', 2));
      assert.equal((await model.instance('default', 'a'))!.v, 3);
      assert.deepEqual(
        (await model.history('default', 'a')).map(({ seq }) => seq),
        [1, 2, 3],
      );
      assert.deepEqual(
        (await model.history('default', 'a', 2)).map(({ seq }) => seq),
        [3],
      );
    });

    it('gives no number of a change again that a power cut may have taken', async () => {
      const newest = await model.newestChange();
      await model.skipNumbers();
      assert.ok((await model.newestChange()) > newest + 1000);
    });

    it('numbers changes so that whoever comes back is told the newest of each', async () => {
      const from = await model.newestChange();
      await write(view('b', 1));
      await write(view('c', 1));
      await write(view('b', 2));
      const changes = await model.changedSince(from, 'default');
      assert.deepEqual(
        changes.map(({ view: one }) => `${one.id} ${one.v}`),
        ['c 1', 'b 2'],
      );
      assert.deepEqual(await model.changedSince(changes.at(-1)!.change), []);
    });

    it('finds by flow, key, status, role, starter and time', async () => {
      await write(view('s1', 10, { flow: 'leave', key: 'K', startedBy: 'ada', tasks: [task('s1', 'lead')] }));
      await write(view('s2', 20, { flow: 'leave', status: 'completed', startedBy: 'bob', endedAt: 1020 }));
      const ids = async (search: Parameters<ReadModel['instances']>[1]): Promise<readonly string[]> =>
        (await first(model.instances('default', { flow: 'leave', ...search }), 1000)).map(({ id }) => id);
      assert.deepEqual(await ids({}), ['s2', 's1']);
      assert.deepEqual(await ids({ after: 's2' }), ['s1']);
      const concerning = { user: 'eve', roles: [], hashes: [] };
      assert.deepEqual(await ids({ concerning }), []);
      assert.deepEqual(await ids({ concerning: { ...concerning, user: 'bob' } }), ['s2']);
      assert.deepEqual(await ids({ concerning: { ...concerning, roles: ['lead'] } }), ['s1']);
      assert.deepEqual(await ids({ concerning: { ...concerning, hashes: ['h1'] } }), ['s2', 's1']);
      assert.deepEqual(await ids({ key: 'K' }), ['s1']);
      assert.deepEqual(await ids({ status: ['completed', 'failed'] }), ['s2']);
      assert.deepEqual(await ids({ role: 'lead' }), ['s1']);
      assert.deepEqual(await ids({ startedBy: 'bob' }), ['s2']);
      assert.deepEqual(await ids({ startedFrom: 1015 }), ['s2']);
      assert.deepEqual(await ids({ startedBefore: 1015 }), ['s1']);
      assert.deepEqual(await ids({ changedFrom: 1015 }), ['s2']);
      assert.deepEqual(await first(model.instances('other'), 1), []);
    });

    it('gives more than a page of instances and tasks of one millisecond, each once, also from the middle on', async () => {
      const count = 450;
      const at = { flow: 'many', startedAt: 7000, changedAt: 7000 };
      await Promise.all(
        Array.from({ length: count }, (_, i) => write(view(`m${i}`, 1, { ...at, tasks: [task(`m${i}`, 'crowd')] }))),
      );
      const ids = (await first(model.instances('default', { flow: 'many' }), 1000)).map(({ id }) => id);
      assert.equal(new Set(ids).size, count);
      const rest = await first(model.instances('default', { flow: 'many', after: ids[99]! }), 1000);
      assert.deepEqual(
        rest.map(({ id }) => id),
        ids.slice(100),
      );
      const tasks = await first(model.tasks('default', { roles: ['crowd'] }), 1000);
      assert.equal(new Set(tasks.map(({ id }) => id)).size, count);
    });

    it('finds by variables that are indexed, as they are now, and looks at all where a version has not indexed them', async () => {
      const definition = (indexed: object): FlowDefinition => ({
        flow: 'bill',
        kind: 'process',
        variables: { state: indexed, of: { indexed: ['id'] } },
        activities: [{ id: 'A', type: 'user', role: 'sales' }],
      });
      const flow = await compile(definition({ indexed: true }));
      await model.define({ tenant: 'default', hash: flow.hash, definition: flow.definition, at: 1 });
      const put = (id: string, v: number, variables: JsonObject): Promise<void> => {
        const one = view(id, v, { flow: 'bill', hash: flow.hash, variables, startedAt: 50_000 });
        return model.write({ tenant: 'default', view: one, records: [], found: foundBy(flow, variables)! });
      };
      const many = Array.from({ length: 300 }, (_, n) => `p${String(n).padStart(3, '0')}`);
      await Promise.all([
        ...many.map((id) => put(id, 1, { state: 'paid', of: { id: 1 } })),
        put('q1', 1, { state: 'open', of: { id: 1 } }),
        put('q2', 1, { state: true, of: { id: '1' } }),
      ]);
      const ids = async (variables: Readonly<Record<string, string | number | boolean>>, more: object = {}) =>
        (await first(model.instances('default', { flow: 'bill', variables, ...more }), 1000)).map(({ id }) => id);
      assert.deepEqual(await ids({ state: 'paid' }), many);
      assert.deepEqual(await ids({ state: 'paid' }, { after: 'p100' }), many.slice(101));
      assert.deepEqual([await ids({ state: 'open' }), await ids({ state: true })], [['q1'], ['q2']]);
      assert.deepEqual(
        [await ids({ 'of.id': '1' }), await ids({ 'of.id': 1, state: 'open' })].map((all) => all.length),
        [1, 301],
      );
      await put('q1', 2, { state: 'paid', of: { id: 1 } });
      assert.deepEqual(await ids({ state: 'open' }), []);
      assert.deepEqual(await ids({ state: 'paid' }, { startedBefore: 50_000 }), []);
      await model.forget('default', 'q2');
      assert.deepEqual(await ids({ state: true }), []);
      const older = await compile(definition({}));
      await model.define({ tenant: 'default', hash: older.hash, definition: older.definition, at: 2 });
      assert.equal((await ids({ state: 'open' })).length, 301, 'only looking at all can tell');
    });

    it('lists tasks by role until they are done', async () => {
      await write(view('t', 1, { tasks: [task('t', 'boss')] }));
      assert.equal((await first(model.tasks('default', { roles: ['boss'] }), 9)).length, 1);
      assert.deepEqual(await first(model.tasks('default', { roles: ['clerk'] }), 9), []);
      assert.deepEqual(await first(model.tasks('other', { roles: ['boss'] }), 9), []);
      await write(view('t', 2));
      assert.deepEqual(await first(model.tasks('default', { roles: ['boss'] }), 9), []);
    });

    it('keeps versions of definitions, the last deployed first', async () => {
      const definition = (version: string) => ({ flow: 'f', version, kind: 'process' as const, activities: [] });
      await model.define({ tenant: 'default', hash: 'x1', definition: definition('1'), at: 1 });
      await model.define({ tenant: 'default', hash: 'x2', definition: definition('2'), at: 2 });
      assert.equal(await model.newestHash('default', 'f'), 'x2');
      await model.define({ tenant: 'default', hash: 'x1', definition: definition('1'), at: 3 });
      assert.deepEqual(
        (await model.definitions('default', 'f')).map(({ version }) => version),
        ['1', '2'],
      );
      assert.equal((await model.definition('default', 'x2'))!.version, '2');
    });

    it('forgets what is over and old enough, and nothing else', async () => {
      await write(view('old', 1, { status: 'completed', endedAt: 5 }));
      assert.deepEqual(await model.endedBefore(6), [{ tenant: 'default', id: 'old', v: 1 }]);
      await model.forget('default', 'old');
      assert.equal(await model.instance('default', 'old'), undefined);
      assert.deepEqual(await model.history('default', 'old'), []);
      assert.ok(await model.instance('default', 'a'));
    });
  });
}

it(
  'carries a whole server on PostgreSQL, with lists, tasks, history and streams',
  { skip: POSTGRES === undefined && NO_POSTGRES },
  async () => {
    const database = await startPostgres(POSTGRES!);
    const t = await startTestServer({ database: database.address });
    await t.deploy({
      flow: 'asked',
      kind: 'process',
      output: { said: 'said' },
      activities: [
        { id: 'A', type: 'service', implementation: { ref: 'work' } },
        { id: 'U', type: 'user', role: 'sales', output: { said: '$output' } },
      ],
      connectors: [{ id: 'c', from: 'A', to: 'U' }],
    });
    const started = await Promise.all(Array.from({ length: 20 }, () => t.as('ada').start('asked')));
    const tasks = await t.as('bob').tasks();
    assert.equal(tasks.length, 20);
    await Promise.all(tasks.map(({ id }) => t.as('bob').post(`/v1/tasks/${id}/complete`, { output: 'yes' })));
    for (const { id } of started) {
      assert.deepEqual((await untilStatus(t.operator, id, 'completed')).output, { said: 'yes' });
      const { body } = await t.operator.get<readonly { seq: number }[]>(`/v1/instances/${id}/history`);
      assert.deepEqual(
        body.map(({ seq }) => seq),
        body.map((_, i) => i + 1),
      );
    }
    const stream = await fetch(`${t.url}/v1/events`, {
      headers: { 'x-api-key': t.keyOf('operator'), 'last-event-id': '0' },
    });
    const seen = new Set<string>();
    for await (const chunk of stream.body!.pipeThrough(new TextDecoderStream()) as unknown as AsyncIterable<string>) {
      for (const [, id] of chunk.matchAll(/^data: \{"id":"([^"]+)"/gm)) seen.add(id!);
      if (seen.size >= 20) break;
    }
    assert.deepEqual([...seen].sort(), started.map(({ id }) => id).sort());
    await t.close();
    await database.close();
  },
);
