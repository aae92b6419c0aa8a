import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  checkDefinition,
  compile,
  createMemoryHost,
  type Clock,
  type FlowDefinition,
  type FlowHost,
  type InstanceView,
} from '../../src/index.js';
import { runFlow, type ScenarioStep } from '../../src/testing/index.js';
import { fakeClock } from './fake-clock.js';
import { flowOf, run } from './flow-of.js';

async function hostOf(clock: Clock, ...definitions: FlowDefinition[]): Promise<FlowHost> {
  const host = createMemoryHost({
    clock,
    implementations: { do: () => null, never: () => new Promise(() => {}), echo: (args) => args },
  });
  for (const definition of definitions) await host.deploy(await compile(definition));
  return host;
}

async function viewWhen(host: FlowHost, id: string, holds: (view: InstanceView) => boolean): Promise<InstanceView> {
  for (;;) {
    const view = (await host.get(id))!;
    if (holds(view)) return view;
    await new Promise(setImmediate);
  }
}
const plain = { implementation: undefined };

describe('time', () => {
  it('a wait ends when its time has come, and never before', async () => {
    const clock = fakeClock();
    const host = await hostOf(clock, flowOf('W -> A', {}, { W: { type: 'wait', after: 'P30D', ...plain } }));
    const { id } = await host.start('test');
    clock.advance(30 * 86_400_000 - 1);
    assert.equal((await host.get(id))!.status, 'running');
    clock.advance(1);
    await viewWhen(host, id, (v) => v.status === 'completed');
  });

  it('an interrupting timer takes the activity away, a non-interrupting one goes beside it', async () => {
    const clock = fakeClock();
    const late = (interrupting: boolean): FlowDefinition =>
      flowOf(
        'U -> B; U.late -> C',
        { flow: `late-${interrupting}`, roles: { r: {} } },
        {
          U: {
            type: 'user',
            role: 'r',
            ...plain,
            boundary: [{ id: 'late', event: 'timer', after: 'P2D', interrupting }],
          },
        },
      );
    const host = await hostOf(clock, late(true), late(false));
    const cut = await host.start('late-true');
    const beside = await host.start('late-false');
    clock.advance(2 * 86_400_000);
    const ended = await viewWhen(host, cut.id, (v) => v.status === 'completed');
    assert.equal(ended.activities['U']!.state, 'terminated');
    assert.equal(ended.activities['B']!.state, 'skipped');
    const going = await viewWhen(host, beside.id, (v) => v.activities['C']?.state === 'completed');
    assert.equal(going.tasks.length, 1);
    await host.send({ type: 'complete', task: going.tasks[0]!.id });
    await viewWhen(host, beside.id, (v) => v.status === 'completed' && v.activities['B']?.state === 'completed');
  });

  it('an attempt that takes too long fails with Timeout and is tried again', async () => {
    const clock = fakeClock();
    const host = await hostOf(
      clock,
      flowOf(
        '',
        {},
        { A: { implementation: { ref: 'never' }, timeout: 'PT5S', retry: { maxAttempts: 2, backoff: 'PT1S' } } },
      ),
    );
    const { id } = await host.start('test');
    clock.advance(5000);
    await viewWhen(host, id, (v) => v.activities['A']?.failure?.code === 'Timeout');
    clock.advance(1000);
    await viewWhen(host, id, (v) => v.activities['A']?.attempt === 2);
    clock.advance(5000);
    const failed = await viewWhen(host, id, (v) => v.status === 'failed');
    assert.equal(failed.failure?.code, 'Timeout');
  });
});

describe('messages', () => {
  const receive: FlowDefinition = flowOf(
    'R -> A',
    { flow: 'receiver' },
    {
      R: { type: 'receive', message: { name: 'paid', key: 'order' }, output: { sum: '$output.sum' }, ...plain },
    },
  );

  it('a signal wakes the waiter with its key, with its data', async () => {
    const host = await hostOf(fakeClock(), receive);
    const one = await host.start('receiver', { order: 1 });
    const two = await host.start('receiver', { order: 2 });
    await host.send({ type: 'signal', signal: { name: 'paid', key: '2', data: { sum: 20 } } });
    const done = await viewWhen(host, two.id, (v) => v.status === 'completed');
    assert.equal(done.variables['sum'], 20);
    assert.equal((await host.get(one.id))!.status, 'running');
  });

  it('a signal sent before anybody waits is kept; the same signal twice counts once', async () => {
    const host = await hostOf(fakeClock(), receive);
    const signal = { name: 'paid', key: '1', id: 's1', data: { sum: 5 } };
    await host.send({ type: 'signal', signal });
    await host.send({ type: 'signal', signal });
    const first = await host.start('receiver', { order: 1 });
    const second = await host.start('receiver', { order: 1 });
    await viewWhen(host, first.id, (v) => v.status === 'completed');
    assert.equal((await host.get(second.id))!.status, 'running');
  });

  it('one instance sends what another receives', async () => {
    const send = flowOf(
      '',
      { flow: 'sender' },
      { S: { type: 'send', message: { name: 'paid', key: 'order', data: '{"sum": amount}' }, ...plain } },
    );
    const host = await hostOf(fakeClock(), receive, send);
    const waiting = await host.start('receiver', { order: 7 });
    await host.start('sender', { order: 7, amount: 70 });
    assert.equal((await viewWhen(host, waiting.id, (v) => v.status === 'completed')).variables['sum'], 70);
  });

  it('of several awaited events the first decides (deferred choice)', async () => {
    const clock = fakeClock();
    const flow = flowOf(
      'W.yes -> A; W.no -> B; W.late -> C',
      {},
      {
        W: {
          type: 'wait',
          ...plain,
          boundary: [
            { id: 'yes', event: 'message', message: { name: 'yes' } },
            { id: 'no', event: 'message', message: { name: 'no' } },
            { id: 'late', event: 'timer', after: 'PT1H' },
          ],
        },
      },
    );
    const host = await hostOf(clock, flow);
    const { id } = await host.start('test');
    await host.send({ type: 'signal', signal: { name: 'no' } });
    clock.advance(3_600_000);
    const done = await viewWhen(host, id, (v) => v.status === 'completed');
    assert.deepEqual(
      [done.activities['A']?.state, done.activities['B']?.state, done.activities['C']?.state],
      ['skipped', 'completed', 'skipped'],
    );
  });
});

