// Managing the instances in the database. Any tab may ask; what changes instances is done by the executing one, in the turn of
// the instance, so that nothing it does meanwhile is lost.
import { contentHash } from '../../compiler/content-hash.js';
import { compileOnDemand } from '../../compiler/index.js';
import { FlowError, type FlowDefinition, type Json } from '../../model/index.js';
import type { Clock } from '../clock.js';
import type { FlowCatalog } from '../flow-catalog.js';
import type { InstanceView } from '../host.js';
import { viewOf } from '../instance-view.js';
import { archiveOf, checkArchive, type InstanceArchive } from '../management/archive.js';
import type { Management, PruneResult } from '../management/management.js';
import {
  demandPossible,
  migratedFold,
  migrationRecord,
  planMigration,
  type MigrationOptions,
  type MigrationPlan,
} from '../management/migration.js';
import type { RetentionPolicy } from '../management/retention-policy.js';
import { compacted, expired } from '../management/retention.js';
import type { Connection } from './connection.js';
import { forgetSeen } from './forget.js';
import type { GroupCommit } from './group-commit.js';
import { entriesOf, headerAfter, journalRow, recordOf, rowOf } from './instance-record.js';
import type { Consumed } from './instance-runner-options.js';
import type { InstanceRunner } from './instance-runner.js';
import type { Records } from './records.js';
import type { ManagementOrder, ScheduleOrder } from './schema.js';

export interface BrowserManagementOptions {
  readonly connection: Connection;
  readonly records: Records;
  readonly commits: GroupCommit;
  readonly runner: InstanceRunner;
  readonly catalog: FlowCatalog;
  readonly clock: Clock;
  /** Lists do not have any more what is gone. */
  readonly tidied: () => Promise<void>;
  /** Has the order carried out, in this tab or in the executing one. */
  readonly order: (order: ManagementOrder) => Promise<Json>;
}

export class BrowserManagement implements Management {
  readonly #options: BrowserManagementOptions;

  constructor(options: BrowserManagementOptions) {
    this.#options = options;
  }

  async export(id: string): Promise<InstanceArchive> {
    const { records, catalog } = this.#options;
    const whole = await records.whole(id);
    if (!whole) throw unknown(id);
    const { record, journal, ledger } = whole;
    const { header, state, fold } = record;
    return archiveOf({
      definition: (await catalog.pinned(record.hash)).definition,
      header,
      state,
      fold,
      journal: entriesOf(journal),
      begun: ledger.map(({ token, attempt }) => ({ token, attempt })),
    });
  }

