// Faults of IndexedDB, one per database: the nth call that concerns it fails in one of the ways in which browsers let calls fail.
// Calls are counted over opens, transactions, requests and commits; other databases are not touched.

export type StorageFault =
  /** The call itself throws; a request fails. */
  | 'throws'
  /** Its transaction is aborted. */
  | 'aborts'
  /** Its transaction finds no space when it commits. */
  | 'quota'
  /** The connection is lost, and everything that is under way on it. */
  | 'lost'
  /** The connection is lost after the commit, before its answer. */
  | 'unheard';

export const STORAGE_FAULTS: readonly StorageFault[] = ['throws', 'aborts', 'quota', 'lost', 'unheard'];

export class FaultyStorage {
  /** Calls so far. */
  calls = 0;
  /** What was hit, once it was. */
  hit: string | undefined;
  /** Stores with a row that was put, or was to be put, and which call the last one was. */
  readonly put = new Map<string, number>();

  /** The call number `at` fails; 0: none does. */
  constructor(
    readonly at: number,
    readonly fault: StorageFault,
  ) {}
}

const faulty = new Map<string, FaultyStorage>();
/** Transactions that commit without the page hearing of it. */
const unheard = new WeakSet<IDBTransaction>();

/** Until the function that it gives is called. */
export function inject(database: string, storage: FaultyStorage): () => void {
  faulty.set(database, storage);
  return () => void faulty.delete(database);
}

const lost = (): DOMException => new DOMException('Connection to Indexed Database server lost.', 'UnknownError');
const full = (): DOMException => new DOMException('The quota has been exceeded.', 'QuotaExceededError');

/** A transaction ends as if the browser had aborted it for this reason. */
function fail(tx: IDBTransaction, error: DOMException): void {
  Object.defineProperty(tx, 'error', { configurable: true, value: error });
  try {
    tx.abort();
  } catch {
    // It is over already.
  }
}

function lose(db: IDBDatabase, tx: IDBTransaction | undefined): void {
  if (tx) fail(tx, lost());
  db.close();
  queueMicrotask(() => db.dispatchEvent(new Event('close')));
}

/** Counts the call; true when it is the one that is to fail. */
function isHit(database: string, call: string, target?: { readonly name: string }): FaultyStorage | undefined {
  const storage = faulty.get(database);
  if (!storage) return undefined;
  const number = ++storage.calls;
  if (call === 'put' && target) storage.put.set(target.name, number);
  if (number !== storage.at) return undefined;
  storage.hit = call;
  return storage;
}

/** Lets the transaction of a call end in the way that was chosen; what it has asked for may succeed before. */
function doom(tx: IDBTransaction, fault: StorageFault, request?: IDBRequest): void {
  if (fault === 'throws') return fail(tx, lost());
  if (fault === 'lost') return lose(tx.db, tx);
  // Only what writes needs space, or can be done without the page hearing of it.
  if (fault === 'unheard' && tx.mode === 'readwrite') return void unheard.add(tx);
  if (fault !== 'quota' || tx.mode !== 'readwrite')
    return fail(tx, new DOMException('The transaction was aborted.', 'AbortError'));
  if (request) request.addEventListener('success', () => fail(tx, full()));
  else fail(tx, full());
}

function patchRequests(
  prototype: object,
  names: readonly string[],
  transactionOf: (target: never) => IDBTransaction,
): void {
  for (const name of names) {
    const own = (prototype as Record<string, (...given: unknown[]) => unknown>)[name]!;
    const patched = function (this: never, ...given: unknown[]): unknown {
      const tx = transactionOf(this);
      const storage = isHit(tx.db.name, name, this);
      const request = own.apply(this, given);
      // No transaction ends in the middle of a task.
      if (storage) queueMicrotask(() => doom(tx, storage.fault, request as IDBRequest));
      return request;
    };
    Object.defineProperty(prototype, name, { configurable: true, writable: true, value: patched });
  }
}

/** One that commits unheard tells the page something else. */
function watchEnd(tx: IDBTransaction): void {
  tx.addEventListener('complete', (event) => {
    if (!unheard.has(tx)) return;
    event.stopImmediatePropagation();
    Object.defineProperty(tx, 'error', { configurable: true, value: lost() });
    tx.db.close();
    tx.dispatchEvent(new Event('abort'));
    tx.db.dispatchEvent(new Event('close'));
  });
}

let isPatched = false;

/** Once per page. */
export function patchStorage(): void {
  if (isPatched) return;
  isPatched = true;
  const { open } = IDBFactory.prototype;
  IDBFactory.prototype.open = function (name, version) {
    if (isHit(name, 'open')) throw new DOMException('Internal error opening backing store.', 'UnknownError');
    return open.call(this, name, version);
  };
  const begin = IDBDatabase.prototype.transaction;
  IDBDatabase.prototype.transaction = function (this: IDBDatabase, ...how: Parameters<typeof begin>) {
    const storage = isHit(this.name, 'transaction');
    if (storage?.fault === 'throws') throw new DOMException('The database connection is closing.', 'InvalidStateError');
    const tx = begin.apply(this, how);
    watchEnd(tx);
    if (storage) queueMicrotask(() => doom(tx, storage.fault));
    return tx;
  };
  const { commit } = IDBTransaction.prototype;
  IDBTransaction.prototype.commit = function (this: IDBTransaction) {
    const storage = isHit(this.db.name, 'commit');
    if (storage?.fault === 'throws') throw lost();
    if (storage) doom(this, storage.fault);
    if (!storage || storage.fault === 'unheard') commit.call(this);
  };
  const reads = ['get', 'getKey', 'getAll', 'getAllKeys', 'count', 'openCursor', 'openKeyCursor'];
  const writes = ['put', 'add', 'delete', 'clear'];
  patchRequests(IDBIndex.prototype, reads, (index: IDBIndex) => index.objectStore.transaction);
  patchRequests(IDBObjectStore.prototype, [...reads, ...writes], (store: IDBObjectStore) => store.transaction);
}
