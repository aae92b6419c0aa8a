import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  compile,
  createMemoryHost,
  type FlowDefinition,
  type HistoryRecord,
  type InstanceView,
} from '../../src/index.js';
import {
  evaluationsOf,
  exportedSource,
  exportInstance,
  readExported,
  redactedHistory,
  redactedView,
  replayOf,
  tokensIn,
  type Evaluation,
} from '../../src/inspect/index.js';
import type { CompiledFlow } from '../../src/runtime/index.js';
import { flowOf } from './flow-of.js';

interface Recorded {
  readonly flow: CompiledFlow;
  readonly view: InstanceView;
  readonly history: readonly HistoryRecord[];
}

async function recorded(definition: FlowDefinition, input = {}): Promise<Recorded> {
  const flow = await compile(definition);
  const host = createMemoryHost({
    implementations: {
      do: (args) => ({ got: args }),
      no: () => {
        throw Object.assign(new Error('no'), { code: 'No', retryable: false });
      },
    },
  });
  await host.deploy(flow);
  const { id } = await host.start(definition.flow, input);
  await host.settled();
  const all = { flow, view: (await host.get(id))!, history: [...(await host.history(id))] };
  await host.close();
  return all;
}

const paying = flowOf(
  'Pay -> Thank [sum > 10]; Pay -> End [else]; Pay.no -> End',
  { input: { sum: { type: 'number' } }, variables: { paid: {}, why: {} }, output: { done: 'paid' } },
  {
    Pay: {
      split: 'xor',
      input: { amount: 'sum * 2' },
      implementation: { ref: 'do', arguments: { pin: '"4711"', amount: 'amount' } },
      output: { paid: '$output.got.amount' },
      boundary: [{ id: 'no', event: 'error', output: { why: '$event.code' } }],
    },
    End: { join: 'xor', type: 'script', implementation: undefined },
    Thank: { type: 'script', implementation: undefined },
  },
);

function everything({ flow, history }: Recorded): string[] {
  const tokens = tokensIn(history);
  const replay = replayOf(flow, () => history);
  return history.flatMap((record, i) =>
    evaluationsOf(flow, record, (t) => tokens.get(t) ?? replay.at(i)?.runs[t]?.activity).map(inShort),
  );
}

function inShort({ of, what, name, expression, value }: Evaluation): string {
  return `${of} ${what} ${name}: ${expression} = ${JSON.stringify(value)}`;
}

describe('what a step has evaluated', () => {
  it('is told with the value of every expression: parameters, arguments, assignments, conditions, output', async () => {
    assert.deepEqual(everything(await recorded(paying, { sum: 20 })), [
      'Pay input amount: sum * 2 = 40',
      'Pay argument pin: "4711" = "4711"',
      'Pay argument amount: amount = 40',
      'Pay assignment paid: $output.got.amount = 40',
      'Pay-Thank condition to Thank: sum > 10 = true',
      ' output done: paid = 40',
    ]);
  });

  it('belongs to the boundary event that took a failure', async () => {
    const broken = {
      ...paying,
      activities: paying.activities.map((a) => (a.id === 'Pay' ? { ...a, implementation: { ref: 'no' } } : a)),
    } as FlowDefinition;
    assert.ok(everything(await recorded(broken, { sum: 1 })).includes('Pay.no assignment why: $event.code = "No"'));
  });

  it('includes the items and the condition of loops', async () => {
    const looping = flowOf(
      'A -> B',
      { variables: { n: { initial: 0 } } },
      {
        A: { loop: { kind: 'forEach', items: '[7, 8]' } },
        B: {
          type: 'script',
          implementation: undefined,
          output: { n: 'n + 1' },
          loop: { kind: 'until', condition: 'n >= 1' },
        },
      },
    );
    const all = everything(await recorded(looping));
    assert.ok(all.includes('A loop items: [7, 8] = [7,8]'));
    assert.ok(all.includes('B loop until: n >= 1 = true'));
  });
});

describe('an exported instance', () => {
  it('can be looked at anywhere: its flow, how it stands, and every step', async () => {
    const { flow, view, history } = await recorded(paying, { sum: 20 });
    const text = JSON.stringify(exportInstance(flow, view, history, 1));
    const source = exportedSource(await readExported(text));
    assert.deepEqual(await source.instances(), JSON.parse(JSON.stringify([view])));
    assert.deepEqual(await source.history(view.id), JSON.parse(JSON.stringify(history)));
    assert.equal((await source.flowOf(view.id)).hash, flow.hash);
    await assert.rejects(source.history('other'), { code: 'FLOW-UNKNOWN-INSTANCE' });
  });

  it('is told from other files, with a word on what is wrong', async () => {
    await assert.rejects(readExported('{'), { code: 'FLOW-EXPORT', message: /^This is no exported instance/ });
    await assert.rejects(readExported('{"a": 1}'), { code: 'FLOW-EXPORT', message: /its format is undefined/ });
  });

  it('is an archive of a host, too', async () => {
    const flow = await compile(paying);
    const host = createMemoryHost({ implementations: { do: (args) => ({ got: args }) } });
    await host.deploy(flow);
    const { id } = await host.start('test', { sum: 20 });
    await host.settled();
    const source = exportedSource(await readExported(JSON.stringify(await (await host.management!()).export(id))));
    const [view] = await source.instances();
    assert.deepEqual([view!.id, view!.status, view!.variables['paid']], [id, 'completed', 40]);
    assert.equal((await source.history(id)).length, (await host.history(id)).length);
    await host.close();
  });
});

describe('a redacted instance', () => {
  it('shows nothing of what the page keeps back, and still replays', async () => {
    const { flow, view, history } = await recorded(paying, { sum: 20 });
    const paths = ['**.pin', 'paid', '**.got'];
    const clean = redactedHistory(history, paths);
    assert.doesNotMatch(JSON.stringify([clean, redactedView(view, paths).variables]), /4711/);
    assert.equal(redactedView(view, paths).variables['paid'], '[redacted]');
    assert.equal(replayOf(flow, () => clean).at(clean.length)!.status, 'completed');
    assert.equal(redactedHistory(history, []), history);
  });
});
