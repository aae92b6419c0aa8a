// Keys of the simulated IndexedDB: numbers, strings and arrays of them, in the order of the standard.

export type Key = number | string | readonly Key[];
export type KeyPath = string | readonly string[];

export function compareKeys(a: Key, b: Key): number {
  const [kindA, kindB] = [kindOf(a), kindOf(b)];
  if (kindA !== kindB) return kindA - kindB;
  if (!Array.isArray(a)) return a < b ? -1 : a > b ? 1 : 0;
  const [x, y] = [a as readonly Key[], b as readonly Key[]];
  for (let i = 0; i < Math.min(x.length, y.length); i++) {
    const order = compareKeys(x[i]!, y[i]!);
    if (order !== 0) return order;
  }
  return x.length - y.length;
}

function kindOf(key: Key): number {
  return typeof key === 'number' ? 1 : typeof key === 'string' ? 2 : 3;
}

export function isKey(value: unknown): value is Key {
  if (Array.isArray(value)) return value.every(isKey);
  return typeof value === 'string' || (typeof value === 'number' && !Number.isNaN(value));
}

export function toKey(value: unknown): Key {
  if (isKey(value)) return value;
  throw new DOMException(`${String(value)} is not a valid key.`, 'DataError');
}

/** What the path leads to; undefined when it leads nowhere. */
export function atPath(value: unknown, path: KeyPath): unknown {
  if (typeof path !== 'string') {
    const parts = path.map((p) => atPath(value, p));
    return parts.includes(undefined) ? undefined : parts;
  }
  let found = value;
  for (const name of path.split('.')) found = (found as Record<string, unknown> | null | undefined)?.[name];
  return found;
}

export class KeyRange {
  constructor(
    readonly lower: Key | undefined,
    readonly upper: Key | undefined,
    readonly lowerOpen = false,
    readonly upperOpen = false,
  ) {}

  static only(key: Key): KeyRange {
    return new KeyRange(toKey(key), key);
  }

  static lowerBound(lower: Key, open = false): KeyRange {
    return new KeyRange(toKey(lower), undefined, open, true);
  }

  static upperBound(upper: Key, open = false): KeyRange {
    return new KeyRange(undefined, toKey(upper), true, open);
  }

  static bound(lower: Key, upper: Key, lowerOpen = false, upperOpen = false): KeyRange {
    return new KeyRange(toKey(lower), toKey(upper), lowerOpen, upperOpen);
  }

  includes(key: Key): boolean {
    if (this.lower !== undefined) {
      const order = compareKeys(key, this.lower);
      if (order < 0 || (order === 0 && this.lowerOpen)) return false;
    }
    if (this.upper === undefined) return true;
    const order = compareKeys(key, this.upper);
    return order < 0 || (order === 0 && !this.upperOpen);
  }
}

export function toRange(query: unknown): KeyRange | undefined {
  if (query === undefined || query === null) return undefined;
  return query instanceof KeyRange ? query : KeyRange.only(toKey(query));
}
