// Stores and indexes of the simulated IndexedDB, as a transaction sees them.
import { Cursor, CursorWithValue } from './cursor.js';
import { atPath, toKey, toRange, type Key, type KeyPath, type KeyRange } from './keys.js';
import type { Request } from './request.js';
import { copyOf, type Entry, type IndexDescription, type Shelf } from './shelf.js';
import type { Transaction } from './transaction.js';

export type Direction = 'next' | 'nextunique' | 'prev' | 'prevunique';

/** What stores and indexes have in common: reading in the order of a key. */
export abstract class Source {
  constructor(
    readonly transaction: Transaction,
    readonly shelf: Shelf,
    readonly indexName: string | undefined,
  ) {}

  entries(query: unknown): readonly Entry[] {
    const range = toRange(query);
    const all = this.shelf.through(this.indexName);
    return range ? all.filter((e) => range.includes(e.key)) : all;
  }

  get(query: unknown): Request {
    return this.transaction.ask(this, () => copyOf(this.entries(query)[0]?.value));
  }

  getKey(query: unknown): Request {
    return this.transaction.ask(this, () => this.entries(query)[0]?.primaryKey);
  }

  getAll(query?: unknown, count?: number): Request {
    return this.transaction.ask(this, () =>
      this.entries(query)
        .slice(0, count || undefined)
        .map((e) => copyOf(e.value)),
    );
  }

  getAllKeys(query?: unknown, count?: number): Request {
    return this.transaction.ask(this, () =>
      this.entries(query)
        .slice(0, count || undefined)
        .map((e) => e.primaryKey),
    );
  }

  count(query?: unknown): Request {
    return this.transaction.ask(this, () => this.entries(query).length);
  }

  openCursor(query?: unknown, direction: Direction = 'next'): Request {
    return new CursorWithValue(this, query, direction).request;
  }

  openKeyCursor(query?: unknown, direction: Direction = 'next'): Request {
    return new Cursor(this, query, direction).request;
  }
}

export class Index extends Source {
  get name(): string {
    return this.indexName!;
  }

  get objectStore(): ObjectStore {
    return new ObjectStore(this.transaction, this.shelf);
  }
}

export class ObjectStore extends Source {
  constructor(transaction: Transaction, shelf: Shelf) {
    super(transaction, shelf, undefined);
  }

  get name(): string {
    return this.shelf.name;
  }

  get keyPath(): KeyPath | null {
    return this.shelf.keyPath;
  }

  get indexNames(): string[] {
    return [...this.shelf.indexes.keys()].sort();
  }

  put(value: unknown, key?: unknown): Request {
    return this.#store(value, key, false);
  }

  add(value: unknown, key?: unknown): Request {
    return this.#store(value, key, true);
  }

  delete(query: unknown): Request {
    return this.#remove(toRange(query));
  }

  clear(): Request {
    return this.#remove(undefined);
  }

  createIndex(name: string, keyPath: KeyPath, options: Partial<IndexDescription> = {}): Index {
    this.shelf.indexes.set(name, { keyPath, unique: options.unique ?? false, multiEntry: options.multiEntry ?? false });
    return new Index(this.transaction, this.shelf, name);
  }

  deleteIndex(name: string): void {
    this.shelf.indexes.delete(name);
  }

  index(name: string): Index {
    if (!this.shelf.indexes.has(name)) throw new DOMException(`There is no index "${name}".`, 'NotFoundError');
    return new Index(this.transaction, this.shelf, name);
  }

  #store(value: unknown, key: unknown, isNew: boolean): Request {
    this.#mayWrite();
    // What is stored is what the page had when it asked.
    const copy = copyOf(value);
    const { keyPath, autoIncrement } = this.shelf;
    const explicit = key === undefined ? undefined : toKey(key);
    if (keyPath !== null && !autoIncrement) toKey(atPath(copy, keyPath));
    return this.transaction.ask(this, () => {
      const found = this.shelf.put(copy, explicit as Key | undefined, isNew, this.transaction.takenBack);
      this.transaction.writes.push({ store: this.name, key: found, value: copy });
      return found;
    });
  }

  #remove(range: KeyRange | undefined): Request {
    this.#mayWrite();
    return this.transaction.ask(this, () => {
      this.shelf.delete(range, this.transaction.takenBack);
      this.transaction.writes.push({ store: this.name, range });
    });
  }

  #mayWrite(): void {
    if (this.transaction.mode === 'readonly') throw new DOMException('It only reads.', 'ReadOnlyError');
  }
}
