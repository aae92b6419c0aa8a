import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, afterEach, before, beforeEach, describe, it } from 'node:test';
import type { Page } from 'playwright-core';
import { startSite, type Site } from '../faults/site.js';
import '../faults/protocol.js';
import { KillableBrowser } from './killable-browser.js';

describe('when the executing tab does not do its work any more, another one takes over', () => {
  let site: Site;
  let folder: string;
  let browser: KillableBrowser;
  before(async () => {
    site = await startSite(1);
  });
  after(() => site.close());
  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'millrace-fail-over-'));
    browser = new KillableBrowser(join(folder, 'profile'));
    const context = await browser.open();
    await context.exposeFunction('acknowledged', () => {});
  });
  afterEach(async () => {
    await browser.close();
    rmSync(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
  });

  async function open(): Promise<Page> {
    const page = await browser.context.newPage();
    await page.goto(site.url);
    await page.waitForFunction(() => globalThis.tab !== undefined);
    return page;
  }
  const executes = async (page: Page): Promise<unknown> =>
    page.waitForFunction(() => globalThis.tab.isExecutor(), undefined, { polling: 20 });

  it('after a crash', async (t) => {
    const first = await open();
    await executes(first);
    const second = await open();
    const session = await browser.context.newCDPSession(first);
    const crashed = new Promise((resolve) => first.once('crash', resolve));
    void session.send('Page.crash').catch(() => {});
    await crashed;
    const from = performance.now();
    await executes(second);
    t.diagnostic(`fail-over after a crash: ${Math.round(performance.now() - from)} ms`);
  });

  it('while it hangs, although nobody asks for anything', async (t) => {
    const first = await open();
    await executes(first);
    const second = await open();
    const from = performance.now();
    let hangs = true;
    const hanging = first
      .evaluate(() => {
        const end = performance.now() + 60_000;
        while (performance.now() < end);
      })
      .catch(() => {})
      .finally(() => (hangs = false));
    await executes(second);
    t.diagnostic(`fail-over from a tab that hangs: ${Math.round(performance.now() - from)} ms`);
    assert.equal(hangs, true);
    await browser.kill();
    await hanging;
  });
});
