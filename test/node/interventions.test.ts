import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  compile,
  createMemoryHost,
  replayEvent,
  type FlowState,
  type HistoryRecord,
  type Implementations,
  type Intervention,
  type MemoryHost,
} from '../../src/index.js';
import { flowOf } from './flow-of.js';

const flow = flowOf(
  'Charge -> Ship',
  { flow: 'order', variables: { amount: { schema: { type: 'number' } } } },
  { Charge: { type: 'service', implementation: { ref: 'charge', arguments: { amount: 'amount' } } } },
);

describe('intervening in an instance', () => {
  const implementations: Implementations = {
    do: () => null,
    charge: ({ amount }) => {
      if (typeof amount !== 'number' || amount > 100) throw new Error('over the limit');
      return null;
    },
  };
  async function failed(definition = flow): Promise<MemoryHost> {
    const host = createMemoryHost({ implementations });
    await host.deploy(definition);
    await host.start('order', { amount: 500 }, { id: 'o1' });
    await host.settled();
    assert.equal((await host.get('o1'))!.status, 'failed');
    return host;
  }
  /** Who did the last event of this type, and why. */
  const whoDid = (history: readonly HistoryRecord[], type: string): object => {
    const { by, reason } = history.findLast((r) => r.event.type === type)!.event as Intervention;
    return { by, reason };
  };

  it('edits variables, which alone does not take a failed activity up, and goes on with them', async () => {
    const host = await failed();
    const why = { by: 'ada', reason: 'wrong amount' };
    await host.send({ type: 'edit', instance: 'o1', variables: { amount: 50 }, ...why });
    const edited = (await host.get('o1'))!;
    assert.deepEqual([edited.status, edited.variables], ['failed', { amount: 50 }]);
    await host.retry('o1', { by: 'ada', reason: 'corrected' });
    await host.settled();
    assert.equal((await host.get('o1'))!.status, 'completed');
    const history = await host.history('o1');
    assert.deepEqual(history.find((r) => r.event.type === 'edit')!.writes, { amount: 50 });
    assert.deepEqual(whoDid(history, 'edit'), why);
    assert.deepEqual(whoDid(history, 'retry'), { by: 'ada', reason: 'corrected' });
  });

  it('refuses values that do not fit the variable, and says which', async () => {
    const host = await failed();
    await assert.rejects(host.send({ type: 'edit', instance: 'o1', variables: { amount: 'much' } }), {
      code: 'FLOW-VALUE',
      message: /amount/,
    });
    assert.equal((await host.get('o1'))!.variables['amount'], 500);
  });

  it('skips or cancels with the name of who did it and the reason in the journal', async () => {
    const host = await failed();
    const [token] = Object.values((await host.get('o1'))!.activities).map((a) => a.token!);
    await host.send({ type: 'skip', instance: 'o1', token: token!, by: 'bob', reason: 'paid in cash' });
    assert.equal((await host.get('o1'))!.status, 'completed');
    assert.deepEqual(whoDid(await host.history('o1'), 'skip'), { by: 'bob', reason: 'paid in cash' });

    await host.start('order', { amount: 500 }, { id: 'o2' });
    await host.settled();
    await host.cancel('o2', 'a duplicate', 'bob');
    assert.deepEqual(whoDid(await host.history('o2'), 'cancel'), { by: 'bob', reason: 'a duplicate' });
  });

  it('wakes who waits for a condition over the edited variable', async () => {
    const host = createMemoryHost({ implementations });
    await host.deploy(flowOf('Wait -> After', {}, { Wait: { type: 'wait', when: 'approved' } }));
    await host.start('test', { approved: false }, { id: 'w' });
    await host.settled();
    await host.send({ type: 'edit', instance: 'w', variables: { approved: true } });
    await host.settled();
    assert.equal((await host.get('w'))!.status, 'completed');
  });

  it('leaves a history that replays to the same state', async () => {
    const host = await failed();
    await host.send({ type: 'edit', instance: 'o1', variables: { amount: 50 }, by: 'ada' });
    await host.retry('o1');
    await host.settled();
    const compiled = await compile(flow);
    let state: FlowState | undefined;
    for (const { event } of await host.history('o1')) state = replayEvent(compiled, state, event);
    const view = (await host.get('o1'))!;
    assert.deepEqual([state!.status, state!.pool, state!.v], [view.status, view.variables, view.v]);
  });
});
