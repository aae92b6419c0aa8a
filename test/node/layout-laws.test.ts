import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { compile } from '../../src/index.js';
import { layOutFlow } from '../../src/inspect/index.js';
import { blockFlow } from './block-flows.js';
import { crossingsIn, overlapsIn, straysIn } from './picture-geometry.js';

/** How many flows; more with `MILLRACE_GRAPHS`. */
const numRuns = Number(process.env['MILLRACE_GRAPHS'] ?? 200);

describe('the picture of a flow of blocks, loops and subflows', () => {
  it('has no connectors that cross, no boxes on each other, and no connector through a box', async () => {
    await fc.assert(
      fc.asyncProperty(blockFlow, async (definition) => {
        const { plan } = await compile(definition);
        const layout = layOutFlow({ plan });
        assert.deepEqual(overlapsIn(plan, layout), [], 'boxes on each other');
        assert.deepEqual(crossingsIn(plan, layout), [], 'connectors that cross');
        assert.deepEqual(straysIn(plan, layout), [], 'connectors where they do not belong');
      }),
      { numRuns },
    );
  });
});
