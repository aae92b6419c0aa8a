// One schedule: visitors and faults at random moments, then peace. In peace everything that was begun must come to its end:
// people do their tasks, messages arrive, time passes, what failed is retried.
import type { CompiledFlow } from '../../src/index.js';
import { Browser, NO_FAULTS, type FaultRates } from './browser.js';
import { checkHistory } from './check-history.js';
import { HOUR } from './check-schedules.js';
import { Committed } from './committed.js';
import { CALLED, calledFlow, flowNumber, type SimulatedFlow } from './flows.js';
import { Outside } from './outside.js';
import { Page, type Act } from './page.js';
import { laneOf, type Lane } from './scheduler.js';
import { isSettled, Peace } from './peace.js';
import { checkAcknowledged } from './check-acknowledged.js';

/** How many different flows there are. */
export const FLOWS = 150;
const DAY = 24 * HOUR;
/** No page counts on more than this without a sleep of the computer, ms. */
const LONG = 65_000;
/** 2026-01-01. */
const START_OF_TIME = 1_767_225_600_000;

export interface Outcome {
  readonly seed: number;
  readonly violations: readonly string[];
  readonly figures: Figures;
  /** The same for the same course of events. */
  readonly trace: string;
}

export interface Figures {
  readonly instances: number;
  readonly acknowledged: number;
  readonly refused: number;
  readonly commits: number;
  readonly calls: number;
  readonly faults: number;
  readonly tabs: number;
  readonly steps: number;
}

export type Compile = (definition: SimulatedFlow['definition']) => Promise<CompiledFlow>;

export class Schedule {
  readonly browser: Browser;
  readonly committed: Committed;
  readonly outside: Outside;
  readonly flows: readonly { readonly flow: SimulatedFlow; readonly compiled: CompiledFlow }[];
  readonly called: CompiledFlow;
  readonly pages: Page[] = [];
  readonly acts: Act[] = [];
  readonly violations: string[] = [];
  readonly log: (text: string) => void;
  readonly #world: Lane = laneOf();
  /** Some pages of the site do not have the functions that its flows call. */
  readonly #areSomeWithout: boolean;
  #faults = 0;
  #starts = 0;
  #signals = 0;
  #plans = 0;

  private constructor(
    readonly seed: number,
    browser: Browser,
    called: CompiledFlow,
    flows: Schedule['flows'],
    log?: (text: string) => void,
  ) {
    this.browser = browser;
    this.called = called;
    this.flows = flows;
    this.#areSomeWithout = browser.random.chance(0.3);
    this.committed = new Committed(browser);
    this.outside = new Outside(browser.random, this.committed, this.violations);
    this.log = (text) => log?.(`${browser.scheduler.now} ${text}`);
  }

  static async run(seed: number, compile: Compile, log?: (text: string) => void): Promise<Outcome> {
    const browser = new Browser(seed, START_OF_TIME);
    const { random } = browser;
    const numbers = random.chance(0.5) ? [random.below(FLOWS)] : [random.below(FLOWS), random.below(FLOWS)];
    const flows = [];
    for (const n of numbers) {
      const flow = flowNumber(n);
      flows.push({ flow, compiled: await compile(flow.definition) });
    }
    const schedule = new Schedule(seed, browser, await compile(calledFlow), flows, log);
    try {
      await schedule.#unrest();
      await new Peace(schedule).come();
    } catch (error) {
      schedule.violations.push(`the simulation broke down: ${(error as Error).stack ?? String(error)}`);
    }
    checkHistory(schedule);
    return schedule.#outcome();
  }

  openPage(): Page {
    const { browser, outside, flows, called } = this;
    const isWhole = outside.isKind || !this.#areSomeWithout || browser.random.chance(0.5);
    const page = new Page(
      browser,
      outside.implementations(isWhole),
      [called, ...flows.map((f) => f.compiled)],
      this.acts,
      {
        acknowledged: (act) => checkAcknowledged(this, act),
        violation: (text) => void this.violations.push(text),
        log: this.log,
      },
    );
    this.pages.push(page);
    this.log(`tab ${page.tab.id} opens${isWhole ? '' : ', which lacks what flows call'}`);
    return page;
  }

