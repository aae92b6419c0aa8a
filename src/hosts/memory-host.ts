// The host for microflows, tests and Node: instances live in memory and end with the page. One queue per instance, so
// events are applied one at a time; everything else is the same core as in the durable hosts.
import type { CompiledFlow } from '../compiler/index.js';
import {
  beginInstance,
  chain,
  checkInput,
  isPromise,
  outstandingEffects,
  stepInstance,
  takesEscalation,
  type InstanceMessage,
  type MaybePromise,
  type OutwardEffect,
  type StepRecord,
  type StepResult,
} from '../engine/index.js';
import { FlowError, type FlowDefinition, type JsonObject } from '../model/index.js';
import { checkCallDepth } from './call-depth.js';
import { cancelMessage } from './cancel-message.js';
import { systemClock, type Clock } from './clock.js';
import { FlowCatalog } from './flow-catalog.js';
import type {
  HistoryRecord,
  HostCommand,
  InstanceQuery,
  InstanceView,
  RetryOptions,
  Signal,
  StartOptions,
  TaskView,
  User,
} from './host.js';
import { registryOf, type Caller } from './host-implementations.js';
import { indeterminate } from './indeterminate.js';
import { foldChanges, isOver, mayDo, newHeader, viewOf } from './instance-view.js';
import { matchesQuery } from './instance-query.js';
import { Invocations } from './invocations.js';
import type { ManagedHost } from './managed-host.js';
import type { Scheduler } from './schedules/index.js';
import type { MemoryScheduler } from './schedules/memory-scheduler.js';
import type { Management } from './management/index.js';
import { keepHistory, memoryInstance, type MemoryInstance, type MemoryWork } from './memory-instance.js';
import type { MemoryHostOptions } from './memory-host-options.js';
import { SignalBox, signalMessage } from './signal-box.js';
import { timely } from './timely.js';
import { ViewWatchers } from './view-watchers.js';
import { WorkUnderWay } from './work-under-way.js';
import { staffIn } from './workload.js';

export interface MemoryHost extends ManagedHost {
  /** Resolves when nothing goes on: every instance is over or waits for a person, a message, a timer or another instance. */
  settled(): Promise<void>;
  /** The same; false when implementations that do not answer have been all that goes on for so long (ms of real time). */
  rests(patience: number): Promise<boolean>;
}

export function createMemoryHost(options: MemoryHostOptions = {}): MemoryHost {
  return new InMemory(options);
}

