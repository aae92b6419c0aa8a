// The rows that a step of an instance becomes: its journal row, chained to the one before, and its record with what the
// indexes find it by.
import { contentHash } from '../../compiler/content-hash.js';
import type { CompiledFlow } from '../../compiler/index.js';
import type { FlowState, StepResult } from '../../engine/index.js';
import type { HistoryRecord } from '../host.js';
import { isOver, type InstanceHeader } from '../instance-view.js';
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
    records,
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
  const timers = Object.values(state.runs).flatMap((r) => Object.values(r.timers ?? {}));
  const awaits = Object.values(state.runs).flatMap((r) => Object.values(r.subscriptions ?? {}).map((s) => s.name));
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
    busy: Object.values(state.runs).some((r) => r.phase === 'effect') ? 1 : 0,
    awaits: [...new Set(awaits)],
    ...(timers.length > 0 ? { wakeAt: Math.min(...timers) } : {}),
    ...(header.key === undefined ? {} : { key: header.key }),
  };
}

export function historyOf(rows: readonly JournalRow[]): readonly HistoryRecord[] {
  const records = rows.flatMap((row) => row.records.map((record) => ({ at: row.at, ...record })));
  // The journal may have been cut.
  const first = records[0]?.event.type === 'compacted' ? records[0].event.steps : 1;
  return records.map((record, i) => ({ seq: i + first, ...record }));
}
