// Inspectors in a frame of a page that runs flows, in a real browser: who greets from the admitted origin is told.
import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, before, describe, it } from 'node:test';
import { join } from 'node:path';
import { build } from 'esbuild';
import { chromium, type Browser } from 'playwright-core';
import { findOrInstallBrowser } from '../../scripts/setup/browser.mjs';

interface Site {
  readonly origin: string;
  close(): void;
}

/** Serves `/NAME` as a page with the bundled script of that name. */
async function site(scripts: ReadonlyMap<string, string>): Promise<Site> {
  const server = createServer(({ url = '/' }, response) => {
    const name = new URL(url, 'http://x').pathname.slice(1);
    const script = scripts.get(name.replace('.js', ''));
    const isScript = name.endsWith('.js');
    response.writeHead(script ? 200 : 404, { 'content-type': isScript ? 'text/javascript' : 'text/html' });
    response.end(
      isScript ? script : `<!doctype html><title>x</title><body><script type="module" src="/${name}.js"></script>`,
    );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, close: () => server.close() };
}

describe('an inspector in a window', () => {
  const ends: (() => unknown)[] = [];
  let browser: Browser;
  let pages: Site;
  let inspectors: Site;

  before(async () => {
    const names = ['page', 'stately', 'xstate4'];
    const { outputFiles } = await build({
      entryPoints: names.map((name) => join(import.meta.dirname, `window/${name}.ts`)),
      bundle: true,
      format: 'esm',
      target: 'es2022',
      outdir: 'out',
      write: false,
      // What its ESM build wants is not in XState 4; its CommonJS build works.
      alias: { '@xstate/inspect': join(import.meta.dirname, '../node_modules/@xstate/inspect/lib/index.js') },
      logLevel: 'error',
    });
    const scripts = new Map(names.map((name, i) => [name, outputFiles[i]!.text]));
    pages = await site(scripts);
    inspectors = await site(scripts);
    browser = await chromium.launch({ executablePath: findOrInstallBrowser(), args: ['--no-sandbox'] });
    ends.push(() => browser.close(), pages.close, inspectors.close);
  });
  after(async () => {
    for (const end of ends) await end();
  });

  async function heardBy(client: string, admitted: string, enough: string): Promise<readonly unknown[]> {
    const page = await browser.newPage();
    const query = new URLSearchParams({ origin: admitted, frame: `${inspectors.origin}/${client}` });
    await page.goto(`${pages.origin}/page?${query}`);
    await page.waitForFunction(() => document.querySelector('iframe') !== null);
    const frame = await (await page.$('iframe'))!.contentFrame();
    await frame!.waitForFunction(() => (globalThis as { heard?: unknown[] }).heard !== undefined);
    if (enough) await frame!.waitForFunction(`JSON.stringify(heard).includes(${JSON.stringify(enough)})`);
    else
      await frame!.evaluate(
        () =>
          new Promise<void>((resolve) => {
            addEventListener('message', ({ data }) => data === 'pong' && resolve());
            parent.postMessage('ping', '*');
          }),
      );
    const heard = await frame!.evaluate(() => (globalThis as unknown as { heard: unknown[] }).heard);
    await page.close();
    return heard;
  }

  it('is told what it needs when it speaks the wire of XState 5', async () => {
    const heard = await heardBy('stately', inspectors.origin, '"value":"Look"');
    assert.ok(heard.length > 3);
  });

  it('is told what it needs when it speaks the wire of XState 4', async () => {
    const heard = await heardBy('xstate4', inspectors.origin, '"value":"Look"');
    assert.ok(heard.some((e) => (e as { type: string }).type === 'service.register'));
  });

  it('is told nothing when it is of another origin than the page has named', async () => {
    assert.deepEqual(await heardBy('stately', 'http://127.0.0.1:1', ''), []);
  });
});
