// One round: a fresh profile, some cycles, and a quiet end. A cycle opens the browser, lets several tabs work, does things to
// them and kills the whole browser; the next one reads the store and has it checked before any host sees it again.
import { cpSync, existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { BrowserContext, Page } from 'playwright-core';
import { Checker } from './checker.js';
import { FAULTS, type FaultKind, type Victims } from './faults.js';
import type { Figures } from './figures.js';
import { PlainBrowser, POLLING } from './plain-browser.js';
import { randomFrom, type Acknowledgement, type Dump } from './protocol.js';
import { startSite, type Site } from './site.js';
import { storeOf } from './store-of.js';

export interface RoundOptions {
  readonly seed: number;
  readonly cycles: number;
  readonly figures: Figures;
  readonly say: (line: string) => void;
}

/** When an operation of a tab that lives counts as never answered; generous, because slow machines are no violation; ms. */
const PATIENCE = 300_000;
/** Nothing may be going on: then this is moment enough, ms. */
const LONGEST_MOMENT = 5000;
const LATER = 100 * 86_400_000;

export async function runRound({ seed, cycles, figures, say }: RoundOptions): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'millrace-faults-'));
  const site = await startSite(seed);
  const round = new Round(join(folder, 'profile'), site, seed, figures);
  const before = figures.violations.length;
  try {
    for (let cycle = 1; cycle <= cycles; cycle++) {
      await round.cycle(cycle);
      say(`seed ${seed}, cycle ${cycle}: ${round.summary()}`);
    }
    await round.end();
  } catch (error) {
    // Told, and no reason not to try the next profile.
    if (error instanceof StoreLost) say(`seed ${seed}: the browser has thrown the store away`);
    else figures.violation(seed, `The round was broken off: ${(error as Error).stack ?? String(error)}`);
  } finally {
    await round.close();
    await site.close();
    if (figures.violations.length > before) {
      const evidence = join(tmpdir(), `millrace-faults-${seed}.json`);
      writeFileSync(evidence, JSON.stringify({ calls: site.calls, dump: round.lastDump }, null, 1));
      const store = join(folder, 'profile', 'Default', 'IndexedDB');
      if (existsSync(store)) cpSync(store, `${evidence}.store`, { recursive: true });
      say(`The evidence is in ${evidence}`);
    }
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  }
}

class StoreLost extends Error {}

class Round {
  readonly #browser: PlainBrowser;
  readonly #site: Site;
  readonly #random: () => number;
  readonly #checker = new Checker();
  readonly #figures: Figures;
  readonly #seed: number;
  readonly #acknowledgements: Acknowledgement[] = [];
  #offset = 0;
  #isTold = false;
  lastDump: Dump | undefined;

  constructor(profile: string, site: Site, seed: number, figures: Figures) {
    this.#browser = new PlainBrowser(profile);
    this.#site = site;
    this.#seed = seed;
    this.#random = randomFrom(seed);
    this.#figures = figures;
  }

