// One simulated tab: what a page's script sees of its browser besides the store. It can freeze (its tasks wait), wake up
// late, go into the back/forward cache, and die (its tasks are dropped, its locks pass on, its transactions are undone).
import type { Browser } from './browser.js';
import { laneOf, type Lane, type Owner } from './scheduler.js';
import { Factory } from './store/connection.js';
import { Target } from './store/target.js';

const LONGEST_TIMEOUT = 2_147_483_647;

export class Tab implements Owner {
  isAlive = true;
  isFrozen = false;
  /** It is on its way to stand still, and by whom it was woken meanwhile. */
  #isGoing = false;
  #woken: (() => void) | undefined;
  readonly window = new Target();
  readonly document = new PageDocument();
  readonly indexedDB: Factory;
  /** What the page's script does on its own account: clicks, answers to its calls. */
  readonly script: Lane;
  readonly #timers: Lane;
  readonly #armed = new Map<number, () => void>();
  #nextTimer = 1;
  #nextId = 1;
  readonly navigator: {
    readonly locks: ReturnType<Browser['locks']['of']>;
    readonly onLine: boolean;
    readonly storage: Readonly<Record<'persist' | 'persisted', () => Promise<boolean>>>;
  };

  constructor(
    readonly browser: Browser,
    readonly id: number,
  ) {
    this.navigator = {
      locks: browser.locks.of(this),
      onLine: true,
      storage: { persist: async () => true, persisted: async () => true },
    };
    this.indexedDB = new Factory(browser.disk, this);
    this.script = laneOf(this);
    this.#timers = laneOf(this);
  }

  setTimeout(callback: () => void, delay: number): number {
    const { scheduler, random } = this.browser;
    const handle = this.#nextTimer++;
    // More than 31 bits overflow, and fire at once. Timers of pages in the background come late.
    const wait = delay > LONGEST_TIMEOUT || !(delay > 0) ? 0 : delay;
    const late = this.document.visibilityState === 'hidden' ? random.below(1000) : random.below(3);
    const disarm = scheduler.add(
      this.#timers,
      () => {
        this.#armed.delete(handle);
        callback();
      },
      wait + late,
    );
    this.#armed.set(handle, disarm);
    return handle;
  }

  setInterval(callback: () => void, delay: number): number {
    const handle = this.#nextTimer;
    const again = (): void => {
      const next = this.setTimeout(() => {
        again();
        callback();
      }, delay);
      this.#armed.set(handle, this.#armed.get(next)!);
    };
    again();
    return handle;
  }

  /** Unlike any other, and the same for the same seed. */
  newId(): string {
    return `id-${this.id}-${this.#nextId++}`;
  }

  clearTimeout(handle: number): void {
    this.#armed.get(handle)?.();
    this.#armed.delete(handle);
  }

  /** Runs as script of this page, as soon as it is its turn. */
  run(script: () => void, delay = 0): void {
    this.browser.scheduler.add(this.script, script, delay);
  }

  /** With or without the event that some browsers fire before. */
  freeze(isTold: boolean): void {
    if (!isTold) this.isFrozen = true;
    else this.#standStill(() => this.document.dispatch({ type: 'freeze' }));
  }

  thaw(): void {
    this.#awake(() => this.document.dispatch({ type: 'resume' }));
  }

  /** Into the back/forward cache: the page is told, and then stands still. */
  putAway(): void {
    this.#standStill(() => this.window.dispatch({ type: 'pagehide', persisted: true }));
  }

  bringBack(): void {
    this.#awake(() => this.window.dispatch({ type: 'pageshow', persisted: true }));
  }

  /** Once the page has been told. It may be woken before it was. */
  #standStill(tell: () => void): void {
    // One that stands still already goes nowhere.
    if (this.isFrozen || this.#isGoing) return;
    this.#woken = undefined;
    this.#isGoing = true;
    this.run(() => {
      tell();
      this.#isGoing = false;
      if (this.#woken) this.#woken();
      else this.isFrozen = true;
    });
  }

  #awake(tell: () => void): void {
    if (this.#isGoing) this.#woken = tell;
    else if (this.isFrozen) this.run(tell);
    this.isFrozen = false;
  }

  show(isVisible: boolean): void {
    this.run(() => {
      this.document.visibilityState = isVisible ? 'visible' : 'hidden';
      this.document.dispatch({ type: 'visibilitychange' });
      if (isVisible) this.window.dispatch({ type: 'focus' });
    });
  }

  die(): void {
    if (!this.isAlive) return;
    this.isAlive = false;
    this.browser.disk.ownerDied(this);
    this.browser.locks.ownerDied(this);
    this.browser.channels.ownerDied(this);
  }
}

class PageDocument extends Target {
  visibilityState: 'visible' | 'hidden' = 'visible';

  get hidden(): boolean {
    return this.visibilityState === 'hidden';
  }
}
