// Calls whose implementation the executing tab does not have, done by one that has it. The executor offers them; whoever can takes
// the lock of the call, makes it, and puts the answer into the inbox. While the lock is held nobody else begins, also not
// the next executor; when it is free again without an answer, the call is offered again.
import type { Registry } from '../../activities/index.js';
import type { CompiledFlow } from '../../compiler/index.js';
import type { InstanceMessage, Run } from '../../engine/index.js';
import { isOnce } from '../indeterminate.js';
import { Invocations } from '../invocations.js';
import { whenTaken, type Connection } from './connection.js';
import type { Records } from './records.js';
import type { InstanceRecord } from './schema.js';

/** A call, as tabs tell each other of it. */
export interface OfferedCall {
  readonly instance: string;
  readonly token: string;
  readonly attempt: number;
}

interface Wanted {
  readonly flow: CompiledFlow;
  readonly record: InstanceRecord;
  readonly run: Run;
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
  /** How often it was stopped: a page that closes must not begin what it was about to. */
  #stops = 0;

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
    const stops = this.#stops;
    if (!(await this.#wanted(call))) return;
    await locks.request(lock, { ifAvailable: true }, async (granted) => {
      if (!granted || this.#taken.has(lock) || stops !== this.#stops) return;
      // Whoever had the lock before may have made the call.
      const wanted = await this.#wanted(call);
      if (!wanted || stops !== this.#stops) return;
      const { flow, record, run } = wanted;
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

  /** What the call needs, if this tab can make it and there is no answer yet. */
  async #wanted({ instance, token, attempt }: OfferedCall): Promise<Wanted | undefined> {
    // First the requests, then the instance: an answer goes from the one into the other.
    for (const asked of await this.#options.records.inbox())
      if (asked.type === 'message' && asked.instance === instance && isOf(asked.message, token, attempt))
        return undefined;
    const record = await this.#options.records.instance(instance);
    const run = record?.state.runs[token];
    if (!record || run?.phase !== 'effect' || run.attempt !== attempt) return undefined;
    const flow = await this.#options.pinned(record.hash);
    return this.#invocations.lack(flow, run) ? undefined : { flow, record, run };
  }

  /** Nobody wants it any more. */
  withdraw({ instance, token }: Pick<OfferedCall, 'instance' | 'token'>): void {
    this.#invocations.cancel(instance, token);
  }

  /** The page closes, or is put away. */
  stop(): void {
    const ends = [...this.#taken.values()];
    this.#taken.clear();
    this.#stops++;
    this.#invocations.cancelAll();
    for (const end of ends) end();
  }

  /** The barrier before what may be called once: false when somebody has begun it. */
  async #begin({ instance, token, attempt }: OfferedCall): Promise<boolean> {
    let isBegun = false;
    try {
      await this.#options.connection.write(
        (tx) => whenTaken(tx.objectStore('ledger').add({ instance, token, attempt, epoch: 0 }), () => (isBegun = true)),
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

function isOf(message: InstanceMessage, token: string, attempt: number): boolean {
  return 'token' in message && 'attempt' in message && message.token === token && message.attempt === attempt;
}
