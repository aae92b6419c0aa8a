import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { createReadStream, existsSync, readFileSync } from 'node:fs';
import { createServer, request as forward, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join, resolve } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { chromium, type Browser } from 'playwright-core';
import { startApi, type DemoApi } from '../../demo/api/server.mjs';
import { startSite } from '../../demo/site.mjs';
import { findBrowser } from '../../scripts/setup/browser.mjs';

const root = resolve(import.meta.dirname, '../..');
const readme = readFileSync(join(root, 'README.md'), 'utf8');
const example = /```html.*\n([\s\S]*?)```/.exec(readme)![1]!;

describe('the README', () => {
  let api: DemoApi;
  let server: Server;
  let browser: Browser;
  let url: string;

  before(async () => {
    execFileSync(process.execPath, [join(root, 'scripts/build.mjs')], { cwd: root, stdio: 'pipe' });
    api = await startApi();
    api.settings.delay = 0;
    server = createServer((request, response) => {
      // As strict as a page can be: no inline code, no eval, no inline styles.
      response.setHeader(
        'content-security-policy',
        "default-src 'self'; script-src 'self'; style-src 'self'; require-trusted-types-for 'script'",
      );
      const path = join(root, request.url!);
      if (request.url === '/')
        response
          .setHeader('content-type', 'text/html')
          .end(`<!doctype html><html lang="en"><title>x</title><body>${example}`);
      else if (request.url!.startsWith('/api/')) {
        request.pipe(
          forward({ port: api.port, path: request.url, method: request.method, headers: request.headers }, (answer) => {
            response.writeHead(answer.statusCode!, answer.headers);
            answer.pipe(response);
          }),
        );
      } else if (request.url!.startsWith('/dist/') && existsSync(path)) {
        createReadStream(path).pipe(response.setHeader('content-type', 'text/javascript'));
      } else response.writeHead(404).end();
    });
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
    browser = await chromium.launch({
      executablePath: process.env['CHROME_PATH'] ?? findBrowser()!,
      args: ['--no-sandbox'],
    });
  });
  after(async () => {
    await browser.close();
    server.close();
    await api.close();
  });

  it('has an example of at most a dozen lines that works in a page with one script tag, under a strict CSP', async () => {
    assert.ok(example.trim().split('\n').length <= 12);
    const page = await browser.newPage();
    const problems: string[] = [];
    page.on('pageerror', (error) => problems.push(error.message));
    page.on(
      'console',
      (message) =>
        message.type() === 'error' && !/favicon/.test(message.location().url) && problems.push(message.text()),
    );
    await page.goto(url);
    await page.getByRole('button', { name: 'Get the price' }).click();
    await page.waitForFunction(() => document.querySelector('output')!.value === '599', undefined, { timeout: 60_000 });
    assert.deepEqual(problems, []);
  });

  it('has the example as a page of the demo, which works there too', async () => {
    const file = readFileSync(join(root, 'demo/price.html'), 'utf8');
    assert.equal(file.slice(file.indexOf('<script')), example);
    const site = await startSite({ apiPort: api.port });
    try {
      const page = await browser.newPage();
      await page.goto(`http://127.0.0.1:${site.port}/price.html`);
      await page.getByRole('button', { name: 'Get the price' }).click();
      await page.waitForFunction(() => document.querySelector('output')!.value === '599', undefined, {
        timeout: 60_000,
      });
    } finally {
      await site.close();
    }
  });
});
