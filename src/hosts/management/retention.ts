// What a host need not keep for ever: instances that are over, and the beginnings of long journals. Instances that failed are
// kept, because somebody may take them up again.
import { replayEvent, type FlowState } from '../../engine/index.js';
import type { CompiledFlow } from '../../compiler/index.js';
import type { ActivityChange, StepRecord } from '../../engine/index.js';
import type { InstanceHeader } from '../instance-view.js';
import type { JournalEntry } from './archive.js';
import { DAY, type RetentionPolicy } from './retention-policy.js';

/** Ids of instances that may go. A called flow stays as long as the instance that has called it: a repeated call finds it. */
export function expired(headers: readonly InstanceHeader[], policy: RetentionPolicy, now: number): readonly string[] {
  const { days = Infinity, instances = Infinity } = policy;
  const running = new Set(headers.filter(({ endedAt }) => endedAt === undefined).map(({ id }) => id));
  const over = headers
    .filter(({ endedAt, parent }) => endedAt !== undefined && !(parent && running.has(parent.instance)))
    .sort((a, b) => b.endedAt! - a.endedAt!);
  return over.filter(({ endedAt }, i) => i >= instances || now - endedAt! > days * DAY).map(({ id }) => id);
}

/**
 * The row that takes the place of all rows up to it: where things stood then. Undefined when the journal is short enough,
 * or its beginning belongs to another definition.
 */
export function compacted(
  flow: CompiledFlow,
  journal: readonly JournalEntry[],
  commits: number | undefined,
): JournalEntry | undefined {
  if (commits === undefined || journal.length <= 2 * Math.max(1, commits)) return undefined;
  const dropped = journal.slice(0, journal.length - Math.max(1, commits));
  const records = dropped.flatMap((entry) => entry.records);
  const last = dropped.at(-1)!;
  const kept = journal.slice(dropped.length).flatMap((entry) => entry.records);
  if (kept.some(({ event }) => event.type === 'migrated')) return undefined;
  let state: FlowState | undefined;
  const anchor = records.findLastIndex(({ event }) => event.type === 'migrated');
  for (const { event } of records.slice(Math.max(0, anchor))) state = replayEvent(flow, state, event);
  if (!state) return undefined;
  const [first] = records;
  const steps = (first!.event.type === 'compacted' ? first!.event.steps - 1 : 0) + records.length;
  const record: StepRecord = {
    event: { type: 'compacted', steps, state: { ...state, effects: [], changes: [] }, now: last.at },
    changes: newestChanges(records),
    writes: state.pool,
  };
  return { ...last, records: [record] };
}

/** What became of each activity and of each of its runs that is still under way, by then. */
function newestChanges(records: readonly StepRecord[]): readonly ActivityChange[] {
  const newest = new Map<string, ActivityChange>();
  for (const { changes } of records) for (const change of changes) newest.set(change.activity, change);
  return [...newest.values()];
}