  async cycle(number: number): Promise<void> {
    const context = await this.#open();
    const tabs: Page[] = [];
    const open = async (name: string): Promise<void> => void tabs.push(await this.#tab(`${number}${name}`));
    await Promise.all(Array.from({ length: this.#upTo(2, 6) }, (_, i) => open(String.fromCharCode(97 + i))));
    const victims: Victims = {
      context,
      tabs,
      random: this.#random,
      emptyPage: `${this.#site.url}empty`,
      jump: async (offset) => {
        this.#offset = offset;
        await Promise.all(tabs.map((tab) => tab.evaluate((to) => globalThis.tab.jump(to), offset).catch(() => {})));
      },
      revived: (tab) => this.#load(tab, `${number}r${this.#upTo(0, 999_999)}`),
    };
    for (let i = this.#upTo(0, 3); i > 0 && tabs.length > 0; i--) {
      await this.#moment();
      await this.#fault(victims);
    }
    // Mostly in the middle of the work; now and then all of it must first have been answered.
    if (this.#random() < 0.25) await this.#answered(tabs);
    else await this.#moment();
    await this.#browser.kill();
    this.#figures.count('kill');
    this.#figures.cycles++;
  }

  /** Time for everything to end: people do their tasks, payments come, timers are long due. */
  async end(): Promise<void> {
    let left: readonly string[] = [''];
    // What was still to begin a long wait needs another look, later.
    for (let visit = 0; left.length > 0 && visit < 3; visit++) {
      this.#offset += LATER;
      await this.#open();
      const tab = await this.#tab('end', 0);
      left = await tab.evaluate((patience) => globalThis.tab.drain(patience), PATIENCE);
      await this.#browser.kill();
    }
    for (const id of left) this.#figures.violation(this.#seed, `${id} did not come to an end.`);
    await this.#open();
    const dump = this.lastDump!;
    for (const what of this.#checker.checkEnd(dump, this.#site.calls)) this.#figures.violation(this.#seed, what);
    this.#figures.addRound(dump, this.#site.calls, this.#checker.replayed);
  }

  close(): Promise<void> {
    return this.#browser.close();
  }

  summary(): string {
    return `${this.#acknowledgements.length} acknowledged, ${this.#site.calls.length} calls, ${this.#figures.violations.length} violations`;
  }

  /** Opens the browser again, and checks what the dead one has left before any host sees it. */
  async #open(): Promise<BrowserContext> {
    const context = await this.#browser.open();
    await context.exposeFunction('wiped', () => void (this.#isTold = true));
    await this.#check(context);
    await context.exposeFunction('acknowledged', (what: Acknowledgement) => {
      this.#acknowledgements.push(what);
      this.#figures.acknowledge(what.kind);
    });
    return context;
  }

  async #tab(name: string, operations?: number): Promise<Page> {
    const tab = await this.#browser.context.newPage();
    await tab.goto(`${this.#site.url}?offset=${this.#offset}`);
    await this.#load(tab, name, operations);
    return tab;
  }

  async #load(tab: Page, name: string, operations = this.#upTo(30, 90)): Promise<void> {
    await tab.waitForFunction(() => globalThis.tab !== undefined, undefined, POLLING);
    const options = { name, seed: this.#upTo(1, 1e9), operations, lanes: this.#upTo(1, 4) };
    await tab.evaluate((given) => globalThis.tab.load(given), options);
  }

  async #fault(victims: Victims): Promise<void> {
    const kinds = Object.keys(FAULTS) as FaultKind[];
    const kind = kinds[this.#upTo(0, kinds.length - 1)]!;
    const tab = victims.tabs[this.#upTo(0, victims.tabs.length - 1)]!;
    await FAULTS[kind](victims, tab);
    this.#figures.count(kind);
  }

  /** Some moment: mostly after some calls of the API, whatever the speed of the machine; otherwise after some time. */
  async #moment(): Promise<void> {
    const [byCalls, calls, time] = [this.#random() < 0.7, this.#upTo(1, 80), this.#random() * 700];
    const passed = new Promise((resolve) => setTimeout(resolve, byCalls ? LONGEST_MOMENT : time));
    await Promise.race([passed, ...(byCalls ? [this.#site.afterCalls(calls)] : [])]);
  }

  /** No operation of a tab that lives stays without an answer, whatever has happened to other tabs. */
  async #answered(tabs: readonly Page[]): Promise<void> {
    for (const tab of tabs) {
      const answer = tab.waitForFunction(() => globalThis.tab.idle(), undefined, { ...POLLING, timeout: PATIENCE });
      await answer.catch(() => this.#figures.violation(this.#seed, 'An operation of a living tab was never answered.'));
      for (const [code, times] of Object.entries(await tab.evaluate(() => globalThis.tab.refusals())))
        this.#figures.refusal(code, times);
    }
  }

  async #check(context: BrowserContext): Promise<void> {
    const dump = await storeOf(context, this.#site, 'faults');
    if (this.lastDump && dump?.store !== this.lastDump.store) return this.#lost(context);
    if (dump === undefined) return;
    this.lastDump = dump;
    for (const what of await this.#checker.check(dump, this.#acknowledgements, this.#site.calls))
      this.#figures.violation(this.#seed, what);
  }

  /**
   * The browser has made the store anew, as it does with one that it cannot read: what was promised is gone, and the round ends. A
   * host must have told so, unless the browser has forgotten, too, that there was another store.
   */
  async #lost(context: BrowserContext): Promise<never> {
    this.#figures.lost++;
    if (!this.#isTold) {
      await context.exposeFunction('acknowledged', () => {});
      await this.#tab('after', 0);
    }
    if (this.#isTold) this.#figures.told++;
    throw new StoreLost();
  }

  #upTo(from: number, to: number): number {
    return from + Math.floor(this.#random() * (to - from + 1));
  }
}
