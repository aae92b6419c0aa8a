// The durable host of a page: instances live in IndexedDB and go on after reload, crash or a closed tab. One tab per origin
// executes; every tab can start, complete, signal, cancel and watch. What a tab asks for is acknowledged once it is
// committed: directly when it executes itself, otherwise in the inbox that the executor works off.
import type { CompiledFlow } from '../../compiler/index.js';
import { checkInput, takesEscalation, type InstanceMessage } from '../../engine/index.js';
import { FlowError, type FlowDefinition, type JsonObject } from '../../model/index.js';
import { systemClock, type Clock } from '../clock.js';
import { FlowCatalog } from '../flow-catalog.js';
import type {
  HistoryRecord,
  HostCommand,
  InstanceQuery,
  InstanceView,
  RetryOptions,
  StartOptions,
  TaskView,
  User,
} from '../host.js';
import { registryOf, type Caller } from '../host-implementations.js';
import { viewOf } from '../instance-view.js';
import { cancelMessage } from '../cancel-message.js';
import { timely } from '../timely.js';
import type { Management } from '../management/index.js';
import type { Scheduler } from '../schedules/index.js';
import type { BrowserHost, BrowserHostOptions } from './browser-host-options.js';
import { Channel } from './channel.js';
import { broughtUpToDate } from './checkpoint.js';
import { Connection } from './connection.js';
import { ExecutorLock } from './executor-lock.js';
import { GroupCommit } from './group-commit.js';
import { Inbox } from './inbox.js';
import { InstanceRunner } from './instance-runner.js';
import { InstanceViews } from './instance-views.js';
import { LazyParts } from './lazy-parts.js';
import { LentCalls } from './lent-calls.js';
import { Records } from './records.js';
import type { InstanceRecord } from './schema.js';
import { Signals } from './signals.js';
import { StoreIdentity } from './store-identity.js';
import { takeOver } from './take-over.js';
import { TabWatchers } from './tab-watchers.js';
import { staffInStore } from './turns.js';
import type { Vault } from './vault.js';
import { dueMessage, WakeUp } from './wake-up.js';

/** Opens the store. Rejects with `FLOW-STORAGE-…` when the browser does not let the page keep anything. */
export async function createBrowserHost(options: BrowserHostOptions = {}): Promise<BrowserHost> {
  const { encryptionKey } = options;
  const vault = encryptionKey && new (await import('./vault.js')).Vault(encryptionKey);
  const host = new IndexedDbHost(options, vault);
  await host.open();
  return host;
}

/** How long a request may stay unanswered before the executor is asked whether it lives, and then replaced; ms. */
const PATIENCE = 3000;
/** Pause before what could not be read or stored is tried again; ms. */
const LOOK_AGAIN = 2000;

