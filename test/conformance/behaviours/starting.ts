// Starting, observing and finding instances.
import { by, person, process, receives, roles } from '../flows.js';
import { holds, refused, same } from '../expect.js';
import { ada, begin, called, eventually, until, untilStatus, untilTask, type Behaviour } from '../world.js';

export const starting: readonly Behaviour[] = [
  {
    what: 'runs a flow to its end and gives its output',
    async run(world) {
      const flow = process(
        'A -> B',
        { A: { input: { n: 'n' }, output: { m: '$output.n + 1' } } },
        { input: { n: true }, output: { m: 'm' } },
      );
      const { id } = await begin(world, flow, { n: 4 });
      const { output, activities, endedAt } = await untilStatus(world, id, 'completed');
      same(output, { m: 5 }, 'The output');
      same(activities['B']?.completed, 1, 'How often B has completed');
      holds(endedAt !== undefined, 'an instance that is over knows since when');
      same(called(world), ['A', 'B'], 'What was called');
    },
  },
  {
    what: 'gives an instance the id that was asked for, and gives it again to whoever starts it again',
    async run(world) {
      const flow = process('A', { A: person }, roles);
      const first = await begin(world, flow, {}, { id: `${flow.flow}-one` });
      const second = await world.host.start(flow.flow, {}, { id: `${flow.flow}-one` });
      same([first.id, second.id], [`${flow.flow}-one`, `${flow.flow}-one`], 'The ids');
      same((await world.host.list({ flow: flow.flow })).length, 1, 'The number of instances');
    },
  },
  {
    what: 'starts one instance when the same start is asked for twice at once',
    async run(world) {
      const flow = process('A -> B', { B: person }, roles);
      await world.host.deploy(flow);
      const id = `${flow.flow}-one`;
      await Promise.all([world.host.start(flow.flow, {}, { id }), world.host.start(flow.flow, {}, { id })]);
      await untilTask(world, id, 'B');
      same(called(world), ['A'], 'What was called');
    },
  },
  {
    what: 'starts one instance per business key, and another one when that is over',
    async run(world) {
      const flow = process('A', { A: person }, roles);
      const once = { key: 'order-1', once: true };
      const first = await begin(world, flow, {}, once);
      same((await world.host.start(flow.flow, {}, once)).id, first.id, 'The instance');
      holds(
        (await world.host.start(flow.flow, {}, { key: 'order-2', once: true })).id !== first.id,
        'another key, another instance',
      );
      await world.host.send({ type: 'complete', task: (await untilTask(world, first.id, 'A')).id, user: ada });
      await untilStatus(world, first.id, 'completed');
      holds((await world.host.start(flow.flow, {}, once)).id !== first.id, 'one that is over does not count');
    },
  },
  {
    what: 'starts one instance per business key also when many ask at the same moment',
    async run(world) {
      const flow = process('A', { A: person }, roles);
      await world.host.deploy(flow);
      const many = await Promise.all(
        Array.from({ length: 5 }, () => world.host.start(flow.flow, {}, { key: 'order', once: true })),
      );
      same(new Set(many.map(({ id }) => id)).size, 1, 'The number of instances');
    },
  },
  {
    what: 'refuses a flow that it does not know',
    run: (world) => refused(world.host.start('nobody-knows-this-flow', {}), 'FLOW-UNKNOWN'),
  },
  {
    what: 'refuses input that does not fit the schema, and starts nothing',
    async run(world) {
      const flow = process('A', {}, { input: { n: { type: 'number' } } });
      await refused(begin(world, flow, { n: 'four' }), 'FLOW-INPUT');
      same(await world.host.list({ flow: flow.flow }), [], 'What was started');
    },
  },
  {
    what: 'shows a watcher ever newer views, up to the end, and none after it has stopped watching',
    async run(world) {
      const flow = process('A -> B -> C', { B: receives('go-on') });
      const versions: number[] = [];
      const others: string[] = [];
      const { id } = await begin(world, flow);
      const stop = world.host.watch(id, (view) => versions.push(view.v));
      const stopAll = world.host.watch(undefined, (view) => others.push(view.id));
      await until(world, id, 'it waits', ({ waits }) => waits.length > 0);
      await world.host.send({ type: 'signal', signal: { name: 'go-on' } });
      const { v } = await untilStatus(world, id, 'completed');
      await eventually('the watcher knows of the end', () => versions.at(-1) === v);
      holds(
        versions.every((version, i) => i === 0 || version > versions[i - 1]!),
        `${versions.join(' ')} only grow`,
      );
      holds(others.includes(id), 'whoever watches all instances hears of this one');
      stop();
      stopAll();
      const heard = versions.length;
      const again = await world.host.start(flow.flow);
      await until(world, again.id, 'it waits', ({ waits }) => waits.length > 0);
      same(versions.length, heard, 'What was heard');
    },
  },
  {
    what: 'goes on when a watcher throws, tells the others, and reports what was thrown',
    async run(world) {
      const page = globalThis as { reportError?: (error: unknown) => void };
      const { reportError } = page;
      const reported: unknown[] = [];
      page.reportError = (error) => reported.push(error);
      try {
        const { id } = await begin(world, process('A -> B -> C', { B: receives('go-on') }));
        const heard: string[] = [];
        world.host.watch(id, () => {
          throw new Error('mine');
        });
        world.host.watch(id, ({ status }) => heard.push(status));
        await until(world, id, 'it waits', ({ waits }) => waits.length > 0);
        await world.host.send({ type: 'signal', signal: { name: 'go-on' } });
        await untilStatus(world, id, 'completed');
        await eventually('the other watcher knows of the end', () => heard.at(-1) === 'completed');
        holds(reported.length > 0, 'it is reported');
        holds(
          reported.every((error) => (error as Error).message === 'mine'),
          'nothing else is',
        );
      } finally {
        page.reportError = reportError;
      }
    },
  },
  {
    what: 'finds instances by flow, status, key, time, variables and number, the latest first',
    async run(world) {
      const flow = process('A -> B', { B: person }, { ...roles, input: { customer: true } });
      const done = process('A');
      const from = world.now();
      const one = await begin(world, flow, { customer: { id: 'c1' } }, { key: 'k1' });
      await world.pass(1000);
      const later = world.now();
      const two = await begin(world, flow, { customer: { id: 'c2' } }, { key: 'k2' });
      const over = await begin(world, done);
      await untilStatus(world, over.id, 'completed');
      const found = async (query: Parameters<typeof world.host.list>[0]): Promise<string[]> =>
        (await world.host.list(query)).map(({ id }) => id);
      same(await found({ flow: flow.flow }), [two.id, one.id], 'By flow');
      same(await found({ flow: flow.flow, status: 'completed' }), [], 'By status');
      same(await found({ flow: done.flow, status: ['completed', 'failed'] }), [over.id], 'By one of several');
      same(await found({ flow: flow.flow, key: 'k1' }), [one.id], 'By key');
      same(await found({ flow: flow.flow, startedFrom: later }), [two.id], 'By start');
      same(await found({ flow: flow.flow, startedFrom: from, startedBefore: later }), [one.id], 'By time');
      same(await found({ flow: flow.flow, variables: { 'customer.id': 'c1' } }), [one.id], 'By variable');
      same(await found({ flow: flow.flow, limit: 1 }), [two.id], 'The latest');
    },
  },
  {
    what: 'says nothing about an instance that is not there, and refuses to change it',
    async run(world) {
      same(await world.host.get('not-there'), undefined, 'The view');
      await refused(world.host.cancel('not-there'), 'FLOW-UNKNOWN-INSTANCE');
      await refused(world.host.send({ type: 'complete', task: 'not-there/i1', user: ada }), 'FLOW-UNKNOWN-INSTANCE');
    },
  },
  {
    what: 'goes on with the definition an instance was started with, whatever is deployed afterwards',
    async run(world) {
      const old = process('A -> B', { A: person }, roles);
      const { id, hash } = await begin(world, old);
      const newer = { ...process('A -> C', { A: person }, roles), flow: old.flow };
      const next = await begin(world, newer);
      holds(next.hash !== hash, 'another definition has another hash');
      for (const instance of [id, next.id]) {
        await world.host.send({ type: 'complete', task: (await untilTask(world, instance, 'A')).id, user: ada });
        await untilStatus(world, instance, 'completed');
      }
      same((await world.host.get(id))!.hash, hash, 'The hash');
      same(called(world), ['B', 'C'], 'What was called');
    },
  },
  {
    what: 'keeps a history, in order, of every change of every activity',
    async run(world) {
      const { id } = await begin(world, process('A -> B', { B: by('refuse') }));
      await untilStatus(world, id, 'failed');
      const history = await world.host.history(id);
      same(
        history.map(({ seq }) => seq),
        history.map((_, i) => i + 1),
        'The numbers',
      );
      const changes = history.flatMap((record) => record.changes.map((c) => `${c.activity} ${c.state}`));
      for (const change of ['A completed', 'B failed']) holds(changes.includes(change), `it says "${change}"`);
      holds(changes.indexOf('A completed') < changes.indexOf('B failed'), 'what came first stands first');
    },
  },
];
