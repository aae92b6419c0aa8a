// What those do with a host's instances who are responsible for them.
import type { InstanceView } from '../host.js';
import type { InstanceArchive } from './archive.js';
import type { RetentionPolicy } from './retention.js';

export interface Management {
  /** The whole instance as JSON: definition, state, journal. Rejects with `FLOW-UNKNOWN-INSTANCE`. */
  export(id: string): Promise<InstanceArchive>;
  /**
   * Takes an exported instance in, which then goes on here. One that is here already, unchanged, is given back. Rejects with
   * `FLOW-ARCHIVE` or, when another instance has its id, `FLOW-EXISTS`.
   */
  import(archive: InstanceArchive): Promise<InstanceView>;
  /** Removes finished instances and cuts long journals, now. */
  prune(policy: RetentionPolicy): Promise<PruneResult>;
}

export interface PruneResult {
  readonly removed: number;
  readonly compacted: number;
}
