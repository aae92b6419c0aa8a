import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { compile, createMemoryHost, type ActivityDefinition, type FlowDefinition } from '../../src/index.js';
import { flowOf, run, type Run } from './flow-of.js';

const route: Partial<ActivityDefinition> = { type: 'route', implementation: undefined };
const fails: Partial<ActivityDefinition> = { implementation: { ref: 'refuse' } };
const refuse = (): never => {
  throw Object.assign(new Error('refused'), { code: 'Refused', retryable: false });
};

/** What was undone, in order. */
async function undone(definition: FlowDefinition): Promise<{ order: string[]; result: Run }> {
  const result = await run(definition, {}, { refuse });
  return { order: result.trace.filter((id) => id.startsWith('un')), result };
}

describe('compensation', () => {
  it('undoes what has completed in a sphere in reverse order of completion when an activity of it fails', async () => {
    const { order, result } = await undone(
      flowOf(
        'A -> B -> C -> X',
        { spheres: [{ id: 'pay', kind: 'compensation', activities: ['A', 'B', 'C', 'X'] }] },
        {
          A: { compensation: 'unA' },
          B: { compensation: 'unB' },
          C: { compensation: 'unC' },
          X: fails,
          unA: {},
          unB: {},
          unC: {},
        },
      ),
    );
    assert.deepEqual(order, ['unC', 'unB', 'unA']);
    assert.equal(result.view.status, 'failed');
    assert.equal(result.view.failure?.code, 'Refused');
    assert.equal(result.view.failure?.compensated, true);
    assert.equal(result.view.activities['A']?.state, 'compensated');
  });

  it('awaits each compensation before the next', async () => {
    const log: string[] = [];
    await run(
      flowOf(
        'A -> B -> X',
        { spheres: [{ id: 's', kind: 'compensation', activities: ['A', 'B', 'X'] }] },
        {
          A: { compensation: 'unA' },
          B: { compensation: 'unB' },
          X: fails,
          unA: { implementation: { ref: 'slow', arguments: { id: '"unA"' } } },
          unB: { implementation: { ref: 'slow', arguments: { id: '"unB"' } } },
        },
      ),
      {},
      {
        refuse,
        slow: async ({ id }) => {
          log.push(`+${String(id)}`);
          await new Promise(setImmediate);
          await new Promise(setImmediate);
          log.push(`-${String(id)}`);
          return null;
        },
      },
    );
    assert.deepEqual(log, ['+unB', '-unB', '+unA', '-unA']);
  });

  it('leaves alone what did not complete, what lies outside, and what has no compensation', async () => {
    const { order } = await undone(
      flowOf(
        'O -> A -> N -> X',
        { spheres: [{ id: 's', kind: 'compensation', activities: ['A', 'N', 'X'] }] },
        {
          O: { compensation: 'unO' },
          A: { compensation: 'unA' },
          X: { ...fails, compensation: 'unX' },
          unO: {},
          unA: {},
          unX: {},
        },
      ),
    );
    assert.deepEqual(order, ['unA']);
  });

  it('undoes an inner sphere first, then the one around it', async () => {
    const { order } = await undone(
      flowOf(
        'A -> B -> X',
        {
          spheres: [
            { id: 'outer', kind: 'compensation', activities: ['A', 'B', 'X'] },
            { id: 'inner', kind: 'compensation', activities: ['B', 'X'] },
          ],
        },
        { A: { compensation: 'unA' }, B: { compensation: 'unB' }, X: fails, unA: {}, unB: {} },
      ),
    );
    assert.deepEqual(order, ['unB', 'unA']);
  });

  it('undoes nothing when an error boundary event takes the failure', async () => {
    const { order, result } = await undone(
      flowOf(
        'A -> X; X.oops -> E',
        { spheres: [{ id: 's', kind: 'compensation', activities: ['A', 'X'] }] },
        { A: { compensation: 'unA' }, X: { ...fails, boundary: [{ id: 'oops', event: 'error' }] }, unA: {} },
      ),
    );
    assert.deepEqual(order, []);
    assert.equal(result.view.status, 'completed');
  });

  it('runs when the instance is cancelled, and ends as cancelled', async () => {
    const host = createMemoryHost({ implementations: { do: () => null, never: () => new Promise(() => {}) } });
    const flow = flowOf(
      'A -> B -> W',
      { spheres: [{ id: 's', kind: 'compensation', activities: ['A', 'B'] }] },
      {
        A: { compensation: 'unA' },
        B: { compensation: 'unB' },
        W: { implementation: { ref: 'never' } },
        unA: {},
        unB: {},
      },
    );
    await host.deploy(await compile(flow));
    const { id } = await host.start('test');
    while ((await host.get(id))!.activities['W']?.state !== 'running') await new Promise(setImmediate);
    await host.cancel(id, 'changed my mind');
    while ((await host.get(id))!.status === 'running') await new Promise(setImmediate);
    const view = (await host.get(id))!;
    assert.equal(view.status, 'cancelled');
    assert.equal(view.activities['A']?.state, 'compensated');
    const trace = (await host.history(id)).flatMap((r) => r.changes.filter((c) => c.state === 'completed'));
    assert.deepEqual(
      trace.map((c) => c.activity).filter((a) => a.startsWith('un')),
      ['unB', 'unA'],
    );
  });

  it('gives the compensation activity the output of what it undoes', async () => {
    const seen: unknown[] = [];
    await run(
      flowOf(
        'A -> X',
        { spheres: [{ id: 's', kind: 'compensation', activities: ['A', 'X'] }] },
        {
          A: { compensation: 'unA', implementation: { ref: 'book' } },
          X: fails,
          unA: { implementation: { ref: 'unbook', arguments: { booking: '$output.booking' } } },
        },
      ),
      {},
      { refuse, book: () => ({ booking: 42 }), unbook: (a) => (seen.push(a['booking']), null) },
    );
    assert.deepEqual(seen, [42]);
  });

  it('undoes every round of a loop and every item of a forEach, latest first', async () => {
    const seen: unknown[] = [];
    await run(
      flowOf(
        'A -> X',
        { input: { items: true }, spheres: [{ id: 's', kind: 'compensation', activities: ['A', 'X'] }] },
        {
          A: {
            compensation: 'unA',
            implementation: { ref: 'echo', arguments: { item: 'item' } },
            loop: { kind: 'forEach', items: 'items', sequential: true },
          },
          X: fails,
          unA: { implementation: { ref: 'unbook', arguments: { item: '$output.item' } } },
        },
      ),
      { items: [1, 2, 3] },
      { refuse, echo: (a) => a, unbook: (a) => (seen.push(a['item']), null) },
    );
    assert.deepEqual(seen, [3, 2, 1]);
  });

  it('a throw compensates what has completed in its scope, waits for it, and goes on', async () => {
    const { order, result } = await undone(
      flowOf(
        'A -> B -> T -> Z',
        {},
        {
          A: { compensation: 'unA' },
          B: { compensation: 'unB' },
          T: { ...route, throw: { event: 'compensation' } },
          unA: {},
          unB: {},
        },
      ),
    );
    assert.deepEqual(order, ['unB', 'unA']);
    assert.deepEqual(result.trace, ['A', 'B', 'unB', 'unA', 'T', 'Z']);
    assert.equal(result.view.status, 'completed');
  });

  it('a throw can name one activity, and nothing is undone twice', async () => {
    const { order } = await undone(
      flowOf(
        'A -> B -> T -> T2 -> Z',
        {},
        {
          A: { compensation: 'unA' },
          B: { compensation: 'unB' },
          T: { ...route, throw: { event: 'compensation', activity: 'A' } },
          T2: { ...route, throw: { event: 'compensation' } },
          unA: {},
          unB: {},
        },
      ),
    );
    assert.deepEqual(order, ['unA', 'unB']);
  });

  it('undoes what completed inside a completed subflow, or the subflow as a whole where it says how', async () => {
    const inside = (compensation?: string): FlowDefinition =>
      flowOf(
        'S -> T; A -> B',
        {
          subflows: { S: { activities: ['A', 'B', 'unA', 'unB'], ...(compensation ? { compensation } : {}) } },
        },
        {
          S: { type: 'subflow', implementation: undefined },
          A: { compensation: 'unA' },
          B: { compensation: 'unB' },
          T: { ...route, throw: { event: 'compensation' } },
          unA: {},
          unB: {},
          ...(compensation ? { [compensation]: {} } : {}),
        },
      );
    assert.deepEqual((await undone(inside())).order, ['unB', 'unA']);
    assert.deepEqual((await undone(inside('unS'))).order, ['unS']);
  });

  it('a compensation activity that fails makes an incident, and retrying it finishes the compensation', async () => {
    let broken = true;
    const host = createMemoryHost({
      implementations: {
        do: () => null,
        refuse,
        flaky: () => {
          if (broken) throw Object.assign(new Error('down'), { code: 'Down' });
          return null;
        },
      },
    });
    const flow = flowOf(
      'A -> B -> X',
      { spheres: [{ id: 's', kind: 'compensation', activities: ['A', 'B', 'X'] }] },
      {
        A: { compensation: 'unA' },
        B: { compensation: 'unB' },
        X: fails,
        unA: {},
        unB: { implementation: { ref: 'flaky' } },
      },
    );
    await host.deploy(await compile(flow));
    const { id } = await host.start('test');
    while ((await host.get(id))!.status === 'running') await new Promise(setImmediate);
    assert.equal((await host.get(id))!.activities['unB']?.state, 'failed');
    broken = false;
    await host.retry(id);
    while ((await host.get(id))!.activities['A']?.state !== 'compensated') await new Promise(setImmediate);
    const view = (await host.get(id))!;
    assert.equal(view.status, 'failed');
    assert.equal(view.failure?.compensated, true);
  });

  it('a cancel in the middle of a compensation lets it go on to its end', async () => {
    const calls: string[] = [];
    let answer: (value: null) => void = () => {};
    const host = createMemoryHost({
      implementations: {
        do: (_, { activity }) => (calls.push(activity), null),
        refuse,
        slow: (_, { activity }) => {
          calls.push(activity);
          return new Promise<null>((resolve) => (answer = resolve));
        },
      },
    });
    const flow = flowOf(
      'A -> B -> X',
      { spheres: [{ id: 's', kind: 'compensation', activities: ['A', 'B', 'X'] }] },
      {
        A: { compensation: 'unA' },
        B: { compensation: 'unB' },
        X: fails,
        unA: {},
        unB: { implementation: { ref: 'slow' } },
      },
    );
    await host.deploy(await compile(flow));
    const { id } = await host.start('test');
    while (!calls.includes('unB')) await new Promise(setImmediate);
    await host.cancel(id);
    assert.equal((await host.get(id))!.status, 'running');
    answer(null);
    while ((await host.get(id))!.status === 'running') await new Promise(setImmediate);
    const view = (await host.get(id))!;
    assert.equal(view.status, 'cancelled');
    assert.deepEqual([view.activities['B']?.state, view.activities['A']?.state], ['compensated', 'compensated']);
    assert.deepEqual(calls, ['A', 'B', 'unB', 'unA']);
  });
});
