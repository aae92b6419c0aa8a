import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { checkDefinition, compile, type Diagnostic, type FlowKind, type JsonSchema } from '../../src/index.js';
import { flowOf } from './flow-of.js';

async function only(definition: unknown): Promise<Diagnostic> {
  const found = await checkDefinition(definition);
  assert.equal(found.length, 1, JSON.stringify(found, null, 1));
  return found[0]!;
}

describe('diagnostics', () => {
  it('E100: what is no definition at all says which path is wrong', async () => {
    assert.equal((await only(null)).code, 'FLOW-E100');
    assert.match((await only({ ...flowOf('A -> B'), kind: 'macroflow' })).message, /At kind/);
    assert.equal(
      (await only(JSON.parse('{"flow":"x","kind":"process","activities":[],"__proto__":{}}'))).code,
      'FLOW-E100',
    );
  });

  it('E100: a misspelt key says which one was meant, and in which activity', async () => {
    const found = await only(flowOf('A -> B', {}, { A: { timeuot: 'PT1S' } as object }));
    assert.equal(found.ids[0], 'A');
    assert.match(found.suggestion ?? '', /"timeout"/);
  });

  it('E101: an id used twice', async () => {
    const flow = flowOf('A -> B');
    const twice = { ...flow, activities: [...flow.activities, { ...flow.activities[0]!, type: 'route' as const }] };
    assert.ok((await checkDefinition(twice)).some((d) => d.code === 'FLOW-E101' && d.ids[0] === 'A'));
  });

  it('E102: a connector to nowhere says which activity was meant', async () => {
    const flow = flowOf('Approve -> Pay');
    const found = await only({ ...flow, connectors: [...flow.connectors!, { id: 'c9', from: 'Approve', to: 'Pya' }] });
    assert.equal(found.code, 'FLOW-E102');
    assert.deepEqual(found.ids, ['c9']);
    assert.match(found.suggestion ?? '', /"Pay"/);
  });

  it('E103: a flow without a start', async () => {
    assert.equal((await only(flowOf('A -> B; B -> A'))).code, 'FLOW-E103');
  });

  it('E104: activities that nothing leads to', async () => {
    const found = await checkDefinition(flowOf('S -> E; A -> B; B -> A; A -> E'));
    assert.deepEqual(
      found.map((d) => [d.code, d.ids[0]]),
      [
        ['FLOW-E104', 'A'],
        ['FLOW-E104', 'B'],
      ],
    );
  });

  it('E105: activities from which no end can be reached', async () => {
    const found = await checkDefinition(flowOf('S -> E [x]; S -> A [y]; A -> B; B -> A'));
    assert.deepEqual(
      found.map((d) => [d.code, d.ids[0]]),
      [
        ['FLOW-E105', 'A'],
        ['FLOW-E105', 'B'],
        ['FLOW-E304', 'A'],
      ],
    );
  });

  it('E106: a subflow that lies in itself, alone or through another', async () => {
    const inItself = { ...flowOf('A -> B'), subflows: { S: { activities: ['B', 'S'] } } };
    assert.deepEqual([(await only(inItself)).code, (await only(inItself)).ids], ['FLOW-E106', ['S']]);
    const through = { ...flowOf('A -> B'), subflows: { S: { activities: ['B', 'T'] }, T: { activities: ['S'] } } };
    assert.deepEqual(
      (await checkDefinition(through)).map((d) => [d.code, d.ids[0]]),
      [
        ['FLOW-E106', 'S'],
        ['FLOW-E106', 'T'],
      ],
    );
  });

  it('E201: an expression that does not parse gives its position', async () => {
    const found = await only(flowOf('A -> B [price > > 3]'));
    assert.equal(found.code, 'FLOW-E201');
    assert.equal(found.position, 8);
    assert.match(found.message, /position 9/);
  });

  it('E202: a default connector with a condition, or two of them', async () => {
    const flow = flowOf('A -> B; A -> C');
    const connectors = flow.connectors!.map((c) => ({ ...c, default: true }));
    assert.equal((await only({ ...flow, connectors })).code, 'FLOW-E202');
  });

  it('W204 knows that what undoes an activity sees the item that was done', async () => {
    const flow = {
      flow: 'book-all',
      kind: 'process',
      variables: { seats: { initial: [1, 2] } },
      activities: [
        { id: 'Book', type: 'service', implementation: { ref: 'book' }, compensation: 'Free' },
        { id: 'Free', type: 'service', implementation: { ref: 'free', arguments: { seat: 'seat' } } },
        { id: 'Each', type: 'subflow' },
      ],
      subflows: { Each: { activities: ['Book'], loop: { kind: 'forEach', items: 'seats', item: 'seat' } } },
    };
    assert.deepEqual(await checkDefinition(flow), []);
  });
  it('W203 and W204 warn and let the flow run', async () => {
    const flow = flowOf(
      'A -> B [amout > 1]; A -> C [amount > 2]',
      { variables: { amount: {} } },
      { A: { split: 'xor' } },
    );
    const found = await checkDefinition(flow);
    assert.deepEqual(
      found.map((d) => d.code),
      ['FLOW-W203', 'FLOW-W204'],
    );
    assert.match(found[1]!.suggestion ?? '', /"amount"/);
    assert.equal((await compile(flow)).diagnostics.length, 2);
  });

  it('W205: an initial value that its own schema refuses', async () => {
    const schema = { type: 'object', properties: { sum: { type: 'number' } } };
    const found = await only(flowOf('A -> B', { variables: { order: { schema, initial: { sum: 'much' } } } }));
    assert.equal(found.code, 'FLOW-W205');
    assert.match(found.message, /"order".*sum: .*\(type\)/);
    const fits = flowOf('A -> B', { variables: { order: { schema, initial: { sum: 3 } }, free: { initial: 'x' } } });
    assert.deepEqual(await checkDefinition(fits), []);
    const broken = { type: 'string', pattern: '(' };
    assert.match(
      (await only(flowOf('A', { variables: { v: { schema: broken, initial: '' } } }))).message,
      /schema is at fault/,
    );
  });

  it('W206: a variable that is indexed, where nothing would be found by it', async () => {
    const indexed = async (schema: JsonSchema | undefined, by: true | readonly string[], kind: FlowKind = 'process') =>
      checkDefinition(flowOf('A', { kind, variables: { v: { ...(schema && { schema }), indexed: by } } }));
    assert.match((await indexed({ type: 'object' }, true))[0]!.message, /"v" is indexed, but it holds an object/);
    assert.match((await indexed({ type: 'string' }, ['id']))[0]!.message, /its type is string/);
    assert.match((await indexed({ type: 'string' }, true, 'microflow'))[0]!.message, /not stored/);
    assert.deepEqual(await indexed({ type: 'object' }, ['id']), []);
    assert.deepEqual(await indexed(undefined, true), []);
  });

  it('E401: people and long waits do not belong into a microflow', async () => {
    const flow = flowOf(
      'U -> R -> W',
      { kind: 'microflow', roles: { r: {} } },
      {
        U: { type: 'user', role: 'r', implementation: undefined },
        R: { type: 'receive', message: { name: 'm' }, implementation: undefined },
        W: { type: 'wait', after: 'P1D', implementation: undefined },
      },
    );
    assert.deepEqual(
      (await checkDefinition(flow)).map((d) => d.code),
      ['FLOW-E401', 'FLOW-E401', 'FLOW-E401'],
    );
  });

  it('E404 and E405: a task for nobody, a duration that is none', async () => {
    assert.equal((await only(flowOf('', {}, { U: { type: 'user', implementation: undefined } }))).code, 'FLOW-E404');
    assert.equal((await only(flowOf('', {}, { A: { timeout: '30 seconds' } }))).code, 'FLOW-E405');
  });

  it('E406: votes that cannot be counted', async () => {
    const votes = { rule: 'veto', outcome: 'no' } as const;
    const codesOf = async (user: object): Promise<readonly string[]> =>
      (await checkDefinition(flowOf('', {}, { U: { type: 'user', role: 'r', ...user } }))).map((d) => d.code);
    const outcomes = { yes: 'Yes', no: 'No' };
    assert.deepEqual(await codesOf({ votes, assign: '["a", "b"]', outcomes }), []);
    assert.deepEqual(await codesOf({ votes, outcomes }), ['FLOW-E406']);
    assert.deepEqual(await codesOf({ votes, assign: '"a"' }), ['FLOW-E406']);
    assert.deepEqual(await codesOf({ votes: { ...votes, outcome: 'nope' }, assign: '"a"', outcomes }), ['FLOW-E406']);
    assert.deepEqual(await codesOf({ votes: { rule: 'threshold', outcome: 'no' }, assign: '"a"', outcomes }), [
      'FLOW-E406',
    ]);
  });

  it('E407: an activity that runs elsewhere and reads what does not go there with it', async () => {
    const codesOf = async (activity: object, more: object = {}): Promise<readonly string[]> =>
      (await checkDefinition({ ...flowOf('', {}, { A: activity }), ...more })).map((d) => d.code);
    const implementation = { ref: 'work', arguments: { of: 'order' } };
    const there = { environment: 'server', implementation };
    assert.deepEqual(await codesOf(there), ['FLOW-E407']);
    assert.deepEqual(await codesOf({ ...there, environment: 'warehouse' }), ['FLOW-E407']);
    assert.deepEqual(await codesOf({ ...there, input: { order: 'order' } }), []);
    // A worker is told everything, and so is who does it for a flow on the server.
    assert.deepEqual(await codesOf({ ...there, environment: 'worker' }), []);
    assert.deepEqual(await codesOf({ ...there, environment: 'warehouse' }, { environment: 'server' }), []);
    assert.deepEqual(await codesOf({ type: 'wait', after: 'PT1S', implementation: undefined, environment: 'server' }), [
      'FLOW-E407',
    ]);
  });

  it('all faults are reported together, errors first', async () => {
    const flow = flowOf('A -> B [x >]', {}, { B: { timeout: 'soon' } });
    assert.deepEqual(
      (await checkDefinition(flow)).map((d) => d.code),
      ['FLOW-E201', 'FLOW-E405'],
    );
    await assert.rejects(compile(flow), { name: 'FlowDefinitionError', message: /E201.*\n.*E405/ });
  });
});
