// Reading what the host has stored. Everything that looks into the database for instances, journals, requests or signals
// does it here, so that the shape of the stores is one file's business.
import type { IDBPObjectStore } from 'idb';
import { isPromise, type MaybePromise } from '../../engine/index.js';
import type { FlowDefinition } from '../../model/index.js';
import type { ScheduleRecord } from '../schedules/schedule.js';
import type { LiveInstance } from './checkpoint.js';
import type { Connection } from './connection.js';
import { allOf } from './group-commit.js';
import type {
  InboxRow,
  InstanceRecord,
  JournalChapter,
  JournalRow,
  LedgerRow,
  LogRecord,
  MillraceSchema,
  SeenRow,
  SignalRow,
  StoreName,
} from './schema.js';
import { unsealed } from './unsealed.js';
import type { SealedStore, Vault } from './vault.js';

/** The indexes of `instances`, with what their keys are. */
export interface InstanceKeys {
  readonly open: 1 | 0;
  readonly busy: 1;
  readonly awaits: string;
  readonly flow: string;
  readonly key: readonly [flow: string, key: string];
}

/** What brings an instance up to date that calls are under way for. */
export interface Newer {
  /** As it is in the memory of this tab, if this tab executes it. */
  readonly inMemory: (id: string) => LiveInstance | undefined;
  readonly replay: (checkpoint: InstanceRecord, rows: readonly JournalRow[]) => Promise<InstanceRecord>;
}

export class Records {
  readonly #connection: Connection;
  readonly #vault: Vault | undefined;
  readonly #newer: Newer;

  constructor(connection: Connection, vault: Vault | undefined, newer: Newer) {
    this.#connection = connection;
    this.#vault = vault;
    this.#newer = newer;
  }

