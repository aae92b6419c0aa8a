// The same definitions, the same commands, on the memory host and on the server: the same outcome.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { createRemoteHost, type RemoteHost } from '../../src/hosts/remote/index.js';
import {
  createMemoryHost,
  type FlowDefinition,
  type FlowHost,
  type InstanceView,
  type JsonObject,
} from '../../src/index.js';
import { describedFetch } from './described.js';
import { eventually, startTestServer, type TestServer } from './harness.js';

type Activity = FlowDefinition['activities'][number];
type Connectors = NonNullable<FlowDefinition['connectors']>;

const work = (id: string, more: Partial<Activity> = {}): Activity => ({
  id,
  type: 'service',
  implementation: { ref: 'nothing' },
  ...more,
});
const row = (...ids: readonly string[]): Connectors =>
  ids.slice(1).map((to, i) => ({ id: `${ids[i]}-${to}`, from: ids[i]!, to }));

interface Case {
  readonly what: string;
  readonly flow: Omit<FlowDefinition, 'flow' | 'kind'>;
  readonly input?: JsonObject;
  readonly calls?: FlowDefinition;
  /** What people and the outside do once it waits. */
  readonly then?: (host: FlowHost, view: InstanceView) => Promise<void>;
}

const complete =
  (output: string) =>
  async (host: FlowHost, { tasks }: InstanceView): Promise<void> => {
    for (const { id } of tasks) await host.send({ type: 'complete', task: id, user: ada, output });
  };
const ada = { id: 'ada', roles: ['sales'] };

const CASES: readonly Case[] = [
  {
    what: 'an inclusive split with a dead path and an inclusive join',
    flow: {
      input: { n: { type: 'number' } },
      output: { path: 'path' },
      activities: [work('A'), work('B'), work('C'), work('D', { output: { path: "'joined'" } })],
      connectors: [
        { id: 'c1', from: 'A', to: 'B', condition: 'n > 1' },
        { id: 'c2', from: 'A', to: 'C', condition: 'n > 100' },
        { id: 'c3', from: 'B', to: 'D' },
        { id: 'c4', from: 'C', to: 'D' },
      ],
    },
    input: { n: 5 },
  },
  {
    what: 'a loop over items in parallel, collected in order',
    flow: {
      output: { all: 'all' },
      activities: [
        {
          id: 'Each',
          type: 'script',
          output: { x: 'item * 2' },
          loop: { kind: 'forEach', items: '[1..5]', collect: 'all' },
        },
      ],
    },
  },
  {
    what: 'a subflow that repeats until it is enough',
    flow: {
      output: { n: 'n' },
      variables: { n: { initial: 0 } },
      activities: [work('A', { output: { n: 'n + 1' } }), work('B'), work('C')],
      connectors: row('A', 'B', 'C'),
      subflows: { S: { activities: ['A', 'B'], loop: { kind: 'until', condition: 'n >= 3' } } },
    },
  },
  {
    what: 'a failure taken by an error boundary event',
    flow: {
      output: { why: 'why' },
      activities: [
        work('A', {
          implementation: { ref: 'refuse' },
          boundary: [{ id: 'no', event: 'error', code: 'NoStock', output: { why: '$event.code' } }],
        }),
        work('B'),
      ],
      connectors: [{ id: 'c', from: 'A.no', to: 'B' }],
    },
  },
  {
    what: 'a failure that undoes what has been done',
    flow: {
      activities: [
        work('A', { compensation: 'UndoA' }),
        work('UndoA'),
        work('B', { implementation: { ref: 'refuse' } }),
      ],
      connectors: row('A', 'B'),
      spheres: [{ id: 's', kind: 'compensation', activities: ['A', 'B'] }],
    },
  },
  {
    what: 'a timer that takes over from a person',
    flow: {
      output: { late: 'late' },
      activities: [
        {
          id: 'U',
          type: 'user',
          role: 'sales',
          boundary: [{ id: 'late', event: 'timer', after: 'PT0.1S', output: { late: 'true' } }],
        },
        work('B'),
      ],
      connectors: [{ id: 'c', from: 'U.late', to: 'B' }],
    },
  },
  {
    what: 'two people, one after the other, not the same',
    flow: {
      output: { first: 'first' },
      activities: [
        { id: 'U', type: 'user', role: 'sales', output: { first: '$output' } },
        { id: 'V', type: 'user', role: 'sales', excludes: ['U'] },
      ],
      connectors: row('U', 'V'),
    },
    async then(host, view) {
      await complete('yes')(host, view);
      const [next] = await eventually('the second task', async () => {
        const found = (await host.get(view.id))!.tasks.filter(({ activity }) => activity === 'V');
        return found.length > 0 && found;
      });
      const task = next!.id;
      await assert.rejects(host.send({ type: 'complete', task, user: ada }), { code: 'FLOW-TASK-REFUSED' });
      await host.send({ type: 'complete', task, user: { id: 'bob', roles: ['sales'] } });
    },
  },
  {
    what: 'a message for which an event subflow waits beside the work',
    flow: {
      output: { told: 'told' },
      activities: [
        { id: 'U', type: 'user', role: 'sales' },
        { id: 'Note', type: 'script', output: { told: 'true' } },
      ],
      subflows: {
        On: {
          activities: ['Note'],
          trigger: { id: 'news', event: 'message', message: { name: 'news' }, interrupting: false },
        },
      },
    },
    async then(host, view) {
      await host.send({ type: 'signal', signal: { name: 'news' } });
      await eventually('it has been told', async () => (await host.get(view.id))!.variables['told'] === true);
      await complete('done')(host, view);
    },
  },
  {
    what: 'a call of another flow',
    calls: {
      flow: 'callee',
      kind: 'process',
      input: { n: { type: 'number' } },
      output: { twice: 'n * 2' },
      activities: [work('Inner')],
    },
    flow: {
      output: { got: 'got' },
      activities: [{ id: 'C', type: 'call', calls: 'callee', input: { n: '4' }, output: { got: '$output.twice' } }],
    },
  },
  {
    what: 'a cancel that undoes what has been done',
    flow: {
      activities: [work('A', { compensation: 'UndoA' }), work('UndoA'), { id: 'U', type: 'user', role: 'sales' }],
      connectors: row('A', 'U'),
      spheres: [{ id: 's', kind: 'compensation', activities: ['A'] }],
    },
    then: (host, view) => host.cancel(view.id, 'enough'),
  },
];

