// Runs instances in the executing tab: one queue per instance, each step committed before its effects are carried out.
// An instance that only waits is dropped from memory and read again when something happens to it.
import type { CompiledFlow } from '../../compiler/index.js';
import {
  beginInstance,
  outstandingEffects,
  stepInstance,
  type OutwardEffect,
  type StepResult,
} from '../../engine/index.js';
import { FlowError, type JsonObject } from '../../model/index.js';
import { checkCallDepth } from '../call-depth.js';
import { newHeader } from '../instance-view.js';
import type { StartOptions } from '../host.js';
import { Calls, type CallAgain } from './calls.js';
import { isQuiet, LONGEST_TAIL, recordAfter, type LiveInstance } from './checkpoint.js';
import type { CommitUnit } from './commit-unit.js';
import { LiveInstances } from './live-instances.js';
import type { Records } from './records.js';
import { journalRow } from './instance-record.js';
import type { Amend, Consumed, MessageFor, RunnerOptions } from './instance-runner-options.js';
import { InstanceTurns } from './instance-turns.js';
import type { InstanceRecord } from './schema.js';
import { WriteBehind } from './write-behind.js';

/** What a step is added to. */
type Fresh = Pick<InstanceRecord, 'header' | 'fold' | 'rows' | 'lastHash' | 'firstRow'>;

export class InstanceRunner {
  readonly #options: RunnerOptions;
  readonly #calls: Calls;
  readonly #turns: InstanceTurns;
  readonly #live = new LiveInstances();
  readonly #writeBehind: WriteBehind;
  /** Instances with a step of which nobody knows whether it was stored. */
  readonly #doubtful = new Set<string>();
  #epoch = 0;
  #stopped = true;

