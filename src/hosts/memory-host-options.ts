// What a memory host can be told when it is made.
import type { Implementations, Registry } from '../activities/index.js';
import type { Clock } from './clock.js';
import type { TraceEvent } from './trace.js';

export interface MemoryHostOptions {
  readonly implementations?: Implementations | Registry;
  readonly clock?: Clock;
  /** New instance ids. Default: random UUIDs. */
  readonly newId?: () => string;
  /** Steps kept per instance for `history`. Default 10,000; 0 keeps none. */
  readonly historyLimit?: number;
  /** Finished instances kept, and as many that have failed. Default 200. */
  readonly keepFinished?: number;
  /** Longest chain of flows calling flows. Default 50. */
  readonly maxCallDepth?: number;
  /** Called with every change of an activity's state, in order, in all instances. */
  readonly trace?: (event: TraceEvent) => void;
}
