// The connection to IndexedDB: opened on first use, dropped and reopened when the browser loses it (frequent in WebKit),
// closed for upgrades by newer tabs. Every failure becomes a typed error that says what to do.
import { openDB, unwrap, wrap } from 'idb';
import { FlowError } from '../../model/index.js';
import {
  SCHEMA_VERSION,
  STORES,
  upgrade,
  type Database,
  type MillraceSchema,
  type StoreName,
  type WriteTransaction,
} from './schema.js';
import type { SealedStore, Vault } from './vault.js';

/** A database that is open: for reading, and what begins a transaction that writes. */
interface Opened {
  readonly db: Database;
  readonly begin: IDBDatabase['transaction'];
}

const ATTEMPTS = 3;
/** How long tabs with an older version may take to let go of the database, ms. */
const PATIENCE = 3000;

/**
 * Firefox keeps what stands behind a request that has failed when it has been told to commit before it tells of the failure. Left to
 * itself it aborts, like all others; the end of the transaction then waits for the page once more.
 */
const COMMITS_WHOLE = !/\bFirefox\//.test(globalThis.navigator?.userAgent ?? '');

export class Connection {
  readonly #name: string;
  readonly #durability: 'strict' | 'relaxed';
  readonly #vault: Vault | undefined;
  #opening: Promise<Opened> | undefined;
  #opened = 0;

  constructor(name: string, durability: 'strict' | 'relaxed', vault?: Vault) {
    this.#name = name;
    this.#vault = vault;
    this.#durability = durability;
  }

  /** How often it was opened: what is behind it may be another database than before, when somebody has cleared the site's data. */
  get opened(): number {
    return this.#opened;
  }

  /** Runs `read` on an open database; reopens and repeats it when the connection turns out to be lost. */
  async read<T>(read: (db: Database) => Promise<T>): Promise<T> {
    return this.#retrying(async () => read((await this.#open()).db));
  }

  /** The row as it is to be stored; sealed where there is a key. Before the transaction: it would end meanwhile. */
  async sealed<Row extends object>(store: SealedStore, row: Row): Promise<Row> {
    return this.#vault ? this.#vault.seal(store, row) : row;
  }

  get vault(): Vault | undefined {
    return this.#vault;
  }

  /**
   * One readwrite transaction. `work` issues all its requests at once: a page that was frozen while it waits for one would keep
   * all others waiting. Resolves on `complete`: quota aborts come after the requests have succeeded. `meanwhile` is called when all
   * is on its way to the disk, and nothing is to be done but wait.
   */
  async write<T>(
    work: (tx: WriteTransaction) => Promise<T> | T,
    stores: readonly StoreName[] = STORES,
    meanwhile?: () => void,
  ): Promise<T> {
    return this.#retrying(async () => {
      const { begin } = await this.#open();
      const tx = begin(stores as StoreName[], 'readwrite', { durability: this.#durability });
      const done = endOf(tx);
      // It may be aborted before anybody waits for it.
      done.catch(() => {});
      let result: T;
      try {
        result = await work(tx as WriteTransaction);
      } catch (error) {
        try {
          tx.abort();
        } catch {
          // It has aborted already, which is why `work` failed.
        }
        throw error instanceof FlowError ? error : (tx.error ?? error);
      }
      if (COMMITS_WHOLE) tx.commit();
      if (meanwhile) queueMicrotask(meanwhile);
      await done;
      return result;
    });
  }

  async close(): Promise<void> {
    const opening = this.#opening;
    this.#opening = undefined;
    (await opening?.catch(() => undefined))?.db.close();
  }

