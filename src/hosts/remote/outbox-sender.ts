// Sends requests, through the outbox when the server cannot be reached: in order, one at a time, by one tab, and only for the
// person who made them.
import { FlowError } from '../../model/index.js';
import { isOffline, type GatewayClient } from './gateway-client.js';
import type { Outbox, OutboxEntry } from './outbox.js';

/** Pause before the first and the longest before any further attempt, ms. */
const FIRST_PAUSE = 1000;
const LONGEST_PAUSE = 30_000;

export interface SenderEvents {
  readonly answered: (entry: OutboxEntry, answer: unknown) => void;
  readonly refused: (entry: OutboxEntry, error: FlowError) => void;
}

export class OutboxSender {
  readonly #client: GatewayClient;
  readonly #outbox: Outbox;
  readonly #events: SenderEvents;
  #me: Promise<string> | undefined;
  #known: string | undefined;
  #flushing: Promise<void> | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #pause = FIRST_PAUSE;
  #isClosed = false;

  constructor(client: GatewayClient, outbox: Outbox, events: SenderEvents) {
    this.#client = client;
    this.#outbox = outbox;
    this.#events = events;
  }

  /** The server's answer, or undefined once the request is safe in the outbox. Rejects with what the server refuses. */
  async send<T>(entry: OutboxEntry, queued?: () => void): Promise<T | undefined> {
    // What was made earlier goes first, or a completion could overtake the start of its instance.
    const waiting = await this.pending();
    if (waiting > 0) await this.flush();
    if (waiting === 0 || (await this.pending()) === 0) {
      try {
        const { path, body, id: key } = entry;
        const answer = await this.#client.ask<T>({ method: 'POST', path, body, key });
        void this.#whoAmI().catch(() => {});
        return answer;
      } catch (error) {
        if (!isOffline(error)) throw error;
      }
    }
    await this.#outbox.add({ ...entry, ...(this.#known === undefined ? {} : { by: this.#known }) });
    queued?.();
    this.#again();
    return undefined;
  }

  async pending(): Promise<number> {
    return (await this.#outbox.entries()).length;
  }

  async has(id: string): Promise<boolean> {
    return (await this.#outbox.entries()).some((entry) => entry.id === id);
  }

  /** Sends what waits, as far as it gets. Never rejects. */
  flush(): Promise<void> {
    this.#flushing ??= this.#flushAlone()
      .catch(() => {})
      .finally(() => (this.#flushing = undefined));
    return this.#flushing;
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    clearTimeout(this.#timer);
    await this.#flushing;
    await this.#outbox.close();
  }

  async #flushAlone(): Promise<void> {
    const { locks } = (globalThis.navigator ?? {}) as { locks?: LockManager };
    if (!locks) return this.#flushEntries();
    // Two tabs would do no harm, but one is enough.
    await locks.request('millrace-outbox', { ifAvailable: true }, async (lock) => {
      if (lock) await this.#flushEntries();
      else this.#again();
    });
  }

  async #flushEntries(): Promise<void> {
    for (const entry of await this.#outbox.entries()) {
      if (this.#isClosed) return;
      try {
        if (entry.by !== undefined && entry.by !== (await this.#whoAmI())) continue;
        const { path, body, id: key } = entry;
        const answer = await this.#client.ask({ method: 'POST', path, body, key });
        await this.#outbox.remove(entry.id);
        this.#pause = FIRST_PAUSE;
        this.#events.answered(entry, answer);
      } catch (error) {
        // Signed out: whoever signs in again, as the same person, sends it.
        const isLater = isOffline(error) || (error as FlowError).code === 'FLOW-UNAUTHENTICATED';
        if (isLater || !(error instanceof FlowError)) return this.#again();
        await this.#outbox.remove(entry.id);
        this.#events.refused(entry, error);
      }
    }
  }

  #again(): void {
    if (this.#isClosed) return;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.flush(), this.#pause);
    (this.#timer as { unref?: () => void }).unref?.();
    this.#pause = Math.min(this.#pause * 2, LONGEST_PAUSE);
  }

  /** Asked again for every flush: somebody else may have signed in. */
  async #whoAmI(): Promise<string> {
    this.#me ??= this.#client.ask<{ id: string }>({ path: '/v1/me' }).then(({ id }) => id);
    try {
      this.#known = await this.#me;
      return this.#known;
    } finally {
      this.#me = undefined;
    }
  }
}
