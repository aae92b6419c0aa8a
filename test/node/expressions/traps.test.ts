// What the expression library does when nobody stops it, stopped; by the measured facts about JSONata 2.2.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import jsonata from 'jsonata';
import { compileExpression, FlowError, toFailure, type Json, type JsonObject } from '../../../src/index.js';
import { plainJson } from '../../../src/expressions/index.js';
import { flowOf, run } from '../flow-of.js';

const evaluate = async (source: string, input: JsonObject = {}): Promise<Json | undefined> =>
  compileExpression(source).evaluate(input, { now: 0 });
const isolated = async (source: string, input: JsonObject = {}): Promise<Json | undefined> =>
  compileExpression(source, { isolated: true }).evaluate(input, { now: 0 });
const codeOf = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    (value) => ({ value }),
    (error: unknown) => (error instanceof FlowError ? error.code : error),
  );

/** Backtracks for longer than anyone lives, in a way that its source does not show. */
const ENDLESS = '$match($pad("", 20000, "a"), /a*a*a*a*b/)';

describe('an expression that would run away', () => {
  it('in an endless recursion is stopped by the clock, and so is a deep one', async () => {
    assert.equal(await codeOf(evaluate('($f := function($x) { $f($x + 1) }; $f(0))')), 'FLOW-EXPRESSION-TIMEOUT');
    const deep = await codeOf(evaluate('($f := function($x) { 1 + $f($x + 1) }; $f(0))'));
    assert.match(String(deep), /^FLOW-EXPRESSION/);
    assert.equal(await evaluate('1 + 1'), 2);
  });

  it('by doubling a text, padding, making long ranges or nesting is refused', async () => {
    const doubling = '($d := function($s, $n) { $n = 0 ? $s : $d($s & $s, $n - 1) }; $d("xx", 26))';
    assert.match(String(await codeOf(evaluate(doubling))), /^FLOW-EXPRESSION/);
    assert.equal(await codeOf(evaluate('$pad("x", 300000000)')), 'FLOW-EXPRESSION-LIMIT');
    assert.equal(await codeOf(evaluate('$pad("x", -300000000)')), 'FLOW-EXPRESSION-LIMIT');
    assert.match(String(await codeOf(evaluate('[1..5000000]'))), /^FLOW-EXPRESSION/);
    const nesting = '($n := function($v, $i) { $i = 0 ? $v : $n([[$v]], $i - 1) }; $n(1, 300))';
    assert.equal(await codeOf(evaluate(nesting)), 'FLOW-EXPRESSION-LIMIT');
  });

  it('through $eval is refused, however it is reached', async () => {
    for (const source of ['$eval("1")', '["1"] ~> $map($eval)', '($e := $eval; $e("1"))', '"1" ~> $eval()'])
      assert.equal(await codeOf(evaluate(source)), 'FLOW-EXPRESSION', source);
  });

  it('through a regular expression that can read one text in very many ways is refused', async () => {
    for (const pattern of [
      '(a+)+$',
      '((a+))+$',
      '(a|aa)+$',
      '(a|a)*$',
      '(aa?)+$',
      '(?:a*)*b',
      '(?=(a|a)*$)b',
      '(A|a)*$/i',
    ])
      assert.equal(
        await codeOf(evaluate(`$match("${'a'.repeat(44)}!", /${pattern}${pattern.endsWith('/i') ? '' : '/'})`)),
        'FLOW-EXPRESSION-LIMIT',
        pattern,
      );
    for (const [pattern, text] of [
      ['^[0-9]{1,3}(,[0-9]{3})*$', '1,234,567'],
      ['^(\\w+,)*\\w+$', 'a,b,c'],
      ['^(Mon|Tue|Thu| )+$', 'Tue Thu'],
    ] as const)
      assert.equal(await evaluate(`$contains("${text}", /${pattern}/)`), true, pattern);
    assert.equal(
      await codeOf(evaluate('$contains(text, /x/)', { text: 'y'.repeat(1_100_000) })),
      'FLOW-EXPRESSION-LIMIT',
    );
  });

  it('that is nested thousands deep does not parse, instead of ending the program', async () => {
    for (const source of ['('.repeat(20_000) + '1' + ')'.repeat(20_000), '-'.repeat(50_000) + '1', '['.repeat(30_000)])
      assert.match(String(await codeOf(evaluate(source))), /^FLOW-E/);
  });
});

