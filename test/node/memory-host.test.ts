import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createMemoryHost } from '../../src/index.js';
import { flowOf } from './flow-of.js';

describe('the memory host', () => {
  it('forgets what has ended or failed long ago, and keeps what somebody still has to do', async () => {
    const host = createMemoryHost({ keepFinished: 3, implementations: { do: ({ ok }) => (ok ? null : fail()) } });
    const fail = (): never => {
      throw Object.assign(new Error('No.'), { retryable: false });
    };
    await host.deploy(
      flowOf('A; U', { roles: { r: {} } }, { A: {}, U: { type: 'user', role: 'r', implementation: undefined } }),
    );
    await host.deploy(
      flowOf('A', { flow: 'short', kind: 'microflow', input: { ok: true } }, { A: { input: { ok: 'ok' } } }),
    );
    const waiting = await host.start('test', {});
    for (const ok of [true, false]) for (let i = 0; i < 5; i++) await host.start('short', { ok }, { id: `${ok} ${i}` });
    await host.settled();
    const short = (await host.list({ flow: 'short' })).map(({ id }) => id);
    assert.deepEqual(short.sort(), ['false 2', 'false 3', 'false 4', 'true 2', 'true 3', 'true 4']);
    assert.equal((await host.get(waiting.id))?.tasks.length, 1);
  });

  it('keeps one that was retried and failed again longer than one that failed before', async () => {
    const host = createMemoryHost({
      keepFinished: 2,
      implementations: {
        do: () => {
          throw Object.assign(new Error('No.'), { retryable: false });
        },
      },
    });
    await host.deploy(flowOf('A', { kind: 'microflow' }));
    for (const id of ['one', 'two']) await host.start('test', {}, { id });
    await host.settled();
    await host.retry('one');
    await host.settled();
    await host.start('test', {}, { id: 'three' });
    await host.settled();
    assert.deepEqual((await host.list()).map(({ id }) => id).sort(), ['one', 'three']);
  });
});