class InMemory implements MemoryHost {
  readonly #invocations: Invocations;
  readonly #clock: Clock;
  readonly #options: MemoryHostOptions;
  readonly #catalog = new FlowCatalog();
  readonly #instances = new Map<string, MemoryInstance>();
  readonly #finished: string[] = [];
  /** Those that could be retried, the longest failed first. */
  readonly #failed = new Set<string>();
  readonly #watchers = new ViewWatchers<MemoryInstance>((instance) => this.#view(instance));
  readonly #signals = new SignalBox();
  #scheduler: MemoryScheduler | undefined;
  readonly #context = {
    staff: staffIn(() => Array.from(this.#instances.values(), ({ state }) => state)),
    spent: true,
  };
  /** Starts, steps and invocations under way; calls of other flows do not count, those flows do. */
  readonly #underWay = new WorkUnderWay();

  constructor(options: MemoryHostOptions) {
    this.#options = options;
    this.#clock = options.clock ?? systemClock;
    this.#invocations = new Invocations(registryOf(options.implementations, this, this.#escalate.bind(this)));
  }

  deploy(flow: FlowDefinition | CompiledFlow): Promise<CompiledFlow> {
    return this.#catalog.deploy(flow);
  }

  start(name: string, input: JsonObject = {}, options: StartOptions = {}): Promise<InstanceView> {
    return this.#underWay.during(this.#start(name, input, options));
  }

  async #start(name: string, input: JsonObject, options: StartOptions): Promise<InstanceView> {
    const flow = this.#catalog.named(name);
    const existing = this.#existing(name, options);
    if (existing) return this.#view(existing);
    await checkInput(flow, input);
    const depth = options.parent ? (this.#instances.get(options.parent.instance)?.header.depth ?? 0) + 1 : 0;
    checkCallDepth(name, depth, this.#options.maxCallDepth);
    const now = this.#clock.now();
    const id = options.id ?? this.#options.newId?.() ?? crypto.randomUUID();
    const { startedBy, parent } = options;
    const called = parent !== undefined;
    const begun = beginInstance(flow, id, input, now, { ...this.#context, startedBy, called });
    const result = isPromise(begun) ? await begun : begun;
    // Somebody else may have asked for the same while the input was checked.
    const meanwhile = this.#existing(name, options);
    if (meanwhile) return this.#view(meanwhile);
    const instance = memoryInstance(flow, result.state, newHeader(id, now, options, depth));
    this.#instances.set(id, instance);
    this.#commit(instance, result);
    return this.#view(instance);
  }

  async send(command: HostCommand): Promise<void> {
    if (command.type === 'signal') return this.#signal(command.signal);
    if (!('task' in command)) {
      const { instance, ...message } = command;
      return this.#tell(instance, message);
    }
    // Microflows have no tasks.
    const { taskAddress, taskMessage } = await import('./task-command.js');
    const instance = this.#instance(taskAddress(command.task).instance);
    return this.#post(instance, () => taskMessage(instance.flow, instance.state, command));
  }

  async get(id: string): Promise<InstanceView | undefined> {
    const instance = this.#instances.get(id);
    return instance && this.#view(instance);
  }

  async list(query: InstanceQuery = {}): Promise<readonly InstanceView[]> {
    return [...this.#instances.values()]
      .filter((i) => matchesQuery(query, i.flow.definition, i.state, i.header))
      .sort((a, b) => b.header.startedAt - a.header.startedAt)
      .slice(0, query.limit)
      .map((i) => this.#view(i));
  }

  async tasks(user?: User): Promise<readonly TaskView[]> {
    const all = [...this.#instances.values()].flatMap((i) => this.#view(i).tasks);
    return user ? all.filter((t) => mayDo(t, user)) : all;
  }

  async cancel(id: string, reason?: string, by?: string): Promise<void> {
    return this.#tell(id, cancelMessage(reason, by));
  }

  async retry(id: string, options: RetryOptions = {}): Promise<void> {
    return this.#tell(id, { type: 'retry', ...options });
  }

  watch(id: string | undefined, listener: (view: InstanceView) => void): () => void {
    return this.#watchers.add(id, listener);
  }

  async history(id: string): Promise<readonly HistoryRecord[]> {
    return this.#instance(id).history;
  }

  async flowOf(id: string): Promise<CompiledFlow | undefined> {
    return this.#instances.get(id)?.flow;
  }

  async close(): Promise<void> {
    this.#invocations.cancelAll();
    this.#scheduler?.close();
    for (const instance of this.#instances.values()) for (const disarm of instance.timers.values()) disarm();
    this.#instances.clear();
    this.#watchers.clear();
  }

  async schedules(): Promise<Scheduler> {
    const { MemoryScheduler } = await import('./schedules/memory-scheduler.js');
    return (this.#scheduler ??= new MemoryScheduler(this, this.#catalog, this.#clock));
  }

  async management(): Promise<Management> {
    const { MemoryManagement } = await import('./management/memory-management.js');
    return new MemoryManagement({
      all: this.#instances,
      clock: this.#clock,
      find: (id) => this.#instance(id),
      add: (instance) => this.#add(instance),
      moved: (instance) => this.#moved(instance),
      remove: (id) => void this.#instances.delete(id),
      inTurn: (instance, work) => this.#enqueue(instance, work),
      viewOf: (instance) => this.#view(instance),
    });
  }

  #moved(instance: MemoryInstance): void {
    for (const disarm of instance.timers.values()) disarm();
    instance.timers.clear();
    for (const token of Object.keys(instance.state.runs)) this.#signals.unsubscribe(instance.header.id, token);
    // Calls go on as they are: the answer to one means the same run.
    for (const effect of outstandingEffects(instance.state))
      if (effect.type !== 'run') this.#carryOut(instance, effect);
    this.#watchers.changed(instance.header.id, instance, true);
  }

  /** An instance from elsewhere goes on here. */
  #add(instance: MemoryInstance): void {
    this.#instances.set(instance.header.id, instance);
    for (const effect of outstandingEffects(instance.state)) {
      const run = effect.type === 'run' ? instance.state.runs[effect.token] : undefined;
      const hasBegun = run && instance.begun.some((c) => c.token === run.token && c.attempt === run.attempt);
      if (hasBegun) this.#deliver(instance, indeterminate(run));
      else this.#carryOut(instance, effect);
    }
    this.#watchers.changed(instance.header.id, instance, true);
  }

  settled(): Promise<void> {
    return this.#underWay.settled();
  }

  rests(patience: number): Promise<boolean> {
    return this.#underWay.rests(patience);
  }

  // -- one instance ----------------------------------------------------------------------------------------------------

  async #tell(id: string, message: InstanceMessage): Promise<void> {
    const instance = this.#instance(id);
    return this.#post(instance, () => timely(instance.state, message));
  }

  /** Queues a message; resolves when it has been applied or ignored, rejects when it cannot be made. */
  #post(instance: MemoryInstance, message: () => InstanceMessage): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#enqueue(instance, () => {
        try {
          const taken = this.#take(instance, message());
          if (isPromise(taken)) return taken.then(resolve, reject);
          resolve();
        } catch (error) {
          reject(error);
        }
      });
    });
  }

  /** A message from an effect: nobody waits for it, so no promise is made. */
  #deliver(instance: MemoryInstance, message: InstanceMessage): void {
    this.#enqueue(instance, () => this.#take(instance, message));
  }

