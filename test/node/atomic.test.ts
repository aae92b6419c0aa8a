import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  checkDefinition,
  compile,
  createMemoryHost,
  type ActivityDefinition,
  type FlowDefinition,
  type InvocationContext,
  type Json,
  type RegisteredImplementation,
  type TransactionalImplementation,
} from '../../src/index.js';
import { fakeClock } from './fake-clock.js';
import { flowOf, run } from './flow-of.js';

/** A participant that writes down what is asked of it: `prepare A`, `commit A 1` … */
function participant(log: string[], more: Partial<TransactionalImplementation> = {}): TransactionalImplementation {
  let n = 0;
  const say = (what: string, { activity }: InvocationContext, result?: Json): void =>
    void log.push(`${what} ${activity}${result === undefined ? '' : ` ${String(result)}`}`);
  return {
    prepare: (_, context) => (say('prepare', context), ++n),
    commit: (result, context) => say('commit', context, result),
    rollback: (result, context) => say('rollback', context, result),
    ...more,
  };
}

const refuse = (): never => {
  throw Object.assign(new Error('refused'), { code: 'Refused', retryable: false });
};
const tx: Partial<ActivityDefinition> = { implementation: { ref: 'tx' } };
const fails: Partial<ActivityDefinition> = { implementation: { ref: 'bad' } };

async function runTx(
  definition: FlowDefinition,
  more: Partial<TransactionalImplementation> = {},
): Promise<{ log: string[]; result: Awaited<ReturnType<typeof run>> }> {
  const log: string[] = [];
  const implementations: Record<string, RegisteredImplementation> = {
    tx: participant(log, more),
    bad: participant(log, { prepare: refuse }),
    refuse,
  };
  return { result: await run(definition, {}, implementations), log };
}

