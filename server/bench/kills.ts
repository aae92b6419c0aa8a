// How long callers wait while parts of the server are killed: a client that sends again what got no answer, with the same key, and
// counts from its first try to the answer. `node --import tsx server/bench/kills.ts [kills of each] [concurrency]`
import { randomUUID } from 'node:crypto';
import { cpus } from 'node:os';
import { eventually, startTestServer, type TestServer } from '../test/harness.js';
import { chainOf } from './chain.js';

const KILLS = Number(process.argv[2] ?? 5);
const CONCURRENCY = Number(process.argv[3] ?? 10);
/** Requests between two kills: by then the one before is over. */
const BETWEEN = 200;
const BETWEEN_TRIES = 50;

interface Waited {
  readonly ms: number;
  readonly tries: number;
}

const t = await startTestServer();
try {
  await t.deploy(chainOf('chain', 'process', 5));
  console.log(
    `${cpus().length} cores (${cpus()[0]?.model}), Node ${process.versions.node}, ${CONCURRENCY} at a time, ${KILLS} kills each\n`,
  );
  console.log('| killed | requests | refused in the end | sent again | p50 ms | p99 ms | slowest, ms |');
  console.log('|---|---|---|---|---|---|---|');
  await during([], 1);
  for (const parts of [[], ['gateway'], ['flow-service'], ['engine'], ['engine', 'flow-service', 'gateway']]) {
    const waited = await during(parts, KILLS);
    const times = waited.map(({ ms }) => ms).sort((a, b) => a - b);
    const at = (share: number): string => times[Math.floor((times.length - 1) * share)]!.toFixed(0);
    const again = waited.filter(({ tries }) => tries > 1).length;
    console.log(
      `| ${parts.join(', ') || 'nothing'} | ${waited.length} | 0 | ${again} | ${at(0.5)} | ${at(0.99)} | ${at(1)} |`,
    );
  }
} finally {
  await t.close();
}

/** Keeps the server busy and kills so many times; gives what every request took. */
async function during(parts: readonly string[], kills: number): Promise<readonly Waited[]> {
  const all: Waited[] = [];
  const load = { isOver: false };
  const callers = Array.from({ length: CONCURRENCY }, async () => {
    while (!load.isOver) all.push(await call(t));
  });
  const answered = (more: number): Promise<unknown> => {
    const enough = all.length + more;
    return Promise.race([Promise.all(callers), eventually('they are answered', () => all.length >= enough)]);
  };
  for (let i = 0; i < kills; i++) {
    await answered(BETWEEN);
    const pids = t.server.pids();
    for (const part of parts) if (pids[part] !== undefined) process.kill(pids[part], 'SIGKILL');
  }
  await answered(BETWEEN);
  load.isOver = true;
  await Promise.all(callers);
  return all;
}

async function call({ url, keyOf }: TestServer): Promise<Waited> {
  const headers = {
    'x-api-key': keyOf('operator'),
    'content-type': 'application/json',
    'idempotency-key': randomUUID(),
  };
  const started = performance.now();
  for (let tries = 1; ; tries++) {
    const response = await fetch(`${url}/v1/run/chain`, { method: 'POST', headers, body: '{}' }).catch(() => undefined);
    const text = await response?.text().catch(() => undefined);
    // What takes longer than it waits is answered with an address to look at.
    if (response?.status === 200 && text !== undefined) return { ms: performance.now() - started, tries };
    if (response && response.status !== 503 && response.status !== 202 && text !== undefined)
      throw new Error(`${response.status} ${text}`);
    await new Promise((resolve) => setTimeout(resolve, BETWEEN_TRIES));
  }
}
