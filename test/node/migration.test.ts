import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import {
  checkDefinition,
  createInstanceLogs,
  createMemoryHost,
  type FlowDefinition,
  type MemoryHost,
  type MigrationPlan,
} from '../../src/index.js';
import { fakeClock } from './fake-clock.js';
import { flowOf } from './flow-of.js';

const task = { type: 'user', role: 'clerk' } as const;
const roles = { clerk: {} };
const clerk = { id: 'ada', roles: ['clerk'] };
const before = flowOf('Price -> Approve -> Ship', { flow: 'order', roles }, { Approve: task });

async function started(
  definition: FlowDefinition = before,
): Promise<{ host: MemoryHost; clock: ReturnType<typeof fakeClock>; done: string[] }> {
  const done: string[] = [];
  const clock = fakeClock();
  const host = createMemoryHost({
    clock,
    implementations: { do: (_, { activity }) => (done.push(activity), null) },
  });
  await host.deploy(definition);
  await host.start('order', {}, { id: 'o1' });
  await host.settled();
  return { host, clock, done };
}

async function completeAll(host: MemoryHost): Promise<void> {
  for (let tasks = await host.tasks(); tasks.length > 0; tasks = await host.tasks()) {
    await host.send({ type: 'complete', task: tasks[0]!.id, user: clerk });
    await host.settled();
  }
}

const codes = (plan: MigrationPlan): readonly string[] => plan.refused.map(({ code }) => code);

