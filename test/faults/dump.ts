// Reads the whole database with nothing but the browser's own API; runs inside a page that has no host.
import type { InstanceRecord, JournalChapter, JournalRow, LogRecord } from '../../src/hosts/browser/schema.js';
import type { Dump } from './protocol.js';

globalThis.readStore = async (name) => {
  if (!(await indexedDB.databases()).some((known) => known.name === name)) return undefined;
  const db = await new Promise<IDBDatabase>((resolve, reject) => {
    const opening = indexedDB.open(name);
    opening.onsuccess = () => resolve(opening.result);
    opening.onerror = () => reject(opening.error);
  });
  const all = (store: string): Promise<unknown[]> =>
    new Promise((resolve, reject) => {
      const reading = db.transaction(store).objectStore(store).getAll();
      reading.onsuccess = () => resolve(reading.result);
      reading.onerror = () => reject(reading.error);
    });
  const [stored, chapters, log, inbox, signals, definitions, meta] = await Promise.all(
    ['instances', 'journal', 'log', 'inbox', 'signals', 'definitions', 'meta'].map(all),
  );
  // Rows move from the log into journals; what is in both is one row.
  const rows = [
    ...(chapters as (JournalRow | JournalChapter)[]).flatMap((row) => ('rows' in row ? row.rows : [row])),
    ...(log as LogRecord[]).flatMap((commit) => commit.rows),
  ];
  const journal = [...new Map(rows.map((row) => [row.hash, row])).values()];
  // Instances are written some time after they stand in the log.
  const records = [...stored!, ...(log as LogRecord[]).flatMap((commit) => commit.instances ?? [])] as InstanceRecord[];
  const newest = new Map<string, InstanceRecord>();
  for (const record of records) if ((newest.get(record.id)?.rows ?? 0) <= record.rows) newest.set(record.id, record);
  const instances = [...newest.values()];
  db.close();
  const store = (meta as { key: string; value: number }[]).find(({ key }) => key === 'store')?.value;
  return { store, instances, journal, inbox, signals, definitions } as Dump;
};
