// A browser with a profile that survives SIGKILL.
import { readlinkSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { chromium, type BrowserContext } from 'playwright-core';
import { findBrowser } from '../../scripts/setup/browser.mjs';

export const ARGUMENTS = [
  ...(process.platform === 'linux' ? ['--no-sandbox'] : []),
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** ms; for a system whose ended processes nobody collects: they count as members of their group. */
const LONGEST_END = 30_000;

/**
 * Ends what is left of the browser `pid`, and resolves when nothing is: its children outlive it by a second, and may still write
 * to the profile that is opened again or removed. A browser leads a process group of its own.
 */
export async function ended(pid: number): Promise<void> {
  const end = Date.now() + LONGEST_END;
  while (Date.now() < end) {
    try {
      process.kill(-pid, 'SIGKILL');
    } catch {
      return;
    }
    await setTimeout(20);
  }
}

export class KillableBrowser {
  readonly #profile: string;
  #context: BrowserContext | undefined;

  constructor(profile: string) {
    this.#profile = profile;
  }

  get context(): BrowserContext {
    return this.#context!;
  }

  /** Opens the browser on the same profile as before. `without`: default arguments that are left out. */
  async open(without: string[] = []): Promise<BrowserContext> {
    this.#context = await chromium.launchPersistentContext(this.#profile, {
      executablePath: process.env['CHROME_PATH'] ?? findBrowser()!,
      headless: true,
      ignoreDefaultArgs: without,
      args: ARGUMENTS,
    });
    this.#context.setDefaultTimeout(180_000);
    return this.#context;
  }

  /** SIGKILL: no goodbye to anybody. */
  async kill(): Promise<void> {
    const closed = new Promise((resolve) => this.#context!.once('close', resolve));
    const pid = Number(readlinkSync(join(this.#profile, 'SingletonLock')).split('-').pop());
    process.kill(pid, 'SIGKILL');
    await closed;
    await ended(pid);
    for (const name of ['SingletonLock', 'SingletonCookie', 'SingletonSocket'])
      rmSync(join(this.#profile, name), { force: true });
  }

  async close(): Promise<void> {
    await this.#context?.close().catch(() => {});
  }
}
