// What is durable, seen from below: a mirror that grows with every transaction that the simulated disk has committed. Checks
// what can be seen as it happens: history is only added to, and nobody writes who has been replaced.
import type { InstanceRecord, LogRecord, SignalRow } from '../../src/hosts/browser/schema.js';
import type { ScheduleRecord } from '../../src/hosts/schedules/schedule.js';
import { readRows, type ReadRow } from '../stored-journal.js';
import type { Browser } from './browser.js';
import { Listed } from './listed.js';
import { compareKeys, type Key } from './store/keys.js';
import type { Transaction } from './store/transaction.js';

/** A journal row and the moment at which it became durable. */
export interface CommittedRow {
  readonly row: ReadRow;
  readonly order: number;
  /** Monotonic, ms. */
  readonly moment: number;
}

export class Committed {
  readonly instances = new Map<string, InstanceRecord>();
  readonly journals = new Map<string, CommittedRow[]>();
  /** Ids of the signals that are kept, by their rows. */
  readonly signals = new Map<string, unknown>();
  /** Ids of all that were ever kept. */
  readonly everKept = new Set<string>();
  /** What is started by the clock, as it is now and as it was first stored. */
  readonly schedules = new Map<string, ScheduleRecord>();
  readonly planned = new Map<string, ScheduleRecord>();
  readonly violations: string[] = [];
  epoch = 0;
  /** Number of commits so far. */
  order = 0;
  readonly #browser: Browser;
  /** What can be read back: hashes of the rows that journals have, and the rows of the log. */
  readonly #inJournal = new Set<string>();
  readonly #log = new Map<number, LogRecord>();
  /** How many steps the record of an instance has that is written. */
  readonly #written = new Map<string, number>();
  readonly #listed = new Listed();

  constructor(browser: Browser) {
    this.#browser = browser;
    browser.disk.committed = (tx) => this.#take(tx);
  }

  rows(instance: string): readonly CommittedRow[] {
    return this.journals.get(instance) ?? [];
  }

  #take(tx: Transaction): void {
    this.order++;
    this.violations.push(...this.#listed.take(tx));
    for (const { store, key, value, range } of tx.writes) {
      if (store === 'meta' && key === 'epoch') this.epoch = (value as { value: number }).value;
      if (store === 'instances' && value) {
        const record = value as InstanceRecord;
        this.#instance(record);
        this.#written.set(record.id, record.rows);
      }
      if (store === 'journal' && value) {
        for (const row of readRows([value])) {
          this.#row(row, tx);
          this.#inJournal.add(row.hash);
        }
      }
      if (store === 'log' && value) {
        const record = value as LogRecord;
        this.#log.set(record.seq, record);
        for (const row of readRows(record.rows)) this.#row(row, tx);
        for (const instance of record.instances ?? []) this.#instance(instance);
      }
      if (store === 'log' && !value) this.#forget((seq) => !range || range.includes(seq));
      if (store === 'schedules' && value) {
        const record = value as ScheduleRecord;
        this.schedules.set(record.name, record);
        if (!this.planned.has(record.name)) this.planned.set(record.name, record);
      }
      if (store === 'signals') {
        if (value) {
          const { signal } = value as SignalRow;
          const id = ((signal.data ?? {}) as { id?: string }).id ?? signal.id;
          this.signals.set(JSON.stringify(key), id);
          if (id !== undefined) this.everKept.add(id);
        } else {
          for (const k of this.signals.keys())
            if (!range || range.includes(JSON.parse(k) as Key)) this.signals.delete(k);
        }
      }
    }
  }

  #instance(record: InstanceRecord): void {
    const before = this.instances.get(record.id);
    if (before && before.state.v > record.state.v)
      this.violations.push(`${record.id} went back from step ${before.state.v} to ${record.state.v}`);
    this.instances.set(record.id, record);
  }

  /** The log is shortened: nothing may go that is not written. */
  #forget(goes: (seq: number) => boolean): void {
    for (const [seq, { rows, instances = [] }] of this.#log) {
      if (!goes(seq)) continue;
      this.#log.delete(seq);
      for (const { id, rows: steps } of instances)
        if ((this.#written.get(id) ?? 0) < steps) this.violations.push(`step ${steps} of ${id} was never written`);
      for (const { id, row, hash } of rows)
        if (!this.#inJournal.has(hash))
          this.violations.push(`row ${row} of ${id} is in neither journal nor log any more`);
    }
  }

  #row(row: ReadRow, tx: Transaction): void {
    let rows = this.journals.get(row.id);
    if (!rows) this.journals.set(row.id, (rows = []));
    const before = rows.find((r) => compareKeys(r.row.row, row.row) === 0);
    // It moves from the log to the journal.
    if (before?.row.hash === row.hash) return;
    if (before) this.violations.push(`row ${row.row} of ${row.id} was written over`);
    if (row.epoch !== this.epoch)
      this.violations.push(
        `${row.id}: epoch ${row.epoch} wrote row ${row.row} while epoch ${this.epoch} executes (tab ${(tx.connection.owner as { id?: number }).id})`,
      );
    rows.push({ row, order: this.order, moment: this.#browser.scheduler.now });
  }
}
