// Reading what the host has stored. Everything that looks into the database for instances, journals, requests or signals
// does it here, so that the shape of the stores is one file's business.
import type { IDBPObjectStore } from 'idb';
import { isPromise, type MaybePromise } from '../../engine/index.js';
import type { FlowDefinition } from '../../model/index.js';
import type { ScheduleRecord } from '../schedules/schedule.js';
import type { LiveInstance } from './checkpoint.js';
import type { Connection } from './connection.js';
import { allOf } from './commit-unit.js';
import { HAS, type InstanceKeys, type IsMeant } from './instance-keys.js';
import type {
  InboxRow,
  InstanceRecord,
  JournalRow,
  LedgerRow,
  MillraceSchema,
  SeenRow,
  SignalRow,
  StoreName,
} from './schema.js';
import { busyAndLog } from './summaries.js';
import { unsealed } from './unsealed.js';
import { chained, complete, newerOf, newestOf, unwritten, type Logged, type LoggedRow } from './unwritten.js';
import type { SealedStore, Vault } from './vault.js';

/** What brings an instance up to date whose last steps are in the log only. */
export interface Newer {
  /** As it is in the memory of this tab, if this tab executes it. */
  readonly inMemory: (id: string) => LiveInstance | undefined;
  /** All that are newer than what is stored; undefined when this tab does not know. */
  readonly unwritten: () => readonly LiveInstance[] | undefined;
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
    const known = this.#newer.inMemory(id);
    if (known) return known;
    const [live] = await this.#liveOf(
      async (store) => [await store.get(id)],
      (record) => record.id === id,
    );
    return live;
  }

  /** All that are newer than what is stored; undefined when this tab does not know. */
  unwritten(): readonly LiveInstance[] | undefined {
    return this.#newer.unwritten();
  }

  instances(): Promise<readonly InstanceRecord[]> {
    return this.#upToDate(
      (store) => store.getAll(),
      () => true,
    );
  }

  instancesBy<Index extends keyof InstanceKeys>(
    index: Index,
    key: InstanceKeys[Index],
  ): Promise<readonly InstanceRecord[]> {
    return this.#upToDate((store) => store.index(index).getAll(IDBKeyRange.only(key)), HAS[index](key));
  }

  these(ids: readonly string[]): Promise<readonly InstanceRecord[]> {
    const meant = new Set(ids);
    return this.#upToDate(
      (store) => Promise.all(ids.map((id) => store.get(id))),
      ({ id }) => meant.has(id),
    );
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
    for (let size = 2 * limit; size <= MOST_NEWEST; size *= 4) {
      const from = await this.#startOf(flow, size);
      const read = await this.#upToDate(
        (store) =>
          flow === undefined
            ? store.index('startedAt').getAll(IDBKeyRange.lowerBound(from))
            : store.index('flowStartedAt').getAll(IDBKeyRange.bound([flow, from], [flow, []])),
        (record) => (flow === undefined || record.flow === flow) && record.header.startedAt >= from,
      );
      const found = read.filter(isMeant).sort((a, b) => b.header.startedAt - a.header.startedAt);
      if (found.length >= limit || from === -Infinity) return found.slice(0, limit);
    }
    return undefined;
  }

  /** When the instance was started that so many are newer than; when there are not so many, before all of them. */
  #startOf(flow: string | undefined, size: number): Promise<number> {
    return this.#connection.read(async (db) => {
      const { store } = db.transaction('instances');
      if (flow === undefined) {
        const newest = await store.index('startedAt').openKeyCursor(null, 'prev');
        return (await newest?.advance(size))?.key ?? -Infinity;
      }
      const range = IDBKeyRange.bound([flow], [flow, []]);
      const newest = await store.index('flowStartedAt').openKeyCursor(range, 'prev');
      return (await newest?.advance(size))?.key[1] ?? -Infinity;
    });
  }

  /** Those with an invocation in flight or steps that are in the log only; `unread` are ids of those that could not be brought up to date. */
  async inFlight(): Promise<{ readonly instances: readonly LiveInstance[]; readonly unread: readonly string[] }> {
    const [busy, log] = await busyAndLog(this.#connection);
    const logged = unwritten(log);
    const stored = new Map(busy.map((record) => [record.id, record]));
    // Nobody else writes them: this tab has taken over.
    const others = [...logged.keys()].filter((id) => !stored.has(id));
    const read = await this.#connection.read((db) => {
      const { store } = db.transaction('instances');
      return Promise.all(others.map((id) => store.get(id)));
    });
    for (const record of read) if (record) stored.set(record.id, record);
    const ids = [...new Set([...stored.keys(), ...others])];
    const outcomes = await Promise.allSettled(ids.map((id) => this.#broughtUpToDate(stored.get(id), logged.get(id))));
    const instances = outcomes.flatMap((one) => (one.status === 'fulfilled' ? (one.value ?? []) : []));
    return {
      instances: instances.filter(({ record, tail }) => record.busy === 1 || tail.length > 0),
      unread: ids.filter((_, i) => outcomes[i]!.status === 'rejected'),
    };
  }

  async #upToDate(read: Read, isMeant: IsMeant): Promise<readonly InstanceRecord[]> {
    const found = await this.#liveOf(read, isMeant);
    // Most only wait, and are as they were stored: a promise for each would cost more than reading them.
    if (found.every((live) => !isPromise(live))) return found.flatMap((live) => (live as Found)?.record ?? []);
    return (await Promise.all(found)).flatMap((live) => live?.record ?? []);
  }

  /**
   * What is stored, with what the log has: they are read together, because rows leave the log when they are written. The tab that
   * executes has all of that in memory. All requests of a transaction are made at once, so that a page that is frozen in between
   * keeps nobody waiting.
   */
  async #liveOf(read: Read, isMeant: IsMeant): Promise<readonly MaybePromise<Found>[]> {
    const before = this.#newer.unwritten();
    if (!before) {
      const [stored, log] = await this.#connection.read((db) => {
        const tx = db.transaction(INSTANCES_AND_LOG);
        return Promise.all([read(tx.objectStore('instances')), tx.objectStore('log').getAll()]);
      });
      return this.#withLogged(stored, unwritten(log), isMeant);
    }
    const stored = await this.#connection.read((db) => read(db.transaction(INSTANCES).objectStore('instances')));
    // What was written meanwhile may have been read before.
    const newest = newestOf([...before, ...(this.#newer.unwritten() ?? [])]);
    const isOlder = (record: InstanceRecord): boolean => (newest.get(record.id)?.record.rows ?? 0) >= record.rows;
    const there = stored.filter((record) => record !== undefined && !isOlder(record)) as readonly InstanceRecord[];
    const taken = new Set(newest.size === 0 ? [] : there.map(({ id }) => id));
    return [
      ...there.map((record) => this.#broughtUpToDate(record, undefined)),
      ...[...newest.values()].filter(({ record }) => !taken.has(record.id) && isMeant(record)),
    ];
  }

  #withLogged(
    stored: readonly (InstanceRecord | undefined)[],
    logged: ReadonlyMap<string, Logged>,
    isMeant: IsMeant,
  ): readonly MaybePromise<Found>[] {
    const found: MaybePromise<Found>[] = [];
    const seen = new Map<string, InstanceRecord>();
    for (const record of stored) {
      if (!record) continue;
      seen.set(record.id, record);
      const entry = logged.get(record.id);
      if (newerOf(record, entry) === record) found.push(this.#broughtUpToDate(record, entry));
    }
    for (const [id, entry] of logged) {
      const { record } = entry;
      const before = seen.get(id);
      if (record && newerOf(before, entry) === record && isMeant(record))
        found.push(this.#broughtUpToDate(before, entry));
    }
    return found;
  }

  /** `stored`: undefined also where it need not be known what the journal has. */
  #broughtUpToDate(stored: InstanceRecord | undefined, logged: Logged | undefined): MaybePromise<Found> {
    const newest = newerOf(stored, logged);
    if (!newest) return undefined;
    if (!this.#vault && !logged) return { record: unsealed(newest), tail: [], since: Infinity };
    return this.#replayed(newest, chained(logged?.rows, newest.lastHash), chained(logged?.rows, stored?.lastHash));
  }

  async #replayed(
    newest: InstanceRecord,
    rows: readonly LoggedRow[],
    unwrittenRows: readonly LoggedRow[],
  ): Promise<LiveInstance> {
    const record = (await this.#openOne('instances', newest))!;
    const tail = await this.#open(
      'journal',
      unwrittenRows.map(({ row }) => row),
    );
    const later = await this.#open(
      'journal',
      rows.map(({ row }) => row),
    );
    return {
      record: later.length === 0 ? record : await this.#newer.replay(record, later),
      tail,
      since: unwrittenRows[0]?.seq ?? Infinity,
    };
  }

  /** The instance of this flow with this business key that is not over. */
  async openWithKey(flow: string, key: string): Promise<InstanceRecord | undefined> {
    return (await this.instancesBy('key', [flow, key])).find((record) => record.open === 1);
  }

  /** Those with a timer that is due at `now` or was before. */
  async due(now: number): Promise<readonly InstanceRecord[]> {
    return this.#upToDate(
      (store) => store.index('wakeAt').getAll(IDBKeyRange.upperBound(now)),
      ({ wakeAt }) => wakeAt !== undefined && wakeAt <= now,
    );
  }

  /** When the earliest timer after `now` is due. */
  async nextDue(now: number): Promise<number | undefined> {
    const newer = this.#newer.unwritten() ?? [];
    const stored = await this.#connection.read(async (db) => {
      const { store } = db.transaction('instances');
      return (await store.index('wakeAt').openKeyCursor(IDBKeyRange.lowerBound(now, true)))?.key;
    });
    const all = [stored, ...newer.map(({ record }) => record.wakeAt)].filter((at) => at !== undefined && at > now);
    return all.length === 0 ? undefined : Math.min(...(all as number[]));
  }

  /** Ids of the instances with an invocation in flight, and perhaps of some that had one. */
  async busy(): Promise<ReadonlySet<string>> {
    const newer = this.#newer.unwritten() ?? [];
    const stored = await this.#connection.read((db) => db.getAllKeysFromIndex('instances', 'busy', 1));
    return new Set([...stored, ...newer.flatMap(({ record }) => (record.busy === 1 ? [record.id] : []))]);
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
      const newest = newerOf(record, unwritten(log).get(id));
      return newest && { record: newest, journal: complete(id, kept, log), ledger };
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
    const [stored, schedules, log] = await this.#connection.read((db) => {
      const tx = db.transaction(['instances', 'schedules', 'log']);
      return Promise.all([
        tx.objectStore('instances').getAll(),
        tx.objectStore('schedules').getAll(),
        tx.objectStore('log').getAll(),
      ]);
    });
    const instances = [...stored, ...Array.from(unwritten(log).values(), ({ record }) => record ?? [])].flat();
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
type Found = LiveInstance | undefined;
type InstanceStore = IDBPObjectStore<MillraceSchema, StoreName[], 'instances'>;
const INSTANCES: StoreName[] = ['instances'];
const INSTANCES_AND_LOG: StoreName[] = ['instances', 'log'];
/** More than so many are not looked through from the newest on: reading all of them costs less. */
const MOST_NEWEST = 2000;
