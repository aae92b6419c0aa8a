// Signals of all tabs: stored first, then handed to a waiter in the transaction of the step that it causes. One that nobody
// waits for stays until somebody does.
import type { Clock } from '../clock.js';
import type { Signal } from '../host.js';
import { matches, signalMessage } from '../signal-box.js';
import { whenTaken, type Connection } from './connection.js';
import type { InstanceRunner } from './instance-runner.js';
import type { Records } from './records.js';

export class Signals {
  readonly #connection: Connection;
  readonly #records: Records;
  readonly #runner: InstanceRunner;
  readonly #clock: Clock;
  readonly #newId: () => string;

  constructor(connection: Connection, records: Records, runner: InstanceRunner, clock: Clock, newId: () => string) {
    this.#connection = connection;
    this.#records = records;
    this.#runner = runner;
    this.#clock = clock;
    this.#newId = newId;
  }

  /** Resolves once it is stored; one with an id that has been seen is not stored again. */
  async keep(signal: Signal): Promise<void> {
    // Storing it may be repeated when the connection is lost, and must not store it twice.
    const id = signal.id ?? this.#newId();
    const at = this.#clock.now();
    const row = await this.#connection.sealed('signals', { at, signal });
    let isKnown = false;
    try {
      await this.#connection.write(
        (tx) => {
          // Where the id is known, nothing of the transaction lasts.
          whenTaken(tx.objectStore('seen').add({ id, at }), () => (isKnown = true));
          tx.objectStore('signals').add(row);
        },
        ['seen', 'signals'],
      );
    } catch (error) {
      if (!isKnown) throw error;
    }
  }

  /** In the executing tab: whoever waits for what is kept gets it. */
  async deliver(): Promise<void> {
    for (const { seq, signal } of await this.#records.signals()) await this.#deliverOne(seq!, signal);
  }

  async #deliverOne(seq: number, signal: Signal): Promise<void> {
    const waiting = [...(await this.#records.instancesBy('awaits', signal.name))];
    waiting.sort((a, b) => a.header.startedAt - b.header.startedAt);
    for (const { id: instance, state } of waiting) {
      for (const run of Object.values(state.runs)) {
        for (const [id, subscription] of Object.entries(run.subscriptions ?? {})) {
          if (!matches(subscription, signal)) continue;
          const message = signalMessage(run.token, id, signal);
          const taken = await this.#runner.post(instance, () => message, signal.broadcast ? {} : { signal: seq });
          if (taken && !signal.broadcast) return;
        }
      }
    }
    if (!signal.broadcast) return;
    await this.#connection.write((tx) => tx.objectStore('signals').delete(seq), ['signals']);
  }
}
