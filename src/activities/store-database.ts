// What the `store` implementation does in IndexedDB. `prepare` locks the record and writes down what is to happen to it, both
// in one IndexedDB transaction; `conclude` makes it happen, or not, and unlocks. (An IndexedDB transaction itself cannot be
// kept open while a flow goes on: the browser commits it as soon as it is idle.)
import { openDB, type IDBPDatabase } from 'idb';
import { FlowError, type Json, type JsonObject } from '../model/index.js';
import type { InvocationContext } from './implementation.js';

interface StoredRecord {
  readonly collection: string;
  readonly key: string;
  readonly value: Json;
}

/** What a call has prepared: the record it holds locked, and what becomes of it. */
interface Staged {
  readonly id: string;
  readonly transaction: string;
  readonly collection: string;
  readonly key: string;
  readonly change: 'put' | 'delete' | 'none';
  readonly value?: Json;
}

type Db = IDBPDatabase<{
  records: { key: [string, string]; value: StoredRecord };
  staged: { key: string; value: Staged; indexes: { record: [string, string] } };
}>;

const databases = new Map<string, Promise<Db>>();

interface Request {
  readonly action: 'get' | 'put' | 'delete' | 'list';
  readonly collection: string;
  readonly key: string;
  readonly value: Json;
}

function requestOf(args: JsonObject, { activity }: InvocationContext): Request {
  const { action = 'value' in args ? 'put' : 'get', collection = 'default', key, value = null } = args;
  if (action !== 'get' && action !== 'put' && action !== 'delete' && action !== 'list')
    throw new FlowError(
      'FLOW-STORE',
      `"${activity}" asks the store to ${JSON.stringify(action)}; it can get, put, delete and list.`,
      { activity },
    );
  if (action !== 'list' && typeof key !== 'string' && typeof key !== 'number')
    throw new FlowError('FLOW-STORE', `"${activity}" gives the store no "key" to ${action}.`, { activity });
  return { action, collection: String(collection), key: String(key ?? ''), value };
}

export async function prepare(database: string, args: JsonObject, context: InvocationContext): Promise<Json> {
  const { action, collection, key, value } = requestOf(args, context);
  const db = await open(database);
  const id = context.idempotencyKey;
  // A call outside a transaction is one of its own.
  const transaction = context.transaction ?? id;
  const tx = db.transaction(['records', 'staged'], 'readwrite');
  const staged = tx.objectStore('staged');
  if (action === 'list') {
    const own = (await staged.getAll()).filter((s) => s.collection === collection && s.transaction === transaction);
    const range = IDBKeyRange.bound([collection, ''], [collection, '\uffff']);
    const records = new Map((await tx.objectStore('records').getAll(range)).map((r) => [r.key, r.value]));
    await tx.done;
    for (const s of own) {
      if (s.change === 'put') records.set(s.key, s.value ?? null);
      else if (s.change === 'delete') records.delete(s.key);
    }
    return [...records].map(([k, v]) => ({ key: k, value: v })).sort((a, b) => (a.key < b.key ? -1 : 1));
  }
  const holders = await staged.index('record').getAll([collection, key]);
  if (holders.some((s) => s.transaction !== transaction)) {
    await tx.done;
    throw new FlowError(
      'FLOW-STORE-LOCKED',
      `The record "${key}" of "${collection}" is held by another transaction. Give "${context.activity}" a "retry".`,
      { activity: context.activity },
      { retryable: true },
    );
  }
  // What this transaction has prepared itself is seen by it already.
  const earlier = holders
    .filter((s) => s.id !== id && s.change !== 'none')
    .sort(inOrderOfTokens)
    .at(-1);
  const kept = (await tx.objectStore('records').get([collection, key]))?.value;
  const before = earlier ? (earlier.change === 'put' ? earlier.value : undefined) : kept;
  const change = action === 'get' ? 'none' : action;
  await staged.put({ id, transaction, collection, key, change, ...(action === 'put' ? { value } : {}) });
  await tx.done;
  return action === 'put' ? value : action === 'get' ? (before ?? null) : before !== undefined;
}

/** Tokens are numbered: `instance/i7`. */
function inOrderOfTokens(a: Staged, b: Staged): number {
  const number = (s: Staged): number => Number(/(\d+)$/.exec(s.id)?.[1] ?? 0);
  return number(a) - number(b);
}

/** Commits or rolls back what the call with this idempotency key has prepared. */
export async function conclude(database: string, context: InvocationContext, isCommit: boolean): Promise<void> {
  const db = await open(database);
  const tx = db.transaction(['records', 'staged'], 'readwrite');
  const staged = await tx.objectStore('staged').get(context.idempotencyKey);
  // A repetition after a crash finds it done.
  if (staged) {
    const { collection, key, change, value = null } = staged;
    if (isCommit && change === 'put') await tx.objectStore('records').put({ collection, key, value });
    if (isCommit && change === 'delete') await tx.objectStore('records').delete([collection, key]);
    await tx.objectStore('staged').delete(staged.id);
  }
  await tx.done;
}

function open(name: string): Promise<Db> {
  let opening = databases.get(name);
  if (!opening) {
    const lost = (): void => void databases.delete(name);
    opening = openDatabase(name, lost).catch((error: unknown) => {
      lost();
      throw error;
    });
    databases.set(name, opening);
  }
  return opening;
}

async function openDatabase(name: string, lost: () => void): Promise<Db> {
  const db: Db = await openDB(name, 1, {
    upgrade: (created) => {
      created.createObjectStore('records', { keyPath: ['collection', 'key'] });
      created.createObjectStore('staged', { keyPath: 'id' }).createIndex('record', ['collection', 'key']);
    },
    blocking: () => (lost(), db.close()),
    terminated: lost,
  });
  return db;
}
