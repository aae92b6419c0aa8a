// Three nodes of the engine on loopback; one is killed under load.
import assert from 'node:assert/strict';
import { mkdtempSync, openSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import type { FlowDefinition } from '../../src/index.js';
import type { EnginePorts } from '../src/engine/configuration.js';
import { isHealthy } from '../src/engine/health.js';
import { engineNode } from '../src/engine/node.js';
import { supervise, type Supervised } from '../src/supervisor.js';
import { eventually, freePorts, startTestServer, type TestServer } from './harness.js';

const names = ['A', 'B', 'C'];
const chain = (flow: string, kind: FlowDefinition['kind']): FlowDefinition => ({
  flow,
  kind,
  output: { n: 'n' },
  variables: { n: { initial: 0 } },
  activities: names.map((id) => ({ id, type: 'service', implementation: { ref: 'work' }, output: { n: 'n + 1' } })),
  connectors: names.slice(1).map((to, i) => ({ id: `c${i}`, from: names[i]!, to })),
});

/** For a machine that has much else to do, ms. The tests end as soon as what they wait for has come. */
const PATIENCE = 300_000;

function takesRequests(ingress: number): Promise<boolean> {
  return fetch(`http://127.0.0.1:${ingress}/restate/health`, { signal: AbortSignal.timeout(5000) }).then(
    ({ ok }) => ok,
    () => false,
  );
}

describe('a cluster of three', () => {
  const folder = mkdtempSync(join(tmpdir(), 'millrace-cluster-'));
  const nodes: Supervised[] = [];
  let ports: readonly number[] = [];
  let t: TestServer;
  const of = (i: number): EnginePorts => {
    const [node, ingress, admin] = ports.slice(3 * i, 3 * i + 3);
    return { node: node!, ingress: ingress!, admin: admin! };
  };
  /** Two of three are needed for every write: the next may be killed only when the last has come back. */
  const untilWhole = async (): Promise<void> => {
    for (const i of [0, 1, 2]) {
      const { admin, ingress } = of(i);
      await eventually(`node ${i} is healthy`, () => isHealthy(`http://127.0.0.1:${admin}`), PATIENCE);
      await eventually(`node ${i} takes requests`, () => takesRequests(ingress), PATIENCE);
    }
  };
  before(async () => {
    ports = await freePorts(9);
    const cluster = [0, 1, 2].map((i) => ports[3 * i]!);
    const output = openSync(join(folder, 'engine.log'), 'a');
    for (const i of [0, 1, 2]) {
      const spec = engineNode({ folder: join(folder, `n${i}`), name: `n${i}`, ports: of(i), cluster });
      nodes.push(supervise({ ...spec, output }, () => {}));
    }
    await untilWhole();
    t = await startTestServer({
      engine: {
        start: false,
        ingress: [0, 1, 2].map((i) => `http://127.0.0.1:${of(i).ingress}`),
        admin: `http://127.0.0.1:${of(0).admin}`,
      },
    });
    await t.deploy(chain('at-once', 'microflow'), chain('lasting', 'process'));
  });
  after(async () => {
    await t?.close();
    await Promise.all(nodes.map((node) => node.stop()));
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  });

  for (const victim of [1, 2, 0]) {
    it(`fails no request and loses no instance when node ${victim} is killed under load`, async (test) => {
      await untilWhole();
      const ended = new AbortController();
      const started: string[] = [];
      const slowest = { ms: 0 };
      let answered = 0;
      const load = Array.from({ length: 8 }, async (_, i) => {
        while (!ended.signal.aborted) {
          const at = performance.now();
          if (i % 2 === 0) {
            const { status, body } = await t.operator.post('/v1/run/at-once');
            assert.deepEqual([status, body], [200, { n: 3 }]);
          } else {
            started.push((await t.operator.start('lasting')).id);
          }
          slowest.ms = Math.max(slowest.ms, performance.now() - at);
          answered++;
        }
      });
      const all = Promise.all(load);
      // A request that fails ends the wait: it says more than that the wait was in vain.
      const answering = (more: number): Promise<unknown> => {
        const enough = answered + more;
        return Promise.race([all, eventually(`${more} more are answered`, () => answered > enough, PATIENCE)]);
      };
      try {
        await answering(40);
        process.kill(nodes[victim]!.pid!, 'SIGKILL');
        await answering(40);
      } finally {
        ended.abort();
      }
      await all;
      const isCompleted = async (id: string): Promise<boolean> =>
        (await t.operator.instance(id)).status === 'completed';
      for (const id of started) await eventually(`${id} is completed`, () => isCompleted(id), PATIENCE);
      test.diagnostic(`${answered} requests, none failed; the slowest took ${Math.round(slowest.ms)} ms`);
    });
  }
});
