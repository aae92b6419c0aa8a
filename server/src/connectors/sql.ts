// SQL databases: PostgreSQL and SQLite. Values go as parameters, never into the text.
import { resolve } from 'node:path';
import { FlowError, type Json, type JsonObject } from '../../../src/index.js';
import { schemaOf, text, type Action, type CallContext, type Connected, type ConnectorKind } from './connector.js';

const statement = schemaOf({ sql: text, parameters: { type: 'array' } }, ['sql']);

interface Answer {
  readonly rows: readonly unknown[];
  readonly changed: number;
}

/** The part of a database that differs by kind. */
interface Database {
  run(sql: string, parameters: readonly Json[], isReading: boolean): Promise<Answer>;
  close(): Promise<void>;
}

export const sql: ConnectorKind = {
  summary: 'a PostgreSQL or SQLite database',
  settings: schemaOf({ url: { type: 'string', description: '`postgres://…` or `sqlite:PATH`.' } }, ['url']),
  async connect(settings, folder) {
    const url = String(settings['url']);
    if (/^postgres(ql)?:/.test(url)) return new SqlConnection(await postgres(url));
    if (url.startsWith('sqlite:')) return new SqlConnection(await sqlite(resolve(folder, url.slice(7))));
    throw new FlowError('FLOW-SETTINGS', `"${url.split(':')[0]}:" is no database; use postgres://… or sqlite:PATH.`);
  },
};

class SqlConnection implements Connected {
  readonly actions: Readonly<Record<string, Action>> = {
    query: { summary: 'reads; the result is an array of rows', effect: 'get', arguments: statement },
    execute: { summary: 'writes; the result is { changed, rows }', effect: 'post', arguments: statement },
  };
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  async call(action: string, args: JsonObject, { signal }: CallContext): Promise<Json> {
    signal.throwIfAborted();
    const isReading = action === 'query';
    const parameters = (args['parameters'] ?? []) as readonly Json[];
    try {
      const { rows, changed } = await this.#database.run(String(args['sql']), parameters, isReading);
      const plain = JSON.parse(JSON.stringify(rows)) as Json[];
      return isReading ? plain : { changed, rows: plain };
    } catch (cause) {
      const { code, message } = cause as { code?: string; message: string };
      // Connection lost, serialization failure, deadlock, busy: another try may help.
      const retryable = /^(ECONN|08|40001|40P01|57P|SQLITE_BUSY)/.test(code ?? '');
      throw new FlowError(`SQL-${code ?? 'ERROR'}`, message, {}, { cause, retryable });
    }
  }

  async test(signal: AbortSignal): Promise<string> {
    await this.call('query', { sql: 'select 1 as one' }, { signal, idempotencyKey: 'test' });
    return 'answers queries';
  }

  async close(): Promise<void> {
    await this.#database.close();
  }
}

async function postgres(connectionString: string): Promise<Database> {
  const { default: pg } = await import('pg');
  const { builtins, getTypeParser } = pg.types;
  // Of this connector only: counts are numbers, and what a number cannot hold exactly stays text.
  const types = {
    getTypeParser: ((id: number, format?: 'text') =>
      id === builtins.INT8 ? exactly : getTypeParser(id, format)) as typeof getTypeParser,
  };
  const pool = new pg.Pool({ connectionString, max: 5, connectionTimeoutMillis: 10_000, types });
  pool.on('error', () => {});
  return {
    async run(text_, parameters, isReading) {
      const client = await pool.connect();
      try {
        if (isReading) await client.query('begin transaction read only');
        // One statement and no more: a second one could end the transaction that keeps a query from writing.
        const one = { text: text_, values: [...parameters], queryMode: 'extended' };
        const { rows, rowCount } = await client.query(one);
        if (isReading) await client.query('commit');
        return { rows, changed: rowCount ?? 0 };
      } catch (error) {
        if (isReading) await client.query('rollback').catch(() => {});
        throw error;
      } finally {
        client.release();
      }
    },
    close: () => pool.end(),
  };
}

function exactly(text_: string): number | string {
  return Number.isSafeInteger(Number(text_)) ? Number(text_) : text_;
}

async function sqlite(path: string): Promise<Database> {
  const { default: Sqlite } = await import('libsql');
  const database = new Sqlite(path);
  database.pragma('busy_timeout = 5000');
  return {
    async run(text_, parameters, isReading) {
      const prepared = database.prepare(text_);
      if (isReading && !prepared.reader)
        throw Object.assign(new Error('This statement is no query; use "execute".'), { code: 'READ-ONLY' });
      if (prepared.reader) {
        // A statement that gives rows may still write: `delete … returning`.
        if (isReading) database.pragma('query_only = on');
        try {
          const rows = prepared.all(...parameters);
          return { rows, changed: isReading ? 0 : rows.length };
        } finally {
          if (isReading) database.pragma('query_only = off');
        }
      }
      return { rows: [], changed: Number(prepared.run(...parameters).changes) };
    },
    async close() {
      database.close();
    },
  };
}
