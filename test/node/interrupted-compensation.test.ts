import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  compile,
  createMemoryHost,
  type ActivityDefinition,
  type FlowDefinition,
  type FlowHost,
  type ImplementationFunction,
  type InstanceView,
} from '../../src/index.js';
import { flowOf } from './flow-of.js';

const route: Partial<ActivityDefinition> = { type: 'route', implementation: undefined };
const fails: Partial<ActivityDefinition> = { implementation: { ref: 'refuse' } };
const refuse = (): never => {
  throw Object.assign(new Error('refused'), { code: 'Refused', retryable: false });
};

describe('a compensation that something interrupts', () => {
  const receive: Partial<ActivityDefinition> = {
    type: 'receive',
    implementation: undefined,
    message: { name: 'stop' },
  };

  /** Runs until `unB` is being done, does `what`, answers it, and tells what was undone by then. */
  async function interrupted(
    definition: FlowDefinition,
    what: (host: FlowHost, id: string) => Promise<void>,
  ): Promise<{ calls: string[]; view: InstanceView }> {
    const calls: string[] = [];
    let answer: (value: null) => void = () => {};
    const called: ImplementationFunction = (_, { activity }) => (calls.push(activity), null);
    const slow: ImplementationFunction = (_, { activity }) => (
      calls.push(activity),
      new Promise<null>((resolve) => (answer = resolve))
    );
    const host = createMemoryHost({ implementations: { do: called, refuse, slow } });
    await host.deploy(await compile(definition));
    const { id } = await host.start('test');
    while (!calls.includes('unB')) await new Promise(setImmediate);
    await what(host, id);
    answer(null);
    await host.settled();
    return { calls, view: (await host.get(id))! };
  }

  const stop = (host: FlowHost): Promise<void> => host.send({ type: 'signal', signal: { name: 'stop' } });
  const undoing: Record<string, Partial<ActivityDefinition>> = {
    A: { compensation: 'unA' },
    B: { compensation: 'unB' },
    X: fails,
    unA: {},
    unB: { implementation: { ref: 'slow' } },
  };

  it('goes on to its end when the subflow that it is in is left', async () => {
    const { calls, view } = await interrupted(
      flowOf(
        'S -> Z; S.late -> E; A -> B -> X',
        {
          spheres: [{ id: 's', kind: 'compensation', activities: ['A', 'B', 'X'] }],
          subflows: { S: { activities: ['A', 'B', 'X', 'unA', 'unB'] } },
        },
        {
          S: {
            type: 'subflow',
            implementation: undefined,
            boundary: [{ id: 'late', event: 'message', message: { name: 'stop' }, interrupting: true }],
          },
          ...undoing,
        },
      ),
      stop,
    );
    assert.deepEqual(calls, ['A', 'B', 'unB', 'E', 'unA']);
    assert.equal(view.status, 'completed');
    assert.equal(view.activities['A']?.state, 'compensated');
  });

  it('still sees the item of the loop round that it undoes', async () => {
    const unbooked: unknown[] = [];
    let answer: (value: null) => void = () => {};
    const host = createMemoryHost({
      implementations: {
        do: () => null,
        refuse,
        slow: () => new Promise<null>((resolve) => (answer = resolve)),
        unbook: ({ item }) => (unbooked.push(item), null),
      },
    });
    const flow = flowOf(
      'S -> Z; S.late -> E; A -> B -> X',
      {
        input: { items: true },
        spheres: [{ id: 's', kind: 'compensation', activities: ['A', 'B', 'X'] }],
        subflows: {
          S: { activities: ['A', 'B', 'X', 'unA', 'unB'], loop: { kind: 'forEach', items: 'items', sequential: true } },
        },
      },
      {
        S: {
          type: 'subflow',
          implementation: undefined,
          boundary: [{ id: 'late', event: 'message', message: { name: 'stop' }, interrupting: true }],
        },
        ...undoing,
        unA: { implementation: { ref: 'unbook', arguments: { item: 'item' } } },
      },
    );
    await host.deploy(await compile(flow));
    const { id } = await host.start('test', { items: ['desk'] });
    while ((await host.get(id))!.activities['unB']?.state !== 'running') await new Promise(setImmediate);
    await stop(host);
    answer(null);
    await host.settled();
    assert.deepEqual(unbooked, ['desk']);
    assert.equal((await host.get(id))!.status, 'completed');
  });

  it('goes on to its end when an end event ends everything else', async () => {
    const { calls, view } = await interrupted(
      flowOf(
        'A -> B -> X; M -> T',
        { spheres: [{ id: 's', kind: 'compensation', activities: ['A', 'B', 'X'] }] },
        { ...undoing, M: receive, T: { ...route, terminate: true } },
      ),
      stop,
    );
    assert.deepEqual(calls, ['A', 'B', 'unB', 'unA']);
    assert.equal(view.activities['A']?.state, 'compensated');
    assert.equal(view.status, 'completed');
  });

  it('goes on to its end when another sphere is done with its own, before the instance fails', async () => {
    const { calls, view } = await interrupted(
      flowOf(
        'A -> B -> X; C -> M -> Y',
        {
          spheres: [
            { id: 's', kind: 'compensation', activities: ['A', 'B', 'X'] },
            { id: 't', kind: 'compensation', activities: ['C', 'M', 'Y'] },
          ],
        },
        { ...undoing, C: { compensation: 'unC' }, M: receive, Y: fails, unC: {} },
      ),
      stop,
    );
    assert.deepEqual(
      calls.filter((id) => id.startsWith('un')),
      ['unB', 'unC', 'unA'],
    );
    assert.equal(view.status, 'failed');
    assert.deepEqual(
      ['A', 'B', 'C'].map((id) => view.activities[id]?.state),
      ['compensated', 'compensated', 'compensated'],
    );
  });
});
