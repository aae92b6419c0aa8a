// What a host tells of each change of an activity as it happens.
import type { ActivityChange } from '../engine/index.js';

/** An activity's change of state. A boundary event that has happened is `{ activity: "A.late", state: "completed" }`. */
export interface TraceEvent extends ActivityChange {
  readonly instance: string;
  readonly flow: string;
  /** Epoch ms, by the host's clock. */
  readonly at: number;
}
