// Follows docs/tutorial.md word by word: runs its commands, in a copy of the project and an empty folder beside it, saves its files
// under their names, and does in the page what it says. The registry of npm is all it needs from outside.
import assert from 'node:assert/strict';
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { chromium, type Browser, type BrowserContext } from 'playwright-core';
import { findBrowser } from '../../scripts/setup/browser.mjs';
import { act, problemsOf } from '../documents/act.js';
import { blocksOf, placeOf, root, type Block } from '../documents/blocks.js';
import { eventually } from './demo-harness.js';

/** Of the project, what a fresh clone would not have. */
const OWN = /^(node_modules|dist|\.git|\.cache|storybook-static|[^/]*\.tgz|(server|bench)\/node_modules)$/;

describe('the tutorial', () => {
  const place = realpathSync(mkdtempSync(join(tmpdir(), 'millrace-tutorial-')));
  const clone = join(place, 'millrace');
  let folder = clone;
  let server: ChildProcess | undefined;
  let port: number;
  let browser: Browser;
  let context: BrowserContext;

  before(async () => {
    cpSync(root, clone, { recursive: true, filter: (from) => !OWN.test(relative(root, from).replaceAll('\\', '/')) });
    symlinkSync(join(root, 'node_modules'), join(clone, 'node_modules'));
    port = await freePort();
    browser = await chromium.launch({
      executablePath: process.env['CHROME_PATH'] ?? findBrowser()!,
      args: process.platform === 'linux' ? ['--no-sandbox'] : [],
    });
    context = await browser.newContext();
  });
  after(async () => {
    await browser.close();
    if (server?.pid !== undefined) process.kill(-server.pid);
    rmSync(place, { recursive: true, force: true, maxRetries: 5 });
  });

  for (const block of blocksOf('docs/tutorial.md')) {
    const { file } = block.attributes;
    if (block.language === 'sh' && block.attributes['step'] !== 'serve')
      it(`runs ${placeOf(block)}`, () => runHere(block));
    else if (block.language === 'sh') it(`serves the folder as ${placeOf(block)} says`, () => serve(block));
    else it(`saves ${file} as ${placeOf(block)} says`, () => save(block));
  }

  function runHere({ code }: Block): void {
    const here = join(place, 'here');
    const { status, stderr, stdout } = spawnSync('bash', ['-ec', `${code}\npwd > '${here}'`], {
      cwd: folder,
      encoding: 'utf8',
      env: { ...process.env, npm_config_prefer_offline: 'true', npm_config_audit: 'false', npm_config_fund: 'false' },
    });
    assert.equal(status, 0, stdout + stderr);
    folder = readFileSync(here, 'utf8').trim();
  }

  async function serve({ code }: Block): Promise<void> {
    // The port may be taken here; everything else is as it is written.
    const command = code.trim().replace('5180', String(port));
    assert.notEqual(command, code.trim());
    server = spawn('bash', ['-c', `exec ${command}`], { cwd: folder, stdio: 'ignore', detached: true });
    await eventually('the server of the tutorial answers', () =>
      fetch(`http://localhost:${port}/`).then(
        () => true,
        () => false,
      ),
    );
  }

  async function save(block: Block): Promise<void> {
    const { file, does } = block.attributes;
    writeFileSync(join(folder, file!), block.code);
    if (block.language !== 'html') return;
    const page = await context.newPage();
    page.setDefaultTimeout(60_000);
    const problems = problemsOf(page);
    await page.goto(`http://localhost:${port}/`);
    await act(page, does);
    assert.deepEqual(problems, []);
    await page.close();
  }
});

async function freePort(): Promise<number> {
  const probe = createServer();
  await new Promise<void>((resolve) => probe.listen(0, resolve));
  const { port } = probe.address() as AddressInfo;
  await new Promise((resolve) => probe.close(resolve));
  return port;
}
