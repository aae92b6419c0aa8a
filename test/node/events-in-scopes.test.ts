import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  checkDefinition,
  compile,
  createMemoryHost,
  type ActivityDefinition,
  type FlowDefinition,
  type FlowHost,
  type InstanceView,
  type SubflowDefinition,
} from '../../src/index.js';
import { flowOf, run } from './flow-of.js';
import { fakeClock } from './fake-clock.js';

const route: Partial<ActivityDefinition> = { type: 'route', implementation: undefined };
const subflow: Partial<ActivityDefinition> = { type: 'subflow', implementation: undefined };
const fails: Partial<ActivityDefinition> = { implementation: { ref: 'refuse' } };
const never: Partial<ActivityDefinition> = { implementation: { ref: 'never' } };
const implementations = {
  do: () => null,
  never: () => new Promise<never>(() => {}),
  refuse: (): never => {
    throw Object.assign(new Error('refused'), { code: 'Refused', retryable: false });
  },
};

async function completedIn(host: FlowHost, id: string): Promise<string[]> {
  return (await host.history(id)).flatMap((r) =>
    r.changes.filter((c) => c.state === 'completed').map((c) => c.activity),
  );
}

async function viewWhen(host: FlowHost, id: string, holds: (view: InstanceView) => boolean): Promise<InstanceView> {
  for (;;) {
    const view = (await host.get(id))!;
    if (holds(view)) return view;
    await new Promise(setImmediate);
  }
}

describe('escalation', () => {
  const flow = (interrupting: boolean, code?: string): FlowDefinition =>
    flowOf(
      'S -> Z; S.up -> H; A -> T -> B',
      {
        subflows: {
          S: { activities: ['A', 'T', 'B'], boundary: [{ id: 'up', event: 'escalation', code: 'big', interrupting }] },
        },
      },
      { S: subflow, T: { ...route, throw: { event: 'escalation', ...(code ? { code } : {}) } } },
    );
  it('is taken by the boundary event with its code, instead of the rest or beside it', async () => {
    assert.deepEqual((await run(flow(true, 'big'))).trace, ['A', 'S.up', 'H']);
    assert.deepEqual((await run(flow(false, 'big'))).trace, ['A', 'S.up', 'T', 'H', 'B', 'S', 'Z'].filter(Boolean));
  });
  it('goes on when nobody takes it', async () => {
    const { trace, view } = await run(flow(true, 'other'));
    assert.deepEqual(trace, ['A', 'T', 'B', 'S', 'Z']);
    assert.equal(view.status, 'completed');
  });
});

describe('a thrown error', () => {
  it('is taken by the boundary event of the scope around it', async () => {
    const { trace } = await run(
      flowOf(
        'S -> Z; S.bad -> H; A -> T',
        {
          subflows: {
            S: {
              activities: ['A', 'T'],
              boundary: [{ id: 'bad', event: 'error', code: 'Bad', output: { why: '$event.message' } }],
            },
          },
          variables: { why: {} },
        },
        { S: subflow, T: { ...route, throw: { event: 'error', code: 'Bad', message: 'too bad' } } },
      ),
    );
    assert.deepEqual(trace, ['A', 'S.bad', 'H']);
  });
  it('fails the instance when nobody takes it', async () => {
    const { view } = await run(flowOf('A -> T', {}, { T: { ...route, throw: { event: 'error', code: 'Bad' } } }));
    assert.equal(view.status, 'failed');
    assert.equal(view.failure?.code, 'Bad');
  });
});

describe('a transaction', () => {
  it('that is cancelled compensates what completed in it, then leaves by its cancel boundary event', async () => {
    const { trace, view } = await run(
      flowOf(
        'S -> Z; S.off -> H; A -> B -> T; A -> N',
        {
          subflows: {
            S: { activities: ['A', 'B', 'T', 'N', 'unA', 'unB'], boundary: [{ id: 'off', event: 'cancel' }] },
          },
        },
        {
          S: subflow,
          A: { compensation: 'unA' },
          B: { compensation: 'unB' },
          N: never,
          T: { ...route, throw: { event: 'cancel' } },
          unA: {},
          unB: {},
        },
      ),
      {},
      implementations,
    );
    assert.deepEqual(trace, ['A', 'B', 'unB', 'unA', 'S.off', 'H']);
    assert.equal(view.status, 'completed');
    assert.equal(view.activities['N']?.state, 'terminated');
  });
});

