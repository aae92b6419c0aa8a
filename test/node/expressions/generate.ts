// Random JSONata expressions of the subset, valid and not, and data for them. Names are few, so that they often meet.
import fc from 'fast-check';
import type { Json, JsonObject } from '../../../src/index.js';

const NAMES = ['a', 'b', 'c', 'list', 'name', 'order', 'n', 'missing'];

const scalar: fc.Arbitrary<Json> = fc.oneof(
  { weight: 4, arbitrary: fc.integer({ min: -3, max: 12 }) },
  { weight: 2, arbitrary: fc.constantFrom(0.1, 0.25, 2.5, -1.5, 1e21, 1e-7, 0.30000000000000004, 1234567.891) },
  {
    weight: 4,
    arbitrary: fc.constantFrom('', 'a', 'b', 'abc', 'A b', ' x  y ', '12', '-1.5e2', 'ä😀z', 'a,b,c', '0x1F'),
  },
  { weight: 2, arbitrary: fc.boolean() },
  { weight: 1, arbitrary: fc.constant(null) },
);

const { value } = fc.letrec<{ value: Json; object: JsonObject; list: Json[] }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 3, withCrossShrink: true },
    { weight: 5, arbitrary: scalar },
    { weight: 3, arbitrary: tie('object') },
    { weight: 3, arbitrary: tie('list') },
  ),
  object: fc.dictionary(fc.constantFrom(...NAMES.slice(0, -1)), tie('value'), {
    maxKeys: 4,
  }) as fc.Arbitrary<JsonObject>,
  list: fc.array(tie('value'), { maxLength: 4 }),
}));

const pool = fc.dictionary(fc.constantFrom(...NAMES.slice(0, -1)), value, { maxKeys: 7 }) as fc.Arbitrary<JsonObject>;
/** A flow evaluates over its pool, an object; who calls the evaluator directly may give it anything. */
export const input = fc.oneof(
  { weight: 5, arbitrary: pool },
  { weight: 1, arbitrary: value as fc.Arbitrary<JsonObject> },
);
export const output: fc.Arbitrary<Json> = value;

const UNARY = [
  ...['sum', 'count', 'max', 'min', 'average', 'string', 'uppercase', 'lowercase', 'length', 'trim', 'number', 'abs'],
  ...['floor', 'ceil', 'sqrt', 'round', 'boolean', 'not', 'exists', 'type', 'reverse', 'keys', 'merge', 'join'],
];
const BINARY = [
  ...[
    'contains',
    'substring',
    'substringBefore',
    'substringAfter',
    'split',
    'join',
    'round',
    'power',
    'append',
    'lookup',
  ],
];
const OPERATORS = ['+', '-', '*', '/', '%', '&', '=', '!=', '<', '<=', '>', '>=', 'in', 'and', 'or', '??', '?:'];
const LITERALS = ['0', '1', '2', '-1', '2.5', '1e3', '"a"', "'abc'", '""', '"A b"', '","', 'true', 'false', 'null'];

const space = fc.constantFrom('', '', '', ' ', '\n', ' \t');

export const source: fc.Arbitrary<string> = fc.letrec<Record<'any' | 'path' | 'step' | 'call' | 'made', string>>(
  (tie) => {
    const any = tie('any');
    const join = (...parts: (string | fc.Arbitrary<string>)[]): fc.Arbitrary<string> =>
      fc.tuple(...parts.map((p) => (typeof p === 'string' ? fc.constant(p) : p))).map((all) => all.join(''));
    const list = (item: fc.Arbitrary<string>, maxLength: number): fc.Arbitrary<string> =>
      fc.array(item, { maxLength }).map((all) => all.join(','));
    const name = fc.constantFrom(...NAMES, '`name`');
    const predicate = fc.oneof(
      { weight: 3, arbitrary: fc.constant('') },
      { weight: 1, arbitrary: join('[', fc.constantFrom('0', '1', '-1', '2.5'), ']') },
      { weight: 2, arbitrary: join('[', any, ']') },
    );
    return {
      any: fc.oneof(
        { maxDepth: 4, withCrossShrink: true },
        { weight: 4, arbitrary: name },
        { weight: 3, arbitrary: fc.constantFrom(...LITERALS) },
        { weight: 5, arbitrary: tie('path') },
        {
          weight: 5,
          arbitrary: join(
            any,
            space,
            fc.constantFrom(...OPERATORS).map((o) => ` ${o} `),
            space,
            any,
          ),
        },
        { weight: 2, arbitrary: join('(', space, any, ')', predicate) },
        { weight: 4, arbitrary: tie('call') },
        { weight: 3, arbitrary: tie('made') },
        { weight: 2, arbitrary: join(any, ' ? ', any, fc.constantFrom(' : ', ' :'), any) },
        { weight: 1, arbitrary: join('-', any) },
        { weight: 1, arbitrary: fc.constantFrom('$', '$$', '$output', '$.a', '$$.list', '$output.a', '$now()') },
      ),
      path: join(tie('step'), '.', tie('step'), fc.oneof(fc.constant(''), join('.', tie('step')))),
      step: fc.oneof(
        { weight: 8, arbitrary: join(name, predicate) },
        { weight: 1, arbitrary: join('(', any, ')', predicate) },
        { weight: 1, arbitrary: join(tie('made'), predicate) },
        { weight: 1, arbitrary: join(tie('call'), predicate) },
        { weight: 1, arbitrary: fc.constantFrom('$', '"a"', '$output') },
      ),
      call: fc.oneof(
        join('$', fc.constantFrom(...UNARY), '(', fc.oneof({ weight: 9, arbitrary: any }, fc.constant('')), ')'),
        join('$', fc.constantFrom(...BINARY), '(', any, ',', any, ')'),
        join('$', fc.constantFrom('substring', 'split'), '(', any, ',', any, ',', any, ')'),
      ),
      made: fc.oneof(
        join('[', list(any, 3), ']'),
        join('{', list(join(fc.oneof(fc.constantFrom('"a"', '"b"', "'c'"), any), ':', space, any), 3), '}'),
      ),
    };
  },
).any;
