// Reads the whole database with nothing but the browser's own API; runs inside a page that has no host.
import type { InstanceRecord, LogRecord, SummaryPack } from '../../src/hosts/browser/schema.js';
import { readRows } from '../stored-journal.js';
import { contentsOf, wrongInLists } from '../stored-summaries.js';
import type { Dump } from './protocol.js';

globalThis.readStore = async (name) => {
  if (!(await indexedDB.databases()).some((known) => known.name === name)) return undefined;
  const db = await new Promise<IDBDatabase | undefined>((resolve, reject) => {
    const opening = indexedDB.open(name);
    let isGone = false;
    // The browser has thrown it away since; what would be made now is no store of a host.
    opening.onupgradeneeded = () => {
      isGone = true;
      opening.transaction!.abort();
    };
    opening.onsuccess = () => resolve(opening.result);
    opening.onerror = () => (isGone ? resolve(undefined) : reject(opening.error));
  });
  if (!db) return undefined;
  // All of one moment: a host may be at work in another page.
  const stores = ['instances', 'summaries', 'journal', 'log', 'inbox', 'signals', 'definitions', 'meta'];
  const moment = db.transaction(stores);
  const all = (store: string): Promise<unknown[]> =>
    new Promise((resolve, reject) => {
      const reading = moment.objectStore(store).getAll();
      reading.onsuccess = () => resolve(reading.result);
      reading.onerror = () => reject(reading.error);
    });
  const [stored, packs, chapters, log, inbox, signals, definitions, meta] = await Promise.all(stores.map(all));
  // Rows move from the log into journals; what is in both is one row.
  const rows = readRows([...chapters!, ...(log as LogRecord[]).flatMap((commit) => commit.rows)]);
  const journal = [...new Map(rows.map((row) => [row.hash, row])).values()];
  // Instances are written some time after they stand in the log.
  const records = [...stored!, ...(log as LogRecord[]).flatMap((commit) => commit.instances ?? [])] as InstanceRecord[];
  const newest = new Map<string, InstanceRecord>();
  for (const record of records) if ((newest.get(record.id)?.rows ?? 0) <= record.rows) newest.set(record.id, record);
  const instances = [...newest.values()];
  db.close();
  const store = (meta as { key: string; value: number }[]).find(({ key }) => key === 'store')?.value;
  const wrongLists = wrongInLists((packs as SummaryPack[]).map(contentsOf), stored as InstanceRecord[]);
  return { store, instances, journal, inbox, signals, definitions, wrongLists } as Dump;
};
