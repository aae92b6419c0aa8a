// Runs instances in the executing tab: one queue per instance, each step committed before its effects are carried out.
// An instance that only waits is dropped from memory and read again when something happens to it.
import type { Registry } from '../../activities/index.js';
import type { CompiledFlow } from '../../compiler/index.js';
import {
  beginInstance,
  outstandingEffects,
  stepInstance,
  type FlowState,
  type InstanceMessage,
  type OutwardEffect,
  type Staff,
  type Run,
  type StepResult,
} from '../../engine/index.js';
import { FlowError, type JsonObject } from '../../model/index.js';
import { checkCallDepth } from '../call-depth.js';
import { newHeader } from '../instance-view.js';
import type { Clock } from '../clock.js';
import type { StartOptions } from '../host.js';
import { indeterminate, isOnce } from '../indeterminate.js';
import { Invocations } from '../invocations.js';
import { isQuiet, LONGEST_TAIL, recordAfter, type LiveInstance } from './checkpoint.js';
import type { CommitUnit, GroupCommit } from './group-commit.js';
import type { Records } from './records.js';
import { journalRow } from './instance-record.js';
import type { InstanceRecord } from './schema.js';

export interface RunnerOptions {
  readonly records: Records;
  readonly commits: GroupCommit;
  readonly registry: Registry;
  readonly clock: Clock;
  readonly staff: Staff;
  readonly flow: (hash: string) => Promise<CompiledFlow>;
  readonly changed: (flow: CompiledFlow, record: InstanceRecord) => void;
  readonly waiting: (record: InstanceRecord) => void;
  /** A commit was refused because another tab executes now. */
  readonly fenced: () => void;
  /** Something could not be stored or read; what is in flight must be taken up again. */
  readonly troubled: () => void;
}

/** Rows that a step consumes, deleted in its transaction. */
export interface Consumed {
  readonly inbox?: number;
  readonly signal?: number;
}

/** The message for the state it meets; it may refuse by throwing. */
export type MessageFor = (flow: CompiledFlow, state: FlowState) => InstanceMessage;

/** What a step is added to. */
type Fresh = Pick<InstanceRecord, 'header' | 'fold' | 'rows' | 'lastHash' | 'firstRow'>;

export type Amend = (
  flow: CompiledFlow | undefined,
  record: InstanceRecord | undefined,
) => Promise<CommitUnit | undefined>;

/** Commits that the log may have since the checkpoint of an instance whose call takes its time. */
const LONG_LOG = 512;

/** How long to wait before a result that could not be stored is tried again, ms. */
const STORE_AGAIN = 2000;

export class InstanceRunner {
  readonly #options: RunnerOptions;
  readonly #invocations: Invocations;
  readonly #queues = new Map<string, Promise<unknown>>();
  readonly #loaded = new Map<string, LiveInstance>();
  /** Instances that are to be read again, with rows in the log since this commit. */
  readonly #dropped = new Map<string, number>();
  /** Attempts that this tab has taken in hand, from the barrier before the call until its result is stored. */
  #underWay = new Set<string>();
  #epoch = 0;
  #stopped = true;

  constructor(options: RunnerOptions) {
    this.#options = options;
    this.#invocations = new Invocations(options.registry);
  }

  /** From now on this tab executes. */
  begin(epoch: number): void {
    this.#epoch = epoch;
    this.#stopped = false;
    this.#underWay = new Set();
    this.#forget();
  }

  /** What the last executor has left in flight, brought up to date; the log is kept for what could not be read. */
  adopt({ instances, unread }: Awaited<ReturnType<Records['inFlight']>>): void {
    for (const live of instances) this.#loaded.set(live.record.id, live);
    for (const id of unread) this.#dropped.set(id, 0);
  }

  /** As it is in memory: the newest that there is, while this tab executes. */
  inMemory(id: string): LiveInstance | undefined {
    return this.#loaded.get(id);
  }

  /**
   * Number of the oldest commit with rows that are in no journal yet. Instances that keep the log long, because a call of theirs
   * takes its time, are written.
   */
  neededFrom(seq: number): number {
    let from = Math.min(Infinity, ...this.#dropped.values());
    for (const [id, { since }] of this.#loaded) {
      if (seq - since > LONG_LOG) this.#queued(id, () => this.#checkpoint(id)).catch(() => {});
      from = Math.min(from, since);
    }
    return from;
  }

  /** From now on it does not: calls in flight are abandoned, their results are nobody's business here. */
  stop(): void {
    this.#stopped = true;
    this.#forget();
    this.#invocations.cancelAll();
  }

  #forget(): void {
    this.#loaded.clear();
    this.#dropped.clear();
  }

