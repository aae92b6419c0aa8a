// Whether what was undone was undone whole and in reverse, and whether everything in an atomic sphere ended the same way.
import type { InstanceRecord } from '../../src/hosts/browser/schema.js';
import type { CommittedRow } from './committed.js';
import type { SimulatedFlow } from './flows.js';
import type { Outside } from './outside.js';
import { isSettled } from './peace.js';

export function checkCompensation(
  record: InstanceRecord,
  flow: SimulatedFlow | undefined,
  rows: readonly CommittedRow[],
  outside: Outside,
  say: (text: string) => void,
): void {
  const sphere = flow?.definition.spheres?.[0];
  if (!sphere || !isSettled(record)) return;
  if (sphere.kind === 'atomic') return checkAtomic(record, wasRetried(rows), outside, say);
  const changes = rows
    .flatMap(({ row }) => row.records.flatMap((r) => r.changes))
    .filter((c) => sphere.activities.includes(c.activity) && c.activity !== flow.refusing);
  // What has completed and is not undone, the latest last.
  const done: string[] = [];
  const asked: string[] = [];
  let isUndoing = false;
  for (const { activity, token, state } of changes) {
    const latest = done.at(-1);
    if (state === 'completed') {
      if (isUndoing && done.length > 0) say(`${record.id}: ${activity} completed while its sphere was being undone`);
      isUndoing = false;
      done.push(token!);
    } else if (state === 'compensating' || state === 'compensated') {
      if (token !== latest) say(`${record.id}: ${activity} (${token}) was undone before ${latest}`);
      isUndoing = true;
      if (state === 'compensating') asked.push(activity);
      else done.pop();
    }
  }
  if ((record.status !== 'completed' || isUndoing) && done.length > 0)
    say(`${record.id} is ${record.status}, and ${done.join(', ')} was never undone`);
  // The interface saw the same order.
  const keys = new Set<string>();
  const seen: string[] = [];
  for (const { instance, activity, key } of outside.calls) {
    if (instance !== record.id || !activity.startsWith('un') || keys.has(key)) continue;
    keys.add(key);
    seen.push(activity.slice(2));
  }
  if (JSON.stringify(seen) !== JSON.stringify(asked))
    say(`${record.id}: the interface was asked to undo ${list(seen)}, and not ${list(asked)}`);
}

/** All that was prepared is committed, or all of it is rolled back, and never both. */
function checkAtomic(
  { id, status }: InstanceRecord,
  isRetried: boolean,
  outside: Outside,
  say: (text: string) => void,
): void {
  const ends = new Map<string, Set<string>>();
  for (const name of outside.done.keys()) {
    const [act, key] = name.split(' ');
    if (key === undefined || !key.startsWith(`${id}/`)) continue;
    ends.set(key, (ends.get(key) ?? new Set()).add(act!));
  }
  const outcomes = new Set<string>();
  for (const [key, acts] of ends) {
    if (acts.has('commit') && acts.has('rollback')) say(`${key} was committed and rolled back`);
    if (acts.has('prepare') && !acts.has('commit') && !acts.has('rollback'))
      say(`${key} was prepared and then forgotten`);
    outcomes.add(acts.has('commit') ? 'commit' : 'rollback');
  }
  if (isRetried) return;
  if (outcomes.size > 1) say(`${id}: of one atomic sphere, a part was committed and a part rolled back`);
  if (status === 'completed' && outcomes.has('rollback')) say(`${id} completed although its sphere was rolled back`);
}

function wasRetried(rows: readonly CommittedRow[]): boolean {
  return rows.some(({ row }) => row.records.some((r) => r.event.type === 'retry'));
}

function list(items: readonly (string | undefined)[]): string {
  return items.length === 0 ? 'nothing' : items.join(', ');
}
