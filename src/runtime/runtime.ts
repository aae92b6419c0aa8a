// What a page talks to, and what components find: definitions, implementations, the user, and flows in progress. Light on
// purpose: it keeps what it is told, and loads what runs flows (`hosting.ts`) when the first one starts.
import type { BusSource } from '../activities/bus.js';
import type { Implementations, RegisteredImplementation } from '../activities/implementation.js';
import type { CompiledFlow } from '../compiler/index.js';
import type {
  FlowHost,
  HistoryRecord,
  HostCommand,
  InstanceQuery,
  InstanceView,
  RetryOptions,
  TaskView,
  User,
} from '../hosts/host.js';
import type { InstanceLogs } from '../hosts/logs/index.js';
import type { Management } from '../hosts/management/index.js';
import type { Scheduler } from '../hosts/schedules/index.js';
import type { FlowDefinition, Json, JsonObject } from '../model/definition.js';
import type { BackgroundRuns } from './background-runs.js';
import type { Environment, HostKind, StartRequest } from './hosting.js';
import type { InstanceHandle } from './instance-handle.js';
import { PageState, type DefinitionSource, type RuntimeSettings } from './page-state.js';

export interface RuntimeOptions extends RuntimeSettings {
  readonly user?: User;
  /** Where definitions in `<script type="application/flow+json">` are looked up. Default: nowhere. */
  readonly document?: Document;
}

export class Runtime extends EventTarget {
  readonly #page: PageState;
  #user: User | undefined;

  constructor({ user, document, ...settings }: RuntimeOptions = {}, page: PageState = new PageState(document)) {
    super();
    this.#user = user;
    this.#page = page;
    page.configure(settings);
  }