describe('moving an instance to another definition', () => {
  it('goes on from where it is, with what comes after in the new definition', async () => {
    const { host, done } = await started();
    const after = flowOf(
      'Price -> Check -> Approve -> Insure -> Ship',
      { flow: 'order', roles, variables: { insured: { initial: true } } },
      { Approve: task },
    );
    const management = await host.management();
    const dry = await management.planMigration('o1', after);
    assert.equal((await host.get('o1'))!.hash, dry.from);
    assert.deepEqual(dry.moves, [{ token: 'i2', from: 'Approve', to: 'Approve', phase: 'task' }]);
    const plan = await management.migrate('o1', after, { by: 'bob', reason: 'insurance is law now' });
    assert.deepEqual(plan, dry);
    const view = (await host.get('o1'))!;
    assert.deepEqual([view.hash, view.variables, view.tasks.length], [plan.to, { insured: true }, 1]);
    await completeAll(host);
    assert.deepEqual(done, ['Price', 'Insure', 'Ship']);
    assert.equal((await host.get('o1'))!.status, 'completed');
    const [moved] = await createInstanceLogs(host).transactions({ type: 'intervention' });
    assert.deepEqual([moved!.what, moved!.by, moved!.reason], ['migrated', 'bob', 'insurance is law now']);
  });

  it('follows activities that have another id', async () => {
    const { host } = await started();
    const after = flowOf('Price -> Decide -> Ship', { flow: 'order', roles }, { Decide: { ...task, name: 'Decide' } });
    const management = await host.management();
    assert.deepEqual(codes(await management.planMigration('o1', after)), ['MIGRATE-ACTIVITY']);
    await management.migrate('o1', after, { activities: { Approve: 'Decide' } });
    const view = (await host.get('o1'))!;
    assert.equal(view.tasks[0]!.name, 'Decide');
    assert.equal(view.activities['Approve'], undefined);
    await completeAll(host);
    assert.equal((await host.get('o1'))!.status, 'completed');
  });

  it('is refused with every reason, and then nothing has happened', async () => {
    const { host } = await started();
    const management = await host.management();
    const gone = flowOf('Price -> Ship', { flow: 'order' });
    await assert.rejects(management.migrate('o1', gone), { code: 'FLOW-MIGRATION', message: /"Approve" is under way/ });
    const other = flowOf('Price -> Approve', { flow: 'order' });
    assert.deepEqual(codes(await management.planMigration('o1', other)), ['MIGRATE-PLACE']);
    assert.deepEqual(codes(await management.planMigration('o1', before)), ['MIGRATE-OTHER']);
    assert.deepEqual(codes(await management.planMigration('o1', { ...before, flow: 'offer' })), ['MIGRATE-OTHER']);
    const inside = { ...before, subflows: { S: { activities: ['Approve'] } } };
    assert.deepEqual(codes(await management.planMigration('o1', inside)), ['MIGRATE-PLACE']);
    await assert.rejects(management.migrate('o1', flowOf('A -> Nowhere.x', { flow: 'order' })), {
      code: 'FLOW-INVALID',
    });
    assert.equal((await host.get('o1'))!.tasks.length, 1);
    await completeAll(host);
    assert.deepEqual(codes(await management.planMigration('o1', gone)), ['MIGRATE-OVER']);
  });

  it('is refused where a token waits at a connector that is gone, or a join would wait for ever', async () => {
    const parallel = flowOf(
      'Fork -> A -> Join\nFork -> B -> Join\nJoin -> End',
      { flow: 'order', roles },
      {
        Fork: { type: 'route', split: 'and' },
        Join: { type: 'route', join: 'and' },
        B: task,
      },
    );
    const { host } = await started(parallel);
    const management = await host.management();
    const rerouted = flowOf(
      'Fork -> A -> End\nFork -> B -> End',
      { flow: 'order', roles },
      {
        Fork: { type: 'route', split: 'and' },
        B: task,
        End: { join: 'and' },
      },
    );
    assert.deepEqual(codes(await management.planMigration('o1', rerouted)), ['MIGRATE-CONNECTOR']);

    const past = await started();
    const withJoin = flowOf(
      'Price -> Approve -> Join\nPrice -> Audit -> Join -> Ship',
      { flow: 'order', roles },
      {
        Price: { split: 'and' },
        Approve: task,
        Join: { type: 'route', join: 'and' },
      },
    );
    const plan = await (await past.host.management()).planMigration('o1', withJoin);
    assert.deepEqual(codes(plan), ['MIGRATE-JOIN']);
    assert.match(plan.refused[0]!.message, /Audit-Join/);
  });

  it('keeps timers, withdraws those of boundary events that are gone, and says so', async () => {
    const timed = (boundary: object[]): FlowDefinition =>
      flowOf(
        'Approve -> Ship\nApprove.late -> Ship',
        { flow: 'order', roles },
        {
          Approve: { ...task, boundary: [{ id: 'late', event: 'timer', after: 'P1D' }, ...boundary] as never },
        },
      );
    const { host, clock, done } = await started(timed([{ id: 'soon', event: 'timer', after: 'PT1H' }]));
    const management = await host.management();
    const plan = await management.migrate('o1', timed([]));
    assert.deepEqual(plan.notes, ['"Approve" no longer waits for its boundary event "soon".']);
    clock.advance(86_400_000);
    await host.settled();
    assert.equal((await host.get('o1'))!.activities['Approve']!.state, 'terminated');
    assert.deepEqual(done, ['Ship']);
  });

  it('settles a call that is under way by the new definition', async () => {
    let answer: (value: number) => void = () => {};
    const calling = (output: string): FlowDefinition =>
      flowOf(
        'Call',
        { flow: 'order', output: { x: 'x' } },
        {
          Call: { implementation: { ref: 'slow' }, output: { x: output } },
        },
      );
    const host = createMemoryHost({ implementations: { slow: () => new Promise((resolve) => (answer = resolve)) } });
    await host.deploy(calling('$output'));
    await host.start('order', {}, { id: 'o1' });
    await (await host.management()).migrate('o1', calling('$output * 10'));
    answer(4);
    await host.settled();
    assert.deepEqual((await host.get('o1'))!.output, { x: 40 });
  });

  it('is refused when a variable does not fit, or what is done could no longer be undone', async () => {
    const typed = { ...before, variables: { amount: { schema: { type: 'number' } } } } as FlowDefinition;
    const { host } = await started(before);
    await host.send({ type: 'edit', instance: 'o1', variables: { amount: 'much' } });
    assert.deepEqual(codes(await (await host.management()).planMigration('o1', typed)), ['MIGRATE-VALUE']);

    const sphere = (compensation: string | undefined): FlowDefinition =>
      ({
        ...flowOf(
          'Price -> Approve',
          { flow: 'order', roles },
          {
            Price: compensation === undefined ? {} : { compensation },
            Approve: task,
            ...(compensation === undefined ? {} : { [compensation]: {} }),
          },
        ),
        ...(compensation === undefined
          ? {}
          : { spheres: [{ id: 's', kind: 'compensation', activities: ['Price'], on: ['cancel'] }] }),
      }) as FlowDefinition;
    const undoing = await started(sphere('Unprice'));
    const management = await undoing.host.management();
    assert.deepEqual(codes(await management.planMigration('o1', sphere(undefined))), ['MIGRATE-UNDO']);
  });

  it('never strands an instance: whatever the new definition, it is refused or it can be finished', async () => {
    const names = ['A', 'B', 'C', 'D', 'E', 'F'];
    /** A series of blocks; a block is one task, or two beside each other between an and-split and an and-join. */
    const build = (blocks: readonly (readonly string[])[]): FlowDefinition => {
      const lines: string[] = [];
      const more: Record<string, object> = {};
      let last = 'Begin';
      for (const [i, block] of blocks.entries()) {
        const [fork, join] = [`Fork${i}`, `Join${i}`];
        for (const id of block) more[id] = task;
        if (block.length === 1) {
          lines.push(`${last} -> ${block[0]}`);
          last = block[0]!;
          continue;
        }
        more[fork] = { type: 'route', split: 'and' };
        more[join] = { type: 'route', join: 'and' };
        lines.push(`${last} -> ${fork}`, ...block.map((id) => `${fork} -> ${id} -> ${join}`));
        last = join;
      }
      lines.push(`${last} -> End`);
      return flowOf(
        lines.join('\n'),
        { flow: 'order', roles },
        { Begin: { type: 'route' }, End: { type: 'route' }, ...more },
      );
    };
    const shape = fc
      .tuple(fc.shuffledSubarray(names, { minLength: 2 }), fc.array(fc.boolean(), { minLength: 6, maxLength: 6 }))
      .map(([ids, wide]) => {
        const blocks: string[][] = [];
        for (let i = 0, n = 0; i < ids.length; n++) {
          const width = wide[n] && i + 1 < ids.length ? 2 : 1;
          blocks.push(ids.slice(i, i + width));
          i += width;
        }
        return build(blocks);
      });
    let moved = 0;
    await fc.assert(
      fc.asyncProperty(shape, shape, fc.nat(4), async (from, to, steps) => {
        if ((await checkDefinition(to)).some(({ severity }) => severity === 'error')) return;
        const { host } = await started(from);
        for (let i = 0; i < steps; i++) {
          const [next] = await host.tasks();
          if (!next) return;
          await host.send({ type: 'complete', task: next.id, user: clerk });
          await host.settled();
        }
        const management = await host.management();
        const plan = await management.planMigration('o1', to);
        if (plan.isPossible) moved++;
        await (plan.isPossible ? management.migrate('o1', to) : assert.rejects(management.migrate('o1', to)));
        const archive = await management.export('o1');
        await completeAll(host);
        assert.equal((await host.get('o1'))!.status, 'completed');
        await (await createMemoryHost().management()).import(archive);
      }),
      { numRuns: Number(process.env['MILLRACE_MIGRATIONS'] ?? 150) },
    );
    assert.ok(moved > 5, `${moved} were moved`);
  });
});
