// Journals as they are stored, in every form that a version has written, read without the code that wrote them.
import type { StepRecord } from '../src/engine/index.js';
import type { JournalChapter, JournalRow } from '../src/hosts/browser/schema.js';

export interface ReadRow extends Omit<JournalRow, 'records'> {
  readonly records: readonly StepRecord[];
}

/** Rows and chapters of a journal, or rows of the log. */
export function readRows(kept: readonly unknown[]): readonly ReadRow[] {
  return (kept as readonly (JournalRow | JournalChapter)[])
    .flatMap((row) => ('rows' in row ? row.rows : [row]))
    .map((row) => ({ ...row, records: listOf(row.records) }));
}

function listOf(records: JournalRow['records']): readonly StepRecord[] {
  return typeof records === 'string' ? (JSON.parse(records) as readonly StepRecord[]) : records;
}
