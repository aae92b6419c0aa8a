// What stands in the log and nowhere else. A step is added to the log at once, and the instance and its journal are written some
// time later, so whoever reads instances or journals adds what the log has. Pure functions over rows that were read together.
import type { LiveInstance } from './checkpoint.js';
import type { InstanceRecord, JournalChapter, JournalRow, LogRecord } from './schema.js';

export interface LoggedRow {
  readonly seq: number;
  readonly row: JournalRow;
}

/** What the log has of one instance. */
export interface Logged {
  /** As it was after the last step that others find it by; the rows behind that only led from calls to calls. */
  readonly record?: InstanceRecord;
  readonly rows: readonly LoggedRow[];
}

/** By instance, since each was written last; rows of older versions may be in a journal all the same. */
export function unwritten(log: readonly LogRecord[]): ReadonlyMap<string, Logged> {
  const found = new Map<string, { record?: InstanceRecord; rows: LoggedRow[] }>();
  const of = (id: string): { record?: InstanceRecord; rows: LoggedRow[] } => {
    const known = found.get(id) ?? { rows: [] };
    found.set(id, known);
    return known;
  };
  for (const { seq, rows, instances = [], written = [] } of log) {
    for (const id of written) found.delete(id);
    for (const row of rows) of(row.id).rows.push({ seq, row });
    for (const record of instances) of(record.id).record = record;
  }
  return found;
}

/**
 * Those that follow the row with this hash, one by one, or from the first one: rows that a journal has by now are passed over, and
 * so is a commit that stands there twice because its answer was lost.
 */
export function chained(rows: readonly LoggedRow[] = [], after: string | undefined): readonly LoggedRow[] {
  let last = after;
  return rows.filter(({ row }) => {
    if (last === undefined ? row.row !== 1 : row.previous !== last) return false;
    last = row.hash;
    return true;
  });
}

/** A journal with what is in the log only. */
export function complete(
  instance: string,
  kept: readonly (JournalRow | JournalChapter)[],
  log: readonly LogRecord[],
): readonly JournalRow[] {
  const rows = kept.flatMap((row) => ('rows' in row ? row.rows : [row]));
  return [...rows, ...chained(unwritten(log).get(instance)?.rows, rows.at(-1)?.hash).map(({ row }) => row)];
}

/** The newer one of what is stored and what the log has. */
export function newerOf(stored: InstanceRecord | undefined, logged: Logged | undefined): InstanceRecord | undefined {
  return logged?.record && logged.record.rows > (stored?.rows ?? 0) ? logged.record : stored;
}

/** The newest of each instance; what is given twice may have been read before a step and after it. */
export function newestOf(instances: Iterable<LiveInstance>): ReadonlyMap<string, LiveInstance> {
  const newest = new Map<string, LiveInstance>();
  for (const live of instances) {
    const { id, rows } = live.record;
    const known = newest.get(id);
    if (!known || known.record.rows <= rows) newest.set(id, live);
  }
  return newest;
}
