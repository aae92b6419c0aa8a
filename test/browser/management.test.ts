import { expect } from '@open-wc/testing';
import { openDB } from 'idb';
import { compile, createMemoryHost, replayEvent, type FlowDefinition, type FlowState } from '../../src/index.js';
import type { BrowserHost } from '../../src/hosts/browser/index.js';
import { fakeClock } from '../node/fake-clock.js';
import { eventually, hostHarness, until } from './host-harness.js';
import { storedDatabase } from './stored.js';

const order: FlowDefinition = {
  flow: 'order',
  kind: 'process',
  roles: { clerk: {} },
  output: { total: 'total' },
  activities: [
    { id: 'Price', type: 'service', implementation: { ref: 'price', onResume: 'once' }, output: { total: '$output' } },
    { id: 'Approve', type: 'user', role: 'clerk' },
    { id: 'Ship', type: 'service', implementation: { ref: 'ship' } },
  ],
  connectors: [
    { id: 'c1', from: 'Price', to: 'Approve' },
    { id: 'c2', from: 'Approve', to: 'Ship' },
  ],
};
const clerk = { id: 'ada', roles: ['clerk'] };
const DAY = 86_400_000;

describe('managing processes in the browser', () => {
  const harness = hostHarness();
  let clock: ReturnType<typeof fakeClock>;
  beforeEach(() => (clock = fakeClock()));

  const open = (more: object = {}): Promise<BrowserHost> =>
    harness.open({ clock, implementations: { price: () => 7, ship: () => null }, ...more }, order);
  const approving = async (host: BrowserHost, id: string): Promise<void> => {
    await eventually(() => host.isExecutor);
    await host.start('order', { item: 'desk' }, { id, key: id });
    await until(host, id, (v) => v.tasks.length === 1);
  };
  const complete = async (host: BrowserHost, id: string): Promise<void> => {
    const task = (await host.tasks(clerk)).find((t) => t.instance === id)!;
    await host.send({ type: 'complete', task: task.id, user: clerk });
    await until(host, id, (v) => v.status === 'completed');
  };

  it('exports an instance that goes on in another database, and in memory, with the same hash', async () => {
    const host = await open();
    await approving(host, 'o1');
    const archive = await (await host.management()).export('o1');

    const other = await open({ name: `${harness.name}-other` });
    await eventually(() => other.isExecutor);
    const there = await other.management();
    expect((await there.import(archive)).tasks).to.have.length(1);
    expect((await there.export('o1')).hash).to.equal(archive.hash);
    await complete(other, 'o1');
    expect((await other.get('o1'))!.output).to.deep.equal({ total: 7 });

    const memory = await createMemoryHost({ clock }).management();
    await memory.import(archive);
    expect((await memory.export('o1')).hash).to.equal(archive.hash);
    await other.close();
    indexedDB.deleteDatabase(`${harness.name}-other`);
  });

  it('takes an instance in from a tab that does not execute, and refuses another one of the same id there too', async () => {
    const host = await open();
    await approving(host, 'o1');
    const archive = await (await host.management()).export('o1');
    await host.send({ type: 'claim', task: (await host.tasks())[0]!.id, user: clerk });
    const second = await open();
    const management = await second.management();
    const error = (await management.import(archive).catch((e: unknown) => e)) as { code: string };
    expect(error.code).to.equal('FLOW-EXISTS');
    await host.cancel('o1');
    await management.prune({ instances: 0 });
    expect((await management.import(archive)).tasks).to.have.length(1);
    await complete(second, 'o1');
  });

  it('keeps an instance whose call may not be repeated from repeating it where it is taken in', async () => {
    const host = await open({ implementations: { price: () => new Promise(() => {}) } });
    await eventually(() => host.isExecutor);
    await host.start('order', {}, { id: 'o1' });
    await eventually(async () => (await (await host.management()).export('o1')).begun.length === 1);
    const archive = await (await host.management()).export('o1');
    await host.close();
    const other = await open({ name: `${harness.name}-other` });
    await eventually(() => other.isExecutor);
    await (await other.management()).import(archive);
    const failed = await until(other, 'o1', (v) => v.status === 'failed');
    expect(failed.failure!.code).to.equal('Indeterminate');
    await other.close();
    indexedDB.deleteDatabase(`${harness.name}-other`);
  });

  it('removes what has been over for long enough, with everything that belongs to it', async () => {
    const host = await open();
    await approving(host, 'gone');
    await complete(host, 'gone');
    clock.advance(3 * DAY);
    await host.send({ type: 'signal', signal: { name: 'unheard', id: 's1', broadcast: true } });
    const management = await host.management();
    expect(await management.prune({ days: 2 })).to.deep.equal({ removed: 1, compacted: 0 });
    await host.close();
    const { stores } = await storedDatabase(harness.name);
    const counts = Object.fromEntries(Object.entries(stores).map(([name, { rows }]) => [name, rows.length]));
    expect(counts).to.include({ instances: 0, journal: 0, ledger: 0, definitions: 0, seen: 1 });
  });

  it('forgets the ids of signals after a while, by itself, and none before', async () => {
    const host = await open({ retention: undefined });
    await eventually(() => host.isExecutor);
    const send = (id: string): Promise<void> =>
      host.send({ type: 'signal', signal: { name: 'unheard', id, broadcast: true } });
    await send('old');
    clock.advance(89 * DAY);
    await send('new');
    clock.advance(2 * DAY);
    const db = await openDB(harness.name);
    await eventually(async () => (await db.count('seen')) === 1);
    expect(await db.getAllKeys('seen')).to.deep.equal(['new']);
    db.close();
  });

  it('tidies up by itself as its settings say, and never what is under way', async () => {
    const host = await open({ retention: { days: 2 } });
    await approving(host, 'done');
    await complete(host, 'done');
    await approving(host, 'open');
    clock.advance(3 * DAY);
    await eventually(async () => (clock.advance(0), (await host.list()).length === 1));
    expect((await host.list())[0]!.id).to.equal('open');
    await complete(host, 'open');
  });

  it('moves an instance to a newer definition, from any tab, so that it goes on with that after a reload', async () => {
    const host = await open();
    await approving(host, 'o1');
    const newer: FlowDefinition = {
      ...order,
      version: '2.0.0',
      activities: [...order.activities, { id: 'Thank', type: 'service', implementation: { ref: 'thank' } }],
      connectors: [...order.connectors!, { id: 'c3', from: 'Ship', to: 'Thank' }],
    };
    const second = await open();
    const management = await second.management();
    const without = { ...order, activities: order.activities.filter(({ id }) => id === 'Price'), connectors: [] };
    const error = (await management.migrate('o1', without).catch((e: unknown) => e)) as { code: string };
    expect(error.code).to.equal('FLOW-MIGRATION');
    const plan = await management.migrate('o1', newer, { by: 'bob', reason: 'manners' });
    expect(plan.moves).to.deep.equal([{ token: 'i2', from: 'Approve', to: 'Approve', phase: 'task' }]);
    expect((await host.get('o1'))!).to.include({ version: '2.0.0', hash: plan.to });
    await host.close();
    await second.close();
    const thanked: string[] = [];
    const later = await open({
      implementations: {
        ship: () => null,
        thank: (_: object, { instance }: { instance: string }) => (thanked.push(instance), null),
      },
    });
    await eventually(() => later.isExecutor);
    await complete(later, 'o1');
    expect(thanked).to.deep.equal(['o1']);
    const events = (await later.history('o1')).map(({ event }) => event);
    expect(events.find(({ type }) => type === 'migrated')).to.include({ by: 'bob', reason: 'manners', to: plan.to });
    const memory = await createMemoryHost().management();
    await memory.import(await (await later.management()).export('o1'));
  });

  it('cuts a long journal, which then leads to the same state, and goes on', async () => {
    const host = await open();
    await approving(host, 'o1');
    const [task] = await host.tasks();
    for (let i = 0; i < 10; i++)
      await host.send({ type: i % 2 === 0 ? 'claim' : 'release', task: task!.id, user: clerk });
    const before = await host.history('o1');
    const management = await host.management();
    expect(await management.prune({ commits: 3 })).to.deep.equal({ removed: 0, compacted: 1 });
    expect(await management.prune({ commits: 3 })).to.deep.equal({ removed: 0, compacted: 0 });
    const cut = await host.history('o1');
    expect(cut).to.have.length(4);
    expect(cut.at(-1)!.seq).to.equal(before.at(-1)!.seq);
    await complete(host, 'o1');
    const flow = await compile(order);
    let state: FlowState | undefined;
    for (const { event } of await host.history('o1')) state = replayEvent(flow, state, event);
    const view = (await host.get('o1'))!;
    expect([state!.v, state!.status, state!.pool]).to.deep.equal([view.v, view.status, view.variables]);
    await management.import(await management.export('o1'));
    const db = await openDB(harness.name);
    expect((await db.get('instances', 'o1')) as object).to.have.property('firstRow');
    db.close();
  });
});
