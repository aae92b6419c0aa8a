// Flows per second and latency, beside what the engine does for the same number of durable steps without us.
// `node --import tsx server/bench/throughput.ts [seconds] [concurrency]`
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { join } from 'node:path';
import type { Settings } from '../src/settings.js';
import { startTestServer } from '../test/harness.js';
import { chainOf } from './chain.js';

const SECONDS = Number(process.argv[2] ?? 20);
const CONCURRENCY = Number(process.argv[3] ?? 30);
const ROUNDS = 6;
/** Seconds of each that are not counted: by then the compilers of all processes have done their work. */
const WARMING = 5;
const STEPS = 5;

const t = await startTestServer();
const { engine } = JSON.parse(readFileSync(join(t.folder, 'settings.json'), 'utf8')) as Settings;
const raw = spawn(process.execPath, ['--import', 'tsx', join(import.meta.dirname, 'raw-service.ts')], {
  env: { ...process.env, ENGINE_ADMIN: engine.admin },
  stdio: ['ignore', 'pipe', 'inherit'],
});
try {
  await new Promise((ready) => raw.stdout.once('data', ready));
  await t.deploy(chainOf('chain', 'microflow', STEPS), chainOf('process', 'process', STEPS));
  const post = async (url: string, body: unknown, headers: Record<string, string> = {}): Promise<void> => {
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify(body),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${response.status} ${text}`);
  };
  const key = { 'x-api-key': t.keyOf('operator') };
  const cases = [
    {
      name: `engine alone: ${STEPS} durable steps in one invocation`,
      run: () => post(`${engine.ingress[0]}/Raw/run`, { steps: STEPS }),
    },
    { name: `microflow of ${STEPS} activities through the gateway`, run: () => post(`${t.url}/v1/run/chain`, {}, key) },
    { name: `process of ${STEPS} activities through the gateway`, run: () => post(`${t.url}/v1/run/process`, {}, key) },
  ];
  console.log(
    `${cpus().length} cores (${cpus()[0]?.model}), Node ${process.versions.node}, ${CONCURRENCY} at a time, ${SECONDS} s each\n`,
  );
  console.log(
    '| | per second | durable steps per second | p50 ms: alone, at once | p99 ms | CPU ms each: engine, flow service, gateway |',
  );
  console.log('|---|---|---|---|---|---|');
  // In rounds, so that each is measured as warm, and with as much else going on, as the others; each comes first as often as the others,
  // because the engine clears up after one while the next is measured.
  const found = cases.map(() => ({ all: [] as number[], alone: [] as number[], used: [0, 0, 0] }));
  for (const { run } of cases) await measure(run, WARMING, CONCURRENCY);
  for (let round = 0; round < ROUNDS; round++) {
    for (let nth = 0; nth < cases.length; nth++) {
      const i = (round + nth) % cases.length;
      const { run } = cases[i]!;
      const before = processors();
      found[i]!.all.push(...(await measure(run, SECONDS / ROUNDS, CONCURRENCY)));
      processors().forEach((ms, p) => (found[i]!.used[p]! += ms - before[p]!));
      found[i]!.alone.push(...(await measure(run, 1, 1)));
    }
  }
  for (const [i, { name }] of cases.entries()) {
    const { all, alone, used } = found[i]!;
    for (const times of [all, alone]) times.sort((x, y) => x - y);
    const rate = all.length / SECONDS;
    const each = used.map((ms) => (ms / all.length).toFixed(1)).join(', ');
    const cells = [
      rate.toFixed(0),
      (rate * STEPS).toFixed(0),
      `${at(alone, 0.5)}, ${at(all, 0.5)}`,
      at(all, 0.99),
      each,
    ];
    console.log(`| ${name} | ${cells.join(' | ')} |`);
  }
  const [first, ...ours] = found.map(({ all }) => all.length);
  console.log(`\nShares of the engine's own rate: ${ours.map((count) => (count / first!).toFixed(2)).join(', ')}.`);
} finally {
  raw.kill();
  await t.close();
}

async function measure(run: () => Promise<void>, seconds: number, concurrency: number): Promise<number[]> {
  const end = Date.now() + seconds * 1000;
  const times: number[] = [];
  const one = async (): Promise<void> => {
    while (Date.now() < end) {
      const started = performance.now();
      await run();
      times.push(performance.now() - started);
    }
  };
  await Promise.all(Array.from({ length: concurrency }, one));
  return times;
}

/** CPU time so far, ms: of the engine, the flow service (ours and the bare one), the gateway. Linux only, else zeros. */
function processors(): readonly number[] {
  const { engine: one, 'flow-service': two, gateway } = t.server.pids();
  return [[one], [two, raw.pid], [gateway]].map((pids) => pids.reduce((sum: number, pid) => sum + cpuOf(pid), 0));
}

function cpuOf(pid: number | undefined): number {
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]!.split(' ');
    // User and system time in ticks of 10 ms.
    return (Number(fields[11]) + Number(fields[12])) * 10;
  } catch {
    return 0;
  }
}

function at(sorted: readonly number[], share: number): string {
  return (sorted[Math.floor((sorted.length - 1) * share)] ?? 0).toFixed(0);
}
