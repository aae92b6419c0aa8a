// Calls of implementations in the executing tab: begun once their step is committed, the barrier before what may not be repeated,
// results kept until they are stored. What is begun in one time of executing is nobody's business in a later one.
import type { Registry } from '../../activities/index.js';
import type { CompiledFlow } from '../../compiler/index.js';
import type { FlowState, InstanceMessage, OutwardEffect, Run } from '../../engine/index.js';
import type { FlowError } from '../../model/index.js';
import { indeterminate, isOnce } from '../indeterminate.js';
import { Invocations, UNKNOWN } from '../invocations.js';
import type { CommitUnit } from './commit-unit.js';
import type { OfferedCall } from './lent-calls.js';
import type { InstanceRecord, LedgerRow } from './schema.js';

export interface CallsOptions {
  readonly registry: Registry;
  /** Whether this tab executes, and has done so since then. */
  readonly isCurrent: (epoch: number) => boolean;
  readonly store: (unit: CommitUnit, epoch: number) => Promise<unknown>;
  readonly post: (instance: string, message: InstanceMessage) => Promise<unknown>;
  /** Whether this attempt still waits for its answer, asked in the turn of the instance: no step is being stored meanwhile. */
  readonly isOpen: (call: OfferedCall) => Promise<boolean>;
  /** Has another tab do what this one cannot; tells whether one does. */
  readonly offer: (call: OfferedCall) => void;
  readonly withdraw: (instance: string, token: string) => void;
  readonly isLent: (call: OfferedCall) => Promise<boolean>;
  /** Whether the ledger says that this attempt has begun. */
  readonly hasBegun: (instance: string, token: string, attempt: number) => Promise<boolean>;
  /** Something could not be stored; what is in flight must be taken up again. */
  readonly troubled: () => void;
}

/** A call that may have been made before. */
export interface CallAgain {
  readonly flow: CompiledFlow;
  readonly record: InstanceRecord;
  readonly token: string;
}

/** Pauses between looks for a page that has the implementation, ms; they grow. A page that opens is asked at once. */
const LOOK_AGAIN = 1000;
const LOOK_AT_LEAST = 15_000;
/** How long to wait before a result that could not be stored is tried again, ms. */
const STORE_AGAIN = 2000;

export class Calls {
  readonly #options: CallsOptions;
  readonly #invocations: Invocations;
  /** Attempts that this tab has taken in hand, from the barrier before the call until its result is stored. */
  #underWay = new Set<string>();
  /** Calls that this tab cannot make, by instance and token. */
  readonly #waiting = new Map<string, WaitingCall>();

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
    for (const { end } of this.#waiting.values()) end();
  }

  cancel(instance: string, token: string): void {
    this.#invocations.cancel(instance, token);
    const waiting = this.#waiting.get(`${instance}/${token}`);
    if (!waiting) return;
    waiting.end();
    this.#options.withdraw(instance, token);
  }