class IndexedDbHost implements BrowserHost {
  readonly #clock: Clock;
  readonly #newId: () => string;
  readonly #connection: Connection;
  readonly #commits: GroupCommit;
  readonly #runner: InstanceRunner;
  readonly #wakeUp: WakeUp;
  readonly #channel: Channel;
  readonly #name: string;
  readonly #identity: StoreIdentity;
  #lock: ExecutorLock | undefined;
  #executing = false;
  /** Counts the times of executing, and the ends of them: what was begun in one must not go on in another. */
  #turn = 0;
  #again: ReturnType<typeof setTimeout> | undefined;
  #closed = false;
  #working: Promise<void> = Promise.resolve();
  readonly #records: Records;
  readonly #catalog: FlowCatalog;
  readonly #inbox: Inbox;
  readonly #parts: LazyParts;
  readonly #signals: Signals;
  readonly #views: InstanceViews;
  readonly #watchers = new TabWatchers();
  readonly #lent: LentCalls;
  readonly #onHide = (): void => {
    this.#runner.stop();
    this.#lent.stop();
  };

  constructor(options: BrowserHostOptions, vault: Vault | undefined) {
    this.#name = options.name ?? 'millrace';
    this.#clock = options.clock ?? systemClock;
    this.#newId = options.newId ?? (() => crypto.randomUUID());
    this.#connection = new Connection(this.#name, options.durability ?? 'strict', vault);
    this.#identity = new StoreIdentity(this.#connection, this.#name, options.wiped);
    this.#commits = new GroupCommit(this.#connection, () => this.#runner.neededFrom(), this.#watchers.tell);
    this.#records = new Records(this.#connection, vault, {
      inMemory: (id) => this.#runner.inMemory(id),
      unwritten: () => this.#runner.unwritten(),
      replay: async (checkpoint, rows) =>
        broughtUpToDate(await this.#catalog.pinned(checkpoint.hash), checkpoint, rows),
    });
    this.#catalog = new FlowCatalog((hash) => this.#records.definition(hash));
    this.#views = new InstanceViews(this.#connection, this.#records, this.#catalog);
    const registry = registryOf(options.implementations, this, (caller, code) => this.#escalate(caller, code));
    this.#lent = new LentCalls({
      name: this.#name,
      registry,
      connection: this.#connection,
      records: this.#records,
      pinned: (hash) => this.#catalog.pinned(hash),
      answer: (instance, message) => this.#message(instance, message),
    });
    this.#runner = new InstanceRunner({
      records: this.#records,
      commits: this.#commits,
      registry,
      lending: {
        offer: (call) => this.#channel.offer(call),
        withdraw: (instance, token) => this.#channel.withdraw(instance, token),
        isLent: (call) => this.#lent.isHeld(call),
      },
      clock: this.#clock,
      staff: staffInStore(this.#connection, this.#records),
      flow: (hash) => this.#catalog.pinned(hash),
      changed: (flow, record) => this.#changed(flow, record),
      waiting: (record) => this.#waiting(record),
      fenced: () => this.#fenced(),
      troubled: () => this.#lookAgain(),
      written: () => this.#parts.written(),
    });
    this.#wakeUp = new WakeUp(this.#records, this.#clock, (instance, token, id, at) =>
      this.#runner.post(instance, () => dueMessage(this.#clock, token, id, at)),
    );
    this.#channel = new Channel(`millrace:${this.#name}`, {
      view: (view) => this.#watchers.notify(view),
      work: () => this.#workOff(),
      arrived: () => this.#runner.lookForPages(),
      wanted: (call) => void this.#lent.take(call).catch(() => {}),
      unwanted: (call) => this.#lent.withdraw(call),
      isExecutor: () => this.#executing,
      began: () => this.#inbox.askAgain(),
    });
    this.#signals = new Signals(this.#connection, this.#records, this.#runner, this.#clock, this.#newId);
    this.#inbox = new Inbox({
      clock: this.#clock,
      newId: this.#newId,
      isExecuting: () => this.#executing,
      connection: this.#connection,
      records: this.#records,
      runner: this.#runner,
      channel: this.#channel,
      pinned: (hash, atHand) => this.#catalog.pinned(hash, atHand),
      manage: (order, consumed) => this.#parts.carryOut(order, consumed),
      wake: () => this.#wake(),
    });
    this.#parts = new LazyParts({
      connection: this.#connection,
      records: this.#records,
      commits: this.#commits,
      runner: this.#runner,
      catalog: this.#catalog,
      clock: this.#clock,
      newId: this.#newId,
      ...(options.retention ? { retention: options.retention } : {}),
      isExecuting: () => this.#executing,
      wake: () => this.#wake(),
      have: (here, order) => this.#inbox.have(here, { type: 'manage', order }),
    });
  }

  get isExecutor(): boolean {
    return this.#executing;
  }

  async open(): Promise<void> {
    await this.#identity.check();
    await this.#records.check();
    // A page on its way out must not take the end of its own requests for a result.
    globalThis.addEventListener?.('pagehide', this.#onHide);
    this.#lock = new ExecutorLock({
      name: `millrace:${this.#name}`,
      acquired: () => this.#execute(),
      lost: () => this.#stopExecuting(),
      waiting: () => this.#poke('ping'),
    });
    this.#channel.arrive();
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#stopExecuting();
    this.#lent.stop();
    this.#lock?.close();
    globalThis.removeEventListener?.('pagehide', this.#onHide);
    this.#channel.close();
    this.#watchers.clear();
    await this.#connection.close();
  }

  deploy(flow: FlowDefinition | CompiledFlow): Promise<CompiledFlow> {
    return this.#catalog.deploy(flow);
  }

  async start(name: string, input: JsonObject = {}, options: StartOptions = {}): Promise<InstanceView> {
    const existing = await this.#existing(name, options);
    if (existing) return this.#views.of(existing);
    const flow = this.#catalog.named(name);
    await checkInput(flow, input);
    const instance = options.id ?? this.#newId();
    const { hash, definition } = flow;
    const begin = (): Promise<InstanceRecord> => this.#runner.start(flow, instance, input, options);
    const record =
      (await this.#inbox.have(begin, { type: 'start', instance, hash, definition, input, options })) ??
      (await this.#existing(name, { ...options, id: instance }));
    if (!record)
      throw new FlowError('FLOW-UNKNOWN-INSTANCE', `The instance "${instance}" was not started.`, { instance });
    return this.#views.of(record);
  }

  /** What need not be started; its flow need not even be deployed. */
  async #existing(name: string, { id, key, once }: StartOptions): Promise<InstanceRecord | undefined> {
    const record = id === undefined ? undefined : await this.#records.instance(id);
    return record ?? (once && key !== undefined ? this.#records.openWithKey(name, key) : undefined);
  }

  async send(command: HostCommand): Promise<void> {
    if (command.type === 'signal') {
      await this.#signals.keep(command.signal);
      return this.#wake();
    }
    await this.#inbox.have(() => this.#inbox.command(command), { type: 'command', command });
  }

  get(id: string): Promise<InstanceView | undefined> {
    return this.#views.get(id);
  }

  list(query: InstanceQuery = {}): Promise<readonly InstanceView[]> {
    return this.#views.list(query);
  }

  tasks(user?: User): Promise<readonly TaskView[]> {
    return this.#views.tasks(user);
  }

  cancel(id: string, reason?: string, by?: string): Promise<void> {
    return this.#message(id, cancelMessage(reason, by));
  }

  retry(id: string, options: RetryOptions = {}): Promise<void> {
    return this.#message(id, { type: 'retry', ...options });
  }

  watch(id: string | undefined, listener: (view: InstanceView) => void): () => void {
    return this.#watchers.add(id, listener);
  }

  history(id: string): Promise<readonly HistoryRecord[]> {
    return this.#views.history(id);
  }

  flowOf(id: string): Promise<CompiledFlow | undefined> {
    return this.#views.flowOf(id);
  }

  schedules(): Promise<Scheduler> {
    return this.#parts.schedules();
  }

  management(): Promise<Management> {
    return this.#parts.management();
  }

  // -- executing -------------------------------------------------------------------------------------------------------

  async #execute(): Promise<void> {
    if (this.#closed) return;
    const turn = ++this.#turn;
    // Whenever something is waited for, the lock may be stolen or given back.
    const go = (): void => {
      if (turn !== this.#turn) throw new Error('This tab is not to execute any more.');
    };
    try {
      await this.#identity.check();
      const { epoch, seq } = await this.#connection.write(
        (tx) => (go(), takeOver(tx, this.#clock.now())),
        ['meta', 'log'],
      );
      go();
      this.#commits.begin(epoch, seq);
      this.#runner.begin(epoch);
      const inFlight = await this.#records.inFlight();
      go();
      this.#runner.adopt(inFlight);
      this.#executing = true;
      this.#wakeUp.begin();
      this.#parts.begin();
      this.#channel.announce();
      this.#inbox.askAgain();
      await this.#takeUp(inFlight.instances.map(({ record }) => record.id).concat(inFlight.unread));
    } catch {
      if (turn !== this.#turn) return;
      // Storage has gone: every call of the host reports it. It may come back while this tab has the lock.
      this.#stopExecuting();
      this.#lookAgain();
    }
  }

  /** Takes up whatever the store says is to be done and nobody in this tab is doing. */
  async #takeUp(busy?: readonly string[]): Promise<void> {
    this.#workOff();
    await this.#runner.write();
    this.#runner.tellDoubtful();
    void this.#runner.resume(busy ?? [...(await this.#records.busy())]);
  }

  /** Something could not be read or stored, or nobody knows whether it was: in a while everything is looked at again. */
  #lookAgain(): void {
    if (this.#closed) return;
    this.#again ??= setTimeout(() => {
      this.#again = undefined;
      if (!this.#executing) return void (this.#lock?.isHeld && this.#execute());
      void this.#wakeUp.check();
      this.#takeUp().catch(() => this.#lookAgain());
    }, LOOK_AGAIN);
  }

  /** Another tab has taken over, or the store was made anew; whoever still has the lock then is to execute. */
  #fenced(): void {
    this.#stopExecuting();
    if (globalThis.navigator?.locks) this.#lookAgain();
  }

  #stopExecuting(): void {
    this.#turn++;
    this.#executing = false;
    clearTimeout(this.#again);
    this.#again = undefined;
    this.#runner.stop();
    this.#wakeUp.stop();
    this.#parts.stop();
  }

  /** Works off inbox and signals, in order; another call while it runs makes it look once more. */
  #workOff(): void {
    this.#working = this.#working.then(async () => {
      if (!this.#executing) return;
      try {
        await this.#inbox.workOff();
        await this.#signals.deliver();
      } catch {
        // What could not be done stays in the store.
        this.#lookAgain();
        if (!this.#executing) this.#poke('work');
      }
    });
  }

  /** Tells the nearest caller that takes it. */
  async #escalate({ instance, token }: Caller, code?: string): Promise<void> {
    const record = await this.#records.instance(instance);
    if (!record) return;
    const around = record.header.parent;
    const taken = takesEscalation(await this.#catalog.pinned(record.hash), record.state, token, code);
    if (around && !taken) return this.#escalate(around, code);
    await this.#message(instance, { type: 'escalation', token, ...(code === undefined ? {} : { code }) });
  }

  async #message(instance: string, message: InstanceMessage): Promise<void> {
    await this.#inbox.have(() => this.#runner.post(instance, (_, state) => timely(state, message)), {
      type: 'message',
      instance,
      message,
    });
  }

  #wake(): void {
    if (this.#executing) this.#workOff();
    else this.#poke('work');
  }

  #poke(type: 'ping' | 'work'): void {
    this.#channel.poke(type, PATIENCE, () => this.#lock?.steal());
  }

  #waiting(record: InstanceRecord): void {
    this.#wakeUp.note(record);
    if (record.awaits.length > 0) this.#workOff();
  }

  // -- seeing ----------------------------------------------------------------------------------------------------------

  #changed(flow: CompiledFlow, { id, state, header, fold, busy }: InstanceRecord): void {
    const view = (): InstanceView => viewOf(flow, state, header, fold);
    this.#channel.publish(id, view);
    this.#watchers.changed(id, busy === 0 || state.status !== 'running', view);
  }
}
