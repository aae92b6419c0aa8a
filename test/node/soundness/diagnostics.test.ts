import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, it } from 'node:test';
import {
  checkCalls,
  checkDefinition,
  compile,
  type ActivityDefinition,
  type Diagnostic,
  type FlowDefinition,
} from '../../../src/index.js';
import { flowOf, run } from '../flow-of.js';

const route: Partial<ActivityDefinition> = { type: 'route', implementation: undefined };
const choice = 'A -> B [x]; A -> C [else]; B -> J; C -> J; J -> K';
const fork = 'A -> B; A -> C; B -> J; C -> J; J -> K';

async function find(code: string, flow: FlowDefinition): Promise<Diagnostic> {
  const found = await checkDefinition(flow);
  const one = found.find((d) => d.code === code);
  assert.ok(one, `${code} is not among ${JSON.stringify(found, null, 1)}`);
  return one;
}

async function codes(flow: FlowDefinition): Promise<string[]> {
  return (await checkDefinition(flow)).map((d) => d.code).filter((c) => !c.startsWith('FLOW-W2'));
}

describe('soundness diagnostics', () => {
  it('E301: an exclusive split into a parallel join, with the way there and what to do', async () => {
    const found = await find('FLOW-E301', flowOf(choice, {}, { A: { split: 'xor' }, J: { join: 'and' } }));
    assert.equal(found.ids[0], 'J');
    assert.ok(found.ids.includes('A') && found.ids.includes('B-J'));
    assert.deepEqual(found.path?.slice(0, 1), ['A']);
    assert.equal(found.path?.at(-1), 'J');
    assert.match(found.suggestion ?? '', /"join": "or"/);
    await assert.rejects(compile(flowOf(choice, {}, { A: { split: 'xor' }, J: { join: 'and' } })), /FLOW-E301/);
  });

  it('E301: a condition that stands alone may end its path, and a parallel join behind it would wait', async () => {
    const lone = 'A -> B; A -> C; B -> J [x]; C -> J; J -> K';
    const found = await find('FLOW-E301', flowOf(lone, {}, { J: { join: 'and' } }));
    assert.ok(found.ids.includes('J') && found.ids.includes('B-J'));
    assert.equal(found.severity, 'warning');
    assert.deepEqual(await codes(flowOf(lone)), []);
    assert.deepEqual(await codes(flowOf(lone.replace('[x]', '[true]'), {}, { J: { join: 'and' } })), []);
    // Where nothing is true this one fails, so nobody waits.
    assert.deepEqual(await codes(flowOf(lone, {}, { B: { ...route, noneTrue: 'fail' }, J: { join: 'and' } })), []);
  });

  it('many conditions that stand alone on parallel paths are decided', async () => {
    const ends = Array.from({ length: 40 }, (_, i) => `A -> D${i}; D${i} -> E${i} [x]; A -> F${i}; F${i} -> J [x]`);
    assert.deepEqual(await codes(flowOf(ends.join(';') + '; J -> K')), []);
  });

  it('E301: inclusive joins that wait for each other', async () => {
    const flow = flowOf(
      'S -> P; S -> Q; P -> A; Q -> B; A -> X; B -> Y; X -> B; X -> Z [else]; Y -> A; Y -> W [else]',
      {},
      {
        X: { split: 'and' },
        Y: { split: 'and' },
      },
    );
    assert.ok((await codes(flow)).some((c) => /E30[136]/.test(c)));
  });

  it('E108: a partial join that wants more connectors than enter it', async () => {
    const found = await find('FLOW-E108', flowOf(fork, {}, { A: { split: 'and' }, J: { join: { n: 3 } } }));
    assert.match(found.message, /"J" waits for 3 connectors, and only 2 enter it/);
    assert.deepEqual(await codes(flowOf(fork, {}, { A: { split: 'and' }, J: { join: { n: 2 } } })), []);
  });

  it('E302: a parallel split into an exclusive join; the flow runs, and may say that it is meant', async () => {
    const flow = flowOf(fork, {}, { J: { join: 'xor' } });
    const found = await find('FLOW-E302', flow);
    assert.equal(found.ids[0], 'J');
    assert.equal((await run(flow)).trace.filter((id) => id === 'K').length, 2);
    assert.deepEqual(await codes(flowOf(fork, {}, { J: { join: 'xor', multiMerge: true } })), []);
  });

  it('E302: an inclusive join in a loop that does not wait for a branch which could come round the loop as well', async () => {
    const flow = flowOf(
      'F -> A; F -> C; C -> M; M -> N; N -> C [again]; N -> E [else]; A -> E [x]; A -> N [y]; A -> M [else]',
      {},
      { F: { split: 'and' }, A: { split: 'xor' }, C: { join: 'xor' }, N: { split: 'xor' } },
    );
    const found = await find('FLOW-E302', flow);
    assert.equal(found.ids[0], 'E');
  });

  it('E303: a connector that goes back from a parallel branch', async () => {
    const found = await find(
      'FLOW-E303',
      flowOf(
        'S -> A; A -> B; A -> C; B -> J; C -> J; C -> A [again]',
        {},
        { A: { split: 'and', join: 'xor' }, J: { join: 'or' } },
      ),
    );
    assert.ok(found.path!.length > 1);
  });

  it('E304: a loop that nothing leaves', async () => {
    const found = await find('FLOW-E304', flowOf('S -> E [x]; S -> A [y]; A -> B; B -> A'));
    assert.deepEqual([...found.ids].sort(), ['A', 'B']);
  });

  it('E305: a loop in which nothing is done', async () => {
    const found = await find(
      'FLOW-E305',
      flowOf('S -> A; A -> B; B -> A [x]; B -> E [else]', {}, { A: route, B: { ...route, split: 'xor' } }),
    );
    assert.deepEqual([...found.ids].sort(), ['A', 'B']);
  });

  it('E306: a cycle with parallel branches that is entered at two places', async () => {
    await find(
      'FLOW-E306',
      flowOf(
        'S -> A; S -> B; A -> B; B -> C; C -> A; C -> D; D -> E',
        {},
        { S: { split: 'xor' }, A: { join: 'xor' }, B: { join: 'xor' }, C: { split: 'and' } },
      ),
    );
  });

  it('W330: what has too many states is left open, in reasonable time', async () => {
    const many = Array.from({ length: 18 }, (_, i) => i);
    const flow = flowOf(
      [
        ...many.map((i) => `S -> g${i}; g${i} -> a${i} [v${i}]; g${i} -> b${i} [else]; a${i} -> c${i}; b${i} -> d${i}`),
        ...many.map((i) => `c${i} -> J; d${(i + 1) % many.length} -> J`),
      ].join('\n'),
      {},
      Object.fromEntries(many.map((i) => [`g${i}`, { split: 'xor' as const }])),
    );
    const found = await checkDefinition({
      ...flow,
      activities: flow.activities.map((a) => (a.id === 'J' ? { ...a, join: { n: 3 } } : a)),
    });
    assert.ok(
      found.some((d) => d.code === 'FLOW-W330'),
      JSON.stringify(found.map((d) => d.code)),
    );
  });

  it('is content with structured flows, loops, ends on several branches, boundary events and optional branches', async () => {
    for (const [graph, activities] of [
      [choice, { A: { split: 'xor' } }],
      [choice, { A: { split: 'xor' }, J: { join: 'xor' } }],
      [fork, {}],
      [fork, { J: { join: 'and' } }],
      ['A -> B [x]; A -> C [y]; A -> D [else]; B -> J; C -> J; D -> J', {}],
      ['A -> B; B -> A [again]; B -> C [else]', { B: { split: 'xor' }, A: { join: 'xor' } }],
      ['S -> A -> B; B -> A [again]; B -> C [else]', { B: { split: 'xor' } }],
      ['A -> B; A -> C; B -> D; C -> E', {}],
      ['A -> B; A.late -> C; B -> J; C -> J', { A: { boundary: [{ id: 'late', event: 'timer', after: 'PT1H' }] } }],
      [
        'A -> B; A.late -> C',
        { A: { boundary: [{ id: 'late', event: 'timer', after: 'PT1H', interrupting: false }] } },
      ],
      ['A -> B; A -> C; A -> D; B -> J; C -> J; D -> J; J -> K', { J: { join: { n: 2 } } }],
      ['A -> B; A -> C; A -> D; B -> J; C -> J; D -> J; J -> K', { J: { join: { n: 2, cancelRemaining: true } } }],
    ] as [string, Record<string, Partial<ActivityDefinition>>][]) {
      const found = (await codes(flowOf(graph, {}, activities))).filter((c) => c !== 'FLOW-E103');
      assert.deepEqual(found, [], graph);
    }
  });
});

