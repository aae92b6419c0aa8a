import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { compile, createMemoryHost } from '../../src/index.js';
import { createInspection, serveBridge, wireOf, type InspectionRecord } from '../../src/inspect/index.js';
import { flowOf } from './flow-of.js';

describe('an inspection', () => {
  it('tells newcomers who there is, however long ago it began, and ends when it is told to', async () => {
    const flow = await compile(
      flowOf(
        'A -> B',
        { variables: { n: { initial: 0 } }, roles: { boss: {} } },
        {
          A: {
            type: 'script',
            implementation: undefined,
            output: { n: 'n + 1' },
            loop: { kind: 'until', condition: 'n >= 50', max: 60 },
          },
          B: { type: 'user', implementation: undefined, role: 'boss' },
        },
      ),
    );
    const host = createMemoryHost();
    await host.deploy(flow);
    const { id } = await host.start('test', {});
    await host.settled();
    const inspection = createInspection(
      {
        instances: (query) => host.list(query),
        history: (instance) => host.history(instance),
        flowOf: async () => flow,
        watch: async (listener) => host.watch(undefined, listener),
      },
      { past: 1 },
    );
    const told: InspectionRecord[] = [];
    const stop = inspection.attach((record) => void told.push(record));
    while (!told.some((r) => r.type === 'actor' && r.name === 'B'))
      await new Promise((resolve) => setImmediate(resolve));
    assert.deepEqual([told[0]!.type, told[0]!.session], ['actor', id]);
    assert.equal(told.filter((r) => r.type === 'event').length, 1);
    const last = told.findLast((r) => r.type === 'snapshot' && r.session === id)!;
    assert.ok(last.type === 'snapshot' && last.snapshot.context['n'] === 50);
    stop();
    const count = told.length;
    await host.cancel(id);
    await host.settled();
    assert.equal(told.length, count);
    await host.close();
  });

  it('is for clients that greet in a known way, and for bridges on this machine', async () => {
    assert.equal(wireOf({ type: '@statelyai.connected' }), 'stately');
    assert.equal(wireOf({ type: 'xstate.inspecting' }), 'xstate4');
    for (const odd of [{ type: 'constructor' }, { type: 1 }, null, 'xstate.inspecting'])
      assert.equal(wireOf(odd), undefined);
    await assert.rejects(serveBridge({ attach: () => () => {} }, 'ws://example.com/'), /is not on this machine/);
  });
});
