// SIGKILL at random moments: engine, flow service, gateway, each and all. `npm run test:server -- --only=kill --cycles 60`.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { createRemoteHost, type RemoteHost } from '../../src/hosts/remote/index.js';
import type { FlowDefinition, InstanceView } from '../../src/index.js';
import { eventually, startTestServer, type TestServer } from './harness.js';

const CYCLES = Number(process.env['KILL_CYCLES'] ?? 8);

const service = (id: string): FlowDefinition['activities'][number] => ({
  id,
  type: 'service',
  implementation: { ref: 'work', arguments: { ms: '40' } },
});
const inARow = (...ids: readonly string[]): FlowDefinition['connectors'] =>
  ids.slice(1).map((to, i) => ({ id: `${ids[i]}-${to}`, from: ids[i]!, to }));

const FLOWS: readonly FlowDefinition[] = [
  {
    flow: 'chain',
    kind: 'process',
    output: { n: 'n' },
    variables: { n: { initial: 0 } },
    activities: ['A', 'B', 'C', 'D', 'E'].map((id) => ({ ...service(id), output: { n: 'n + 1' } })),
    connectors: inARow('A', 'B', 'C', 'D', 'E')!,
  },
  {
    flow: 'parallel',
    kind: 'process',
    activities: [service('A'), service('B'), service('C'), service('D'), { ...service('E'), join: 'and' }],
    connectors: ['B', 'C', 'D'].flatMap((id) => [
      { id: `A-${id}`, from: 'A', to: id },
      { id: `${id}-E`, from: id, to: 'E' },
    ]),
  },
  {
    flow: 'at-once',
    kind: 'microflow',
    output: { n: 'n' },
    variables: { n: { initial: 0 } },
    activities: ['A', 'B', 'C'].map((id) => ({ ...service(id), output: { n: 'n + 1' } })),
    connectors: inARow('A', 'B', 'C')!,
  },
  {
    flow: 'timer',
    kind: 'process',
    activities: [service('A'), { id: 'W', type: 'wait', after: 'PT0.3S' }, service('B')],
    connectors: inARow('A', 'W', 'B')!,
  },
  {
    flow: 'person',
    kind: 'process',
    output: { said: 'said' },
    activities: [service('A'), { id: 'U', type: 'user', role: 'sales', output: { said: '$output' } }, service('B')],
    connectors: inARow('A', 'U', 'B')!,
  },
  {
    flow: 'message',
    kind: 'process',
    input: { key: { type: 'string' } },
    activities: [service('A'), { id: 'R', type: 'receive', message: { name: 'go', key: 'key' } }, service('B')],
    connectors: inARow('A', 'R', 'B')!,
  },
  {
    flow: 'caller',
    kind: 'process',
    output: { n: 'n' },
    activities: [{ id: 'Call', type: 'call', calls: 'chain', output: { n: '$output.n' } }, service('B')],
    connectors: inARow('Call', 'B')!,
  },
];
/** What every instance of a flow calls, once each; of `caller` without what the called flow does. */
const CALLS: Readonly<Record<string, number>> = {
  chain: 5,
  parallel: 5,
  'at-once': 3,
  timer: 2,
  person: 2,
  message: 2,
  caller: 1,
};

