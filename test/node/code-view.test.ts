import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { compile, type FlowDefinition } from '../../src/index.js';
import { builderCode, pseudoCode, readBuilderCode } from '../../src/inspect/index.js';
import { flowOf } from './flow-of.js';

const folder = resolve(import.meta.dirname, '../../patterns');
const patterns = readdirSync(folder).map((f) => JSON.parse(readFileSync(join(folder, f), 'utf8')) as FlowDefinition);

const order = flowOf(
  'Pay -> Ship [sum > 10]; Pay -> Drop [else]',
  {
    flow: 'web-order',
    input: { sum: { type: 'number' } },
    variables: { paid: { initial: false } },
    output: { ok: 'paid' },
  },
  {
    Pay: {
      split: 'xor',
      name: "The customer's money",
      implementation: { ref: 'pay', arguments: { amount: 'sum' } },
      output: { paid: 'true' },
    },
  },
);

describe('a flow as TypeScript', () => {
  it('reads as one would write it', () => {
    const code = builderCode(order);
    assert.match(code, /^import \{ defineFlow \} from 'millrace';/);
    assert.match(code, /export const webOrder = defineFlow\(\{/);
    assert.match(code, /\['Pay', 'Ship', 'sum > 10'\],\n/);
    assert.match(code, /\['Pay', 'Drop', 'else'\],\n/);
    assert.match(code, /name: "The customer's money"/);
  });

  it('gives the same flow when it is read back: every pattern', () => {
    for (const definition of [...patterns, order])
      assert.deepEqual(readBuilderCode(builderCode(definition)), definition, definition.flow);
  });

  it('gives the same flow when it is read back: any texts', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.jsonValue(), (text, value) => {
        const definition = {
          ...order,
          title: text,
          variables: { paid: { initial: value as never } },
          activities: order.activities.map((a) => ({ ...a, name: `${text}'"\n` })),
        };
        const same = JSON.parse(JSON.stringify(definition)) as FlowDefinition;
        assert.deepEqual(readBuilderCode(builderCode(same)), same);
      }),
    );
  });

  it('can have comments and trailing commas, and is never executed', () => {
    const read = readBuilderCode(`// A flow.
      export const f = defineFlow({
        flow: 'f', /* in the page */ kind: 'microflow',
        activities: { A: { type: 'script' }, },
        connect: [],
      });`);
    assert.deepEqual(read, { flow: 'f', kind: 'microflow', activities: [{ id: 'A', type: 'script' }], connectors: [] });
    const bad =
      (code: string): (() => unknown) =>
      () =>
        readBuilderCode(code);
    assert.throws(bad('defineFlow({ flow: name() })'), {
      code: 'FLOW-CODE',
      message: /^Line 1, column 20: .*not executed/,
    });
    assert.throws(bad('defineFlow({ flow: "a"\n kind: 1 })'), {
      code: 'FLOW-CODE',
      message: /^Line 2, column 2: "," or "}"/,
    });
    assert.throws(bad('hello'), { code: 'FLOW-CODE', message: /neither/ });
    assert.throws(bad('defineFlow({ flow: "a" })'), { code: 'FLOW-CODE', message: /"activities" is missing/ });
    assert.throws(bad('x = { flow: "a" }; alert(1)'), { code: 'FLOW-CODE', message: /more code after it/ });
  });
});

describe('a flow as pseudo-code', () => {
  it('tells choices, calls and assignments', async () => {
    assert.equal(
      pseudoCode(await compile(order)),
      [
        'process web-order(number sum) {',
        '    var paid = false;',
        "    pay(amount: sum); { paid = true } // The customer's money",
        '    if sum > 10 {',
        '        do(); // Ship',
        '    }',
        '    else {',
        '        do(); // Drop',
        '    }',
        '    return { ok: paid };',
        '}',
      ].join('\n'),
    );
  });

  it('can be told of every pattern', async () => {
    for (const definition of patterns) assert.match(pseudoCode(await compile(definition)), /\n\}$/);
  });
});
