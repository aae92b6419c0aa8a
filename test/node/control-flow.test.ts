import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { completedIn, runFlow } from '../../src/testing/index.js';
import { flowOf, run } from './flow-of.js';

describe('sequence and splits', () => {
  it('runs activities in the order of their connectors', async () => {
    const { view, trace } = await run(flowOf('A -> B -> C'));
    assert.equal(view.status, 'completed');
    assert.deepEqual(trace, ['A', 'B', 'C']);
  });

  it('an inclusive split follows every true connector', async () => {
    const { trace } = await run(flowOf('A -> B [x > 1]; A -> C [x > 2]; A -> D [x > 3]'), { x: 3 });
    assert.deepEqual(trace, ['A', 'B', 'C']);
  });

  it('an exclusive split follows the first true connector only', async () => {
    const { trace } = await run(flowOf('A -> B [x > 1]; A -> C [x > 2]', {}, { A: { split: 'xor' } }), { x: 3 });
    assert.deepEqual(trace, ['A', 'B']);
  });

  it('a default connector is followed when no condition is true', async () => {
    const flow = flowOf('A -> B [x > 1]; A -> C [else]');
    assert.deepEqual((await run(flow, { x: 0 })).trace, ['A', 'C']);
    assert.deepEqual((await run(flow, { x: 2 })).trace, ['A', 'B']);
  });

  it('a path with no true connector ends without an error', async () => {
    const { view, trace } = await run(flowOf('A -> B [x > 1]'), { x: 0 });
    assert.equal(view.status, 'completed');
    assert.deepEqual(trace, ['A']);
    assert.equal(view.activities['B']?.state, 'skipped');
  });

  it('missing data in a condition counts as false, with a warning in the history', async () => {
    const { view } = await run(flowOf('A -> B [missing.amount > 1]'));
    assert.equal(view.status, 'completed');
    assert.equal(view.activities['B']?.state, 'skipped');
  });
});

describe('input', () => {
  it('a flow that declares its input takes only that from what it is given', async () => {
    const flow = flowOf('A', { input: { a: { type: 'number' } }, variables: { b: { initial: 0 } } });
    assert.deepEqual((await run(flow, { a: 1, b: 'from a form', c: 2 })).view.variables, { a: 1, b: 0 });
  });

  it('input that breaks its schema is refused with variable, path and rule', async () => {
    const flow = flowOf('A', { input: { order: { type: 'object', properties: { amount: { type: 'number' } } } } });
    await assert.rejects(run(flow, { order: { amount: 'x' } }), { code: 'FLOW-INPUT', message: /order\.amount.*type/ });
  });
});

