// Flows per second and latency, beside what the engine does for the same number of durable steps without us.
// `node --import tsx server/bench/throughput.ts [seconds] [concurrency]`
import { spawn } from 'node:child_process';
import { cpus } from 'node:os';
import { join } from 'node:path';
import type { FlowDefinition } from '../../src/index.js';
import { startTestServer } from '../test/harness.js';

const SECONDS = Number(process.argv[2] ?? 10);
const CONCURRENCY = Number(process.argv[3] ?? 50);
const STEPS = 5;

const names = Array.from({ length: STEPS }, (_, i) => `A${i}`);
const chain: FlowDefinition = {
  flow: 'chain',
  kind: 'microflow',
  activities: names.map((id) => ({ id, type: 'service', implementation: { ref: 'nothing' } })),
  connectors: names.slice(1).map((to, i) => ({ id: `c${i}`, from: names[i]!, to })),
};

const t = await startTestServer();
const { engine } = JSON.parse(
  await (await import('node:fs/promises')).readFile(join(t.folder, 'settings.json'), 'utf8'),
);
const raw = spawn(process.execPath, ['--import', 'tsx', join(import.meta.dirname, 'raw-service.ts')], {
  env: { ...process.env, ENGINE_ADMIN: engine.admin },
  stdio: ['ignore', 'pipe', 'inherit'],
});
try {
  await new Promise((ready) => raw.stdout.once('data', ready));
  await t.deploy(chain, { ...chain, flow: 'process', kind: 'process' });
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
  console.log('| | per second | durable steps per second | p50 ms | p99 ms |\n|---|---|---|---|---|');
  const rates: number[] = [];
  for (const { name, run } of cases) {
    await measure(run, 2, CONCURRENCY);
    const all = await measure(run, SECONDS, CONCURRENCY);
    const alone = await measure(run, 3, 1);
    rates.push(all.length / SECONDS);
    const row = [all.length / SECONDS, (all.length / SECONDS) * STEPS].map((n) => n.toFixed(0));
    console.log(`| ${name} | ${row.join(' | ')} | ${at(alone, 0.5)} alone, ${at(all, 0.5)} | ${at(all, 0.99)} |`);
  }
  console.log(`\nOurs is ${(rates[1]! / rates[0]!).toFixed(2)} of the engine's own rate.`);
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
  return times.sort((a, b) => a - b);
}

function at(sorted: readonly number[], share: number): string {
  return (sorted[Math.floor((sorted.length - 1) * share)] ?? 0).toFixed(0);
}
