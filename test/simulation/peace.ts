// After the faults: browsers work, the interface answers, people do what is asked of them, and time passes. Whatever was begun
// must then come to its end; what does not has been lost.
import type { InstanceRecord } from '../../src/hosts/browser/schema.js';
import { NO_FAULTS } from './browser.js';
import type { Page } from './page.js';
import type { Schedule } from './schedule.js';

const ROUNDS = 60;
/** Longer than any patience of the host, ms. */
const ROUND = 15_000;
/** A page notices within this time that it has slept, or that somebody has set the clock, ms. */
const NOTICED = 61_000;
const A_WHILE = 60_000;
const A_MOMENT = 500;
/** So long before something is due somebody looks at a page: too early by less than this would show, ms. */
const SHORTLY_BEFORE = 45_000;

export class Peace {
  readonly #schedule: Schedule;
  readonly #sent = new Set<string>();

  constructor(schedule: Schedule) {
    this.#schedule = schedule;
  }

  async come(): Promise<void> {
    const { browser, outside } = this.#schedule;
    const { random } = browser;
    browser.rates = NO_FAULTS;
    outside.isKind = true;
    this.#schedule.log('peace');
    // Sometimes the pages stay as they are, sometimes all are closed and opened again.
    if (random.chance(0.5)) for (const tab of browser.living) tab.die();
    for (const tab of browser.living) {
      tab.thaw();
      tab.show(true);
    }
    for (const page of this.#schedule.pages) if (page.hasFailed) page.tab.die();
    if (!this.#schedule.pages.some((page) => page.canCall)) this.#schedule.openPage();
    for (let round = 0; round < ROUNDS; round++) {
      await this.#schedule.pass(ROUND);
      const open = this.#open();
      if (open.length === 0 && this.#isInboxEmpty() && this.#startsToCome().length === 0) return;
      if (!this.#schedule.usablePages().some((page) => page.canCall)) {
        this.#schedule.openPage();
        await this.#schedule.pass(ROUND);
      }
      const page = this.#schedule.usablePages()[0];
      if (!page) continue;
      for (const record of open) this.#help(page, record);
      // Who asked may be gone, and the message that there is work with them: somebody asks for something else.
      if (!this.#isInboxEmpty()) page.signal(this.#schedule.nextSignal(), 'unrelated', '');
      await this.#schedule.pass(ROUND);
      await this.#toNextTimer();
    }
    for (const { id, flow, status, state } of this.#open()) {
      const runs = Object.values(state.runs).map((r) => `${r.activity} ${r.token} ${r.phase} ${r.failure?.code ?? ''}`);
      this.#schedule.violations.push(`${id} (${flow}) never ends: ${status}, ${runs.join('; ')}`);
    }
    if (!this.#isInboxEmpty()) this.#schedule.violations.push('requests stay in the inbox for ever');
  }

  #open(): readonly InstanceRecord[] {
    return [...this.#schedule.committed.instances.values()].filter((r) => !isSettled(r));
  }

  #startsToCome(): readonly number[] {
    return [...this.#schedule.committed.schedules.values()].flatMap(({ next }) => next ?? []);
  }

  #isInboxEmpty(): boolean {
    const files = [...this.#schedule.browser.disk.files.values()];
    return files.every((f) => (f.shelves.get('inbox')?.entries.length ?? 0) === 0);
  }

  #help(page: Page, { id, status, state }: InstanceRecord): void {
    for (const run of Object.values(state.runs)) {
      if (run.phase === 'task') page.complete(`${id}/${run.token}`, 3, 'ann');
      for (const [event, { name, key }] of Object.entries(run.subscriptions ?? {})) {
        // A message at a border need not come.
        if (event !== '' || this.#sent.has(`${id}/${run.token}`)) continue;
        this.#sent.add(`${id}/${run.token}`);
        page.signal(this.#schedule.nextSignal(), name, key ?? '');
      }
    }
    if (status === 'failed') page.retry(id);
  }

  async #toNextTimer(): Promise<void> {
    const { browser } = this.#schedule;
    const timers = this.#open().flatMap((r) =>
      Object.values(r.state.runs).flatMap((x) => Object.values(x.timers ?? {})),
    );
    const due = [...timers, ...this.#startsToCome()];
    // Something may just take long.
    if (due.length === 0) return this.#schedule.pass(A_WHILE);
    const wait = Math.min(...due) - browser.wallClock;
    if (browser.random.chance(0.5)) {
      await this.#schedule.pass(Math.max(0, wait - browser.random.below(SHORTLY_BEFORE)));
      for (const tab of browser.living) tab.show(true);
      await this.#schedule.pass(A_MOMENT);
    }
    const left = Math.min(...due) - browser.wallClock;
    await this.#schedule.pass(Math.max(0, left) + NOTICED);
    const late = this.#open().flatMap((r) =>
      Object.values(r.state.runs).flatMap((x) =>
        Object.entries(x.timers ?? {})
          .filter(([, at]) => at < browser.wallClock - NOTICED)
          .map(([timer]) => `timer ${timer} of ${r.id}/${x.token} is late`),
      ),
    );
    this.#schedule.violations.push(...late.slice(0, 1));
  }
}

/** Over, or failed in the way that was meant. */
export function isSettled({ status, state }: InstanceRecord): boolean {
  if (status === 'completed' || status === 'cancelled') return true;
  const runs = Object.values(state.runs);
  return status === 'failed' && runs.every((r) => r.phase === 'incident' && r.failure?.code === 'Refused');
}
