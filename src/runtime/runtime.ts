// What a page configures and components talk to: definitions, implementations, the user, and the hosts that run them.
// Light on purpose: compiler, engine, hosts and libraries are loaded when the first flow runs.
import type { BrowserHost } from '../hosts/browser/index.js';
import type { CompiledFlow } from '../compiler/index.js';
import type { FlowDefinition, Json, JsonObject } from '../model/index.js';
import type {
  FlowHost,
  HostCommand,
  InstanceQuery,
  InstanceView,
  StartOptions,
  TaskView,
  User,
} from '../hosts/index.js';
import type { ImplementationFunction } from '../activities/index.js';

export interface RuntimeSettings {
  /** Origins that the `http` implementation may call besides the page's own. */
  readonly allowedOrigins?: readonly string[];
  /** What relative URLs in flows are relative to. Default: the page. */
  readonly baseUrl?: string;
  readonly credentials?: RequestCredentials;
  /** Name of the database in which processes are kept. Default `millrace`. */
  readonly database?: string;
  readonly durability?: 'strict' | 'relaxed';
}

/** A run that a page has started. */
export interface InstanceHandle {
  readonly id: string;
  /** The newest view. */
  readonly view: InstanceView;
  /** Resolves with the final view when the instance completed, failed or was cancelled; never rejects. */
  readonly done: Promise<InstanceView>;
  watch(listener: (view: InstanceView) => void): () => void;
  cancel(reason?: string): Promise<void>;
  retry(): Promise<void>;
}

export class Runtime extends EventTarget {
  readonly #definitions = new Map<string, unknown>();
  readonly #implementations = new Map<string, ImplementationFunction>();
  readonly #compiled = new Map<string, Promise<CompiledFlow>>();
  readonly #loading = new Set<Promise<void>>();
  #settings: RuntimeSettings = {};
  #user: User | undefined;
  #memory: Promise<FlowHost> | undefined;
  #browser: Promise<BrowserHost> | undefined;

  /** Makes definitions known by name. A string or URL is fetched; its faults show when the flow is first used. */
  define(...definitions: readonly (FlowDefinition | URL | string)[]): void {
    for (const definition of definitions) {
      if (typeof definition === 'string' || definition instanceof URL) this.#fetch(definition);
      else this.#add(definition);
    }
    this.dispatchEvent(new Event('definitions-change'));
  }

  /** Registers page functions (or other implementations) by the name that flows use in `implementation.ref`. */
  implement(implementations: Readonly<Record<string, ImplementationFunction>>): void {
    for (const [name, implementation] of Object.entries(implementations))
      this.#implementations.set(name, implementation);
  }

  /** Settings for what has not been loaded yet; call it before the first flow runs. */
  configure(settings: RuntimeSettings): void {
    this.#settings = { ...this.#settings, ...settings };
  }

  get user(): User | undefined {
    return this.#user;
  }

  set user(user: User | undefined) {
    this.#user = user;
    this.dispatchEvent(new Event('user-change'));
  }

