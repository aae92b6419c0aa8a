// Thousands of timers up to 400 days ahead, through restarts and clocks that jump forward and back. `TIMERS=10000` is the long form.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import type { Page } from 'playwright-core';
import { Checker } from '../faults/checker.js';
import { FAULTS, type Victims } from '../faults/faults.js';
import { randomFrom, type Dump } from '../faults/protocol.js';
import { PlainBrowser, POLLING } from '../faults/plain-browser.js';
import { storeOf } from '../faults/store-of.js';
import { startSite, type Site } from '../faults/site.js';

const TIMERS = Number(process.env['TIMERS'] ?? 1000);
const SEED = Number(process.env['TIMERS_SEED'] ?? 1);
const STOPS = TIMERS < 10_000 ? 6 : 12;
const DAY = 86_400_000;
const LONGEST = 400 * DAY;

describe('timers', () => {
  const random = randomFrom(SEED);
  let site: Site;
  let folder: string;
  let browser: PlainBrowser;
  /** Wall clock of the pages minus that of the system. */
  let offset = 0;
  /** The latest that a clock of any page has shown. */
  let latest = 0;

  before(async () => {
    site = await startSite(SEED);
    folder = mkdtempSync(join(tmpdir(), 'millrace-timers-'));
    browser = new PlainBrowser(join(folder, 'profile'));
    await browser.open();
  });
  after(async () => {
    await browser.close();
    await site.close();
    rmSync(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
  });

  async function open(): Promise<Page> {
    const page = await browser.context.newPage();
    await page.goto(`${site.url}crowd?offset=${offset}`);
    await page.waitForFunction(() => globalThis.crowd?.isExecutor(), undefined, POLLING);
    return page;
  }

  function setClock(to: number): void {
    offset = to - Date.now();
    latest = Math.max(latest, to);
  }

  /** The tab ends in some way while the clock is being set, or stays and notices. */
  async function restart(page: Page, to: number): Promise<Page> {
    const way = Math.floor(random() * 5);
    if (way === 0) {
      setClock(to);
      await page.evaluate((by) => globalThis.crowd.jump(by), offset);
      return page;
    }
    if (way === 1) await page.close();
    if (way === 2) await FAULTS.crash({ context: browser.context, tabs: [page] } as unknown as Victims, page);
    if (way >= 3) {
      await browser.kill();
      await browser.open();
    }
    setClock(to);
    const next = await open();
    if (way !== 2) return next;
    await page.close().catch(() => {});
    return next;
  }

  it(`${TIMERS} of them: none early, none lost, none twice`, async (t) => {
    const start = Date.now();
    const stops = Array.from({ length: STOPS }, () => start + Math.round(random() * LONGEST)).sort((a, b) => a - b);
    stops.push(start + LONGEST + DAY);
    const alarms = Array.from({ length: TIMERS }, (_, i) => {
      // Many are just due, or just not, where the clock stops.
      const near = stops[Math.floor(random() * STOPS)]! + Math.round((random() - 0.4) * 120_000);
      const far = start + 1000 + Math.round(random() * (LONGEST - 1000));
      return { id: `alarm-${i}`, at: random() < 0.5 ? near : far };
    });
    const at = new Map(alarms.map((alarm) => [alarm.id, alarm.at]));
    let page = await open();
    await page.evaluate((given) => globalThis.crowd.setAlarms(given), alarms);
    const checker = new Checker([]);
    const starts = alarms.map(({ id }) => ({ kind: 'start', instance: id }) as const);
    let early = 0;
    let found: Dump;
    for (const stop of stops) {
      // Now and then it is set back first, or the browser dies while it is busy with what is due.
      if (random() < 0.4) page = await restart(page, stop - Math.round(random() * 10 * DAY));
      page = await restart(page, stop);
      if (random() < 0.4) page = await restart(page, stop + 1000);
      await page.waitForFunction(async () => (await globalThis.crowd.dueAlarms()) === 0, undefined, {
        polling: 200,
        timeout: 600_000,
      });
      found = (await storeOf(browser.context, site, 'crowd'))!;
      latest = Math.max(latest, Date.now() + offset);
      for (const { id, status } of found.instances) if (status !== 'running' && at.get(id)! > latest) early++;
      assert.deepEqual(await checker.check(found, starts, []), []);
    }
    const fired = new Map<string, number>();
    for (const { id, records } of found!.journal)
      for (const { event } of records) {
        if (event.type !== 'timer') continue;
        fired.set(id, (fired.get(id) ?? 0) + 1);
        if (event.at !== at.get(id) || event.now < event.at) early++;
      }
    const lost = alarms.filter(({ id }) => !fired.has(id)).length;
    const twice = [...fired.values()].filter((times) => times > 1).length;
    t.diagnostic(`${TIMERS} timers, ${STOPS + 1} stops: ${early} early, ${lost} lost, ${twice} twice`);
    assert.deepEqual({ early, lost, twice }, { early: 0, lost: 0, twice: 0 });
    assert.equal(found!.instances.filter(({ status }) => status !== 'completed').length, 0);
  });
});
