// The control-flow patterns of van der Aalst, ter Hofstede and Russell ("Workflow Control-Flow Patterns: A Revised View",
// 2006), each as a flow in `patterns/` that behaves as the pattern says.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, it } from 'node:test';
import { checkDefinition, type FlowDefinition, type TraceEvent } from '../../src/index.js';
import { completedIn, runFlow, type RunFlowOptions, type RunOutcome } from '../../src/testing/index.js';

const folder = resolve(import.meta.dirname, '../../patterns');
const HOUR = 3_600_000;

function pattern(name: string): FlowDefinition {
  return JSON.parse(readFileSync(join(folder, `${name}.flow.json`), 'utf8')) as FlowDefinition;
}

type Ran = RunOutcome & { readonly done: readonly string[]; count(activity: string): number };

async function play(name: string, options: RunFlowOptions = {}): Promise<Ran> {
  const result = await runFlow(pattern(name), {
    virtualTime: true,
    implementations: { work: () => null },
    ...options,
  });
  const done = completedIn(result.trace);
  return { ...result, done, count: (activity) => done.filter((id) => id === activity).length };
}

/** `B` starts, or comes to the given state, only after `A` has completed. */
function follows(trace: readonly TraceEvent[], a: string, b: string, state?: TraceEvent['state']): void {
  const completed = trace.findIndex((e) => e.activity === a && e.state === 'completed');
  const came = trace.findIndex((e) => e.activity === b && (state === undefined || e.state === state));
  assert.ok(completed >= 0 && came > completed, `${b} before ${a}`);
}

function together(trace: readonly TraceEvent[], a: string, b: string): boolean {
  const span = (id: string): [number, number] => [
    trace.findIndex((e) => e.activity === id),
    trace.findLastIndex((e) => e.activity === id),
  ];
  const [[a0, a1], [b0, b1]] = [span(a), span(b)];
  return a0 < b1 && b0 < a1;
}

