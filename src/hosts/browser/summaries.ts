// Reads what lists show of all instances: the summary packs with what the log has, or what is in memory, on top.
import type { Connection } from './connection.js';
import type { InstanceKeys } from './instance-keys.js';
import type { Records } from './records.js';
import { SUMMARISED, type InstanceRecord, type LogRecord, type StoreName, type SummaryPack } from './schema.js';
import { isBusy, readPacks, type Summary } from './summary-pack.js';
import { unsealed } from './unsealed.js';
import { newestOf, unwritten } from './unwritten.js';

/** So many are read one by one before the summaries of all are read. */
export const FEW = 250;

export class Summaries {
  readonly #connection: Connection;
  readonly #records: Records;

  constructor(connection: Connection, records: Records) {
    this.#connection = connection;
    this.#records = records;
  }

  /** Whether the index finds so many at most, apart from what the log has. */
  async areFew<Index extends keyof InstanceKeys>(
    index: Index,
    key: InstanceKeys[Index],
    most: number,
  ): Promise<boolean> {
    const only = IDBKeyRange.only(key);
    const keys = await this.#connection.read((db) => db.getAllKeysFromIndex('instances', index, only, most + 1));
    return keys.length <= most;
  }

  /** Of all instances; undefined as long as there are some of an earlier version that are in no pack yet. */
  async all(): Promise<readonly Summary[] | undefined> {
    const before = this.#records.unwritten();
    const [isComplete, packs, log] = await this.#connection.read((db) => {
      const tx = db.transaction(before ? STORED : STORED_AND_LOG);
      return Promise.all([
        tx.objectStore('meta').get(SUMMARISED),
        tx.objectStore('summaries').getAll(),
        before ? undefined : tx.objectStore('log').getAll(),
      ]);
    });
    if (!isComplete) return undefined;
    const all = readPacks(await opened(this.#connection, packs)).summaries;
    if (log) await this.#addLogged(all, log);
    // What was written meanwhile may have been read before.
    else
      for (const { record } of newestOf([...before!, ...(this.#records.unwritten() ?? [])]).values())
        addNewer(all, record);
    return [...all.values()];
  }

  /** Packs and log were read together, because rows leave the log when they are written. */
  async #addLogged(all: Map<string, Summary>, log: readonly LogRecord[]): Promise<void> {
    const others: string[] = [];
    for (const [id, { record, rows }] of unwritten(log)) {
      const isNewest = record && !this.#connection.vault && rows.every(({ row }) => row.row <= record.rows);
      if (isNewest) addNewer(all, unsealed(record));
      else others.push(id);
    }
    if (others.length === 0) return;
    const found = new Map((await this.#records.these(others)).map((record) => [record.id, record]));
    for (const id of others) {
      const record = found.get(id);
      if (record) addNewer(all, record);
      else all.delete(id);
    }
  }
}

function addNewer(all: Map<string, Summary>, summary: Summary): void {
  if (summary.rows >= (all.get(summary.id)?.rows ?? 0)) all.set(summary.id, summary);
}

/**
 * Those with a call in flight, as they are stored, and the log. Where they are many, reading them from the packs takes a third of the
 * time.
 */
export async function busyAndLog(
  connection: Connection,
): Promise<readonly [busy: readonly InstanceRecord[], log: readonly LogRecord[]]> {
  const read = (most?: number): Promise<[InstanceRecord[], LogRecord[]]> =>
    connection.read((db) => {
      const tx = db.transaction(['instances', 'log']);
      return Promise.all([tx.objectStore('instances').index('busy').getAll(1, most), tx.objectStore('log').getAll()]);
    });
  const few = await read(FEW + 1);
  if (few[0].length <= FEW) return few;
  const [isComplete, packs, log] = await connection.read((db) => {
    const tx = db.transaction(STORED_AND_LOG);
    return Promise.all([
      tx.objectStore('meta').get(SUMMARISED),
      tx.objectStore('summaries').getAll(),
      tx.objectStore('log').getAll(),
    ]);
  });
  if (!isComplete) return read();
  return [[...readPacks(await opened(connection, packs)).summaries.values()].filter(isBusy), log];
}

async function opened({ vault }: Connection, packs: readonly SummaryPack[]): Promise<readonly SummaryPack[]> {
  return vault ? Promise.all(packs.map((pack) => vault.open('summaries', pack))) : packs.map(unsealed);
}

const STORED: StoreName[] = ['meta', 'summaries'];
const STORED_AND_LOG: StoreName[] = [...STORED, 'log'];