describe('an atomic sphere', () => {
  it('prepares every member, and commits them all, in order, once the last is done', async () => {
    const { log, result } = await runTx(
      flowOf('A -> B -> Z', { spheres: [{ id: 'pay', kind: 'atomic', activities: ['A', 'B'] }] }, { A: tx, B: tx }),
    );
    assert.deepEqual(log, ['prepare A', 'prepare B', 'commit A 1', 'commit B 2']);
    assert.deepEqual(result.trace, ['A', 'B', 'pay', 'Z']);
    assert.equal(result.view.status, 'completed');
  });

  it('rolls back what was prepared, latest first, when a member fails, and gives the variables their old values', async () => {
    const { log, result } = await runTx(
      flowOf(
        'N -> A -> B -> X',
        {
          variables: { a: { initial: 'old' }, b: {} },
          spheres: [{ id: 'pay', kind: 'atomic', activities: ['A', 'B', 'X'] }],
        },
        { A: { ...tx, output: { a: '"new"' } }, B: { ...tx, output: { b: '1' } }, X: fails },
      ),
    );
    assert.deepEqual(log, ['prepare A', 'prepare B', 'rollback X', 'rollback B 2', 'rollback A 1']);
    assert.equal(result.view.status, 'failed');
    assert.equal(result.view.failure?.code, 'Refused');
    assert.deepEqual(result.view.variables, { a: 'old' });
    assert.equal(result.view.activities['A']?.state, 'compensated');
  });

  it('rolls back before an error boundary event outside takes the failure', async () => {
    const { log, result } = await runTx(
      flowOf(
        'S -> Z; S.oops -> H; A -> X',
        {
          subflows: { S: { activities: ['A', 'X'], boundary: [{ id: 'oops', event: 'error' }] } },
          spheres: [{ id: 'pay', kind: 'atomic', activities: ['S'] }],
        },
        { S: { type: 'subflow', implementation: undefined }, A: tx, X: fails },
      ),
    );
    assert.deepEqual(log, ['prepare A', 'rollback X', 'rollback A 1']);
    assert.deepEqual(result.trace, ['A', 'S.oops', 'H']);
  });

  it('keeps what was prepared when the failure is taken inside', async () => {
    const { log } = await runTx(
      flowOf(
        'A -> X; X.oops -> H; X -> J; H -> J',
        { spheres: [{ id: 'pay', kind: 'atomic', activities: ['A', 'X', 'H', 'J'] }] },
        {
          A: tx,
          X: { ...fails, boundary: [{ id: 'oops', event: 'error' }] },
          H: tx,
          J: { type: 'route', implementation: undefined },
        },
      ),
    );
    assert.deepEqual(log, ['prepare A', 'prepare H', 'commit A 1', 'rollback X', 'commit H 2']);
  });

  it('is begun again as a whole by a retry', async () => {
    const log: string[] = [];
    let broken = true;
    const host = createMemoryHost({
      implementations: {
        tx: participant(log),
        bad: participant(log, { prepare: () => (broken ? refuse() : 9) }),
      },
    });
    await host.deploy(
      await compile(
        flowOf('A -> X', { spheres: [{ id: 'p', kind: 'atomic', activities: ['A', 'X'] }] }, { A: tx, X: fails }),
      ),
    );
    const { id } = await host.start('test');
    while ((await host.get(id))!.status === 'running') await new Promise(setImmediate);
    broken = false;
    await host.retry(id);
    while ((await host.get(id))!.status !== 'completed') await new Promise(setImmediate);
    assert.deepEqual(log, ['prepare A', 'rollback X', 'rollback A 1', 'prepare A', 'commit A 2', 'commit X 9']);
  });

  it('rolls back when it is taken away by a timer or a cancel', async () => {
    for (const how of ['timer', 'cancel'] as const) {
      const log: string[] = [];
      const clock = fakeClock();
      const host = createMemoryHost({
        clock,
        implementations: { tx: participant(log), never: participant(log, { prepare: () => new Promise(() => {}) }) },
      });
      await host.deploy(
        await compile(
          flowOf(
            'S -> Z; S.late -> H; A -> N',
            {
              subflows: { S: { activities: ['A', 'N'], boundary: [{ id: 'late', event: 'timer', after: 'PT1H' }] } },
              spheres: [{ id: 'pay', kind: 'atomic', activities: ['S'] }],
            },
            {
              S: { type: 'subflow', implementation: undefined },
              A: tx,
              N: { implementation: { ref: 'never' } },
              Z: { type: 'route', implementation: undefined },
              H: { type: 'route', implementation: undefined },
            },
          ),
        ),
      );
      const { id } = await host.start('test');
      while ((await host.get(id))!.activities['N']?.state !== 'running') await new Promise(setImmediate);
      if (how === 'timer') clock.advance(3_600_000);
      else await host.cancel(id);
      while ((await host.get(id))!.status === 'running') await new Promise(setImmediate);
      assert.deepEqual(log, ['prepare A', 'rollback N', 'rollback A 1'], how);
      assert.equal((await host.get(id))!.status, how === 'timer' ? 'completed' : 'cancelled');
    }
  });

  it('commits to the end once it has begun to, through failures and a cancel', async () => {
    let broken = true;
    const log: string[] = [];
    const host = createMemoryHost({
      implementations: {
        tx: participant(log, {
          commit: (_, { activity }) => {
            if (broken && activity === 'B') throw Object.assign(new Error('down'), { code: 'Down' });
            log.push(`commit ${activity}`);
          },
        }),
      },
    });
    await host.deploy(
      await compile(
        flowOf('A -> B', { spheres: [{ id: 'p', kind: 'atomic', activities: ['A', 'B'] }] }, { A: tx, B: tx }),
      ),
    );
    const { id } = await host.start('test');
    while ((await host.get(id))!.status === 'running') await new Promise(setImmediate);
    assert.equal((await host.get(id))!.failure?.code, 'Down');
    await host.cancel(id);
    broken = false;
    await host.retry(id);
    while (log.length < 4) await new Promise(setImmediate);
    assert.deepEqual(log, ['prepare A', 'prepare B', 'commit A', 'commit B']);
    while ((await host.get(id))!.status !== 'cancelled') await new Promise(setImmediate);
  });

  it('inside another ends with that one', async () => {
    const { log } = await runTx(
      flowOf(
        'A -> B -> X',
        {
          spheres: [
            { id: 'outer', kind: 'atomic', activities: ['A', 'inner', 'X'] },
            { id: 'inner', kind: 'atomic', activities: ['B'] },
          ],
        },
        { A: tx, B: tx, X: fails },
      ),
    );
    assert.deepEqual(log, ['prepare A', 'prepare B', 'rollback X', 'rollback B 2', 'rollback A 1']);
  });

  it('refuses an implementation that cannot be rolled back', async () => {
    const { result } = await runTx(
      flowOf('A -> B', { spheres: [{ id: 'p', kind: 'atomic', activities: ['A', 'B'] }] }, { A: tx }),
    );
    assert.equal(result.view.failure?.code, 'FLOW-NOT-TRANSACTIONAL');
  });

  it('has one start and one end (E106)', async () => {
    const found = await checkDefinition(
      flowOf('A -> B; A -> C; B -> D; C -> D', { spheres: [{ id: 'p', kind: 'atomic', activities: ['B', 'C'] }] }),
    );
    assert.deepEqual(
      found.map((d) => d.code).filter((c) => c.startsWith('FLOW-E')),
      ['FLOW-E106', 'FLOW-E106'],
    );
  });

  it('a transactional implementation outside of one commits at once', async () => {
    const { log } = await runTx(flowOf('A -> B', {}, { A: tx, B: tx }));
    assert.deepEqual(log, ['prepare A', 'commit A 1', 'prepare B', 'commit B 2']);
  });
});
