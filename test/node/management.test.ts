import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import {
  compile,
  createMemoryHost,
  replayEvent,
  type FlowState,
  type InstanceArchive,
  type MemoryHost,
} from '../../src/index.js';
import { expired } from '../../src/hosts/management/retention.js';
import { fakeClock } from './fake-clock.js';
import { flowOf } from './flow-of.js';

const order = flowOf(
  'Price -> Approve -> Ship',
  { flow: 'order', roles: { clerk: {} }, output: { total: 'total' } },
  {
    Price: { implementation: { ref: 'price' }, output: { total: '$output' } },
    Approve: { type: 'user', role: 'clerk', boundary: [{ id: 'late', event: 'timer', after: 'P2D' }] },
  },
);
const clerk = { id: 'ada', roles: ['clerk'] };
const DAY = 86_400_000;

function opened(): { host: MemoryHost; clock: ReturnType<typeof fakeClock>; shipped: string[] } {
  const clock = fakeClock();
  const shipped: string[] = [];
  const host = createMemoryHost({
    clock,
    implementations: { price: () => 7, do: (_, { instance }) => (shipped.push(instance), null) },
  });
  return { host, clock, shipped };
}

async function waiting(): Promise<MemoryHost> {
  const { host } = opened();
  await host.deploy(order);
  await host.start('order', { item: 'desk' }, { id: 'o1', key: 'k1', startedBy: 'bob' });
  await host.settled();
  return host;
}

describe('an exported instance', () => {
  it('goes on elsewhere as if it had never left, and is exported with the same hash', async () => {
    const archive = await (await (await waiting()).management()).export('o1');
    const { host, shipped } = opened();
    const management = await host.management();
    const view = await management.import(JSON.parse(JSON.stringify(archive)) as InstanceArchive);
    assert.deepEqual([view.id, view.key, view.startedBy, view.tasks.length], ['o1', 'k1', 'bob', 1]);
    assert.equal((await management.export('o1')).hash, archive.hash);
    await host.send({ type: 'complete', task: view.tasks[0]!.id, user: clerk });
    await host.settled();
    assert.deepEqual((await host.get('o1'))!.output, { total: 7 });
    assert.deepEqual(shipped, ['o1']);
  });

  it('has its timers armed where it is taken in', async () => {
    const archive = await (await (await waiting()).management()).export('o1');
    const { host, clock } = opened();
    await (await host.management()).import(archive);
    clock.advance(2 * DAY);
    await host.settled();
    assert.equal((await host.get('o1'))!.activities['Approve']!.state, 'terminated');
  });

  it('is taken in once, and not in the place of another', async () => {
    const host = await waiting();
    const management = await host.management();
    const archive = await management.export('o1');
    assert.equal((await management.import(archive)).v, (await host.get('o1'))!.v);
    await host.send({ type: 'claim', task: (await host.tasks())[0]!.id, user: clerk });
    await assert.rejects(management.import(archive), { code: 'FLOW-EXISTS' });
  });

  it('is refused when anything in it was changed, even with a new hash', async () => {
    const archive = await (await (await waiting()).management()).export('o1');
    const { host } = opened();
    const management = await host.management();
    const changed = (change: (a: Record<string, unknown>) => void): InstanceArchive => {
      const copy = structuredClone(archive) as unknown as Record<string, unknown>;
      change(copy);
      return copy as unknown as InstanceArchive;
    };
    const { contentHash } = await import('../../src/index.js');
    const rehashed = (given: InstanceArchive): InstanceArchive => {
      const { hash: _, ...rest } = given;
      return { ...rest, hash: contentHash(rest) };
    };
    const richer = changed((a) => Object.assign((a['state'] as { pool: object }).pool, { total: 1 }));
    const torn = changed((a) => (a['journal'] as unknown[]).splice(0, 1));
    for (const [given, message] of [
      [richer, /hash does not fit/],
      [rehashed(richer), /does not lead to its state/],
      [rehashed(torn), /does not lead to its state|broken/],
      [{ format: 'other' } as unknown as InstanceArchive, /no exported instance/],
      [null as unknown as InstanceArchive, /no exported instance/],
    ] as const)
      await assert.rejects(management.import(given), { code: 'FLOW-ARCHIVE', message });
    assert.deepEqual(await host.list(), []);
  });
});

describe('retention', () => {
  it('removes what has been over for long enough, and keeps what runs or failed', async () => {
    const { host, clock } = opened();
    await host.deploy(flowOf('A', { flow: 'short' }));
    await host.deploy(order);
    await host.deploy(flowOf('B', { flow: 'failing' }, { B: { implementation: { ref: 'nowhere' } } }));
    for (const flow of ['short', 'order', 'failing']) await host.start(flow, {}, { id: flow });
    await host.settled();
    clock.advance(3 * DAY);
    await host.start('short', {}, { id: 'late' });
    await host.settled();
    const management = await host.management();
    assert.deepEqual(await management.prune({ days: 2 }), { removed: 1, compacted: 0 });
    assert.deepEqual((await host.list()).map((v) => v.id).sort(), ['failing', 'late', 'order']);
    assert.equal((await management.prune({ instances: 0 })).removed, 2);
    assert.deepEqual(
      (await host.list()).map((v) => v.id),
      ['failing'],
    );
  });

  it('never removes more than it may, nor a called flow before its caller is over', () => {
    const header = fc.record({
      id: fc.uuid(),
      startedAt: fc.constant(0),
      changedAt: fc.constant(0),
      endedAt: fc.option(fc.integer({ min: 0, max: 100 * DAY }), { nil: undefined }),
    });
    fc.assert(
      fc.property(fc.array(header), fc.nat(20), fc.nat(100), (all, instances, days) => {
        const headers = all.map((h, i) => (i === 0 ? h : { ...h, parent: { instance: all[i - 1]!.id, token: 'i1' } }));
        const now = 100 * DAY;
        const gone = new Set(expired(headers as never, { instances, days }, now));
        const over = headers.filter((h) => h.endedAt !== undefined);
        for (const [i, h] of headers.entries()) {
          if (!gone.has(h.id)) continue;
          assert.notEqual(h.endedAt, undefined);
          if (i > 0) assert.notEqual(headers[i - 1]!.endedAt, undefined);
          const newer = over.filter((o) => o.endedAt! > h.endedAt!).length;
          assert.ok(now - h.endedAt! > days * DAY || over.length > instances || newer >= instances);
        }
      }),
    );
  });

  it('cuts the beginning of a long journal, which then still leads to the same state', async () => {
    const { host } = opened();
    await host.deploy(order);
    await host.start('order', {}, { id: 'o1' });
    await host.settled();
    const [task] = await host.tasks();
    for (let i = 0; i < 10; i++)
      await host.send({ type: i % 2 === 0 ? 'claim' : 'release', task: task!.id, user: clerk });
    const before = await host.history('o1');
    const management = await host.management();
    assert.deepEqual(await management.prune({ commits: 3 }), { removed: 0, compacted: 1 });
    const history = await host.history('o1');
    assert.equal(history.at(-1)!.seq, before.at(-1)!.seq);
    assert.equal(history.length, 4);
    const flow = await compile(order);
    const replay = (records: typeof history): FlowState =>
      records.reduce<FlowState | undefined>((s, { event }) => replayEvent(flow, s, event), undefined)!;
    assert.deepEqual({ ...replay(history), effects: [] }, { ...replay(before), effects: [] });
    const archive = await management.export('o1');
    const elsewhere = opened().host;
    await (await elsewhere.management()).import(archive);
    assert.equal((await (await elsewhere.management()).export('o1')).hash, archive.hash);
  });
});
