// Keeps the store that the present version writes: `node test/browser/stores/record.mjs` adds `version-N.json` for the number that
// `SCHEMA_VERSION` has. To be done once, before the number goes up; a file that is there is never written again.
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';
import { chromium } from 'playwright-core';
import { findOrInstallBrowser } from '../../../scripts/setup/browser.mjs';

const folder = mkdtempSync(join(tmpdir(), 'millrace-record-'));
await build({
  entryPoints: [new URL('recorded-page.ts', import.meta.url).pathname],
  bundle: true,
  splitting: true,
  format: 'esm',
  target: 'es2022',
  outdir: folder,
  logLevel: 'error',
});
const server = createServer((request, response) => {
  const isScript = request.url.endsWith('.js');
  response.setHeader('content-type', isScript ? 'text/javascript' : 'text/html');
  response.end(
    isScript
      ? readFileSync(join(folder, request.url.slice(1)))
      : '<!doctype html><script type="module" src="recorded-page.js"></script>',
  );
});
await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
const browser = await chromium.launch({
  executablePath: findOrInstallBrowser(),
  args: process.platform === 'linux' ? ['--no-sandbox'] : [],
});
try {
  const page = await browser.newPage();
  await page.goto(`http://127.0.0.1:${server.address().port}/`);
  await page.waitForFunction(() => 'record' in globalThis);
  const recorded = await page.evaluate(() => globalThis.record());
  const file = new URL(`version-${recorded.version}.json`, import.meta.url);
  if (existsSync(file))
    throw new Error(`${file.pathname} is there already: what a version has written stays as it is.`);
  writeFileSync(file, `${JSON.stringify(recorded, null, 2)}\n`);
  console.log(`written: ${file.pathname}`);
} finally {
  await browser.close();
  server.close();
  rmSync(folder, { recursive: true, force: true });
}
