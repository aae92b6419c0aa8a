// What the runner of instances is given, and what is asked of it.
import type { Registry } from '../../activities/index.js';
import type { CompiledFlow } from '../../compiler/index.js';
import type { FlowState, InstanceMessage, Staff } from '../../engine/index.js';
import type { Clock } from '../clock.js';
import type { CallsOptions } from './calls.js';
import type { CommitUnit } from './commit-unit.js';
import type { GroupCommit } from './group-commit.js';
import type { Records } from './records.js';
import type { InstanceRecord } from './schema.js';

export interface RunnerOptions {
  readonly records: Records;
  readonly commits: GroupCommit;
  readonly registry: Registry;
  /** Calls that this tab cannot make. */
  readonly lending: Pick<CallsOptions, 'offer' | 'withdraw' | 'isLent'>;
  readonly clock: Clock;
  readonly staff: Staff;
  readonly flow: (hash: string) => Promise<CompiledFlow>;
  readonly changed: (flow: CompiledFlow, record: InstanceRecord) => void;
  readonly waiting: (record: InstanceRecord) => void;
  /** A commit was refused because another tab executes now. */
  readonly fenced: () => void;
  /** Something could not be stored or read; what is in flight must be taken up again. */
  readonly troubled: () => void;
  /** Instances are in their store now that stood in the log only. */
  readonly written: () => void;
}

/** Rows that a step consumes, deleted in its transaction. */
export interface Consumed {
  readonly inbox?: number;
  readonly signal?: number;
}

/** The message for the state it meets; it may refuse by throwing. */
export type MessageFor = (flow: CompiledFlow, state: FlowState) => InstanceMessage;

export type Amend = (
  flow: CompiledFlow | undefined,
  record: InstanceRecord | undefined,
) => Promise<CommitUnit | undefined>;
