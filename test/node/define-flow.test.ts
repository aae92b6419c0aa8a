import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, it } from 'node:test';
import { compile, defineFlow, type ActivityOf, type InputOf, type OutputOf, type VariableOf } from '../../src/index.js';
import { completedIn, runFlow } from '../../src/testing/index.js';

const loan = defineFlow({
  flow: 'loan',
  kind: 'process',
  input: { amount: { type: 'number' }, tags: { type: 'array', items: { type: 'string' } } },
  variables: { ok: { initial: false }, score: {} },
  roles: { boss: {} },
  output: { decision: 'ok' },
  activities: {
    score: { type: 'service', implementation: { ref: 'score' }, output: { score: '$output' } },
    approve: {
      type: 'user',
      role: 'boss',
      output: { ok: '$output.ok' },
      boundary: [{ id: 'late', event: 'timer', after: 'P2D' }],
    },
    pay: { type: 'service', implementation: { ref: 'pay' }, sameAs: 'approve' },
    close: { type: 'route' },
  },
  connect: [
    ['score', 'approve'],
    ['approve', 'pay', 'ok'],
    ['approve', 'close', 'else'],
    ['approve.late', 'close'],
    ['pay', 'close'],
  ],
});

/** Types are equal. */
type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
const yes = <T extends true>(): T | undefined => undefined;

describe('defineFlow', () => {
  it('gives the same JSON that one writes by hand, and it runs', async () => {
    assert.deepEqual(loan.connectors?.slice(1, 4), [
      { id: 'approve-pay', from: 'approve', to: 'pay', condition: 'ok' },
      { id: 'approve-close', from: 'approve', to: 'close', default: true },
      { id: 'approve.late-close', from: 'approve.late', to: 'close' },
    ]);
    await compile(loan);
    const input: InputOf<typeof loan> = { amount: 5 };
    const { trace, output } = await runFlow(loan, {
      input,
      stub: true,
      scenario: [{ complete: 'approve', output: { ok: true } }],
    });
    assert.deepEqual(completedIn(trace), ['score', 'approve', 'pay', 'close']);
    assert.deepEqual(output, { decision: true });
  });

  it('and the examples of docs/flow-language.md say what compiles', async () => {
    const page = readFileSync(resolve(import.meta.dirname, '../../docs/flow-language.md'), 'utf8');
    const [, json] = /```json\n([^]*?)```/.exec(page)!;
    assert.deepEqual((await compile(JSON.parse(json!))).diagnostics, []);
  });

  it('knows the types of the data and the names', () => {
    yes<Same<InputOf<typeof loan>['amount'], number | undefined>>();
    yes<Same<InputOf<typeof loan>['tags'], readonly string[] | undefined>>();
    yes<Same<keyof OutputOf<typeof loan>, 'decision'>>();
    yes<Same<VariableOf<typeof loan>, 'ok' | 'score' | 'amount' | 'tags'>>();
    yes<Same<ActivityOf<typeof loan>, 'score' | 'approve' | 'pay' | 'close'>>();
  });

  it('refuses misspelt names before anything runs', () => {
    const bare = { flow: 'f', kind: 'process', variables: { x: {} }, roles: { r: {} } } as const;
    defineFlow({
      ...bare,
      activities: { a: { type: 'route' }, b: { type: 'route' } },
      // @ts-expect-error: there is no activity "c"
      connect: [['a', 'c']],
    });
    // @ts-expect-error: there is no variable "y"
    defineFlow({ ...bare, activities: { a: { type: 'script', output: { y: '1' } } } });
    // @ts-expect-error: there is no role "s"
    defineFlow({ ...bare, activities: { a: { type: 'user', role: 's' } } });
    // @ts-expect-error: there is no activity "unA"
    defineFlow({ ...bare, activities: { a: { type: 'service', compensation: 'unA' } } });
    defineFlow({
      ...bare,
      activities: { a: { type: 'user', role: 'r', boundary: [{ id: 'late', event: 'timer', after: 'P1D' }] } },
      // @ts-expect-error: the boundary event is called "late"
      connect: [['a.early', 'a']],
    });
  });
});
