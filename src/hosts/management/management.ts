// What those do with a host's instances who are responsible for them.
import type { FlowDefinition } from '../../model/index.js';
import type { InstanceView } from '../host.js';
import type { InstanceArchive } from './archive.js';
import type { MigrationOptions, MigrationPlan } from './migration.js';
import type { RetentionPolicy } from './retention-policy.js';

export interface Management {
  /** The whole instance as JSON: definition, state, journal. Rejects with `FLOW-UNKNOWN-INSTANCE`. */
  export(id: string): Promise<InstanceArchive>;
  /**
   * Takes an exported instance in, which then goes on here. One that is here already, unchanged, is given back. Rejects with
   * `FLOW-ARCHIVE` or, when another instance has its id, `FLOW-EXISTS`.
   */
  import(archive: InstanceArchive): Promise<InstanceView>;
  /** What `migrate` would do, and why it would not; changes nothing. */
  planMigration(id: string, to: FlowDefinition, options?: MigrationOptions): Promise<MigrationPlan>;
  /**
   * Moves an instance to another definition of its flow, in one step with its place in the journal. Rejects with `FLOW-MIGRATION`
   * and every reason; then nothing has happened.
   */
  migrate(id: string, to: FlowDefinition, options?: MigrationOptions): Promise<MigrationPlan>;
  /** Removes finished instances and cuts long journals, now. */
  prune(policy: RetentionPolicy): Promise<PruneResult>;
}

export interface PruneResult {
  readonly removed: number;
  readonly compacted: number;
}
