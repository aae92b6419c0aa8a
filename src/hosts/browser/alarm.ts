// One alarm for the earliest of many due times. It looks at the clock once a minute, because a clock may be set forward, and
// whenever the page is seen again, because a throttled or sleeping page may have missed its time.
import type { Clock } from '../clock.js';

const LOOK = 60_000;

export class Alarm {
  readonly #clock: Clock;
  readonly #ring: () => void;
  #armed: { readonly at: number; disarm: () => void } | undefined;
  #active = false;
  readonly #seen = (): void => this.#ring();

  /** `ring` is told that something may be due; it finds out what, and sets the alarm again. */
  constructor(clock: Clock, ring: () => void) {
    this.#clock = clock;
    this.#ring = ring;
  }

  get isActive(): boolean {
    return this.#active;
  }

  begin(): void {
    if (this.#active) return;
    this.#active = true;
    globalThis.document?.addEventListener('visibilitychange', this.#seen);
    globalThis.addEventListener?.('focus', this.#seen);
    this.#ring();
  }

  stop(): void {
    this.#active = false;
    this.#armed?.disarm();
    this.#armed = undefined;
    globalThis.document?.removeEventListener('visibilitychange', this.#seen);
    globalThis.removeEventListener?.('focus', this.#seen);
  }

  /** Rings at `at`, unless it is set to an earlier time already. */
  set(at: number): void {
    // One that is due already, and only waits for its turn, is not put off.
    if (!this.#active || (this.#armed && this.#armed.at <= at)) return;
    this.#armed?.disarm();
    this.#wait(at);
  }

  #wait(at: number): void {
    const look = Math.min(at, this.#clock.now() + LOOK);
    const disarm = this.#clock.at(look, () => {
      this.#armed = undefined;
      if (this.#clock.now() < at) return this.#wait(at);
      this.#ring();
    });
    this.#armed = { at, disarm };
  }
}
