// Pages as others would write them, against the package as it is published: checked by their own type checkers, built by Vite,
// and used in a browser with the keyboard and the mouse. docs/frameworks.md shows the same files.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { createReadStream, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { extname, join, resolve } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { chromium, type Browser, type Page } from 'playwright-core';
import { findBrowser } from '../../scripts/setup/browser.mjs';

const here = import.meta.dirname;
const root = resolve(here, '../..');
const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.json': 'application/json',
};
/** As strict as a page can be: no inline code, no eval, no inline styles, no HTML from texts. */
const STRICT = "default-src 'self'; script-src 'self'; style-src 'self'; require-trusted-types-for 'script'";

function command(program: string, args: readonly string[], cwd = here): void {
  const { status, stdout, stderr } = spawnSync(process.execPath, [program, ...args], { cwd, encoding: 'utf8' });
  assert.equal(status, 0, `${program} ${args.join(' ')}\n${stdout}${stderr}`);
}
const tool = (path: string): string => join(here, 'node_modules', path);

/** Puts the package, as npm would publish it, where the pages' own packages are. */
function installPacked(): void {
  command(join(root, 'scripts/build.mjs'), [], root);
  const place = mkdtempSync(join(tmpdir(), 'millrace-pack-'));
  try {
    const options = { cwd: root, shell: process.platform === 'win32' };
    const pack = spawnSync('npm', ['pack', '--ignore-scripts', '--pack-destination', place], options);
    assert.equal(pack.status, 0, String(pack.stderr));
    const target = tool('millrace');
    rmSync(target, { recursive: true, force: true });
    mkdirSync(target, { recursive: true });
    const [file] = readdirSync(place);
    const unpack = spawnSync('tar', ['-xzf', join(place, file!), '--strip-components=1', '-C', target]);
    assert.equal(unpack.status, 0, String(unpack.stderr));
  } finally {
    rmSync(place, { recursive: true, force: true });
  }
}

describe('a page that uses the package', () => {
  let browser: Browser;
  let server: Server;
  let origin: string;
  let built: string;

  before(async () => {
    installPacked();
    built = mkdtempSync(join(tmpdir(), 'millrace-consumers-'));
    server = createServer((request, response) => {
      const path = decodeURIComponent(new URL(request.url!, 'http://x').pathname);
      const [, name = ''] = path.split('/');
      // The plain page is served as it is, its script from the package.
      const file = path.startsWith('/html/')
        ? join(here, path)
        : path.startsWith('/dist/')
          ? join(tool('millrace'), path)
          : join(built, path);
      const found = file.endsWith('/') ? join(file, 'index.html') : file;
      if (name === 'html') response.setHeader('content-security-policy', STRICT);
      if (!existsSync(found)) return void response.writeHead(404).end();
      createReadStream(found).pipe(response.setHeader('content-type', TYPES[extname(found)] ?? 'text/plain'));
    });
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    browser = await chromium.launch({
      executablePath: process.env['CHROME_PATH'] ?? findBrowser()!,
      args: ['--no-sandbox'],
    });
  });
  after(async () => {
    await browser?.close();
    server?.close();
    rmSync(built, { recursive: true, force: true });
  });

  /** A fresh visitor's page; whatever it complains of fails the test. */
  async function visited(name: string, use: (page: Page) => Promise<void>): Promise<void> {
    const context = await browser.newContext();
    const page = await context.newPage();
    const problems: string[] = [];
    page.on('pageerror', (error) => problems.push(error.message));
    page.on('console', (message) => {
      if (['error', 'warning'].includes(message.type()) && !/favicon/.test(message.location().url))
        problems.push(message.text());
    });
    try {
      await page.goto(`${origin}/${name}/`);
      await use(page);
      assert.deepEqual(problems, []);
    } finally {
      await context.close();
    }
  }

  /** What every page must be able to do, whatever it is made with. */
  async function worksAsWritten(page: Page): Promise<void> {
    await page.getByLabel('Pieces').fill('3');
    await page.getByRole('button', { name: 'Get the price' }).click();
    await page.getByText('Total: 1797').waitFor();
    // The overlay stays long enough to be read when it has been seen.
    await page.waitForFunction(() => !(document.querySelector('flow-button') as Element & { isBusy: boolean }).isBusy);
    await page.getByLabel('Article').fill('lamp');
    await page.getByLabel('Article').press('Enter');
    await page.getByText('Total: 147').waitFor();
    await page.getByRole('button', { name: 'Order', exact: true }).click();
    await page.getByText('Ordered.').waitFor();
    await page.getByRole('button', { name: 'Open: Check the order' }).click();
    await page.getByRole('button', { name: 'Done' }).click();
    await page.getByText('Nothing to do right now.').waitFor();
  }

  function buildPage(name: string): void {
    command(tool('vite/bin/vite.js'), [
      'build',
      name,
      '--base',
      './',
      '--outDir',
      join(built, name),
      '--logLevel',
      'warn',
    ]);
  }

  it('in plain HTML with a script tag works under a strict CSP with Trusted Types', () =>
    visited('html', worksAsWritten));

  it('in React 19 is typed, events included, and works', async () => {
    command(tool('typescript/bin/tsc6'), ['-p', 'react']);
    buildPage('react');
    await visited('react', worksAsWritten);
  });

  it('in React is told of a misspelt attribute and of what an event does not have', () => {
    const args = [tool('typescript/bin/tsc6'), '-p', 'react/tsconfig.wrong.json', '--pretty', 'false'];
    const { stdout } = spawnSync(process.execPath, args, { cwd: here, encoding: 'utf8' });
    assert.match(stdout, /Wrong\.tsx.*concurency/s);
    assert.match(stdout, /Wrong\.tsx.*'results' does not exist/s);
  });

  it('in Vue 3 is typed, events included, and works', async () => {
    command(tool('vue-tsc/bin/vue-tsc.js'), ['--noEmit', '-p', 'vue']);
    buildPage('vue');
    await visited('vue', worksAsWritten);
  });

  it('in Svelte 5 is typed, events included, and works', async () => {
    command(
      tool('svelte-check/bin/svelte-check'),
      ['--tsconfig', './tsconfig.json', '--fail-on-warnings'],
      join(here, 'svelte'),
    );
    buildPage('svelte');
    await visited('svelte', worksAsWritten);
  });

  it('in Angular passes its template and its types, and works', async () => {
    command(tool('typescript/bin/tsc6'), ['-p', 'angular']);
    buildPage('angular');
    await visited('angular', worksAsWritten);
  });

  it('with the buttons of Web Awesome works, and they show that they are busy', async () => {
    buildPage('webawesome');
    await visited('webawesome', worksAsWritten);
  });

  it('has what the guide to frameworks shows', () => {
    const guide = readFileSync(join(root, 'docs/frameworks.md'), 'utf8');
    const blocks = [...guide.matchAll(/\]\(\.\.\/test\/consumers\/([\w./-]+)\):\n\n```\w[^\n]*\n([^]*?)```/g)];
    assert.ok(blocks.length === (guide.match(/^```\w/gm) ?? []).length, 'every block is a file');
    for (const [, file, shown] of blocks)
      assert.equal(shown, readFileSync(join(here, file!), 'utf8'), `${file} differs from docs/frameworks.md`);
  });
});