  /** Gives the instance that there is, if it has this id, or this business key and is to be started once. */
  start(
    flow: CompiledFlow,
    id: string,
    input: JsonObject,
    options: StartOptions,
    consumed: Consumed = {},
  ): Promise<InstanceRecord> {
    const { key, once } = options;
    if (!once || key === undefined) return this.#start(flow, id, input, options, consumed);
    const name = flow.definition.flow;
    // One after the other, so that the second one sees what the first has stored.
    return this.#queued(`${name} ${key}`, async () => {
      const running = await this.#options.records.openWithKey(name, key);
      return running ? this.#found(running, consumed) : this.#start(flow, id, input, options, consumed);
    });
  }

  #start(
    flow: CompiledFlow,
    id: string,
    input: JsonObject,
    options: StartOptions,
    consumed: Consumed,
  ): Promise<InstanceRecord> {
    return this.#queued(id, async () => {
      const existing = await this.#load(id);
      if (existing) return this.#found(existing.record, consumed);
      const now = this.#options.clock.now();
      const { startedBy, parent } = options;
      const depth = parent ? ((await this.#load(parent.instance))?.record.header.depth ?? 0) + 1 : 0;
      checkCallDepth(flow.definition.flow, depth);
      const header = newHeader(id, now, options, depth);
      const called = parent !== undefined;
      const result = await beginInstance(flow, id, input, now, { startedBy, staff: this.#options.staff, called });
      const fresh = { header, fold: {}, rows: 0, lastHash: flow.hash };
      const live = { record: fresh, tail: [], since: Infinity };
      return this.#commit(flow, live, result, consumed, { hash: flow.hash, definition: flow.definition as never });
    });
  }

  /** Applies a message; false when it was stale. Rejects when it was refused or could not be stored. */
  post(id: string, messageFor: MessageFor, consumed: Consumed = {}): Promise<boolean> {
    return this.#queued(id, async () => {
      const live = await this.#load(id);
      if (!live)
        throw new FlowError('FLOW-UNKNOWN-INSTANCE', `There is no instance "${id}" in this browser.`, { instance: id });
      const { record } = live;
      const flow = await this.#options.flow(record.hash);
      const message = messageFor(flow, record.state);
      const result = await stepInstance(flow, record.state, message, this.#options.clock.now(), {
        staff: this.#options.staff,
      });
      if (result) {
        await this.#commit(flow, live, result, consumed, undefined, isQuiet(record, result));
        return true;
      }
      if (consumed.inbox !== undefined) await this.#store({ inbox: consumed.inbox });
      return false;
    });
  }

  /** Takes up what is in flight and not being done in this tab. */
  resume(id: string): Promise<void> {
    return this.#queued(id, async () => {
      const live = await this.#load(id);
      if (!live) return;
      const { record } = live;
      if (record.busy === 1) this.#loaded.set(id, live);
      const flow = await this.#options.flow(record.hash);
      for (const effect of outstandingEffects(record.state)) {
        if (effect.type === 'run' && !this.#underWay.has(attemptOf(record, effect.token)))
          await this.#takeUp(flow, record, effect.token);
      }
    });
  }

  /**
   * What is no step, in the turn of the instance: `work` is given what is stored, and gives what is to be written. Calls,
   * timers and messages of the new record are taken up. Resolves with whether something was written.
   */
  amend(id: string, work: Amend, consumed: Consumed = {}): Promise<boolean> {
    return this.#queued(id, async () => {
      await this.#checkpoint(id);
      const before = (await this.#load(id))?.record;
      const unit = await work(before && (await this.#options.flow(before.hash)), before);
      if (!unit && consumed.inbox === undefined) return false;
      await this.#store({ ...unit, ...consumed });
      this.#loaded.delete(id);
      const record = unit?.instance;
      if (!record) return unit !== undefined;
      const flow = await this.#options.flow(record.hash);
      for (const token of Object.keys(before?.state.runs ?? {})) {
        if (!record.state.runs[token]) this.#invocations.cancel(id, token);
      }
      this.#options.changed(flow, record);
      for (const effect of outstandingEffects(record.state)) {
        if (effect.type === 'run' && !before?.state.runs[effect.token]) await this.#takeUp(flow, record, effect.token);
      }
      this.#options.waiting(record);
      return true;
    });
  }

  get epoch(): number {
    return this.#epoch;
  }

  // -- one step --------------------------------------------------------------------------------------------------------

  #queued<T>(id: string, work: () => Promise<T>): Promise<T> {
    const before = this.#queues.get(id) ?? Promise.resolve();
    const next = before.then(work, work).catch((error: unknown) => {
      // What is stored may be ahead of what is in memory: a commit whose answer was lost.
      this.#drop(id);
      // It may have been stored all the same: nobody knows when the connection is lost.
      const { code, retryable } = error as FlowError;
      if (retryable && code !== 'FLOW-FENCED') this.#options.troubled();
      throw error;
    });
    const settled = next.then(
      () => {},
      () => {},
    );
    this.#queues.set(id, settled);
    void settled.then(() => {
      if (this.#queues.get(id) !== settled) return;
      this.#queues.delete(id);
      if (this.#loaded.get(id)?.record.busy !== 1) this.#loaded.delete(id);
    });
    return next;
  }

  #drop(id: string): void {
    const live = this.#loaded.get(id);
    this.#loaded.delete(id);
    if (live && live.tail.length > 0) this.#dropped.set(id, live.since);
  }

  async #found(record: InstanceRecord, { inbox }: Consumed): Promise<InstanceRecord> {
    if (inbox !== undefined) await this.#store({ inbox });
    return record;
  }

  #load(id: string): Promise<LiveInstance | undefined> {
    return this.#options.records.live(id);
  }

  async #commit(
    flow: CompiledFlow,
    { record: before, tail, since }: { readonly record: Fresh } & Omit<LiveInstance, 'record'>,
    result: StepResult,
    consumed: Consumed,
    definition?: { readonly hash: string; readonly definition: never },
    quiet = false,
  ): Promise<InstanceRecord> {
    const now = this.#options.clock.now();
    const journal = journalRow(before, result, now, this.#epoch, result.state.instance);
    const record = recordAfter(flow, before, result.state, journal);
    const isLogged = quiet && tail.length < LONGEST_TAIL;
    const seq = await this.#store({
      journal,
      ...(isLogged ? {} : { instance: record, earlier: tail }),
      ...consumed,
      ...(definition ? { definition } : {}),
    });
    if (isLogged) this.#loaded.set(record.id, { record, tail: [...tail, journal], since: Math.min(since, seq) });
    else this.#loaded.set(record.id, { record, tail: [], since: Infinity });
    this.#dropped.delete(record.id);
    this.#options.changed(flow, record);
    for (const effect of result.effects) this.#carryOut(flow, record, effect);
    this.#options.waiting(record);
    return record;
  }

  /** Writes an instance whose last steps are in the log only; to be called in its turn. */
  async #checkpoint(id: string): Promise<void> {
    const live = await this.#load(id);
    if (!live || live.tail.length === 0) return;
    const { record, tail } = live;
    await this.#store({ instance: record, earlier: tail });
    this.#loaded.set(id, { record, tail: [], since: Infinity });
    this.#dropped.delete(id);
  }

  async #store(unit: CommitUnit): Promise<number> {
    const epoch = this.#epoch;
    try {
      return await this.#options.commits.commit(unit, epoch);
    } catch (error) {
      // This tab may have taken over again since, after having been put away: then it has only replaced itself.
      if ((error as FlowError).code === 'FLOW-FENCED' && epoch === this.#epoch) this.#options.fenced();
      throw error;
    }
  }

  #carryOut(flow: CompiledFlow, record: InstanceRecord, effect: OutwardEffect): void {
    // Timers and subscriptions need nothing here: they are in the record, and indexed.
    if (effect.type === 'cancel') this.#invocations.cancel(record.id, effect.token);
    else if (effect.type === 'run') void this.#invoke(flow, record, effect.token);
  }

  async #invoke(flow: CompiledFlow, record: InstanceRecord, token: string): Promise<void> {
    const run = record.state.runs[token];
    if (this.#stopped || run?.phase !== 'effect') return;
    const underWay = this.#underWay;
    const attempt = attemptOf(record, token);
    if (underWay.has(attempt)) return;
    underWay.add(attempt);
    await this.#call(flow, record, run);
    underWay.delete(attempt);
  }

  async #call(flow: CompiledFlow, record: InstanceRecord, run: Run): Promise<void> {
    const { token } = run;
    const epoch = this.#epoch;
    if (isOnce(flow, run.activity)) {
      // The barrier: without this row on disk the call must not begin.
      const ledger = { instance: record.id, token, attempt: run.attempt, epoch };
      try {
        await this.#store({ ledger });
      } catch (error) {
        if ((error as FlowError).code !== 'FLOW-FENCED') this.#options.troubled();
        return;
      }
    }
    const message = await this.#invocations.invoke(flow, record.state, run);
    if (this.#stopped || epoch !== this.#epoch) return;
    await this.#deliver(record.id, message);
  }

  /** The result of a call is worth keeping on trying to store, as long as the page lives. */
  async #deliver(id: string, message: InstanceMessage): Promise<void> {
    const epoch = this.#epoch;
    while (!this.#stopped && epoch === this.#epoch) {
      try {
        await this.post(id, () => message);
        return;
      } catch (error) {
        const { code, retryable } = error as FlowError;
        if (code === 'FLOW-FENCED' || !retryable) return;
      }
      // Not by the clock, which somebody may set back.
      await new Promise((resolve) => setTimeout(resolve, STORE_AGAIN));
    }
  }

  async #takeUp(flow: CompiledFlow, record: InstanceRecord, token: string): Promise<void> {
    const run = record.state.runs[token]!;
    if (isOnce(flow, run.activity) && (await this.#options.records.hasBegun(record.id, token, run.attempt))) {
      void this.#deliver(record.id, indeterminate(run));
      return;
    }
    void this.#invoke(flow, record, token);
  }
}

function attemptOf(record: InstanceRecord, token: string): string {
  return `${record.id}/${token} ${record.state.runs[token]?.attempt}`;
}
