import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, afterEach, before, beforeEach, describe, it, type TestContext } from 'node:test';
import type { Page } from 'playwright-core';
import { freeze, PlainBrowser, POLLING } from '../faults/plain-browser.js';
import { startSite, type Site } from '../faults/site.js';
import '../faults/protocol.js';

/** Slow machines are no failure: one of so many times must be quick enough. */
const ATTEMPTS = 4;

describe('when the executing tab does not do its work any more, another one takes over', () => {
  let site: Site;
  let folder: string;
  let browser: PlainBrowser;
  before(async () => {
    site = await startSite(1);
  });
  after(() => site.close());
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'millrace-fail-over-'));
    browser = new PlainBrowser(join(folder, 'profile'));
  });
  afterEach(async () => {
    await browser.close();
    rmSync(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
  });

  async function open(): Promise<Page> {
    const page = await browser.context.newPage();
    await page.goto(site.url);
    await page.waitForFunction(() => globalThis.tab !== undefined, undefined, POLLING);
    return page;
  }
  const executes = async (page: Page): Promise<unknown> =>
    page.waitForFunction(() => globalThis.tab.isExecutor(), undefined, { polling: 20 });

  /** `stop` keeps the first tab from working; it gives whether it still did when the second one had taken over. */
  async function within(
    t: TestContext,
    bound: number,
    stop: (first: Page) => Promise<() => Promise<boolean>>,
  ): Promise<void> {
    const taken: number[] = [];
    while (taken.length < ATTEMPTS && !taken.some((ms) => ms <= bound)) {
      const context = await browser.open();
      await context.exposeFunction('acknowledged', () => {});
      const first = await open();
      await executes(first);
      const second = await open();
      const from = performance.now();
      const hasNotWorked = await stop(first);
      await executes(second);
      taken.push(Math.round(performance.now() - from));
      assert.equal(await hasNotWorked(), true);
      await browser.kill();
    }
    t.diagnostic(`fail-over within ${taken.join(', ')} ms`);
    assert.ok(Math.min(...taken) <= bound, `It took ${taken.join(', ')} ms.`);
  }

  async function frozen(page: Page): Promise<() => Promise<boolean>> {
    await freeze(browser.context, page);
    return async () => true;
  }

  it('after a crash, within a second', (t) =>
    within(t, 1000, async (first) => {
      const session = await browser.context.newCDPSession(first);
      const crashed = new Promise((resolve) => first.once('crash', resolve));
      void session.send('Page.crash').catch(() => {});
      await crashed;
      return async () => true;
    }));

  it('when it is frozen, within a second', (t) => within(t, 1000, frozen));

  it('while it hangs, within ten seconds', (t) =>
    within(t, 10_000, async (first) => {
      let hangs = true;
      first
        .evaluate(() => {
          const end = performance.now() + 60_000;
          while (performance.now() < end);
        })
        .catch(() => {})
        .finally(() => (hangs = false));
      return async () => hangs;
    }));
});
