// Lists, work lists, history and search, kept beside the engine. Everything is written at least once and in any order, so
// every write is idempotent: an instance's row is never replaced by a lower `v`.
import { sql, type Kysely } from 'kysely';
import type { FlowDefinition, HistoryRecord, InstanceView, TaskView } from '../../../src/index.js';
import type { Change, DefinitionChange, ScheduleView } from '../flow-service/contract.js';
import { openDatabase, type OpenDatabase } from './database.js';
import type { Flush } from './flushed.js';
import { IndexedVariables } from './indexed-variables.js';
import type { Tables } from './schema.js';
import { instancesOf, tasksOf, type InstanceSearch, type TaskSearch } from './search.js';
import { Statements } from './statements.js';
import { writeChanges } from './write-changes.js';

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
/** Changes in one transaction. */
const MOST_AT_ONCE = 100;
/** More changes than are on their way to the disk at one time. */
const MOST_LOST = 10_000;

export async function openReadModel(address: string): Promise<ReadModel> {
  return new ReadModel(await openDatabase(address));
}

export class ReadModel {
  readonly #waiting: { change: Change; resolve: () => void; reject: (error: unknown) => void }[] = [];
  readonly #statements = new Statements();
  readonly #indexed: IndexedVariables;
  readonly #flush: Flush;
  readonly #close: () => Promise<void>;
  #isWriting = false;

  readonly db: Kysely<Tables>;

  constructor({ db, flush, close }: OpenDatabase) {
    this.db = db;
    this.#flush = flush;
    this.#close = close;
    this.#indexed = new IndexedVariables(db);
  }

  // -- writing ---------------------------------------------------------------------------------------------------------

  /** Resolves when it is on the disk. What comes while another write is under way goes with the next, in one transaction. */
  write(change: Change): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ change, resolve, reject });
      if (!this.#isWriting) void this.#writeAll();
    });
  }

  async #writeAll(): Promise<void> {
    this.#isWriting = true;
    // A turn of the event loop, for others to come along.
    await new Promise((resolve) => setImmediate(resolve));
    while (this.#waiting.length > 0) {
      const batch = this.#waiting.splice(0, MOST_AT_ONCE);
      try {
        await this.db.transaction().execute(async (tx) => {
          await writeChanges(
            tx,
            this.#statements,
            batch.map(({ change }) => change),
          );
        });
        // The next ones are written while the disk takes its time.
        this.#flush().then(
          () => batch.forEach(({ resolve }) => resolve()),
          (error: unknown) => batch.forEach(({ reject }) => reject(error)),
        );
      } catch (error) {
        for (const { reject } of batch) reject(error);
      }
    }
    this.#isWriting = false;
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
      .onConflict((c) =>
        // Of two that come in the wrong order, the later one counts.
        c.columns(['tenant', 'hash']).doUpdateSet(row).where('definitions.deployed_at', '<=', at),
      )
      .execute();
    await this.#flush();
  }

  async putSchedule(tenant: string, name: string, view: ScheduleView | null): Promise<void> {
    if (!view) {
      await this.db.deleteFrom('schedules').where('tenant', '=', tenant).where('name', '=', name).execute();
      return this.#flush();
    }
    const row = { next_at: view.next ?? null, view: JSON.stringify(view) };
    await this.db
      .insertInto('schedules')
      .values({ tenant, name, ...row })
      .onConflict((c) => c.columns(['tenant', 'name']).doUpdateSet(row))
      .execute();
    await this.#flush();
  }

  async forget(tenant: string, instance: string): Promise<void> {
    await this.db.transaction().execute(async (tx) => {
      await tx.deleteFrom('instances').where('tenant', '=', tenant).where('id', '=', instance).execute();
      await tx.deleteFrom('tasks').where('tenant', '=', tenant).where('instance', '=', instance).execute();
      await tx.deleteFrom('found').where('tenant', '=', tenant).where('instance', '=', instance).execute();
      await tx.deleteFrom('history').where('tenant', '=', tenant).where('instance', '=', instance).execute();
    });
    await this.#flush();
  }

  /**
   * Numbers of changes that readers saw before a power cut took them are not given again: what is written anew, by the turns that were not
   * acknowledged, comes after them, and streams tell it. For whoever writes, before the first write.
   */
  async skipNumbers(): Promise<void> {
    const value = sql<number>`value + ${MOST_LOST}`;
    await this.db.updateTable('counter').set({ value }).where('id', '=', 1).execute();
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

  /**
   * Newest first, as many as are asked for. `variables` that are indexed narrow it down; all that is found still has to be held against
   * them.
   */
  async *instances(tenant: string, search: InstanceSearch = {}): AsyncGenerator<InstanceView> {
    const found = await this.#indexed.keys(tenant, search);
    yield* instancesOf(this.db, tenant, { ...search, ...(found ? { found } : {}) });
  }

  /** Open tasks, oldest first, as many as are asked for. */
  tasks(tenant: string, search: TaskSearch = {}): AsyncIterable<TaskView> {
    return tasksOf(this.db, tenant, search);
  }

  async history(tenant: string, instance: string, after = 0): Promise<readonly HistoryRecord[]> {
    return (await this.turns(tenant, instance, after)).flat().filter(({ seq }) => seq > after);
  }

  /** The same, in the parts that were written together. */
  async turns(tenant: string, instance: string, after = 0): Promise<readonly (readonly HistoryRecord[])[]> {
    const rows = await this.db
      .selectFrom('history')
      .select('records')
      .where('tenant', '=', tenant)
      .where('instance', '=', instance)
      .where('last', '>', after)
      .orderBy('seq')
      .execute();
    return rows.map(({ records }) => JSON.parse(records) as HistoryRecord[]);
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

  /** Content hash of the version that was deployed last. */
  async newestHash(tenant: string, flow: string): Promise<string | undefined> {
    const [newest] = await this.#statements.run(this.db, 'newest', [{ tenant, flow }], () =>
      this.db
        .selectFrom('definitions')
        .select('hash')
        .where('tenant', '=', tenant)
        .where('flow', '=', flow)
        .orderBy('deployed_at', 'desc')
        .limit(sql.lit(1)),
    );
    return newest?.hash;
  }

  /** Of every version of every flow. */
  async hashes(tenant: string): Promise<readonly string[]> {
    const rows = await this.db.selectFrom('definitions').select('hash').where('tenant', '=', tenant).execute();
    return rows.map(({ hash }) => hash);
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

  /** Finished instances that ended before a time, epoch ms; the oldest first. */
  async endedBefore(time: number): Promise<readonly { tenant: string; id: string; v: number }[]> {
    return this.db
      .selectFrom('instances')
      .select(['tenant', 'id', 'v'])
      .where('status', 'in', ['completed', 'cancelled'])
      .where('ended_at', '<', time)
      .orderBy('ended_at')
      .limit(MOST)
      .execute();
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
    await this.#close();
  }
}