describe('diagnostics of spheres and writes', () => {
  it('E402: a member of a compensation sphere that nothing undoes', async () => {
    const flow = flowOf(
      'A -> B',
      { spheres: [{ id: 's', kind: 'compensation', activities: ['A', 'B'] }] },
      { A: { compensation: 'unA' }, unA: {} },
    );
    assert.deepEqual((await find('FLOW-E402', flow)).ids, ['B', 's']);
    assert.equal((await run(flow)).view.status, 'completed');
  });

  it('E403: a member of an atomic sphere that cannot be rolled back', async () => {
    const flow = flowOf(
      'A -> U',
      { roles: { r: {} }, spheres: [{ id: 's', kind: 'atomic', activities: ['A', 'U'] }] },
      { U: { type: 'user', role: 'r', implementation: undefined } },
    );
    assert.deepEqual((await find('FLOW-E403', flow)).ids, ['U', 's']);
  });

  it('W501: parallel branches that write one variable, not those that follow or exclude each other', async () => {
    const writes = { output: { v: '1' } };
    const variables = { v: {}, x: { initial: true } };
    const found = await find('FLOW-W501', flowOf(fork, { variables }, { B: writes, C: writes }));
    assert.deepEqual([...found.ids].sort(), ['B', 'C']);
    for (const [graph, activities] of [
      [choice, { A: { split: 'xor' }, B: writes, C: writes }],
      [choice, { B: writes, C: writes }],
      [fork, { A: writes, B: writes, K: writes }],
    ] as [string, Record<string, Partial<ActivityDefinition>>][])
      assert.deepEqual(await codes(flowOf(graph, { variables }, activities)), [], graph);
  });
});

