// SIGKILL at random moments: engine, flow service, gateway, each and all. `npm run test:server -- --only=kill --cycles 60`;
// with `--write` it adds its figures to docs/server.md.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { isDeepStrictEqual } from 'node:util';
import { createRemoteHost, type RemoteHost } from '../../src/hosts/remote/index.js';
import type { FlowDefinition, InstanceView } from '../../src/index.js';
import { codeOf, publishRun } from '../../test/published-runs.js';
import { eventually, startTestServer, type TestServer } from './harness.js';
import { KillFigures, tables } from './kill-figures.js';
import { CALLS, FLOWS, OUTPUTS } from './kill-flows.js';

const CYCLES = Number(process.env['KILL_CYCLES'] ?? 8);
const PARTS = ['engine', 'flow-service', 'gateway'];

describe('kills at random moments', () => {
  let t: TestServer;
  let host: RemoteHost;
  const figures = new KillFigures();
  before(async () => {
    t = await startTestServer();
    await t.deploy(...FLOWS);
    const request: typeof fetch = async (...asked) => {
      const response = await fetch(...asked);
      if (response.ok && new Headers(asked[1]?.headers).has('last-event-id')) figures.resumed++;
      return response;
    };
    host = createRemoteHost({ url: t.url, apiKey: t.keyOf('operator'), delegate: true, fetch: request });
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
      if (last && last.v >= view.v) figures.violation(`${view.id} went back from ${last.v} to ${view.v}`);
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
          const completed = host.send({ type: 'complete', task: id, user, output: 'yes' });
          await completed.then(() => figures.acknowledged('completion', id)).catch(() => {});
        }
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
    })();

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
        const instance = await host.start(flow, flow === 'message' ? { key } : {});
        started.push(instance);
        figures.acknowledged('start', instance.id);
        if (flow !== 'message') continue;
        await host.send({ type: 'signal', signal: { name: 'go', key, id: key } });
        figures.acknowledged('signal', key);
      }
      // The moment is the subject here, so this one waits by the clock.
      await new Promise((resolve) => setTimeout(resolve, random() * 500));
      const names = PARTS.filter(() => random() < 0.5);
      const pids = t.server.pids();
      for (const name of names.length > 0 ? names : PARTS) {
        const pid = pids[name];
        if (pid === undefined) continue;
        process.kill(pid, 'SIGKILL');
        figures.killed(name);
      }
      figures.cycles++;
    }
    await eventually('everything that waited has been sent', async () => {
      await host.flush();
      return (await host.pending()) === 0;
    });
    const ids = started.map(({ id }) => id);
    const underWay = (): readonly string[] => ids.filter((id) => newest.get(id)?.status !== 'completed');
    await eventually('all instances are completed, in the stream', () => underWay().length === 0, 180_000).catch(
      () => {},
    );
    for (const id of underWay())
      figures.violation(
        `${id} is not completed in the stream; on the server: ${JSON.stringify(await t.operator.instance(id))}`,
      );
    done.abort();
    await people;

    const lines = t.calls();
    for (const { id, flow } of started) {
      const output = newest.get(id)?.output;
      const keys = new Set(lines.filter(({ key }) => key.startsWith(`${id}/`)).map(({ key }) => key));
      if (keys.size !== CALLS[flow]) figures.violation(`${flow} ${id} called ${[...keys].join(', ')}`);
      const wanted = OUTPUTS[flow];
      if (wanted && !isDeepStrictEqual(output, wanted))
        figures.violation(`${flow} ${id} gave ${JSON.stringify(output)}`);
    }
    const begun = lines.filter(({ phase }) => phase === 'begun');
    for (const [i, { key, phase }] of lines.entries())
      if (phase === 'begun' && i >= (over.get(key) ?? Infinity))
        figures.violation(`${key} was called again after it was known to be completed`);
    figures.instances = ids.length - underWay().length;
    figures.calls = begun.length;
    figures.repeated = begun.length - new Set(begun.map(({ key }) => key)).size;
    test.diagnostic(JSON.stringify(figures));
    if (process.env['KILL_WRITE'])
      publishRun(
        { page: 'docs/server.md', suite: 'test:server --only=kill' },
        figures.run(String(seed), codeOf()),
        tables,
      );
    assert.deepEqual(figures.violations, []);
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
