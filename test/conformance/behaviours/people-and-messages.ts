// What comes from outside: people, messages, time.
import { by, person, process, receives, roles, waits } from '../flows.js';
import { holds, refused, same } from '../expect.js';
import {
  ada,
  begin,
  bob,
  called,
  eventually,
  until,
  untilStatus,
  untilTask,
  untilWaiting,
  type Behaviour,
} from '../world.js';

const DAY = 86_400_000;

export const peopleAndMessages: readonly Behaviour[] = [
  {
    what: 'offers a task with its data to the role, and goes on with what the person has entered',
    async run(world) {
      const flow = process(
        'A -> B',
        { A: { output: { sum: '100' } }, B: { ...person, input: { sum: 'sum' }, output: { ok: '$output.ok' } } },
        roles,
      );
      const { id } = await begin(world, flow);
      const task = await untilTask(world, id, 'B');
      same([task.data, task.role], [{ sum: 100 }, 'sales'], 'The task');
      const mine = await world.host.tasks(ada);
      holds(
        mine.some((t) => t.id === task.id),
        'who has the role sees it',
      );
      holds(!(await world.host.tasks({ id: 'eve', roles: [] })).some((t) => t.id === task.id), 'others do not');
      await world.host.send({ type: 'complete', task: task.id, user: ada, output: { ok: true } });
      same((await untilStatus(world, id, 'completed')).variables['ok'], true, 'What was entered');
    },
  },
  {
    what: 'reserves a task for whoever claims it, until it is released',
    async run(world) {
      const { id } = await begin(world, process('A', { A: person }, roles));
      const task = (await untilTask(world, id, 'A')).id;
      await world.host.send({ type: 'claim', task, user: ada });
      await until(world, id, 'it is claimed', ({ tasks }) => tasks[0]?.claimedBy === 'ada');
      await refused(world.host.send({ type: 'complete', task, user: bob }), 'FLOW-TASK-TAKEN');
      await world.host.send({ type: 'release', task, user: ada });
      await until(
        world,
        id,
        'it is free again',
        ({ tasks }) => tasks[0] !== undefined && tasks[0].claimedBy === undefined,
      );
      await world.host.send({ type: 'complete', task, user: bob });
      await untilStatus(world, id, 'completed');
    },
  },
  {
    what: 'refuses a task to whoever may not do it, and to whoever comes too late',
    async run(world) {
      const { id } = await begin(world, process('A -> B', { A: person, B: { ...person, excludes: ['A'] } }, roles));
      const first = (await untilTask(world, id, 'A')).id;
      await refused(
        world.host.send({ type: 'complete', task: first, user: { id: 'eve', roles: [] } }),
        'FLOW-TASK-REFUSED',
      );
      await world.host.send({ type: 'complete', task: first, user: ada });
      await refused(world.host.send({ type: 'complete', task: first, user: ada }), 'FLOW-TASK-GONE');
      const second = (await untilTask(world, id, 'B')).id;
      await refused(world.host.send({ type: 'complete', task: second, user: ada }), 'FLOW-TASK-REFUSED');
      await world.host.send({ type: 'complete', task: second, user: bob });
      await untilStatus(world, id, 'completed');
    },
  },
  {
    what: 'lets one of two people who complete a task at the same moment win, and tells the other',
    async run(world) {
      const { id } = await begin(world, process('A -> B', { A: person }, roles));
      const task = (await untilTask(world, id, 'A')).id;
      const outcomes = await Promise.allSettled(
        [ada, bob].map((user) => world.host.send({ type: 'complete', task, user })),
      );
      same(outcomes.filter((o) => o.status === 'fulfilled').length, 1, 'The number of winners');
      await untilStatus(world, id, 'completed');
      same(called(world), ['B'], 'What was called');
    },
  },
  {
    what: 'keeps a signal that comes before anybody waits, and gives it to one with the same key',
    async run(world) {
      const name = `paid-${world.now()}-early`;
      const flow = process(
        'A -> B',
        { A: person, B: { ...receives(name, 'order'), output: { sum: '$output.sum' } } },
        { ...roles, input: { order: true } },
      );
      const { id } = await begin(world, flow, { order: '7' });
      const task = (await untilTask(world, id, 'A')).id;
      await world.host.send({ type: 'signal', signal: { name, key: '8', data: { sum: 1 } } });
      await world.host.send({ type: 'signal', signal: { name, key: '7', data: { sum: 2 } } });
      await world.host.send({ type: 'complete', task, user: ada });
      same((await untilStatus(world, id, 'completed')).variables['sum'], 2, 'The sum');
    },
  },
  {
    what: 'wakes one waiter with a signal, and the next one with the next signal',
    async run(world) {
      const name = 'one-each';
      const flow = process('A', { A: { ...receives(name), output: { got: '$output' } } });
      const ids = [(await begin(world, flow)).id];
      await untilWaiting(world, ids[0]!, 'A');
      ids.push((await world.host.start(flow.flow)).id);
      await untilWaiting(world, ids[1]!, 'A');
      const statuses = async (): Promise<string[]> =>
        Promise.all(ids.map(async (id) => (await world.host.get(id))!.status));
      await world.host.send({ type: 'signal', signal: { name, data: 1 } });
      await eventually('one has gone on', async () => (await statuses()).filter((s) => s === 'completed').length === 1);
      await world.host.send({ type: 'signal', signal: { name, data: 2 } });
      await eventually('both have gone on', async () => (await statuses()).every((s) => s === 'completed'));
      const got = await Promise.all(ids.map(async (id) => (await world.host.get(id))!.variables['got'] as number));
      same(got.sort(), [1, 2], 'What they got');
    },
  },
  {
    what: 'wakes everybody with a broadcast, and keeps it for nobody',
    async run(world) {
      const name = 'to-all';
      const flow = process('A', { A: receives(name) });
      const ids = [(await begin(world, flow)).id, (await world.host.start(flow.flow)).id];
      for (const id of ids) await untilWaiting(world, id, 'A');
      await world.host.send({ type: 'signal', signal: { name, broadcast: true } });
      for (const id of ids) await untilStatus(world, id, 'completed');
      const late = await world.host.start(flow.flow);
      await untilWaiting(world, late.id, 'A');
      same((await world.host.get(late.id))!.status, 'running', 'The status of who came late');
    },
  },
  {
    what: 'takes a signal with the same id only once, however often and in whatever order it is sent',
    async run(world) {
      const name = 'numbered';
      const flow = process('A -> B', {
        A: { ...receives(name), output: { a: '$output' } },
        B: { ...receives(name), output: { b: '$output' } },
      });
      const { id } = await begin(world, flow);
      await untilWaiting(world, id, 'A');
      const send = (n: number): Promise<void> =>
        world.host.send({ type: 'signal', signal: { name, id: `${flow.flow}-${n}`, data: n } });
      await send(1);
      await untilWaiting(world, id, 'B');
      await send(1);
      await Promise.all([send(1), send(1)]);
      await untilWaiting(world, id, 'B');
      await send(2);
      const { variables } = await untilStatus(world, id, 'completed');
      same([variables['a'], variables['b']], [1, 2], 'What was received');
    },
  },
  {
    what: 'lets a send of one flow wake a receive of another',
    async run(world) {
      const name = 'from-flow-to-flow';
      const { id } = await begin(world, process('A', { A: { ...receives(name), output: { got: '$output.n' } } }));
      await untilWaiting(world, id, 'A');
      await begin(
        world,
        process('S', { S: { type: 'send', implementation: undefined, message: { name }, input: { n: '5' } } }),
      );
      same((await untilStatus(world, id, 'completed')).variables['got'], 5, 'What was sent');
    },
  },
  {
    what: 'fires a timer when it is due',
    async run(world) {
      const { id } = await begin(world, process('A -> B', { A: waits('PT0.2S') }));
      await untilWaiting(world, id, 'A');
      await world.pass(200);
      await untilStatus(world, id, 'completed');
      same(called(world), ['B'], 'What was called');
    },
  },
  {
    what: 'fires no timer early, and one 400 days ahead on its day',
    needs: ['clock'],
    async run(world) {
      const { id } = await begin(world, process('A -> B', { A: waits('P400D') }));
      const { waits: open } = await untilWaiting(world, id, 'A');
      same(open[0]!.at, world.now() + 400 * DAY, 'When it is due');
      for (const days of [25, 25, 349]) await world.pass(days * DAY);
      await world.pass(DAY - 1);
      // Another instance passes through the whole host meanwhile: time enough for a wrong alarm.
      await untilStatus(world, (await begin(world, process('X'))).id, 'completed');
      same((await world.host.get(id))!.status, 'running', 'The status one millisecond before');
      await world.pass(1);
      await untilStatus(world, id, 'completed');
      same(called(world), ['X', 'B'], 'What was called');
    },
  },
  {
    what: 'withdraws a task when its time is up',
    async run(world) {
      const flow = process(
        'A -> B; A.late -> C',
        { A: { ...person, boundary: [{ id: 'late', event: 'timer', after: 'PT0.3S' }] } },
        roles,
      );
      const { id } = await begin(world, flow);
      const task = (await untilTask(world, id, 'A')).id;
      await world.pass(300);
      await untilStatus(world, id, 'completed');
      same(called(world), ['C'], 'What was called');
      await refused(world.host.send({ type: 'complete', task, user: ada }), 'FLOW-TASK-GONE');
    },
  },
  {
    what: 'forgets the timer of a task that was done in time',
    needs: ['clock'],
    async run(world) {
      const flow = process(
        'A -> B; A.late -> C',
        { A: { ...person, boundary: [{ id: 'late', event: 'timer', after: 'P1D' }] } },
        roles,
      );
      const { id } = await begin(world, flow);
      await world.host.send({ type: 'complete', task: (await untilTask(world, id, 'A')).id, user: ada });
      await untilStatus(world, id, 'completed');
      await world.pass(2 * DAY);
      await untilStatus(world, (await begin(world, process('X'))).id, 'completed');
      same(called(world), ['B', 'X'], 'What was called');
    },
  },
  {
    what: 'ends a call that takes longer than its time-out',
    async run(world) {
      const { id } = await begin(
        world,
        process('A -> B; A.slow -> C', {
          A: { ...by('hold'), timeout: 'PT0.2S', boundary: [{ id: 'slow', event: 'error', code: 'Timeout' }] },
        }),
      );
      await eventually('A is called', () => called(world).includes('A'));
      await world.pass(200);
      await untilStatus(world, id, 'completed');
      same(called(world), ['A', 'C'], 'What was called');
    },
  },
];