  usablePages(): readonly Page[] {
    return this.pages.filter((p) => p.isUsable);
  }

  flowOf(name: string): { readonly flow?: SimulatedFlow; readonly compiled: CompiledFlow } {
    return this.flows.find((f) => f.compiled.definition.flow === name) ?? { compiled: this.called };
  }

  nextSignal(): string {
    return `signal-${++this.#signals}`;
  }

  /** Time goes on by `ms`, with everything that happens in it. Long times the computer sleeps through. */
  async pass(ms: number): Promise<void> {
    const { scheduler } = this.browser;
    if (ms > LONG) {
      this.browser.setClock(ms - LONG);
      return this.pass(LONG);
    }
    const until = scheduler.now + ms;
    while (scheduler.now < until && (await scheduler.step(until)));
  }

  async #unrest(): Promise<void> {
    const { browser } = this;
    const { random } = browser;
    browser.rates = faultRates(this);
    for (let tabs = random.between(1, 3); tabs > 0; tabs--) this.openPage();
    // A visitor waits until the page is there.
    await this.pass(random.below(60));
    this.#start();
    for (let acts = random.between(6, 16); acts > 0; acts--) {
      await this.pass(this.#pause());
      if (browser.living.length === 0) this.openPage();
      else if (random.chance(0.55)) this.#visit();
      else this.#disturb();
    }
    await this.pass(this.#pause());
  }

  #pause(): number {
    const { random } = this.browser;
    const longest = random.pick([5, 5, 50, 300, 5000, 5000, 60_000, 7 * HOUR, 45 * DAY]);
    return random.below(longest);
  }

  #visit(): void {
    const { random } = this.browser;
    const page = this.#anyPage();
    if (!page) return;
    const open = [...this.committed.instances.values()].filter((r) => !isSettled(r));
    const instance = open.length > 0 ? random.pick(open) : undefined;
    const what = random.pick(['start', 'task', 'task', 'task', 'signal', 'signal', 'twice', 'cancel', 'look', 'plan']);
    const isUndoing = instance && Object.values(instance.state.runs).some((r) => r.undoes && !r.undoes.act);
    if (isUndoing && !instance.header.parent && random.chance(0.3)) return page.cancel(instance.id);
    if (what === 'start') return this.#start(page);
    if (what === 'look') return page.look();
    if (what === 'plan') return this.#plan(page);
    if (!instance) return;
    if (what === 'cancel') return random.chance(0.3) && !instance.header.parent ? page.cancel(instance.id) : undefined;
    const tasks = Object.values(instance.state.runs).filter((r) => r.phase === 'task');
    if (what === 'task' && tasks.length > 0)
      return page.complete(`${instance.id}/${random.pick(tasks).token}`, random.below(10), 'ann');
    if (what === 'twice' && tasks.length > 0) {
      // Two people press at the same time, in two tabs.
      const task = `${instance.id}/${random.pick(tasks).token}`;
      page.complete(task, 1, 'ann');
      this.#anyPage()?.complete(task, 2, 'bob');
      return;
    }
    const id = this.nextSignal();
    const name = random.pick(['news', 'news', 'stop']);
    page.signal(id, name, this.#correlation(instance.id), what === 'twice' || random.chance(0.7));
    if (what === 'twice') this.#anyPage()?.signal(id, name, this.#correlation(instance.id));
  }

