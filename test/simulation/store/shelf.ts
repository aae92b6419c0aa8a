// What is stored: records in key order, and the ways to find them. Every change can be taken back until its transaction has
// committed.
import { atPath, compareKeys, isKey, toKey, type Key, type KeyPath, type KeyRange } from './keys.js';

export interface Entry {
  /** By which it was found: the primary key, or that of an index. */
  readonly key: Key;
  readonly primaryKey: Key;
  readonly value: unknown;
}

export interface IndexDescription {
  readonly keyPath: KeyPath;
  readonly unique: boolean;
  readonly multiEntry: boolean;
}

export class Shelf {
  readonly indexes = new Map<string, IndexDescription>();
  #entries: Entry[] = [];
  #nextNumber = 1;

  constructor(
    readonly name: string,
    readonly keyPath: KeyPath | null,
    readonly autoIncrement: boolean,
  ) {}

  get entries(): readonly Entry[] {
    return this.#entries;
  }

  /** Keeps the value itself and gives its key. Throws `DOMException`: `ConstraintError`, `DataError`. */
  put(value: unknown, explicit: Key | undefined, isNew: boolean, takenBack: (() => void)[]): Key {
    let copy = value;
    const numberBefore = this.#nextNumber;
    let key = explicit ?? (this.keyPath === null ? undefined : atPath(copy, this.keyPath));
    if (key === undefined && this.autoIncrement) {
      key = this.#nextNumber++;
      if (typeof this.keyPath === 'string') copy = { ...(copy as object), [this.keyPath]: key };
    } else if (typeof key === 'number' && this.autoIncrement && key >= this.#nextNumber) {
      this.#nextNumber = Math.floor(key) + 1;
    }
    const primaryKey = toKey(key);
    const [at, found] = this.#find(primaryKey);
    if (found && isNew) throw new DOMException(`${this.name} has this key already.`, 'ConstraintError');
    for (const [name, index] of this.indexes) {
      if (!index.unique) continue;
      const own = indexKeys(copy, index);
      const taken = this.through(name).some(
        (e) => compareKeys(e.primaryKey, primaryKey) !== 0 && own.some((k) => compareKeys(k, e.key) === 0),
      );
      if (taken) throw new DOMException(`The index ${name} has this key already.`, 'ConstraintError');
    }
    const before = found ? this.#entries[at] : undefined;
    this.#entries.splice(at, found ? 1 : 0, { key: primaryKey, primaryKey, value: copy });
    takenBack.push(() => {
      this.#restore(primaryKey, before);
      this.#nextNumber = numberBefore;
    });
    return primaryKey;
  }

  delete(range: KeyRange | undefined, takenBack: (() => void)[]): void {
    const before = this.#entries;
    this.#entries = range ? before.filter((e) => !range.includes(e.key)) : [];
    takenBack.push(() => (this.#entries = before));
  }

  /** Entries as an index sees them, in its order; without a name, by primary key. */
  through(index: string | undefined): readonly Entry[] {
    if (index === undefined) return this.#entries;
    const description = this.indexes.get(index)!;
    return this.#entries
      .flatMap((e) => indexKeys(e.value, description).map((key) => ({ ...e, key })))
      .sort((a, b) => compareKeys(a.key, b.key) || compareKeys(a.primaryKey, b.primaryKey));
  }

  #find(key: Key): [at: number, found: boolean] {
    let [low, high] = [0, this.#entries.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (compareKeys(this.#entries[middle]!.key, key) < 0) low = middle + 1;
      else high = middle;
    }
    return [low, low < this.#entries.length && compareKeys(this.#entries[low]!.key, key) === 0];
  }

  #restore(key: Key, before: Entry | undefined): void {
    const [at, found] = this.#find(key);
    this.#entries.splice(at, found ? 1 : 0, ...(before ? [before] : []));
  }
}

function indexKeys(value: unknown, { keyPath, multiEntry }: IndexDescription): Key[] {
  const found = atPath(value, keyPath);
  if (multiEntry && Array.isArray(found)) return [...new Set(found.filter(isKey))];
  return isKey(found) ? [found] : [];
}

/** A structured clone of what can be stored here: plain data. Anything else is refused, as the browser would refuse it. */
export function copyOf(value: unknown): unknown {
  if (value === null || typeof value !== 'object') {
    if (typeof value === 'function' || typeof value === 'symbol')
      throw new DOMException(`${String(value)} could not be cloned.`, 'DataCloneError');
    return value;
  }
  if (Array.isArray(value)) return value.map(copyOf);
  const prototype = Object.getPrototypeOf(value) as unknown;
  if (prototype !== Object.prototype && prototype !== null) {
    if (value instanceof Promise || value instanceof WeakMap)
      throw new DOMException('It could not be cloned.', 'DataCloneError');
    return structuredClone(value);
  }
  const copy: Record<string, unknown> = {};
  for (const name of Object.keys(value)) copy[name] = copyOf((value as Record<string, unknown>)[name]);
  return copy;
}
