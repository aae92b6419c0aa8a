// One alarm for the earliest of many due times. It also rings whenever the page is seen again, because a throttled or sleeping
// page may have missed its time.
import type { Clock } from '../clock.js';

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
    const disarm = this.#clock.at(at, () => {
      this.#armed = undefined;
      this.#ring();
    });
    this.#armed = { at, disarm };
  }
}
