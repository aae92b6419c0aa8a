// A host whose instances live on a server. The server decides everything; this one asks it, watches its stream, and keeps in
// an outbox what people start and complete while it cannot be reached.
import { compileOnDemand, type CompiledFlow } from '../../compiler/index.js';
import type { Intervention } from '../../engine/index.js';
import { FlowError, type FlowDefinition, type JsonObject } from '../../model/index.js';
import type {
  FlowHost,
  HistoryRecord,
  HostCommand,
  InstanceQuery,
  InstanceView,
  RetryOptions,
  StartOptions,
  TaskView,
  User,
} from '../host.js';
import type { InstanceArchive } from '../management/archive.js';
import type { MigrationOptions, MigrationPlan } from '../management/migration.js';
import { taskAddress } from '../task-command.js';
import { EventFeed } from './event-feed.js';
import { GatewayClient, isOffline, type Credentials } from './gateway-client.js';
import { PageCalls, type PageFunctions } from './page-calls.js';
import { createOutbox, type OutboxEntry } from './outbox.js';
import { OutboxSender } from './outbox-sender.js';
import { provisionalView, refusedView } from './provisional-view.js';
import { pagesOf, searchOf } from './search.js';
import { Watchers } from './watchers.js';

export interface RemoteHostOptions extends Credentials {
  /** The gateway, e.g. `https://flows.example.com`. */
  readonly url: string;
  /**
   * Name of the database for what is started and completed offline; `false` refuses it instead (`FLOW-OFFLINE`). Default
   * `millrace-outbox`. Where there is no IndexedDB it is kept in memory.
   */
  readonly outbox?: string | false;
  /** The credentials are a trusted program's, which acts for the users it names (`startedBy`, `user`). */
  readonly delegate?: boolean;
  /** Hears what the server has refused of what was queued, and that it refuses the stream of changes (`/v1/events`), each time. */
  readonly onRefused?: (error: FlowError, request: { readonly path: string; readonly instance?: string }) => void;
  /** What does the activities of flows on the server that run in the page of whoever started them. Default: nobody here. */
  readonly functions?: PageFunctions;
  readonly newId?: () => string;
  readonly fetch?: typeof fetch;
}

export interface RemoteHost extends FlowHost {
  /** The newest definition that the server has under this name. Rejects with `FLOW-UNKNOWN`. */
  flow(name: string): Promise<CompiledFlow>;
  /** All of an instance as JSON, as other hosts give it. Rejects with `FLOW-UNKNOWN-INSTANCE`, `FLOW-FORBIDDEN`. */
  export(id: string): Promise<InstanceArchive>;
  /** Takes an exported instance in, which then goes on there. Rejects with `FLOW-ARCHIVE`, `FLOW-EXISTS`, `FLOW-UNKNOWN`. */
  import(archive: InstanceArchive): Promise<InstanceView>;
  /** What `migrate` would do, and why it would not; changes nothing. The definition must have been deployed (`FLOW-UNKNOWN`). */
  planMigration(id: string, to: FlowDefinition, options?: MigrationOptions): Promise<MigrationPlan>;
  /** Moves an instance to another deployed definition of its flow. Rejects with `FLOW-MIGRATION`; then nothing has happened. */
  migrate(id: string, to: FlowDefinition, options?: MigrationOptions): Promise<MigrationPlan>;
  /** How many requests wait until the server can be reached. */
  pending(): Promise<number>;
  /** Sends what waits, now. */
  flush(): Promise<void>;
}

export function createRemoteHost(options: RemoteHostOptions): RemoteHost {
  return new HttpHost(options);
}

