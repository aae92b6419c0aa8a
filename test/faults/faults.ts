// What can happen to a browser with several tabs, short of its end: each fault takes one tab, or all, and does it to them.
import type { BrowserContext, Page } from 'playwright-core';
import { freeze } from './plain-browser.js';

export type FaultKind =
  | 'crash'
  | 'close'
  | 'reload'
  | 'freeze'
  | 'back-forward'
  | 'offline'
  | 'quota'
  | 'steal'
  | 'clock'
  | 'hang';

export interface Victims {
  readonly context: BrowserContext;
  /** Tabs that are open and well. */
  readonly tabs: Page[];
  readonly random: () => number;
  readonly emptyPage: string;
  /** Sets the clocks of all tabs wrong by this, ms. */
  readonly jump: (offset: number) => Promise<void>;
  /** A tab was opened anew and runs a host again. */
  readonly revived: (tab: Page) => Promise<void>;
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

export const FAULTS: Readonly<Record<FaultKind, (victims: Victims, tab: Page) => Promise<void>>> = {
  async crash(victims, tab) {
    remove(victims, tab);
    const session = await victims.context.newCDPSession(tab);
    // It never answers.
    void session.send('Page.crash').catch(() => {});
    await new Promise((resolve) => tab.once('crash', resolve));
  },
  async close(victims, tab) {
    remove(victims, tab);
    await tab.close();
  },
  async reload({ revived }, tab) {
    await tab.reload();
    await revived(tab);
  },
  async freeze({ context, random }, tab) {
    const thaw = await freeze(context, tab);
    await pause(random() * 600);
    await thaw();
  },
  async 'back-forward'({ emptyPage, revived, random }, tab) {
    await tab.goto(emptyPage);
    await pause(random() * 200);
    // A page out of the cache is not loaded.
    await tab.goBack({ waitUntil: 'commit' });
    await revived(tab);
  },
  async offline({ context, random }, tab) {
    const session = await context.newCDPSession(tab);
    const emulate = (offline: boolean): Promise<unknown> =>
      session.send('Network.emulateNetworkConditions', {
        offline,
        latency: 0,
        downloadThroughput: -1,
        uploadThroughput: -1,
      });
    await emulate(true);
    await pause(random() * 400);
    await emulate(false);
    await session.detach();
  },
  /** Nothing more can be stored for a while, by any tab. */
  async quota({ context, random }, tab) {
    const session = await context.newCDPSession(tab);
    const { origin } = new URL(tab.url());
    await session.send('Storage.overrideQuotaForOrigin', { origin, quotaSize: 1 });
    await pause(random() * 600);
    await session.send('Storage.overrideQuotaForOrigin', { origin });
    await session.detach();
  },
  steal: (_, tab) => tab.evaluate(() => globalThis.tab.steal()),
  async clock({ jump, random }) {
    await jump(Math.round((random() - 0.4) * 4 * 86_400_000));
  },
  /** The tab computes and hears nothing, as a frozen one does, but without a warning. */
  async hang({ random }, tab) {
    await tab.evaluate((ms) => {
      const end = performance.now() + ms;
      while (performance.now() < end);
    }, random() * 1500);
  },
};

function remove({ tabs }: Victims, tab: Page): void {
  tabs.splice(tabs.indexOf(tab), 1);
}