  #take(instance: MemoryInstance, message: InstanceMessage): MaybePromise<void> {
    const step = stepInstance(instance.flow, instance.state, message, this.#clock.now(), this.#context);
    return chain(step, (result) => result && this.#commit(instance, result));
  }

  #enqueue(instance: MemoryInstance, work: MemoryWork): void {
    instance.inbox.push(work);
    if (!instance.busy) this.#work(instance);
  }

  #work(instance: MemoryInstance): void {
    instance.busy = true;
    for (let next = instance.inbox.shift(); next; next = instance.inbox.shift()) {
      const running = next();
      if (running) {
        void this.#underWay.during(running).then(() => this.#work(instance));
        return;
      }
    }
    instance.busy = false;
  }

  #commit(instance: MemoryInstance, result: StepResult): void {
    const now = this.#clock.now();
    instance.state = result.state;
    foldChanges(instance.fold, result.records);
    if (this.#options.trace) this.#trace(instance, result.records, now);
    keepHistory(instance, result.records, now, this.#options.historyLimit);
    const over = isOver(result.state);
    instance.header.changedAt = now;
    if (over) instance.header.endedAt = now;
    else if (instance.header.endedAt !== undefined) delete instance.header.endedAt;
    for (const effect of result.effects) this.#carryOut(instance, effect);
    if (over) this.#finish(instance);
    this.#keepFailed(instance);
    this.#watchers.changed(instance.header.id, instance, instance.state.status !== 'running');
  }

  #trace(instance: MemoryInstance, records: readonly StepRecord[], now: number): void {
    const at = { instance: instance.header.id, flow: instance.flow.definition.flow, at: now };
    for (const { changes } of records) for (const c of changes) this.#options.trace!({ ...at, ...c });
  }

  #carryOut(instance: MemoryInstance, effect: OutwardEffect): void {
    const { flow, state } = instance;
    switch (effect.type) {
      case 'run': {
        const run = state.runs[effect.token];
        if (run?.phase !== 'effect') return;
        // A call waits for another instance, which counts itself.
        if (flow.plan.activities[run.activity]!.type !== 'call') {
          this.#underWay.beginCall();
          instance.calls.set(run.token, run);
        }
        void this.#invocations.invoke(flow, state, run).then((message) =>
          this.#underWay.inTurn(() => {
            const isOpen = instance.calls.get(run.token) === run;
            if (isOpen) instance.calls.delete(run.token);
            this.#deliver(instance, message);
            if (isOpen) this.#underWay.endCall();
          }),
        );
        return;
      }
      case 'timer': {
        const { token, id, at } = effect;
        const name = `${token} ${id}`;
        instance.timers.get(name)?.();
        instance.timers.set(
          name,
          this.#clock.at(at, () => {
            instance.timers.delete(name);
            this.#deliver(instance, { type: 'timer', token, id, at });
          }),
        );
        return;
      }
      case 'subscribe': {
        const { token, id, subscription } = effect;
        const kept = this.#signals.subscribe({ instance: state.instance, token, id, subscription });
        if (kept) this.#deliver(instance, signalMessage(token, id, kept));
        return;
      }
      case 'cancel':
        this.#invocations.cancel(state.instance, effect.token);
        // Nobody waits any more for one that does not listen to its signal.
        if (instance.calls.delete(effect.token)) this.#underWay.endCall();
        this.#signals.unsubscribe(state.instance, effect.token);
        for (const [name, disarm] of instance.timers) {
          if (!name.startsWith(`${effect.token} `)) continue;
          disarm();
          instance.timers.delete(name);
        }
    }
  }

  async #signal(signal: Signal): Promise<void> {
    for (const { instance: id, token, id: subscription } of this.#signals.signal(signal)) {
      const instance = this.#instances.get(id);
      if (instance) await this.#post(instance, () => signalMessage(token, subscription, signal));
    }
  }

  /** Tells the nearest caller that takes it. */
  async #escalate({ instance: id, token }: Caller, code?: string): Promise<void> {
    const instance = this.#instances.get(id);
    const around = instance?.header.parent;
    if (!instance) return;
    if (around && !takesEscalation(instance.flow, instance.state, token, code)) return this.#escalate(around, code);
    await this.#post(instance, () => ({ type: 'escalation', token, ...(code === undefined ? {} : { code }) }));
  }

  #finish(instance: MemoryInstance): void {
    for (const disarm of instance.timers.values()) disarm();
    instance.timers.clear();
    this.#finished.push(instance.header.id);
    if (this.#finished.length > (this.#options.keepFinished ?? 200)) this.#instances.delete(this.#finished.shift()!);
  }

  /** One that has failed and in which nothing else goes on may be dropped, too, after as many others. */
  #keepFailed({ header: { id }, state }: MemoryInstance): void {
    this.#failed.delete(id);
    if (state.status !== 'failed' || Object.values(state.runs).some(({ phase }) => phase !== 'incident')) return;
    this.#failed.add(id);
    if (this.#failed.size <= (this.#options.keepFinished ?? 200)) return;
    const [longest] = this.#failed;
    this.#failed.delete(longest!);
    this.#instances.delete(longest!);
  }

  #view(instance: MemoryInstance): InstanceView {
    return viewOf(instance.flow, instance.state, instance.header, { ...instance.fold });
  }

  #instance(id: string): MemoryInstance {
    const instance = this.#instances.get(id);
    if (instance) return instance;
    throw new FlowError('FLOW-UNKNOWN-INSTANCE', `There is no instance "${id}" in this page.`, { instance: id });
  }

  #existing(flow: string, options: StartOptions): MemoryInstance | undefined {
    if (options.id !== undefined && this.#instances.has(options.id)) return this.#instances.get(options.id);
    if (!options.once || options.key === undefined) return undefined;
    return [...this.#instances.values()].find(
      (i) => i.flow.definition.flow === flow && i.header.key === options.key && !isOver(i.state),
    );
  }
}
