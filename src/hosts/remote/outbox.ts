// Requests that could not be sent: kept in order, in IndexedDB where there is one, and sent when the server can be reached
// again. Every entry carries its idempotency key, so that it does not matter whether an earlier attempt got through.
import type { DBSchema, IDBPDatabase } from 'idb';
import type { JsonObject } from '../../model/index.js';

export interface OutboxEntry {
  /** Also the idempotency key. */
  readonly id: string;
  readonly path: string;
  readonly body: JsonObject;
  readonly instance?: string;
  /** Whose request it is; nobody else may send it. */
  readonly by?: string;
  /** Epoch ms. */
  readonly at: number;
}

export interface Outbox {
  add(entry: OutboxEntry): Promise<void>;
  /** Oldest first. */
  entries(): Promise<readonly OutboxEntry[]>;
  remove(id: string): Promise<void>;
  close(): Promise<void>;
}

interface Schema extends DBSchema {
  entries: { key: number; value: OutboxEntry & { readonly seq?: number }; indexes: { id: string } };
}

/** `name` undefined: kept by this page only, and lost with it. */
export function createOutbox(name: string | undefined): Outbox {
  return name === undefined || typeof indexedDB === 'undefined' ? new MemoryOutbox() : new StoredOutbox(name);
}

class MemoryOutbox implements Outbox {
  #entries: readonly OutboxEntry[] = [];

  async add(entry: OutboxEntry): Promise<void> {
    this.#entries = [...this.#entries, entry];
  }

  async entries(): Promise<readonly OutboxEntry[]> {
    return this.#entries;
  }

  async remove(id: string): Promise<void> {
    this.#entries = this.#entries.filter((entry) => entry.id !== id);
  }

  async close(): Promise<void> {}
}

class StoredOutbox implements Outbox {
  readonly #name: string;
  #db: Promise<IDBPDatabase<Schema>> | undefined;

  constructor(name: string) {
    this.#name = name;
  }

  async add(entry: OutboxEntry): Promise<void> {
    const tx = (await this.#open()).transaction('entries', 'readwrite', { durability: 'strict' });
    void tx.store.add(entry);
    await tx.done;
  }

  async entries(): Promise<readonly OutboxEntry[]> {
    return (await this.#open()).getAll('entries');
  }

  async remove(id: string): Promise<void> {
    const tx = (await this.#open()).transaction('entries', 'readwrite');
    const key = await tx.store.index('id').getKey(id);
    if (key !== undefined) void tx.store.delete(key);
    await tx.done;
  }

  async close(): Promise<void> {
    const opening = this.#db;
    this.#db = undefined;
    (await opening?.catch(() => undefined))?.close();
  }

  #open(): Promise<IDBPDatabase<Schema>> {
    this.#db ??= import('idb').then(({ openDB }) =>
      openDB<Schema>(this.#name, 1, {
        upgrade: (db) => {
          db.createObjectStore('entries', { keyPath: 'seq', autoIncrement: true }).createIndex('id', 'id');
        },
        blocking: () => void this.close(),
        terminated: () => (this.#db = undefined),
      }),
    );
    this.#db.catch(() => (this.#db = undefined));
    return this.#db;
  }
}