  async #retrying<T>(attempt: () => Promise<T>): Promise<T> {
    for (let tries = 1; ; tries++) {
      try {
        return await attempt();
      } catch (error) {
        if (!isLost(error) || tries >= ATTEMPTS) throw storageError(error);
        this.#opening = undefined;
      }
    }
  }

  #open(): Promise<Opened> {
    this.#opening ??= this.#openOnce().catch((error: unknown) => {
      this.#opening = undefined;
      throw error;
    });
    return this.#opening;
  }

  async #openOnce(): Promise<Opened> {
    if (typeof indexedDB === 'undefined') {
      throw new FlowError(
        'FLOW-STORAGE-DENIED',
        'This page has no IndexedDB, so processes cannot be kept. Use a browser window that allows storage.',
      );
    }
    let stuck: (error: FlowError) => void = () => {};
    const blocked = new Promise<never>((_, reject) => (stuck = reject));
    let patience: ReturnType<typeof setTimeout> | undefined;
    const opening = openDB<MillraceSchema>(this.#name, SCHEMA_VERSION, {
      upgrade: (database, from, _, tx) => {
        // When it is lost, opening fails, too.
        tx.done.catch(() => {});
        upgrade(database, from, tx);
      },
      // An older tab that is frozen does not close its connection when it is asked to.
      blocked: () => (patience ??= setTimeout(() => stuck(blockedError()), PATIENCE)),
      // A newer tab wants to upgrade: let it.
      blocking: () => void this.close(),
      terminated: () => (this.#opening = undefined),
    });
    try {
      const db = await Promise.race([opening, blocked]);
      const begin = heedEveryTransaction(db);
      this.#opened++;
      return { db, begin };
    } catch (error) {
      // What comes too late must not keep others waiting in its turn.
      opening.then(
        (db) => db.close(),
        () => {},
      );
      throw error;
    } finally {
      clearTimeout(patience);
    }
  }
}

/** Says when a row is refused because there is one with its key already; which row it was the transaction does not say. */
export function whenTaken(request: IDBRequest, taken: () => void): void {
  request.addEventListener('error', () => {
    if (request.error?.name === 'ConstraintError') taken();
  });
}

/** Rejects with why it was aborted. */
function endOf(tx: IDBTransaction): Promise<void> {
  return new Promise((resolve, reject) => {
    tx.addEventListener('complete', () => resolve());
    tx.addEventListener('abort', () =>
      reject(tx.error ?? new DOMException('The transaction was aborted.', 'AbortError')),
    );
  });
}

/**
 * idb makes a promise of the end of every transaction; of those behind its short cuts nobody would hear the rejection. Gives what
 * begins one without idb.
 */
function heedEveryTransaction(db: Database): IDBDatabase['transaction'] {
  const raw = unwrap(db);
  const begin = raw.transaction.bind(raw);
  raw.transaction = (...how: Parameters<typeof begin>) => {
    const transaction = begin(...how);
    wrap(transaction).done.catch(() => {});
    return transaction;
  };
  return begin;
}

function isLost(error: unknown): boolean {
  const name = (error as { name?: string } | null)?.name;
  return (
    name === 'InvalidStateError' ||
    name === 'UnknownError' ||
    /connection.*lost|database server lost/i.test(String(error))
  );
}

function blockedError(): FlowError {
  return new FlowError(
    'FLOW-STORAGE-BLOCKED',
    'Another tab still uses the stored data with an older version of this page. Close it or reload it, then try again.',
    {},
    { retryable: true },
  );
}

/** Maps what IndexedDB throws to `FLOW-STORAGE-…` errors; others pass unchanged. */
export function storageError(error: unknown): unknown {
  if (error instanceof FlowError) return error;
  const name = (error as { name?: string } | null)?.name;
  const of = (code: string, message: string, retryable: boolean): FlowError =>
    new FlowError(`FLOW-STORAGE-${code}`, message, {}, { cause: error, retryable });
  switch (name) {
    case 'QuotaExceededError':
      return of(
        'QUOTA',
        'The browser has no storage left for this site. Nothing that was confirmed is lost; free some space and try again.',
        true,
      );
    case 'SecurityError':
    case 'NotAllowedError':
      return of(
        'DENIED',
        'The browser does not let this page store anything, so processes cannot be kept. Allow site data and reload.',
        false,
      );
    case 'InvalidStateError':
    case 'UnknownError':
    case 'AbortError':
    case 'TransactionInactiveError':
      return of(
        'LOST',
        "The connection to the browser's storage was lost. Nothing that was confirmed is lost; try again or reload.",
        true,
      );
    case 'VersionError':
      return of(
        'NEWER',
        'The stored data was written by a newer version of this page. Reload to get that version.',
        false,
      );
    default:
      return error;
  }
}
