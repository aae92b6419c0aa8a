// The small shape check must refuse exactly what a full JSON Schema validator refuses.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { flowSchema, validateDefinition, validateValue } from '../../src/index.js';

const whole = {
  flow: 'order',
  version: '1.0.0',
  kind: 'process',
  input: { id: { type: 'string' } },
  output: { total: 'total' },
  variables: {
    total: { schema: { type: 'number' }, initial: 0, indexed: true },
    list: { initial: [] },
    to: { indexed: ['id'] },
  },
  activities: [
    {
      id: 'A',
      type: 'service',
      implementation: { ref: 'http', arguments: { url: "'/a'" }, onResume: 'once' },
      split: 'or',
      join: { n: 2, cancelRemaining: true },
      timeout: 'PT1S',
      retry: { maxAttempts: 3, backoff: 'PT1S', factor: 2, on: ['Http'] },
      loop: { kind: 'until', condition: 'done', max: 5 },
      boundary: [
        { id: 'late', event: 'timer', after: 'P2D' },
        { id: 'told', event: 'message', message: { name: 'm', broadcast: true } },
        { id: 'true', event: 'condition', condition: 'x' },
      ],
    },
    { id: 'B', type: 'user', role: 'sales', form: { type: 'object' }, loop: { kind: 'forEach', items: 'list' } },
    { id: 'C', type: 'route', throw: { event: 'error', code: 'X' } },
  ],
  connectors: [{ id: 'c1', from: 'A', to: 'B', condition: 'a', default: false }],
  subflows: { S: { activities: ['B'], trigger: { id: 't', event: 'error' } } },
  spheres: [{ id: 'p', kind: 'compensation', activities: ['A'], on: ['error'] }],
  roles: { sales: { description: 'sells' } },
  layout: {},
};

/** Every path to a member or item of `value`. */
function paths(value: unknown, path: readonly (string | number)[] = []): (readonly (string | number)[])[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, member]) => {
    const here = [...path, Array.isArray(value) ? Number(key) : key];
    return [here, ...paths(member, here)];
  });
}

const change = fc.record({
  path: fc.constantFrom(...paths(whole)),
  how: fc.oneof(
    fc.constant({ what: 'remove' as const }),
    fc.record({ what: fc.constant('rename' as const), key: fc.constantFrom('x', 'constructor', 'id', 'event') }),
    fc.record({
      what: fc.constant('replace' as const),
      value: fc.oneof(
        fc.constantFrom('', 'x', 'a b', 'timer', 'message', 'error', 'forEach', 'while', 'and', 'PT1S'),
        fc.constantFrom(null, true, 0, -1, 1, 1.5, [], {}, ['A'], [''], { n: 1 }, { name: 'm' }),
        fc.string({ maxLength: 250 }),
      ),
    }),
  ),
});

function mutated(changes: readonly (typeof change extends fc.Arbitrary<infer T> ? T : never)[]): unknown {
  const copy = structuredClone(whole) as unknown;
  for (const { path, how } of changes) {
    const parent = path.slice(0, -1).reduce<unknown>((at, key) => (at as Record<string, unknown>)?.[key], copy);
    if (typeof parent !== 'object' || parent === null) continue;
    const owner = parent as { [key: string | number]: unknown };
    const key = path.at(-1)!;
    if (how.what === 'replace') owner[key] = structuredClone(how.value);
    else if (Array.isArray(owner)) owner.splice(Number(key), 1);
    else {
      const value = owner[key];
      delete owner[key];
      if (how.what === 'rename') Object.assign(owner, { [how.key]: value });
    }
  }
  return JSON.parse(JSON.stringify(copy)) as unknown;
}

describe('the shape of a definition', () => {
  it('a definition with every kind of member is accepted', () => {
    assert.deepEqual(validateDefinition(whole).diagnostics, []);
  });

  it('is refused exactly where a full JSON Schema validator refuses it', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(change, { minLength: 1, maxLength: 3 }), async (changes) => {
        const data = mutated(changes);
        const full = await validateValue(flowSchema, data);
        const { diagnostics } = validateDefinition(data);
        assert.equal(diagnostics.length > 0, full.length > 0, JSON.stringify({ full, diagnostics }, null, 1));
      }),
      { numRuns: 2000 },
    );
  });

  it('a fault names the path, what was expected and what was found', () => {
    const [fault] = validateDefinition({ ...whole, kind: 'macroflow' }).diagnostics;
    assert.equal(fault?.message, 'At kind: expected one of microflow, process; found "macroflow".');
  });
});