describe('the server does what the memory host does', () => {
  let t: TestServer;
  let server: RemoteHost;
  const memory = createMemoryHost({
    implementations: {
      nothing: (_, { idempotencyKey }) => ({ key: idempotencyKey }),
      refuse: () => {
        throw Object.assign(new Error('No stock.'), { code: 'NoStock', retryable: false });
      },
    },
  });
  before(async () => {
    t = await startTestServer();
    server = createRemoteHost({
      url: t.url,
      fetch: describedFetch(t.url),
      apiKey: t.keyOf('operator'),
      delegate: true,
    });
  });
  after(async () => {
    await server.close();
    await memory.close();
    await t.close();
  });

  async function outcome(host: FlowHost, one: Case, flow: FlowDefinition): Promise<unknown> {
    if (one.calls) await host.deploy(one.calls);
    await host.deploy(flow);
    const { id } = await host.start(flow.flow, one.input);
    if (one.then) {
      const waiting = await eventually('it waits', async () => {
        const view = await host.get(id);
        return view !== undefined && view.tasks.length > 0 && view;
      });
      await one.then(host, waiting);
    }
    const view = await eventually('it is at rest', async () => {
      const now = await host.get(id);
      return now !== undefined && now.status !== 'running' && now;
    });
    const activities = Object.entries(view.activities).map(
      ([name, { state, completed }]) => `${name} ${state} ${completed}`,
    );
    const history = (await host.history(id)).flatMap(({ changes }) => changes.map((c) => `${c.activity} ${c.state}`));
    const { status, output, failure, progress } = view;
    return { status, output, failure: failure?.code, progress, activities: activities.sort(), history: history.sort() };
  }

  for (const [i, one] of CASES.entries()) {
    it(one.what, async () => {
      const flow: FlowDefinition = { flow: `case-${i}`, kind: 'process', ...one.flow };
      const [expected, actual] = [await outcome(memory, one, flow), await outcome(server, one, flow)];
      assert.deepEqual(actual, expected);
    });
  }
});
