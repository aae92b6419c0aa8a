// The demo as a person meets it: the real API, the real site, a real browser with a profile that survives SIGKILL.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { BrowserContext, Page } from 'playwright-core';
import { startApi } from '../../demo/api/server.mjs';
import { startSite } from '../../demo/site.mjs';
import { KillableBrowser } from './killable-browser.js';

export interface LogEntry {
  readonly phase: 'received' | 'answered';
  readonly method: string;
  readonly path: string;
  readonly key?: string;
  readonly status?: number;
  readonly repeated?: boolean;
}

export interface Demo {
  readonly url: string;
  readonly api: { settings: { delay: number; failureRate: number } };
  log(): readonly LogEntry[];
  /** Opens the browser on the same profile as before. */
  open(): Promise<BrowserContext>;
  /** SIGKILL: no goodbye to anybody. */
  kill(): Promise<void>;
  page(path: string): Promise<Page>;
  close(): Promise<void>;
}

export async function startDemo(): Promise<Demo> {
  const folder = mkdtempSync(join(tmpdir(), 'millrace-e2e-'));
  const profile = join(folder, 'profile');
  const logFile = join(folder, 'api.jsonl');
  const api = await startApi({ logFile });
  api.settings.delay = 50;
  const site = await startSite({ apiPort: api.port });
  const url = `http://127.0.0.1:${site.port}/`;
  const browser = new KillableBrowser(profile);
  return {
    url,
    api,
    log: () =>
      readFileSync(logFile, 'utf8')
        .split('\n')
        .filter(Boolean)
        .map((line) => JSON.parse(line) as LogEntry),
    open: () => browser.open(),
    kill: () => browser.kill(),
    async page(path) {
      const page = await browser.context.newPage();
      await page.goto(url + path);
      return page;
    },
    async close() {
      await browser.close();
      await site.close();
      await api.close();
      rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

/** Waits until the condition holds, however slow the machine is; gives up with what it waited for. */
export async function eventually(
  what: string,
  holds: () => boolean | Promise<boolean>,
  timeout = 60_000,
): Promise<void> {
  const end = Date.now() + timeout;
  while (!(await holds())) {
    if (Date.now() > end) throw new Error(`Waited ${timeout} ms in vain until ${what}.`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
