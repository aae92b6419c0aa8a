// Tables of the read model, the same in SQLite and PostgreSQL. What is searched for has a column; the rest is JSON text.
import { sql, type Kysely } from 'kysely';

export interface Tables {
  /** One row: the number of changes so far. Raising it first puts all writers in order. */
  readonly counter: { id: number; value: number };
  readonly instances: {
    tenant: string;
    id: string;
    flow: string;
    version: string;
    hash: string;
    kind: string;
    status: string;
    business_key: string | null;
    started_by: string | null;
    v: number;
    started_at: number;
    changed_at: number;
    ended_at: number | null;
    /** Number of the change that wrote it: where streams resume. */
    change: number;
    view: string;
  };
  readonly tasks: {
    tenant: string;
    id: string;
    instance: string;
    flow: string;
    role: string | null;
    claimed_by: string | null;
    created_at: number;
    due_at: number | null;
    task: string;
  };
  /** Under which values of its indexed variables an instance is found. */
  readonly found: { tenant: string; instance: string; key: string; started_at: number };
  /** The records of one turn: those from `seq` to `last`. */
  readonly history: { tenant: string; instance: string; seq: number; last: number; records: string };
  readonly definitions: {
    tenant: string;
    hash: string;
    flow: string;
    version: string;
    kind: string;
    title: string | null;
    deployed_at: number;
    definition: string;
  };
  readonly schedules: { tenant: string; name: string; next_at: number | null; view: string };
}

const STATEMENTS = [
  `create table if not exists counter (id integer primary key, value bigint not null)`,
  `insert into counter (id, value) values (1, 0) on conflict do nothing`,
  `create table if not exists instances (tenant text not null, id text not null, flow text not null, version text not null,
     hash text not null, kind text not null, status text not null, business_key text, started_by text, v bigint not null,
     started_at bigint not null, changed_at bigint not null, ended_at bigint, change bigint not null, view text not null,
     primary key (tenant, id))`,
  `create index if not exists instances_by_time on instances (tenant, started_at)`,
  `create index if not exists instances_by_flow on instances (tenant, flow, started_at)`,
  `create index if not exists instances_by_status on instances (tenant, status, started_at)`,
  `create index if not exists instances_by_key on instances (tenant, business_key)`,
  `create index if not exists instances_by_change on instances (change)`,
  `create index if not exists instances_by_end on instances (ended_at)`,
  `create table if not exists tasks (tenant text not null, id text not null, instance text not null, flow text not null,
     role text, claimed_by text, created_at bigint not null, due_at bigint, task text not null, primary key (tenant, id))`,
  `create index if not exists tasks_by_instance on tasks (tenant, instance)`,
  `create index if not exists tasks_by_time on tasks (tenant, created_at, id)`,
  `create index if not exists tasks_by_role on tasks (tenant, role, created_at)`,
  `create table if not exists found (tenant text not null, instance text not null, key text not null, started_at bigint not null,
     primary key (tenant, instance, key))`,
  `create index if not exists found_by_key on found (tenant, key, started_at desc, instance)`,
  `create table if not exists history (tenant text not null, instance text not null, seq bigint not null, last bigint not null,
     records text not null, primary key (tenant, instance, seq))`,
  `create table if not exists definitions (tenant text not null, hash text not null, flow text not null, version text not null,
     kind text not null, title text, deployed_at bigint not null, definition text not null, primary key (tenant, hash))`,
  `create index if not exists definitions_by_flow on definitions (tenant, flow, deployed_at)`,
  `create table if not exists schedules (tenant text not null, name text not null, next_at bigint, view text not null,
     primary key (tenant, name))`,
];

/** Any number; the same for all who make these tables. */
const LOCK = 5480;

/** Additive only: a newer server may run beside an older one. PostgreSQL fails when two make the same table at once. */
export async function createTables(db: Kysely<Tables>, isPostgres: boolean): Promise<void> {
  const create = async (on: Kysely<Tables>): Promise<void> => {
    for (const statement of STATEMENTS) await sql.raw(statement).execute(on);
  };
  if (!isPostgres) return create(db);
  await db.transaction().execute(async (tx) => {
    await sql`select pg_advisory_xact_lock(${LOCK})`.execute(tx);
    await create(tx);
  });
}