const TESTS: Readonly<Record<string, (name: string) => Promise<void>>> = {
  'wcp-01-sequence': async (name) => assert.deepEqual((await play(name)).done, ['A', 'B', 'C']),
  'wcp-02-parallel-split': async (name) => {
    const { trace } = await play(name);
    assert.ok(together(trace, 'B', 'C'));
  },
  'wcp-03-synchronization': async (name) => {
    const { trace, count } = await play(name);
    follows(trace, 'B', 'D');
    follows(trace, 'C', 'D');
    assert.equal(count('D'), 1);
  },
  'wcp-04-exclusive-choice': async (name) => {
    assert.deepEqual((await play(name, { input: { amount: 200 } })).done, ['A', 'B']);
    assert.deepEqual((await play(name, { input: { amount: 20 } })).done, ['A', 'C']);
  },
  'wcp-05-simple-merge': async (name) => {
    assert.deepEqual((await play(name, { input: { amount: 200 } })).done, ['A', 'B', 'D']);
    assert.deepEqual((await play(name, { input: { amount: 20 } })).done, ['A', 'C', 'D']);
  },
  'wcp-06-multi-choice': async (name) => {
    assert.deepEqual([...(await play(name, { input: { b: true, c: true } })).done].sort(), ['A', 'B', 'C']);
    assert.deepEqual((await play(name, { input: { b: false, c: true } })).done, ['A', 'C']);
    assert.deepEqual((await play(name, { input: { b: false, c: false } })).done, ['A', 'D']);
  },
  'wcp-07-structured-synchronizing-merge': async (name) => {
    for (const [b, c] of [
      [true, true],
      [true, false],
      [false, false],
    ]) {
      const { done, count } = await play(name, { input: { b: b!, c: c! } });
      assert.equal(count('E'), 1);
      assert.equal(done.at(-1), 'E');
    }
  },
  'wcp-08-multi-merge': async (name) => {
    const { count } = await play(name);
    assert.deepEqual([count('D'), count('E')], [2, 2]);
  },
  'wcp-09-structured-discriminator': async (name) => {
    const { count, outcome, trace } = await play(name, {
      implementations: { work: (_, { activity }) => (activity === 'D' ? late() : null) },
    });
    follows(trace, 'F', 'D', 'completed');
    assert.deepEqual([count('E'), count('F'), count('D'), outcome], [1, 1, 1, 'completed']);
  },
  'wcp-10-arbitrary-cycles': async (name) => {
    assert.deepEqual((await play(name, { input: { first: true } })).done, ['S', 'A', 'B', 'C', 'D', 'E', 'F']);
    assert.deepEqual((await play(name, { input: { first: false } })).done, ['S', 'B', 'C', 'D', 'E', 'F']);
  },
  'wcp-11-implicit-termination': async (name) => {
    const { outcome, count } = await play(name);
    assert.deepEqual([outcome, count('B'), count('D')], ['completed', 1, 1]);
  },
  'wcp-12-multiple-instances-without-synchronization': async (name) => {
    const { trace, count } = await play(name, {
      input: { items: [1, 2, 3] },
      implementations: { work: (_, { activity }) => (activity === 'M' ? late() : null) },
    });
    assert.equal(count('M'), 3);
    const b = trace.findIndex((e) => e.activity === 'B' && e.state === 'completed');
    assert.ok(b < trace.findIndex((e) => e.activity === 'M' && e.state === 'completed'));
  },
  'wcp-13-multiple-instances-known-at-design-time': async (name) =>
    assert.deepEqual((await play(name)).done, ['M', 'M', 'M', 'B']),
  'wcp-14-multiple-instances-known-at-run-time': async (name) => {
    const { done, variables } = await play(name, {
      input: { items: [1, 2, 3, 4] },
      implementations: { work: ({ item }) => (typeof item === 'number' ? item * 10 : null) },
    });
    assert.deepEqual(done, ['A', 'M', 'M', 'M', 'M', 'B']);
    assert.deepEqual(variables['results'], [10, 20, 30, 40]);
  },
  'wcp-16-deferred-choice': async (name) => {
    assert.deepEqual((await play(name, { scenario: [{ signal: 'paid' }, { signal: 'cancelled' }] })).done, [
      'Wait.paid',
      'Ship',
    ]);
    assert.deepEqual((await play(name)).done, ['Wait.late', 'Remind']);
  },
  'wcp-17-interleaved-parallel-routing': async (name) => {
    const { trace, count } = await play(name, { implementations: { work: () => late() } });
    follows(trace, 'B', 'C');
    for (const [a, b] of [
      ['B', 'D'],
      ['C', 'D'],
    ] as const)
      assert.ok(!atOnce(trace, a, b));
    assert.equal(count('E'), 1);
  },
  'wcp-19-cancel-task': async (name) => {
    const { done, trace } = await play(name, { scenario: [{ signal: 'withdraw' }] });
    assert.deepEqual(done, ['U.withdrawn', 'B']);
    assert.ok(trace.some((e) => e.activity === 'U' && e.state === 'terminated'));
  },
  'wcp-20-cancel-case': async (name) => {
    const { trace, outcome } = await play(name, { scenario: [{ signal: 'stop' }] });
    assert.equal(outcome, 'completed');
    for (const id of ['U', 'B']) assert.ok(trace.some((e) => e.activity === id && e.state === 'terminated'));
    assert.equal((await play(name, { scenario: [{ cancel: true }] })).outcome, 'cancelled');
  },
  'wcp-21-structured-loop': async (name) => {
    const { count, done } = await play(name, { input: { limit: 3 } });
    assert.deepEqual([count('A'), count('B'), done.at(-1)], [3, 2, 'C']);
    // `while` asks before the first round: not even one. The loop as such still completes.
    const none = await play(name, { input: { limit: 0 } });
    assert.ok(!none.trace.some((e) => e.activity === 'A' && e.state === 'running'));
  },
  'wcp-22-recursion': async (name) => {
    const { output } = await play(name, { input: { n: 5 } });
    assert.deepEqual(output, { result: 120 });
  },
  'wcp-23-transient-trigger': async (name) => {
    assert.deepEqual((await play(name, { scenario: [{ signal: { name: 'bell', broadcast: true } }] })).done, [
      'Wait',
      'B',
    ]);
    assert.equal((await play(name)).outcome, 'waiting');
  },
  'wcp-24-persistent-trigger': async (name) => {
    const { done, trace } = await play(name, { scenario: [{ signal: 'order' }] });
    assert.deepEqual(done, ['A', 'Wait', 'B']);
    assert.equal(trace.find((e) => e.activity === 'Wait' && e.state === 'completed')?.at, HOUR);
  },
  'wcp-25-cancel-region': async (name) => {
    const { trace, done, outcome } = await play(name, { scenario: [{ complete: 'B' }, { signal: 'stop' }] });
    assert.equal(outcome, 'completed');
    assert.ok(trace.some((e) => e.activity === 'C' && e.state === 'terminated'));
    assert.ok(done.includes('P') && done.includes('Z') && done.includes('E'));
  },
  'wcp-27-complete-multiple-instances': async (name) => {
    const { done, variables } = await play(name, { scenario: [{ complete: 'M' }, { signal: 'enough' }] });
    assert.deepEqual(done, ['M', 'M.enough', 'B']);
    assert.equal(variables['done'], 1);
  },
  'wcp-28-blocking-discriminator': async (name) => {
    const { trace } = await play(name);
    assert.deepEqual(times(trace, 'K'), [0, 2 * HOUR]);
  },
  'wcp-29-cancelling-discriminator': async (name) => {
    const { trace, count } = await play(name);
    assert.deepEqual([count('B'), count('C'), count('D'), count('F')], [1, 0, 0, 1]);
    for (const id of ['C', 'D']) assert.ok(trace.some((e) => e.activity === id && e.state === 'terminated'));
  },
  'wcp-30-structured-partial-join': async (name) => {
    const { count, trace } = await play(name, {
      implementations: { work: (_, { activity }) => (activity === 'C' ? late() : activity === 'D' ? late(50) : null) },
    });
    follows(trace, 'C', 'E');
    follows(trace, 'F', 'D', 'completed');
    assert.deepEqual([count('B'), count('C'), count('D'), count('E'), count('F')], [1, 1, 1, 1, 1]);
  },
  'wcp-31-blocking-partial-join': async (name) => {
    const { trace } = await play(name, {
      implementations: { work: (_, { activity }) => (activity === 'B' ? late() : null) },
    });
    follows(trace, 'B', 'J');
    assert.deepEqual(times(trace, 'K'), [0, 2 * HOUR]);
  },
  'wcp-32-cancelling-partial-join': async (name) => {
    const { trace, count } = await play(name);
    assert.deepEqual([count('C'), count('D'), count('F')], [1, 0, 1]);
    assert.ok(trace.some((e) => e.activity === 'D' && e.state === 'terminated'));
  },
  'wcp-33-generalised-and-join': async (name) => {
    const { trace } = await play(name);
    assert.deepEqual(times(trace, 'K'), [2 * HOUR, 3 * HOUR]);
  },
  'wcp-34-static-partial-join-for-multiple-instances': async (name) => {
    const two = await play(name, { scenario: [{ complete: 'M' }, { complete: 'M' }] });
    assert.deepEqual([two.count('M'), two.count('B'), two.outcome], [2, 1, 'waiting']);
    const all = await play(name, { scenario: [{ complete: 'M' }, { complete: 'M' }, { complete: 'M' }] });
    assert.deepEqual([all.count('M'), all.count('B'), all.outcome], [3, 1, 'completed']);
  },
  'wcp-35-cancelling-partial-join-for-multiple-instances': async (name) => {
    const { trace, count, outcome } = await play(name, { scenario: [{ complete: 'M' }, { complete: 'M' }] });
    assert.deepEqual([count('M'), count('B'), outcome], [2, 1, 'completed']);
    assert.equal(trace.filter((e) => e.activity === 'M' && e.state === 'terminated').length, 1);
  },
  'wcp-36-dynamic-partial-join-for-multiple-instances': async (name) => {
    const bid = (price: number): { complete: string; output: { bid: number } } => ({
      complete: 'M',
      output: { bid: price },
    });
    const { variables, count, outcome } = await play(name, {
      input: { bidders: ['a', 'b', 'c', 'd'] },
      scenario: [bid(300), bid(90)],
    });
    assert.deepEqual([variables['best'], count('M'), count('B'), outcome], [90, 2, 1, 'completed']);
  },
  'wcp-37-acyclic-synchronizing-merge': async (name) => {
    for (const b of [true, false]) {
      const { count, done } = await play(name, { input: { b } });
      assert.deepEqual([count('E'), count('J'), done.at(-1)], [1, 1, 'K']);
    }
  },
  'wcp-38-general-synchronizing-merge': async (name) => {
    const { count, trace } = await play(name);
    assert.deepEqual([count('B'), count('C'), count('J'), count('K')], [3, 1, 1, 1]);
    follows(trace, 'C', 'J');
  },
  'wcp-39-critical-section': async (name) => {
    const { trace, count } = await play(name, { implementations: { work: () => late() } });
    for (const a of ['A', 'B']) for (const c of ['C', 'D']) assert.ok(!atOnce(trace, a, c));
    assert.deepEqual([count('P'), count('Q')], [1, 1]);
  },
  'wcp-40-interleaved-routing': async (name) => {
    const { trace, count } = await play(name, { implementations: { work: () => late() } });
    for (const [a, b] of [
      ['B', 'C'],
      ['B', 'D'],
      ['C', 'D'],
    ] as const)
      assert.ok(!atOnce(trace, a, b));
    assert.equal(count('E'), 1);
  },
  'wcp-43-explicit-termination': async (name) => {
    const { trace, outcome } = await play(name);
    assert.equal(outcome, 'completed');
    assert.ok(trace.some((e) => e.activity === 'B' && e.state === 'terminated'));
  },
};

