// Reading what the host has stored. Everything that looks into the database for instances, journals, requests or signals
// does it here, so that the shape of the stores is one file's business.
import type { FlowDefinition } from '../../model/index.js';
import type { ScheduleRecord } from '../schedules/schedule.js';
import type { Connection } from './connection.js';
import type { InboxRow, InstanceRecord, JournalRow, LedgerRow, SeenRow, SignalRow } from './schema.js';

/** The indexes of `instances`, with what their keys are. */
export interface InstanceKeys {
  readonly open: 1 | 0;
  readonly busy: 1;
  readonly awaits: string;
  readonly flow: string;
  readonly key: readonly [flow: string, key: string];
}

export class Records {
  readonly #connection: Connection;

  constructor(connection: Connection) {
    this.#connection = connection;
  }

  instance(id: string): Promise<InstanceRecord | undefined> {
    return this.#connection.read((db) => db.get('instances', id));
  }

  instances(): Promise<readonly InstanceRecord[]> {
    return this.#connection.read((db) => db.getAll('instances'));
  }

  instancesBy<Index extends keyof InstanceKeys>(
    index: Index,
    key: InstanceKeys[Index],
  ): Promise<readonly InstanceRecord[]> {
    return this.#connection.read((db) => db.getAllFromIndex('instances', index, IDBKeyRange.only(key)));
  }

  /** The instance of this flow with this business key that is not over. */
  async openWithKey(flow: string, key: string): Promise<InstanceRecord | undefined> {
    return (await this.instancesBy('key', [flow, key])).find((record) => record.open === 1);
  }

  /** Those with a timer that is due at `now` or was before. */
  due(now: number): Promise<readonly InstanceRecord[]> {
    return this.#connection.read((db) => db.getAllFromIndex('instances', 'wakeAt', IDBKeyRange.upperBound(now)));
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

  journal(instance: string): Promise<readonly JournalRow[]> {
    return this.#connection.read((db) => db.getAll('journal', IDBKeyRange.bound([instance, 0], [instance, Infinity])));
  }

  /** Everything of one instance, as it is at one moment. */
  whole(
    id: string,
  ): Promise<{ record: InstanceRecord; journal: readonly JournalRow[]; ledger: readonly LedgerRow[] } | undefined> {
    return this.#connection.read(async (db) => {
      const tx = db.transaction(['instances', 'journal', 'ledger']);
      const [record, journal, ledger] = await Promise.all([
        tx.objectStore('instances').get(id),
        tx.objectStore('journal').getAll(IDBKeyRange.bound([id, 0], [id, Infinity])),
        tx.objectStore('ledger').getAll(IDBKeyRange.bound([id], [id, []])),
      ]);
      return record && { record, journal, ledger };
    });
  }

  /** Oldest first. */
  inbox(): Promise<readonly InboxRow[]> {
    return this.#connection.read((db) => db.getAll('inbox'));
  }

  async isAsked(seq: number): Promise<boolean> {
    return (await this.#connection.read((db) => db.getKey('inbox', seq))) !== undefined;
  }

  seen(id: string): Promise<SeenRow | undefined> {
    return this.#connection.read((db) => db.get('seen', id));
  }

  signals(): Promise<readonly SignalRow[]> {
    return this.#connection.read((db) => db.getAll('signals'));
  }

  /** By name. */
  schedules(): Promise<readonly ScheduleRecord[]> {
    return this.#connection.read((db) => db.getAll('schedules'));
  }

  dueSchedules(now: number): Promise<readonly ScheduleRecord[]> {
    return this.#connection.read((db) => db.getAllFromIndex('schedules', 'next', IDBKeyRange.upperBound(now)));
  }

  /** When the first of all schedules is due, perhaps already. */
  nextSchedule(): Promise<number | undefined> {
    return this.#connection.read(
      async (db) => (await db.transaction('schedules').store.index('next').openKeyCursor())?.key,
    );
  }

  async definition(hash: string): Promise<FlowDefinition | undefined> {
    return (await this.#connection.read((db) => db.get('definitions', hash)))?.definition;
  }

  /** Counts up; 0 the first time. */
  turn(place: string): Promise<number> {
    const key = `turn ${place}`;
    return this.#connection.read(async (db) => {
      const tx = db.transaction('meta', 'readwrite');
      const { value } = (await tx.store.get(key)) ?? { value: 0 };
      await Promise.all([tx.store.put({ key, value: value + 1 }), tx.done]);
      return value;
    });
  }

  /** Whether the ledger says that this attempt has begun. */
  async hasBegun(instance: string, token: string, attempt: number): Promise<boolean> {
    const key: [string, string, number] = [instance, token, attempt];
    return (await this.#connection.read((db) => db.getKey('ledger', key))) !== undefined;
  }
}
