// One tab of an origin executes. A Web Lock decides which, and passes on within milliseconds when that tab dies. The lock
// is only for liveness: what keeps a tab that has lost it from writing is the epoch check in every commit.
// A frozen page, or one in the back/forward cache, would keep the lock for ever: it is released on the way there, and a
// tab takes it over from one that does not answer.

export interface ExecutorLockOptions {
  readonly name: string;
  /** Called when this tab becomes the executor; resolves when it has taken over. */
  readonly acquired: () => Promise<void>;
  /** Called when it no longer is. */
  readonly lost: () => void;
  /** Called now and then while another tab is: time to ask whether it lives, although this one wants nothing. */
  readonly waiting: () => void;
}

/** ms. */
const HEARTBEAT = 5000;

/** One time of holding the lock. */
interface Hold {
  release?: () => void;
  /** It was taken away. */
  isOver?: boolean;
}

export class ExecutorLock {
  readonly #options: ExecutorLockOptions;
  #release: (() => void) | undefined;
  #waiting: AbortController | undefined;
  #closed = false;
  readonly #onHide = (event: PageTransitionEvent): void => {
    if (event.persisted) this.#step(false);
  };
  readonly #onFreeze = (): void => this.#step(false);
  readonly #onBack = (): void => this.#step(true);
  #heartbeat: ReturnType<typeof setTimeout> | undefined;

  constructor(options: ExecutorLockOptions) {
    this.#options = options;
    globalThis.addEventListener?.('pagehide', this.#onHide);
    globalThis.addEventListener?.('pageshow', this.#onBack);
    globalThis.document?.addEventListener('freeze', this.#onFreeze);
    globalThis.document?.addEventListener('resume', this.#onBack);
    this.#step(true);
    this.#beat();
  }

  get isHeld(): boolean {
    return this.#release !== undefined;
  }

  /** Takes the lock from a tab that does not answer. */
  steal(): void {
    if (this.#release) return;
    this.#waiting?.abort();
    this.#request(true);
  }

  close(): void {
    this.#closed = true;
    clearTimeout(this.#heartbeat);
    this.#step(false);
    globalThis.removeEventListener?.('pagehide', this.#onHide);
    globalThis.removeEventListener?.('pageshow', this.#onBack);
    globalThis.document?.removeEventListener('freeze', this.#onFreeze);
    globalThis.document?.removeEventListener('resume', this.#onBack);
  }

  #beat(): void {
    this.#heartbeat = setTimeout(() => {
      if (this.#waiting) this.#options.waiting();
      this.#beat();
    }, HEARTBEAT);
  }

  #step(forward: boolean): void {
    if (!forward) {
      this.#waiting?.abort();
      this.#waiting = undefined;
      this.#drop();
    } else if (!this.#closed && !this.#release && !this.#waiting) {
      this.#request(false);
    }
  }

  #request(steal: boolean): void {
    const waiting = new AbortController();
    this.#waiting = waiting;
    const hold: Hold = {};
    const locks = globalThis.navigator?.locks;
    // Without Web Locks (an insecure page) every tab executes; the epoch check then lets only the newest one write.
    const request = locks
      ? locks.request(this.#options.name, steal ? { steal: true } : { signal: waiting.signal }, () =>
          this.#hold(waiting, hold),
        )
      : this.#hold(waiting, hold);
    request.catch((error: unknown) => {
      // Stolen, or no longer wanted. A page that was frozen may hear that before it hears that it had the lock.
      hold.isOver = true;
      if (this.#waiting === waiting) this.#waiting = undefined;
      const isStolen = hold.release
        ? hold.release === this.#release
        : (error as Error | undefined)?.name === 'AbortError';
      if (waiting.signal.aborted || !isStolen) return;
      if (hold.release) this.#drop();
      // Whoever took it may go before this tab does.
      this.#step(true);
    });
  }

  async #hold(waiting: AbortController, hold: Hold): Promise<void> {
    if (this.#closed || waiting.signal.aborted || hold.isOver) return;
    const held = new Promise<void>((resolve) => (this.#release = hold.release = resolve));
    if (this.#waiting === waiting) this.#waiting = undefined;
    await this.#options.acquired();
    await held;
  }

  #drop(): void {
    const release = this.#release;
    this.#release = undefined;
    if (!release) return;
    this.#options.lost();
    release();
  }
}
