// A browser as people use it, with a profile that survives SIGKILL: of its tabs only the one in front is visible. Playwright lets
// every page of a browser that it starts itself believe that it is seen; such a page cannot be frozen, and is not throttled.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { chromium, type BrowserContext, type CDPSession, type Page } from 'playwright-core';
import { findBrowser } from '../../scripts/setup/browser.mjs';
import { ARGUMENTS, ended } from '../e2e/killable-browser.js';

/** How often a page is asked whether something holds: hidden ones have no animation frames, ms. */
export const POLLING = { polling: 50 } as const;
/** For a browser to start, ms. */
const PATIENCE = 120_000;

export class PlainBrowser {
  readonly #profile: string;
  #pid = 0;
  #context: BrowserContext | undefined;
  /** Nobody else ends a browser that leads a group of its own. */
  readonly #atExit = (): void => {
    try {
      process.kill(-this.#pid, 'SIGKILL');
    } catch {
      // It has ended.
    }
  };

  constructor(profile: string) {
    this.#profile = profile;
  }

  get context(): BrowserContext {
    return this.#context!;
  }

  /** Opens the browser on the same profile as before. */
  async open(): Promise<BrowserContext> {
    const announcement = join(this.#profile, 'DevToolsActivePort');
    rmSync(announcement, { force: true });
    const options = ['--headless', '--remote-debugging-port=0', `--user-data-dir=${this.#profile}`];
    const child = spawn(
      process.env['CHROME_PATH'] ?? findBrowser()!,
      [...options, ...ARGUMENTS, '--password-store=basic', '--hide-crash-restore-bubble', 'about:blank'],
      { detached: true, stdio: 'ignore' },
    );
    this.#pid = child.pid!;
    process.once('exit', this.#atExit);
    const end = Date.now() + PATIENCE;
    let address: readonly string[] = [];
    while (address.length < 2) {
      if (child.exitCode !== null || Date.now() > end) throw new Error('The browser did not start.');
      await new Promise((resolve) => setTimeout(resolve, 20));
      if (existsSync(announcement)) address = readFileSync(announcement, 'utf8').split('\n');
    }
    const browser = await chromium.connectOverCDP(`ws://127.0.0.1:${address[0]}${address[1]}`, { noDefaults: true });
    this.#context = browser.contexts()[0]!;
    this.#context.setDefaultTimeout(180_000);
    return this.#context;
  }

  /** SIGKILL: no goodbye to anybody. */
  async kill(): Promise<void> {
    const browser = this.#context!.browser()!;
    const closed = browser.isConnected() ? once(browser as never, 'disconnected') : undefined;
    process.off('exit', this.#atExit);
    process.kill(this.#pid, 'SIGKILL');
    await closed;
    await ended(this.#pid);
    this.#context = undefined;
    for (const name of ['SingletonLock', 'SingletonCookie', 'SingletonSocket'])
      rmSync(join(this.#profile, name), { force: true });
  }

  async close(): Promise<void> {
    if (this.#context) await this.kill().catch(() => {});
  }
}

/** As a browser freezes tabs in the background: the page is told, and then stands still, until the function that is given is called. */
export async function freeze(context: BrowserContext, tab: Page): Promise<() => Promise<void>> {
  const front = context.pages().find((page) => page !== tab) ?? (await context.newPage());
  await front.bringToFront();
  const session: CDPSession = await context.newCDPSession(tab);
  await tab.waitForFunction(() => document.hidden, undefined, POLLING);
  await session.send('Page.setWebLifecycleState', { state: 'frozen' });
  return async () => {
    await session.send('Page.setWebLifecycleState', { state: 'active' });
    await session.detach();
  };
}
