// What those rely on who look after instances: interventions, logs, schedules, retention, export and import, migration.
import { createInstanceLogs, type InstanceQuery, type ManagedHost } from '../../../src/index.js';
import { person, process, receives, roles } from '../flows.js';
import { refused, same } from '../expect.js';
import {
  ada,
  begin,
  called,
  eventually,
  untilStatus,
  untilTask,
  untilWaiting,
  type Behaviour,
  type World,
} from '../world.js';

const managed = (world: World): ManagedHost => world.host as ManagedHost;
const HOUR = 3_600_000;

export const managing: readonly Behaviour[] = [
  {
    what: 'writes variables of a failed instance, which goes on with them; who did it and why is in its log',
    needs: ['managed'],
    async run(world) {
      const flow = process('A', { A: { implementation: { ref: 'refuse', select: "ok ? 'work' : 'refuse'" } } });
      const { id } = await begin(world, flow);
      await untilStatus(world, id, 'failed');
      const why = { by: 'ada', reason: 'a typing error' };
      await world.host.send({ type: 'edit', instance: id, variables: { ok: true }, ...why });
      same((await world.host.get(id))!.status, 'failed', 'The status after the edit alone');
      await world.host.retry(id, { by: 'bob' });
      await untilStatus(world, id, 'completed');
      const log = await createInstanceLogs(world.host).transactions({ instance: id });
      const shown = log.map(({ type, what, activity, outcome, by: who, reason }) =>
        [type === 'intervention' ? what : (activity ?? type), outcome, who, reason].join(' ').trim(),
      );
      same(
        shown,
        ['instance completed', 'A failed', 'edit completed ada a typing error', 'retry completed bob', 'A completed'],
        'The log',
      );
    },
  },
  {
    what: 'refuses what somebody does who has not seen that the instance has gone on, and nothing happens',
    async run(world) {
      const { id } = await begin(world, process('A -> B', { A: person, B: person }, roles));
      const { token, id: task } = await untilTask(world, id, 'A');
      await refused(world.host.retry(id, { by: 'bob' }), 'FLOW-STALE');
      await world.host.send({ type: 'complete', task, user: ada });
      const next = await untilTask(world, id, 'B');
      await refused(world.host.send({ type: 'skip', instance: id, token, by: 'bob' }), 'FLOW-STALE');
      same((await world.host.get(id))!.tasks.length, 1, 'The tasks after the refusals');
      await world.host.send({ type: 'complete', task: next.id, user: ada });
      await untilStatus(world, id, 'completed');
      await refused(world.host.send({ type: 'edit', instance: id, variables: { x: 1 } }), 'FLOW-STALE');
      await refused(world.host.send({ type: 'complete', task, user: ada }), 'FLOW-TASK-GONE');
      const journalled = (await world.host.history(id)).map(({ event }) => event.type as string);
      same(
        ['retry', 'skip', 'edit'].filter((type) => journalled.includes(type)),
        [],
        'What is journalled of it',
      );
    },
  },
  {
    what: 'journals who gives a task to somebody, does it for somebody and sends a message, and why',
    needs: ['managed'],
    async run(world) {
      const { id } = await begin(world, process('A -> B', { A: person, B: receives('paid') }, roles));
      const task = (await untilTask(world, id, 'A')).id;
      const why = (reason: string): { readonly by: string; readonly reason: string } => ({ by: 'bob', reason });
      await world.host.send({ type: 'claim', task, user: ada, ...why('on holiday') });
      await world.host.send({ type: 'complete', task, user: ada, ...why('on the telephone') });
      await untilWaiting(world, id, 'B');
      await world.host.send({ type: 'signal', signal: { name: 'paid', ...why('seen at the bank') } });
      await untilStatus(world, id, 'completed');
      const said = (await world.host.history(id)).flatMap(({ event }) =>
        'reason' in event ? [`${event.type} ${event.by} ${event.reason}`] : [],
      );
      same(
        said,
        ['claim bob on holiday', 'complete bob on the telephone', 'message bob seen at the bank'],
        'What is journalled',
      );
    },
  },
  {
    what: 'finds instances by the values of their variables',
    needs: ['managed'],
    async run(world) {
      const flow = process('A');
      await world.host.deploy(flow);
      for (const name of ['desk', 'lamp']) await world.host.start(flow.flow, { item: { name } }, { key: name });
      const found = await world.host.list({ flow: flow.flow, variables: { 'item.name': 'lamp' } });
      same(
        found.map(({ key }) => key),
        ['lamp'],
        'What was found',
      );
    },
  },
  {
    what: 'finds instances by variables that are indexed, as they are now, whatever they were before',
    needs: ['managed'],
    async run(world) {
      const flow = process(
        'A -> B',
        { A: { ...person, output: { state: '$output.state', item: '$output.item' } }, B: person },
        { ...roles, variables: { state: { initial: 'new', indexed: true }, item: { indexed: ['name'] } } },
      );
      await world.host.deploy(flow);
      const [first] = await Promise.all(['one', 'two'].map((key) => world.host.start(flow.flow, {}, { key })));
      const keys = async (variables: InstanceQuery['variables']): Promise<readonly unknown[]> =>
        (await world.host.list({ flow: flow.flow, variables })).map(({ key }) => key).sort();
      same(await keys({ state: 'new' }), ['one', 'two'], 'What is found by the initial value');
      const { id: task } = await untilTask(world, first!.id, 'A');
      const output = { state: 'paid', item: { name: 'lamp' } };
      await world.host.send({ type: 'complete', task, user: ada, output });
      await untilTask(world, first!.id, 'B');
      same(await keys({ state: 'new' }), ['two'], 'What is found by the value that one of them had');
      same(await keys({ state: 'paid' }), ['one'], 'What is found by the new value');
      same(await keys({ 'item.name': 'lamp', state: 'paid' }), ['one'], 'What is found by a value inside an object');
      same(await keys({ state: 'gone' }), [], 'What is found by a value that none has');
    },
  },
  {
    what: 'starts a flow at its times, each once, and none any more when the schedule is removed',
    needs: ['managed', 'clock'],
    async run(world) {
      const flow = process('A');
      await world.host.deploy(flow);
      const schedules = await managed(world).schedules();
      const name = `every-hour-${flow.flow}`;
      await schedules.put({ name, flow: flow.flow, every: 'PT1H' });
      for (let count = 1; count <= 3; count++) {
        await world.pass(HOUR);
        await eventually(`start ${count}`, async () => {
          const done = await world.host.list({ flow: flow.flow, status: 'completed' });
          return done.length === count;
        });
      }
      await schedules.remove(name);
      await world.pass(2 * HOUR);
      same((await schedules.list()).length, 0, 'The number of schedules');
      same(called(world), ['A', 'A', 'A'], 'What was called');
    },
  },
  {
    what: 'keeps schedules through a restart, and makes up once for the times in between',
    needs: ['managed', 'clock', 'durable'],
    async run(world) {
      const flow = process('A');
      await world.host.deploy(flow);
      await (await managed(world).schedules()).put({ name: `kept-${flow.flow}`, flow: flow.flow, every: 'PT1H' });
      await world.reopen([]);
      await world.pass(5 * HOUR + 1);
      await eventually('it was started', () => called(world).length > 0);
      const [view] = await (await managed(world).schedules()).list();
      same([view!.started, view!.next! - view!.last!], [1, HOUR], 'What has started, and when next');
    },
  },
  {
    what: 'exports an instance, takes it in again after it was removed, and goes on with it; the hash is the same',
    needs: ['managed'],
    async run(world) {
      const { id } = await begin(world, process('A -> B -> C', { B: person }, roles));
      const task = await untilTask(world, id, 'B');
      const management = await managed(world).management();
      const archive = await management.export(id);
      await world.host.cancel(id);
      await untilStatus(world, id, 'cancelled');
      await refused(management.import(archive), 'FLOW-EXISTS');
      await management.prune({ instances: 0 });
      same(await world.host.get(id), undefined, 'The instance after it was removed');
      await management.import(archive);
      same((await management.export(id)).hash, archive.hash, 'The hash');
      await world.host.send({ type: 'complete', task: task.id, user: ada });
      await untilStatus(world, id, 'completed');
      same(called(world), ['A', 'C'], 'What was called');
    },
  },
  {
    what: 'moves an instance to a newer definition, or tells why not',
    needs: ['managed'],
    async run(world) {
      const flow = process('A -> B -> C', { B: person }, roles);
      const { id } = await begin(world, flow);
      const task = await untilTask(world, id, 'B');
      const management = await managed(world).management();
      const { flow: name } = flow;
      await refused(management.migrate(id, process('A -> C', {}, { flow: name })), 'FLOW-MIGRATION');
      const newer = process('A -> B -> D -> C', { B: person }, { ...roles, flow: name });
      const plan = await management.migrate(id, newer);
      same(
        plan.moves.map(({ from, to }) => [from, to]),
        [['B', 'B']],
        'The moves',
      );
      await world.host.send({ type: 'complete', task: task.id, user: ada });
      await untilStatus(world, id, 'completed');
      same(called(world), ['A', 'D', 'C'], 'What was called');
    },
  },
];
