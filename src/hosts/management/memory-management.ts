// Managing the instances of the memory host.
import { compileOnDemand } from '../../compiler/index.js';
import { FlowError, type FlowDefinition } from '../../model/index.js';
import type { Clock } from '../clock.js';
import type { InstanceView } from '../host.js';
import { keepHistory, memoryInstance, type MemoryInstance, type MemoryWork } from '../memory-instance.js';
import { archiveOf, chained, checkArchive, type InstanceArchive, type JournalEntry } from './archive.js';
import type { Management, PruneResult } from './management.js';
import {
  demandPossible,
  migratedFold,
  migrationRecord,
  planMigration,
  type MigrationOptions,
  type MigrationPlan,
} from './migration.js';
import { compacted, expired } from './retention.js';
import type { RetentionPolicy } from './retention-policy.js';

/** What the host lets its management do. */
export interface MemoryInstances {
  readonly all: ReadonlyMap<string, MemoryInstance>;
  readonly clock: Clock;
  /** Rejects with `FLOW-UNKNOWN-INSTANCE`. */
  find(id: string): MemoryInstance;
  /** Makes an instance known, which then goes on. */
  add(instance: MemoryInstance): void;
  remove(id: string): void;
  /** It has another definition and state: what it waits for is armed anew. */
  moved(instance: MemoryInstance): void;
  inTurn(instance: MemoryInstance, work: MemoryWork): void;
  viewOf(instance: MemoryInstance): InstanceView;
}

export class MemoryManagement implements Management {
  readonly #instances: MemoryInstances;

  constructor(instances: MemoryInstances) {
    this.#instances = instances;
  }

  async export(id: string): Promise<InstanceArchive> {
    const instance = this.#instances.find(id);
    return this.#inTurn(instance, () => {
      const { flow, header, state, fold, begun } = instance;
      return archiveOf({ definition: flow.definition, header, state, fold, journal: journalOf(instance), begun });
    });
  }

  async import(archive: InstanceArchive): Promise<InstanceView> {
    const flow = await checkArchive(archive);
    const { header, state, fold, journal, begun } = archive;
    const existing = this.#instances.all.get(header.id);
    if (existing) {
      if (journalOf(existing).at(-1)?.hash === journal.at(-1)?.hash) return this.#instances.viewOf(existing);
      throw new FlowError('FLOW-EXISTS', `There is another instance "${header.id}" already, or it has gone on since.`, {
        instance: header.id,
      });
    }
    // Its steps change the state from now on, and the archive is somebody else's.
    const instance = memoryInstance(flow, structuredClone(state), header, begun);
    Object.assign(instance.fold, fold);
    takeJournal(instance, journal);
    this.#instances.add(instance);
    return this.#instances.viewOf(instance);
  }

  async planMigration(id: string, to: FlowDefinition, options: MigrationOptions = {}): Promise<MigrationPlan> {
    const target = await compileOnDemand(to);
    const { flow, state } = this.#instances.find(id);
    return (await planMigration(flow, target, state, options)).plan;
  }

  async migrate(id: string, definition: FlowDefinition, options: MigrationOptions = {}): Promise<MigrationPlan> {
    const { clock, find, moved } = this.#instances;
    const instance = find(id);
    const to = await compileOnDemand(definition);
    return this.#inTurn(instance, async () => {
      const before = instance.state;
      const { plan, state } = await planMigration(instance.flow, to, before, options);
      demandPossible(plan);
      const now = clock.now();
      keepHistory(instance, [migrationRecord(plan, before, state!, options, now)], now);
      const fold = migratedFold(instance.fold, to, options);
      for (const activity of Object.keys(instance.fold)) delete instance.fold[activity];
      Object.assign(instance.fold, fold);
      Object.assign(instance, { flow: to, state });
      instance.header.changedAt = now;
      moved(instance);
      return plan;
    });
  }

  async prune(policy: RetentionPolicy): Promise<PruneResult> {
    const { all, clock } = this.#instances;
    const gone = expired(
      [...all.values()].map(({ header }) => header),
      policy,
      clock.now(),
    );
    for (const id of gone) this.#instances.remove(id);
    let count = 0;
    for (const instance of all.values()) {
      const cut = (): void => {
        const journal = journalOf(instance);
        const first = compacted(instance.flow, journal, policy.commits);
        if (!first) return;
        count++;
        takeJournal(instance, [first, ...journal.filter(({ row }) => row > first.row)]);
      };
      if (policy.commits !== undefined && instance.commits.length > 2 * policy.commits)
        await this.#inTurn(instance, cut);
    }
    return { removed: gone.length, compacted: count };
  }

  /** Not in the middle of a step. */
  #inTurn<T>(instance: MemoryInstance, work: () => T | Promise<T>): Promise<T> {
    return new Promise((resolve, reject) =>
      this.#instances.inTurn(instance, () => (async () => work())().then(resolve, reject)),
    );
  }
}

/** Its commits, chained as the durable hosts chain them. */
export function journalOf({ header, history, commits, origin }: MemoryInstance): readonly JournalEntry[] {
  if (history.length !== (commits.at(-1) ?? 0))
    throw new FlowError(
      'FLOW-HISTORY',
      `The history of the instance is not whole: it was longer than "historyLimit".`,
      { instance: header.id },
    );
  const rows = commits.map((end, i) => {
    const part = history.slice(commits[i - 1] ?? 0, end);
    return { at: part[0]!.at, records: part.map(({ seq: _seq, at: _at, ...record }) => record) };
  });
  return chained(rows, origin);
}

function takeJournal(instance: MemoryInstance, journal: readonly JournalEntry[]): void {
  const { history, commits } = instance;
  history.length = commits.length = 0;
  const [first] = journal;
  const cut = first?.records[0]?.event;
  let seq = cut?.type === 'compacted' ? cut.steps : 1;
  for (const { at, records } of journal) {
    for (const record of records) history.push({ seq: seq++, at, ...record });
    commits.push(history.length);
  }
  if (!first) return;
  const { row, previous, hash } = first;
  instance.origin = { row, previous, ...(cut?.type === 'compacted' ? { hash } : {}) };
}
