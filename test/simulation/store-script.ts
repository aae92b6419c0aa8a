// Small programs for an IndexedDB, and one way to carry them out: in a browser on the real one, in Node on the simulated one. What
// each request and each transaction came to is written down, so that both can be compared. Uses nothing but what it is given.

export type Key = string | number | readonly Key[];
export type Query =
  | Key
  | { readonly from?: Key; readonly to?: Key; readonly open?: readonly [boolean, boolean] }
  | null;

export type Move =
  | { readonly move: 'continue'; readonly key?: Key }
  | { readonly move: 'advance'; readonly by: number }
  | { readonly move: 'delete' }
  | { readonly move: 'update'; readonly value: object };

export type Call = { readonly on: string; readonly index?: string } & (
  | { readonly call: 'get' | 'getKey' | 'count'; readonly query: Query }
  | { readonly call: 'getAll' | 'getAllKeys'; readonly query: Query; readonly most?: number }
  | { readonly call: 'put' | 'add'; readonly value: object }
  | { readonly call: 'delete'; readonly query: Query }
  | { readonly call: 'clear' }
  | {
      readonly call: 'openCursor' | 'openKeyCursor';
      readonly query: Query;
      readonly direction: IDBCursorDirection;
      readonly moves: readonly Move[];
    }
);

export interface Program {
  readonly stores: readonly string[];
  readonly mode: IDBTransactionMode;
  readonly calls: readonly Call[];
  /** Each call waits for the one before it, or all are made at once. */
  readonly waits: boolean;
  /** `late`: a call after the transaction has ended by itself. */
  readonly end: 'commit' | 'abort' | 'by itself' | 'late';
  /** The next one begins before this one has ended. */
  readonly overlaps: boolean;
}

/** What the programs need of a browser. */
export interface Platform {
  readonly indexedDB: IDBFactory;
  readonly IDBKeyRange: typeof IDBKeyRange;
  /** A turn of the event loop. */
  readonly turn: () => Promise<void>;
}

/** The lines of one transaction, in the order in which they were heard. */
export type Transcript = readonly string[];

export async function carryOut(
  platform: Platform,
  name: string,
  programs: readonly Program[],
): Promise<readonly Transcript[]> {
  const db = await open(platform.indexedDB, name);
  const transcripts: Promise<Transcript>[] = [];
  for (const program of programs) {
    const transcript = transcribe(platform, db, program);
    transcripts.push(transcript);
    if (!program.overlaps) await transcript;
  }
  const all = await Promise.all(transcripts);
  db.close();
  return all;
}

/** Stores like those of the host: with keys of one part and of two, with numbers that are given, and with indexes of all kinds. */
function open(indexedDB: IDBFactory, name: string): Promise<IDBDatabase> {
  return new Promise((resolve, reject) => {
    const opening = indexedDB.open(name, 1);
    opening.onupgradeneeded = () => {
      const db = opening.result;
      const things = db.createObjectStore('things', { keyPath: 'id' });
      things.createIndex('n', 'n');
      things.createIndex('tags', 'tags', { multiEntry: true });
      things.createIndex('pair', ['a', 'n']);
      things.createIndex('only', 'only', { unique: true });
      db.createObjectStore('rows', { keyPath: ['id', 'row'] });
      db.createObjectStore('queue', { keyPath: 'seq', autoIncrement: true });
    };
    opening.onsuccess = () => resolve(opening.result);
    opening.onerror = () => reject(opening.error);
  });
}

