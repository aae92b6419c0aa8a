// Cursors of the simulated IndexedDB. Every step is a request of its own and looks at the store as it is by then.
import { compareKeys, toKey, type Key } from './keys.js';
import type { Direction, ObjectStore, Source } from './object-store.js';
import { Request } from './request.js';
import { copyOf, type Entry } from './shelf.js';

export class Cursor {
  readonly request: Request;
  key: Key | undefined;
  primaryKey: Key | undefined;
  readonly #query: unknown;
  #current: Entry | undefined;

  constructor(
    readonly source: Source,
    query: unknown,
    readonly direction: Direction,
  ) {
    this.#query = query;
    this.request = source.transaction.ask(source, () => this.#show(this.#ahead()[0]));
  }

  continue(key?: unknown): void {
    const target = key === undefined ? undefined : toKey(key);
    const isActive = this.source.transaction.isActive;
    if (isActive && target !== undefined && this.#current && this.#order(target, this.#current.key) <= 0)
      throw new DOMException('The key does not lie ahead.', 'DataError');
    this.#go((ahead) => (target === undefined ? ahead[0] : ahead.find((e) => this.#order(e.key, target) >= 0)));
  }

  continuePrimaryKey(key: unknown, primaryKey: unknown): void {
    const [k, p] = [toKey(key), toKey(primaryKey)];
    this.#go((ahead) => ahead.find((e) => (this.#order(e.key, k) || this.#order(e.primaryKey, p)) >= 0));
  }

  advance(count: number): void {
    this.#go((ahead) => ahead[count - 1]);
  }

  delete(): Request {
    return this.#store.delete(this.primaryKey);
  }

  update(value: unknown): Request {
    const store = this.#store;
    return store.put(value, store.keyPath === null ? this.primaryKey : undefined);
  }

  protected showing(_entry: Entry | undefined): void {}

  get #store(): ObjectStore {
    return this.source.transaction.objectStore(this.source.shelf.name);
  }

  #go(choose: (ahead: readonly Entry[]) => Entry | undefined): void {
    this.source.transaction.ask(this.source, () => this.#show(choose(this.#ahead())), this.request);
  }

  #ahead(): readonly Entry[] {
    const isUnique = this.direction.endsWith('unique');
    const found = this.source.entries(this.#query);
    // Of those with one key it is the first, in both directions.
    const all = isUnique ? found.filter((e, i) => i === 0 || compareKeys(e.key, found[i - 1]!.key) !== 0) : found;
    const inOrder = this.direction.startsWith('prev') ? all.toReversed() : all;
    const from = this.#current;
    return from
      ? inOrder.filter(
          (e) => (this.#order(e.key, from.key) || (isUnique ? 0 : this.#order(e.primaryKey, from.primaryKey))) > 0,
        )
      : inOrder;
  }

  #order(a: Key, b: Key): number {
    return this.direction.startsWith('prev') ? compareKeys(b, a) : compareKeys(a, b);
  }

  #show(entry: Entry | undefined): this | null {
    this.#current = entry;
    this.key = entry?.key;
    this.primaryKey = entry?.primaryKey;
    this.showing(entry);
    return entry ? this : null;
  }
}

export class CursorWithValue extends Cursor {
  declare value: unknown;

  protected override showing(entry: Entry | undefined): void {
    this.value = entry && copyOf(entry.value);
  }
}
