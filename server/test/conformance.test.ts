// The host conformance suite on the server: one server for all behaviours, a tenant for each, so that every world is empty.
import { existsSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { createRemoteHost, type RemoteHost } from '../../src/hosts/remote/index.js';
import type { FlowDefinition } from '../../src/index.js';
import { behaviours, hostConformance } from '../../test/conformance/conformance.js';
import type { World } from '../../test/conformance/world.js';
import { describedFetch } from './described.js';
import { eventually, startTestServer, type TestServer } from './harness.js';
import { sha256 } from '../src/settings.js';

/** As the suite describes them; they run in the flow service, so calls are lines in a file and `letGo` is a file, too. */
const INSTRUMENTS = (folder: string): string => `
import { appendFileSync, existsSync } from 'node:fs';
const bare = (key) => key.slice(key.indexOf(':') + 1);
const tenantOf = (key) => key.slice(0, key.indexOf(':'));
const note = (what, key) => appendFileSync(process.env.MILLRACE_TEST_CALLS,
  JSON.stringify({ name: what, key: bare(key), phase: tenantOf(key) }) + '\\n');
export function work(args, { activity, idempotencyKey }) {
  note(activity, idempotencyKey);
  return { ...args, key: bare(idempotencyKey) };
}
export function refuse(args, { activity, idempotencyKey }) {
  note(activity, idempotencyKey);
  throw Object.assign(new Error('No stock.'), { code: 'NoStock', retryable: false });
}
const failures = new Map();
export function flaky(args, { activity, idempotencyKey }) {
  note(activity, idempotencyKey);
  const before = failures.get(idempotencyKey) ?? 0;
  failures.set(idempotencyKey, before + 1);
  if (before < 2) throw new Error('Not yet.');
  return 'at last';
}
export async function hold(args, { activity, idempotencyKey, signal }) {
  note(activity, idempotencyKey);
  while (!existsSync(${JSON.stringify(folder)} + '/go-' + tenantOf(idempotencyKey))) {
    signal.throwIfAborted();
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  return 'let go';
}
export const take = {
  prepare: work,
  commit: (_, { activity, idempotencyKey }) => note('commit ' + activity, idempotencyKey),
  rollback: (_, { activity, idempotencyKey }) => note('rollback ' + activity, idempotencyKey),
};
`;

describe('the server, like every host,', () => {
  const folder = mkdtempSync(join(tmpdir(), 'millrace-conformance-'));
  const tenants = behaviours.map((_, i) => `world-${i}`);
  let t: TestServer;
  let next = 0;
  before(async () => {
    const implementations = join(folder, 'instruments.mjs');
    writeFileSync(implementations, INSTRUMENTS(folder));
    const apiKeys = tenants.map((tenant) => ({
      id: tenant,
      sha256: sha256(tenant),
      tenant,
      roles: ['operator'],
      delegate: true,
    }));
    t = await startTestServer({ implementations, auth: { apiKeys } });
  });
  after(() => t.close());

  const open = async (): Promise<World> => {
    const tenant = tenants[next++]!;
    const deployed = new Map<string, FlowDefinition>();
    const opened = (): RemoteHost => {
      const host = createRemoteHost({
        url: t.url,
        fetch: describedFetch(t.url),
        apiKey: tenant,
        delegate: true,
        outbox: false,
      });
      const deploy = host.deploy.bind(host);
      host.deploy = (flow) => {
        if (!('plan' in flow)) deployed.set(flow.flow, flow);
        return deploy(flow);
      };
      return host;
    };
    let host = opened();
    const letGo = async (): Promise<void> => writeFileSync(join(folder, `go-${tenant}`), '');
    return {
      get host() {
        return host;
      },
      now: Date.now,
      pass: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
      calls: () =>
        t
          .calls()
          .filter(({ phase }) => (phase as string) === tenant)
          .map(({ name, key }) => ({ what: name, key })),
      letGo,
      // All that runs is killed; the same definitions, or others, are deployed again.
      async reopen(deploy = [...deployed.values()]) {
        await host.close();
        const killed = t.server.pids();
        for (const pid of Object.values(killed)) process.kill(pid!, 'SIGKILL');
        await eventually('it is back', async () => {
          const now = t.server.pids();
          const isNew = Object.entries(now).every(([name, pid]) => pid !== undefined && pid !== killed[name]);
          return isNew && (await fetch(`${t.url}/ready`).catch(() => undefined))?.ok === true;
        });
        host = opened();
        for (const flow of deploy) await host.deploy(flow);
      },
      async close() {
        if (!existsSync(join(folder, `go-${tenant}`))) await letGo();
        await host.close();
      },
    };
  };

  hostConformance({ name: 'server', abilities: ['durable', 'atomic'], open }, it);
});
