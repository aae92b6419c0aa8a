// Writes what turns of instances have brought, a batch in a handful of statements.
import { sql, type Transaction } from 'kysely';
import type { InstanceView } from '../../../src/index.js';
import type { Change } from '../flow-service/contract.js';
import type { Tables } from './schema.js';
import type { Statements } from './statements.js';

/** In one statement: databases count its values, and an instance may have thousands of tasks. */
const MOST_ROWS = 500;

export async function writeChanges(
  tx: Transaction<Tables>,
  statements: Statements,
  changes: readonly Change[],
): Promise<void> {
  // Of several views of one instance only the newest is worth a row.
  const newest = new Map<string, Change>();
  for (const change of changes) {
    const key = `${change.tenant}:${change.view.id}`;
    if ((newest.get(key)?.view.v ?? -1) <= change.view.v) newest.set(key, change);
  }
  const views = [...newest.values()];
  const written = await putInstances(tx, statements, views);
  const current = views.filter(({ tenant, view }) => written.has(`${tenant}:${view.id}`));
  await putTasks(tx, statements, current);
  await putFound(tx, statements, current);
  await putHistory(tx, statements, changes);
}

/** The keys of those that were not older than what stood there. */
async function putInstances(
  tx: Transaction<Tables>,
  statements: Statements,
  changes: readonly Change[],
): Promise<ReadonlySet<string>> {
  const [counter] = await statements.run(tx, 'count', [{ by: changes.length }], (all) =>
    tx
      .updateTable('counter')
      .set({ value: sql`value + ${all[0]!.by}` })
      .where('id', '=', sql.lit(1))
      .returning('value'),
  );
  const first = counter!.value - changes.length + 1;
  const rows = changes.map(({ tenant, view }, i) => ({ tenant, id: view.id, change: first + i, ...rowOf(view) }));
  const written = await statements.run(tx, 'instances', rows, (all) =>
    tx
      .insertInto('instances')
      .values(all)
      .onConflict((c) =>
        c
          .columns(['tenant', 'id'])
          .doUpdateSet((e) => ({
            flow: e.ref('excluded.flow'),
            version: e.ref('excluded.version'),
            hash: e.ref('excluded.hash'),
            kind: e.ref('excluded.kind'),
            status: e.ref('excluded.status'),
            business_key: e.ref('excluded.business_key'),
            started_by: e.ref('excluded.started_by'),
            v: e.ref('excluded.v'),
            started_at: e.ref('excluded.started_at'),
            changed_at: e.ref('excluded.changed_at'),
            ended_at: e.ref('excluded.ended_at'),
            change: e.ref('excluded.change'),
            view: e.ref('excluded.view'),
          }))
          .whereRef('instances.v', '<=', 'excluded.v'),
      )
      .returning(['tenant', 'id']),
  );
  return new Set(written.map(({ tenant, id }) => `${tenant}:${id}`));
}

function rowOf(view: InstanceView): Omit<Tables['instances'], 'tenant' | 'id' | 'change'> {
  return {
    flow: view.flow,
    version: view.version,
    hash: view.hash,
    kind: view.kind,
    status: view.status,
    business_key: view.key ?? null,
    started_by: view.startedBy ?? null,
    v: view.v,
    started_at: view.startedAt,
    changed_at: view.changedAt,
    ended_at: view.endedAt ?? null,
    view: JSON.stringify(view),
  };
}

async function putTasks(tx: Transaction<Tables>, statements: Statements, changes: readonly Change[]): Promise<void> {
  for (const tenant of new Set(changes.map((change) => change.tenant))) {
    const ids = changes.flatMap((change) => (change.tenant === tenant ? { id: change.view.id } : []));
    await statements.run(tx, 'tasks of', [{ tenant }, ...ids], () =>
      tx
        .deleteFrom('tasks')
        .where('tenant', '=', tenant)
        .where(
          'instance',
          'in',
          ids.map(({ id }) => id),
        ),
    );
  }
  const rows = changes.flatMap(({ tenant, view }) =>
    view.tasks.map((task) => ({
      tenant,
      id: task.id,
      instance: task.instance,
      flow: task.flow,
      role: task.role ?? null,
      claimed_by: task.claimedBy ?? null,
      created_at: task.createdAt,
      due_at: task.dueAt ?? null,
      task: JSON.stringify(task),
    })),
  );
  for (let i = 0; i < rows.length; i += MOST_ROWS) {
    await statements.run(tx, 'tasks', rows.slice(i, i + MOST_ROWS), (all) => tx.insertInto('tasks').values(all));
  }
}

/** Only of flows that have variables indexed. */
async function putFound(tx: Transaction<Tables>, statements: Statements, changes: readonly Change[]): Promise<void> {
  const indexed = changes.filter(({ found }) => found !== undefined);
  for (const { tenant, view } of indexed) {
    await statements.run(tx, 'found of', [{ tenant, instance: view.id }], () =>
      tx.deleteFrom('found').where('tenant', '=', tenant).where('instance', '=', view.id),
    );
  }
  const rows = indexed.flatMap(({ tenant, view, found }) =>
    [...new Set(found)].map((key) => ({ tenant, instance: view.id, key, started_at: view.startedAt })),
  );
  for (let i = 0; i < rows.length; i += MOST_ROWS) {
    await statements.run(tx, 'found', rows.slice(i, i + MOST_ROWS), (all) => tx.insertInto('found').values(all));
  }
}

/** One row per turn. A turn that takes long writes its row again with more in it. */
async function putHistory(tx: Transaction<Tables>, statements: Statements, changes: readonly Change[]): Promise<void> {
  const rows = new Map<string, Tables['history']>();
  for (const { tenant, view, records } of changes) {
    const first = records[0];
    const last = records.at(-1);
    if (!first || !last) continue;
    const key = `${tenant}:${view.id}:${first.seq}`;
    if ((rows.get(key)?.last ?? 0) > last.seq) continue;
    rows.set(key, { tenant, instance: view.id, seq: first.seq, last: last.seq, records: JSON.stringify(records) });
  }
  await statements.run(tx, 'history', [...rows.values()], (all) =>
    tx
      .insertInto('history')
      .values(all)
      .onConflict((c) =>
        c
          .columns(['tenant', 'instance', 'seq'])
          .doUpdateSet((e) => ({ last: e.ref('excluded.last'), records: e.ref('excluded.records') }))
          .whereRef('history.last', '<=', 'excluded.last'),
      ),
  );
}