describe('diagnostics of calls', () => {
  const calls = (flow: string): Partial<ActivityDefinition> => ({
    type: 'call',
    calls: flow,
    implementation: undefined,
  });
  const wait: Partial<ActivityDefinition> = { type: 'wait', after: 'P1D', implementation: undefined };

  it('E107: a flow whose every run calls it again', async () => {
    assert.deepEqual((await find('FLOW-E107', flowOf('A -> C', {}, { C: calls('test') }))).ids, ['C']);
    // On all ways, behind a decision.
    await find('FLOW-E107', flowOf('A -> B [x]; A -> C [else]; B -> D; C -> D; D -> E', {}, { D: calls('test') }));
    for (const [graph, activities] of [
      ['A -> C [n > 0]; A -> E [else]', { C: calls('test') }],
      ['A -> C', { A: wait, C: calls('test') }],
      ['A -> C', { C: { ...calls('test'), loop: { kind: 'forEach', items: 'children' } } }],
      ['A -> C', { C: calls('other') }],
    ] as [string, Record<string, Partial<ActivityDefinition>>][])
      assert.deepEqual(
        (await codes(flowOf(graph, {}, activities))).filter((c) => c === 'FLOW-E107'),
        [],
        graph,
      );
  });

  it('E107: flows that call each other in a circle, with the way around', async () => {
    const a = await compile(flowOf('A -> B', { flow: 'a' }, { B: calls('b') }));
    const b = await compile(flowOf('C', { flow: 'b' }, { C: calls('a') }));
    const late = await compile(flowOf('W -> C', { flow: 'b' }, { W: wait, C: calls('a') }));
    const [found] = checkCalls(a, [b]);
    assert.deepEqual([found?.code, found?.ids, found?.path], ['FLOW-E107', ['B'], ['B', 'C']]);
    assert.match(found!.message, /a → b → a/);
    assert.deepEqual(checkCalls(a, [late]), []);
  });
});

describe('the page of diagnostics', () => {
  const root = resolve(import.meta.dirname, '../../..');
  it('has a section for every code that the compiler can give, and no other', () => {
    const folder = join(root, 'src');
    const sources = readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter((f) => /^(compiler|model)[\\/].*\.ts$/.test(f))
      .map((f) => readFileSync(join(folder, f), 'utf8'));
    const given = new Set(
      sources.flatMap((s) => [...s.matchAll(/['"](?:FLOW-)?([EW]\d{3})['"]/g)].map((m) => `FLOW-${m[1]}`)),
    );
    const page = readFileSync(join(root, 'docs/diagnostics.md'), 'utf8');
    const sections = new Set([...page.matchAll(/^### (FLOW-[EW]\d{3})$/gm)].map((m) => m[1]!));
    assert.deepEqual([...sections].sort(), [...given].sort());
  });
});
