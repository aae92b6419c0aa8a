// The connector for databases, on SQLite and PostgreSQL.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { callsIn, codeOf } from './connector-calls.js';
import { NO_POSTGRES, POSTGRES, startPglite, startPostgres } from './postgres.js';

describe('the SQL connector can', () => {
  const folder = mkdtempSync(join(tmpdir(), 'millrace-sql-'));
  after(() => rmSync(folder, { recursive: true, force: true }));
  const call = callsIn(folder);

  it('read and write SQLite, with values as parameters, and write nothing in a query', async () => {
    const settings = { kind: 'sql', url: 'sqlite:shop.db' };
    await call(settings, 'execute', { sql: 'create table items (name text, price real)' });
    const name = "'; drop table items; --";
    const insert = { sql: 'insert into items values (?, ?)', parameters: [name, 2.5] };
    assert.deepEqual(await call(settings, 'execute', insert), { changed: 1, rows: [] });
    assert.deepEqual(await call(settings, 'query', { sql: 'select * from items' }), [{ name, price: 2.5 }]);
    assert.equal(await codeOf(call(settings, 'query', { sql: 'delete from items' })), 'SQL-READ-ONLY');
    assert.match(await codeOf(call(settings, 'query', { sql: 'delete from items returning *' })), /^SQL-/);
    assert.match(await codeOf(call(settings, 'query', { sql: 'select * from nowhere' })), /^SQL-/);
    const returning = { sql: 'update items set price = 3 returning price' };
    assert.deepEqual(await call(settings, 'execute', returning), { changed: 1, rows: [{ price: 3 }] });
    assert.deepEqual(await call(settings, 'query', { sql: 'select count(*) as n from items' }), [{ n: 1 }]);
  });

  for (const [what, start, skip] of [
    ['PostgreSQL (as a library)', startPglite, false],
    ['a PostgreSQL server', () => startPostgres(POSTGRES!), POSTGRES === undefined && NO_POSTGRES],
  ] as const) {
    it(`read and write ${what}, with values as parameters, and write nothing in a query`, { skip }, async () => {
      const database = await start();
      const settings = { kind: 'sql', url: database.address };
      await call(settings, 'execute', { sql: 'create table items (name text unique, price float, many bigint)' });
      const name = "'; drop table items; --";
      const insert = { sql: 'insert into items values ($1, $2, $3)', parameters: [name, 2.5, '9007199254740993'] };
      assert.deepEqual(await call(settings, 'execute', insert), { changed: 1, rows: [] });
      assert.equal(await codeOf(call(settings, 'execute', insert)), 'SQL-23505');
      const all = [{ name, price: 2.5, many: '9007199254740993' }];
      assert.deepEqual(await call(settings, 'query', { sql: 'select * from items' }), all);
      assert.deepEqual(await call(settings, 'query', { sql: 'select count(*) as n from items' }), [{ n: 1 }]);
      for (const sql of ['delete from items returning *', 'commit; delete from items', 'select 1; delete from items'])
        assert.match(await codeOf(call(settings, 'query', { sql })), /^SQL-/, sql);
      assert.deepEqual(await call(settings, 'query', { sql: 'select count(*) as n from items' }), [{ n: 1 }]);
      await database.close();
      assert.match(await codeOf(call(settings, 'query', { sql: 'select 1' })), /^SQL-/);
    });
  }
});
