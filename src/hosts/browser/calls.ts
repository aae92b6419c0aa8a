// Calls of implementations in the executing tab: begun once their step is committed, the barrier before what may not be repeated,
// results kept until they are stored. What is begun in one time of executing is nobody's business in a later one.
import type { Registry } from '../../activities/index.js';
import type { CompiledFlow } from '../../compiler/index.js';
import type { InstanceMessage, Run } from '../../engine/index.js';
import type { FlowError } from '../../model/index.js';
import { indeterminate, isOnce } from '../indeterminate.js';
import { Invocations } from '../invocations.js';
import type { CommitUnit } from './group-commit.js';
import type { InstanceRecord } from './schema.js';

export interface CallsOptions {
  readonly registry: Registry;
  /** Whether this tab executes, and has done so since then. */
  readonly isCurrent: (epoch: number) => boolean;
  readonly store: (unit: CommitUnit, epoch: number) => Promise<unknown>;
  readonly post: (instance: string, message: InstanceMessage) => Promise<unknown>;
  /** Whether the ledger says that this attempt has begun. */
  readonly hasBegun: (instance: string, token: string, attempt: number) => Promise<boolean>;
  /** Something could not be stored; what is in flight must be taken up again. */
  readonly troubled: () => void;
}

/** How long to wait before a result that could not be stored is tried again, ms. */
const STORE_AGAIN = 2000;

export class Calls {
  readonly #options: CallsOptions;
  readonly #invocations: Invocations;
  /** Attempts that this tab has taken in hand, from the barrier before the call until its result is stored. */
  #underWay = new Set<string>();

  constructor(options: CallsOptions) {
    this.#options = options;
    this.#invocations = new Invocations(options.registry);
  }

  begin(): void {
    this.#underWay = new Set();
  }

  /** Calls in flight are abandoned. */
  stop(): void {
    this.#invocations.cancelAll();
  }

  cancel(instance: string, token: string): void {
    this.#invocations.cancel(instance, token);
  }

  /** Calls what the run waits for, unless that is being done. */
  async invoke(flow: CompiledFlow, record: InstanceRecord, token: string, epoch: number): Promise<void> {
    const run = record.state.runs[token];
    if (!this.#options.isCurrent(epoch) || run?.phase !== 'effect') return;
    const underWay = this.#underWay;
    const attempt = attemptOf(record, run);
    if (underWay.has(attempt)) return;
    underWay.add(attempt);
    await this.#call(flow, record, run, epoch);
    underWay.delete(attempt);
  }

  /** The same for what another page may have begun. */
  async takeUp(flow: CompiledFlow, record: InstanceRecord, token: string, epoch: number): Promise<void> {
    const run = record.state.runs[token]!;
    if (this.#underWay.has(attemptOf(record, run))) return;
    if (isOnce(flow, run.activity) && (await this.#options.hasBegun(record.id, token, run.attempt))) {
      void this.#deliver(record.id, indeterminate(run), epoch);
      return;
    }
    void this.invoke(flow, record, token, epoch);
  }

  async #call(flow: CompiledFlow, record: InstanceRecord, run: Run, epoch: number): Promise<void> {
    const { token, attempt } = run;
    const { store, troubled, isCurrent } = this.#options;
    if (isOnce(flow, run.activity)) {
      // The barrier: without this row on disk the call must not begin.
      try {
        await store({ ledger: { instance: record.id, token, attempt, epoch } }, epoch);
      } catch (error) {
        if ((error as FlowError).code !== 'FLOW-FENCED') troubled();
        return;
      }
      if (!isCurrent(epoch)) return;
    }
    await this.#deliver(record.id, await this.#invocations.invoke(flow, record.state, run), epoch);
  }

  /** The result of a call is worth keeping on trying to store, as long as the page lives. */
  async #deliver(id: string, message: InstanceMessage, epoch: number): Promise<void> {
    const { isCurrent, post } = this.#options;
    while (isCurrent(epoch)) {
      try {
        await post(id, message);
        return;
      } catch (error) {
        const { code, retryable } = error as FlowError;
        if (code === 'FLOW-FENCED' || !retryable) return;
      }
      // Not by the clock, which somebody may set back.
      await new Promise((resolve) => setTimeout(resolve, STORE_AGAIN));
    }
  }
}

function attemptOf({ id }: InstanceRecord, { token, attempt }: Run): string {
  return `${id}/${token} ${attempt}`;
}
