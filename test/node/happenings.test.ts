import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { compile, createMemoryHost } from '../../src/index.js';
import { happeningsIn, svgHappenings } from '../../src/inspect/index.js';
import { createVirtualClock } from '../../src/testing/index.js';
import { flowOf } from './flow-of.js';

describe('what happened in an instance', () => {
  it('is told as questions and answers with their times, and what people did in between', async () => {
    const flow = await compile(
      flowOf(
        'Pay -> Look -> Note',
        { title: 'Order', roles: { boss: {} } },
        {
          Pay: { implementation: { ref: 'pay' }, retry: { maxAttempts: 2, backoff: 'PT1M' } },
          Look: { type: 'user', implementation: undefined, role: 'boss' },
          Note: { type: 'script', implementation: undefined },
        },
      ),
    );
    let calls = 0;
    const clock = createVirtualClock();
    const host = createMemoryHost({
      clock,
      implementations: {
        pay: () => {
          if (++calls < 2) throw Object.assign(new Error('closed'), { code: 'Closed', retryable: true });
          return null;
        },
      },
    });
    await host.deploy(flow);
    const { id } = await host.start('test', {});
    await host.settled();
    clock.moveTo(clock.next()!);
    await host.settled();
    const user = { id: 'ada', roles: ['boss'] };
    const task = (await host.tasks())[0]!.id;
    await host.send({ type: 'claim', task, user });
    await host.send({ type: 'complete', task, user });
    const history = await host.history(id);
    assert.deepEqual(
      happeningsIn(flow, history).map((h) => `${h.type} ${h.with?.name ?? '-'} ${h.text}`),
      [
        'note - begins: Order',
        'ask pay Pay',
        'failure pay Closed: closed (0 ms)',
        'ask pay Pay, attempt 2',
        'answer pay 0 ms',
        'ask boss Look',
        'note - ada: claim',
        'answer boss 0 ms by ada',
        'note - Note',
      ],
    );
    const svg = svgHappenings(flow, history);
    assert.match(svg, /1 min later/);
    assert.match(svg, /data-step="2"/);
    assert.doesNotMatch(svg, /<style|style=/);
    assert.match(svgHappenings(flow, history, { most: 3 }), /6 earlier/);
    await host.close();
  });
});
