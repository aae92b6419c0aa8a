// Calls whose implementation the executing tab does not have, done by one that has it. The executor offers them; whoever can takes
// the lock of the call, makes it, and puts the answer into the inbox. While the lock is held nobody else begins, also not
// the next executor; when it is free again without an answer, the call is offered again.
import type { Registry } from '../../activities/index.js';
import type { CompiledFlow } from '../../compiler/index.js';
import type { InstanceMessage } from '../../engine/index.js';
import { isOnce } from '../indeterminate.js';
import { Invocations } from '../invocations.js';
import { isTaken, type Connection } from './connection.js';
import type { Records } from './records.js';

/** A call, as tabs tell each other of it. */
export interface OfferedCall {
  readonly instance: string;
  readonly token: string;
  readonly attempt: number;
}

export interface LentCallsOptions {
  /** Of the database. */
  readonly name: string;
  readonly registry: Registry;
  readonly connection: Connection;
  readonly records: Records;
  readonly pinned: (hash: string) => Promise<CompiledFlow>;
  /** Stores the answer; resolves when the executor has dealt with it. */
  readonly answer: (instance: string, message: InstanceMessage) => Promise<unknown>;
}

export class LentCalls {
  readonly #options: LentCallsOptions;
  readonly #invocations: Invocations;
  /** Ends each call that this tab has taken over. */
  readonly #taken = new Map<string, () => void>();

  constructor(options: LentCallsOptions) {
    this.#options = options;
    this.#invocations = new Invocations(options.registry);
  }

  /** Whether some tab has taken it over. */
  async isHeld(call: OfferedCall): Promise<boolean> {
    const { held = [] } = (await globalThis.navigator?.locks?.query()) ?? {};
    return held.some(({ name }) => name === this.#lockOf(call));
  }

  /** Another tab wants it done: does it, if this tab can and no other does. */
  async take(call: OfferedCall): Promise<void> {
    const locks = globalThis.navigator?.locks;
    const lock = this.#lockOf(call);
    if (!locks || this.#taken.has(lock)) return;
    const { records, pinned } = this.#options;
    const record = await records.instance(call.instance);
    const run = record?.state.runs[call.token];
    if (!record || run?.phase !== 'effect' || run.attempt !== call.attempt) return;
    const flow = await pinned(record.hash);
    if (this.#invocations.lack(flow, run)) return;
    await locks.request(lock, { ifAvailable: true }, async (granted) => {
      if (!granted || this.#taken.has(lock)) return;
      const gone = new Promise<void>((resolve) => this.#taken.set(lock, resolve));
      const done = (async () => {
        if (isOnce(flow, run.activity) && !(await this.#begin(call))) return;
        const message = await this.#invocations.invoke(flow, record.state, run);
        // What a page says on its way out is no answer.
        if (this.#taken.has(lock)) await this.#options.answer(call.instance, message);
      })();
      // The lock must not be kept by a page that is put away; an answer that cannot be stored is as good as none.
      await Promise.race([done.catch(() => {}), gone]);
      this.#taken.delete(lock);
    });
  }

  /** Nobody wants it any more. */
  withdraw({ instance, token }: Pick<OfferedCall, 'instance' | 'token'>): void {
    this.#invocations.cancel(instance, token);
  }

  /** The page closes, or is put away. */
  stop(): void {
    const ends = [...this.#taken.values()];
    this.#taken.clear();
    this.#invocations.cancelAll();
    for (const end of ends) end();
  }

  /** The barrier before what may be called once: false when somebody has begun it. */
  async #begin({ instance, token, attempt }: OfferedCall): Promise<boolean> {
    let isBegun = false;
    try {
      await this.#options.connection.write(
        (tx) =>
          void tx
            .objectStore('ledger')
            .add({ instance, token, attempt, epoch: 0 })
            .catch((error: unknown) => (isBegun = isTaken(error))),
        ['ledger'],
      );
    } catch (error) {
      if (!isBegun) throw error;
    }
    return !isBegun;
  }

  #lockOf({ instance, token, attempt }: OfferedCall): string {
    return `millrace:${this.#options.name}:call:${instance}/${token} ${attempt}`;
  }
}
