// Timers of all instances: one alarm for the earliest `wakeAt` in the index. Due times are absolute, so a timer that fell
// due while no page was open fires once when one is, and a clock that jumps only makes the next look come earlier.
import type { InstanceMessage } from '../../engine/index.js';
import { FlowError } from '../../model/index.js';
import type { Clock } from '../clock.js';
import { Alarm } from './alarm.js';
import type { Records } from './records.js';
import type { InstanceRecord } from './schema.js';

/** Pause after a firing that could not be stored, ms. */
const LOOK_AGAIN = 2000;

/** The message of a timer. Throws when the clock was set back after it was found due: then it waits, as if nothing had been. */
export function dueMessage(clock: Clock, token: string, id: string, at: number): InstanceMessage {
  if (clock.now() >= at) return { type: 'timer', token, id, at };
  throw new FlowError('FLOW-TIMER-EARLY', `The clock was set back before ${new Date(at).toISOString()}.`);
}

export class WakeUp {
  readonly #records: Records;
  readonly #clock: Clock;
  readonly #fire: (instance: string, token: string, id: string, at: number) => Promise<unknown>;
  readonly #alarm: Alarm;

  constructor(
    records: Records,
    clock: Clock,
    fire: (instance: string, token: string, id: string, at: number) => Promise<unknown>,
  ) {
    this.#records = records;
    this.#clock = clock;
    this.#fire = fire;
    this.#alarm = new Alarm(clock, () => void this.check());
  }

  begin(): void {
    this.#alarm.begin();
  }

  stop(): void {
    this.#alarm.stop();
  }

  /** A record was written: its alarm may be the earliest now. */
  note(record: InstanceRecord): void {
    if (record.wakeAt !== undefined) this.#alarm.set(record.wakeAt);
  }

  async check(): Promise<void> {
    if (!this.#alarm.isActive) return;
    const now = this.#clock.now();
    const due = await this.#records.due(now).catch(() => undefined);
    if (!this.#alarm.isActive) return;
    if (!due) return this.#again(now);
    for (const { id: instance, state } of due) {
      for (const run of Object.values(state.runs)) {
        for (const [id, at] of Object.entries(run.timers ?? {})) {
          if (at <= now) this.#fire(instance, run.token, id, at).catch(() => this.#again(at));
        }
      }
    }
    const next = await this.#records.nextDue(now).catch(() => now + LOOK_AGAIN);
    if (next !== undefined) this.#alarm.set(next);
  }

  /** It could not be read or stored; or the clock has been set back and it is not due any more. */
  #again(at: number): void {
    this.#alarm.set(Math.max(at, this.#clock.now() + LOOK_AGAIN));
  }
}
