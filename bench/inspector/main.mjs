// `npm run bench:inspector`: how long the inspector takes, in headless Chromium. With `--pictures`, it also photographs
// graph, sequence and timeline of the twelve example flows into docs/images/inspector.
import { mkdirSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { build } from 'esbuild';
import { chromium } from 'playwright-core';
import { findOrInstallBrowser } from '../../scripts/setup/browser.mjs';

const { outputFiles } = await build({
  entryPoints: [join(import.meta.dirname, 'page.ts')],
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
  else {
    console.log('live, 200 activities:', await page.evaluate(() => globalThis.bench.live(8)));
    console.log('layout of 1,000 activities, ms:', await page.evaluate(() => globalThis.bench.layout(1000)));
    console.log('jumps in a long journal, ms:', await page.evaluate(() => globalThis.bench.jumps(10_000)));
  }
} finally {
  await browser.close();
  server.close();
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
      if (tab === 'graph') await page.getByRole('button', { name: 'Fit', exact: true }).click();
      await page.waitForTimeout(300);
      const { x, y, width, height } = await page.locator('flow-inspector').boundingBox();
      const clip = { x, y, width, height: Math.min(height, 520) };
      await page.screenshot({ type: 'jpeg', quality: 30, clip, path: join(folder, `${name}-${tab}.jpg`) });
    }
  }
}