  /** A runtime that shares everything with this one but the user. */
  as(user: User | undefined): Runtime {
    return new Runtime(user ? { user } : {}, this.#page);
  }

  /**
   * Makes definitions known by name; a later one of the same name replaces the earlier for new instances. A string or URL
   * is fetched when a flow is looked up. Faults show when a flow is used, by `flow()` and `start()`.
   */
  define(...sources: readonly DefinitionSource[]): void {
    for (const source of sources) this.#page.define(source);
    this.dispatchEvent(new Event('definitions-change'));
  }

  /** Makes known the `<script type="application/flow+json">` elements in `root`. */
  defineFrom(root: ParentNode): void {
    this.#page.unread.add(root);
  }

  /** Registers page functions by the name that flows use in `implementation.ref`. */
  implement(name: string, implementation: RegisteredImplementation): void;
  implement(implementations: Implementations): void;
  implement(first: string | Implementations, implementation?: RegisteredImplementation): void {
    const all = typeof first === 'string' ? { [first]: implementation! } : first;
    for (const [name, one] of Object.entries(all)) this.#page.functions.set(name, one);
  }

  /** Settings; call it before the first flow runs. Throws FlowError `FLOW-CONFIGURED-LATE` afterwards. */
  configure({ user, ...settings }: Omit<RuntimeOptions, 'document'>): void {
    this.#page.configure(settings);
    if (user) this.user = user;
  }

  /** Who acts on this page; a convenience, not a protection. Setting it fires `user-change`. */
  get user(): User | undefined {
    return this.#user;
  }

  set user(user: User | undefined) {
    this.#user = user;
    this.dispatchEvent(new Event('user-change'));
  }

  /** The checked flow. Rejects with FlowDefinitionError (every diagnostic) or FlowError `FLOW-UNKNOWN`. */
  async flow(name: string, environment?: Environment): Promise<CompiledFlow> {
    return (await this.#page.hosting()).flow(name, environment);
  }

  /** What the page defines under this name, unchecked. Rejects with FlowError `FLOW-UNKNOWN`. */
  async definition(name: string): Promise<FlowDefinition> {
    return (await this.#page.hosting()).definition(name);
  }

  /** `memory` runs microflows, `browser` keeps processes in IndexedDB, `server` asks the server. Opened on first use. */
  async host(kind: HostKind): Promise<FlowHost> {
    return (await this.#page.hosting()).host(kind);
  }

  /**
   * Starts a flow: a microflow in memory, a process in the browser's storage, with `environment: 'server'` either on the server. With `kind`, a flow of the other kind is
   * refused (`FLOW-KIND`). Resolves when the start is as safe as the host can make it.
   */
  async start(name: string, input: JsonObject = {}, options: StartRequest = {}): Promise<InstanceHandle> {
    const startedBy = this.#user && { startedBy: this.#user.id };
    return (await this.#page.hosting()).start(name, input, { ...startedBy, ...options }, this.#by);
  }

  /** A handle on an instance started earlier, also in another tab or before a reload. */
  async instance(id: string): Promise<InstanceHandle | undefined> {
    return (await this.#page.hosting()).instance(id, this.#by);
  }

  /** Newest first. Microflows are known only to the page that runs them. */
  async instances(query: InstanceQuery = {}): Promise<readonly InstanceView[]> {
    return (await this.#page.hosting()).instances(query);
  }

  /** What runs while the page stays usable, as `<flow-activity>` lists it; `add` what page code starts there. */
  get background(): BackgroundRuns {
    return this.#page.background;
  }

  /** Every step of an instance, oldest first. */
  async history(id: string): Promise<readonly HistoryRecord[]> {
    return (await this.#hostOf(id))?.history(id) ?? [];
  }

  /** What instances did and when, and their data: both read off their histories, to look through or to export. */
  async logs(): Promise<InstanceLogs> {
    return (await this.#page.hosting()).logs();
  }

  /** Paths of the data that logs and the inspector do not show, as `configure({ redact })` has set them. */
  get redacted(): readonly string[] {
    return this.#page.settings.redact ?? [];
  }

  /** The flow that an instance runs, which may be older than the one that `flow()` gives. */
  async flowOf(id: string): Promise<CompiledFlow> {
    return (await this.#page.hosting()).flowOf(id);
  }

  /** Export, import and migration of the processes that this browser keeps, and what is not to be kept for ever. */
  async management(): Promise<Management> {
    return (await this.#page.hosting()).management(this.#by);
  }

  /** Processes that this browser starts by the clock, while a page of it is open. */
  async schedules(): Promise<Scheduler> {
    return (await this.#page.hosting()).schedules();
  }

  async cancel(id: string, reason?: string): Promise<void> {
    await (await this.#hostOf(id))?.cancel(id, reason, this.#user?.id);
  }

  /** Takes the failed activities of an instance up again, after writing `variables`. */
  async retry(id: string, options?: RetryOptions): Promise<void> {
    await (await this.#hostOf(id))?.retry(id, { ...this.#by, ...options });
  }

  /** Starts the flow of an instance again, with the input that it was started with; the newest definition counts. */
  async restart(id: string): Promise<InstanceHandle> {
    const startedBy = this.#user && { startedBy: this.#user.id };
    return (await this.#page.hosting()).restart(id, { ...startedBy });
  }

  /** Calls back with every change of any process; resolves with the function that ends it. */
  async watch(listener: (view: InstanceView) => void): Promise<() => void> {
    return (await this.#page.hosting()).watch(listener);
  }

  /** Open tasks that the user may do; all of them when there is no user. */
  async tasks(user: User | undefined = this.#user): Promise<readonly TaskView[]> {
    return (await this.#page.hosting()).tasks(user);
  }

  /**
   * Calls back with the open tasks now and after every change, in any tab; gives the function that ends it. `failed` hears
   * why there is no list.
   */
  watchTasks(listener: (tasks: readonly TaskView[]) => void, failed: (error: unknown) => void = () => {}): () => void {
    const ended = new AbortController();
    import('./task-watch.js').then(({ watchTasks }) => watchTasks(this, listener, failed, ended.signal)).catch(failed);
    return () => ended.abort();
  }

  /**
   * Tells other windows of this browser that the user has a task open, and calls back with the others who have, now and when
   * that changes; gives the function that ends it. Without a user nobody is told.
   */
  attend(task: string, listener: (others: readonly User[]) => void): () => void {
    const ended = new AbortController();
    const user = this.#user;
    if (user)
      void import('./task-presence.js').then(
        ({ attendTask }) => ended.signal.aborted || attendTask(task, user, listener, ended.signal),
        () => {},
      );
    return () => ended.abort();
  }

  /** Commands on tasks and instances go to where these are; a signal to this browser's processes, or to the server's. */
  async send(command: HostCommand, environment?: Environment): Promise<void> {
    const signed = command.type === 'skip' || command.type === 'edit' ? { ...this.#by, ...command } : command;
    await (await this.#page.hosting()).send(signed, environment);
  }

  /** Takes a task, so that nobody else does it meanwhile. Rejects with `FLOW-NO-USER`, `FLOW-TASK-TAKEN`, `FLOW-TASK-GONE` … */
  async claim(task: string): Promise<void> {
    await this.send({ type: 'claim', task, user: await this.#someone('take') });
  }

  async release(task: string): Promise<void> {
    await this.send({ type: 'release', task, user: await this.#someone('give back') });
  }

  /** Hands a task on to somebody, by id; that person need not have the role. */
  async delegate(task: string, to: string): Promise<void> {
    await this.send({ type: 'delegate', task, to, user: await this.#someone('hand on') });
  }

  /** Leaves a task out. Rejects with `FLOW-TASK-REFUSED` where the flow does not allow it. */
  async skip(task: string): Promise<void> {
    await this.send({ type: 'skip-task', task, user: await this.#someone('leave out') });
  }

  /** Completes a task as the user. `output` becomes the `$output` of the activity. */
  async complete(task: string, output?: Json): Promise<void> {
    const user = this.#user && { user: this.#user };
    await this.send({ type: 'complete', task, ...user, ...(output === undefined ? {} : { output }) });
  }

  /**
   * Brings in messages of other pages for the flows that wait for them: `listen({ channel: 'orders' })` for tabs of this origin,
   * `listen({ origins: ['https://shop.example'] })` for frames and openers. Gives the function that ends it.
   */
  listen(source: BusSource, environment?: Environment): () => void {
    const ended = new AbortController();
    void import('../activities/bus.js').then(({ listenToBus }) => {
      if (ended.signal.aborted) return;
      const end = listenToBus(source, (signal) => void this.send({ type: 'signal', signal }, environment));
      ended.signal.addEventListener('abort', end);
    });
    return () => ended.abort();
  }

  /**
   * Goes on with the processes that this browser keeps. The modules that define components for processes call it, so that
   * a process does not wait for a click. Loads and opens nothing when this browser has never kept one.
   */
  async resume(): Promise<void> {
    if (await this.#page.hasProcesses()) await (await this.#page.hosting()).resume();
  }

  /** Ends the hosts of this page. What is stored stays, and goes on in other tabs or with the next page. */
  close(): Promise<void> {
    return this.#page.close();
  }

  /** Who intervenes, for the journal. */
  get #by(): { readonly by?: string } {
    return this.#user ? { by: this.#user.id } : {};
  }

  async #hostOf(id: string): Promise<FlowHost | undefined> {
    return (await this.#page.hosting()).hostOf(id);
  }

  async #someone(what: string): Promise<User> {
    return (await this.#page.hosting()).someone(this.#user, what);
  }
}
