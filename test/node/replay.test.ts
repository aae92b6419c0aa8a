import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { compile, createMemoryHost, type FlowDefinition, type HistoryRecord } from '../../src/index.js';
import type { CompiledFlow } from '../../src/runtime/index.js';
import { loopsIn, momentOf, replayOf, waitingJoins } from '../../src/inspect/index.js';
import { flowOf } from './flow-of.js';

async function recorded(
  definition: FlowDefinition,
): Promise<{ readonly flow: CompiledFlow; readonly history: readonly HistoryRecord[] }> {
  const flow = await compile(definition);
  const host = createMemoryHost({ implementations: { do: () => null, never: () => new Promise(() => {}) } });
  await host.deploy(flow);
  const { id } = await host.start(definition.flow, {});
  await new Promise((resolve) => setImmediate(resolve));
  await new Promise((resolve) => setImmediate(resolve));
  const history = [...(await host.history(id))];
  await host.close();
  return { flow, history };
}

describe('the replay of an instance', () => {
  it('gives the state after any step, in whatever order one asks', async () => {
    const definition = flowOf(
      'A -> B',
      { variables: { n: { initial: 0 } } },
      {
        A: {
          type: 'script',
          implementation: undefined,
          output: { n: 'n + 1' },
          loop: { kind: 'until', condition: 'n >= 300', max: 400 },
        },
      },
    );
    const { flow, history } = await recorded(definition);
    assert.ok(history.length > 300);
    const forward = replayOf(flow, () => history);
    const jumping = replayOf(flow, () => history);
    const states = history.map((_, i) => JSON.stringify(forward.at(i + 1)));
    for (const steps of [history.length, 7, 250, 249, 1, 401 % history.length, 200])
      assert.equal(JSON.stringify(jumping.at(steps)), states[steps - 1]);
    assert.equal(forward.at(history.length)!.status, 'completed');
  });

  it('says nothing about a journal whose beginning is gone', async () => {
    const { flow, history } = await recorded(flowOf('A -> B'));
    assert.equal(replayOf(flow, () => history.slice(1)).at(2), undefined);
  });

  it('knows how far loops are and which ways a join still waits for', async () => {
    const definition = flowOf('S -> A; S -> B; S -> C; A -> J; B -> J; C -> J', {}, {
      B: { implementation: { ref: 'never' } },
      C: { implementation: { ref: 'never' }, loop: { kind: 'forEach', items: '[1, 2, 3]', sequential: true } },
      J: { join: 'and' },
    } as never);
    const { flow, history } = await recorded(definition);
    const state = replayOf(flow, () => history).at(history.length)!;
    const join = waitingJoins(flow, state).get('J')!;
    assert.deepEqual([join.arrived.map((c) => c.id), join.missing.map((c) => c.id)], [['A-J'], ['B-J', 'C-J']]);
    assert.deepEqual(loopsIn(state).get('C'), { done: 0, total: 3 });
  });
});

describe('a moment of an instance', () => {
  it('has the variables after a step, and what those written by it were before', async () => {
    const definition = flowOf(
      'A -> B',
      { variables: { n: { initial: 1 } } },
      { A: { type: 'script', implementation: undefined, output: { n: 'n + 1' } } },
    );
    const { flow, history } = await recorded(definition);
    const step = history.findIndex((r) => r.writes?.['n'] === 2) + 1;
    const moment = momentOf(flow.definition, history, step);
    assert.equal(moment.variables['n'], 2);
    assert.deepEqual([...moment.written], [['n', 1]]);
    assert.equal(moment.activities.get('A')!.state, 'completed');
    assert.equal(momentOf(flow.definition, history, step - 1).variables['n'], 1);
  });
});
