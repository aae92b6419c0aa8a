// What a durable host does when its page has gone and comes back.
import { by, person, process, receives, roles, waits } from '../flows.js';
import { refused, same } from '../expect.js';
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
const needs = ['durable'] as const;

export const comingBack: readonly Behaviour[] = [
  {
    what: 'waits for a person through a restart, with the claim, and does nothing again that was done',
    needs,
    async run(world) {
      const { id } = await begin(world, process('A -> U -> B', { U: person }, roles));
      const task = (await untilTask(world, id, 'U')).id;
      await world.host.send({ type: 'claim', task, user: ada });
      await world.reopen();
      await refused(world.host.send({ type: 'complete', task, user: bob }), 'FLOW-TASK-TAKEN');
      await world.host.send({ type: 'complete', task, user: ada });
      await untilStatus(world, id, 'completed');
      same(called(world), ['A', 'B'], 'What was called');
    },
  },
  {
    what: 'does again what was in flight, with the same idempotency key',
    needs,
    async run(world) {
      const { id } = await begin(world, process('A -> B -> C', { B: by('hold') }));
      await eventually('B is called', () => called(world).includes('B'));
      await world.reopen();
      await eventually('B is called again', () => called(world).filter((what) => what === 'B').length === 2);
      await world.letGo();
      await untilStatus(world, id, 'completed');
      same(called(world), ['A', 'B', 'B', 'C'], 'What was called');
      same(world.calls()[1]!.key, world.calls()[2]!.key, 'The key');
    },
  },
  {
    what: 'leaves what may happen once to a person, when it was in flight',
    needs,
    async run(world) {
      const { id } = await begin(
        world,
        process('A -> B', { A: { implementation: { ref: 'hold', onResume: 'once' } } }),
      );
      await eventually('A is called', () => called(world).includes('A'));
      await world.reopen();
      const { failure, activities } = await untilStatus(world, id, 'failed');
      same(failure?.code, 'Indeterminate', 'The failure');
      same(activities['A']!.state, 'failed', 'The activity that is to be found out about');
      await world.host.send({ type: 'skip', instance: id, token: activities['A']!.token! });
      await untilStatus(world, id, 'completed');
      same(called(world), ['A', 'B'], 'What was called');
    },
  },
  {
    what: 'fires once the timers that fell due while nothing was open, and later those that did not',
    needs: ['durable', 'clock'],
    async run(world) {
      const soon = await begin(world, process('A -> B', { A: waits('P3D') }));
      const late = await begin(world, process('A -> C', { A: waits('P300D') }));
      for (const { id } of [soon, late]) await untilWaiting(world, id, 'A');
      await world.reopen();
      await world.pass(4 * DAY);
      await untilStatus(world, soon.id, 'completed');
      await world.reopen();
      same((await world.host.get(late.id))!.status, 'running', 'The status of the later one');
      await world.pass(296 * DAY);
      await untilStatus(world, late.id, 'completed');
      same(called(world), ['B', 'C'], 'What was called');
    },
  },
  {
    what: 'keeps a signal through a restart, also the knowledge that it has been taken',
    needs,
    async run(world) {
      const name = 'kept';
      const flow = process('A -> B -> C', { B: receives(name), C: receives(name) });
      await world.host.deploy(flow);
      const signal = { name, id: `${flow.flow}-1` };
      await world.host.send({ type: 'signal', signal });
      await world.reopen();
      const { id } = await world.host.start(flow.flow);
      await untilWaiting(world, id, 'C');
      await world.reopen();
      await world.host.send({ type: 'signal', signal });
      await world.host.send({ type: 'signal', signal: { name: 'another' } });
      await untilWaiting(world, id, 'C');
      await world.host.send({ type: 'signal', signal: { name, id: `${flow.flow}-2` } });
      await untilStatus(world, id, 'completed');
    },
  },
  {
    what: 'goes on with a pause between attempts',
    needs: ['durable', 'clock'],
    async run(world) {
      const { id } = await begin(
        world,
        process('A', { A: { ...by('flaky'), retry: { maxAttempts: 3, backoff: 'PT1H', factor: 1 } } }),
      );
      for (let attempt = 1; attempt < 3; attempt++) {
        await until(world, id, 'it pauses', (view) => view.waits.length > 0 && called(world).length === attempt);
        await world.reopen();
        await world.pass(3_600_000);
        await eventually('the next attempt', () => called(world).length > attempt);
      }
      await untilStatus(world, id, 'completed');
      same(called(world), ['A', 'A', 'A'], 'What was called');
    },
  },
  {
    what: 'goes on in the middle of undoing',
    needs,
    async run(world) {
      const flow = process(
        'A -> B -> X',
        { A: { compensation: 'unA' }, B: { compensation: 'unB' }, X: by('refuse'), unA: {}, unB: by('hold') },
        { spheres: [{ id: 's', kind: 'compensation', activities: ['A', 'B', 'X'] }] },
      );
      const { id } = await begin(world, flow);
      await eventually('unB is called', () => called(world).includes('unB'));
      await world.reopen();
      await eventually('unB is called again', () => called(world).filter((what) => what === 'unB').length === 2);
      await world.letGo();
      same((await untilStatus(world, id, 'failed')).failure?.compensated, true, 'That it was undone');
      same(called(world), ['A', 'B', 'X', 'unB', 'unB', 'unA'], 'What was called');
    },
  },
  {
    what: 'goes on with a call of another flow, also before that flow is deployed again',
    needs,
    async run(world) {
      const callee = process('Inner', { Inner: person }, { ...roles, output: { done: '"yes"' } });
      await world.host.deploy(callee);
      const caller = process('C -> B', {
        C: { type: 'call', implementation: undefined, calls: callee.flow, output: { got: '$output.done' } },
      });
      const { id } = await begin(world, caller);
      const child = await eventually('the called flow waits', async () => {
        const [found] = await world.host.list({ flow: callee.flow });
        return found?.tasks.length === 1 && found;
      });
      await world.reopen([]);
      await world.host.send({ type: 'complete', task: child.tasks[0]!.id, user: ada });
      same((await untilStatus(world, id, 'completed')).variables['got'], 'yes', 'What came back');
      same((await world.host.list({ flow: callee.flow })).length, 1, 'The number of called instances');
    },
  },
  {
    what: 'goes on with the definition an instance was started with when only a newer one is deployed again',
    needs,
    async run(world) {
      const old = process('U -> B', { U: person }, roles);
      const { id } = await begin(world, old);
      const task = (await untilTask(world, id, 'U')).id;
      await world.reopen([{ ...process('U -> C', { U: person }, roles), flow: old.flow }]);
      await world.host.send({ type: 'complete', task, user: ada });
      await untilStatus(world, id, 'completed');
      same(called(world), ['B'], 'What was called');
    },
  },
  {
    what: 'keeps a failure and lets it be retried after a restart',
    needs,
    async run(world) {
      const flow = process(
        'A -> B',
        { A: { implementation: { ref: 'refuse', select: "ok ? 'work' : 'refuse'" } } },
        { variables: { ok: { initial: false } } },
      );
      const { id } = await begin(world, flow);
      await untilStatus(world, id, 'failed');
      await world.reopen();
      same((await world.host.get(id))!.failure?.code, 'NoStock', 'The failure');
      await world.host.retry(id, { variables: { ok: true } });
      await untilStatus(world, id, 'completed');
    },
  },
  {
    what: 'starts one instance per business key also across a restart',
    needs,
    async run(world) {
      const flow = process('U', { U: person }, roles);
      const first = await begin(world, flow, {}, { key: 'order', once: true });
      await world.reopen();
      same((await world.host.start(flow.flow, {}, { key: 'order', once: true })).id, first.id, 'The instance');
    },
  },
];