class HttpHost implements RemoteHost {
  readonly #options: RemoteHostOptions;
  readonly #client: GatewayClient;
  readonly #feed: EventFeed;
  readonly #sender: OutboxSender;
  readonly #watchers = new Watchers();
  readonly #pageCalls: PageCalls | undefined;
  readonly #flows = new Map<string, CompiledFlow>();
  /** What instances are pinned to, by hash. */
  readonly #pinned = new Map<string, Promise<CompiledFlow>>();
  /** Hashes that the server has been asked about. */
  readonly #deployed = new Set<string>();
  /** Started here and not known to the server yet. */
  readonly #provisional = new Map<string, InstanceView>();
  readonly #onOnline = (): void => {
    this.#feed.wake();
    void this.#sender.flush();
  };

  constructor(options: RemoteHostOptions) {
    this.#options = options;
    this.#client = new GatewayClient(options.url, options, options.fetch);
    const answers = { send: (e: OutboxEntry) => this.#sendEntry(e), has: (id: string) => this.#sender.has(id) };
    this.#pageCalls = options.functions && new PageCalls(this.#client, options.functions, answers);
    this.#feed = new EventFeed(this.#client, {
      view: (view) => this.#take(view),
      opened: (isFresh) => void (isFresh && this.#refresh()),
      refused: (error) => options.onRefused?.(error, { path: '/v1/events' }),
    });
    const name = options.outbox === false ? undefined : (options.outbox ?? 'millrace-outbox');
    this.#sender = new OutboxSender(this.#client, createOutbox(name), {
      answered: (entry, answer) => void (entry.path === '/v1/instances' && this.#take(answer as InstanceView)),
      refused: (entry, error) => {
        const started = entry.instance === undefined ? undefined : this.#provisional.get(entry.instance);
        if (started && entry.path === '/v1/instances') this.#watchers.publish(refusedView(started, error));
        const { path, instance } = entry;
        options.onRefused?.(error, { path, ...(instance === undefined ? {} : { instance }) });
      },
    });
    globalThis.addEventListener?.('online', this.#onOnline);
    if (options.outbox !== false) void this.#sender.flush();
  }

  /**
   * Sends the definition to the server if it has never had it and whoever signs in may deploy. Others use what has been
   * deployed; a flow that the server does not know is refused with `FLOW-FORBIDDEN`.
   */
  async deploy(flow: FlowDefinition | CompiledFlow): Promise<CompiledFlow> {
    const compiled = 'plan' in flow ? flow : await compileOnDemand(flow);
    const { definition, hash } = compiled;
    this.#flows.set(definition.flow, compiled);
    if (this.#deployed.has(hash)) return compiled;
    const path = `/v1/flows/${encodeURIComponent(definition.flow)}/versions`;
    try {
      const versions = await this.#client.ask<readonly { hash: string }[]>({ path });
      // A page that was opened before a newer version was deployed must not put the older one back.
      if (!versions.some((version) => version.hash === hash)) {
        await this.#client.ask({ method: 'POST', path: '/v1/flows', body: definition }).catch((error: unknown) => {
          if (versions.length === 0 || (error as FlowError).code !== 'FLOW-FORBIDDEN') throw error;
        });
      }
      this.#deployed.add(hash);
    } catch (error) {
      // Offline, what has been deployed before will do: the start itself waits in the outbox.
      if (!isOffline(error) || this.#options.outbox === false) throw error;
    }
    return compiled;
  }

  async flow(name: string): Promise<CompiledFlow> {
    const definition = await this.#client.ask<FlowDefinition>({ path: `/v1/flows/${encodeURIComponent(name)}` });
    const compiled = await compileOnDemand(definition);
    this.#flows.set(name, compiled);
    return compiled;
  }

  async flowOf(id: string): Promise<CompiledFlow | undefined> {
    const hash = (await this.get(id))?.hash;
    // An instance that the server has not heard of yet has the flow that it was started with here.
    if (hash === undefined || hash === '') return undefined;
    const known = this.#pinned.get(hash) ?? [...this.#flows.values()].find((flow) => flow.hash === hash);
    if (known) return known;
    const compiled = this.#client
      .ask<FlowDefinition>({ path: `/v1/definitions/${encodeURIComponent(hash)}` })
      .then((definition) => compileOnDemand(definition));
    this.#pinned.set(hash, compiled);
    compiled.catch(() => this.#pinned.delete(hash));
    return compiled;
  }

  async start(flow: string, input: JsonObject = {}, options: StartOptions = {}): Promise<InstanceView> {
    const id = options.id ?? this.#options.newId?.() ?? crypto.randomUUID();
    const { key, once, startedBy } = options;
    const user: JsonObject =
      this.#options.delegate && startedBy !== undefined ? { user: { id: startedBy, roles: [] } } : {};
    const body = { flow, input, id, ...(key === undefined ? {} : { key }), ...(once ? { once } : {}), ...user };
    const view = provisionalView(flow, id, options, this.#flows.get(flow), Date.now());
    const sent = await this.#send<InstanceView>('/v1/instances', body, id, () => this.#provisional.set(id, view));
    if (!sent) return view;
    this.#take(sent);
    return sent;
  }

  async send(command: HostCommand): Promise<void> {
    if (command.type === 'signal') {
      const { by, reason, ...told } = command.signal;
      await this.#send('/v1/signals', { ...(told as JsonObject), ...this.#intervention({ by, reason }) });
      return;
    }
    if (command.type === 'skip') {
      const { instance, token, output } = command;
      await this.#operate(instance, 'skip', { token, ...(output === undefined ? {} : { output }) }, command);
      return;
    }
    if (command.type === 'edit') {
      await this.#operate(command.instance, 'edit', { variables: command.variables }, command);
      return;
    }
    const { instance, token } = taskAddress(command.task);
    const path = `/v1/tasks/${encodeURIComponent(instance)}/${encodeURIComponent(token)}/${command.type}`;
    const body: JsonObject = {
      ...(command.type === 'complete' && command.output !== undefined ? { output: command.output } : {}),
      ...(command.type === 'delegate' ? { to: command.to } : {}),
      ...this.#inPlaceOf(command),
    };
    // Who takes a task wants to know now whether it is theirs.
    if (command.type === 'complete') await this.#send(path, body, instance);
    else await this.#client.ask({ method: 'POST', path, body, key: crypto.randomUUID() });
  }

  async get(id: string): Promise<InstanceView | undefined> {
    try {
      const view = await this.#client.ask<InstanceView>({ path: `/v1/instances/${encodeURIComponent(id)}` });
      this.#take(view);
      return view;
    } catch (error) {
      const known = this.#watchers.newest(id) ?? this.#provisional.get(id);
      if ((error as FlowError).code === 'FLOW-UNKNOWN-INSTANCE') return this.#provisional.get(id);
      if (isOffline(error) && known) return known;
      throw error;
    }
  }

  async list({ limit, ...query }: InstanceQuery = {}): Promise<readonly InstanceView[]> {
    return pagesOf<InstanceView>(this.#client, '/v1/instances', searchOf(query), ({ id }) => id, limit);
  }

  async tasks(user?: User): Promise<readonly TaskView[]> {
    const named: Readonly<Record<string, string>> = user
      ? { user: user.id, roles: user.roles.join(',') }
      : { all: 'true' };
    const whose = this.#options.delegate ? named : {};
    return pagesOf<TaskView>(this.#client, '/v1/tasks', whose, ({ createdAt, id }) => `${createdAt},${id}`);
  }

  async cancel(id: string, reason?: string, by?: string): Promise<void> {
    const path = `/v1/instances/${encodeURIComponent(id)}/cancel`;
    const why = this.#intervention({
      ...(reason === undefined ? {} : { reason }),
      ...(by === undefined ? {} : { by }),
    });
    const view = await this.#send<InstanceView>(path, why, id);
    if (view) this.#take(view);
  }

  async retry(id: string, options: RetryOptions = {}): Promise<void> {
    const { token, variables } = options;
    const body = { ...(token === undefined ? {} : { token }), ...(variables === undefined ? {} : { variables }) };
    await this.#operate(id, 'retry', body, options);
  }

  watch(id: string | undefined, listener: (view: InstanceView) => void): () => void {
    const unwatch = this.#watchers.add(id, listener);
    this.#feed.watch(id);
    return () => {
      if (unwatch()) this.#feed.unwatch(id);
    };
  }

  async history(id: string): Promise<readonly HistoryRecord[]> {
    return this.#client.ask({ path: `/v1/instances/${encodeURIComponent(id)}/history` });
  }

  async export(id: string): Promise<InstanceArchive> {
    return this.#client.ask({ path: `/v1/instances/${encodeURIComponent(id)}/archive` });
  }

  async import(archive: InstanceArchive): Promise<InstanceView> {
    return this.#client.ask({ method: 'POST', path: '/v1/archives', body: archive });
  }

  planMigration(id: string, to: FlowDefinition, options: MigrationOptions = {}): Promise<MigrationPlan> {
    return this.#migrate(id, to, { ...options, dryRun: true });
  }

  async migrate(id: string, to: FlowDefinition, options: MigrationOptions = {}): Promise<MigrationPlan> {
    const plan = await this.#migrate(id, to, options);
    await this.get(id);
    return plan;
  }

  async pending(): Promise<number> {
    return this.#sender.pending();
  }

  async flush(): Promise<void> {
    await this.#sender.flush();
  }

  async close(): Promise<void> {
    globalThis.removeEventListener?.('online', this.#onOnline);
    this.#watchers.clear();
    this.#pageCalls?.close();
    this.#feed.close();
    await this.#sender.close();
  }

  /** Sends, or puts into the outbox; undefined when it waits there. `queued` is told before anybody can see it. */
  async #send<T>(path: string, body: JsonObject, instance?: string, queued?: () => void): Promise<T | undefined> {
    const entry = {
      id: crypto.randomUUID(),
      path,
      body,
      at: Date.now(),
      ...(instance === undefined ? {} : { instance }),
    };
    return this.#sendEntry(entry, queued);
  }

  async #sendEntry<T>(entry: OutboxEntry, queued?: () => void): Promise<T | undefined> {
    const { id: key, path, body } = entry;
    if (this.#options.outbox === false) return this.#client.ask<T>({ method: 'POST', path, body, key });
    return this.#sender.send<T>(entry, queued);
  }

  async #operate(id: string, operation: string, given: JsonObject, why: Intervention): Promise<void> {
    const path = `/v1/instances/${encodeURIComponent(id)}/${operation}`;
    const body = { ...given, ...this.#intervention(why) };
    const view = await this.#client.ask<InstanceView>({ method: 'POST', path, body, key: crypto.randomUUID() });
    this.#take(view);
  }

  async #migrate(
    id: string,
    definition: FlowDefinition,
    { activities, dryRun, ...why }: MigrationOptions & { readonly dryRun?: boolean },
  ): Promise<MigrationPlan> {
    const { hash } = await compileOnDemand(definition);
    const path = `/v1/instances/${encodeURIComponent(id)}/migrate`;
    const body = {
      to: hash,
      ...(activities === undefined ? {} : { activities }),
      ...(dryRun ? { dryRun } : {}),
      ...this.#intervention(why),
    };
    return this.#client.ask({ method: 'POST', path, body, key: crypto.randomUUID() });
  }

  /** Who does the task, where that is not whoever asks: a trusted program's user, or one in whose place somebody acts. */
  #inPlaceOf(command: Extract<HostCommand, { task: string }>): JsonObject {
    const { user } = command;
    const { by, reason }: Intervention = 'by' in command || 'reason' in command ? command : {};
    const isNamed = user !== undefined && (this.#options.delegate || (by !== undefined && by !== user.id));
    return {
      ...(isNamed ? { user: user as unknown as JsonObject } : {}),
      ...(this.#options.delegate && by !== undefined ? { by } : {}),
      ...(reason === undefined ? {} : { reason }),
    };
  }

  /** The server knows by itself who asks; whom a trusted program names, it believes. */
  #intervention({ reason, by }: Intervention): JsonObject {
    const user: JsonObject = this.#options.delegate && by !== undefined ? { user: { id: by, roles: [] } } : {};
    return { ...user, ...(reason === undefined ? {} : { reason }) };
  }

  #take(view: InstanceView): void {
    this.#provisional.delete(view.id);
    this.#watchers.publish(view);
    void this.#pageCalls?.see(view);
  }

  /** What happened between a start and the opening of the stream was told to nobody. */
  async #refresh(): Promise<void> {
    await Promise.all(this.#watchers.unfinished().map((id) => this.get(id).catch(() => undefined)));
  }
}
