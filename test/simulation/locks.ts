// Web Locks between simulated tabs: exclusive, in order of request, with `signal`, `ifAvailable` and `steal`. A frozen tab
// keeps what it holds and may be granted more; a dead one loses everything.
import { laneOf, type Scheduler } from './scheduler.js';
import type { Tab } from './tab.js';

interface LockOptions {
  readonly mode?: string;
  readonly signal?: AbortSignal;
  readonly steal?: boolean;
  readonly ifAvailable?: boolean;
}

type Callback = (lock: { readonly name: string; readonly mode: string } | null) => unknown;

interface Request {
  readonly tab: Tab;
  readonly name: string;
  readonly callback: Callback;
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: unknown) => void;
  isHeld: boolean;
}

export class Locks {
  readonly #scheduler: Scheduler;
  readonly #held = new Map<string, Request>();
  #queue: Request[] = [];

  constructor(scheduler: Scheduler) {
    this.#scheduler = scheduler;
  }

  /** `navigator.locks` of one tab. */
  of(tab: Tab): {
    request: (name: string, a: LockOptions | Callback, b?: Callback) => Promise<unknown>;
    query: () => Promise<unknown>;
  } {
    return {
      request: (name, a, b) => this.#request(tab, name, typeof a === 'function' ? {} : a, (b ?? a) as Callback),
      query: () =>
        new Promise((resolve) => {
          const answer = {
            held: [...this.#held.keys()].map((name) => ({ name, mode: 'exclusive' })),
            pending: this.#queue.map(({ name }) => ({ name, mode: 'exclusive' })),
          };
          this.#scheduler.add(laneOf(tab), () => resolve(answer));
        }),
    };
  }

  get names(): readonly string[] {
    return [...this.#held.keys()];
  }

  holder(name: string): Tab | undefined {
    return this.#held.get(name)?.tab;
  }

  /** Takes the lock from whoever holds it, as any script of the origin may. */
  steal(name: string): void {
    const held = this.#held.get(name);
    if (held) this.#takeFrom(held);
    this.#grantNext(name);
  }

  ownerDied(tab: Tab): void {
    this.#queue = this.#queue.filter((r) => r.tab !== tab);
    for (const [name, request] of this.#held) {
      if (request.tab !== tab) continue;
      this.#held.delete(name);
      this.#grantNext(name);
    }
  }

  #request(tab: Tab, name: string, options: LockOptions, callback: Callback): Promise<unknown> {
    if (options.mode === 'shared') throw new Error('Shared locks are not simulated.');
    return new Promise((resolve, reject) => {
      const request: Request = { tab, name, callback, resolve, reject, isHeld: false };
      const { signal } = options;
      if (signal?.aborted) return reject(signal.reason);
      signal?.addEventListener('abort', () => {
        if (!this.#queue.includes(request)) return;
        this.#queue = this.#queue.filter((r) => r !== request);
        reject(signal.reason);
      });
      this.#scheduler.add(laneOf(tab), () => {
        if (signal?.aborted) return;
        if (options.ifAvailable && this.#held.has(name)) return void this.#settle(request, () => callback(null));
        if (options.steal) {
          const held = this.#held.get(name);
          if (held) this.#takeFrom(held);
          this.#queue.unshift(request);
        } else this.#queue.push(request);
        this.#grantNext(name);
      });
    });
  }

  #grantNext(name: string): void {
    if (this.#held.has(name)) return;
    const request = this.#queue.find((r) => r.name === name);
    if (!request) return;
    this.#queue = this.#queue.filter((r) => r !== request);
    this.#held.set(name, request);
    request.isHeld = true;
    this.#scheduler.add(laneOf(request.tab), () => {
      void this.#settle(request, () => request.callback({ name, mode: 'exclusive' }));
    });
  }

  async #settle(request: Request, work: () => unknown): Promise<void> {
    try {
      const value = await work();
      this.#release(request);
      request.resolve(value);
    } catch (error) {
      this.#release(request);
      request.reject(error);
    }
  }

  #release(request: Request): void {
    if (!request.isHeld) return;
    request.isHeld = false;
    this.#held.delete(request.name);
    this.#grantNext(request.name);
  }

  #takeFrom(request: Request): void {
    request.isHeld = false;
    this.#held.delete(request.name);
    const error = new DOMException('The lock was stolen.', 'AbortError');
    this.#scheduler.add(laneOf(request.tab), () => request.reject(error));
  }
}
