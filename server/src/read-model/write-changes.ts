// Writes what turns of instances have brought, a batch in a handful of statements.
import { sql, type Transaction } from 'kysely';
import type { InstanceView } from '../../../src/index.js';
import type { Change } from '../flow-service/contract.js';
import type { Tables } from './schema.js';

export async function writeChanges(tx: Transaction<Tables>, changes: readonly Change[]): Promise<void> {
  // Of several views of one instance only the newest is worth a row.
  const newest = new Map<string, Change>();
  for (const change of changes) {
    const key = `${change.tenant}:${change.view.id}`;
    if ((newest.get(key)?.view.v ?? -1) <= change.view.v) newest.set(key, change);
  }
  const views = [...newest.values()];
  const written = await putInstances(tx, views);
  await putTasks(
    tx,
    views.filter(({ tenant, view }) => written.has(`${tenant}:${view.id}`)),
  );
  await putHistory(tx, changes);
}

/** The keys of those that were not older than what stood there. */
async function putInstances(tx: Transaction<Tables>, changes: readonly Change[]): Promise<ReadonlySet<string>> {
  const { value } = await tx
    .updateTable('counter')
    .set({ value: sql`value + ${changes.length}` })
    .where('id', '=', 1)
    .returning('value')
    .executeTakeFirstOrThrow();
  const first = value - changes.length + 1;
  const written = await tx
    .insertInto('instances')
    .values(changes.map(({ tenant, view }, i) => ({ tenant, id: view.id, change: first + i, ...rowOf(view) })))
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
    .returning(['tenant', 'id'])
    .execute();
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

async function putTasks(tx: Transaction<Tables>, changes: readonly Change[]): Promise<void> {
  for (const tenant of new Set(changes.map((change) => change.tenant))) {
    const ids = changes.filter((change) => change.tenant === tenant).map(({ view }) => view.id);
    await tx.deleteFrom('tasks').where('tenant', '=', tenant).where('instance', 'in', ids).execute();
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
  if (rows.length > 0) await tx.insertInto('tasks').values(rows).execute();
}

/** One row per turn. A turn that takes long writes its row again with more in it. */
async function putHistory(tx: Transaction<Tables>, changes: readonly Change[]): Promise<void> {
  const rows = new Map<string, Tables['history']>();
  for (const { tenant, view, records } of changes) {
    const first = records[0];
    const last = records.at(-1);
    if (!first || !last) continue;
    const key = `${tenant}:${view.id}:${first.seq}`;
    if ((rows.get(key)?.last ?? 0) > last.seq) continue;
    rows.set(key, { tenant, instance: view.id, seq: first.seq, last: last.seq, records: JSON.stringify(records) });
  }
  if (rows.size === 0) return;
  await tx
    .insertInto('history')
    .values([...rows.values()])
    .onConflict((c) =>
      c
        .columns(['tenant', 'instance', 'seq'])
        .doUpdateSet((e) => ({ last: e.ref('excluded.last'), records: e.ref('excluded.records') }))
        .whereRef('history.last', '<=', 'excluded.last'),
    )
    .execute();
}