describe('joins', () => {
  const diamond = 'A -> B [b]; A -> C [c]; B -> J; C -> J; J -> K';

  it('an inclusive join waits for all branches that were taken', async () => {
    const { trace } = await run(flowOf(diamond), { b: true, c: true });
    assert.equal(trace.filter((id) => id === 'J').length, 1);
    assert.deepEqual([...trace].sort(), ['A', 'B', 'C', 'J', 'K']);
    assert.ok(trace.indexOf('J') > trace.indexOf('B') && trace.indexOf('J') > trace.indexOf('C'));
  });

  it('an inclusive join waits for an activity, though what its boundary event set off beside it has come', async () => {
    const flow = flowOf(
      'S -> A -> J -> K; S -> B -> J; A.soon -> R -> J',
      {},
      {
        S: { type: 'route', split: 'and' },
        A: {
          type: 'wait',
          after: 'PT9H',
          boundary: [{ id: 'soon', event: 'timer', after: 'PT2H', interrupting: false }],
        },
        B: { type: 'wait', after: 'PT5H' },
      },
    );
    const { trace } = await runFlow(flow, { virtualTime: true, stub: true });
    assert.deepEqual(completedIn(trace), ['S', 'A.soon', 'R', 'B', 'A', 'J', 'K']);
  });

  it('an inclusive join ignores dead branches', async () => {
    const { trace, view } = await run(flowOf(diamond), { b: true, c: false });
    assert.deepEqual(trace, ['A', 'B', 'J', 'K']);
    assert.equal(view.activities['C']?.state, 'skipped');
    assert.equal(view.activities['J']?.state, 'completed');
  });

  it('everything behind a split whose branches are all dead is skipped', async () => {
    const { view, trace } = await run(flowOf(diamond), { b: false, c: false });
    assert.deepEqual(trace, ['A']);
    for (const id of ['B', 'C', 'J', 'K']) assert.equal(view.activities[id]?.state, 'skipped', id);
  });

  it('an inclusive join waits for a branch that dies late', async () => {
    let release = (): void => {};
    const blocked = new Promise<null>((resolve) => (release = () => resolve(null)));
    const flow = flowOf(
      'A -> B; A -> C; B -> J; C -> D [go]; D -> J; J -> K',
      {},
      { C: { implementation: { ref: 'slow' } } },
    );
    const running = run(flow, { go: false }, { slow: () => blocked });
    setImmediate(release);
    const { trace } = await running;
    assert.deepEqual(trace, ['A', 'B', 'C', 'J', 'K']);
  });

  it('a parallel join needs all branches and says so when one cannot come', async () => {
    // That a branch may end at a condition of its own is a warning.
    const flow = flowOf('A -> B; A -> C; B -> J; C -> D [c]; D -> J', {}, { J: { join: 'and' } });
    assert.equal((await run(flow, { c: true })).view.status, 'completed');
    const { view } = await run(flow, { c: false });
    assert.equal(view.status, 'failed');
    assert.equal(view.failure?.code, 'Deadlock');
    assert.match(view.failure?.message ?? '', /D-J/);
  });

  it('an exclusive join starts once for every arrival', async () => {
    const { trace } = await run(flowOf(diamond, {}, { J: { join: 'xor' } }), { b: true, c: true });
    assert.equal(trace.filter((id) => id === 'J').length, 2);
    assert.equal(trace.filter((id) => id === 'K').length, 2);
  });

  it('an n-of-m join goes on with the first n and swallows the rest', async () => {
    const flow = flowOf('A -> B; A -> C; A -> D; B -> J; C -> J; D -> J; J -> K', {}, { J: { join: { n: 2 } } });
    const { trace, view } = await run(flow);
    assert.equal(view.status, 'completed');
    assert.equal(trace.filter((id) => id === 'K').length, 1);
    assert.ok(trace.includes('D'));
  });

  it('an n-of-m join can cancel the rest', async () => {
    const flow = flowOf(
      'A -> B; A -> C; B -> J; C -> J; J -> K',
      {},
      {
        J: { join: { n: 1, cancelRemaining: true } },
        C: { implementation: { ref: 'never' } },
      },
    );
    const { trace, view } = await run(
      flow,
      {},
      {
        never: (_, { signal }) =>
          new Promise((_r, reject) => signal.addEventListener('abort', () => reject(signal.reason))),
      },
    );
    assert.equal(view.status, 'completed');
    assert.deepEqual(trace, ['A', 'B', 'J', 'K']);
    assert.equal(view.activities['C']?.state, 'terminated');
  });
});

