// Lists, work lists, history and search, kept beside the engine. Everything is written at least once and in any order, so
// every write is idempotent: an instance's row is replaced only by a higher `v`.
import { sql, type Kysely, type Transaction } from 'kysely';
import type { FlowDefinition, HistoryRecord, InstanceQuery, InstanceView, TaskView } from '../../../src/index.js';
import type { Change, DefinitionChange, ScheduleView } from '../flow-service/contract.js';
import { openDatabase } from './database.js';
import type { Tables } from './schema.js';

export interface InstanceSearch extends InstanceQuery {
  readonly startedBy?: string;
  /** Started at or after, and before; epoch ms. */
  readonly since?: number;
  readonly until?: number;
  /** With a task for this role. */
  readonly role?: string;
}

export interface ChangedView {
  /** Number of the change; where a stream resumes. */
  readonly change: number;
  readonly tenant: string;
  readonly view: InstanceView;
}

export interface DeployedFlow {
  readonly flow: string;
  readonly version: string;
  readonly hash: string;
  readonly kind: string;
  readonly title: string | null;
  readonly deployedAt: number;
}

const MOST = 1000;

export async function openReadModel(address: string): Promise<ReadModel> {
  return new ReadModel(await openDatabase(address));
}

export class ReadModel {
  constructor(readonly db: Kysely<Tables>) {}

  // -- writing ---------------------------------------------------------------------------------------------------------

  async write({ tenant, view, records }: Change): Promise<void> {
    await this.db.transaction().execute(async (tx) => {
      const change = await nextChange(tx);
      const written = await putInstance(tx, tenant, view, change);
      if (written) await putTasks(tx, tenant, view);
      if (records.length === 0) return;
      const rows = records.map(({ seq, at, ...record }) => ({
        tenant,
        instance: view.id,
        seq,
        at,
        record: JSON.stringify(record),
      }));
      await tx
        .insertInto('history')
        .values(rows)
        .onConflict((c) => c.doNothing())
        .execute();
    });
  }

  async define({ tenant, hash, definition, at }: DefinitionChange): Promise<void> {
    const row = {
      version: definition.version ?? '0.0.0',
      kind: definition.kind,
      title: definition.title ?? null,
      deployed_at: at,
      definition: JSON.stringify(definition),
    };
    await this.db
      .insertInto('definitions')
      .values({ tenant, hash, flow: definition.flow, ...row })
      .onConflict((c) => c.columns(['tenant', 'hash']).doUpdateSet(row))
      .execute();
  }

  async putSchedule(tenant: string, name: string, view: ScheduleView | null): Promise<void> {
    if (!view) {
      await this.db.deleteFrom('schedules').where('tenant', '=', tenant).where('name', '=', name).execute();
      return;
    }
    const row = { next_at: view.next ?? null, view: JSON.stringify(view) };
    await this.db
      .insertInto('schedules')
      .values({ tenant, name, ...row })
      .onConflict((c) => c.columns(['tenant', 'name']).doUpdateSet(row))
      .execute();
  }

  async forget(tenant: string, instance: string): Promise<void> {
    await this.db.transaction().execute(async (tx) => {
      await tx.deleteFrom('instances').where('tenant', '=', tenant).where('id', '=', instance).execute();
      await tx.deleteFrom('tasks').where('tenant', '=', tenant).where('instance', '=', instance).execute();
      await tx.deleteFrom('history').where('tenant', '=', tenant).where('instance', '=', instance).execute();
    });
  }

  // -- reading ---------------------------------------------------------------------------------------------------------

  async instance(tenant: string, id: string): Promise<InstanceView | undefined> {
    const row = await this.db
      .selectFrom('instances')
      .select('view')
      .where('tenant', '=', tenant)
      .where('id', '=', id)
      .executeTakeFirst();
    return row && (JSON.parse(row.view) as InstanceView);
  }

  /** The newest `v` written. */
  async version(tenant: string, id: string): Promise<number | undefined> {
    const query = this.db.selectFrom('instances').select('v').where('tenant', '=', tenant).where('id', '=', id);
    return (await query.executeTakeFirst())?.v;
  }

  /** Newest first. */
  async instances(tenant: string, search: InstanceSearch = {}): Promise<readonly InstanceView[]> {
    let query = this.db.selectFrom('instances').select('view').where('tenant', '=', tenant);
    const { flow, kind, status, key, startedBy, since, until, role } = search;
    if (flow !== undefined) query = query.where('flow', '=', flow);
    if (kind !== undefined) query = query.where('kind', '=', kind);
    if (status !== undefined) query = query.where('status', 'in', [status].flat());
    if (key !== undefined) query = query.where('business_key', '=', key);
    if (startedBy !== undefined) query = query.where('started_by', '=', startedBy);
    if (since !== undefined) query = query.where('started_at', '>=', since);
    if (until !== undefined) query = query.where('started_at', '<', until);
    if (role !== undefined) {
      query = query.where('id', 'in', (from) =>
        from.selectFrom('tasks').select('instance').where('tenant', '=', tenant).where('role', '=', role),
      );
    }
    const rows = await query
      .orderBy('started_at', 'desc')
      .orderBy('id')
      .limit(Math.min(search.limit ?? MOST, MOST))
      .execute();
    return rows.map((row) => JSON.parse(row.view) as InstanceView);
  }

