// Functions over lists for which the library's own take time by the square of the length.

/** Undefined: the library is to say what is wrong with the values. */
export function sorted(values: readonly unknown[]): unknown[] | undefined {
  if (!isOfOneType(values)) return undefined;
  return values.toSorted((a, b) => (a > b ? 1 : a < b ? -1 : 0));
}

/** `one`: how the library spreads a value. */
export function spread(values: readonly unknown[], one: (value: unknown) => unknown): unknown[] {
  const found: unknown[] = [];
  for (const value of values) {
    const parts = Array.isArray(value) ? spread(value, one) : one(value);
    if (Array.isArray(parts)) for (const part of parts as unknown[]) found.push(part);
    else if (parts !== undefined) found.push(parts);
  }
  return found;
}

/** What `$sort` can compare by itself. */
function isOfOneType(values: readonly unknown[]): values is readonly (string | number)[] {
  const type = typeof values[0];
  return (type === 'number' || type === 'string') && values.every((value) => typeof value === type);
}

/** `sequence` is an empty one of the library's, used when the values are one, too. */
export function distinct(values: readonly unknown[], sequence: unknown[]): unknown[] {
  const found = (values as { sequence?: boolean }).sequence ? sequence : [];
  const seen = new Set<unknown>();
  for (const value of values) {
    const key = typeof value === 'object' && value !== null ? JSON.stringify(inOrderOfKeys(value)) : value;
    // A text is told from the object that is written like it.
    const marked = typeof value === 'string' ? `"${value}` : key;
    if (seen.has(marked)) continue;
    seen.add(marked);
    found.push(value);
  }
  return found;
}

/** Objects with the same members are the same, whatever their order. */
function inOrderOfKeys(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(inOrderOfKeys);
  if (typeof value !== 'object' || value === null) return value;
  const members = Object.entries(value).map(([key, member]) => [key, inOrderOfKeys(member)] as const);
  return { members: members.sort(([a], [b]) => (a < b ? -1 : 1)) };
}
