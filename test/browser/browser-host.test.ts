import { expect } from '@open-wc/testing';
import { openDB } from 'idb';
import {
  compile,
  replayEvent,
  type FlowDefinition,
  type FlowState,
  type ImplementationFunction,
} from '../../src/index.js';
import type { BrowserHost } from '../../src/hosts/browser/index.js';
import { readRows } from '../stored-journal.js';
import { eventually, hostHarness, until, written } from './host-harness.js';

const approval: FlowDefinition = {
  flow: 'approval',
  kind: 'process',
  roles: { boss: {} },
  activities: [
    { id: 'Prepare', type: 'service', implementation: { ref: 'prepare' }, output: { amount: '$output' } },
    {
      id: 'Approve',
      type: 'user',
      role: 'boss',
      input: { amount: 'amount' },
      output: { approved: '$output.approved' },
    },
    { id: 'Pay', type: 'service', implementation: { ref: 'pay' } },
  ],
  connectors: [
    { id: 'c1', from: 'Prepare', to: 'Approve' },
    { id: 'c2', from: 'Approve', to: 'Pay', condition: 'approved = true' },
  ],
};
const boss = { id: 'ada', roles: ['boss'] };

describe('the browser host', () => {
  const harness = hostHarness();
  let calls: string[];
  beforeEach(() => (calls = []));

  function open(more: Record<string, ImplementationFunction> = {}, definition = approval): Promise<BrowserHost> {
    const answers =
      (value: number | null): ImplementationFunction =>
      (_, { idempotencyKey, activity }) => {
        calls.push(`${activity} ${idempotencyKey.split('/')[1]}`);
        return value;
      };
    return harness.open({ implementations: { prepare: answers(100), pay: answers(null), ...more } }, definition);
  }

  it('runs a process through a person to its end', async () => {
    const host = await open();
    const { id } = await host.start('approval', {});
    const waiting = await until(host, id, (v) => v.tasks.length === 1);
    expect(waiting.tasks[0]!.data).to.deep.equal({ amount: 100 });
    await host.send({ type: 'complete', task: waiting.tasks[0]!.id, user: boss, output: { approved: true } });
    const done = await until(host, id, (v) => v.status === 'completed');
    expect(done.activities['Pay']!.state).to.equal('completed');
  });

  it('tells watchers of a call that takes long, of a wait, and of the end', async () => {
    let pay = (): void => {};
    const host = await open({ pay: () => new Promise<null>((resolve) => (pay = () => resolve(null))) });
    const heard: string[] = [];
    host.watch(undefined, ({ status, tasks, activities }) =>
      heard.push(tasks.length > 0 ? 'waits' : activities['Pay']?.state === 'running' ? 'pays' : status),
    );
    const { id } = await host.start('approval', {});
    await eventually(() => heard.includes('waits'));
    const [task] = (await host.get(id))!.tasks;
    await host.send({ type: 'complete', task: task!.id, user: boss, output: { approved: true } });
    await eventually(() => heard.at(-1) === 'pays');
    pay();
    await eventually(() => heard.at(-1) === 'completed');
  });

  it('stops a recursion that does not find its end', async () => {
    const host = await open(
      {},
      {
        flow: 'endless',
        kind: 'process',
        activities: [
          { id: 'More', type: 'route', split: 'xor' },
          { id: 'Call', type: 'call', calls: 'endless' },
          { id: 'End', type: 'route' },
        ],
        connectors: [
          { id: 'c1', from: 'More', to: 'Call', condition: 'true' },
          { id: 'c2', from: 'More', to: 'End', default: true },
        ],
      },
    );
    const { id } = await host.start('endless', {});
    const failed = await until(host, id, (v) => v.status === 'failed');
    expect(failed.failure!.message).to.match(/more than 50 deep/);
  });

  it('goes on after the page has gone, and completed work does not run again', async () => {
    const first = await open();
    const { id } = await first.start('approval', {});
    await until(first, id, (v) => v.tasks.length === 1);
    await first.close();
    const second = await open();
    const [task] = await second.tasks(boss);
    await eventually(() => second.isExecutor);
    await second.send({ type: 'complete', task: task!.id, user: boss, output: { approved: true } });
    await until(second, id, (v) => v.status === 'completed');
    expect(calls.map((c) => c.split(' ')[0])).to.deep.equal(['Prepare', 'Pay']);
  });

  it('does an activity that was in flight again, with the same idempotency key', async () => {
    const never: ImplementationFunction = (_, { idempotencyKey, activity }) => {
      calls.push(`${activity} ${idempotencyKey.split('/')[1]}`);
      return new Promise(() => {});
    };
    const first = await open({ prepare: never });
    const { id } = await first.start('approval', {});
    await eventually(() => calls.length === 1);
    await first.close();
    const second = await open();
    await until(second, id, (v) => v.tasks.length === 1);
    expect(calls).to.have.length(2);
    expect(calls[0]).to.equal(calls[1]);
  });

  it('does not repeat an activity that may run once only, but raises an incident', async () => {
    const once = structuredClone(approval) as unknown as { activities: { implementation?: { onResume?: string } }[] };
    once.activities[0]!.implementation!.onResume = 'once';
    const definition = once as unknown as FlowDefinition;
    const first = await open({ prepare: () => (calls.push('Prepare'), new Promise(() => {})) }, definition);
    const { id } = await first.start('approval', {});
    await eventually(() => calls.length === 1);
    await first.close();
    const second = await open({}, definition);
    const failed = await until(second, id, (v) => v.status === 'failed');
    expect(failed.failure!.code).to.equal('Indeterminate');
    expect(calls).to.have.length(1);
    await second.retry(id);
    await until(second, id, (v) => v.tasks.length === 1);
  });

  it('writes that a call which may run once only begins together with the step before it', async () => {
    const pay = { id: 'Pay', type: 'service' as const, implementation: { ref: 'pay', onResume: 'once' as const } };
    const host = await open({}, { flow: 'paying', kind: 'process', activities: [pay] });
    await eventually(() => host.isExecutor);
    const db = await openDB(harness.name);
    const last = async (): Promise<number> => (await db.getAllKeys('log')).at(-1) as number;
    const before = await last();
    const { id } = await host.start('paying');
    await until(host, id, (v) => v.status === 'completed');
    // The start, and the result.
    expect(await last()).to.equal(before + 2);
    expect(await db.count('ledger')).to.equal(1);
    db.close();
  });

  it('a timer that fell due while no page was open fires once', async () => {
    const timed: FlowDefinition = {
      flow: 'timed',
      kind: 'process',
      activities: [
        { id: 'Wait', type: 'wait', after: 'PT0.3S' },
        { id: 'Pay', type: 'service', implementation: { ref: 'pay' } },
      ],
      connectors: [{ id: 'c', from: 'Wait', to: 'Pay' }],
    };
    const first = await open({}, timed);
    const started = Date.now();
    const { id } = await first.start('timed', {});
    await first.close();
    await eventually(() => Date.now() > started + 350);
    const second = await open({}, timed);
    await until(second, id, (v) => v.status === 'completed');
    expect(calls).to.have.length(1);
  });

  it('another tab can start, do tasks, signal and watch while the first one executes', async () => {
    const executor = await open();
    await eventually(() => executor.isExecutor);
    const other = await open();
    const { id } = await other.start('approval', {});
    const waiting = await until(other, id, (v) => v.tasks.length === 1);
    await other.send({ type: 'complete', task: waiting.tasks[0]!.id, user: boss, output: { approved: true } });
    await until(other, id, (v) => v.status === 'completed');
    expect(other.isExecutor).to.equal(false);
  });

  it('another tab takes over when the executing one closes', async () => {
    const executor = await open();
    await eventually(() => executor.isExecutor);
    const other = await open();
    const { id } = await executor.start('approval', {});
    await until(executor, id, (v) => v.tasks.length === 1);
    await executor.close();
    await eventually(() => other.isExecutor);
    const [task] = await other.tasks(boss);
    await other.send({ type: 'complete', task: task!.id, user: boss, output: { approved: false } });
    await until(other, id, (v) => v.status === 'completed');
  });

  it('what an executor is asked for that has just been replaced is done by the next one, and not lost', async () => {
    const old = await open();
    await eventually(() => old.isExecutor);
    const { id } = await old.start('approval', {});
    const waiting = await until(old, id, (v) => v.tasks.length === 1);
    const replace = async (): Promise<number> => {
      const db = await openDB(harness.name);
      const last = (await db.getAllKeys('log')).at(-1) as number;
      const { epoch } = (await db.get('log', last)) as { epoch: number };
      await db.add('log', { seq: last + 1, epoch: epoch + 1, batch: 0, rows: [] });
      await db.put('meta', { key: 'epoch', value: epoch + 1 });
      db.close();
      return epoch;
    };
    const before = await replace();
    await old.send({ type: 'complete', task: waiting.tasks[0]!.id, user: boss, output: { approved: false } });
    await until(old, id, (v) => v.status === 'completed');
    await replace();
    const { id: second } = await old.start('approval', {});
    await until(old, second, (v) => v.tasks.length === 1);
    const history = await old.history(id);
    expect(history.filter(({ event }) => event.type === 'complete')).to.have.length(1);
    // Nothing of it was written by the one that had been replaced.
    await written(harness.name);
    const db = await openDB(harness.name);
    const kept = await db.getAll('journal', IDBKeyRange.bound([id, 0], [id, Infinity]));
    db.close();
    const rows = readRows(kept);
    expect(rows.at(-1)!.epoch).to.be.greaterThan(before + 1);
  });

  it('refuses a task to whoever may not do it, and to whoever comes too late', async () => {
    const host = await open();
    const { id } = await host.start('approval', {});
    const { tasks } = await until(host, id, (v) => v.tasks.length === 1);
    const refuse = async (user: typeof boss): Promise<string> =>
      host.send({ type: 'complete', task: tasks[0]!.id, user }).then(
        () => 'done',
        (e: { code: string }) => e.code,
      );
    expect(await refuse({ id: 'bob', roles: ['clerk'] })).to.equal('FLOW-TASK-REFUSED');
    expect(await refuse(boss)).to.equal('done');
    expect(await refuse(boss)).to.equal('FLOW-TASK-GONE');
  });

  it('keeps a signal that is sent before anybody waits for it', async () => {
    const waiting: FlowDefinition = {
      flow: 'waiting',
      kind: 'process',
      activities: [
        { id: 'Before', type: 'wait', after: 'PT0.2S' },
        { id: 'Receive', type: 'receive', message: { name: 'paid', key: 'order' }, output: { sum: '$output.sum' } },
      ],
      connectors: [{ id: 'c', from: 'Before', to: 'Receive' }],
    };
    const host = await open({}, waiting);
    const { id } = await host.start('waiting', { order: '7' });
    await host.send({ type: 'signal', signal: { name: 'paid', key: '8', data: { sum: 1 } } });
    await host.send({ type: 'signal', signal: { name: 'paid', key: '7', data: { sum: 2 } } });
    const done = await until(host, id, (v) => v.status === 'completed');
    expect(done.variables['sum']).to.equal(2);
  });

  it('the journal replays to exactly the stored state', async () => {
    const host = await open();
    const { id } = await host.start('approval', {});
    const { tasks } = await until(host, id, (v) => v.tasks.length === 1);
    await host.send({ type: 'complete', task: tasks[0]!.id, user: boss, output: { approved: true } });
    await until(host, id, (v) => v.status === 'completed');
    await written(harness.name);
    const db = await openDB(harness.name);
    const rows = readRows(await db.getAll('journal'));
    const stored = ((await db.get('instances', id)) as { state: FlowState }).state;
    db.close();
    const flow = await compile(approval);
    let state: FlowState | undefined;
    for (const row of rows) for (const { event } of row.records) state = replayEvent(flow, state, event);
    expect(JSON.stringify(state)).to.equal(JSON.stringify(stored));
  });

  it('starting twice with a business key and "once" gives the same instance', async () => {
    const host = await open();
    const a = await host.start('approval', {}, { key: 'order-1', once: true });
    const b = await host.start('approval', {}, { key: 'order-1', once: true });
    expect(b.id).to.equal(a.id);
  });
});
