import { expect } from '@open-wc/testing';
import { openDB } from 'idb';
import type { FlowDefinition } from '../../src/index.js';
import { fakeClock } from '../node/fake-clock.js';
import { eventually, hostHarness, until } from './host-harness.js';

const approval: FlowDefinition = {
  flow: 'approval',
  kind: 'process',
  roles: { boss: {} },
  activities: [{ id: 'Approve', type: 'user', role: 'boss' }],
};
const boss = { id: 'ada', roles: ['boss'] };

describe('a tab whose request was done by an executor that died before it could say so', () => {
  const harness = hostHarness();
  const post = BroadcastChannel.prototype.postMessage;
  afterEach(() => {
    BroadcastChannel.prototype.postMessage = post;
  });

  /** From now on no tab hears that a request is done. */
  function swallowAnswers(): void {
    BroadcastChannel.prototype.postMessage = function (message: { type?: string }) {
      if (message.type !== 'done') post.call(this, message);
    };
  }

  it('hears from the next executor that it is done', async () => {
    const executor = await harness.open({}, approval);
    await eventually(() => executor.isExecutor);
    const other = await harness.open({}, approval);
    swallowAnswers();
    const started = other.start('approval', {}, { id: 'one' });
    await eventually(async () => (await executor.get('one')) !== undefined);
    await executor.close();
    expect((await started).id).to.equal('one');
  });

  it('hears from the next executor, even if that is a third tab, that it was refused, and why', async () => {
    const executor = await harness.open({}, approval);
    await eventually(() => executor.isExecutor);
    const third = await harness.open({}, approval);
    const other = await harness.open({}, approval);
    const { id } = await executor.start('approval', {});
    const { tasks } = await until(executor, id, (view) => view.tasks.length > 0);
    await executor.send({ type: 'complete', task: tasks[0]!.id, user: boss });
    swallowAnswers();
    const late = other.send({ type: 'complete', task: tasks[0]!.id, user: boss }).then(
      () => 'done',
      (error: { code: string }) => error.code,
    );
    const db = await openDB(harness.name);
    await eventually(async () => (await db.count('seen')) === 1);
    db.close();
    await executor.close();
    await eventually(() => third.isExecutor);
    expect(await late).to.equal('FLOW-TASK-GONE');
  });
});

describe('a clock that is set forward by mistake and back at once', () => {
  const harness = hostHarness();

  it('fires no timer that was found due, but has not fired yet', async () => {
    const clock = fakeClock();
    const flow: FlowDefinition = {
      flow: 'waiting',
      kind: 'process',
      activities: [{ id: 'Wait', type: 'wait', after: 'P1D' }],
    };
    const host = await harness.open({ clock }, flow);
    const { id } = await host.start('waiting', {});
    await eventually(() => host.isExecutor);
    await until(host, id, (view) => view.waits.length > 0);
    clock.advance(2 * 86_400_000);
    clock.advance(-2 * 86_400_000);
    // Another instance passes through all of the host meanwhile.
    const other = await host.start('waiting', {});
    await host.cancel(other.id);
    expect((await host.get(id))!.status).to.equal('running');
    clock.advance(86_400_000);
    await until(host, id, (view) => view.status === 'completed');
    const [fired] = (await host.history(id)).filter(({ event }) => event.type === 'timer');
    expect(fired!.at).to.equal(86_400_000);
  });
});
