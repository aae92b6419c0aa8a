// Eight tabs that write to the same few instances, while they crash, freeze, hang, lose the lock to each other and go into the
// back/forward cache: no history forks, every message takes effect once. `OPERATIONS=10000` (per tab) is the long form.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import type { Page } from 'playwright-core';
import { Checker } from '../faults/checker.js';
import { BOARDS } from '../faults/crowd-flows.js';
import { FAULTS, type FaultKind, type Victims } from '../faults/faults.js';
import { randomFrom, type Acknowledgement } from '../faults/protocol.js';
import { PlainBrowser, POLLING } from '../faults/plain-browser.js';
import { storeOf } from '../faults/store-of.js';
import { startSite, type Site } from '../faults/site.js';

const TABS = 8;
const OPERATIONS = Number(process.env['OPERATIONS'] ?? 120);
const SEED = Number(process.env['TABS_SEED'] ?? 1);
const KINDS: readonly FaultKind[] = ['crash', 'freeze', 'steal', 'back-forward', 'hang', 'reload'];
/** How often every kind of fault comes at least. */
const TIMES = 2;
/** Faults that are tried until a tab comes back as it was: a browser does not keep each. */
const MOST = 120;
const A_MOMENT = 100;
/** Between the operations of a tab, ms: in the short form all would be done before the first fault. */
const PAUSE = OPERATIONS < 1000 ? 1500 : 0;

describe('eight tabs at once', () => {
  const random = randomFrom(SEED);
  const acknowledgements: Acknowledgement[] = [];
  const edits: string[] = [];
  const faults: Record<string, number> = {};
  const refusals: Record<string, number> = {};
  /** Per tab: operations that are done, and the page. */
  const done = Array.from({ length: TABS }, () => new Set<number>());
  const pages: Page[] = [];
  let lives = 0;
  /** Messages, with those that came again. */
  let sent = 0;
  /** Tabs that came back as they were put away. */
  let restored = 0;
  let site: Site;
  let folder: string;
  let browser: PlainBrowser;

  before(async () => {
    site = await startSite(SEED);
    folder = mkdtempSync(join(tmpdir(), 'millrace-tabs-'));
    browser = new PlainBrowser(join(folder, 'profile'));
    const context = await browser.open();
    await context.exposeFunction('acknowledged', (what: Acknowledgement) => void acknowledgements.push(what));
    await context.exposeFunction('edited', (mark: string) => void edits.push(mark));
    await context.exposeFunction('operated', (tab: number, n: number, messages: number) => {
      done[tab]!.add(n);
      sent += messages;
    });
    await context.exposeFunction('refused', (code: string) => void (refusals[code] = (refusals[code] ?? 0) + 1));
  });
  after(async () => {
    await browser.close();
    await site.close();
    rmSync(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
  });

  async function open(tab: number): Promise<void> {
    const page = await browser.context.newPage();
    pages[tab] = page;
    await page.goto(`${site.url}crowd`);
    await page.waitForFunction(() => globalThis.crowd !== undefined, undefined, POLLING);
  }

  /** A page that is not at work takes up where its tab was, as far as anybody has heard. */
  async function resume(tab: number): Promise<void> {
    const page = pages[tab]!;
    await page.waitForFunction(() => globalThis.crowd !== undefined, undefined, POLLING);
    if (await page.evaluate(() => globalThis.crowd.isWorking())) return;
    const from = next(tab);
    if (from >= OPERATIONS) return;
    const options = { tab, from, to: OPERATIONS, pause: PAUSE, life: ++lives, seed: Math.floor(random() * 1e9) };
    await page.evaluate((given) => globalThis.crowd.work(given), options);
  }

  function next(tab: number): number {
    let n = 0;
    while (done[tab]!.has(n)) n++;
    return n;
  }

  const isDone = (): boolean => done.every((numbers) => numbers.size >= OPERATIONS);

  /** The tab that executes, if there is one right now. */
  async function executing(): Promise<number> {
    const all = await Promise.all(pages.map((page) => page.evaluate(() => globalThis.crowd.isExecutor())));
    return Math.max(0, all.indexOf(true));
  }

  async function disturb(kind: FaultKind): Promise<void> {
    const tab = random() < 0.6 ? await executing() : Math.floor(random() * TABS);
    const page = pages[tab]!;
    const victims = {
      context: browser.context,
      tabs: [page],
      random,
      emptyPage: `${site.url}empty`,
      jump: async () => {},
      revived: () => resume(tab),
    } satisfies Victims;
    // A browser does not keep a page that has requests under way.
    if (kind === 'back-forward' && random() < 0.5) await page.evaluate(() => globalThis.crowd.rest());
    if (kind === 'steal') await page.evaluate(() => globalThis.crowd.steal());
    else await FAULTS[kind](victims, page);
    if (kind === 'crash') {
      await page.close().catch(() => {});
      await open(tab);
      await resume(tab);
    }
    faults[kind] = (faults[kind] ?? 0) + 1;
    if (kind === 'back-forward' && (await page.evaluate(() => globalThis.crowd.wasPutAway()))) restored++;
  }

  it(`${OPERATIONS} operations in each: no fork, nothing lost, nothing twice`, async (t) => {
    const first = await browser.context.newPage();
    await first.goto(`${site.url}crowd`);
    await first.waitForFunction(() => globalThis.crowd?.isExecutor(), undefined, POLLING);
    await first.evaluate(() => globalThis.crowd.openBoards());
    for (let tab = 0; tab < TABS; tab++) await open(tab);
    await first.close();
    await Promise.all(pages.map((_, tab) => resume(tab)));
    for (let i = 0; !isDone() || i < KINDS.length * TIMES || (restored === 0 && i < MOST); i++) {
      await new Promise((resolve) => setTimeout(resolve, random() * A_MOMENT));
      await disturb(KINDS[i % KINDS.length]!);
    }
    await pages[0]!.waitForFunction(() => globalThis.crowd.isQuiet(), undefined, { polling: 200, timeout: 600_000 });
    await Promise.all(pages.map((page) => page.close()));

    const found = (await storeOf(browser.context, site, 'crowd'))!;
    const checker = new Checker([]);
    const starts = BOARDS.map((instance) => ({ kind: 'start', instance }) as const);
    assert.deepEqual(await checker.check(found, [...starts, ...acknowledgements], []), []);
    const marks = new Map<string, number>();
    for (const { event } of found.journal.flatMap(({ records }) => records)) {
      const mark = event.type === 'edit' ? String(event.variables['mark']) : undefined;
      if (mark !== undefined) marks.set(mark, (marks.get(mark) ?? 0) + 1);
    }
    assert.deepEqual(
      edits.filter((mark) => !marks.has(mark)),
      [],
      'an edit that was promised is lost',
    );
    assert.deepEqual(
      [...marks].filter(([, times]) => times > 1),
      [],
      'an edit was done twice',
    );
    const epochs = new Set(found.journal.map(({ epoch }) => epoch)).size;
    t.diagnostic(
      `${acknowledgements.length} messages, sent ${sent} times, and ${edits.length} edits promised, ${found.journal.length} rows by ` +
        `${epochs} executors; faults ${JSON.stringify(faults)}, ${restored} restored; refused ${JSON.stringify(refusals)}`,
    );
    assert.ok(epochs > 1 && restored > 0);
  });
});
