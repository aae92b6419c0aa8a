// The stores of the browser host. Upgrades only ever add, so that an old tab and a new one can share the database.
import type { DBSchema, IDBPDatabase, IDBPTransaction } from 'idb';
import type { FlowState, InstanceMessage, StepRecord } from '../../engine/index.js';
import type { FlowDefinition, JsonObject } from '../../model/index.js';
import type { ActivityView, HostCommand, Signal, StartOptions } from '../host.js';
import type { InstanceHeader } from '../instance-view.js';
import type { InstanceArchive, MigrationOptions, RetentionPolicy } from '../management/index.js';
import type { PlainError } from './channel.js';
import type { ScheduleRecord } from '../schedules/schedule.js';

export const SCHEMA_VERSION = 7;

/**
 * One instance: what lists show, what indexes find, and its state. It is written some time after its steps, which stand in the log
 * until then; in the log it stands when something begins or ends to be waited for.
 */
export interface InstanceRecord {
  readonly id: string;
  readonly flow: string;
  readonly hash: string;
  readonly status: FlowState['status'];
  readonly header: InstanceHeader;
  readonly state: FlowState;
  readonly fold: Readonly<Record<string, ActivityView>>;
  /** Number of journal rows up to here, and the hash of the last one. */
  readonly rows: number;
  readonly lastHash: string;
  /** Number of the oldest row that is kept, when the journal has been cut. */
  readonly firstRow?: number;
  /** 1 while it is not over. IndexedDB cannot index booleans. */
  readonly open: 0 | 1;
  /** 1 while an invocation is in flight. */
  readonly busy: 0 | 1;
  /** Earliest armed timer, epoch ms. */
  readonly wakeAt?: number;
  /** Names of the messages it waits for. */
  readonly awaits: readonly string[];
  readonly key?: string;
  /** Values of the variables that its flow wants instances to be found by; see `instance-keys.ts`. */
  readonly found?: readonly string[];
}

/**
 * What lists show of many instances, written with the instances themselves: reading a few large rows takes a fraction of the time
 * that reading all instances takes. Of an instance that is in several, the last one counts. See `summary-pack.ts`.
 */
export interface SummaryPack extends PackSize {
  /** Number of the commit that wrote it, which may write several; below 0 where it tells of instances that were there before. */
  readonly seq: number;
  readonly text: string;
}

/** How many instances are in it, how many it says are gone, and how long its text is: part of the key, so that tidying up need not read. */
export interface PackSize {
  readonly count: number;
  readonly gone: number;
  readonly size: number;
}
export type PackKey = [seq: number, count: number, gone: number, size: number];

/** One step: its events, chained to the row before it. */
export interface JournalRow {
  readonly id: string;
  /** 1, 2, 3 … per instance. */
  readonly row: number;
  readonly at: number;
  /** Epoch of the executor that wrote it. */
  readonly epoch: number;
  /** `StepRecord[]` as JSON text, which is copied into the log and on into the journal at little cost; versions before 6 stored the list. */
  readonly records: string | readonly StepRecord[];
  readonly previous: string;
  readonly hash: string;
}

/** Something that only the executing tab can do; see `management.ts`. */
export type ManagementOrder =
  | { readonly do: 'import'; readonly archive: InstanceArchive }
  | {
      readonly do: 'migrate';
      readonly instance: string;
      readonly definition: FlowDefinition;
      readonly options: MigrationOptions;
    }
  | { readonly do: 'prune'; readonly policy: RetentionPolicy }
  | ScheduleOrder;

/** See `scheduler.ts`. */
export type ScheduleOrder =
  | { readonly do: 'schedule'; readonly record: ScheduleRecord; readonly definition: FlowDefinition }
  | { readonly do: 'unschedule'; readonly name: string };

/** Rows that were in the log before, moved to the journal together when the instance is written. */
export interface JournalChapter {
  readonly id: string;
  /** The first one's. */
  readonly row: number;
  readonly rows: readonly JournalRow[];
}

/**
 * One commit of the executor. The number of a commit is used once: adding it again fails, so an executor that has been replaced
 * without noticing cannot write.
 */
export interface LogRecord {
  readonly seq: number;
  /** Epoch of the executor that wrote it, and which of its batches it is. */
  readonly epoch: number;
  readonly batch: number;
  /** Steps whose instance was not written with them. */
  readonly rows: readonly JournalRow[];
  /** Instances after those of the steps that others find them by. */
  readonly instances?: readonly InstanceRecord[];
  /** Instances that are in their store as they are now, or have gone: nothing before this is needed for them. */
  readonly written?: readonly string[];
}

/** A request from a tab that does not execute; deleted in the transaction of the step it causes. */
export type InboxRow = { readonly seq?: number; readonly id: string; readonly at: number } & (
  | {
      readonly type: 'start';
      readonly instance: string;
      readonly hash: string;
      /** Absent where it was stored in the transaction that asked. */
      readonly definition?: FlowDefinition;
      readonly input: JsonObject;
      readonly options: StartOptions;
    }
  | { readonly type: 'command'; readonly command: Exclude<HostCommand, { type: 'signal' }> }
  | { readonly type: 'manage'; readonly order: ManagementOrder }
  | { readonly type: 'message'; readonly instance: string; readonly message: InstanceMessage }
);

