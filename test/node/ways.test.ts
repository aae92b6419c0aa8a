import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { compile, createMemoryHost, type FlowDefinition, type JsonObject } from '../../src/index.js';
import { waysIn } from '../../src/inspect/index.js';
import { flowOf } from './flow-of.js';

async function waysOf(definition: FlowDefinition, input: JsonObject = {}): Promise<Record<string, string>> {
  const flow = await compile(definition);
  const host = createMemoryHost({
    implementations: {
      do: () => null,
      break: () => {
        throw Object.assign(new Error('no'), { code: 'No', retryable: false });
      },
    },
  });
  await host.deploy(flow);
  const { id } = await host.start(definition.flow, input);
  await host.settled();
  const ways = waysIn(flow, await host.history(id));
  await host.close();
  return Object.fromEntries([...ways].map(([way, { taken, dead }]) => [way, `${taken}/${dead}`]));
}

const input = { input: { x: { type: 'number' as const } }, variables: { x: {} } };

describe('the ways that an instance has gone', () => {
  it('are the followed ones: a shortcut past a branch is not taken because its target was reached otherwise', async () => {
    const definition = flowOf('A -> B [x > 1]; A -> J [else]; B -> J; J -> K', input, {
      A: { split: 'xor' },
      J: { join: 'xor' },
    });
    assert.deepEqual(await waysOf(definition, { x: 3 }), { 'A-B': '1/0', 'A-J': '0/1', 'B-J': '1/0', 'J-K': '1/0' });
    assert.deepEqual(await waysOf(definition, { x: 0 }), { 'A-B': '0/1', 'B-J': '0/1', 'A-J': '1/0', 'J-K': '1/0' });
  });

  it('are counted once per round when the flow goes back', async () => {
    const definition = flowOf('S -> A; A -> B; B -> A [x < 3]; B -> E [else]', input, {
      A: { join: 'xor', type: 'script', implementation: undefined, output: { x: 'x + 1' } },
      B: { split: 'xor' },
    });
    assert.deepEqual(await waysOf(definition, { x: 0 }), { 'S-A': '1/0', 'A-B': '3/0', 'B-A': '2/1', 'B-E': '1/2' });
  });

  it('leave a loop when the loop is over, not after its first round', async () => {
    const definition = flowOf('A -> B', {}, { A: { loop: { kind: 'forEach', items: '[1, 2, 3]' } } });
    assert.deepEqual(await waysOf(definition), { 'A-B': '1/0' });
    const choice = flowOf('A -> B [x = 1]; A -> C [x = 2]; A -> D [else]', input, {
      A: { loop: { kind: 'forEach', items: '[1, 2]' }, split: 'xor' },
    });
    assert.deepEqual(await waysOf(choice, { x: 2 }), { 'A-B': '0/1', 'A-C': '1/0', 'A-D': '0/1' });
    assert.deepEqual(await waysOf(choice, { x: 5 }), { 'A-B': '0/1', 'A-C': '0/1', 'A-D': '1/0' });
  });

  it('go out of the event that has happened', async () => {
    const definition = flowOf(
      'A -> B; A.no -> C',
      {},
      {
        A: { implementation: { ref: 'break' }, boundary: [{ id: 'no', event: 'error' }] },
      },
    );
    assert.deepEqual(await waysOf(definition), { 'A.no-C': '1/0' });
  });
});
