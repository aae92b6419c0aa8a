import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { compile } from '../../src/index.js';
import { layOutFlow, walk, type Direction, type LayoutOptions, type Place } from '../../src/inspect/index.js';
import { flowOf } from './flow-of.js';

const flow = await compile(
  flowOf(
    'A -> B [x > 1]; A -> C [else]; B -> In1 -> In2 -> D; C -> D; A.late -> L',
    {
      input: { x: { type: 'number' } },
      variables: { x: {} },
      roles: { boss: {}, clerk: {} },
      subflows: { Box: { activities: ['In1', 'In2'] } },
    },
    {
      A: {
        type: 'user',
        implementation: undefined,
        role: 'clerk',
        split: 'xor',
        boundary: [{ id: 'late', event: 'timer', after: 'P1D' }],
      },
      In1: { type: 'user', implementation: undefined, role: 'boss' },
      D: { join: 'xor' },
    },
  ),
);

function way(from: string, keys: readonly Direction[], options: LayoutOptions = {}): string[] {
  const layout = layOutFlow(flow, options);
  let at: Place | undefined = { type: 'activity', id: from };
  return keys.map((key) => {
    at = at && walk(flow.plan, layout, at, key);
    return at?.id ?? '';
  });
}

describe('a walk through a flow with the arrow keys', () => {
  it('stops at connectors where there is a choice, and passes over the others', () => {
    assert.deepEqual(way('A', ['on', 'on', 'on', 'on', 'on']), ['A-B', 'B', 'Box', 'In1', 'In2']);
    assert.deepEqual(way('A', ['on', 'down', 'on', 'on']), ['A-B', 'A-C', 'C', 'D']);
    assert.deepEqual(way('A', ['on', 'up', 'on']), ['A-B', 'A.late-L', 'L']);
  });

  it('goes out of a subflow at its end, and back into the box at its beginning', () => {
    assert.deepEqual(way('In2', ['on', 'back']), ['D', 'In2-D']);
    assert.deepEqual(way('In1', ['back', 'back']), ['Box', 'B']);
  });

  it('passes by a subflow whose inside is hidden', () => {
    assert.deepEqual(way('Box', ['on'], { collapsed: new Set(['Box']) }), ['D']);
  });

  it('goes up and down between activities, and to both ends', () => {
    assert.equal(way('B', ['down'])[0], 'C');
    assert.equal(way('C', ['up'])[0], 'B');
    assert.deepEqual(way('D', ['first', 'last']), ['A', 'L']);
  });
});

describe('the layout of a flow with lanes', () => {
  it('puts every activity into the lane of its role, a subflow into that of the only role in it', () => {
    const { lanes, activities } = layOutFlow(flow, { lanes: true });
    assert.deepEqual(
      lanes!.map((l) => l.role),
      ['', 'boss', 'clerk'],
    );
    const laneOf = (id: string): string => {
      const a = activities.find((b) => b.id === id)!;
      return lanes!.find((l) => a.y >= l.y && a.y + a.height <= l.y + l.height)?.role ?? 'none';
    };
    assert.deepEqual(['A', 'Box', 'B', 'D'].map(laneOf), ['clerk', 'boss', '', '']);
  });

  it('leaves out what is inside hidden subflows', () => {
    const { activities, connectors } = layOutFlow(flow, { collapsed: new Set(['Box']) });
    assert.ok(!activities.some((a) => a.id === 'In1'));
    assert.equal(activities.find((a) => a.id === 'Box')!.isCollapsed, true);
    assert.ok(!connectors.some((c) => c.id === 'In1-In2'));
  });
});
