// Drives the page of the benchmarks in Chromium: bundled and minified as a site has it, served on loopback, in a fresh profile.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { extname, join } from 'node:path';
import { build } from 'esbuild';
import { chromium, type BrowserContext, type Page } from 'playwright-core';
import type { Result } from '../measure.js';
import type { ClickTimes } from './elements.js';
import type { ComeBack, PersistenceResult } from './persistence.js';
import type { Times } from './stored.js';

export interface BrowserResults {
  readonly browser: string;
  readonly steps: readonly Result[];
  readonly persistence: readonly PersistenceResult[];
  readonly comeBack: readonly ComeBack[];
  readonly lists: Times;
  readonly resumes: Times;
  readonly firstFlows: Times;
  readonly longHistory: Times;
  /** Bytes of heap that one instance keeps that waits. */
  readonly waitingBytes: number;
  readonly upgrades: Readonly<Record<string, readonly number[]>>;
  readonly clicks: ClickTimes;
  /** Milliseconds of each interaction, with the processor slowed down. */
  readonly interactions: readonly number[];
  readonly stored: number;
}

export interface BrowserOptions {
  readonly root: string;
  readonly executable: string;
  readonly rounds: number;
  /** Instances stored for coming back and for the delay of interactions. */
  readonly stored: number;
}

const SLOWER = 4;
const PRESSES = 10;
/** In the past of the instance with a long history. */
const EVENTS = 10_000;
/** Instances that wait, beside as many as the page had before. */
const WAITING = 2_000;
/** Profiles that have nothing stored: one alone may be lucky or not for as long as it lives. */
const PROFILES = 5;

