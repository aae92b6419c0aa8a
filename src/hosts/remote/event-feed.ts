// The stream of changes: one connection for all who watch. It comes back by itself, with the id of the last event, so that
// nothing that has come to rest meanwhile is missed. (Not `EventSource`, which cannot send credentials in a header.)
import { FlowError } from '../../model/index.js';
import type { InstanceView } from '../host.js';
import { isOffline, type GatewayClient } from './gateway-client.js';

/** Pause before the first and the longest before any further attempt to come back, ms. */
const FIRST_PAUSE = 250;
const LONGEST_PAUSE = 5000;
/** The server says something every 15 seconds; a connection that is silent for longer is dead, ms. */
const SILENCE = 45_000;
/** More than these do not fit into an address; then everything that may be seen is asked for. */
const MOST_NAMED = 100;

export interface FeedEvents {
  readonly view: (view: InstanceView) => void;
  /** The stream is open; `isFresh` when it could not go on where an earlier one ended. */
  readonly opened: (isFresh: boolean) => void;
  /** The server does not let us in. It is asked again after a pause, perhaps with a new token. */
  readonly refused: (error: FlowError) => void;
}

export class EventFeed {
  readonly #client: GatewayClient;
  readonly #events: FeedEvents;
  /** Ids of watched instances, with how many watch; `undefined` stands for all. */
  readonly #watched = new Map<string | undefined, number>();
  #lastId: string | undefined;
  #connection: AbortController | undefined;
  #pause = FIRST_PAUSE;
  #retry: ReturnType<typeof setTimeout> | undefined;
  #isPlanned = false;
  #isClosed = false;

  constructor(client: GatewayClient, events: FeedEvents) {
    this.#client = client;
    this.#events = events;
  }

  watch(id: string | undefined): void {
    const before = this.#watched.get(id) ?? 0;
    this.#watched.set(id, before + 1);
    if (before === 0) this.#plan();
  }

  unwatch(id: string | undefined): void {
    const left = (this.#watched.get(id) ?? 1) - 1;
    if (left > 0) {
      this.#watched.set(id, left);
      return;
    }
    this.#watched.delete(id);
    // A stream that tells too much does no harm; one that nobody needs is closed.
    if (this.#watched.size === 0) this.#disconnect();
  }

  /** Comes back at once, as when the browser says that it is online. */
  wake(): void {
    this.#pause = FIRST_PAUSE;
    if (this.#watched.size > 0 && !this.#connection) this.#plan();
  }

  close(): void {
    this.#isClosed = true;
    this.#disconnect();
  }

  /** Several watches of one turn lead to one connection. */
  #plan(): void {
    if (this.#isPlanned) return;
    this.#isPlanned = true;
    queueMicrotask(() => {
      this.#isPlanned = false;
      this.#disconnect();
      if (!this.#isClosed && this.#watched.size > 0) void this.#connect();
    });
  }

  #disconnect(): void {
    clearTimeout(this.#retry);
    this.#connection?.abort();
    this.#connection = undefined;
  }

  async #connect(): Promise<void> {
    const connection = new AbortController();
    this.#connection = connection;
    const isFresh = this.#lastId === undefined;
    try {
      const ids = [...this.#watched.keys()].filter((id) => id !== undefined);
      const all = this.#watched.has(undefined) || ids.length > MOST_NAMED;
      const query = all ? '' : `?instances=${ids.map(encodeURIComponent).join(',')}`;
      const response = await this.#client.open({
        path: `/v1/events${query}`,
        headers: {
          accept: 'text/event-stream',
          ...(this.#lastId === undefined ? {} : { 'last-event-id': this.#lastId }),
        },
        signal: connection.signal,
      });
      this.#pause = FIRST_PAUSE;
      this.#events.opened(isFresh);
      await this.#read(response, connection);
    } catch (error) {
      // Away, refused or cut off: the pause below is the same for all, and grows.
      if (error instanceof FlowError && !isOffline(error)) this.#events.refused(error);
    }
    if (connection !== this.#connection) return;
    this.#connection = undefined;
    this.#retry = setTimeout(() => this.#plan(), this.#pause * (0.75 + Math.random() / 2));
    this.#pause = Math.min(this.#pause * 2, LONGEST_PAUSE);
  }

  async #read(response: Response, connection: AbortController): Promise<void> {
    const reader = response.body!.getReader();
    const decoder = new TextDecoder();
    let text = '';
    for (;;) {
      const silence = setTimeout(() => connection.abort(), SILENCE);
      const { done, value } = await reader.read().finally(() => clearTimeout(silence));
      if (done) return;
      text += decoder.decode(value, { stream: true });
      const blocks = text.split('\n\n');
      text = blocks.pop()!;
      for (const block of blocks) this.#take(block);
    }
  }

  #take(block: string): void {
    let event = 'message';
    let data = '';
    let id: string | undefined;
    for (const line of block.split('\n')) {
      const colon = line.indexOf(': ');
      if (colon <= 0) continue;
      const value = line.slice(colon + 2);
      const field = line.slice(0, colon);
      if (field === 'event') event = value;
      else if (field === 'data') data += value;
      else if (field === 'id') id = value;
    }
    if (event === 'view') this.#events.view(JSON.parse(data) as InstanceView);
    // Noted after the event has been taken: what fails on the way is told again.
    if (id !== undefined) this.#lastId = id;
  }
}