  #correlation(instance: string): string {
    return instance.split('.')[0]!;
  }

  #start(page = this.#anyPage()): void {
    const { random } = this.browser;
    if (!page || this.#starts >= 3) return;
    const id = `order-${++this.#starts}`;
    const input = { a: random.below(10), b: random.below(10), c: random.below(10), corr: id };
    page.start(random.pick(this.flows).compiled.definition.flow, input, { id });
  }

  /** Something to be started by the clock, once or three times. */
  #plan(page: Page): void {
    const { random, wallClock } = this.browser;
    if (this.#plans >= 2) return;
    const name = `plan-${++this.#plans}`;
    const from = wallClock + random.pick([1000, 60_000, HOUR, DAY]);
    const when = random.chance(0.5)
      ? { at: from }
      : { every: 'PT1H', from, until: from + 2 * HOUR, missed: 'all' as const };
    page.schedule({ name, flow: CALLED, input: { a: random.below(10), corr: name }, ...when });
  }

  #anyPage(): Page | undefined {
    const pages = this.usablePages();
    return pages.length > 0 ? this.browser.random.pick(pages) : undefined;
  }

  #disturb(): void {
    const { browser } = this;
    const { random, scheduler } = browser;
    const tab = random.pick(browser.living);
    const page = this.pages.find((p) => p.tab === tab)!;
    const what = random.pick([
      'crash',
      'crash',
      'crash',
      'reload',
      'open',
      'freeze',
      'cache',
      'close',
      'steal',
      'clock',
      'hide',
      'lose',
    ] as const);
    this.#faults++;
    this.log(`fault: ${what} (tab ${tab.id}${page.isExecutor ? ', which executes' : ''})`);
    switch (what) {
      case 'crash':
        return this.#crash(page);
      case 'reload':
        this.#crash(page);
        return void this.openPage();
      case 'open':
        return void (browser.living.length < 4 && this.openPage());
      case 'freeze': {
        tab.freeze(random.chance(0.5));
        scheduler.add(this.#world, () => tab.thaw(), this.#pause());
        return;
      }
      case 'cache':
        tab.putAway();
        scheduler.add(this.#world, () => (random.chance(0.5) ? tab.bringBack() : tab.die()), this.#pause());
        return;
      case 'close':
        page.close();
        return tab.run(() => this.#crash(page), random.below(20));
      case 'steal':
        for (const name of browser.locks.names) browser.locks.steal(name);
        return;
      case 'clock':
        return browser.setClock(random.pick([-3 * HOUR, -60_000, -1000, 1000, HOUR, 2 * DAY, 60 * DAY]));
      case 'hide':
        tab.show(false);
        scheduler.add(this.#world, () => tab.show(true), this.#pause());
        return;
      case 'lose':
        for (const file of browser.disk.files.values())
          for (const connection of [...file.connections]) if (connection.owner === tab) connection.lose();
    }
  }

  #crash(page: Page): void {
    this.log(`tab ${page.tab.id} dies`);
    page.tab.die();
  }

  #outcome(): Outcome {
    const { acts, browser, committed, outside } = this;
    const figures: Figures = {
      instances: committed.instances.size,
      acknowledged: acts.filter((a) => a.state === 'acknowledged').length,
      refused: acts.filter((a) => a.state === 'refused').length,
      commits: committed.order,
      calls: outside.calls.length,
      faults: this.#faults,
      tabs: browser.tabs.length,
      steps: browser.scheduler.steps,
    };
    const violations = [...new Set([...committed.violations, ...this.violations])];
    const trace = `${Object.values(figures).join('-')}-${browser.scheduler.now}-${browser.random.below(1e9)}`;
    return { seed: this.seed, violations, figures, trace };
  }
}

/** Most schedules have a few kinds of faults, some have none. */
function faultRates({ browser: { random } }: Schedule): FaultRates {
  const sometimes = (rate: number): number => (random.chance(0.35) ? rate : 0);
  if (random.chance(0.15)) return NO_FAULTS;
  return {
    request: sometimes(0.01),
    commit: sometimes(0.08),
    unheard: sometimes(0.05),
    open: sometimes(0.15),
    messageLost: sometimes(0.3),
    messageTwice: sometimes(0.3),
    messageLate: sometimes(0.3),
  };
}
