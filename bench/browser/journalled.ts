// The two limits for a durable step in a browser: IndexedDB with nothing around it, and what one would write by hand: a
// function that notes each step's result before it goes on, and skips what it has noted when it is called again.
export async function openStore(name: string): Promise<IDBDatabase> {
  const request = indexedDB.open(name, 1);
  request.addEventListener('upgradeneeded', () => {
    request.result.createObjectStore('state');
    request.result.createObjectStore('journal', { keyPath: ['instance', 'seq'] });
  });
  return answer(request);
}

export function answer<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.addEventListener('success', () => resolve(request.result));
    request.addEventListener('error', () => reject(request.error!));
  });
}

/** One transaction with a state and a line of a journal, flushed as ours are. */
export function commit(db: IDBDatabase, instance: string, seq: number, state: unknown): Promise<void> {
  const transaction = db.transaction(['state', 'journal'], 'readwrite', { durability: 'strict' });
  transaction.objectStore('state').put(state, instance);
  transaction.objectStore('journal').put({ instance, seq, state });
  return new Promise((resolve, reject) => {
    transaction.addEventListener('complete', () => resolve());
    transaction.addEventListener('abort', () => reject(transaction.error!));
  });
}

export type Step = <T>(work: () => Promise<T>) => Promise<T>;

/** Runs `body`; what has been done before is read, not done again. */
export async function journalled(
  db: IDBDatabase,
  instance: string,
  body: (step: Step) => Promise<void>,
): Promise<void> {
  const range = IDBKeyRange.bound([instance, 0], [instance, Infinity]);
  const noted = (await answer(db.transaction('journal').objectStore('journal').getAll(range))) as { state: unknown }[];
  let seq = 0;
  await body(async <T>(work: () => Promise<T>): Promise<T> => {
    const at = seq++;
    if (at < noted.length) return (noted[at]!.state as { result: T }).result;
    const result = await work();
    await commit(db, instance, at, { result });
    return result;
  });
}
