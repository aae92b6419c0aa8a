// What lists would show, read from the summary packs alone: they must say the same of every instance as its store does, neither less
// nor more. Shares no code with the host.
import type { InstanceRecord, SummaryPack } from '../src/hosts/browser/schema.js';

/** As much of a pack as is looked at here. */
export interface PackContents {
  readonly items: readonly (readonly [id: string, definition: number, rows: number, ...rest: readonly unknown[]])[];
  readonly gone: readonly string[];
  readonly busy?: readonly InstanceRecord[];
}

export function contentsOf({ text }: SummaryPack): PackContents {
  return JSON.parse(text) as PackContents;
}

/** The packs in the order of their keys; gives what is wrong. */
export function wrongInLists(packs: readonly PackContents[], instances: readonly InstanceRecord[]): readonly string[] {
  const stored = new Map(instances.map((record) => [record.id, record]));
  const listed = new Map<string, number>();
  const wrong: string[] = [];
  for (const { gone, items, busy = [] } of packs) {
    for (const id of gone) listed.delete(id);
    for (const [id, , rows] of items) listed.set(id, rows);
    for (const record of busy) {
      listed.set(record.id, record.rows);
      // An executor goes on with it as it is there.
      const there = stored.get(record.id);
      if (there?.rows === record.rows && JSON.stringify(there) !== JSON.stringify(record))
        wrong.push(`${record.id} is not in its pack as it is stored`);
    }
  }
  for (const { id, rows } of instances) {
    if (listed.get(id) === rows) continue;
    wrong.push(`lists say that ${id} has made ${listed.get(id)} steps, and it has made ${rows}`);
  }
  for (const id of listed.keys()) if (!stored.has(id)) wrong.push(`lists still show ${id}, which is gone`);
  return wrong;
}
