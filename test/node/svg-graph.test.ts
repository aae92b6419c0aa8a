import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, it } from 'node:test';
import { compile, type FlowDefinition } from '../../src/index.js';
import { layOutFlow, svgGraph, svgSequence, type FlowLayout } from '../../src/inspect/index.js';
import { flowOf } from './flow-of.js';

const folder = resolve(import.meta.dirname, '../../patterns');
const patterns = readdirSync(folder).map((f) => JSON.parse(readFileSync(join(folder, f), 'utf8')) as FlowDefinition);

function overlaps({ activities }: FlowLayout, subflows: ReadonlySet<string>): string[] {
  const plain = activities.filter((a) => !subflows.has(a.id));
  return plain.flatMap((a, i) =>
    plain
      .slice(i + 1)
      .filter((b) => a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height)
      .map((b) => `${a.id} and ${b.id}`),
  );
}

describe('the layout of a flow', () => {
  it('puts every activity and connector into the picture, and nothing on top of anything else', async () => {
    for (const definition of patterns) {
      const flow = await compile(definition);
      const layout = layOutFlow(flow);
      const subflows = new Set(Object.keys(definition.subflows ?? {}));
      assert.deepEqual(overlaps(layout, subflows), [], definition.flow);
      assert.equal(layout.activities.length, Object.keys(flow.plan.activities).length);
      assert.equal(layout.connectors.length, definition.connectors?.length ?? 0);
      for (const { x, y, width, height, id } of layout.activities)
        assert.ok(
          x >= 0 && y >= 0 && x + width <= layout.width && y + height <= layout.height,
          `${definition.flow}: ${id}`,
        );
      for (const { points } of layout.connectors)
        for (const p of points) assert.ok(p.x >= 0 && p.x <= layout.width && p.y >= 0 && p.y <= layout.height);
    }
  });

  it('goes from left to right, and only what goes back goes left', async () => {
    const layout = layOutFlow(
      await compile(flowOf('S -> A -> B -> C; B -> A [again]', {}, { B: { split: 'xor' }, A: { join: 'xor' } })),
    );
    const x = (id: string): number => layout.activities.find((a) => a.id === id)!.x;
    assert.ok(x('S') < x('A') && x('A') < x('B') && x('B') < x('C'));
    assert.deepEqual(
      layout.connectors.filter((c) => c.isBack).map((c) => c.id),
      ['B-A'],
    );
  });
});

describe('the picture of a flow', () => {
  it('is SVG text that says in words what it shows, whatever the names are', async () => {
    const svg = svgGraph(
      await compile({
        ...flowOf(
          'A -> B [x < 3 and y > "a"]',
          { title: 'Fish & <chips>' },
          { A: { name: '<script>alert(1)</script>' } },
        ),
      }),
    );
    assert.match(svg, /<title id="t">Fish &amp; &lt;chips&gt;<\/title>/);
    assert.match(svg, /<desc id="d">[^<]*leads to B if x &lt; 3/);
    assert.ok(!svg.includes('<script>'));
    assert.match(svg, /prefers-color-scheme: dark/);
  });
});

describe('the sequence diagram of a flow', () => {
  it('has a lifeline for everybody who is asked, and frames for choices, parallel branches and loops', async () => {
    const svg = svgSequence(
      await compile(
        flowOf(
          'A -> B [x]; A -> C [else]; B -> J; C -> J; J -> P; J -> Q; P -> K; Q -> K; K -> L',
          { roles: { boss: {} }, variables: { x: {} } },
          {
            A: { split: 'xor' },
            J: { join: 'xor' },
            Q: { type: 'user', role: 'boss', implementation: undefined },
            L: { loop: { kind: 'forEach', items: '3' } },
          },
        ),
      ),
    );
    const words = /<desc id="d">([^<]*)<\/desc>/.exec(svg)![1]!;
    assert.equal(
      words,
      'A: asks implementation do. alt  (x: B: asks implementation do. | else: C: asks implementation do.) J: asks implementation do. ' +
        'par  (P: asks implementation do. | Q: asks role boss.) K: asks implementation do. loop for each of 3 (L: asks implementation do.)',
    );
    assert.equal(svg.match(/class="head/g)!.length, 3);
  });

  it('can leave its style sheet to the page, for pages that allow none in the markup', async () => {
    const flow = await compile(flowOf('A -> B'));
    assert.match(svgSequence(flow), /<style>/);
    assert.doesNotMatch(svgSequence(flow, { unstyled: true }), /<style|style=/);
  });

  it('can be drawn for every pattern', async () => {
    for (const definition of patterns) assert.match(svgSequence(await compile(definition)), /<\/svg>$/);
  });
});
