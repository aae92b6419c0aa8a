// The test kit with implementations that take their time.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { completedIn, runFlow } from '../../src/testing/index.js';
import { flowOf } from './flow-of.js';

const deaf = { do: () => new Promise<never>(() => {}), done: () => null };
const after = { type: 'service', implementation: { ref: 'done' } } as const;

describe('an implementation that never answers', () => {
  it('runs into its time-out in virtual time', async () => {
    const flow = flowOf(
      'A.late -> B',
      {},
      { A: { timeout: 'PT30S', boundary: [{ id: 'late', event: 'error', code: 'Timeout' }] }, B: after },
    );
    const { outcome, trace } = await runFlow(flow, { implementations: deaf, virtualTime: true });
    assert.equal(outcome, 'completed');
    assert.deepEqual(completedIn(trace), ['A.late', 'B']);
    assert.equal(trace.find((e) => e.activity === 'B')?.at, 30_000);
  });

  it('is interrupted by what the script does, in real time too', async () => {
    const flow = flowOf(
      'A.stop -> B',
      {},
      { A: { boundary: [{ id: 'stop', event: 'message', message: { name: 'stop' } }] }, B: after },
    );
    for (const virtualTime of [true, false]) {
      const { outcome, trace } = await runFlow(flow, {
        implementations: deaf,
        virtualTime,
        scenario: [{ signal: 'stop' }],
      });
      assert.equal(outcome, 'completed');
      assert.deepEqual(completedIn(trace), ['A.stop', 'B']);
    }
  });

  it('in real time, a call that is slow is waited for, whatever timer is far away', async () => {
    const flow = flowOf('', {}, { A: { boundary: [{ id: 'late', event: 'timer', after: 'P1D' }] } });
    const slow = { do: () => new Promise<number>((resolve) => setTimeout(resolve, 2500, 1)) };
    assert.equal(
      (await runFlow(flow, { implementations: slow, scenario: [{ wait: true, after: 'P1D' }] })).outcome,
      'completed',
    );
  });
});
