// Timers of all instances: one alarm for the earliest `wakeAt` in the index. Due times are absolute, so a timer that fell
// due while no page was open fires once when one is, and a clock that jumps only makes the next look come earlier.
import type { Clock } from '../clock.js';
import type { Records } from './records.js';
import type { InstanceRecord } from './schema.js';

/** Pause after a firing that could not be stored, ms. */
const LOOK_AGAIN = 2000;

export class WakeUp {
  readonly #records: Records;
  readonly #clock: Clock;
  readonly #fire: (instance: string, token: string, id: string, at: number) => Promise<unknown>;
  #armed: { at: number; disarm: () => void } | undefined;
  #active = false;
  readonly #look = (): void => void this.check();

  constructor(
    records: Records,
    clock: Clock,
    fire: (instance: string, token: string, id: string, at: number) => Promise<unknown>,
  ) {
    this.#records = records;
    this.#clock = clock;
    this.#fire = fire;
  }

  begin(): void {
    this.#active = true;
    // A throttled or sleeping page may have missed its alarm.
    globalThis.document?.addEventListener('visibilitychange', this.#look);
    globalThis.addEventListener?.('focus', this.#look);
    void this.check();
  }

  stop(): void {
    this.#active = false;
    this.#armed?.disarm();
    this.#armed = undefined;
    globalThis.document?.removeEventListener('visibilitychange', this.#look);
    globalThis.removeEventListener?.('focus', this.#look);
  }

  /** A record was written: its alarm may be the earliest now. */
  note(record: InstanceRecord): void {
    if (this.#active && record.wakeAt !== undefined) this.#arm(record.wakeAt);
  }

  async check(): Promise<void> {
    if (!this.#active) return;
    const now = this.#clock.now();
    const due = await this.#records.due(now).catch(() => []);
    if (!this.#active) return;
    for (const { id: instance, state } of due) {
      for (const run of Object.values(state.runs)) {
        for (const [id, at] of Object.entries(run.timers ?? {})) {
          if (at <= now) this.#fire(instance, run.token, id, at).catch(() => this.#arm(now + LOOK_AGAIN));
        }
      }
    }
    const next = await this.#records.nextDue(now).catch(() => now + LOOK_AGAIN);
    if (next !== undefined && this.#active) this.#arm(next);
  }

  #arm(at: number): void {
    if (this.#armed && this.#armed.at <= at && this.#armed.at > this.#clock.now()) return;
    this.#armed?.disarm();
    this.#armed = {
      at,
      disarm: this.#clock.at(at, () => {
        this.#armed = undefined;
        void this.check();
      }),
    };
  }
}