describe('event subflows', () => {
  const within = (trigger: SubflowDefinition['trigger'], main: Partial<ActivityDefinition> = {}): FlowDefinition =>
    flowOf(
      'A -> M; H -> I',
      {
        roles: { r: {} },
        subflows: { E: { activities: ['H', 'I'], trigger: trigger! } },
        variables: { x: { initial: 0 } },
      },
      { E: subflow, A: { output: { x: '1' } }, M: main, H: {}, I: {} },
    );

  it('take an error that nothing inside takes, in place of everything else in the scope', async () => {
    const { trace, view } = await run(within({ id: 'start', event: 'error' }, fails), {}, implementations);
    assert.deepEqual(trace, ['A', 'E.start', 'H', 'I', 'E']);
    assert.equal(view.status, 'completed');
  });

  it('start by a message and interrupt, or run beside the rest as often as the message comes', async () => {
    for (const interrupting of [true, false]) {
      const host = createMemoryHost({ implementations });
      await host.deploy(
        await compile(
          within(
            { id: 'start', event: 'message', message: { name: 'stop' }, interrupting },
            { type: 'user', role: 'r', implementation: undefined },
          ),
        ),
      );
      const { id } = await host.start('test');
      await viewWhen(host, id, (v) => v.tasks.length === 1);
      await host.send({ type: 'signal', signal: { name: 'stop' } });
      if (interrupting) {
        const view = await viewWhen(host, id, (v) => v.status === 'completed');
        assert.equal(view.activities['M']?.state, 'terminated');
        assert.deepEqual(await completedIn(host, id), ['A', 'E.start', 'H', 'I', 'E']);
        continue;
      }
      await viewWhen(host, id, (v) => v.activities['E']?.state === 'completed');
      await host.send({ type: 'signal', signal: { name: 'stop' } });
      while ((await completedIn(host, id)).filter((a) => a === 'E').length < 2) await new Promise(setImmediate);
      const waiting = (await host.get(id))!;
      await host.send({ type: 'complete', task: waiting.tasks[0]!.id });
      await viewWhen(host, id, (v) => v.status === 'completed');
      assert.equal((await completedIn(host, id)).filter((a) => a === 'H').length, 2);
    }
  });

  it('start by a timer, once', async () => {
    const clock = fakeClock();
    const host = createMemoryHost({ implementations, clock });
    await host.deploy(
      await compile(within({ id: 'start', event: 'timer', after: 'PT1H', interrupting: false }, never)),
    );
    const { id } = await host.start('test');
    await viewWhen(host, id, (v) => v.activities['M']?.state === 'running');
    clock.advance(3_600_000);
    await viewWhen(host, id, (v) => v.activities['E']?.state === 'completed');
    clock.advance(3_600_000);
    assert.deepEqual(await completedIn(host, id), ['A', 'E.start', 'H', 'I', 'E']);
  });

  it('start when their condition over the pool becomes true', async () => {
    const { trace, view } = await run(
      within({ id: 'start', event: 'condition', condition: 'x = 1' }, never),
      {},
      implementations,
    );
    assert.deepEqual(trace, ['A', 'E.start', 'H', 'I', 'E']);
    assert.equal(view.status, 'completed');
  });

  it('do not keep the scope open', async () => {
    const { trace, view } = await run(within({ id: 'start', event: 'message', message: { name: 'stop' } }));
    assert.deepEqual(trace, ['A', 'M']);
    assert.equal(view.status, 'completed');
  });

  it('compensate the scope that they take the error of', async () => {
    const { trace } = await run(
      flowOf(
        'A -> B -> X; T -> R',
        { subflows: { E: { activities: ['T', 'R'], trigger: { id: 'start', event: 'error' } } } },
        {
          E: subflow,
          A: { compensation: 'unA' },
          B: { compensation: 'unB' },
          X: fails,
          T: { ...route, throw: { event: 'compensation' } },
          unA: {},
          unB: {},
        },
      ),
      {},
      implementations,
    );
    assert.deepEqual(trace, ['A', 'B', 'E.start', 'unB', 'unA', 'T', 'R', 'E']);
  });
});

describe('conditions over the pool', () => {
  it('a wait goes on when its condition becomes true, at once when it holds already', async () => {
    const flow = (initial: number): FlowDefinition =>
      flowOf(
        'A -> B; W -> C',
        { variables: { x: { initial } } },
        { B: { output: { x: '5' } }, W: { type: 'wait', implementation: undefined, when: 'x > 3' } },
      );
    assert.deepEqual((await run(flow(0))).trace, ['A', 'B', 'W', 'C']);
    assert.equal((await run(flow(9))).trace[0], 'W');
  });
  it('a boundary event happens when its condition becomes true', async () => {
    const { trace } = await run(
      flowOf(
        'M -> Z; M.hot -> H; A -> B',
        { variables: { x: { initial: 0 } } },
        {
          M: { ...never, boundary: [{ id: 'hot', event: 'condition', condition: 'x = 5' }] },
          B: { output: { x: '5' } },
        },
      ),
      {},
      implementations,
    );
    assert.deepEqual(trace, ['A', 'B', 'M.hot', 'H']);
  });
});

describe('a gateway without a true connector', () => {
  it('fails where the standard asks for it, and ends the path otherwise', async () => {
    const flow = (noneTrue?: 'fail'): FlowDefinition =>
      flowOf(
        'A -> G; G -> B [x > 1]',
        { variables: { x: { initial: 0 } } },
        { G: { ...route, split: 'xor', ...(noneTrue ? { noneTrue } : {}) } },
      );
    const strict = await run(flow('fail'));
    assert.equal(strict.view.failure?.code, 'NoConnectorTrue');
    assert.equal((await run(flow())).view.status, 'completed');
  });
});

describe('the checker', () => {
  const codes = async (flow: FlowDefinition): Promise<string[]> =>
    (await checkDefinition(flow)).filter((d) => d.severity === 'error').map((d) => `${d.code} ${d.ids[0] ?? ''}`);
  it('refuses what is thrown, taken or undone in the wrong place (E108)', async () => {
    assert.deepEqual(await codes(flowOf('A', {}, { A: { throw: { event: 'escalation' } } })), ['FLOW-E108 A']);
    assert.deepEqual(await codes(flowOf('A', {}, { A: { noneTrue: 'fail' } })), ['FLOW-E108 A']);
    assert.deepEqual(await codes(flowOf('A', {}, { A: { ...route, throw: { event: 'cancel' } } })), ['FLOW-E108 A']);
    assert.deepEqual(await codes(flowOf('A -> unA', {}, { A: { compensation: 'unA' } })), ['FLOW-E108 unA']);
  });
  it('names what does not exist (E102)', async () => {
    assert.deepEqual(await codes(flowOf('A', {}, { A: { compensation: 'unB' } })), ['FLOW-E102 A']);
    assert.deepEqual(await codes(flowOf('A', { spheres: [{ id: 's', kind: 'compensation', activities: ['B'] }] })), [
      'FLOW-E102 s',
    ]);
  });
});
