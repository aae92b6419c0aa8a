// The durable host of a page: instances live in IndexedDB and go on after reload, crash or a closed tab. One tab per origin
// executes; every tab can start, complete, signal, cancel and watch. What a tab asks for is acknowledged once it is
// committed: directly when it executes itself, otherwise in the inbox that the executor works off.
import {
  createLogImplementation,
  createRegistry,
  type Implementations,
  type Registry,
} from '../../activities/index.js';
import { compileOnDemand, type CompiledFlow } from '../../compiler/index.js';
import { checkInput } from '../../engine/index.js';
import { didYouMean, FlowError, type FlowDefinition, type JsonObject } from '../../model/index.js';
import { systemClock, type Clock } from '../clock.js';
import type {
  FlowHost,
  HistoryRecord,
  HostCommand,
  InstanceQuery,
  InstanceView,
  Signal,
  StartOptions,
  TaskView,
  User,
} from '../host.js';
import { mayDo, viewOf } from '../instance-view.js';
import { withHostImplementations } from '../memory-host.js';
import { matches } from '../signal-box.js';
import { taskAddress, taskMessage } from '../task-command.js';
import { Channel } from './channel.js';
import { Connection } from './connection.js';
import { ExecutorLock } from './executor-lock.js';
import { GroupCommit } from './group-commit.js';
import { InstanceRunner, type Consumed, type MessageFor } from './instance-runner.js';
import type { InboxRow, InstanceRecord } from './schema.js';
import { WakeUp } from './wake-up.js';

export interface BrowserHostOptions {
  readonly implementations?: Implementations | Registry;
  /** Name of the database, of the lock and of the channel. Default `millrace`. */
  readonly name?: string;
  /** `strict` (default) flushes to disk before anything is acknowledged; `relaxed` leaves that to the operating system. */
  readonly durability?: 'strict' | 'relaxed';
  readonly clock?: Clock;
  readonly newId?: () => string;
}

export interface BrowserHost extends FlowHost {
  /** Whether this tab executes. */
  readonly isExecutor: boolean;
}

/** Opens the store. Rejects with `FLOW-STORAGE-…` when the browser does not let the page keep anything. */
export async function createBrowserHost(options: BrowserHostOptions = {}): Promise<BrowserHost> {
  const host = new IndexedDbHost(options);
  await host.open();
  return host;
}

/** How long a request may stay unanswered before the executor is asked whether it lives, and then replaced; ms. */
const PATIENCE = 3000;

