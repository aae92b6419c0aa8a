// Opens the database of the read model: SQLite in a file by default, PostgreSQL by its address.
import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { Kysely, PostgresDialect, SqliteDialect } from 'kysely';
import { FlowError } from '../../../src/index.js';
import { flushOf, type Flush } from './flushed.js';
import { createTables, type Tables } from './schema.js';

/** Statements kept prepared. */
const PREPARED = 200;

export interface OpenDatabase {
  readonly db: Kysely<Tables>;
  /** What has been committed counts when this has resolved. */
  readonly flush: Flush;
  close(): Promise<void>;
}

export async function openDatabase(address: string): Promise<OpenDatabase> {
  if (address.startsWith('sqlite:')) {
    const opened = await sqlite(address.slice('sqlite:'.length));
    await createTables(opened.db, false);
    return opened;
  }
  if (/^postgres(ql)?:/.test(address)) {
    const db = new Kysely<Tables>({ dialect: await postgres(address) });
    await createTables(db, true);
    // It waits for its disk by itself, unless told otherwise (`synchronous_commit`).
    return { db, flush: async () => {}, close: () => db.destroy() };
  }
  throw new FlowError('FLOW-SETTINGS', `"${address.split(':')[0]}:" is no database; use sqlite:PATH or postgres://….`);
}

async function sqlite(path: string): Promise<OpenDatabase> {
  const { default: Database } = await import('libsql');
  mkdirSync(dirname(path), { recursive: true });
  const database = new Database(path);
  // One process writes while another reads. Alone, NORMAL would let a power cut take the last commits; they count only when `flush` has
  // brought them to the disk, since the engine keeps no history and sends nothing again that it takes for done.
  for (const pragma of ['busy_timeout = 10000', 'journal_mode = WAL', 'synchronous = NORMAL']) database.pragma(pragma);
  // The same few statements again and again: preparing one costs more than running it.
  const prepared = new Map<string, ReturnType<typeof database.prepare>>();
  const prepare = (sql: string): ReturnType<typeof database.prepare> => {
    let statement = prepared.get(sql);
    if (!statement) {
      statement = database.prepare(sql);
      prepared.set(sql, statement);
      if (prepared.size > PREPARED) prepared.delete(prepared.keys().next().value!);
    }
    return statement;
  };
  const flush = flushOf(`${path}-wal`);
  const db = new Kysely<Tables>({
    dialect: new SqliteDialect({ database: { prepare, close: () => database.close() } }),
  });
  return { db, flush, close: () => flush.close().then(() => db.destroy()) };
}

async function postgres(connectionString: string): Promise<PostgresDialect> {
  const { default: pg } = await import('pg');
  // Counters and epoch milliseconds are bigint, which the driver gives as text by default; ours fit a number.
  pg.types.setTypeParser(pg.types.builtins.INT8, Number);
  const pool = new pg.Pool({ connectionString, max: 10 });
  // An idle connection that breaks is replaced; the query that meets it fails and is tried again by its caller.
  pool.on('error', () => {});
  return new PostgresDialect({ pool });
}
