// Everything behind a runtime that runs flows: definitions, compiler and the two hosts. Loaded when the first flow runs, and
// shared by all runtimes of a page, whoever their user is.
import type { CompiledFlow } from '../compiler/index.js';
import { compileOnDemand } from '../compiler/index.js';
import type { Intervention } from '../engine/state.js';
import type {
  FlowHost,
  HostCommand,
  InstanceQuery,
  InstanceView,
  StartOptions,
  TaskView,
  User,
} from '../hosts/host.js';
import type { InstanceLogs } from '../hosts/logs/index.js';
import type { Management } from '../hosts/management/index.js';
import type { ManagedHost } from '../hosts/managed-host.js';
import type { RemoteHost } from '../hosts/remote/index.js';
import type { Scheduler } from '../hosts/schedules/index.js';
import type { FlowDefinition, FlowKind, JsonObject } from '../model/definition.js';
import { FlowDefinitionError, FlowError } from '../model/errors.js';
import { taskAddress } from '../hosts/task-command.js';
import { Definitions } from './definitions.js';
import { HostedInstance, type InstanceHandle } from './instance-handle.js';
import { newId } from './new-id.js';
import { pageImplementations } from './page-implementations.js';
import type { PageState } from './page-state.js';

export type HostKind = 'memory' | 'browser' | 'server';

/** Where a flow runs: in this browser, or on the server that `configure({ server })` names. */
export type Environment = 'page' | 'server';

export interface StartRequest extends StartOptions {
  /** A flow of another kind is refused. */
  readonly kind?: FlowKind;
  /** Default: what the flow says, else `page`. */
  readonly environment?: Environment;
  /** Aborted: nothing is started. */
  readonly signal?: AbortSignal;
}

export class Hosting {
  readonly #page: PageState;
  readonly #definitions: Definitions;
  #hasAsked = false;
  readonly #hosts = new Map<HostKind, Promise<FlowHost>>();
  /** Told when the browser host is opened. */
  readonly #opened = new Set<(host: Promise<FlowHost>) => void>();

  constructor(page: PageState) {
    this.#page = page;
    this.#definitions = new Definitions(page);
  }

  async flow(name: string, environment: Environment = 'page', kind?: FlowKind): Promise<CompiledFlow> {
    // The compiler keeps what it has compiled, by content.
    const ready = (own: FlowDefinition): CompiledFlow | Promise<CompiledFlow> =>
      this.#page.compiled.get(own) ?? compileOnDemand(own);
    if (environment === 'page') return ready(await this.#definitions.find(name, kind));
    // What the page does not define, the server may know.
    const own = await this.#definitions.find(name, kind).catch((error: unknown) => error as Error);
    if (!(own instanceof Error)) return ready(own);
    return ((await this.host('server')) as RemoteHost).flow(name);
  }

  /** What the page does not define, the server may know. */
  async definition(name: string): Promise<FlowDefinition> {
    return this.#definitions.find(name).catch(async (unknown: unknown) => {
      if (!this.#page.settings.server) throw unknown;
      return (await ((await this.host('server')) as RemoteHost).flow(name)).definition;
    });
  }