class IndexedDbHost implements BrowserHost {
  readonly #clock: Clock;
  readonly #newId: () => string;
  readonly #connection: Connection;
  readonly #commits: GroupCommit;
  readonly #runner: InstanceRunner;
  readonly #wakeUp: WakeUp;
  readonly #channel: Channel;
  readonly #name: string;
  #lock: ExecutorLock | undefined;
  #executing = false;
  #closed = false;
  #working: Promise<void> = Promise.resolve();
  readonly #byName = new Map<string, CompiledFlow>();
  readonly #byHash = new Map<string, Promise<CompiledFlow>>();
  readonly #watchers = new Set<{
    readonly id: string | undefined;
    readonly listener: (view: InstanceView) => void;
    readonly newest: Map<string, number>;
  }>();
  readonly #onHide = (): void => this.#runner.stop();

  constructor(options: BrowserHostOptions) {
    this.#name = options.name ?? 'millrace';
    this.#clock = options.clock ?? systemClock;
    this.#newId = options.newId ?? (() => crypto.randomUUID());
    this.#connection = new Connection(this.#name, options.durability ?? 'strict');
    this.#commits = new GroupCommit(this.#connection);
    const registry =
      'resolve' in (options.implementations ?? {})
        ? (options.implementations as Registry)
        : createRegistry({ log: createLogImplementation(), ...(options.implementations as Implementations) });
    this.#runner = new InstanceRunner({
      connection: this.#connection,
      commits: this.#commits,
      registry: withHostImplementations(registry, this),
      clock: this.#clock,
      flow: (hash) => this.#flowByHash(hash),
      changed: (view) => this.#changed(view),
      waiting: (record) => this.#waiting(record),
      fenced: () => this.#stopExecuting(),
    });
    this.#wakeUp = new WakeUp(this.#connection, this.#clock, (instance, token, id, at) =>
      this.#runner.post(instance, () => ({ type: 'timer', token, id, at })),
    );
    this.#channel = new Channel(`millrace:${this.#name}`, {
      view: (view) => this.#notify(view),
      work: () => this.#workOff(),
      isExecutor: () => this.#executing,
    });
  }

  get isExecutor(): boolean {
    return this.#executing;
  }

  async open(): Promise<void> {
    await this.#connection.read((db) => db.count('meta'));
    // A page on its way out must not take the end of its own requests for a result.
    globalThis.addEventListener?.('pagehide', this.#onHide);
    this.#lock = new ExecutorLock({
      name: `millrace:${this.#name}`,
      acquired: () => this.#execute(),
      lost: () => this.#stopExecuting(),
    });
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#stopExecuting();
    this.#lock?.close();
    globalThis.removeEventListener?.('pagehide', this.#onHide);
    this.#channel.close();
    this.#watchers.clear();
    await this.#connection.close();
  }

  async deploy(flow: FlowDefinition | CompiledFlow): Promise<CompiledFlow> {
    const compiled = 'plan' in flow ? flow : await compileOnDemand(flow);
    this.#byName.set(compiled.definition.flow, compiled);
    this.#byHash.set(compiled.hash, Promise.resolve(compiled));
    return compiled;
  }

  async start(name: string, input: JsonObject = {}, options: StartOptions = {}): Promise<InstanceView> {
    const flow = this.#flowByName(name);
    await checkInput(flow, input);
    const { key } = options;
    if (options.once && key !== undefined) {
      const same = await this.#connection.read((db) => db.getAllFromIndex('instances', 'key', [name, key]));
      const running = same.find((r) => r.open === 1);
      if (running) return this.#view(running);
    }
    const instance = options.id ?? this.#newId();
    if (this.#executing) return this.#view(await this.#runner.start(flow, instance, input, options));
    const { hash, definition } = flow;
    await this.#request(
      { id: this.#newId(), at: this.#clock.now(), type: 'start', instance, hash, input, options },
      { hash, definition: definition as never },
    );
    const record = await this.#connection.read((db) => db.get('instances', instance));
    if (!record)
      throw new FlowError('FLOW-UNKNOWN-INSTANCE', `The instance "${instance}" was not started.`, { instance });
    return this.#view(record);
  }

  async send(command: HostCommand): Promise<void> {
    if (command.type === 'signal') return this.#signal(command.signal);
    if (!this.#executing) return this.#request({ id: this.#newId(), at: this.#clock.now(), type: 'command', command });
    await this.#command(command, {});
  }

  async get(id: string): Promise<InstanceView | undefined> {
    const record = await this.#connection.read((db) => db.get('instances', id));
    return record && this.#view(record);
  }

  async list(query: InstanceQuery = {}): Promise<readonly InstanceView[]> {
    const statuses = query.status === undefined ? undefined : [query.status].flat();
    const records = await this.#connection.read((db) =>
      query.flow === undefined ? db.getAll('instances') : db.getAllFromIndex('instances', 'flow', query.flow),
    );
    const found = records
      .filter((r) => (query.key === undefined || r.key === query.key) && (!statuses || statuses.includes(r.status)))
      .sort((a, b) => b.header.startedAt - a.header.startedAt);
    const views = await Promise.all(found.slice(0, query.limit).map((r) => this.#view(r)));
    return query.kind === undefined ? views : views.filter((v) => v.kind === query.kind);
  }

  async tasks(user?: User): Promise<readonly TaskView[]> {
    const open = await this.#connection.read((db) => db.getAllFromIndex('instances', 'open', 1));
    const all = (await Promise.all(open.map((r) => this.#view(r)))).flatMap((v) => v.tasks);
    return user ? all.filter((t) => mayDo(t, user)) : all;
  }

  cancel(id: string, reason?: string): Promise<void> {
    return this.#message(id, { type: 'cancel', ...(reason === undefined ? {} : { reason }) });
  }

  retry(id: string, options: { token?: string; variables?: JsonObject } = {}): Promise<void> {
    return this.#message(id, { type: 'retry', ...options });
  }

  watch(id: string | undefined, listener: (view: InstanceView) => void): () => void {
    const watcher = { id, listener, newest: new Map<string, number>() };
    this.#watchers.add(watcher);
    return () => void this.#watchers.delete(watcher);
  }

  async history(id: string): Promise<readonly HistoryRecord[]> {
    const rows = await this.#connection.read((db) => db.getAll('journal', IDBKeyRange.bound([id, 0], [id, Infinity])));
    return rows
      .flatMap((r) => r.records.map((record) => ({ at: r.at, ...record })))
      .map((r, i) => ({ seq: i + 1, ...r }));
  }

  // -- executing -------------------------------------------------------------------------------------------------------

  async #execute(): Promise<void> {
    if (this.#closed) return;
    try {
      const epoch = await this.#connection.write(
        async (tx) => {
          const next = ((await tx.objectStore('meta').get('epoch'))?.value ?? 0) + 1;
          void tx.objectStore('meta').put({ key: 'epoch', value: next });
          return next;
        },
        ['meta'],
      );
      this.#runner.begin(epoch);
      this.#executing = true;
      const busy = await this.#connection.read((db) => db.getAllKeysFromIndex('instances', 'busy', 1));
      for (const id of busy) this.#runner.resume(id).catch(() => {});
      this.#wakeUp.begin();
      this.#channel.announce();
      this.#workOff();
    } catch {
      // Storage has gone: every call of the host reports it; the next executor may have more luck.
      this.#stopExecuting();
    }
  }

  #stopExecuting(): void {
    this.#executing = false;
    this.#runner.stop();
    this.#wakeUp.stop();
  }

  /** Works off inbox and signals, in order; another call while it runs makes it look once more. */
  #workOff(): void {
    this.#working = this.#working.then(async () => {
      if (!this.#executing) return;
      try {
        const rows = await this.#connection.read((db) => db.getAll('inbox'));
        for (const row of rows) await this.#workOn(row);
        const signals = await this.#connection.read((db) => db.getAll('signals'));
        for (const { seq, signal } of signals) await this.#deliverSignal(seq!, signal);
      } catch {
        // What could not be done stays in the store and is looked at with the next request.
      }
    });
  }

  async #workOn(row: InboxRow): Promise<void> {
    const consumed: Consumed = { inbox: row.seq! };
    let error: unknown;
    try {
      if (row.type === 'start')
        await this.#runner.start(await this.#flowByHash(row.hash), row.instance, row.input, row.options, consumed);
      else if (row.type === 'message') await this.#runner.post(row.instance, () => row.message, consumed);
      else await this.#command(row.command, consumed);
    } catch (thrown) {
      if ((thrown as FlowError).retryable) throw thrown;
      // Refused for good: the row has served its purpose once the refusal is told.
      error = thrown;
      await this.#connection.write((tx) => void tx.objectStore('inbox').delete(row.seq!), ['inbox']);
    }
    this.#channel.done(row.id, error);
  }

  async #command(command: Exclude<HostCommand, { type: 'signal' }>, consumed: Consumed): Promise<void> {
    if (command.type === 'skip') {
      const { token, output } = command;
      await this.#runner.post(
        command.instance,
        () => ({ type: 'skip', token, ...(output === undefined ? {} : { output }) }),
        consumed,
      );
      return;
    }
    const make: MessageFor = (flow, state) => taskMessage(flow, state, command);
    await this.#runner.post(taskAddress(command.task).instance, make, consumed);
  }

  async #message(instance: string, message: InboxMessage): Promise<void> {
    if (!this.#executing)
      return this.#request({ id: this.#newId(), at: this.#clock.now(), type: 'message', instance, message });
    await this.#runner.post(instance, () => message);
  }

  /** Puts a request into the inbox and waits until the executor, whoever that is by then, has dealt with it. */
  async #request(row: InboxRow, definition?: { readonly hash: string; readonly definition: never }): Promise<void> {
    const answer = this.#channel.expect(row.id);
    await this.#connection.write(
      (tx) => {
        if (definition) void tx.objectStore('definitions').put(definition);
        void tx.objectStore('inbox').add(row);
      },
      ['inbox', 'definitions'],
    );
    if (this.#executing) this.#workOff();
    else this.#channel.poke(PATIENCE, () => this.#lock?.steal());
    await answer;
  }

  // -- signals ---------------------------------------------------------------------------------------------------------

  async #signal(signal: Signal): Promise<void> {
    const { id } = signal;
    await this.#connection.write(
      async (tx) => {
        if (id !== undefined) {
          if (await tx.objectStore('seen').getKey(id)) return;
          void tx.objectStore('seen').put({ id, at: this.#clock.now() });
        }
        void tx.objectStore('signals').add({ at: this.#clock.now(), signal });
      },
      ['seen', 'signals'],
    );
    if (this.#executing) this.#workOff();
    else this.#channel.poke(PATIENCE, () => this.#lock?.steal());
  }

  async #deliverSignal(seq: number, signal: Signal): Promise<void> {
    const waiting = await this.#connection.read((db) => db.getAllFromIndex('instances', 'awaits', signal.name));
    waiting.sort((a, b) => a.header.startedAt - b.header.startedAt);
    for (const { id: instance, state } of waiting) {
      for (const run of Object.values(state.runs)) {
        for (const [id, subscription] of Object.entries(run.subscriptions ?? {})) {
          if (!matches(subscription, signal)) continue;
          const message = {
            type: 'message' as const,
            token: run.token,
            id,
            ...(signal.data === undefined ? {} : { data: signal.data }),
          };
          const taken = await this.#runner.post(instance, () => message, signal.broadcast ? {} : { signal: seq });
          if (taken && !signal.broadcast) return;
        }
      }
    }
    if (signal.broadcast) await this.#connection.write((tx) => void tx.objectStore('signals').delete(seq), ['signals']);
  }

  #waiting(record: InstanceRecord): void {
    this.#wakeUp.note(record);
    if (record.awaits.length > 0) this.#workOff();
  }

  // -- seeing ----------------------------------------------------------------------------------------------------------

  #changed(view: InstanceView): void {
    this.#channel.publish(view);
    this.#notify(view);
  }

  #notify(view: InstanceView): void {
    for (const { id, listener, newest } of [...this.#watchers]) {
      if (id !== undefined && id !== view.id) continue;
      if ((newest.get(view.id) ?? -1) >= view.v) continue;
      newest.set(view.id, view.v);
      listener(view);
    }
  }

  async #view(record: InstanceRecord): Promise<InstanceView> {
    return viewOf(await this.#flowByHash(record.hash), record.state, record.header, record.fold);
  }

  #flowByHash(hash: string): Promise<CompiledFlow> {
    let flow = this.#byHash.get(hash);
    if (!flow) {
      flow = this.#connection
        .read((db) => db.get('definitions', hash))
        .then((stored) => {
          if (stored) return compileOnDemand(stored.definition);
          throw new FlowError('FLOW-UNKNOWN', `The definition ${hash} of a stored instance is missing.`);
        });
      flow.catch(() => this.#byHash.delete(hash));
      this.#byHash.set(hash, flow);
    }
    return flow;
  }

  #flowByName(name: string): CompiledFlow {
    const flow = this.#byName.get(name);
    if (flow) return flow;
    const near = didYouMean(name, [...this.#byName.keys()]);
    throw new FlowError(
      'FLOW-UNKNOWN',
      `There is no flow "${name}".${near === undefined ? '' : ` Did you mean "${near}"?`}`,
      { flow: name },
    );
  }
}

type InboxMessage = Extract<InboxRow, { type: 'message' }>['message'];