  constructor(options: RunnerOptions) {
    this.#options = options;
    this.#calls = new Calls({
      registry: options.registry,
      ...options.lending,
      isCurrent: (epoch) => this.#isCurrent(epoch),
      store: (unit, epoch) => this.store(unit, epoch),
      post: (id, message) => this.post(id, () => message),
      isOpen: ({ instance, token, attempt }) =>
        this.#queued(instance, async () => {
          const run = (await this.#load(instance))?.record.state.runs[token];
          return run?.phase === 'effect' && run.attempt === attempt;
        }),
      hasBegun: (id, token, attempt) => options.records.hasBegun(id, token, attempt),
      troubled: options.troubled,
    });
    this.#turns = new InstanceTurns({
      failed: (id, error) => this.#isInDoubt(id, error as FlowError),
      rests: (id) => this.#live.rest(id),
    });
    this.#writeBehind = new WriteBehind({
      toWrite: () => this.#live.toWrite(),
      write: (id) => this.#queued(id, (epoch) => this.#checkpoint(id, epoch)),
      written: () => options.commits.shorten().then(options.written),
    });
  }

  /** From now on this tab executes. */
  begin(epoch: number): void {
    this.#epoch = epoch;
    this.#stopped = false;
    this.#calls.begin();
    this.#live.clear();
    this.#writeBehind.begin();
  }

  /** What the last executor has left in flight, brought up to date. */
  adopt({ instances, unread }: Awaited<ReturnType<Records['inFlight']>>): void {
    this.#live.adopt(instances, unread);
    this.#writeBehind.note(0);
  }

  /** As it is in memory: the newest that there is, while this tab executes. */
  inMemory(id: string): LiveInstance | undefined {
    return this.#live.get(id);
  }

  /** Those that are newer than what is stored; undefined when only the log can tell. */
  unwritten(): readonly LiveInstance[] | undefined {
    return this.#live.unwritten();
  }

  /** Number of the oldest commit with rows that are in no journal yet, or Infinity. */
  neededFrom(): number {
    return this.#live.neededFrom();
  }

  /** Writes the instances that have steps in the log only, as far as that can be done now. */
  write(): Promise<void> {
    return this.#writeBehind.write();
  }

  /** From now on it does not: calls in flight are abandoned, their results are nobody's business here. */
  stop(): void {
    this.#stopped = true;
    this.#writeBehind.stop();
    this.#live.clear();
    this.#calls.stop();
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
    return this.#queued(`${name} ${key}`, async (epoch) => {
      const running = await this.#options.records.openWithKey(name, key);
      return running ? this.#found(running, consumed, epoch) : this.#start(flow, id, input, options, consumed);
    });
  }

  #start(
    flow: CompiledFlow,
    id: string,
    input: JsonObject,
    options: StartOptions,
    consumed: Consumed,
  ): Promise<InstanceRecord> {
    return this.#queued(id, async (epoch) => {
      // An id that was made up for it is nobody's yet, and needs no looking.
      const existing = options.id === undefined && consumed.inbox === undefined ? undefined : await this.#load(id);
      if (existing) return this.#found(existing.record, consumed, epoch);
      const now = this.#options.clock.now();
      const { startedBy, parent } = options;
      const depth = parent ? ((await this.#load(parent.instance))?.record.header.depth ?? 0) + 1 : 0;
      checkCallDepth(flow.definition.flow, depth);
      const header = newHeader(id, now, options, depth);
      const called = parent !== undefined;
      const result = await beginInstance(flow, id, input, now, { startedBy, staff: this.#options.staff, called });
      const fresh = { header, fold: {}, rows: 0, lastHash: flow.hash };
      const live = { record: fresh, tail: [], since: Infinity };
      const definition = { hash: flow.hash, definition: flow.definition as never };
      return this.#commit(epoch, flow, live, result, consumed, definition);
    });
  }

  /** Applies a message; false when it was stale. Rejects when it was refused or could not be stored. */
  post(id: string, messageFor: MessageFor, consumed: Consumed = {}): Promise<boolean> {
    return this.#queued(id, async (epoch) => {
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
        await this.#commit(epoch, flow, live, result, consumed, undefined, isQuiet(flow, record, result));
        return true;
      }
      // It may also be that another tab has taken over and gone on: only who can still write knows that nobody waits for it.
      const { inbox } = consumed;
      await this.store(inbox === undefined ? {} : { inbox }, epoch);
      return false;
    });
  }

  /** Whoever watches an instance of which nobody knew whether its last step was stored hears how it stands. */
  tellDoubtful(): void {
    for (const id of this.#doubtful) {
      this.#doubtful.delete(id);
      this.#queued(id, async () => {
        const record = (await this.#load(id))?.record;
        if (record) this.#options.changed(await this.#options.flow(record.hash), record);
      }).catch(() => {});
    }
  }

  /** Takes up what is in flight and not being done in this tab; what only needs to be called again, together. */
  async resume(ids: readonly string[]): Promise<void> {
    const epoch = this.#epoch;
    const hashes = new Set(ids.flatMap((id) => this.#live.get(id)?.record.hash ?? []));
    const flows = new Map<string, CompiledFlow | undefined>();
    for (const hash of hashes) flows.set(hash, await this.#options.flow(hash).catch(() => undefined));
    if (!this.#isCurrent(epoch)) return;
    const together: string[] = [];
    const calls: CallAgain[] = [];
    for (const id of ids) {
      const record = this.#turns.has(id) ? undefined : this.#live.get(id)?.record;
      const again = record && this.#calls.plain(flows.get(record.hash), record);
      if (again) together.push(id);
      else this.#resume(id).catch(() => {});
      if (again) calls.push(...again);
    }
    await this.#turns.share(together, this.#calls.takeUpAll(calls, epoch));
  }

  #resume(id: string): Promise<void> {
    return this.#queued(id, async (epoch) => {
      const live = await this.#load(id);
      if (!live) return;
      const { record } = live;
      if (record.busy === 1) this.#keep(live, epoch);
      const flow = await this.#options.flow(record.hash);
      for (const effect of outstandingEffects(record.state)) {
        if (effect.type === 'run') await this.#calls.takeUp(flow, record, effect.token, epoch);
      }
    });
  }

  /**
   * What is no step, in the turn of the instance: `work` is given what is stored, and gives what is to be written. Calls,
   * timers and messages of the new record are taken up. Resolves with whether something was written.
   */
  amend(id: string, work: Amend, consumed: Consumed = {}): Promise<boolean> {
    return this.#queued(id, async (epoch) => {
      await this.#checkpoint(id, epoch);
      const before = (await this.#load(id))?.record;
      const unit = await work(before && (await this.#options.flow(before.hash)), before);
      if (!unit && consumed.inbox === undefined) return false;
      await this.store({ ...unit, ...consumed }, epoch);
      this.#live.forget(id);
      const record = unit?.instance;
      if (!record) return unit !== undefined;
      const flow = await this.#options.flow(record.hash);
      for (const token of Object.keys(before?.state.runs ?? {})) {
        if (!record.state.runs[token]) this.#calls.cancel(id, token);
      }
      this.#options.changed(flow, record);
      for (const effect of outstandingEffects(record.state)) {
        if (effect.type === 'run' && !before?.state.runs[effect.token])
          await this.#calls.takeUp(flow, record, effect.token, epoch);
      }
      this.#options.waiting(record);
      return true;
    });
  }

  /** Writes, unless another tab has taken over since this one began the epoch: then it rejects with `FLOW-FENCED`. */
  async store(unit: CommitUnit, epoch: number): Promise<number> {
    try {
      return await this.#options.commits.commit(unit, epoch);
    } catch (error) {
      // This tab may have taken over again since, after having been put away: then it has only replaced itself.
      if (epoch === this.#epoch) this.#failed(unit, error as FlowError);
      throw error;
    }
  }

  #failed({ journal, instance, removed }: CommitUnit, { code }: FlowError): void {
    if (code === 'FLOW-FENCED') return this.#options.fenced();
    // What is stored may be ahead of what is in memory: a commit whose answer was lost.
    const id = journal?.id ?? instance?.id ?? removed;
    if (id === undefined || this.#stopped) return;
    this.#live.drop(id, this.#options.commits.seq);
    this.#writeBehind.note(0);
  }

  /** There may be a page now that can do what waits for one. */
  lookForPages(): void {
    this.#calls.look();
  }

  get epoch(): number {
    return this.#epoch;
  }

  // -- one step --------------------------------------------------------------------------------------------------------

  /**
   * In the turn of the instance. What is read in one time of executing must not be written, nor called, in a later one: others may
   * have gone on with the instance in between. So `work` is told the epoch in which it begins.
   */
  #queued<T>(id: string, work: (epoch: number) => Promise<T>): Promise<T> {
    return this.#turns.take(id, () => work(this.#epoch));
  }

  /** It may have been stored all the same: nobody knows when the connection is lost. */
  #isInDoubt(id: string, { code, retryable }: FlowError): void {
    if (!retryable || code === 'FLOW-FENCED') return;
    this.#doubtful.add(id);
    this.#options.troubled();
  }

  /** Whether this tab executes, and has done so since then. */
  #isCurrent(epoch: number): boolean {
    return !this.#stopped && epoch === this.#epoch;
  }

  #keep(live: LiveInstance, epoch: number): void {
    if (!this.#isCurrent(epoch)) return;
    this.#live.keep(live);
    if (live.tail.length > 0) this.#writeBehind.note(this.#live.waiting);
  }

  async #found(record: InstanceRecord, { inbox }: Consumed, epoch: number): Promise<InstanceRecord> {
    if (inbox !== undefined) await this.store({ inbox }, epoch);
    return record;
  }

  #load(id: string): Promise<LiveInstance | undefined> {
    return this.#options.records.live(id);
  }

  async #commit(
    epoch: number,
    flow: CompiledFlow,
    { record: before, tail, since }: { readonly record: Fresh } & Omit<LiveInstance, 'record'>,
    result: StepResult,
    consumed: Consumed,
    definition?: { readonly hash: string; readonly definition: never },
    quiet = false,
  ): Promise<InstanceRecord> {
    const now = this.#options.clock.now();
    const journal = journalRow(before, result, now, epoch, result.state.instance);
    let made: InstanceRecord | undefined;
    const after = (): InstanceRecord => (made ??= recordAfter(flow, before, result.state, result.records, journal));
    const isLogged = tail.length < LONGEST_TAIL;
    const ledgers = this.#calls.ledgerOf(flow, result.state, result.effects, epoch);
    const unit = {
      journal,
      ...(ledgers.length > 0 ? { ledgers } : {}),
      ...(isLogged ? (quiet ? {} : { newest: after() }) : { instance: after(), earlier: tail }),
      ...consumed,
      ...(definition ? { definition } : {}),
      // What is not written can be made while the rest is.
      meanwhile: after,
    };
    const seq = await this.store(unit, epoch);
    const record = after();
    if (isLogged) this.#keep({ record, tail: [...tail, journal], since: Math.min(since, seq) }, epoch);
    else this.#keep({ record, tail: [], since: Infinity }, epoch);
    this.#options.changed(flow, record);
    const noted = new Set(ledgers.map(({ token }) => token));
    for (const effect of result.effects) this.#carryOut(flow, record, effect, epoch, noted);
    this.#options.waiting(record);
    return record;
  }

  /** Writes an instance whose last steps are in the log only; to be called in its turn. */
  async #checkpoint(id: string, epoch: number): Promise<void> {
    const live = await this.#load(id);
    if (live && live.tail.length > 0) {
      const { record, tail } = live;
      await this.store({ instance: record, earlier: tail }, epoch);
      this.#keep({ record, tail: [], since: Infinity }, epoch);
    }
    if (this.#isCurrent(epoch)) this.#live.isWritten(id);
  }

  #carryOut(
    flow: CompiledFlow,
    record: InstanceRecord,
    effect: OutwardEffect,
    epoch: number,
    noted: ReadonlySet<string>,
  ): void {
    // Timers and subscriptions need nothing here: they are in the record, and indexed.
    if (effect.type === 'cancel') this.#calls.cancel(record.id, effect.token);
    else if (effect.type === 'run') void this.#calls.invoke(flow, record, effect.token, epoch, noted.has(effect.token));
  }
}
