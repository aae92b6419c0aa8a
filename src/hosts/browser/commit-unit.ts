// What is written whole or not at all, and the requests that write it.
import type { ScheduleRecord } from '../schedules/schedule.js';
import {
  SUMMARISED,
  type InboxRow,
  type InstanceRecord,
  type JournalRow,
  type LedgerRow,
  type LogRecord,
  type PackKey,
  type StoreName,
  type SummaryPack,
  type WriteTransaction,
} from './schema.js';
import { packsOf, type Unnumbered } from './summary-pack.js';
import type { Vault } from './vault.js';

/** One step of one instance, a ledger entry, or the end of a request: written whole or not at all. */
export interface CommitUnit {
  /** The step. Without `instance` it goes into the log only. */
  readonly journal?: JournalRow;
  /** The instance after a step, for the log. */
  readonly newest?: InstanceRecord;
  /** The instance as it is now, for its store. */
  readonly instance?: InstanceRecord;
  /** With `instance`: rows of the log that the journal does not have yet. */
  readonly earlier?: readonly JournalRow[];
  /** What the unit is pinned to. */
  readonly definition?: { readonly hash: string; readonly definition: never };
  /** Definitions that nobody needed after the commit `since`. */
  readonly unused?: { readonly hashes: readonly string[]; readonly since: number };
  readonly schedule?: ScheduleRecord;
  /** The schedule of this name goes. */
  readonly unscheduled?: string;
  /** What is remembered no longer. */
  readonly forgotten?: readonly string[];
  /** Requests of the executor itself. */
  readonly asked?: readonly InboxRow[];
  /** Calls that are about to begin, or have begun where the instance comes from. */
  readonly ledgers?: readonly LedgerRow[];
  /** The journal of a whole instance that is taken in. */
  readonly journals?: readonly JournalRow[];
  /** Takes the place of all rows of its journal up to it; `rest` are those behind it. */
  readonly compacted?: JournalRow;
  readonly rest?: readonly JournalRow[];
  /** Everything of this instance goes. */
  readonly removed?: string;
  /** Summary packs that take the place of others, all of which are older than this commit. */
  readonly repacked?: {
    readonly replaced: readonly PackKey[];
    readonly packs: readonly SummaryPack[];
    /** From now on all instances are in packs. */
    readonly isComplete?: true;
  };
  /** Commits that are dropped from the log. */
  readonly dropped?: readonly IDBKeyRange[];
  /** Inbox and signal rows that the step consumes. */
  readonly inbox?: number;
  readonly signal?: number;
  /** What can be done while it is being written, perhaps more than once. */
  readonly meanwhile?: () => void;
}

/** Those that a transaction for these units touches. */
export function storesOf(units: readonly CommitUnit[]): readonly StoreName[] {
  const stores = new Set<StoreName>(['log']);
  for (const unit of units) {
    if (unit.instance || unit.journals || unit.compacted) stores.add('instances').add('summaries').add('journal');
    if (unit.removed !== undefined) stores.add('instances').add('summaries').add('journal').add('ledger');
    if (unit.repacked) stores.add('summaries').add('meta');
    if (unit.definition || unit.unused) stores.add('definitions');
    if (unit.forgotten) stores.add('seen');
    if (unit.schedule || unit.unscheduled !== undefined) stores.add('schedules');
    if (unit.ledgers) stores.add('ledger');
    if (unit.inbox !== undefined || unit.asked) stores.add('inbox');
    if (unit.signal !== undefined) stores.add('signals');
  }
  return [...stores];
}

/** What the log has of the units. */
export function packed(units: readonly CommitUnit[]): Pick<LogRecord, 'rows' | 'instances' | 'written'> {
  const rows = units.flatMap(({ journal, instance }) => (journal && !instance ? [journal] : []));
  const instances = units.flatMap(({ newest }) => newest ?? []);
  const written = units.flatMap(({ instance, removed }) => instance?.id ?? removed ?? []);
  return { rows, ...(instances.length > 0 && { instances }), ...(written.length > 0 && { written }) };
}

/** What lists show of the instances that are written, or go. */
export function summarised(units: readonly CommitUnit[]): readonly Unnumbered[] {
  return packsOf(
    units.flatMap(({ instance }) => instance ?? []),
    units.flatMap(({ removed }) => removed ?? []),
  );
}

