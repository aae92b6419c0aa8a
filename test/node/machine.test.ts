import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { createActor, initialTransition, transition, type InspectionEvent } from 'xstate';
import {
  apply,
  begin,
  compile,
  machineOf,
  snapshotOf,
  stateValueOf,
  type CompiledFlow,
  type FlowEvent,
  type FlowState,
} from '../../src/index.js';
import { flowOf } from './flow-of.js';

describe('the machine', () => {
  it('is a plain XState machine: it runs under createActor, with states named after the activities', async () => {
    const flow = await compile(flowOf('A -> B; A -> C; B -> J; C -> J', {}, { J: { join: 'and' } }));
    const seen: InspectionEvent['type'][] = [];
    const actor = createActor(machineOf(flow), {
      input: { instance: 'i', input: {}, now: 0 },
      inspect: (event) => void seen.push(event.type),
    }).start();
    assert.equal(actor.getSnapshot().value, 'A');
    const answer = (activity: string): void => {
      const run = Object.values((actor.getSnapshot().context as FlowState).runs).find((r) => r.activity === activity)!;
      actor.send({ type: 'result', token: run.token, now: 1 });
    };
    answer('A');
    assert.deepEqual(actor.getSnapshot().value, { 'A …': { '(B)': 'B', '(C)': 'C' } });
    answer('C');
    assert.deepEqual(actor.getSnapshot().value, { 'A …': { '(B)': 'B', '(C)': '(idle)' } });
    answer('B');
    assert.equal(actor.getSnapshot().value, 'J');
    answer('J');
    assert.equal(actor.getSnapshot().status, 'done');
    for (const type of ['@xstate.actor', '@xstate.event', '@xstate.snapshot'] as const)
      assert.ok(seen.includes(type), type);
  });

  it('makes the steps that hosts make, and shows after each exactly the state that its context implies', async () => {
    let compared = 0;
    await fc.assert(
      fc.asyncProperty(graphs, fc.infiniteStream(fc.nat()), async (definition, choices) => {
        let flow: CompiledFlow;
        try {
          flow = await compile(definition);
        } catch {
          return;
        }
        const machine = machineOf(flow);
        let [snapshot] = initialTransition(machine, { instance: 'i', input: {}, now: 0 });
        let { state } = begin(flow, { type: 'begin', instance: 'i', input: {}, now: 0 });
        for (let steps = 0; steps < 60; steps++) {
          assert.deepEqual(snapshot.context, state);
          assert.deepEqual(snapshot.value, stateValueOf(flow, state));
          assert.deepEqual(snapshotOf(flow, state).value, snapshot.value);
          const event = someEvent(flow, state, () => choices.next().value as number);
          const next = event && apply(flow, state, event)?.state;
          if (!next || next.status !== 'running') break;
          [snapshot] = transition(machine, snapshot, event);
          state = next;
          compared++;
        }
      }),
      { numRuns: 600 },
    );
    assert.ok(compared > 300);
  });
});

/** Answers one of the runs in flight, with a random choice of its conditions. */
function someEvent(flow: CompiledFlow, state: FlowState, choose: () => number): FlowEvent | undefined {
  const waiting = Object.values(state.runs).filter((r) => r.phase === 'effect' || r.phase === 'settle');
  if (waiting.length === 0) return undefined;
  const run = waiting[choose() % waiting.length]!;
  const live = flow.plan.activities[run.activity]!.outgoing.filter((c) => c.condition && choose() % 2).map((c) => c.id);
  return run.phase === 'effect'
    ? { type: 'result', token: run.token, settled: { live }, now: 1 }
    : { type: 'settled', token: run.token, settled: { live }, now: 1 };
}

/** Any graph at all: up to eight activities, any splits, joins and connectors, cycles included; two may share a subflow. */
const graphs = fc
  .record({
    kinds: fc.array(
      fc.record({
        split: fc.constantFrom('or', 'xor', 'and'),
        join: fc.constantFrom('or', 'xor', 'and'),
        route: fc.boolean(),
      }),
      { minLength: 2, maxLength: 8 },
    ),
    edges: fc.array(fc.tuple(fc.nat(7), fc.nat(7), fc.boolean()), { maxLength: 16 }),
  })
  .map(({ kinds, edges }) => {
    const n = kinds.length;
    const ids = kinds.map((_, i) => `N${i}`);
    return {
      flow: 'random',
      kind: 'process',
      activities: kinds.map((k, i) => ({
        id: ids[i],
        type: k.route ? 'route' : 'service',
        ...(k.route ? {} : { implementation: { ref: 'do' } }),
        split: k.split,
        join: k.join,
      })),
      connectors: edges
        .filter(([a, b], i) => b % n !== 0 && edges.findIndex(([x, y]) => x % n === a % n && y % n === b % n) === i)
        .map(([a, b, conditional], i) => ({
          id: `c${i}`,
          from: ids[a % n],
          to: ids[b % n],
          ...(conditional ? { condition: 'true' } : {}),
        })),
    };
  });