export async function measureInBrowser({ root, executable, rounds, stored }: BrowserOptions): Promise<BrowserResults> {
  const folder = mkdtempSync(join(tmpdir(), 'millrace-bench-'));
  await build({
    entryPoints: [join(root, 'bench/browser/page.ts')],
    bundle: true,
    splitting: true,
    format: 'esm',
    minify: true,
    target: 'es2022',
    outdir: folder,
    logLevel: 'error',
    define: { 'process.env.NODE_ENV': '"production"' },
  });
  const server = createServer((request, response) => {
    // With these Chromium's clock is fine enough.
    response.setHeader('cross-origin-opener-policy', 'same-origin');
    response.setHeader('cross-origin-embedder-policy', 'require-corp');
    if (request.url === '/')
      return void response
        .setHeader('content-type', 'text/html')
        .end(
          '<!doctype html><title>bench</title><link rel="icon" href="data:,"><script type="module" src="page.js"></script><body>',
        );
    response.setHeader('content-type', extname(request.url!) === '.js' ? 'text/javascript' : 'text/plain');
    response.end(readFileSync(join(folder, request.url!.slice(1))));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  const profile = async (name: string): Promise<BrowserContext> => {
    const context = await chromium.launchPersistentContext(join(folder, name), {
      executablePath: executable,
      args: ['--js-flags=--expose-gc', ...(process.platform === 'linux' ? ['--no-sandbox'] : [])],
    });
    context.setDefaultTimeout(600_000);
    return context;
  };
  const emptyStores: PersistenceResult[] = [];
  for (let i = 1; i < PROFILES; i++) {
    const fresh = await profile(`fresh-${i}`);
    emptyStores.push(...(await runIn<readonly PersistenceResult[]>(fresh, url, 'persistence', [[1], rounds])));
    await fresh.close();
  }
  const context = await profile('profile');
  try {
    const run = <T>(what: string, ...args: readonly unknown[]): Promise<T> => runIn(context, url, what, args);
    const few = Math.max(3, Math.ceil(rounds / 4));
    const steps = await run<readonly Result[]>('steps', rounds);
    const upgrades = await run<BrowserResults['upgrades']>('upgrades', 1000, Math.max(9, rounds));
    const clicks = await run<ClickTimes>('clicks', rounds);
    // The first finds empty stores, too, and code that is not compiled yet.
    const [empty, ...later] = await run<readonly PersistenceResult[]>('persistence', [1, 1, 8, 64], rounds);
    const persistence = [pooled([...emptyStores, empty!]), ...later];
    await run('fill', stored);
    const comeBack: ComeBack[] = [];
    for (let round = 0; round < 3; round++) comeBack.push(await run<ComeBack>('comeBack'));
    await run('storeWaiting', 'waiting', stored);
    const lists = await run<Times>('lists', 'waiting', few);
    const firstFlows = await run<Times>('firstFlows', 'waiting', few);
    const resumes = await run<Times>('resumes', 'calling', stored, few);
    const longHistory = await run<Times>('longHistory', 'again', EVENTS, rounds);
    const waitingBytes = await heapOfWaiting(await opened(await context.newPage(), url));
    const interactions = await delays(await opened(await context.newPage(), url));
    return {
      browser: context.browser()?.version() ?? 'Chromium',
      steps,
      upgrades,
      clicks,
      persistence,
      comeBack,
      lists,
      firstFlows,
      resumes,
      longHistory,
      waitingBytes,
      interactions,
      stored,
    };
  } finally {
    await context.close();
    server.close();
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  }
}

async function runIn<T>(context: BrowserContext, url: string, what: string, args: readonly unknown[]): Promise<T> {
  console.error(`in Chromium: ${what}`);
  const page = await opened(await context.newPage(), url);
  const result = await page.evaluate(
    ([name, given]) =>
      (globalThis as unknown as { bench: Record<string, (...all: unknown[]) => Promise<unknown>> }).bench[name]!(
        ...given,
      ),
    [what, args] as const,
  );
  await page.close();
  return result as T;
}

/** All rounds of several that have measured the same. */
function pooled(results: readonly PersistenceResult[]): PersistenceResult {
  const [first] = results as readonly [PersistenceResult];
  const times = Object.fromEntries(
    Object.keys(first.times).map((one) => [one, results.flatMap((result) => result.times[one]!)]),
  );
  return { ...first, times };
}

async function opened(page: Page, url: string): Promise<Page> {
  await page.goto(url);
  await page.waitForFunction(() => 'bench' in globalThis);
  return page;
}

/** After collecting garbage, as the difference of many. */
async function heapOfWaiting(page: Page): Promise<number> {
  console.error('in Chromium: heap');
  const session = await page.context().newCDPSession(page);
  const keep = (count: number): Promise<unknown> =>
    page.evaluate(
      (many) =>
        (globalThis as unknown as { bench: { keepWaiting(name: string, n: number): Promise<void> } }).bench.keepWaiting(
          'heap',
          many,
        ),
      count,
    );
  const used = async (): Promise<number> => {
    await session.send('HeapProfiler.collectGarbage');
    return ((await session.send('Runtime.getHeapUsage')) as { usedSize: number }).usedSize;
  };
  await keep(WAITING);
  const before = await used();
  await keep(2 * WAITING);
  const bytes = ((await used()) - before) / (2 * WAITING);
  await page.close();
  return bytes;
}

/** Presses by the browser's own input, with the processor slowed down, on a page that has the stored instances to look after. */
async function delays(page: Page): Promise<readonly number[]> {
  const session = await page.context().newCDPSession(page);
  await page.evaluate(() => {
    const all = globalThis as unknown as { bench: { interactions(): unknown }; seen: unknown };
    all.seen = all.bench.interactions();
  });
  await page.getByRole('button', { name: 'Open' }).first().waitFor();
  await session.send('Emulation.setCPUThrottlingRate', { rate: SLOWER });
  for (let i = 0; i < PRESSES; i++)
    for (const name of ['Answer', 'Begin', 'Plain']) {
      await page.getByRole('button', { name, exact: true }).click();
      await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve, 50))));
    }
  return page.evaluate(() => (globalThis as unknown as { seen: { durations(): readonly number[] } }).seen.durations());
}