/** Rows are sealed one by one, so that log and journal can pack them as they are. */
export async function sealedUnit(vault: Vault, unit: CommitUnit): Promise<CommitUnit> {
  const rows = (all: readonly JournalRow[] | undefined): Promise<readonly JournalRow[]> | undefined =>
    all && Promise.all(all.map((row) => vault.seal('journal', row)));
  const [definition, newest, instance, journal, earlier, compacted, rest, journals, schedule, asked, packs] =
    await Promise.all([
      unit.definition && vault.seal('definitions', unit.definition),
      unit.newest && vault.seal('instances', unit.newest),
      unit.instance && vault.seal('instances', unit.instance),
      unit.journal && vault.seal('journal', unit.journal),
      rows(unit.earlier),
      unit.compacted && vault.seal('journal', unit.compacted),
      rows(unit.rest),
      rows(unit.journals),
      unit.schedule && vault.seal('schedules', unit.schedule),
      unit.asked && Promise.all(unit.asked.map((row) => vault.seal('inbox', row))),
      unit.repacked && Promise.all(unit.repacked.packs.map((pack) => vault.seal('summaries', pack))),
    ]);
  return {
    ...unit,
    ...(definition && { definition }),
    ...(newest && { newest }),
    ...(instance && { instance }),
    ...(journal && { journal }),
    ...(earlier && { earlier }),
    ...(compacted && { compacted }),
    ...(rest && { rest }),
    ...(journals && { journals }),
    ...(schedule && { schedule }),
    ...(asked && { asked }),
    ...(unit.repacked && packs && { repacked: { ...unit.repacked, packs } }),
  };
}

/** Makes the requests of a unit, but for its line in the log. */
export function put(tx: WriteTransaction, unit: CommitUnit): void {
  for (const range of unit.dropped ?? []) tx.objectStore('log').delete(range);
  if (unit.definition) tx.objectStore('definitions').put(unit.definition);
  if (unit.instance) {
    tx.objectStore('instances').put(unit.instance);
    putChapter(tx, [...(unit.earlier ?? []), ...(unit.journal ? [unit.journal] : [])]);
  }
  if (unit.removed !== undefined) {
    tx.objectStore('instances').delete(unit.removed);
    tx.objectStore('journal').delete(allOf(unit.removed));
    tx.objectStore('ledger').delete(IDBKeyRange.bound([unit.removed], [unit.removed, []]));
  }
  if (unit.compacted) {
    tx.objectStore('journal').delete(allOf(unit.compacted.id));
    tx.objectStore('journal').put(unit.compacted);
    putChapter(tx, unit.rest ?? []);
  }
  putChapter(tx, unit.journals ?? []);
  for (const key of unit.repacked?.replaced ?? []) tx.objectStore('summaries').delete(key);
  for (const pack of unit.repacked?.packs ?? []) tx.objectStore('summaries').put(pack);
  if (unit.repacked?.isComplete) tx.objectStore('meta').put({ key: SUMMARISED, value: 1 });
  for (const row of unit.ledgers ?? []) tx.objectStore('ledger').put(row);
  for (const id of unit.forgotten ?? []) tx.objectStore('seen').delete(id);
  if (unit.schedule) tx.objectStore('schedules').put(unit.schedule);
  if (unit.unscheduled !== undefined) tx.objectStore('schedules').delete(unit.unscheduled);
  for (const row of unit.asked ?? []) tx.objectStore('inbox').add(row);
  if (unit.inbox !== undefined) tx.objectStore('inbox').delete(unit.inbox);
  if (unit.signal !== undefined) tx.objectStore('signals').delete(unit.signal);
}

function putChapter(tx: WriteTransaction, rows: readonly JournalRow[]): void {
  const [first] = rows;
  if (!first) return;
  const { id, row } = first;
  tx.objectStore('journal').put(rows.length === 1 ? first : { id, row, rows });
}

/** The whole journal of an instance. */
export function allOf(instance: string): IDBKeyRange {
  return IDBKeyRange.bound([instance, 0], [instance, Infinity]);
}