  host(kind: HostKind): Promise<FlowHost> {
    let host = this.#hosts.get(kind);
    if (!host) {
      host = OPEN[kind](this.#page);
      // A page that may not store anything now may be allowed to a moment later.
      host.catch(() => this.#hosts.delete(kind));
      this.#hosts.set(kind, host);
      this.#page.late = (names) =>
        new FlowError(
          'FLOW-CONFIGURED-LATE',
          `Flows run already; configure "${names.join('", "')}" before the first one starts.`,
        );
      if (kind === 'browser') for (const tell of this.#opened) tell(host);
    }
    return host;
  }

  async start(
    name: string,
    input: JsonObject,
    { kind: wanted, signal, environment: given, ...options }: StartRequest,
    by?: Intervention,
  ): Promise<InstanceHandle> {
    const flow = await this.flow(name, given, wanted);
    const { definition } = flow;
    const environment = given ?? definition.environment ?? 'page';
    const { kind } = definition;
    if (wanted !== undefined && wanted !== kind) {
      const use = kind === 'process' ? `<process-button process="${name}">` : `<flow-button flow="${name}">`;
      throw new FlowError('FLOW-KIND', `The flow "${name}" is a ${kind}, not a ${wanted}. Start it with ${use}.`, {
        flow: name,
      });
    }
    const host = await this.host(environment === 'server' ? 'server' : kind === 'process' ? 'browser' : 'memory');
    await this.#deploy(host, flow, environment);
    signal?.throwIfAborted();
    const view = await host.start(definition.flow, input, { id: newId(), ...options });
    if (environment === 'page' && kind === 'process') this.#keepStorage();
    return new HostedInstance(host, definition, view, by);
  }

  /** Some browsers ask the person, so not before there is something to keep, and once a page. */
  #keepStorage(): void {
    if (this.#hasAsked || this.#page.settings.persist === false) return;
    this.#hasAsked = true;
    const storage = globalThis.navigator?.storage;
    // Refused or unknown: what is stored is kept as long as the browser has room.
    storage?.persist?.().catch(() => {});
  }

  async instance(id: string, by?: Intervention): Promise<InstanceHandle | undefined> {
    const host = await this.hostOf(id);
    const view = await host?.get(id);
    if (!host || !view) return undefined;
    // The definition it runs with may be gone from the page, or known to the server only; without one, the handle has no names, but works.
    const own = await this.#definitions.find(view.flow).catch(() => undefined);
    const definition = own ?? (await host.flowOf?.(id).catch(() => undefined))?.definition;
    const nameless = { flow: view.flow, title: view.title, kind: view.kind, activities: [] };
    return new HostedInstance(host, definition ?? nameless, view, by);
  }

  async restart(id: string, options: StartRequest): Promise<InstanceHandle> {
    const host = await this.hostOf(id);
    const view = await host?.get(id);
    const [first] = (view && (await host?.history(id))) ?? [];
    if (!view || first?.event.type !== 'begin')
      throw new FlowError('FLOW-UNKNOWN-INSTANCE', `There is no instance "${id}" whose input is still known.`, {
        instance: id,
      });
    const isThere = host === (await this.#hosts.get('server')?.catch(() => undefined));
    return this.start(view.flow, first.event.input, {
      ...(view.key === undefined ? {} : { key: view.key }),
      ...(isThere ? { environment: 'server' } : {}),
      ...options,
      kind: view.kind,
    });
  }

  async instances(query: InstanceQuery): Promise<readonly InstanceView[]> {
    const kinds: HostKind[] = [];
    if (query.kind !== 'microflow' && (await this.#keeps())) kinds.push('browser');
    if (query.kind !== 'process' && this.#hosts.has('memory')) kinds.push('memory');
    if (this.#page.settings.server) kinds.push('server');
    const lists = await Promise.all(kinds.map(async (kind) => (await this.host(kind)).list(query)));
    return lists
      .flat()
      .sort((a, b) => b.startedAt - a.startedAt)
      .slice(0, query.limit);
  }

  async logs(): Promise<InstanceLogs> {
    const { createInstanceLogs } = await import('../hosts/logs/index.js');
    const { redact } = this.#page.settings;
    return createInstanceLogs(
      {
        get: async (id) => (await this.hostOf(id))?.get(id),
        list: (query = {}) => this.instances(query),
        history: async (id) => (await this.hostOf(id))?.history(id) ?? [],
      },
      redact ? { redact } : {},
    );
  }

  async management(by: Intervention): Promise<Management> {
    const own = async (): Promise<Management> => ((await this.host('browser')) as ManagedHost).management();
    /** The server manages its instances itself. */
    const of = async (id: string): Promise<Pick<Management, 'export' | 'planMigration' | 'migrate'>> => {
      const host = await this.hostOf(id);
      return host && 'migrate' in host ? (host as RemoteHost) : own();
    };
    return {
      export: async (id) => (await of(id)).export(id),
      import: async (archive) => (await own()).import(archive),
      prune: async (policy) => (await own()).prune(policy),
      planMigration: async (id, to, options) => (await of(id)).planMigration(id, to, options),
      migrate: async (id, to, options) => (await of(id)).migrate(id, to, { ...by, ...options }),
    };
  }

  async schedules(): Promise<Scheduler> {
    const host = (await this.host('browser')) as ManagedHost;
    const scheduler = await host.schedules();
    return {
      put: async (settings) => {
        await this.#deploy(host, await this.flow(settings.flow, 'page', 'process'));
        return scheduler.put(settings);
      },
      list: () => scheduler.list(),
      remove: (name) => scheduler.remove(name),
    };
  }

  async tasks(user: User | undefined): Promise<readonly TaskView[]> {
    const lists = await Promise.all((await this.#lasting()).map((host) => host.tasks(user)));
    return lists.flat().sort((a, b) => a.createdAt - b.createdAt);
  }

  /** Calls back with every change of any process, here or on the server. */
  async watch(listener: (view: InstanceView) => void): Promise<() => void> {
    const keeps = await this.#keeps();
    const hosts = await this.#lasting(keeps);
    const ends = hosts.map((host) => host.watch(undefined, listener));
    if (!keeps) ends.push(this.#watchLater(listener));
    return () => {
      for (const end of ends) end();
    };
  }

  /** For who watches before this browser keeps any process: begins when the first one is kept, here or in another tab. */
  #watchLater(listener: (view: InstanceView) => void): () => void {
    let isEnded = false;
    let end = (): void => {};
    const begin = async (opening: Promise<FlowHost>): Promise<void> => {
      const host = await opening;
      if (isEnded) return;
      this.#opened.delete(tell);
      unhear();
      end = host.watch(undefined, listener);
      for (const view of await host.list({ kind: 'process' })) listener(view);
    };
    // What cannot be opened now is tried again by whoever uses it next.
    const tell = (opening: Promise<FlowHost>): void => void begin(opening).catch(() => {});
    const unhear = hearOtherTabs(this.#page.settings.database, () => void this.host('browser').catch(() => {}));
    this.#opened.add(tell);
    // It may have been opened while this was being found out.
    const opening = this.#hosts.get('browser');
    if (opening) tell(opening);
    return () => {
      isEnded = true;
      unhear();
      end();
      this.#opened.delete(tell);
    };
  }

  async send(command: HostCommand, environment: Environment = 'page'): Promise<void> {
    const id =
      'task' in command ? taskAddress(command.task).instance : 'instance' in command ? (command.instance ?? '') : '';
    // A message goes where it is sent to; everything else to where its instance is.
    const kind = environment === 'server' ? 'server' : 'browser';
    await ((id === '' ? undefined : await this.hostOf(id)) ?? (await this.host(kind))).send(command);
  }

  /** The user, or an error that says whose job it is to set one. */
  someone(user: User | undefined, what: string): User {
    if (user) return user;
    throw new FlowError(
      'FLOW-NO-USER',
      `Nobody is there to ${what} the task. Set "user" on the runtime or on <flow-provider>.`,
    );
  }

  /** The host that has the instance, or that would have it. */
  async hostOf(id: string): Promise<FlowHost | undefined> {
    const memory = await this.#hosts.get('memory')?.catch(() => undefined);
    if (await memory?.get(id)) return memory;
    if (this.#page.settings.server) {
      const isHere = (await this.#page.hasProcesses()) && (await (await this.host('browser')).get(id)) !== undefined;
      return this.host(isHere ? 'browser' : 'server');
    }
    return (await this.#keeps()) ? this.host('browser') : undefined;
  }

  /** Whether this browser keeps processes; who only looks for some makes no database. */
  async #keeps(): Promise<boolean> {
    return this.#hosts.has('browser') || (await this.#page.hasProcesses());
  }

  /** What it is pinned to; where the host cannot tell, what has its name now. */
  async flowOf(id: string): Promise<CompiledFlow> {
    const host = await this.hostOf(id);
    const pinned = await host?.flowOf?.(id);
    if (pinned) return pinned;
    const view = await host?.get(id);
    const isServer = host !== undefined && host === (await this.#hosts.get('server')?.catch(() => undefined));
    if (view) return this.flow(view.flow, isServer ? 'server' : 'page');
    throw new FlowError('FLOW-UNKNOWN-INSTANCE', `There is no instance "${id}".`, { instance: id });
  }

  async resume(): Promise<void> {
    const host = await this.host('browser');
    for (const name of this.#definitions.names) {
      // Running instances bring their own definition; a flow that they call is looked up by name.
      await this.flow(name)
        .then((flow) => this.#deploy(host, flow))
        .catch(() => undefined);
    }
  }

  async close(): Promise<void> {
    const hosts = [...this.#hosts.values()];
    this.#hosts.clear();
    await Promise.all(hosts.map(async (host) => (await host.catch(() => undefined))?.close()));
  }

  /**
   * The hosts that keep processes: this browser's storage if there is anything in it, and the server if there is one. Beside a
   * server, a browser that does not let the page keep anything is no fault.
   */
  async #lasting(keeps?: boolean): Promise<readonly FlowHost[]> {
    keeps ??= await this.#keeps();
    if (!this.#page.settings.server) return keeps ? [await this.host('browser')] : [];
    const browser = keeps ? this.host('browser').catch(() => undefined) : undefined;
    const all = await Promise.all([this.host('server'), browser]);
    return all.filter((host) => host !== undefined);
  }

  /** Makes the flow known to the host, and every flow that it calls. */
  async #deploy(host: FlowHost, flow: CompiledFlow, environment: Environment = 'page'): Promise<void> {
    const reached = new Map([[flow.definition.flow, flow]]);
    let isCircle = false;
    for (const one of reached.values()) {
      for (const name of reachedFrom(one.definition)) {
        if (reached.has(name)) isCircle = true;
        else reached.set(name, await this.flow(name, environment));
      }
    }
    const flows = [...reached.values()].reverse();
    if (isCircle) {
      const { checkCalls } = await import('../compiler/check-calls.js');
      const found = checkCalls(flow, flows);
      if (found.length > 0) throw new FlowDefinitionError(flow.definition.flow, found);
    }
    // What is called is there before who calls it.
    for (const one of flows) await host.deploy(one);
  }
}

/** Calls back when another tab has something to say about the processes that this browser keeps. */
function hearOtherTabs(database: string | undefined, heard: () => void): () => void {
  if (typeof BroadcastChannel === 'undefined') return () => {};
  const channel = new BroadcastChannel(`millrace:${database ?? 'millrace'}`);
  channel.onmessage = heard;
  return () => channel.close();
}

/** Names of the flows that it calls or starts. */
function reachedFrom({ activities }: FlowDefinition): readonly string[] {
  return activities.flatMap(({ calls, implementation }) => {
    const started = implementation?.ref === 'start-flow' ? implementation.arguments?.['flow'] : undefined;
    return calls ?? (started?.startsWith('"') ? (JSON.parse(started) as string) : []);
  });
}

const OPEN: Readonly<Record<HostKind, (page: PageState) => Promise<FlowHost>>> = {
  async memory(page) {
    const { createMemoryHost } = await import('../hosts/memory-host.js');
    return createMemoryHost({ implementations: pageImplementations(page) });
  },
  async browser(page) {
    const { createBrowserHost } = await import('../hosts/browser/index.js');
    const { database, durability, retention, encryptionKey, onStorageWiped } = page.settings;
    return createBrowserHost({
      implementations: pageImplementations(page),
      ...(database === undefined ? {} : { name: database }),
      ...(durability === undefined ? {} : { durability }),
      ...(retention ? { retention } : {}),
      ...(encryptionKey ? { encryptionKey } : {}),
      ...(onStorageWiped ? { wiped: onStorageWiped } : {}),
    });
  },
  async server(page) {
    const { server } = page.settings;
    const { createRemoteHost } = await import('../hosts/remote/index.js');
    if (server) return createRemoteHost({ ...server, functions: pageImplementations(page) });
    throw new FlowError(
      'FLOW-NO-SERVER',
      'There is no server to run this. Name one with runtime.configure({ server: { url, token } }).',
    );
  },
};