describe('an expression of a flow that nobody trusts', () => {
  it('gives the same values and errors as any other', async () => {
    assert.equal(await isolated('$sum([1..n])', { n: 10 }), 55);
    assert.equal(await isolated('missing ~> $uppercase()'), undefined);
    assert.equal(await isolated('$now()'), '1970-01-01T00:00:00.000Z');
    for (const source of ['$sum("x")', 'foo(', '$error("no")', '$eval("1")']) {
      const [here, there] = await Promise.allSettled([evaluate(source), isolated(source)]);
      assert.ok(here.status === 'rejected' && there.status === 'rejected', source);
      assert.deepEqual(toFailure(there.reason), toFailure(here.reason));
    }
  });

  it('is stopped also where nothing in it could stop it, and those behind it are answered', async () => {
    const [stopped, next] = await Promise.all([codeOf(isolated(ENDLESS)), isolated('$sum([1, 2])')]);
    assert.equal(stopped, 'FLOW-EXPRESSION-TIMEOUT');
    assert.equal(next, 3);
  });

  it('fails its activity while other instances go on', async () => {
    const evil = flowOf('A -> B', { untrusted: true }, { A: { output: { x: ENDLESS } } });
    const good = flowOf('A -> B', {}, { A: { output: { x: '$count([1..3])' } } });
    const [bad, fine] = await Promise.all([run(evil), run(good)]);
    assert.equal(bad.view.failure?.code, 'FLOW-EXPRESSION-TIMEOUT');
    assert.equal(fine.view.status, 'completed');
  });

  it('is not alone: the patterns of its schemas are regular expressions, too', async () => {
    const evil = flowOf('A', { untrusted: true, input: { text: { type: 'string', pattern: '^(a|a)*$' } } });
    assert.equal((await run(evil, { text: 'aaa' })).view.status, 'completed');
    await assert.rejects(run(evil, { text: 'b' }), { code: 'FLOW-INPUT' });
    await assert.rejects(run(evil, { text: `${'a'.repeat(60)}!` }), { code: 'FLOW-EXPRESSION-TIMEOUT' });
  });
});

describe('the result of an expression', () => {
  it('is plain: no marks and functions on arrays, no dates, no prototypes', async () => {
    const list = (await evaluate('[1..3].{"n": $}')) as object;
    assert.deepEqual(Object.getOwnPropertyNames(list), ['0', '1', '2', 'length']);
    assert.equal(await evaluate('$sum'), undefined);
    assert.deepEqual(await evaluate('{"f": $sum, "n": 1/3 > 0}'), { n: true });
    for (const source of [
      '{"__proto__": {"polluted": true}}',
      '$merge([{"a": 1}, {"__proto__": {"polluted": true}}])',
      '{"a": {"__proto__": 1}}',
    ])
      assert.match(String(await codeOf(evaluate(source))), /FLOW-EXPRESSION/, source);
    assert.equal(({} as { polluted?: boolean }).polluted, undefined);
    assert.doesNotThrow(() => structuredClone(list));
  });

  it('does not change what it was computed from', async () => {
    const input = { list: [3, 1, 2], order: { lines: [{ n: 1 }] } };
    const before = structuredClone(input);
    await evaluate('{"s": $sort(list), "t": order ~> |lines|{"n": 9}|, "a": $append(list, 4)}', input);
    assert.deepEqual(input, before);
  });

  it('of two evaluations at a time goes by its own time and data', async () => {
    const expression = compileExpression('[$now(), $millis(), n, $count([1..n])]');
    const results = await Promise.all([10, 20].map((n) => expression.evaluate({ n }, { now: n })));
    assert.deepEqual(results, [
      ['1970-01-01T00:00:00.010Z', 10, 10, 10],
      ['1970-01-01T00:00:00.020Z', 20, 20, 20],
    ]);
  });
});

