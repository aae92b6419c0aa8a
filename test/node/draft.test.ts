// A definition that its author is still working on: it is drawn whatever is wrong with it.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { draftOf, layOutFlow } from '../../src/inspect/index.js';
import type { FlowDefinition } from '../../src/index.js';

const flow = (more: Partial<FlowDefinition>): FlowDefinition => ({
  flow: 'f',
  kind: 'microflow',
  activities: [
    { id: 'A', type: 'script' },
    { id: 'B', type: 'script' },
  ],
  connectors: [{ id: 'c', from: 'A', to: 'B' }],
  ...more,
});

describe('the draft of a definition', () => {
  it('has no diagnostics and a plan when nothing is wrong', async () => {
    const { diagnostics, drawn } = await draftOf(flow({}));
    assert.deepEqual(diagnostics, []);
    assert.deepEqual(Object.keys(drawn!.plan.activities), ['A', 'B']);
  });

  it('is drawn with the way to its deadlock although it cannot run', async () => {
    const { diagnostics, drawn } = await draftOf(
      flow({
        activities: [
          { id: 'X', type: 'route', split: 'xor' },
          { id: 'A', type: 'script' },
          { id: 'B', type: 'script' },
          { id: 'J', type: 'script', join: 'and' },
        ],
        connectors: [
          { id: 'xa', from: 'X', to: 'A', condition: 'true' },
          { id: 'xb', from: 'X', to: 'B', default: true },
          { id: 'aj', from: 'A', to: 'J' },
          { id: 'bj', from: 'B', to: 'J' },
        ],
      }),
    );
    const deadlock = diagnostics.find((d) => d.code === 'FLOW-E301')!;
    assert.ok(deadlock.path!.every((id) => drawn!.plan.activities[id]));
    assert.equal(layOutFlow(drawn!).activities.length, 4);
  });

  it('shows what a connector misses with a question mark, and keeps the connector', async () => {
    const { diagnostics, drawn } = await draftOf(flow({ connectors: [{ id: 'c', from: 'A', to: 'Bb' }] }));
    assert.equal(diagnostics[0]!.code, 'FLOW-E102');
    assert.equal(drawn!.plan.activities['Bb']!.name, 'Bb ?');
    assert.deepEqual(
      layOutFlow(drawn!).connectors.map((c) => c.id),
      ['c'],
    );
  });

  it('is not drawn when it is no definition at all', async () => {
    const { diagnostics, drawn } = await draftOf({ flow: 'f' });
    assert.equal(drawn, undefined);
    assert.ok(diagnostics.every((d) => d.code === 'FLOW-E100') && diagnostics.length > 0);
  });

  it('can be laid out when an activity is claimed by two subflows', async () => {
    const { drawn } = await draftOf(
      flow({
        connectors: [{ id: 'c', from: 'A', to: 'S' }],
        subflows: { U: { activities: ['S'] }, S: { activities: ['B'] } },
        spheres: [{ id: 'P', kind: 'atomic', activities: ['A', 'S'] }],
      }),
    );
    assert.equal(layOutFlow(drawn!).activities.length, Object.keys(drawn!.plan.activities).length);
  });

  it('can be laid out whatever ids its parts bear and refer to', async () => {
    const id = fc.constantFrom('A', 'B', 'C', 'S', 'T', 'A.late', 'Q');
    const definition = fc.record({
      flow: fc.constant('f'),
      kind: fc.constant('process'),
      activities: fc.array(
        fc.record(
          {
            id,
            type: fc.constantFrom('script', 'route', 'subflow'),
            join: fc.constantFrom('or', 'and', 'xor'),
            compensation: id,
            boundary: fc.constant([{ id: 'late', event: 'timer', after: 'PT1S' }]),
          },
          { requiredKeys: ['id', 'type'] },
        ),
        { minLength: 1, maxLength: 6 },
      ),
      connectors: fc.array(
        fc.record({ id: fc.constantFrom('c1', 'c2', 'c3', 'c4', 'c5'), from: id, to: id, default: fc.boolean() }),
        { maxLength: 6 },
      ),
      subflows: fc.dictionary(
        fc.constantFrom('S', 'T', 'U'),
        fc.record({ activities: fc.uniqueArray(id, { minLength: 1, maxLength: 3 }) }),
        {
          maxKeys: 3,
        },
      ),
      spheres: fc.array(
        fc.record({
          id: fc.constant('P'),
          kind: fc.constantFrom('atomic', 'compensation'),
          activities: fc.uniqueArray(id, { minLength: 1 }),
        }),
        { maxLength: 1 },
      ),
    });
    await fc.assert(
      fc.asyncProperty(definition, async (data) => {
        const { drawn } = await draftOf(data);
        const { activities, connectors } = layOutFlow(drawn!);
        assert.equal(activities.length, Object.keys(drawn!.plan.activities).length);
        assert.ok(connectors.every((c) => c.points.every((p) => Number.isFinite(p.x) && Number.isFinite(p.y))));
      }),
      { numRuns: 400 },
    );
  });
});