  /** The checked flow. Rejects with FlowDefinitionError (all diagnostics) or FlowError `FLOW-UNKNOWN`. */
  async flow(name: string): Promise<CompiledFlow> {
    await Promise.all(this.#loading);
    const definition = this.#definitions.get(name);
    if (definition === undefined) {
      const { didYouMean, FlowError } = await import('../model/index.js');
      const near = didYouMean(name, [...this.#definitions.keys()]);
      throw new FlowError(
        'FLOW-UNKNOWN',
        `There is no flow "${name}" on this page.${near === undefined ? ' Define it first.' : ` Did you mean "${near}"?`}`,
        { flow: name },
      );
    }
    let compiled = this.#compiled.get(name);
    if (!compiled) {
      compiled = import('../compiler/index.js').then(({ compile }) => compile(definition));
      compiled.catch(() => this.#compiled.delete(name));
      this.#compiled.set(name, compiled);
    }
    return compiled;
  }

  /** Starts a flow: a microflow in memory, a process in the browser's storage. */
  async start(name: string, input: JsonObject = {}, options: StartOptions = {}): Promise<InstanceHandle> {
    const flow = await this.flow(name);
    const host = await this.host(flow.definition.kind === 'process' ? 'browser' : 'memory');
    await host.deploy(flow);
    const startedBy = options.startedBy ?? this.#user?.id;
    const view = await host.start(flow.definition.flow, input, {
      ...options,
      ...(startedBy === undefined ? {} : { startedBy }),
    });
    return handleOf(host, view);
  }

  host(kind: 'memory' | 'browser'): Promise<FlowHost> {
    return kind === 'browser' ? this.#browserHost() : this.#memoryHost();
  }

  /** Goes on with the processes that this browser has kept. Components that show processes call it. */
  async resume(): Promise<void> {
    const host = await this.#browserHost();
    await Promise.all(this.#loading);
    await Promise.all(
      [...this.#definitions.keys()].map(async (name) => {
        const flow = await this.flow(name).catch(() => undefined);
        if (flow?.definition.kind === 'process') await host.deploy(flow);
      }),
    );
  }

  /** Open tasks that the runtime's user may do; all when there is no user. */
  async tasks(): Promise<readonly TaskView[]> {
    return (await this.#browserHost()).tasks(this.#user);
  }

  async send(command: HostCommand): Promise<void> {
    await (await this.#browserHost()).send(command);
  }

  /** Completes a task as the runtime's user. */
  async completeTask(task: string, output?: Json): Promise<void> {
    await this.send({
      type: 'complete',
      task,
      ...(this.#user ? { user: this.#user } : {}),
      ...(output === undefined ? {} : { output }),
    });
  }

  async instances(query?: InstanceQuery): Promise<readonly InstanceView[]> {
    return (await this.#browserHost()).list(query);
  }

  /** Calls back with every change of a process; gives the function that ends it. */
  async watch(listener: (view: InstanceView) => void): Promise<() => void> {
    return (await this.#browserHost()).watch(undefined, listener);
  }

  /** A handle on an instance that was started earlier, also in another tab or before a reload. */
  async instance(id: string): Promise<InstanceHandle | undefined> {
    const host = await this.#browserHost();
    const view = await host.get(id);
    return view && handleOf(host, view);
  }

  /** Ends the hosts of this page. What is stored stays, and goes on in other tabs or with the next page. */
  async close(): Promise<void> {
    const hosts = [this.#memory, this.#browser];
    this.#memory = this.#browser = undefined;
    await Promise.all(hosts.map(async (host) => (await host?.catch(() => undefined))?.close()));
  }

  #add(definition: unknown): void {
    const name = (definition as { flow?: unknown } | null)?.flow;
    const key = typeof name === 'string' ? name : '(unnamed)';
    this.#definitions.set(key, definition);
    this.#compiled.delete(key);
  }

  #fetch(url: string | URL): void {
    const loading = (async () => {
      const response = await fetch(url);
      if (!response.ok) throw new Error(`${String(url)} answered ${response.status}`);
      const data: unknown = await response.json();
      for (const definition of Array.isArray(data) ? data : [data]) this.#add(definition);
    })()
      .then(
        () => this.dispatchEvent(new Event('definitions-change')),
        (error: unknown) => console.error(`[millrace] The flow definition ${String(url)} could not be loaded.`, error),
      )
      .then(() => void this.#loading.delete(loading));
    this.#loading.add(loading);
  }

  async #registry(): Promise<import('../activities/index.js').Registry> {
    const { createRegistry, createHttpImplementation, createLogImplementation } =
      await import('../activities/index.js');
    const { allowedOrigins, baseUrl, credentials } = this.#settings;
    const builtIn = createRegistry({
      http: createHttpImplementation({
        ...(allowedOrigins ? { allowedOrigins } : {}),
        ...(baseUrl === undefined ? {} : { baseUrl }),
        ...(credentials ? { credentials } : {}),
      }),
      log: createLogImplementation(),
    });
    // Functions registered later are found too.
    return {
      register: (name, implementation) => void this.#implementations.set(name, implementation),
      resolve: (name) => this.#implementations.get(name) ?? builtIn.resolve(name),
    };
  }

  #memoryHost(): Promise<FlowHost> {
    this.#memory ??= Promise.all([import('../hosts/index.js'), this.#registry()]).then(
      ([{ createMemoryHost }, implementations]) => createMemoryHost({ implementations }),
    );
    return this.#memory;
  }

  #browserHost(): Promise<BrowserHost> {
    if (!this.#browser) {
      const { database, durability } = this.#settings;
      this.#browser = Promise.all([import('../hosts/browser/index.js'), this.#registry()]).then(
        ([{ createBrowserHost }, implementations]) =>
          createBrowserHost({
            implementations,
            ...(database === undefined ? {} : { name: database }),
            ...(durability ? { durability } : {}),
          }),
      );
      this.#browser.catch(() => (this.#browser = undefined));
    }
    return this.#browser;
  }
}

function handleOf(host: FlowHost, first: InstanceView): InstanceHandle {
  let view = first;
  const isSettled = (v: InstanceView): boolean =>
    v.status === 'completed' || v.status === 'cancelled' || v.status === 'failed';
  const done = new Promise<InstanceView>((resolve) => {
    const look = (next: InstanceView | undefined): void => {
      if (!next || next.v < view.v) return;
      view = next;
      if (!isSettled(next)) return;
      stop();
      resolve(next);
    };
    const stop = host.watch(first.id, look);
    // It may have moved on between its start and this watch.
    void host.get(first.id).then(look, () => {});
  });
  return {
    id: first.id,
    get view() {
      return view;
    },
    done,
    watch: (listener) => host.watch(first.id, listener),
    cancel: (reason) => host.cancel(first.id, reason),
    retry: () => host.retry(first.id),
  };
}