/** Kept until a waiter has consumed it, in the same transaction. */
export interface SignalRow {
  readonly seq?: number;
  readonly at: number;
  readonly signal: Signal;
}

/** What has come already: signals with an id, and requests that were refused, with why. */
export interface SeenRow {
  readonly id: string;
  readonly at: number;
  readonly refused?: PlainError;
}

/** An invocation that must not be repeated blindly, written before it starts. */
export interface LedgerRow {
  readonly instance: string;
  readonly token: string;
  readonly attempt: number;
  readonly epoch: number;
}

export interface MillraceSchema extends DBSchema {
  definitions: { key: string; value: { readonly hash: string; readonly definition: FlowDefinition } };
  instances: {
    key: string;
    value: InstanceRecord;
    indexes: {
      open: number;
      busy: number;
      wakeAt: number;
      awaits: string;
      flow: string;
      key: [string, string];
      startedAt: number;
      flowStartedAt: [string, number];
      found: string;
    };
  };
  summaries: { key: PackKey; value: SummaryPack };
  journal: { key: [string, number]; value: JournalRow | JournalChapter };
  log: { key: number; value: LogRecord };
  inbox: { key: number; value: InboxRow };
  signals: { key: number; value: SignalRow };
  seen: { key: string; value: SeenRow; indexes: { at: number } };
  ledger: { key: [string, string, number]; value: LedgerRow };
  schedules: { key: string; value: ScheduleRecord; indexes: { next: number } };
  meta: { key: string; value: { readonly key: string; readonly value: number } };
}

/** In `meta` once every instance that is in its store is in a summary pack, too. */
export const SUMMARISED = 'summarised';

export type Database = IDBPDatabase<MillraceSchema>;
export const STORES = [
  'definitions',
  'instances',
  'summaries',
  'journal',
  'log',
  'inbox',
  'signals',
  'seen',
  'ledger',
  'schedules',
  'meta',
] as const;
export type StoreName = (typeof STORES)[number];
type UpgradeTransaction = IDBPTransaction<MillraceSchema, StoreName[], 'versionchange'>;

/** The browser's own transaction, with the types of these stores: of what only writes nobody needs a promise for every request. */
export interface WriteTransaction {
  objectStore<Name extends StoreName>(name: Name): WriteStore<Name>;
}
interface WriteStore<Name extends StoreName> extends Pick<IDBObjectStore, 'openKeyCursor'> {
  add(row: MillraceSchema[Name]['value']): IDBRequest<MillraceSchema[Name]['key']>;
  put(row: MillraceSchema[Name]['value']): IDBRequest<MillraceSchema[Name]['key']>;
  delete(key: MillraceSchema[Name]['key'] | IDBKeyRange): IDBRequest<undefined>;
  get(key: MillraceSchema[Name]['key']): IDBRequest<MillraceSchema[Name]['value'] | undefined>;
}

export function upgrade(db: Database, from: number, tx: UpgradeTransaction): void {
  if (from < 1) {
    db.createObjectStore('definitions', { keyPath: 'hash' });
    const instances = db.createObjectStore('instances', { keyPath: 'id' });
    instances.createIndex('open', 'open');
    instances.createIndex('busy', 'busy');
    instances.createIndex('wakeAt', 'wakeAt');
    instances.createIndex('awaits', 'awaits', { multiEntry: true });
    instances.createIndex('flow', 'flow');
    instances.createIndex('key', ['flow', 'key']);
    db.createObjectStore('journal', { keyPath: ['id', 'row'] });
    db.createObjectStore('inbox', { keyPath: 'seq', autoIncrement: true });
    db.createObjectStore('signals', { keyPath: 'seq', autoIncrement: true });
    db.createObjectStore('seen', { keyPath: 'id' });
    db.createObjectStore('ledger', { keyPath: ['instance', 'token', 'attempt'] });
    db.createObjectStore('meta', { keyPath: 'key' });
  }
  if (from < 2) {
    db.createObjectStore('schedules', { keyPath: 'name' }).createIndex('next', 'next');
  }
  if (from < 3) db.createObjectStore('log', { keyPath: 'seq' });
  if (from < 4) {
    tx.objectStore('seen').createIndex('at', 'at');
    // Rows that are sealed are not in them.
    tx.objectStore('instances').createIndex('startedAt', 'header.startedAt');
    tx.objectStore('instances').createIndex('flowStartedAt', ['flow', 'header.startedAt']);
  }
  if (from < 7) {
    db.createObjectStore('summaries', { keyPath: ['seq', 'count', 'gone', 'size'] });
    // Where there are instances already, the executing tab adds their summaries.
    const mark = from === 0 && tx.objectStore('meta').put({ key: SUMMARISED, value: 1 });
    // Where it cannot be stored, the database does not open.
    if (mark) mark.catch(() => {});
    tx.objectStore('instances').createIndex('found', 'found', { multiEntry: true });
  }
}
