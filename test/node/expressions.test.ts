import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { compileExpression, evaluateCondition, type JsonObject } from '../../src/index.js';

const evaluate = async (source: string, input: JsonObject = {}): Promise<unknown> =>
  compileExpression(source).evaluate(input, { now: 0 });

describe('expressions', () => {
  it('answer names and literals at once, without the library', () => {
    assert.equal(compileExpression('price').evaluate({ price: 3 }), 3);
    assert.deepEqual(compileExpression('list').evaluate({ list: [1] }), [1]);
    assert.equal(compileExpression("'a'").evaluate({}), 'a');
    assert.equal(compileExpression('missing').evaluate({}), undefined);
    assert.equal(compileExpression('constructor').evaluate({}), undefined);
  });

  it('give plain JSON: no functions, no marks on arrays, no prototypes', async () => {
    const list = (await evaluate('[1..3].{"n": $}')) as object;
    assert.deepEqual(Object.getOwnPropertyNames(list), ['0', '1', '2', 'length']);
    assert.equal(await evaluate('$sum'), undefined);
    await assert.rejects(evaluate('{"__proto__": {"polluted": true}}'), { code: /FLOW-EXPRESSION/ });
    assert.equal(({} as { polluted?: boolean }).polluted, undefined);
  });

  it('see the injected time only', async () => {
    assert.equal(await evaluate('$now()'), '1970-01-01T00:00:00.000Z');
    assert.equal(await evaluate('$millis()'), 0);
    assert.equal(await evaluate('$random()'), await evaluate('$random()'));
  });

  it('that never end are stopped, and the thread lives on', async () => {
    await assert.rejects(evaluate('($f := function($x) { $f($x + 1) }; $f(0))'), { code: 'FLOW-EXPRESSION-TIMEOUT' });
    assert.equal(await evaluate('1 + 1'), 2);
  });

  it('cannot eval, pad to gigabytes, or run regular expressions that explode', async () => {
    await assert.rejects(evaluate('$eval("1")'), { code: 'FLOW-EXPRESSION' });
    await assert.rejects(evaluate('$pad("x", 300000000)'), { code: 'FLOW-EXPRESSION-LIMIT' });
    await assert.rejects(evaluate('$match("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!", /(a+)+$/)'), {
      code: /FLOW-(EXPRESSION-LIMIT|E201)/,
    });
  });

  it('finds distinct values of long lists in linear time', async () => {
    assert.equal(
      await evaluate('$count($distinct(list))', { list: Array.from({ length: 50_000 }, (_, i) => i % 1000) }),
      1000,
    );
  });

  it('name expression and reason when they fail', async () => {
    await assert.rejects(evaluate('price * "x"', { price: 2 }), { code: 'FLOW-EXPRESSION', message: /price \* "x"/ });
  });

  it('two evaluations of one expression at a time do not disturb each other', async () => {
    const expression = compileExpression('$sum([1..n]) + n');
    const results = await Promise.all([10, 20, 30].map((n) => expression.evaluate({ n })));
    assert.deepEqual(results, [65, 230, 495]);
  });
});

describe('conditions', () => {
  it('true is live, false is dead, nothing is dead with a warning', async () => {
    assert.deepEqual(await evaluateCondition('a > 1', { a: 2 }), { live: true });
    assert.deepEqual(await evaluateCondition('a > 1', { a: 0 }), { live: false });
    const missing = await evaluateCondition('a > 1', {});
    assert.equal(missing.live, false);
    assert.match(missing.warning ?? '', /missing data/);
  });

  it('anything else is an error that names flow, connector, expression and value', async () => {
    await assert.rejects(async () => evaluateCondition('a', { a: 'yes' }, { flow: 'order', place: 'c1' }), {
      code: 'FLOW-CONDITION',
      message: /"a" of "c1" in flow "order" gave "yes"/,
    });
  });
});