describe('a function with a bound', () => {
  it('takes its arguments from the context, checks them and formats as the library does', async () => {
    for (const source of [
      '"x".$pad(3)',
      '$pad("x", -3, "")',
      '$pad("x", 5, "ab")',
      '$pad(3, 5)',
      '$pad("x", 2.7)',
      '$pad(missing, 5)',
      '["a", "b"].$pad(2, "-")',
      '$distinct(1)',
      '$distinct([1])',
      '$distinct([{"a": 1, "b": 2}, {"b": 2, "a": 1}, 1, "1", null, [1], [1]])',
      'list.n.$distinct($)',
      '$distinct(list.n)',
      '$distinct(list.m)',
      '$distinct()',
      '$millis(1)',
      '$random(1)',
      '$map([1, 2], $pad)',
    ]) {
      const input = {
        list: [
          { n: 1, m: 1 },
          { n: 2, m: 1 },
        ],
      };
      const ours = await evaluate(source, input).catch(
        (error: FlowError) => (error.details as { code?: string } | undefined)?.code ?? error,
      );
      const theirs = await jsonata(source)
        .evaluate(input)
        .then((value: unknown) => plainJson(value))
        .catch((error: { code: string }) => error.code);
      assert.deepEqual(ours, theirs, source);
    }
    assert.equal(await evaluate('$now("[Y0001]-[M01]")'), '1970-01');
    assert.equal(await evaluate('$now("[H01]:[m01]", "+0200")'), '02:00');
  });

  it('sorts and spreads long lists in good time, as the library does', async () => {
    const numbers = Array.from({ length: 700 }, (_, i) => (i * 7919) % 701);
    const objects = numbers.map((n): Json =>
      n % 3 === 0 ? {} : n % 5 === 0 ? [{ a: n }, { b: n, c: 1 }] : { n, m: n },
    );
    for (const source of [
      '$sort(numbers)',
      '$sort(numbers.$string())',
      '$spread(objects)',
      '$sort(objects)',
      '$spread(numbers)',
    ]) {
      const values = { numbers, objects };
      const [ours, theirs] = await Promise.allSettled([evaluate(source, values), jsonata(source).evaluate(values)]);
      assert.equal(ours.status, theirs.status, source);
      if (ours.status === 'fulfilled' && theirs.status === 'fulfilled')
        assert.deepEqual(ours.value, plainJson(theirs.value), source);
    }
    const long = Array.from({ length: 200_000 }, (_, i) => ({ n: (i * 7919) % 200_003 }));
    assert.equal(await evaluate('$sort(l)[0]', { l: long.map(({ n }) => n) }), 0);
    assert.equal(await evaluate('$count($spread(long))', { long }), 200_000);
  });

  it('finds the distinct values of long lists in linear time, and the same ones', async () => {
    const value: fc.Arbitrary<Json> = fc.oneof(
      fc.integer({ min: 0, max: 5 }),
      fc.constantFrom('0', '1', '{"a":1}', '', null, true, false),
      fc.array(fc.integer({ min: 0, max: 2 }), { maxLength: 2 }),
      fc.shuffledSubarray(['a', 'b', 'c']).map((keys) => Object.fromEntries(keys.map((k) => [k, 1]))),
    ) as fc.Arbitrary<Json>;
    const list = fc.array(value, { minLength: 501, maxLength: 700 });
    await fc.assert(
      fc.asyncProperty(list, async (values) => {
        for (const source of ['$distinct(values)', '$distinct(values.$)', '$distinct(values[$ = "1"])'])
          assert.deepEqual(
            await evaluate(source, { values }),
            plainJson(await jsonata(source).evaluate({ values })),
            source,
          );
      }),
      { numRuns: 10 },
    );
    const long = Array.from({ length: 90_000 }, (_, i) => ({ n: i }));
    assert.equal(await evaluate('$count($distinct(long))', { long }), 90_000);
  });
});