/** Later than what needs no time. */
async function late(turns = 5): Promise<null> {
  for (let i = 0; i < turns; i++) await new Promise(setImmediate);
  return null;
}

function times(trace: readonly TraceEvent[], activity: string): number[] {
  return trace.filter((e) => e.activity === activity && e.state === 'completed').map((e) => e.at);
}

/** Whether the two were running at the same moment. */
function atOnce(trace: readonly TraceEvent[], a: string, b: string): boolean {
  const running = new Set<string>();
  for (const { activity, state } of trace) {
    if (state === 'running') running.add(activity);
    else if (state !== 'ready') running.delete(activity);
    if (running.has(a) && running.has(b)) return true;
  }
  return false;
}

describe('control-flow patterns', () => {
  for (const [name, test] of Object.entries(TESTS)) {
    it(pattern(name).title!, async () => {
      assert.deepEqual(await checkDefinition(pattern(name)), [], 'nothing to complain of');
      await test(name);
    });
  }

  it('has a test and a line in docs/patterns.md for every pattern in the folder', () => {
    const files = readdirSync(folder).map((f) => f.replace('.flow.json', ''));
    assert.deepEqual(Object.keys(TESTS).sort(), files.sort());
    const page = readFileSync(resolve(folder, '../docs/patterns.md'), 'utf8');
    for (const file of files) assert.ok(page.includes(`../patterns/${file}.flow.json`), file);
  });
});
