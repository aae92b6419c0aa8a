// Searching instances and tasks, page by page: as many rows are read as the caller goes on asking for, so that what it leaves out
// (what it may not see, say) costs nobody else's place. Each page begins after the last row of the one before, by the columns
// that it is ordered by, so nothing is left out or told twice while rows come and go.
import { sql, type ExpressionBuilder, type Kysely } from 'kysely';
import type { InstanceQuery, InstanceView, TaskView } from '../../../src/index.js';
import type { Tables } from './schema.js';

export interface InstanceSearch extends Omit<InstanceQuery, 'limit'> {
  readonly startedBy?: string;
  /** With a task for this role. */
  readonly role?: string;
  /** Only what comes after this instance. */
  readonly after?: string;
  /** Only those that may concern this user: started by them, of these definitions, or with a task for these roles or for everybody. */
  readonly concerning?: {
    readonly user: string;
    readonly roles: readonly string[];
    readonly hashes: readonly string[];
  };
}

/** What the model adds to a search: only those that stand under one of these keys of their indexed variables. */
interface IndexedSearch extends InstanceSearch {
  readonly found?: readonly string[];
}

const PAGE = 200;

/** Newest first. */
export async function* instancesOf(
  db: Kysely<Tables>,
  tenant: string,
  search: IndexedSearch,
): AsyncGenerator<InstanceView> {
  const { found, flow, kind, status, key, startedBy, startedFrom, startedBefore, changedFrom, role, concerning } =
    search;
  // The index of the variables is in the order of the answer; databases that are left to choose look at all of a flow instead.
  const startedAt = sql.ref<number>(found ? 'found.started_at' : 'instances.started_at');
  const instance = sql.ref<string>(found ? 'found.instance' : 'instances.id');
  let all = db
    .selectFrom('instances')
    .select(['view', 'id', 'instances.started_at'])
    .where('instances.tenant', '=', tenant)
    .$if(found !== undefined, (query) =>
      query
        .innerJoin('found', (join) =>
          join.onRef('found.tenant', '=', 'instances.tenant').onRef('found.instance', '=', 'id'),
        )
        .where('found.tenant', '=', tenant)
        .where('found.key', 'in', [...found!]),
    );
  if (flow !== undefined) all = all.where('flow', '=', flow);
  if (kind !== undefined) all = all.where('kind', '=', kind);
  if (status !== undefined) all = all.where('status', 'in', [status].flat());
  if (key !== undefined) all = all.where('business_key', '=', key);
  if (startedBy !== undefined) all = all.where('started_by', '=', startedBy);
  if (startedFrom !== undefined) all = all.where(startedAt, '>=', startedFrom);
  if (startedBefore !== undefined) all = all.where(startedAt, '<', startedBefore);
  if (changedFrom !== undefined) all = all.where('changed_at', '>=', changedFrom);
  const tasks = db.selectFrom('tasks').select('instance').where('tenant', '=', tenant);
  if (role !== undefined) all = all.where('id', 'in', tasks.where('role', '=', role));
  if (concerning) {
    const { user, roles, hashes } = concerning;
    all = all.where((e) =>
      e.or([
        e('started_by', '=', user),
        e('id', 'in', tasks.where(isFor(roles))),
        ...(hashes.length > 0 ? [e('hash', 'in', [...hashes])] : []),
      ]),
    );
  }
  let last: { readonly id: string; readonly started_at: number } | undefined;
  if (search.after !== undefined) {
    const from = db.selectFrom('instances').select(['id', 'started_at']).where('tenant', '=', tenant);
    last = await from.where('id', '=', search.after).executeTakeFirst();
    if (!last) return;
  }
  for (;;) {
    const after = last;
    const page = after
      ? // The first condition follows from the second, but only with it the databases begin where the page does.
        all
          .where(startedAt, '<=', after.started_at)
          .where((e) =>
            e.or([
              e(startedAt, '<', after.started_at),
              e.and([e(startedAt, '=', after.started_at), e(instance, '>', after.id)]),
            ]),
          )
      : all;
    const rows = await page.orderBy(startedAt, 'desc').orderBy(instance).limit(PAGE).execute();
    for (const row of rows) yield JSON.parse(row.view) as InstanceView;
    last = rows.at(-1);
    if (!last || rows.length < PAGE) return;
  }
}

export interface TaskSearch {
  /** Only tasks for one of these or for no role in particular; without it, all. */
  readonly roles?: readonly string[];
  /** Only what comes after this one, which may have been done meanwhile. */
  readonly after?: { readonly id: string; readonly createdAt: number };
}

/** Open tasks, oldest first. */
export async function* tasksOf(
  db: Kysely<Tables>,
  tenant: string,
  { roles, after }: TaskSearch,
): AsyncGenerator<TaskView> {
  let all = db.selectFrom('tasks').select(['task', 'id', 'created_at']).where('tenant', '=', tenant);
  if (roles) all = all.where(isFor(roles));
  let last = after && { id: after.id, created_at: after.createdAt };
  for (;;) {
    const before = last;
    const page = before ? all.where(sql<boolean>`(created_at, id) > (${before.created_at}, ${before.id})`) : all;
    const rows = await page.orderBy('created_at').orderBy('id').limit(PAGE).execute();
    for (const row of rows) yield JSON.parse(row.task) as TaskView;
    last = rows.at(-1);
    if (!last || rows.length < PAGE) return;
  }
}

/** Of tasks: for one of the roles or for no role in particular. */
function isFor(roles: readonly string[]) {
  return (e: ExpressionBuilder<Tables, 'tasks'>) =>
    e.or([e('role', 'is', null), ...(roles.length > 0 ? [e('role', 'in', [...roles])] : [])]);
}

/** Gives the first of them that are there. */
export async function first<T>(all: AsyncIterable<T>, limit: number): Promise<readonly T[]> {
  const found: T[] = [];
  if (limit <= 0) return found;
  for await (const one of all) {
    found.push(one);
    if (found.length >= limit) break;
  }
  return found;
}