describe('calls, ends and exclusion', () => {
  it('a called flow has a pool of its own; data goes in and out by assignment only', async () => {
    const inner = flowOf('', { flow: 'inner', input: { n: {} }, output: { doubled: 'n * 2' } }, { A: {} });
    const outer = flowOf(
      'C -> A',
      { flow: 'outer' },
      { C: { type: 'call', calls: 'inner', input: { n: 'x' }, output: { y: '$output.doubled' }, ...plain } },
    );
    const host = await hostOf(fakeClock(), inner, outer);
    const { id } = await host.start('outer', { x: 4 });
    assert.deepEqual((await viewWhen(host, id, (v) => v.status === 'completed')).variables, { x: 4, y: 8 });
  });

  it('what a reminder led to has not been left out, however the activity ends', async () => {
    const soon = { id: 'soon', event: 'timer', after: 'PT1H', interrupting: false } as const;
    const late = { id: 'late', event: 'timer', after: 'PT3H' } as const;
    const flow = flowOf(
      'U -> B; U.soon -> R; U.late -> L',
      { roles: { r: {} } },
      { U: { type: 'user', role: 'r', ...plain, boundary: [soon, late] } },
    );
    const skippedIn = async (scenario: readonly ScenarioStep[]): Promise<readonly string[]> => {
      const { trace } = await runFlow(flow, { stub: true, virtualTime: true, scenario });
      return trace.filter((e) => e.state === 'skipped').map((e) => e.activity);
    };
    assert.deepEqual(await skippedIn([{ complete: 'U', after: 'PT2H' }]), ['L']);
    assert.deepEqual(await skippedIn([{ wait: true, after: 'PT4H' }]), ['B']);
    assert.deepEqual([...(await skippedIn([{ complete: 'U' }]))].sort(), ['L', 'R']);
  });

  it('a recursion that does not find its end is stopped', async () => {
    const more = { split: 'xor', type: 'route', ...plain } as const;
    const call = { type: 'call', calls: 'endless', ...plain } as const;
    const endless = flowOf('A -> C [true]; A -> E [else]', { flow: 'endless' }, { A: more, C: call });
    const host = await hostOf(fakeClock(), endless);
    const { id } = await host.start('endless');
    const failed = await viewWhen(host, id, (v) => v.status === 'failed');
    assert.match(failed.failure!.message, /more than 50 deep/);
  });

  it('a terminating end withdraws everything else', async () => {
    const { view } = await run(
      flowOf('A -> B; A -> C', {}, { B: { terminate: true }, C: { implementation: { ref: 'hang' } } }),
      {},
      { hang: () => new Promise(() => {}) },
    );
    assert.equal(view.status, 'completed');
    assert.equal(view.activities['C']!.state, 'terminated');
  });

  it('activities with the same mutex never run at the same time', async () => {
    let inside = 0;
    let most = 0;
    const busy = async (): Promise<null> => {
      most = Math.max(most, ++inside);
      await new Promise(setImmediate);
      inside--;
      return null;
    };
    const activity = { mutex: 'printer', implementation: { ref: 'busy' } };
    const { view } = await run(
      flowOf('S -> A; S -> B; S -> C', {}, { A: activity, B: activity, C: activity }),
      {},
      { busy },
    );
    assert.equal(view.status, 'completed');
    assert.equal(most, 1);
  });

  it('a failed process goes on from the failed activity, with corrected variables', async () => {
    const host = createMemoryHost({
      implementations: {
        picky: ({ n }) => {
          if (n !== 1) throw new Error('only one');
          return null;
        },
      },
    });
    await host.deploy(
      flowOf(
        'A -> B',
        {},
        { A: { type: 'script', ...plain }, B: { implementation: { ref: 'picky', arguments: { n: 'n' } } } },
      ),
    );
    const { id } = await host.start('test', { n: 2 });
    await viewWhen(host, id, (v) => v.status === 'failed');
    await host.retry(id, { variables: { n: 1 } });
    const done = await viewWhen(host, id, (v) => v.status === 'completed');
    assert.equal(done.activities['A']!.completed, 1);
  });

  it('E106: connectors may enter and leave a subflow at one place only', async () => {
    const flow = flowOf('S -> A -> B -> E; S -> B', { subflows: { L: { activities: ['A', 'B'] } } });
    const [found] = await checkDefinition(flow);
    assert.equal(found!.code, 'FLOW-E106');
    assert.equal(found!.ids[0], 'L');
  });
});