  /** Rejects with `FLOW-STORAGE-KEY` when what is stored cannot be read with the key that there is. */
  async check(): Promise<void> {
    const row = await this.#connection.read(
      async (db) => (await db.transaction('definitions').store.openCursor())?.value,
    );
    if (row) await this.#open('definitions', [row]);
  }

  /** The rows of a store as they were before they were sealed. */
  async #open<Row extends object>(store: SealedStore, rows: readonly Row[]): Promise<readonly Row[]> {
    const vault = this.#vault;
    return vault ? Promise.all(rows.map((row) => vault.open(store, row))) : rows.map(unsealed);
  }

  async #openOne<Row extends object>(store: SealedStore, row: Row | undefined): Promise<Row | undefined> {
    return row && (await this.#open(store, [row]))[0];
  }

  async instance(id: string): Promise<InstanceRecord | undefined> {
    return (await this.live(id))?.record;
  }

  async live(id: string): Promise<LiveInstance | undefined> {
    return this.#newer.inMemory(id) ?? (await this.#live(async (store) => [await store.get(id)]))[0];
  }

  instances(): Promise<readonly InstanceRecord[]> {
    return this.#upToDate((store) => store.getAll());
  }

  instancesBy<Index extends keyof InstanceKeys>(
    index: Index,
    key: InstanceKeys[Index],
  ): Promise<readonly InstanceRecord[]> {
    return this.#upToDate((store) => store.index(index).getAll(IDBKeyRange.only(key)));
  }

  /**
   * The newest that are meant, without reading all others; undefined where only reading all of them can tell, because rows are
   * sealed or few are meant.
   */
  async newest(
    flow: string | undefined,
    limit: number,
    isMeant: (record: InstanceRecord) => boolean,
  ): Promise<readonly InstanceRecord[] | undefined> {
    if (this.#vault) return undefined;
    const ids = await this.#connection.read((db) =>
      flow === undefined
        ? db.getAllKeysFromIndex('instances', 'startedAt')
        : db.getAllKeysFromIndex('instances', 'flowStartedAt', IDBKeyRange.bound([flow], [flow, []])),
    );
    const found: InstanceRecord[] = [];
    for (let end = ids.length, size = 2 * limit; found.length < limit && end > 0; size *= 4) {
      const from = Math.max(0, end - size);
      // One by one costs more than all of them in one go.
      if (from > 0 && 4 * (ids.length - from) > ids.length) return undefined;
      const some = ids.slice(from, end).reverse();
      const read = await this.#upToDate((store) => Promise.all(some.map((id) => store.get(id))));
      found.push(...read.filter(isMeant));
      end = from;
    }
    return found.slice(0, limit);
  }

  /** Those with an invocation in flight; `unread` are ids of those that could not be brought up to date. */
  async inFlight(): Promise<{ readonly instances: readonly LiveInstance[]; readonly unread: readonly string[] }> {
    const found = await this.#liveOf((store) => store.index('busy').getAll(1));
    const outcomes = await Promise.allSettled(found.map(({ live }) => live));
    const instances = outcomes.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
    return { instances, unread: found.flatMap(({ id }, i) => (outcomes[i]!.status === 'rejected' ? [id] : [])) };
  }

  async #upToDate(read: Read): Promise<readonly InstanceRecord[]> {
    const found = await this.#liveOf(read);
    // Most only wait, and are as they were stored: a promise for each would cost more than reading them.
    if (found.every(({ live }) => !isPromise(live))) return found.map(({ live }) => (live as LiveInstance).record);
    return (await Promise.all(found.map(({ live }) => live))).map(({ record }) => record);
  }

  async #live(read: Read): Promise<readonly LiveInstance[]> {
    return Promise.all((await this.#liveOf(read)).map(({ live }) => live));
  }

  /**
   * Where calls are under way, checkpoints and log are read together: a checkpoint takes rows out of the log. All requests of a
   * transaction are made at once, so that a page that is frozen in between keeps nobody waiting.
   */
  async #liveOf(read: Read): Promise<readonly { readonly id: string; readonly live: MaybePromise<LiveInstance> }[]> {
    const checkpoints = await this.#connection.read((db) => read(db.transaction(INSTANCES).objectStore('instances')));
    const isOld = (record: InstanceRecord | undefined): boolean =>
      record?.busy === 1 && this.#newer.inMemory(record.id) === undefined;
    const [all, log] = checkpoints.some(isOld)
      ? await this.#connection.read((db) => {
          const tx = db.transaction(INSTANCES_AND_LOG);
          return Promise.all([read(tx.objectStore('instances')), tx.objectStore('log').getAll()]);
        })
      : [checkpoints, []];
    const found = all.filter((record) => record !== undefined);
    const tails = tailsOf(log);
    return found.map((stored) => ({ id: stored.id, live: this.#broughtUpToDate(stored, tails.get(stored.id)) }));
  }

  #broughtUpToDate(stored: InstanceRecord, logged: readonly LoggedRow[] | undefined): MaybePromise<LiveInstance> {
    if (!this.#vault && !isBusy(stored)) return { record: unsealed(stored), tail: [], since: Infinity };
    return (isBusy(stored) && this.#newer.inMemory(stored.id)) || this.#replayed(stored, logged);
  }

  async #replayed(stored: InstanceRecord, logged: readonly LoggedRow[] | undefined): Promise<LiveInstance> {
    const record = (await this.#openOne('instances', stored))!;
    const rows = isBusy(record) ? chained(logged, record.lastHash) : [];
    const tail = await this.#open(
      'journal',
      rows.map(({ row }) => row),
    );
    const newest = tail.length === 0 ? record : await this.#newer.replay(record, tail);
    return { record: newest, tail, since: rows[0]?.seq ?? Infinity };
  }

  /** The instance of this flow with this business key that is not over. */
  async openWithKey(flow: string, key: string): Promise<InstanceRecord | undefined> {
    return (await this.instancesBy('key', [flow, key])).find((record) => record.open === 1);
  }

  /** Those with a timer that is due at `now` or was before. */
  async due(now: number): Promise<readonly InstanceRecord[]> {
    const range = IDBKeyRange.upperBound(now);
    const due = await this.#connection.read((db) => db.getAllFromIndex('instances', 'wakeAt', range));
    return this.#open('instances', due);
  }

  /** When the earliest timer after `now` is due. */
  nextDue(now: number): Promise<number | undefined> {
    return this.#connection.read(async (db) => {
      const { store } = db.transaction('instances');
      return (await store.index('wakeAt').openKeyCursor(IDBKeyRange.lowerBound(now, true)))?.key;
    });
  }

  /** Ids of the instances with an invocation in flight. */
  busy(): Promise<readonly string[]> {
    return this.#connection.read((db) => db.getAllKeysFromIndex('instances', 'busy', 1));
  }

  async journal(instance: string): Promise<readonly JournalRow[]> {
    const rows = await this.#connection.read(async (db) => {
      const tx = db.transaction(['journal', 'log']);
      const [kept, log] = await Promise.all([
        tx.objectStore('journal').getAll(allOf(instance)),
        tx.objectStore('log').getAll(),
      ]);
      return complete(instance, kept, log);
    });
    return this.#open('journal', rows);
  }

  /** Everything of one instance, as it is at one moment. */
  async whole(
    id: string,
  ): Promise<{ record: InstanceRecord; journal: readonly JournalRow[]; ledger: readonly LedgerRow[] } | undefined> {
    const found = await this.#connection.read(async (db) => {
      const tx = db.transaction(['instances', 'journal', 'ledger', 'log']);
      const [record, kept, ledger, log] = await Promise.all([
        tx.objectStore('instances').get(id),
        tx.objectStore('journal').getAll(allOf(id)),
        tx.objectStore('ledger').getAll(IDBKeyRange.bound([id], [id, []])),
        tx.objectStore('log').getAll(),
      ]);
      return record && { record, journal: complete(id, kept, log), ledger };
    });
    if (!found) return undefined;
    const record = (await this.#openOne('instances', found.record))!;
    const journal = await this.#open('journal', found.journal);
    return {
      ...found,
      journal,
      record: await this.#newer.replay(
        record,
        journal.filter(({ row }) => row > record.rows),
      ),
    };
  }

  /** Oldest first. */
  async inbox(): Promise<readonly InboxRow[]> {
    return this.#open('inbox', await this.#connection.read((db) => db.getAll('inbox')));
  }

  async isAsked(seq: number): Promise<boolean> {
    return (await this.#connection.read((db) => db.getKey('inbox', seq))) !== undefined;
  }

  seen(id: string): Promise<SeenRow | undefined> {
    return this.#connection.read((db) => db.get('seen', id));
  }

  /** Ids of what came before `time`. */
  seenBefore(time: number): Promise<readonly string[]> {
    return this.#connection.read((db) => db.getAllKeysFromIndex('seen', 'at', IDBKeyRange.upperBound(time, true)));
  }

  async signals(): Promise<readonly SignalRow[]> {
    return this.#open('signals', await this.#connection.read((db) => db.getAll('signals')));
  }

  /** By name. */
  async schedules(): Promise<readonly ScheduleRecord[]> {
    return this.#open('schedules', await this.#connection.read((db) => db.getAll('schedules')));
  }

  async schedule(name: string): Promise<ScheduleRecord | undefined> {
    return this.#openOne('schedules', await this.#connection.read((db) => db.get('schedules', name)));
  }

  async dueSchedules(now: number): Promise<readonly ScheduleRecord[]> {
    const range = IDBKeyRange.upperBound(now);
    return this.#open('schedules', await this.#connection.read((db) => db.getAllFromIndex('schedules', 'next', range)));
  }

  /** When the first of all schedules is due, perhaps already. */
  nextSchedule(): Promise<number | undefined> {
    return this.#connection.read(
      async (db) => (await db.transaction('schedules').store.index('next').openKeyCursor())?.key,
    );
  }

  async definition(hash: string): Promise<FlowDefinition | undefined> {
    const row = await this.#connection.read((db) => db.get('definitions', hash));
    return (await this.#openOne('definitions', row))?.definition;
  }

  /** Hashes of those that an instance, a schedule or a request is pinned to. */
  async neededDefinitions(): Promise<ReadonlySet<string>> {
    const [instances, schedules] = await this.#connection.read((db) => {
      const tx = db.transaction(['instances', 'schedules']);
      return Promise.all([tx.objectStore('instances').getAll(), tx.objectStore('schedules').getAll()]);
    });
    // After those: a request becomes an instance, never the other way round. Their hashes are no secret, but sealed with the rest.
    const asked = await this.inbox();
    const starts = asked.flatMap((row) => (row.type === 'start' ? [row.hash] : []));
    return new Set([...instances.map(({ hash }) => hash), ...schedules.map(({ hash }) => hash), ...starts]);
  }

  /** Whether the ledger says that this attempt has begun. */
  async hasBegun(instance: string, token: string, attempt: number): Promise<boolean> {
    const key: [string, string, number] = [instance, token, attempt];
    return (await this.#connection.read((db) => db.getKey('ledger', key))) !== undefined;
  }
}

