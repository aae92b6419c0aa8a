// Failure and its cure: retries, incidents, cancel, compensation, atomic spheres, called flows.
import type { ActivityDefinition } from '../../../src/index.js';
import { by, person, process, roles } from '../flows.js';
import { holds, refused, same } from '../expect.js';
import { ada, begin, called, eventually, until, untilStatus, untilTask, type Behaviour } from '../world.js';

const undone = (handler: string): Partial<ActivityDefinition> => ({ compensation: handler });

export const trouble: readonly Behaviour[] = [
  {
    what: 'tries again after a pause, with the same idempotency key, until it succeeds',
    async run(world) {
      const { id } = await begin(
        world,
        process('A -> B', { A: { ...by('flaky'), retry: { maxAttempts: 3, backoff: 'PT0.1S', factor: 2 } } }),
      );
      for (const [calls, pause] of [
        [1, 100],
        [2, 200],
      ] as const) {
        await eventually(`attempt ${calls}`, () => called(world).length >= calls);
        await until(
          world,
          id,
          'it pauses',
          (view) => view.waits.length > 0 || view.status === 'completed' || called(world).length > calls,
        );
        await world.pass(pause);
      }
      await untilStatus(world, id, 'completed');
      same(called(world), ['A', 'A', 'A', 'B'], 'What was called');
      same(
        new Set(
          world
            .calls()
            .slice(0, 3)
            .map(({ key }) => key),
        ).size,
        1,
        'The number of keys',
      );
    },
  },
  {
    what: 'stays inspectable when it fails, and goes on from there with other values; what is done is not done again',
    async run(world) {
      const flow = process(
        'A -> B -> C',
        { B: { implementation: { ref: 'refuse', select: "ok ? 'work' : 'refuse'" } } },
        { variables: { ok: { initial: false } } },
      );
      const { id } = await begin(world, flow);
      const { failure, activities } = await untilStatus(world, id, 'failed');
      same([failure?.code, failure?.activity, activities['B']?.state], ['NoStock', 'B', 'failed'], 'The failure');
      await world.host.retry(id, { variables: { ok: true } });
      await untilStatus(world, id, 'completed');
      same(called(world), ['A', 'B', 'B', 'C'], 'What was called');
    },
  },
  {
    what: 'lets a person skip what has failed, with a result of their own',
    async run(world) {
      const { id } = await begin(world, process('A -> B', { A: { ...by('refuse'), output: { got: '$output' } } }));
      const { activities } = await untilStatus(world, id, 'failed');
      await world.host.send({ type: 'skip', instance: id, token: activities['A']!.token!, output: 'by hand' });
      same((await untilStatus(world, id, 'completed')).variables['got'], 'by hand', 'The result');
      same(called(world), ['A', 'B'], 'What was called');
    },
  },
  {
    what: 'cancels: tasks go, calls are aborted, and a late result changes nothing',
    async run(world) {
      const { id } = await begin(world, process('A; B -> C', { A: person, B: by('hold') }, roles));
      const task = (await untilTask(world, id, 'A')).id;
      await eventually('B is called', () => called(world).includes('B'));
      await world.host.cancel(id, 'enough');
      const { tasks, v } = await untilStatus(world, id, 'cancelled');
      same(tasks, [], 'The tasks');
      await world.letGo();
      await refused(world.host.send({ type: 'complete', task, user: ada }), 'FLOW-TASK-GONE');
      await untilStatus(world, (await begin(world, process('X'))).id, 'completed');
      same((await world.host.get(id))!.v, v, 'The version');
      same(called(world), ['B', 'X'], 'What was called');
    },
  },
  {
    what: 'undoes what has been done, the latest first, when a member of a compensation sphere fails',
    async run(world) {
      const { id } = await begin(
        world,
        process(
          'A -> B -> X',
          { A: undone('unA'), B: undone('unB'), X: by('refuse'), unA: {}, unB: {} },
          { spheres: [{ id: 's', kind: 'compensation', activities: ['A', 'B', 'X'] }] },
        ),
      );
      const { failure, activities } = await untilStatus(world, id, 'failed');
      same([failure?.code, failure?.compensated], ['NoStock', true], 'The failure');
      same([activities['A']?.state, activities['B']?.state], ['compensated', 'compensated'], 'What became of A and B');
      same(called(world), ['A', 'B', 'X', 'unB', 'unA'], 'What was called');
    },
  },
  {
    what: 'undoes what has been done when it is cancelled',
    async run(world) {
      const { id } = await begin(
        world,
        process(
          'A -> B -> U',
          { A: undone('unA'), B: undone('unB'), U: person, unA: {}, unB: {} },
          { ...roles, spheres: [{ id: 's', kind: 'compensation', activities: ['A', 'B'] }] },
        ),
      );
      await untilTask(world, id, 'U');
      await world.host.cancel(id);
      await untilStatus(world, id, 'cancelled');
      same(called(world), ['A', 'B', 'unB', 'unA'], 'What was called');
    },
  },
  {
    what: 'commits all members of an atomic sphere, or rolls all of them back',
    needs: ['atomic'],
    async run(world) {
      const sphere = { id: 's', kind: 'atomic', activities: ['A', 'B'] } as const;
      const good = process('A -> B', { A: by('take'), B: by('take') }, { spheres: [sphere] });
      await untilStatus(world, (await begin(world, good)).id, 'completed');
      same(called(world), ['A', 'B', 'commit A', 'commit B'], 'What was called');
      const bad = process(
        'A -> X -> B',
        {
          A: by('take'),
          B: by('take'),
          X: { type: 'route', implementation: undefined, throw: { event: 'error', code: 'No' } },
        },
        { spheres: [{ ...sphere, activities: ['A', 'X', 'B'] }] },
      );
      await untilStatus(world, (await begin(world, bad)).id, 'failed');
      same(called(world).slice(4), ['A', 'rollback A'], 'What was called then');
    },
  },
  {
    what: 'runs a called flow as an instance of its own, and goes on with its output',
    async run(world) {
      const callee = process('Inner', { Inner: person }, { ...roles, input: { n: true }, output: { twice: 'n * 2' } });
      await world.host.deploy(callee);
      const caller = process('C -> B', {
        C: {
          type: 'call',
          implementation: undefined,
          calls: callee.flow,
          input: { n: '4' },
          output: { got: '$output.twice' },
        },
      });
      const { id } = await begin(world, caller);
      const [child] = await eventually('the called flow has started', async () => {
        const found = await world.host.list({ flow: callee.flow });
        return found.length > 0 && found;
      });
      same(child!.parent?.instance, id, 'The caller');
      await world.host.send({ type: 'complete', task: (await untilTask(world, child!.id, 'Inner')).id, user: ada });
      same((await untilStatus(world, id, 'completed')).variables['got'], 8, 'What came back');
      same(called(world), ['B'], 'What was called');
    },
  },
  {
    what: 'fails where it has called a flow that is cancelled, and cancels what it has called when it is cancelled itself',
    async run(world) {
      const callee = process('Inner', { Inner: person }, roles);
      await world.host.deploy(callee);
      const caller = process('C -> B', { C: { type: 'call', implementation: undefined, calls: callee.flow } });
      await world.host.deploy(caller);
      const childOf = async (id: string): Promise<string> =>
        eventually('the called flow waits', async () => {
          const children = await world.host.list({ flow: callee.flow });
          return children.find(({ parent, tasks }) => parent?.instance === id && tasks.length > 0)?.id;
        });
      const first = await world.host.start(caller.flow);
      await world.host.cancel(await childOf(first.id));
      holds((await untilStatus(world, first.id, 'failed')).failure !== undefined, 'there is a failure');
      const second = await world.host.start(caller.flow);
      const child = await childOf(second.id);
      await world.host.cancel(second.id);
      await untilStatus(world, second.id, 'cancelled');
      await untilStatus(world, child, 'cancelled');
    },
  },
  {
    what: 'takes a failure with the boundary event for its code',
    async run(world) {
      const { id } = await begin(
        world,
        process('A -> B; A.no -> C', {
          A: {
            ...by('refuse'),
            boundary: [{ id: 'no', event: 'error', code: 'NoStock', output: { why: '$event.code' } }],
          },
        }),
      );
      same((await untilStatus(world, id, 'completed')).variables['why'], 'NoStock', 'Why');
      same(called(world), ['A', 'C'], 'What was called');
    },
  },
  {
    what: 'joins parallel paths once, and goes round a loop as often as its condition says',
    async run(world) {
      const flow = process(
        'S -> P -> J; S -> Q -> J; J -> L -> Z',
        {
          S: { split: 'and' },
          J: { join: 'and' },
          L: { output: { n: 'n + 1' }, loop: { kind: 'until', condition: 'n >= 3' } },
        },
        { variables: { n: { initial: 0 } } },
      );
      const { id } = await begin(world, flow);
      await untilStatus(world, id, 'completed');
      same([...called(world)].sort(), ['J', 'L', 'L', 'L', 'P', 'Q', 'S', 'Z'], 'What was called');
    },
  },
];
