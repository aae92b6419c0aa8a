// `npm run bench:inspector`: how long the inspector takes, in headless Chromium. With `--pictures`, it also photographs
// graph, sequence and timeline of the twelve example flows into docs/images/inspector.
import { mkdirSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { build } from 'esbuild';
import { chromium } from 'playwright-core';
import { findOrInstallBrowser } from '../../scripts/setup/browser.mjs';
import { spread, workPerFrame, workSince } from './main-thread.mjs';

const { outputFiles } = await build({
  entryPoints: {
    page: join(import.meta.dirname, 'page.ts'),
    'layout-thread': join(import.meta.dirname, '../../src/inspect/layout-thread.ts'),
  },
  bundle: true,
  splitting: true,
  format: 'esm',
  minify: true,
  outdir: 'out',
  write: false,
  target: 'es2022',
  define: { 'process.env.NODE_ENV': '"production"' },
});
const files = new Map(outputFiles.map(({ path, text }) => [path.slice(path.lastIndexOf('/')), text]));
const server = createServer(({ url }, response) => {
  const script = files.get(url);
  response.writeHead(200, { 'content-type': script ? 'text/javascript' : 'text/html' });
  response.end(
    script ??
      '<!doctype html><html lang="en"><meta charset="utf-8"><title>Inspector</title><style>body{margin:0.5rem}</style><script type="module" src="/page.js"></script></html>',
  );
});
await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
const browser = await chromium.launch({ executablePath: findOrInstallBrowser(), args: ['--no-sandbox'] });
try {
  const page = await browser.newPage({ viewport: { width: 940, height: 700 } });
  page.on('pageerror', (error) => console.error(error.message));
  await page.goto(`http://127.0.0.1:${server.address().port}/`);
  await page.waitForFunction(() => globalThis.bench);
  if (process.argv.includes('--pictures')) await photograph(page);
  else await measure(page);
} finally {
  await browser.close();
  server.close();
}

async function measure(page) {
  for (const alone of [true, false]) {
    const { result, ...work } = await workPerFrame(browser, page, () =>
      page.evaluate((nobodyLooks) => globalThis.bench.live(8, nobodyLooks), alone),
    );
    const { stepsPerSecond, frames } = result;
    console.log(alone ? 'nobody looks:' : 'live, 200 activities:', { stepsPerSecond, ...work, gaps: spread(frames) });
  }
  console.log('layout:', await page.evaluate(() => globalThis.bench.layout(1000)));
  const all = await page.evaluate(() => globalThis.bench.longJournal(10_000));
  const half = all >> 1;
  // Both ends, all over it, step by step forth and back.
  const anywhere = Array.from({ length: 30 }, (_, i) => 1 + ((i * 7919) % all));
  const targets = [1, all - 1, 2, all, ...anywhere, half, half + 1, half + 2, half + 1, half, half - 1, 5, all];
  const worked = await workSince(page);
  console.log(`jumps in a journal of ${all} steps:`);
  for (const tab of ['graph', 'sequence', 'timeline', 'steps', 'data', 'code']) {
    await page.evaluate((name) => globalThis.bench.openTab(name), tab);
    const [wall, cpu] = [[], []];
    for (const step of targets) {
      await worked();
      wall.push(await page.evaluate((to) => globalThis.bench.jump(to), step));
      cpu.push(await worked());
    }
    console.log(tab, { wall: spread(wall), cpu: spread(cpu) });
  }
}

async function photograph(page) {
  const folder = join(import.meta.dirname, '../../docs/images/inspector');
  mkdirSync(folder, { recursive: true });
  for (const name of await page.evaluate(() => globalThis.bench.names)) {
    await page.evaluate((flow) => globalThis.bench.show(flow), name);
    // What is to come has come when the picture stays as it is.
    await page.waitForTimeout(1500);
    for (const tab of ['graph', 'sequence', 'timeline']) {
      await page.locator(`#tab-${tab}`).click();
      // All of a large flow would be too small to read.
      if (tab === 'graph' && (await page.locator('flow-inspector .node').count()) < 40)
        await page.getByRole('button', { name: 'Fit', exact: true }).click();
      await page.waitForTimeout(300);
      const { x, y, width, height } = await page.locator('flow-inspector').boundingBox();
      const clip = { x, y, width, height: Math.min(height, 520) };
      await page.screenshot({ type: 'jpeg', quality: 30, clip, path: join(folder, `${name}-${tab}.jpg`) });
    }
  }
}
