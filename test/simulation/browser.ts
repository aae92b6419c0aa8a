// A simulated browser with one profile: tabs that share a disk, locks and channels, one clock, and the faults of the day.
import { Channels } from './channels.js';
import { setPresent } from './globals.js';
import { Locks } from './locks.js';
import { Random } from './random.js';
import { Scheduler } from './scheduler.js';
import { Disk } from './store/disk.js';
import type { Transaction } from './store/transaction.js';
import { Tab } from './tab.js';

/** Probabilities, per occasion. */
export interface FaultRates {
  /** A request of a transaction fails, and the transaction with it. */
  request: number;
  /** A commit is refused: aborted, or for want of space. */
  commit: number;
  /** A commit is carried out, but the page is told that the connection is lost. */
  unheard: number;
  open: number;
  messageLost: number;
  messageTwice: number;
  messageLate: number;
}

export const NO_FAULTS: FaultRates = {
  request: 0,
  commit: 0,
  unheard: 0,
  open: 0,
  messageLost: 0,
  messageTwice: 0,
  messageLate: 0,
};

export class Browser {
  readonly random: Random;
  readonly scheduler: Scheduler;
  readonly disk: Disk;
  readonly locks: Locks;
  readonly channels: Channels;
  readonly tabs: Tab[] = [];
  rates: FaultRates = NO_FAULTS;
  /** Wall clock minus monotonic clock, ms: what the user or a time server sets. */
  #offset: number;
  /** Since when (monotonic) it has been so. */
  readonly #offsets: { readonly since: number; readonly offset: number }[] = [];

  constructor(seed: number, startOfTime: number) {
    this.random = new Random(seed);
    this.#offset = startOfTime;
    this.#offsets.push({ since: 0, offset: startOfTime });
    this.scheduler = new Scheduler(
      this.random,
      (owner) => setPresent(owner as Tab | undefined),
      () => this.disk.afterTurn(),
    );
    this.disk = new Disk(this.scheduler, this.random, {
      request: (tx) => this.#failure(this.rates.request, tx),
      commit: (tx) => this.#fateOf(tx),
      open: () =>
        this.random.chance(this.rates.open)
          ? new DOMException('Internal error opening backing store for indexedDB.open.', 'UnknownError')
          : undefined,
    });
    this.locks = new Locks(this.scheduler);
    this.channels = new Channels(this.scheduler, () => this.#fateOfMessage());
  }

  /** What `Date.now()` gives. */
  get wallClock(): number {
    return Math.floor(this.scheduler.now + this.#offset);
  }

  /** Somebody sets the clock. */
  setClock(by: number): void {
    this.#offset += by;
    this.#offsets.push({ since: this.scheduler.now, offset: this.#offset });
  }

  /** The latest that the wall clock has shown between two moments (monotonic). */
  latestBetween(from: number, to: number): number {
    const shown = this.#offsets.map(({ since, offset }, i) => {
      const until = Math.min(to, this.#offsets[i + 1]?.since ?? to);
      return until >= from && since <= to ? Math.floor(until + offset) : -Infinity;
    });
    return Math.max(...shown);
  }

  open(): Tab {
    const tab = new Tab(this, this.tabs.length + 1);
    this.tabs.push(tab);
    return tab;
  }

  get living(): readonly Tab[] {
    return this.tabs.filter((t) => t.isAlive);
  }

  #failure(rate: number, tx: Transaction): DOMException | undefined {
    if (tx.mode === 'versionchange' || !this.random.chance(rate)) return undefined;
    return this.random.chance(0.5)
      ? new DOMException('Connection to Indexed Database server lost.', 'UnknownError')
      : new DOMException('The transaction was aborted.', 'AbortError');
  }

  #fateOf(tx: Transaction): 'done' | 'unheard' | { readonly refused: DOMException } {
    if (tx.mode === 'versionchange') return 'done';
    if (this.random.chance(this.rates.unheard)) return 'unheard';
    if (!this.random.chance(this.rates.commit)) return 'done';
    const refused = this.random.chance(0.5)
      ? new DOMException('The quota has been exceeded.', 'QuotaExceededError')
      : new DOMException('The transaction was aborted.', 'AbortError');
    return { refused };
  }

  #fateOfMessage(): readonly number[] {
    const { random, rates } = this;
    if (random.chance(rates.messageLost)) return [];
    const delay = random.chance(rates.messageLate) ? random.below(8000) : random.below(4);
    return random.chance(rates.messageTwice) ? [delay, delay + random.below(50)] : [delay];
  }
}
