// `npm run test:simulation`: random schedules through the core and the browser host, in Node. `--schedules N` (default
// 20,000), `--first N` (the first seed), `--jobs N` (threads), `--seed N`: one schedule, told in full.
import { Worker } from 'node:worker_threads';
import { pathToFileURL } from 'node:url';
import { bundleSimulation } from './bundle-simulation.mjs';

/** Schedules that a thread takes at a time. */
const PORTION = 500;
/** Failures that are told in full. */
const TOLD = 10;

export async function main(args) {
  const { seed, ...options } = numbers(args, { schedules: 20_000, first: 1, jobs: 1, seed: undefined });
  if (seed !== undefined) return tell(seed);
  const { failed } = await simulate(options);
  return failed > 0 ? 1 : 0;
}

/** Runs them and says what came of it. */
export async function simulate({ schedules, first = 1, jobs = 1 }) {
  const bundle = await bundleSimulation();
  try {
    const started = Date.now();
    const report = await runPortions(bundle.path, first, schedules, jobs);
    const seconds = ((Date.now() - started) / 1000).toFixed(1);
    const { instances, acknowledged, faults, commits, calls } = report.figures;
    console.log(
      `${report.schedules} schedules (seeds ${first} to ${first + schedules - 1}) in ${seconds} s: ${instances} instances, ` +
        `${acknowledged} acknowledgements, ${commits} commits, ${calls} calls, ${faults} faults, ${report.failed.length} failed`,
    );
    for (const { seed, violations } of report.failed.slice(0, TOLD)) {
      console.log(`\nseed ${seed} (npm run test:simulation -- --seed ${seed}):`);
      for (const violation of violations) console.log(`  ${violation}`);
    }
    return { passed: report.failed.length === 0 ? 1 : 0, failed: report.failed.length, report };
  } finally {
    bundle.remove();
  }
}

async function tell(seed) {
  const bundle = await bundleSimulation();
  try {
    const { runOne } = await import(pathToFileURL(bundle.path));
    const { violations, figures } = await runOne(seed, console.log);
    console.log(figures);
    for (const violation of violations) console.log(violation);
    console.log(violations.length === 0 ? 'Every promise was kept.' : `${violations.length} promises were broken.`);
    return violations.length === 0 ? 0 : 1;
  } finally {
    bundle.remove();
  }
}

async function runPortions(path, first, schedules, jobs) {
  const sum = { schedules: 0, failed: [], figures: {} };
  let next = first;
  const end = first + schedules;
  const take = async () => {
    while (next < end) {
      const [from, count] = [next, Math.min(PORTION, end - next)];
      next += count;
      const part = await inThread(path, from, count);
      sum.schedules += part.schedules;
      sum.failed.push(...part.failed);
      for (const [name, n] of Object.entries(part.figures)) sum.figures[name] = (sum.figures[name] ?? 0) + n;
      if (part.failed.length > 0)
        console.log(`  ${part.failed.length} failed, the first of them seed ${part.failed[0].seed}`);
    }
  };
  await Promise.all(Array.from({ length: jobs }, take));
  sum.failed.sort((a, b) => a.seed - b.seed);
  return sum;
}

/**
 * A portion in a thread of its own: a fresh start, so that no schedule depends on those before its portion. `patience`: ms that
 * one schedule may take.
 */
export function inThread(path, first, count, { untilFailures = Infinity, patience } = {}) {
  const script = `
    const { parentPort, workerData: { url, first, count, untilFailures } } = require('node:worker_threads');
    const beat = () => parentPort.postMessage(undefined);
    import(url).then((m) => m.runMany(first, count, untilFailures, beat)).then((r) => parentPort.postMessage(r));`;
  return new Promise((resolve, reject) => {
    const workerData = { url: pathToFileURL(path).href, first, count, untilFailures };
    const worker = new Worker(script, { eval: true, workerData });
    let schedules = 0;
    let timer;
    const listen = () => {
      clearTimeout(timer);
      if (patience === undefined) return;
      timer = setTimeout(() => {
        void worker.terminate();
        const violations = [`it did not end within ${patience / 1000} s`];
        resolve({ schedules, failed: [{ seed: first + schedules, violations }], figures: {} });
      }, patience);
    };
    listen();
    worker.on('message', (report) => {
      schedules++;
      if (!report) return listen();
      clearTimeout(timer);
      resolve(report);
    });
    worker.once('error', reject);
  });
}

function numbers(args, defaults) {
  const found = { ...defaults };
  for (let i = 0; i < args.length; i++) {
    const [, name, inline] = /^--(\w+)(?:=(.*))?$/.exec(args[i]) ?? [];
    const value = Number(inline ?? args[++i]);
    if (!name || !(name in defaults) || !Number.isSafeInteger(value)) {
      throw new Error(`"${args[i]}" is none of --${Object.keys(defaults).join(' N, --')} N.`);
    }
    found[name] = value;
  }
  return found;
}
