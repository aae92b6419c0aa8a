// The store of the simulation against the real one: the same random programs on both, and the same must be heard.
// `STORE_PROGRAMS=5000` tries more of them; `STORE_SEED=N` one.
import assert from 'node:assert/strict';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, before, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { chromium, type Browser as Chromium, type Page } from 'playwright-core';
import { findBrowser } from '../../scripts/setup/browser.mjs';
import { Browser } from '../simulation/browser.js';
import { Random } from '../simulation/random.js';
import { carryOut, type Program, type Transcript } from '../simulation/store-script.js';
import { randomPrograms } from '../simulation/store-programs.js';
import { KeyRange } from '../simulation/store/keys.js';

const SEEDS = Number(process.env['STORE_PROGRAMS'] ?? 300);
const ONE = process.env['STORE_SEED'];
/** Per visit of the page. */
const PORTION = 100;

describe('the simulated IndexedDB', () => {
  let server: Server;
  let chromiumBrowser: Chromium;
  let page: Page;

  before(async () => {
    const script = await bundled();
    server = createServer((request, response) => {
      const isScript = request.url === '/script.js';
      response.writeHead(200, { 'content-type': isScript ? 'text/javascript' : 'text/html' });
      response.end(isScript ? script : '<!doctype html><title>Store</title><script src="/script.js"></script>');
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    chromiumBrowser = await chromium.launch({
      executablePath: process.env['CHROME_PATH'] ?? findBrowser()!,
      args: process.platform === 'linux' ? ['--no-sandbox'] : [],
    });
    page = await chromiumBrowser.newPage();
    await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
  });
  after(async () => {
    await chromiumBrowser.close();
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });

  it('does what the one of a browser does, request by request', async (t) => {
    const seeds = ONE === undefined ? Array.from({ length: SEEDS }, (_, i) => i + 1) : [Number(ONE)];
    let lines = 0;
    for (let i = 0; i < seeds.length; i += PORTION) {
      const portion = seeds.slice(i, i + PORTION).map((seed) => ({ seed, programs: randomPrograms(new Random(seed)) }));
      const real = await page.evaluate((given) => globalThis.carryOutAll(given as never), portion as unknown);
      for (const [n, { seed, programs }] of portion.entries()) {
        const simulated = await simulate(seed, programs);
        assert.deepEqual(simulated, real[n], `seed ${seed}: ${JSON.stringify(programs)}`);
        lines += simulated.reduce((sum, transcript) => sum + transcript.length, 0);
      }
    }
    t.diagnostic(`${seeds.length} programs, ${lines} lines alike`);
  });
});

async function simulate(seed: number, programs: readonly Program[]): Promise<readonly Transcript[]> {
  const browser = new Browser(seed, 0);
  const tab = browser.open();
  const platform = {
    indexedDB: tab.indexedDB as unknown as IDBFactory,
    IDBKeyRange: KeyRange as unknown as typeof IDBKeyRange,
    turn: () => new Promise<void>((resolve) => void tab.setTimeout(resolve, 1)),
  };
  const end: { result?: readonly Transcript[]; failure?: unknown } = {};
  tab.run(
    () =>
      void carryOut(platform, 'store', programs).then(
        (transcripts) => (end.result = transcripts),
        (error: unknown) => (end.failure = error),
      ),
  );
  for (;;) {
    if (end.result) return end.result;
    if ('failure' in end) throw end.failure;
    if (!(await browser.scheduler.step())) throw new Error(`The programs of seed ${seed} stand still.`);
  }
}

async function bundled(): Promise<string> {
  const path = fileURLToPath(new URL('../simulation/store-script.ts', import.meta.url));
  const { outputFiles } = await build({
    stdin: {
      contents: `import { carryOut } from ${JSON.stringify(path)};
        const platform = { indexedDB, IDBKeyRange, turn: () => new Promise((resolve) => setTimeout(resolve)) };
        globalThis.carryOutAll = async (all) => {
          const results = [];
          for (const { seed, programs } of all) {
            results.push(await carryOut(platform, 'store-' + seed, programs));
            indexedDB.deleteDatabase('store-' + seed);
          }
          return results;
        };`,
      loader: 'ts',
      resolveDir: '/',
    },
    bundle: true,
    write: false,
    format: 'iife',
    target: 'es2022',
    logLevel: 'error',
  });
  return outputFiles[0]!.text;
}

declare global {
  var carryOutAll: (
    all: readonly { readonly seed: number; readonly programs: readonly Program[] }[],
  ) => Promise<readonly (readonly Transcript[])[]>;
}
