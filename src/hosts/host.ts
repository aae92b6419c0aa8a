// The contract of everything that runs instances: memory, browser (IndexedDB), server. One conformance suite tests all.
import type { CompiledFlow } from '../compiler/index.js';
import type { ActivityChange, ActivityState, FlowEvent, InstanceStatus, Intervention } from '../engine/index.js';
import type { FailureData, FlowDefinition, FlowKind, Json, JsonObject, JsonSchema } from '../model/index.js';

/** Who acts. In the browser a convenience, not a protection: a server host checks its own claims. */
export interface User {
  readonly id: string;
  readonly name?: string;
  readonly roles: readonly string[];
}

export interface StartOptions {
  /** Use this id; starting it again gives the instance that exists. */
  readonly id?: string;
  /** Business key. With `once`, an instance of this flow with the key that is not over is given back instead. */
  readonly key?: string;
  readonly once?: boolean;
  readonly startedBy?: string;
  readonly parent?: { readonly instance: string; readonly token: string };
}

export interface InstanceView {
  readonly id: string;
  readonly flow: string;
  readonly title: string;
  readonly version: string;
  /** Content hash of the definition it is pinned to. */
  readonly hash: string;
  readonly kind: FlowKind;
  readonly status: InstanceStatus;
  /** Grows by at least one with every change; `watch` never goes back. */
  readonly v: number;
  readonly key?: string;
  readonly startedBy?: string;
  readonly parent?: { readonly instance: string; readonly token: string };
  readonly variables: JsonObject;
  readonly output?: JsonObject;
  readonly failure?: FailureData;
  /** Newest state per activity that has one. */
  readonly activities: Readonly<Record<string, ActivityView>>;
  readonly tasks: readonly TaskView[];
  /** Timers, messages and pages it waits for. */
  readonly waits: readonly WaitView[];
  readonly progress: { readonly done: number; readonly total: number };
  /** Epoch ms. */
  readonly startedAt: number;
  readonly changedAt: number;
  readonly endedAt?: number;
}

export interface ActivityView {
  readonly state: ActivityState;
  readonly token?: string;
  readonly attempt?: number;
  readonly failure?: FailureData;
  /** How often it has completed. */
  readonly completed: number;
}

export interface TaskView {
  /** `instance/token`. */
  readonly id: string;
  readonly instance: string;
  readonly token: string;
  readonly flow: string;
  readonly flowTitle: string;
  readonly activity: string;
  readonly name: string;
  readonly role?: string;
  readonly form?: string | JsonSchema;
  readonly data: JsonObject;
  /** Only these users may do it. */
  readonly candidates?: readonly string[];
  readonly claimedBy?: string;
  /** Who has handed it on to `claimedBy`. */
  readonly delegatedBy?: string;
  /** What the person decides between: name → what its button says. */
  readonly outcomes?: Readonly<Record<string, string>>;
  /** Whoever may do it may also leave it out. */
  readonly skippable?: boolean;
  readonly dueAt?: number;
  /** When people are reminded, epoch ms. */
  readonly remindAt?: readonly number[];
  readonly priority?: number;
  readonly createdAt: number;
  /** Users who may not do it (`excludes`) and the only one who may (`sameAs`). */
  readonly excludedUsers: readonly string[];
  readonly onlyUser?: string;
}

export interface WaitView {
  readonly activity: string;
  readonly token: string;
  /** `implementation`: no page that is open has the function; it is called once there is one. */
  readonly kind: 'timer' | 'message' | 'implementation';
  readonly at?: number;
  /** Of the message, or of the implementation. */
  readonly name?: string;
  readonly key?: string;
  /** Of an implementation: what is missing. */
  readonly why?: string;
}

export interface InstanceQuery {
  readonly flow?: string;
  readonly kind?: FlowKind;
  readonly status?: InstanceStatus | readonly InstanceStatus[];
  readonly key?: string;
  /** Epoch ms: started at or after, started before, changed at or after. */
  readonly startedFrom?: number;
  readonly startedBefore?: number;
  readonly changedFrom?: number;
  /** Variables with exactly these values; a path like `customer.id` reaches into objects. */
  readonly variables?: Readonly<Record<string, string | number | boolean>>;
  readonly limit?: number;
}

/** One line of an instance's history. */
export interface HistoryRecord {
  readonly seq: number;
  readonly at: number;
  readonly event: FlowEvent;
  readonly changes: readonly ActivityChange[];
  /** Variables written by this step. */
  readonly writes?: JsonObject;
  readonly warnings?: readonly string[];
}

/** Who sends it, and why, is journalled by whoever takes it. */
export interface Signal extends Intervention {
  readonly name: string;
  readonly key?: string;
  readonly data?: Json;
  /** True: wake every waiter and do not buffer; false (default): wake one, or wait for one. */
  readonly broadcast?: boolean;
  /** Deduplication id. */
  readonly id?: string;
}

/** What a person or page does to an instance; each is refused with a typed error when it does not fit. */
export type HostCommand =
  /** `by`: who gives the task to the user, or does it in the user's place. */
  | ({ readonly type: 'claim' | 'release'; readonly task: string; readonly user: User } & Intervention)
  | ({ readonly type: 'complete'; readonly task: string; readonly user?: User; readonly output?: Json } & Intervention)
  /** Hands the task on to somebody, by id. */
  | { readonly type: 'delegate'; readonly task: string; readonly user: User; readonly to: string }
  /** Leaves a task out that may be left out. */
  | { readonly type: 'skip-task'; readonly task: string; readonly user: User }
  | ({
      readonly type: 'skip';
      readonly instance: string;
      readonly token: string;
      readonly output?: Json;
    } & Intervention)
  /** Writes variables of an instance that is not over; a failed one stays failed until it is taken up again. */
  | ({ readonly type: 'edit'; readonly instance: string; readonly variables: JsonObject } & Intervention)
  /** `instance`: one that waits for it; it goes to the host that has that one, and perhaps to another instance there. */
  | { readonly type: 'signal'; readonly signal: Signal; readonly instance?: string };

export interface RetryOptions extends Intervention {
  /** Only the failed activity with this token. */
  readonly token?: string;
  readonly variables?: JsonObject;
}

export interface FlowHost {
  /** Makes a definition known, so that instances can start by name and resume by hash. */
  deploy(flow: FlowDefinition | CompiledFlow): Promise<CompiledFlow>;
  /** Resolves once the start is as safe as this host can make it (browser: committed to IndexedDB). */
  start(flow: string, input?: JsonObject, options?: StartOptions): Promise<InstanceView>;
  send(command: HostCommand): Promise<void>;
  get(id: string): Promise<InstanceView | undefined>;
  list(query?: InstanceQuery): Promise<readonly InstanceView[]>;
  /** Open tasks; with a user, those that the user may see. */
  tasks(user?: User): Promise<readonly TaskView[]>;
  cancel(id: string, reason?: string, by?: string): Promise<void>;
  /** Takes failed activities up again, after writing `variables`. */
  retry(id: string, options?: RetryOptions): Promise<void>;
  /** Calls back with every newer view of one instance, or of all; gives the function that ends it. */
  watch(id: string | undefined, listener: (view: InstanceView) => void): () => void;
  history(id: string): Promise<readonly HistoryRecord[]>;
  /** The flow that an instance is pinned to, whatever has been deployed since; undefined where the host cannot tell. */
  flowOf?(id: string): Promise<CompiledFlow | undefined>;
  close(): Promise<void>;
}
