// What a database of the site has, read by a page of it that opens no host.
import { setTimeout } from 'node:timers/promises';
import type { BrowserContext } from 'playwright-core';
import { POLLING } from './plain-browser.js';
import type { Dump } from './protocol.js';
import type { Site } from './site.js';

/** After a kill Chromium may not be able to open a store, for a while: attempts, and the pause between two, ms. */
const ATTEMPTS = 100;
const PAUSE = 300;

/** Whether this is what it says then. */
function isShut(error: unknown): boolean {
  return String(error).includes('UnknownError: Internal error opening backing store');
}

/** Undefined when there is no database of this name. */
export async function storeOf(context: BrowserContext, site: Site, name: string): Promise<Dump | undefined> {
  const page = await context.newPage();
  await page.goto(`${site.url}dump`);
  await page.waitForFunction(() => globalThis.readStore !== undefined, undefined, POLLING);
  for (let attempt = 1; ; attempt++) {
    try {
      const dump = await page.evaluate((database) => globalThis.readStore(database), name);
      if (attempt > 1) console.log(`The browser has opened its store at attempt ${attempt}.`);
      await page.close();
      return dump;
    } catch (error) {
      if (attempt === ATTEMPTS || !isShut(error)) throw error;
    }
    await setTimeout(PAUSE);
  }
}
