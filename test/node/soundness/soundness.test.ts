import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import {
  beginInstance,
  checkDefinition,
  compile,
  stepInstance,
  type FlowDefinition,
  type FlowState,
} from '../../../src/index.js';
import { randomFlow } from './random-flow.js';
import { decisions, gameOf, move, opening, ready, start, verdictOf, type Position } from './token-game.js';

/** `MILLRACE_GRAPHS=5000 npm test -- --only=node` is the long form. */
const GRAPHS = Number(process.env['MILLRACE_GRAPHS'] ?? 300);
const UNSOUND = /^FLOW-E30[1236]$/;

describe('the soundness check', () => {
  it(`agrees with playing every token game, on ${GRAPHS} random flows`, async () => {
    const tally: Record<string, number> = {};
    await fc.assert(
      fc.asyncProperty(randomFlow, async (flow) => {
        const verdict = verdictOf(flow);
        fc.pre(verdict !== undefined);
        const found = await checkDefinition(flow);
        const said = found.filter((d) => UNSOUND.test(d.code));
        assert.ok(!found.some((d) => d.code === 'FLOW-W330'), 'a small flow is decided');
        assert.equal(said.length > 0, verdict !== 'sound', `${verdict}, but the checker says ${JSON.stringify(said)}`);
        tally[verdict!] = (tally[verdict!] ?? 0) + 1;
      }),
      { numRuns: GRAPHS },
    );
    for (const verdict of ['sound', 'deadlock', 'unsynchronised'])
      assert.ok(
        (tally[verdict] ?? 0) > GRAPHS / 50,
        `too few ${verdict} flows to prove anything: ${JSON.stringify(tally)}`,
      );
  });
});

describe('the engine', () => {
  it(`moves tokens as an independent token game does, on ${GRAPHS} random sound flows with random decisions`, async () => {
    let steps = 0;
    await fc.assert(
      fc.asyncProperty(randomFlow, fc.infiniteStream(fc.nat(1_000_000)), async (flow, dice) => {
        fc.pre(verdictOf(flow, 5000) === 'sound');
        steps += await compareRuns(flow, dice);
      }),
      { numRuns: GRAPHS },
    );
    assert.ok(steps > GRAPHS * 3);
  });
});

async function compareRuns(flow: FlowDefinition, dice: Iterator<number>): Promise<number> {
  const compiled = await compile(flow);
  const game = gameOf(flow);
  const roll = (n: number): number => (dice.next().value as number) % n;
  let position = settled(opening(game));
  let state: FlowState = (await beginInstance(compiled, 'i', {}, 0)).state;
  function settled(p: Position): Position {
    let next = p;
    for (let [join] = ready(game, next); join; [join] = ready(game, next)) next = start(next, join.join, join.takes);
    return next;
  }
  let steps = 0;
  for (; steps < 60 && Object.keys(position.at).length > 0; steps++) {
    const runs = Object.values(state.runs);
    assert.deepEqual(runs.map((r) => r.activity).sort(), Object.keys(position.at).sort());
    const run = runs[roll(runs.length)]!;
    const choices = decisions(
      game,
      flow.activities.find((a) => a.id === run.activity)!,
    );
    const along = choices[roll(choices.length)]!;
    const conditions = game.outOf.get(run.activity)!.filter((c) => c.condition !== undefined);
    const output = Object.fromEntries(conditions.map((c) => [c.id, along.includes(c)]));
    position = settled(move(game, position, run.activity, along));
    state = (await stepInstance(compiled, state, { type: 'result', token: run.token, output }, 0))!.state;
  }
  if (Object.keys(position.at).length === 0) assert.equal(state.status, 'completed');
  return steps;
}
