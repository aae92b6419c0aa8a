// What can be reached in a graph.

/** All that can be reached, those from which one starts included. */
export function walk(from: readonly string[], next: (id: string) => readonly string[]): ReadonlySet<string> {
  // A set is gone through in the order in which members are added, also those that are added meanwhile.
  const seen = new Set(from);
  for (const id of seen) for (const n of next(id)) seen.add(n);
  return seen;
}