  async import(archive: InstanceArchive): Promise<InstanceView> {
    await checkArchive(archive);
    await this.#options.order({ do: 'import', archive });
    const record = (await this.#options.records.instance(archive.header.id))!;
    return viewOf(await this.#options.catalog.pinned(record.hash), record.state, record.header, record.fold);
  }

  async planMigration(id: string, to: FlowDefinition, options: MigrationOptions = {}): Promise<MigrationPlan> {
    const { records, catalog } = this.#options;
    const record = await records.instance(id);
    if (!record) throw unknown(id);
    return (await planMigration(await catalog.pinned(record.hash), await compileOnDemand(to), record.state, options))
      .plan;
  }

  async migrate(instance: string, definition: FlowDefinition, options: MigrationOptions = {}): Promise<MigrationPlan> {
    // Every fault of the definition is told here, where there is somebody to tell it to.
    await compileOnDemand(definition);
    return (await this.#options.order({ do: 'migrate', instance, definition, options })) as unknown as MigrationPlan;
  }

  async prune(policy: RetentionPolicy): Promise<PruneResult> {
    return (await this.#options.order({ do: 'prune', policy })) as unknown as PruneResult;
  }

  // -- in the executing tab --------------------------------------------------------------------------------------------

  async carryOut(order: Exclude<ManagementOrder, ScheduleOrder>, consumed: Consumed): Promise<Json> {
    if (order.do === 'import') return this.#takeIn(order.archive, consumed);
    if (order.do === 'migrate') return this.#move(order, consumed);
    const result = await this.#prune(order.policy);
    // It may be done again after a crash; only then is it no longer asked for.
    const { inbox } = consumed;
    if (inbox !== undefined)
      await this.#options.connection.write((tx) => tx.objectStore('inbox').delete(inbox), ['inbox']);
    return result;
  }

  async #takeIn(archive: InstanceArchive, consumed: Consumed): Promise<Json> {
    const { runner, catalog } = this.#options;
    const flow = await checkArchive(archive);
    catalog.know(flow);
    const { definition, header, state, fold, journal, begun } = archive;
    const { id } = header;
    const last = journal.at(-1) ?? { row: 0, hash: flow.hash };
    const firstRow = journal[0] && journal[0].row > 1 ? { firstRow: journal[0].row } : {};
    return runner.amend(
      id,
      async (_, existing) => {
        if (existing?.lastHash === last.hash) return undefined;
        if (existing)
          throw new FlowError('FLOW-EXISTS', `There is another instance "${id}" already, or it has gone on since.`, {
            instance: id,
          });
        const { epoch } = runner;
        return {
          instance: recordOf(flow, header, state, fold, { ...last, ...firstRow }),
          journals: journal.map((entry) => rowOf(id, epoch, entry)),
          ledgers: begun.map((call) => ({ instance: id, epoch, ...call })),
          definition: { hash: contentHash(definition as unknown as Json), definition: definition as never },
        };
      },
      consumed,
    );
  }

  async #move(
    { instance: id, definition, options }: Extract<ManagementOrder, { do: 'migrate' }>,
    consumed: Consumed,
  ): Promise<Json> {
    const { runner, catalog, clock } = this.#options;
    const to = await compileOnDemand(definition);
    catalog.know(to);
    let moved: MigrationPlan | undefined;
    await runner.amend(
      id,
      async (from, record) => {
        if (!from || !record) throw unknown(id);
        const { plan, state } = await planMigration(from, to, record.state, options);
        moved = plan;
        demandPossible(plan);
        const now = clock.now();
        const steps = [migrationRecord(plan, record.state, state!, options, now)];
        const journal = journalRow(record, { records: steps }, now, runner.epoch, id);
        const header = headerAfter(record.header, state!, now);
        const fold = migratedFold(record.fold, to, options);
        const instance = recordOf(to, header, state!, fold, { ...record, ...journal });
        return { instance, journal, definition: { hash: to.hash, definition: definition as never } };
      },
      consumed,
    );
    return moved as unknown as Json;
  }

  async #prune(policy: RetentionPolicy): Promise<Json> {
    const { records, runner, clock } = this.#options;
    const all = await records.instances();
    const gone = new Set(
      expired(
        all.map((record) => record.header),
        policy,
        clock.now(),
      ),
    );
    for (const id of gone) {
      await runner.amend(id, async (_, record) => (record?.open === 0 ? { removed: id } : undefined));
    }
    let count = 0;
    for (const { id, rows, firstRow = 1 } of all) {
      if (gone.has(id) || policy.commits === undefined || rows - firstRow < 2 * policy.commits) continue;
      const didCompact = await runner.amend(id, async (flow, record) => {
        const journal = await records.journal(id);
        const row = flow && record && compacted(flow, entriesOf(journal), policy.commits);
        if (!row) return undefined;
        return {
          instance: { ...record, firstRow: row.row },
          compacted: rowOf(id, runner.epoch, row),
          rest: journal.filter((later) => later.row > row.row),
        };
      });
      if (didCompact) count++;
    }
    if (gone.size > 0) await this.#dropUnused(new Set(all.filter(({ id }) => gone.has(id)).map(({ hash }) => hash)));
    // Nothing of what has gone is to stay in the log, nor in what lists show.
    if (gone.size > 0) await this.#options.commits.shorten();
    if (gone.size > 0) await this.#options.tidied();
    await forgetSeen(this.#options, policy);
    return { removed: gone.size, compacted: count };
  }

  /** Definitions that no instance, request or schedule needs any more, nor anything that is committed while this is found out. */
  async #dropUnused(hashes: ReadonlySet<string>): Promise<void> {
    const { records, runner, commits } = this.#options;
    const { epoch } = runner;
    const { seq } = commits;
    const needed = await records.neededDefinitions();
    const unused = [...hashes].filter((hash) => !needed.has(hash));
    if (unused.length > 0) await runner.store({ unused: { hashes: unused, since: seq } }, epoch);
  }
}

function unknown(id: string): FlowError {
  return new FlowError('FLOW-UNKNOWN-INSTANCE', `There is no instance "${id}" in this browser.`, { instance: id });
}