async function transcribe(platform: Platform, db: IDBDatabase, program: Program): Promise<Transcript> {
  const lines: string[] = [];
  const { mode, calls, waits, end } = program;
  const tx = db.transaction(program.stores, mode);
  const ended = new Promise<void>((resolve) => {
    tx.oncomplete = () => resolve(void lines.push('complete'));
    tx.onabort = () => resolve(void lines.push(`abort ${tx.error?.name ?? 'null'}`));
  });
  let hasFailed = false;
  for (const [i, call] of calls.entries()) {
    try {
      const say = (line: string): void => {
        // What is done after a failure, and undone with it, differs with who carries it out.
        if (!hasFailed) lines.push(`${i} ${call.call}: ${line}`);
        hasFailed ||= line.endsWith('Error') && !line.includes('throws');
      };
      const done = make(platform, tx, call, say);
      if (waits && !(await done)) break;
    } catch (error) {
      lines.push(`${i} ${call.call} throws ${(error as DOMException).name}`);
      break;
    }
  }
  try {
    // While the failure is being told a browser would still take a commit, of everything else; nobody should ask for it.
    if (end === 'commit' && !hasFailed) tx.commit();
    if (end === 'abort' && !hasFailed) tx.abort();
  } catch (error) {
    lines.push(`${end} throws ${(error as DOMException).name}`);
  }
  await ended;
  if (end === 'late') {
    await platform.turn();
    try {
      tx.objectStore(program.stores[0]!).get('a');
      lines.push('a late request was taken');
    } catch (error) {
      lines.push(`late: ${(error as DOMException).name}`);
    }
  }
  return lines;
}

/** Resolves with whether it succeeded. */
function make(platform: Platform, tx: IDBTransaction, call: Call, say: (line: string) => void): Promise<boolean> {
  const store = tx.objectStore(call.on);
  const source = call.index === undefined ? store : store.index(call.index);
  const query = 'query' in call ? rangeOf(platform, call.query) : undefined;
  const told = (request: IDBRequest): Promise<boolean> =>
    new Promise((resolve) => {
      request.onsuccess = () => resolve((say(JSON.stringify(request.result) ?? 'undefined'), true));
      request.onerror = () => resolve((say(request.error!.name), false));
    });
  switch (call.call) {
    case 'get':
    case 'getKey':
      return told(source[call.call](query as IDBValidKey));
    case 'count':
      return told(source.count(query ?? undefined));
    case 'getAll':
    case 'getAllKeys':
      return told(source[call.call](query, call.most));
    case 'put':
    case 'add':
      return told(store[call.call](structuredClone(call.value)));
    case 'delete':
      return told(store.delete(query as IDBValidKey));
    case 'clear':
      return told(store.clear());
    case 'openCursor':
    case 'openKeyCursor':
      return walk(source[call.call](query, call.direction), call.moves, say);
  }
}

function walk(request: IDBRequest, moves: readonly Move[], say: (line: string) => void): Promise<boolean> {
  const left = [...moves];
  return new Promise((resolve) => {
    request.onerror = () => resolve((say(request.error!.name), false));
    request.onsuccess = () => {
      const cursor = request.result as IDBCursor | IDBCursorWithValue | null;
      if (!cursor) return resolve((say('at the end'), true));
      say(JSON.stringify([cursor.key, cursor.primaryKey, 'value' in cursor ? cursor.value : null]));
      for (let move = left.shift(); move; move = left.shift()) {
        try {
          if (move.move === 'delete') cursor.delete();
          else if (move.move === 'update')
            (cursor as IDBCursorWithValue).update({ ...(cursor as IDBCursorWithValue).value, ...move.value });
          else if (move.move === 'advance') return cursor.advance(move.by);
          else return cursor.continue(move.key as IDBValidKey | undefined);
        } catch (error) {
          say(`${move.move} throws ${(error as DOMException).name}`);
          break;
        }
      }
      resolve(true);
    };
  });
}

function rangeOf({ IDBKeyRange }: Platform, query: Query): IDBValidKey | IDBKeyRange | null {
  if (query === null || typeof query !== 'object' || Array.isArray(query)) return query as IDBValidKey | null;
  const { from, to, open: [lower, upper] = [false, false] } = query as Exclude<Query, Key | null>;
  if (from === undefined && to === undefined) return null;
  if (from === undefined) return IDBKeyRange.upperBound(to, upper);
  if (to === undefined) return IDBKeyRange.lowerBound(from, lower);
  return IDBKeyRange.bound(from, to, lower, upper);
}