  /** Open tasks for one of the roles or for no role in particular, oldest first; all of them without `roles`. */
  async tasks(tenant: string, roles?: readonly string[]): Promise<readonly TaskView[]> {
    let query = this.db.selectFrom('tasks').select('task').where('tenant', '=', tenant);
    if (roles) {
      query = query.where((e) =>
        e.or([e('role', 'is', null), ...(roles.length > 0 ? [e('role', 'in', [...roles])] : [])]),
      );
    }
    const rows = await query.orderBy('created_at').orderBy('id').limit(MOST).execute();
    return rows.map((row) => JSON.parse(row.task) as TaskView);
  }

  async history(tenant: string, instance: string, after = 0): Promise<readonly HistoryRecord[]> {
    const rows = await this.db
      .selectFrom('history')
      .select(['seq', 'at', 'record'])
      .where('tenant', '=', tenant)
      .where('instance', '=', instance)
      .where('seq', '>', after)
      .orderBy('seq')
      .limit(100_000)
      .execute();
    return rows.map(({ seq, at, record }) => ({
      seq,
      at,
      ...(JSON.parse(record) as Omit<HistoryRecord, 'seq' | 'at'>),
    }));
  }

  /** The newest version of each flow, or all versions of one, newest first. */
  async definitions(tenant: string, flow?: string): Promise<readonly DeployedFlow[]> {
    let query = this.db
      .selectFrom('definitions')
      .select(['flow', 'version', 'hash', 'kind', 'title', 'deployed_at as deployedAt'])
      .where('tenant', '=', tenant)
      .orderBy('deployed_at', 'desc');
    if (flow !== undefined) query = query.where('flow', '=', flow);
    const rows = await query.execute();
    if (flow !== undefined) return rows;
    const seen = new Set<string>();
    return rows.filter((row) => !seen.has(row.flow) && seen.add(row.flow));
  }

  async definition(tenant: string, hash: string): Promise<FlowDefinition | undefined> {
    const row = await this.db
      .selectFrom('definitions')
      .select('definition')
      .where('tenant', '=', tenant)
      .where('hash', '=', hash)
      .executeTakeFirst();
    return row && (JSON.parse(row.definition) as FlowDefinition);
  }

  async schedules(tenant: string): Promise<readonly ScheduleView[]> {
    const rows = await this.db
      .selectFrom('schedules')
      .select('view')
      .where('tenant', '=', tenant)
      .orderBy('name')
      .execute();
    return rows.map((row) => JSON.parse(row.view) as ScheduleView);
  }

  /** Whether the database answers. */
  async isReady(): Promise<boolean> {
    return this.newestChange().then(
      () => true,
      () => false,
    );
  }

  /** Instances by status, of all tenants. */
  async counts(): Promise<Readonly<Record<string, number>>> {
    const rows = await this.db
      .selectFrom('instances')
      .select(['status', (e) => e.fn.countAll<number>().as('count')])
      .groupBy('status')
      .execute();
    return Object.fromEntries(rows.map(({ status, count }) => [status, Number(count)]));
  }

  async newestChange(): Promise<number> {
    return (await this.db.selectFrom('counter').select('value').where('id', '=', 1).executeTakeFirst())?.value ?? 0;
  }

  /** Newest views of instances that changed after the given change, in order; of all tenants without one. */
  async changedSince(change: number, tenant?: string, limit = 200): Promise<readonly ChangedView[]> {
    let query = this.db.selectFrom('instances').select(['change', 'tenant', 'view']).where('change', '>', change);
    if (tenant !== undefined) query = query.where('tenant', '=', tenant);
    const rows = await query.orderBy('change').limit(limit).execute();
    return rows.map((row) => ({ ...row, view: JSON.parse(row.view) as InstanceView }));
  }

  async close(): Promise<void> {
    await this.db.destroy();
  }
}

async function nextChange(tx: Transaction<Tables>): Promise<number> {
  const { value } = await tx
    .updateTable('counter')
    .set({ value: sql`value + 1` })
    .where('id', '=', 1)
    .returning('value')
    .executeTakeFirstOrThrow();
  return value;
}

async function putInstance(
  tx: Transaction<Tables>,
  tenant: string,
  view: InstanceView,
  change: number,
): Promise<boolean> {
  const row = {
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
    change,
    view: JSON.stringify(view),
  };
  const written = await tx
    .insertInto('instances')
    .values({ tenant, id: view.id, ...row })
    .onConflict((c) => c.columns(['tenant', 'id']).doUpdateSet(row).where('instances.v', '<', view.v))
    .returning('id')
    .executeTakeFirst();
  return written !== undefined;
}

async function putTasks(tx: Transaction<Tables>, tenant: string, view: InstanceView): Promise<void> {
  await tx.deleteFrom('tasks').where('tenant', '=', tenant).where('instance', '=', view.id).execute();
  if (view.tasks.length === 0) return;
  const rows = view.tasks.map((task) => ({
    tenant,
    id: task.id,
    instance: task.instance,
    flow: task.flow,
    role: task.role ?? null,
    claimed_by: task.claimedBy ?? null,
    created_at: task.createdAt,
    due_at: task.dueAt ?? null,
    task: JSON.stringify(task),
  }));
  await tx.insertInto('tasks').values(rows).execute();
}
