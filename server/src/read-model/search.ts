// Searching instances and tasks, page by page: as many rows are read as the caller goes on asking for, so that what it leaves out
// (what it may not see, say) costs nobody else's place. Each page begins after the last row of the one before, by the columns
// that it is ordered by, so nothing is left out or told twice while rows come and go.
import { sql, type ExpressionBuilder, type Kysely } from 'kysely';
import type { InstanceQuery, InstanceView, TaskView } from '../../../src/index.js';
import type { Tables } from './schema.js';

export interface InstanceSearch extends Omit<InstanceQuery, 'limit' | 'variables'> {
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

const PAGE = 200;

/** Newest first. */
export async function* instancesOf(
  db: Kysely<Tables>,
  tenant: string,
  search: InstanceSearch,
): AsyncGenerator<InstanceView> {
  const { flow, kind, status, key, startedBy, startedFrom, startedBefore, changedFrom, role, concerning } = search;
  let all = db.selectFrom('instances').select(['view', 'id', 'started_at']).where('tenant', '=', tenant);
  if (flow !== undefined) all = all.where('flow', '=', flow);
  if (kind !== undefined) all = all.where('kind', '=', kind);
  if (status !== undefined) all = all.where('status', 'in', [status].flat());
  if (key !== undefined) all = all.where('business_key', '=', key);
  if (startedBy !== undefined) all = all.where('started_by', '=', startedBy);
  if (startedFrom !== undefined) all = all.where('started_at', '>=', startedFrom);
  if (startedBefore !== undefined) all = all.where('started_at', '<', startedBefore);
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
      ? all.where((e) =>
          e.or([
            e('started_at', '<', after.started_at),
            e.and([e('started_at', '=', after.started_at), e('id', '>', after.id)]),
          ]),
        )
      : all;
    const rows = await page.orderBy('started_at', 'desc').orderBy('id').limit(PAGE).execute();
    for (const row of rows) yield JSON.parse(row.view) as InstanceView;
    last = rows.at(-1);
    if (!last || rows.length < PAGE) return;
  }
}

/** Open tasks for one of the roles or for no role in particular, oldest first; all of them without `roles`. */
export async function* tasksOf(
  db: Kysely<Tables>,
  tenant: string,
  roles: readonly string[] | undefined,
): AsyncGenerator<TaskView> {
  let all = db.selectFrom('tasks').select(['task', 'id', 'created_at']).where('tenant', '=', tenant);
  if (roles) all = all.where(isFor(roles));
  let last: { readonly id: string; readonly created_at: number } | undefined;
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