  /** There may be a page now that can make the calls that wait for one. */
  look(): void {
    for (const { look } of this.#waiting.values()) look();
  }

  /**
   * What the ledger must have before the calls that follow a step begin: stored with the step, it needs no commit of its own.
   * Not for calls that another page has to make.
   */
  ledgerOf(
    flow: CompiledFlow,
    { instance, runs }: Pick<FlowState, 'instance' | 'runs'>,
    effects: readonly OutwardEffect[],
    epoch: number,
  ): readonly LedgerRow[] {
    return effects.flatMap(({ type, token }) => {
      const run = type === 'run' ? runs[token] : undefined;
      if (run?.phase !== 'effect' || run.unavailable || !isOnce(flow, run.activity)) return [];
      return this.#invocations.lack(flow, run) ? [] : [{ instance, token, attempt: run.attempt, epoch }];
    });
  }

  /** Calls what the run waits for, unless that is being done. `isNoted`: the ledger has it. */
  async invoke(
    flow: CompiledFlow,
    record: InstanceRecord,
    token: string,
    epoch: number,
    isNoted = false,
  ): Promise<void> {
    const run = record.state.runs[token];
    if (!this.#options.isCurrent(epoch) || run?.phase !== 'effect') return;
    const underWay = this.#underWay;
    const attempt = attemptOf(record, run);
    if (underWay.has(attempt)) return;
    underWay.add(attempt);
    try {
      await this.#call(flow, record, run, epoch, isNoted);
    } catch (error) {
      this.#failed(error as FlowError);
    } finally {
      underWay.delete(attempt);
    }
  }

  /** The same for what another page may have begun. */
  async takeUp(flow: CompiledFlow, record: InstanceRecord, token: string, epoch: number): Promise<void> {
    const run = record.state.runs[token]!;
    if (this.#underWay.has(attemptOf(record, run))) return;
    const isLent = run.unavailable !== undefined && (await this.#options.isLent(offered(record, run)));
    if (!isLent && isOnce(flow, run.activity) && (await this.#options.hasBegun(record.id, token, run.attempt))) {
      void this.#deliver(record.id, indeterminate(run), epoch);
      return;
    }
    // Somebody else may have taken over since this was read, and be done with it, without this tab having heard of it.
    if (isOnce(flow, run.activity) || (await this.#barrier({}, epoch))) void this.invoke(flow, record, token, epoch);
  }

  /** The calls of an instance, if all of them may simply be made again by this page. */
  plain(flow: CompiledFlow | undefined, record: InstanceRecord): readonly CallAgain[] | undefined {
    const runs = Object.values(record.state.runs).filter(({ phase }) => phase === 'effect');
    if (!flow || runs.some(({ activity, unavailable }) => unavailable || isOnce(flow, activity))) return undefined;
    return runs.map(({ token }) => ({ flow, record, token }));
  }

  /** The same as `takeUp` for many at once. */
  async takeUpAll(calls: readonly CallAgain[], epoch: number): Promise<void> {
    if (calls.length === 0 || !(await this.#barrier({}, epoch))) return;
    for (const { flow, record, token } of calls) void this.invoke(flow, record, token, epoch);
  }

  /** True when it is stored, which nobody can do but who executes. */
  async #barrier(unit: CommitUnit, epoch: number): Promise<boolean> {
    const { store, isCurrent } = this.#options;
    try {
      await store(unit, epoch);
      return isCurrent(epoch);
    } catch (error) {
      this.#failed(error as FlowError);
      return false;
    }
  }

  /** What could not be stored or looked up is when the host takes everything up again; that of another executor is its business. */
  #failed({ code }: FlowError): void {
    if (code !== 'FLOW-FENCED') this.#options.troubled();
  }

  async #call(flow: CompiledFlow, record: InstanceRecord, run: Run, epoch: number, isNoted: boolean): Promise<void> {
    const { token, attempt } = run;
    const { post, isCurrent, isOpen } = this.#options;
    if (run.unavailable || this.#invocations.lack(flow, run)) {
      if (!(await this.#isHere(flow, record, run, epoch))) return;
      await post(record.id, { type: 'unavailable', token, attempt });
      // Whoever had it before may have answered.
      if (!(await isOpen(offered(record, run)))) return;
    }
    // Without this row on disk the call must not begin.
    const ledgers = [{ instance: record.id, token, attempt, epoch }];
    if (!isNoted && isOnce(flow, run.activity) && !(await this.#barrier({ ledgers }, epoch))) return;
    const message = await this.#invocations.invoke(flow, record.state, run);
    // While the page was loading nobody could tell.
    const isMissing = message.type === 'failure' && message.failure.code === UNKNOWN && isCurrent(epoch);
    if (isMissing && !isOnce(flow, run.activity) && this.#invocations.lack(flow, run))
      return this.#call(flow, record, run, epoch, isNoted);
    await this.#deliver(record.id, message, epoch);
  }

  /** Waits for a page that can make the call: true when it is this one, false when another has made it, or nobody needs it. */
  async #isHere(flow: CompiledFlow, record: InstanceRecord, run: Run, epoch: number): Promise<boolean> {
    const { post, offer, isLent, isOpen, isCurrent, hasBegun } = this.#options;
    const { token, attempt } = run;
    const call = offered(record, run);
    const key = `${record.id}/${token}`;
    const over = new AbortController();
    const { signal } = over;
    let wake = (): void => {};
    const end = (): void => {
      over.abort();
      wake();
    };
    this.#waiting.set(key, { end, look: () => wake() });
    try {
      let pause = LOOK_AGAIN;
      while (isCurrent(epoch) && !signal.aborted) {
        if (!(await isLent(call))) {
          if (!(await isOpen(call))) return false;
          // Taken over by a tab that has gone since.
          if (isOnce(flow, run.activity) && (await hasBegun(record.id, token, attempt))) {
            void this.#deliver(record.id, indeterminate(run), epoch);
            return false;
          }
          const lack = this.#invocations.lack(flow, run);
          if (signal.aborted) return false;
          if (!lack) return isCurrent(epoch);
          await post(record.id, { type: 'unavailable', token, attempt, ...lack }).catch(() => {});
          offer(call);
        }
        if (signal.aborted) return false;
        // Who has just come may not be ready yet, or who has just gone still hold the call: soon once more.
        const isWoken = await new Promise<boolean>((resolve) => {
          wake = () => resolve(true);
          setTimeout(() => resolve(false), pause);
        });
        pause = isWoken ? LOOK_AGAIN : Math.min(2 * pause, LOOK_AT_LEAST);
      }
      return false;
    } finally {
      this.#waiting.delete(key);
    }
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

interface WaitingCall {
  readonly end: () => void;
  readonly look: () => void;
}

function offered({ id: instance }: InstanceRecord, { token, attempt }: Run): OfferedCall {
  return { instance, token, attempt };
}

function attemptOf({ id }: InstanceRecord, { token, attempt }: Run): string {
  return `${id}/${token} ${attempt}`;
}
