// Moving an instance to another deployed version of its flow: where everything that is under way goes, or all reasons why it cannot.
// Nothing needs to be sent: timers and calls under way come back by their tokens, and what is no longer waited for is ignored.
import {
  demandPossible,
  migratedFold,
  migrationRecord,
  planMigration,
  type MigrationOptions,
  type MigrationPlan,
} from '../../../src/hosts/kit.js';
import type { CompiledFlow } from '../../../src/index.js';
import type { Change } from './contract.js';
import type { StoredInstance } from './stored-instance.js';

export interface Migration extends MigrationOptions {
  /** Content hash of the version. */
  readonly to: string;
  /** Only say what would happen. */
  readonly dryRun?: boolean;
}

export interface Migrated {
  readonly plan: MigrationPlan;
  /** The instance as it is then; undefined when nothing has been done. */
  readonly instance?: StoredInstance;
  readonly records: Change['records'];
}

/** Throws FlowError `FLOW-MIGRATION` with every reason. */
export async function migrate(
  from: CompiledFlow,
  to: CompiledFlow,
  before: StoredInstance,
  request: Migration,
  now: number,
): Promise<Migrated> {
  const { stored, state: old, fold } = before;
  const { plan, state } = await planMigration(from, to, old, request);
  if (request.dryRun) return { plan, records: [] };
  demandPossible(plan);
  const seq = stored.seq + 1;
  return {
    plan,
    instance: {
      stored: { ...stored, hash: plan.to, header: { ...stored.header, changedAt: now }, seq },
      state: state!,
      fold: { ...migratedFold(fold, to, request) },
    },
    records: [{ seq, at: now, ...migrationRecord(plan, old, state!, request, now) }],
  };
}
