// A database as JSON: its stores with keys and indexes, and every row. What a released version has written is kept as a file
// in `stores/`, so that later versions can be shown to read it.
import { openDB } from 'idb';

export interface StoredDatabase {
  readonly version: number;
  readonly stores: Readonly<Record<string, StoredStore>>;
}

interface StoredStore {
  readonly keyPath: string | string[];
  readonly autoIncrement: boolean;
  readonly indexes: Readonly<Record<string, { readonly keyPath: string | string[]; readonly multiEntry: boolean }>>;
  readonly rows: readonly unknown[];
}

export async function storedDatabase(name: string): Promise<StoredDatabase> {
  const db = await openDB(name);
  const stores: Record<string, StoredStore> = {};
  for (const id of db.objectStoreNames) {
    const { store } = db.transaction(id);
    const indexes = [...store.indexNames].map((i) => store.index(i));
    stores[id] = {
      keyPath: store.keyPath as string | string[],
      autoIncrement: store.autoIncrement,
      indexes: Object.fromEntries(
        indexes.map(({ name: index, keyPath, multiEntry }) => [
          index,
          { keyPath: keyPath as string | string[], multiEntry },
        ]),
      ),
      rows: await store.getAll(),
    };
  }
  const { version } = db;
  db.close();
  return { version, stores };
}

/** Makes the database as it was. */
export async function restoreDatabase(name: string, { version, stores }: StoredDatabase): Promise<void> {
  const db = await openDB(name, version, {
    upgrade(database) {
      for (const [id, { keyPath, autoIncrement, indexes }] of Object.entries(stores)) {
        const store = database.createObjectStore(id, { keyPath, autoIncrement });
        for (const [index, { keyPath: path, multiEntry }] of Object.entries(indexes))
          store.createIndex(index, path, { multiEntry });
      }
    },
  });
  for (const [id, { rows }] of Object.entries(stores)) {
    const tx = db.transaction(id, 'readwrite');
    for (const row of rows) void tx.store.put(row);
    await tx.done;
  }
  db.close();
}