describe('kills at random moments', () => {
  let t: TestServer;
  let host: RemoteHost;
  before(async () => {
    t = await startTestServer();
    await t.deploy(...FLOWS);
    host = createRemoteHost({ url: t.url, apiKey: t.keyOf('operator'), delegate: true });
  });
  after(async () => {
    await host.close();
    await t.close();
  });

  it(`lose nothing and repeat nothing that was acknowledged (${CYCLES} cycles)`, async (test) => {
    const seed = Number(process.env['KILL_SEED'] ?? Date.now() % 100_000);
    test.diagnostic(`KILL_SEED=${seed}`);
    let state = seed || 1;
    const random = (): number => (state = (state * 48271) % 2147483647) / 2147483647;

    const newest = new Map<string, InstanceView>();
    /** Key of a call that is known to be over → how many lines had been written by then. */
    const over = new Map<string, number>();
    host.watch(undefined, (view) => {
      const last = newest.get(view.id);
      assert.ok(!last || last.v < view.v, `${view.id} went back from ${last?.v} to ${view.v}`);
      newest.set(view.id, view);
      const written = t.calls().length;
      for (const { state: s, token } of Object.values(view.activities)) {
        const key = `${view.id}/${token}`;
        if (s === 'completed' && token !== undefined && !over.has(key)) over.set(key, written);
      }
    });

    const started: InstanceView[] = [];
    const done = new AbortController();
    const people = (async () => {
      // Does every task that appears; what fails on a killed server is done with the next look.
      while (!done.signal.aborted) {
        const tasks = await host.tasks().catch(() => []);
        for (const { id } of tasks) {
          const user = { id: 'ada', roles: ['sales'] };
          await host.send({ type: 'complete', task: id, user, output: 'yes' }).catch(() => {});
        }
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
    })();

    let kills = 0;
    for (let cycle = 0; cycle < CYCLES; cycle++) {
      // Mostly when it is at work, now and then while it is still coming back.
      const isPatient = random() < 0.8;
      await eventually('it is back', async () => {
        if (Object.values(t.server.pids()).includes(undefined)) return false;
        return (
          !isPatient ||
          fetch(`${t.url}/ready`).then(
            ({ ok }) => ok,
            () => false,
          )
        );
      });
      for (const { flow } of FLOWS) {
        const key = `${flow}-${cycle}`;
        started.push(await host.start(flow, flow === 'message' ? { key } : {}));
        if (flow === 'message') await host.send({ type: 'signal', signal: { name: 'go', key, id: key } });
      }
      // The moment is the subject here, so this one waits by the clock.
      await new Promise((resolve) => setTimeout(resolve, random() * 500));
      const names = ['engine', 'flow-service', 'gateway'].filter(() => random() < 0.5);
      const pids = t.server.pids();
      for (const name of names.length > 0 ? names : ['engine', 'flow-service', 'gateway']) {
        const pid = pids[name];
        if (pid === undefined) continue;
        process.kill(pid, 'SIGKILL');
        kills++;
      }
    }
    await eventually('everything that waited has been sent', async () => {
      await host.flush();
      return (await host.pending()) === 0;
    });
    const ids = started.map(({ id }) => id);
    await eventually(
      'all instances are completed, in the stream',
      () => ids.every((id) => newest.get(id)?.status === 'completed'),
      180_000,
    ).catch(async (error: unknown) => {
      const stuck = ids.filter((id) => newest.get(id)?.status !== 'completed');
      const real = await Promise.all(stuck.slice(0, 5).map((id) => t.operator.instance(id)));
      throw new Error(`${stuck.length} are not; on the server: ${JSON.stringify(real)}`, { cause: error });
    });
    done.abort();
    await people;

    const lines = t.calls();
    for (const { id, flow } of started) {
      const view = newest.get(id)!;
      const keys = new Set(lines.filter(({ key }) => key.startsWith(`${id}/`)).map(({ key }) => key));
      assert.equal(keys.size, CALLS[flow], `${flow} ${id} called ${[...keys].join(', ')}`);
      if (flow === 'chain' || flow === 'caller') assert.deepEqual(view.output, { n: 5 });
      if (flow === 'person') assert.deepEqual(view.output, { said: 'yes' });
    }
    const again = lines.filter(({ key, phase }, i) => phase === 'begun' && i >= (over.get(key) ?? Infinity));
    assert.deepEqual(again, [], 'calls begun again after they were known to be completed');
    const begun = lines.filter(({ phase }) => phase === 'begun');
    const repeated = begun.length - new Set(begun.map(({ key }) => key)).size;
    test.diagnostic(
      `${kills} kills, ${ids.length} instances, ${begun.length} calls, ${repeated} of them repeated by a kill under way`,
    );
  });

  it('leave it to a person whether a call that may happen only once has happened', async () => {
    const flow: FlowDefinition = {
      flow: 'once-only',
      kind: 'process',
      activities: [
        { id: 'Pay', type: 'service', implementation: { ref: 'work', arguments: { ms: '3000' }, onResume: 'once' } },
      ],
    };
    // A connection that is kept to a gateway that has been killed breaks when it is used next.
    await eventually('it is deployed', () => host.deploy(flow).catch(() => false as const));
    const { id } = await host.start('once-only');
    const begun = (): number => t.calls().filter(({ key, phase }) => key === `${id}/i1` && phase === 'begun').length;
    await eventually('the call is under way', () => begun() === 1);
    process.kill(t.server.pids()['flow-service']!, 'SIGKILL');
    const failed = await eventually('it has failed', async () => {
      const view = await t.operator.instance(id);
      return view.status === 'failed' && view;
    });
    assert.equal(failed.failure?.code, 'Indeterminate');
    assert.equal(begun(), 1);
    const { token } = failed.activities['Pay']!;
    assert.equal((await t.operator.post(`/v1/instances/${id}/skip`, { token })).status, 200);
    assert.equal((await t.operator.instance(id)).status, 'completed');
  });
});