describe('loops', () => {
  it('a back edge repeats until its condition is false', async () => {
    const flow = flowOf(
      'S -> A -> B; B -> A [n < 3]; B -> C [n >= 3]',
      { variables: { n: { initial: 0 } } },
      {
        B: { type: 'script', implementation: undefined, output: { n: 'n + 1' } },
      },
    );
    const { trace, view } = await run(flow);
    assert.deepEqual(trace, ['S', 'A', 'B', 'A', 'B', 'A', 'B', 'C']);
    assert.equal(view.variables['n'], 3);
  });

  it('until runs the body at least once, while may not run it at all', async () => {
    const loop = (kind: 'until' | 'while', condition: string) =>
      flowOf(
        'S -> A',
        { variables: { n: { initial: 0 } } },
        { A: { output: { n: 'n + 1' }, loop: { kind, condition } } },
      );
    assert.equal((await run(loop('until', 'n >= 3'))).view.variables['n'], 3);
    assert.equal((await run(loop('until', 'true'))).view.variables['n'], 1);
    assert.equal((await run(loop('while', 'n < 3'))).view.variables['n'], 3);
    assert.equal((await run(loop('while', 'false'))).view.variables['n'], 0);
  });

  it('a loop that does not end is stopped at its maximum with a clear error', async () => {
    const { view } = await run(flowOf('', {}, { A: { loop: { kind: 'until', condition: 'false', max: 5 } } }));
    assert.equal(view.failure?.code, 'LoopLimit');
    assert.match(view.failure?.message ?? '', /after 5 rounds/);
  });

  it('a forEach over a number that is far too large fails before it takes up any room', async () => {
    const { view } = await run(flowOf('', {}, { A: { loop: { kind: 'forEach', items: '1e12' } } }));
    assert.equal(view.failure?.code, 'LoopLimit');
    assert.match(view.failure?.message ?? '', /"A" has 1000000000000 items; at most 100000 are allowed/);
  });

  it('dynamic binding that gives no name fails and says which expression it was', async () => {
    const flow = flowOf('', { variables: { x: {} } }, { A: { implementation: { ref: 'do', select: 'x.name' } } });
    const { view } = await run(flow, { x: {} });
    assert.equal(view.failure?.code, 'FLOW-UNKNOWN-IMPLEMENTATION');
    assert.match(view.failure?.message ?? '', /"x\.name" is to select the implementation of "A", and gave nothing/);
  });

  it('forEach runs the activity for every item and collects the outputs in order', async () => {
    const flow = flowOf(
      '',
      { variables: { out: {} } },
      {
        A: {
          implementation: { ref: 'double', arguments: { n: 'item' } },
          loop: { kind: 'forEach', items: 'list', collect: 'out' },
        },
      },
    );
    const { view } = await run(flow, { list: [1, 2, 3, 4] }, { double: ({ n }) => (n as number) * 2 });
    assert.deepEqual(view.variables['out'], [2, 4, 6, 8]);
  });

  it('a subflow shares the pool and repeats as a whole', async () => {
    const flow = flowOf(
      'S -> A -> B -> E',
      {
        variables: { n: { initial: 0 } },
        subflows: { L: { activities: ['A', 'B'], loop: { kind: 'until', condition: 'n >= 2' } } },
      },
      {
        A: { output: { n: 'n + 1' } },
      },
    );
    const { trace, view } = await run(flow);
    assert.equal(view.status, 'completed');
    assert.deepEqual(
      trace.filter((id) => id !== 'L'),
      ['S', 'A', 'B', 'A', 'B', 'E'],
    );
  });
});

describe('runaway flows', () => {
  it('a cycle that multiplies its tokens without waiting for anything is stopped with a clear error', async () => {
    const flow = flowOf(
      'S -> A -> B; B -> A; B -> C; C -> A; B -> E',
      {},
      {
        A: { type: 'script', implementation: undefined, join: 'xor' },
        B: { type: 'route', implementation: undefined, split: 'and' },
        C: { type: 'route', implementation: undefined },
      },
    );
    const { view } = await run(flow);
    assert.equal(view.status, 'failed');
    assert.equal(view.failure?.code, 'RunawayLoop');
  });
});

describe('failure', () => {
  it('an activity is tried again as its policy says, with the same idempotency key', async () => {
    const keys: string[] = [];
    const flow = flowOf(
      'A -> B',
      {},
      { A: { implementation: { ref: 'flaky' }, retry: { maxAttempts: 3, backoff: 'PT0.001S' } } },
    );
    const { view } = await run(
      flow,
      {},
      {
        flaky: (_, { idempotencyKey, attempt }) => {
          keys.push(idempotencyKey);
          if (attempt < 3) throw new Error('not yet');
          return null;
        },
      },
    );
    assert.equal(view.status, 'completed');
    assert.equal(keys.length, 3);
    assert.equal(new Set(keys).size, 1);
  });

  it('an error boundary with the code takes the failure', async () => {
    const flow = flowOf(
      'A -> B; A.no -> C',
      {},
      {
        A: { implementation: { ref: 'fail' }, boundary: [{ id: 'no', event: 'error', code: 'NoStock' }] },
      },
    );
    const fail = (code: string) => () => {
      throw Object.assign(new Error('x'), { code });
    };
    assert.deepEqual((await run(flow, {}, { fail: fail('NoStock') })).trace, ['A.no', 'C']);
    assert.equal((await run(flow, {}, { fail: fail('Other') })).view.status, 'failed');
  });

  it('a failure that nobody takes becomes an incident of the activity', async () => {
    const { view } = await run(
      flowOf('A -> B', {}, { A: { implementation: { ref: 'fail' } } }),
      {},
      {
        fail: () => {
          throw new Error('broken');
        },
      },
    );
    assert.equal(view.status, 'failed');
    assert.equal(view.failure?.message, 'broken');
    assert.equal(view.activities['A']?.state, 'failed');
  });
});
