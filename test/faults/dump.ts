// Reads the whole database with nothing but the browser's own API; runs inside a page that has no host.
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
  const [instances, journal, inbox, signals, definitions, meta] = await Promise.all(
    ['instances', 'journal', 'inbox', 'signals', 'definitions', 'meta'].map(all),
  );
  db.close();
  const epoch = (meta as { key: string; value: number }[]).find(({ key }) => key === 'epoch')?.value ?? 0;
  return { instances, journal, inbox, signals, definitions, epoch } as Dump;
};