type Read = (store: InstanceStore) => Promise<readonly (InstanceRecord | undefined)[]>;
type InstanceStore = IDBPObjectStore<MillraceSchema, StoreName[], 'instances'>;
const INSTANCES: StoreName[] = ['instances'];
const INSTANCES_AND_LOG: StoreName[] = ['instances', 'log'];

interface LoggedRow {
  readonly seq: number;
  readonly row: JournalRow;
}

/** A journal with what is in the log only. */
function complete(
  instance: string,
  kept: readonly (JournalRow | JournalChapter)[],
  log: readonly LogRecord[],
): readonly JournalRow[] {
  const rows = kept.flatMap((row) => ('rows' in row ? row.rows : [row]));
  return [...rows, ...chained(tailsOf(log).get(instance), rows.at(-1)?.hash).map(({ row }) => row)];
}

/** The rows of the log by instance, in the order of their commits. */
function tailsOf(log: readonly LogRecord[]): ReadonlyMap<string, readonly LoggedRow[]> {
  const tails = new Map<string, LoggedRow[]>();
  for (const { seq, rows } of log) {
    for (const row of rows) {
      const tail = tails.get(row.id);
      if (tail) tail.push({ seq, row });
      else tails.set(row.id, [{ seq, row }]);
    }
  }
  return tails;
}

/**
 * Those that follow the row with this hash, one by one: rows that a journal has by now are passed over, and so is a commit that
 * stands there twice because its answer was lost.
 */
function chained(rows: readonly LoggedRow[] = [], after: string | undefined): readonly LoggedRow[] {
  let last = after;
  return rows.filter(({ row }) => {
    if (row.previous !== last) return false;
    last = row.hash;
    return true;
  });
}

function isBusy({ busy }: InstanceRecord): boolean {
  return busy === 1;
}
