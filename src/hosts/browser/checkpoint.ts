// Which steps take the instance into the log with them, and how it is brought up to date from the log where they did not.
import type { CompiledFlow } from '../../compiler/index.js';
import { replayEvent, type FlowState, type Run, type StepRecord, type StepResult } from '../../engine/index.js';
import { foldChanges } from '../instance-view.js';
import { foundBy } from '../found-by.js';
import { headerAfter, recordOf, recordsOf } from './instance-record.js';
import type { InstanceRecord, JournalRow } from './schema.js';

/** So many steps are in the log only at most, and replayed when an executor takes over. */
export const LONGEST_TAIL = 50;

/** An instance as it is now. */
export interface LiveInstance {
  readonly record: InstanceRecord;
  /** Rows that are in the log only, and the number of the commit that has the first of them; where there are any, it is to be written. */
  readonly tail: readonly JournalRow[];
  readonly since: number;
}

/**
 * Whether the step only led from calls to calls: nothing that others find by looking (tasks, timers, messages waited for, the
 * outcome, indexed variables) has begun or ended, so what was stored before it still says the same about all of these.
 */
export function isQuiet(
  flow: CompiledFlow,
  { busy, state: before, found = [] }: InstanceRecord,
  { state, effects, records }: StepResult,
): boolean {
  if (busy === 0 || before.status !== 'running' || state.status !== 'running') return false;
  // A call that has ended is told so: `cancel`.
  if (effects.some(({ type }) => type !== 'run' && type !== 'cancel')) return false;
  if (!effects.some(({ type }) => type === 'run')) return false;
  const foundNow = foundBy(flow, state.pool) ?? [];
  if (foundNow.length !== found.length || foundNow.some((key, i) => key !== found[i])) return false;
  return records.every(({ changes }) =>
    changes.every(({ token }) => token === undefined || (isCall(before.runs[token]) && isCall(state.runs[token]))),
  );
}

function isCall(run: Run | undefined): boolean {
  return run === undefined || (!run.timers && !run.subscriptions && !run.task && !run.conditions);
}

/** The record after a step. */
export function recordAfter(
  flow: CompiledFlow,
  { header, fold: folded, firstRow }: Pick<InstanceRecord, 'header' | 'fold' | 'firstRow'>,
  state: FlowState,
  records: readonly StepRecord[],
  row: Pick<JournalRow, 'row' | 'at' | 'hash'>,
): InstanceRecord {
  const fold = { ...folded };
  foldChanges(fold, records);
  const first = firstRow === undefined ? {} : { firstRow };
  return recordOf(flow, headerAfter(header, state, row.at), state, fold, { ...row, ...first });
}

/** The instance after the rows of the log that follow its checkpoint. */
export function broughtUpToDate(
  flow: CompiledFlow,
  checkpoint: InstanceRecord,
  rows: readonly JournalRow[],
): InstanceRecord {
  let record = checkpoint;
  for (const row of rows) {
    let state: FlowState = record.state;
    const records = recordsOf(row);
    for (const { event } of records) state = replayEvent(flow, state, event);
    record = recordAfter(flow, record, state, records, row);
  }
  return record;
}
