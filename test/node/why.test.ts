import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { compile, createMemoryHost, type FlowDefinition, type InstanceView } from '../../src/index.js';
import { replayOf, waitingJoins, whyItWaits } from '../../src/inspect/index.js';
import { createVirtualClock } from '../../src/testing/index.js';
import { flowOf } from './flow-of.js';

async function why(
  definition: FlowDefinition,
  then: (view: InstanceView) => Promise<void> = async () => {},
): Promise<string> {
  const flow = await compile(definition);
  const host = createMemoryHost({
    clock: createVirtualClock(),
    implementations: {
      do: () => null,
      never: () => new Promise(() => {}),
      flaky: () => {
        throw Object.assign(new Error('the bank is closed'), { code: 'Closed', retryable: true });
      },
      broken: () => {
        throw Object.assign(new Error('no such account'), { code: 'Account', retryable: false });
      },
    },
  });
  await host.deploy(flow);
  const { id } = await host.start(definition.flow, {});
  await new Promise((resolve) => setImmediate(resolve));
  await then((await host.get(id))!);
  const view = (await host.get(id))!;
  await host.close();
  return whyItWaits(view, flow);
}

describe('why an instance waits', () => {
  it('names the person, and what happens if nobody comes', async () => {
    const definition = flowOf(
      'Look.late -> Remind',
      { roles: { boss: {} } },
      {
        Look: {
          name: 'Look at it',
          type: 'user',
          role: 'boss',
          implementation: undefined,
          boundary: [{ id: 'late', event: 'timer', after: 'P2D' }],
        },
      },
    );
    assert.equal(
      await why(definition),
      'Waits for a person with role "boss" for "Look at it" (something else happens at 1970-01-03T00:00:00.000Z).',
    );
  });

  it('says that a call has not answered, not that its time-out is awaited', async () => {
    assert.equal(
      await why(flowOf('Pay', {}, { Pay: { implementation: { ref: 'never' }, timeout: 'PT30S' } })),
      'Waits for "Pay" to answer (something else happens at 1970-01-01T00:00:30.000Z).',
    );
  });

  it('says when the next attempt is, and how the last one failed', async () => {
    assert.equal(
      await why(
        flowOf('Pay', {}, { Pay: { implementation: { ref: 'flaky' }, retry: { maxAttempts: 3, backoff: 'PT1M' } } }),
      ),
      'Waits for another attempt of "Pay" at 1970-01-01T00:01:00.000Z, after Closed: the bank is closed.',
    );
  });

  it('names the message and its key, and leaves out the boxes around what waits', async () => {
    const definition = flowOf(
      'Get',
      { subflows: { Box: { activities: ['Get'] } } },
      {
        Get: { type: 'receive', implementation: undefined, message: { name: 'paid', key: '"7"' } },
      },
    );
    assert.equal(await why(definition), 'Waits for the message "paid" with key "7" for "Get".');
  });

  it('says what stopped it, by the name that people know', async () => {
    assert.equal(
      await why(flowOf('Pay', {}, { Pay: { name: 'Pay the bill', implementation: { ref: 'broken' } } })),
      'Stopped at "Pay the bill": Account: no such account',
    );
  });

  it('says that an activity waits for its turn', async () => {
    const definition = flowOf(
      'S -> A; S -> B',
      {},
      {
        A: { implementation: { ref: 'never' }, mutex: 'printer' },
        B: { mutex: 'printer' },
      },
    );
    assert.equal(
      await why(definition),
      'Waits for "A" to answer; the turn of "B": another activity of its mutex is under way.',
    );
  });

  it('names what has come to a join and what has not', async () => {
    const flow = await compile(
      flowOf(
        'S -> A; S -> B; A -> J; B -> J',
        {},
        { S: { split: 'and' }, B: { name: 'Ask the bank', implementation: { ref: 'never' } }, J: { join: 'and' } },
      ),
    );
    const host = createMemoryHost({ implementations: { do: () => null, never: () => new Promise(() => {}) } });
    await host.deploy(flow);
    const { id } = await host.start(flow.definition.flow, {});
    await host.rests(10);
    const history = await host.history(id);
    const joins = waitingJoins(flow, replayOf(flow, () => history).at(history.length)!);
    assert.equal(
      whyItWaits((await host.get(id))!, flow, undefined, joins),
      'Waits for "Ask the bank" to answer. The join at "J" has what comes from "A"; what comes from "Ask the bank" has not come yet.',
    );
    await host.close();
  });
});
