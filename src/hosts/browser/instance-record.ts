// The rows that a step of an instance becomes: its journal row, chained to the one before, and its record with what the
// indexes find it by.
import { contentHash } from '../../compiler/content-hash.js';
import type { CompiledFlow } from '../../compiler/index.js';
import type { FlowState, StepRecord, StepResult } from '../../engine/index.js';
import type { HistoryRecord } from '../host.js';
import { isOver, type InstanceHeader } from '../instance-view.js';
import type { JournalEntry } from '../management/index.js';
import { foundBy } from '../found-by.js';
import type { InstanceRecord, JournalRow } from './schema.js';

export function journalRow(
  before: Pick<InstanceRecord, 'rows' | 'lastHash'>,
  { records }: Pick<StepResult, 'records'>,
  at: number,
  epoch: number,
  id: string,
): JournalRow {
  const row = before.rows + 1;
  return {
    id,
    row,
    at,
    epoch,
    records: JSON.stringify(records),
    previous: before.lastHash,
    hash: contentHash({ row, records, previous: before.lastHash }),
  };
}

export function headerAfter(header: InstanceHeader, state: FlowState, now: number): InstanceHeader {
  const { endedAt: _, ...before } = header;
  return { ...before, changedAt: now, ...(isOver(state) ? { endedAt: now } : {}) };
}

export function recordOf(
  flow: CompiledFlow,
  header: InstanceHeader,
  state: FlowState,
  fold: InstanceRecord['fold'],
  { row, hash: lastHash, firstRow }: Pick<JournalRow, 'row' | 'hash'> & Pick<InstanceRecord, 'firstRow'>,
): InstanceRecord {
  const awaits = new Set<string>();
  let wakeAt = Infinity;
  let busy: 0 | 1 = 0;
  for (const token in state.runs) {
    const { phase, timers, subscriptions } = state.runs[token]!;
    if (phase === 'effect') busy = 1;
    for (const id in timers) wakeAt = Math.min(wakeAt, timers[id]!);
    for (const id in subscriptions) awaits.add(subscriptions[id]!.name);
  }
  const found = foundBy(flow, state.pool);
  return {
    id: state.instance,
    flow: flow.definition.flow,
    hash: flow.hash,
    status: state.status,
    header,
    state,
    fold,
    rows: row,
    lastHash,
    ...(firstRow === undefined ? {} : { firstRow }),
    open: isOver(state) ? 0 : 1,
    busy,
    awaits: [...awaits],
    ...(wakeAt === Infinity ? {} : { wakeAt }),
    ...(header.key === undefined ? {} : { key: header.key }),
    ...(found === undefined ? {} : { found }),
  };
}

export function recordsOf({ records }: Pick<JournalRow, 'records'>): readonly StepRecord[] {
  return typeof records === 'string' ? (JSON.parse(records) as readonly StepRecord[]) : records;
}

/** The rows of a journal as they are kept outside of this store. */
export function entriesOf(rows: readonly JournalRow[]): readonly JournalEntry[] {
  return rows.map((stored) => {
    const { row, at, previous, hash } = stored;
    return { row, at, records: recordsOf(stored), previous, hash };
  });
}

/** The other way round. */
export function rowOf(id: string, epoch: number, { records, ...entry }: JournalEntry): JournalRow {
  return { id, epoch, ...entry, records: JSON.stringify(records) };
}

export function historyOf(rows: readonly JournalRow[]): readonly HistoryRecord[] {
  const records = rows.flatMap((row) => recordsOf(row).map((record) => ({ at: row.at, ...record })));
  // The journal may have been cut.
  const first = records[0]?.event.type === 'compacted' ? records[0].event.steps : 1;
  return records.map((record, i) => ({ seq: i + first, ...record }));
}
