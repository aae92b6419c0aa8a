import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { compile, createMemoryHost } from '../../src/index.js';
import { durationInWords, timelineOf, type Timeline } from '../../src/inspect/index.js';
import { createVirtualClock } from '../../src/testing/index.js';
import { flowOf } from './flow-of.js';

const DAY = 86_400_000;

/** A call that fails twice, then a day's wait, then somebody who does not come. */
async function example(): Promise<{ readonly timeline: Timeline; readonly begun: number }> {
  const flow = await compile(
    flowOf(
      'Pay -> Rest -> Look',
      { roles: { boss: {} } },
      {
        Pay: { implementation: { ref: 'pay' }, retry: { maxAttempts: 3, backoff: 'PT1M' } },
        Rest: { type: 'wait', implementation: undefined, after: 'P1D' },
        Look: { type: 'user', implementation: undefined, role: 'boss' },
      },
    ),
  );
  let calls = 0;
  const clock = createVirtualClock();
  const begun = clock.now();
  const host = createMemoryHost({
    clock,
    implementations: {
      pay: () => {
        if (++calls < 3) throw Object.assign(new Error('closed'), { code: 'Closed', retryable: true });
        return null;
      },
    },
  });
  await host.deploy(flow);
  const { id } = await host.start('test', {});
  await host.settled();
  while (clock.next() !== undefined) {
    clock.moveTo(clock.next()!);
    await host.settled();
  }
  const timeline = timelineOf(flow, await host.history(id), clock.now() + 2 * DAY);
  await host.close();
  return { timeline, begun };
}

describe('the timeline of an instance', () => {
  it('has a bar for every run, with its attempts, how they failed, and the pauses between', async () => {
    const { timeline } = await example();
    assert.deepEqual(
      timeline.bars.map((b) => [b.name, b.state]),
      [
        ['Pay', 'completed'],
        ['Rest', 'completed'],
        ['Look', 'ready'],
      ],
    );
    assert.deepEqual(
      timeline.bars[0]!.stretches.map((s) => [s.kind, s.failure ?? '']),
      [
        ['attempt', 'Closed: closed'],
        ['waiting', ''],
        ['attempt', 'Closed: closed'],
        ['waiting', ''],
        ['attempt', ''],
      ],
    );
    assert.ok(timeline.bars[1]!.to - timeline.bars[1]!.from >= DAY);
  });

  it('lets what is still open reach to now', async () => {
    const { timeline } = await example();
    const look = timeline.bars[2]!;
    assert.equal(look.to, timeline.to);
    assert.equal(look.to - look.from, 2 * DAY);
    assert.equal(look.stretches[0]!.kind, 'waiting');
  });

  it('draws a long pause shorter than it was, and keeps the order', async () => {
    const { timeline, begun } = await example();
    const places = [begun, begun + 1, begun + 60_000, begun + DAY, timeline.to].map((at) => timeline.place(at));
    assert.deepEqual(
      places,
      [...places].sort((a, b) => a - b),
    );
    assert.equal(places[0], 0);
    assert.equal(places.at(-1), 1);
    const pay = timeline.bars[0]!;
    assert.ok(timeline.place(pay.to) - timeline.place(pay.from) > 0.2, 'two minutes can be seen beside three days');
  });

  it('says durations as people do', () => {
    assert.deepEqual([3, 4200, 190_000, 86_400_000 * 2 + 3_600_000 * 4].map(durationInWords), [
      '3 ms',
      '4.2 s',
      '3 min 10 s',
      '2 d 4 h',
    ]);
  });
});
