// The state of one instance: the context of its XState machine. Plain JSON, immutable, small: it holds only where tokens
// are now, never where they have been (the journal knows that), so that a step costs the same after ten thousand others.
import type { FailureData, Json, JsonObject } from '../model/index.js';

/** `i7` and the like: one activity run. Also the fencing token of its effects and part of the idempotency key. */
export type Token = string;
/** The run that owns a subflow's body, or `""` for the flow itself. */
export type ScopeId = Token | '';

export type InstanceStatus =
  | 'running'
  | 'completed'
  /** An activity failed for good and nothing took the failure: an incident, retryable from that activity. */
  | 'failed'
  | 'cancelled';

export interface FlowState {
  readonly instance: string;
  /** Number of steps so far; a host's compare-and-set works on it. */
  readonly v: number;
  readonly status: InstanceStatus;
  readonly pool: JsonObject;
  readonly runs: Readonly<Record<Token, Run>>;
  /** Live tokens that wait at a join: `scope|connector` → how many. */
  readonly arrivals: Readonly<Record<string, number>>;
  /** Where a partial join that has fired still waits for its stragglers, which it swallows: `scope|connector` → 1. */
  readonly stragglers: Readonly<Record<string, number>>;
  readonly nextToken: number;
  readonly output?: JsonObject;
  readonly failure?: FailureData;
  /** Another flow has called this one and hears of escalations that nobody takes here. */
  readonly called?: true;
  /** What has completed and could still be undone, in order of completion. */
  readonly compensable: readonly Compensable[];
  /** What atomic subflows under way have prepared, in order. */
  readonly participants: readonly Participant[];
  /** Compensations under way, by the run that asked for them (`""`: the instance, which is being cancelled). */
  readonly undos: Readonly<Record<string, Undo>>;
  /** Who did which user activity, for `excludes` and `sameAs`; in a loop also per round (`activity#0`). `$starter`: the instance. */
  readonly doers: Readonly<Record<string, string>>;
  /** What the host has to do because of the last step. */
  readonly effects: readonly Effect[];
  /** What became of activities in the last step, in order. */
  readonly changes: readonly ActivityChange[];
}

export type ActivityState =
  | 'inactive'
  | 'ready'
  | 'running'
  | 'completed'
  | 'skipped'
  | 'failed'
  | 'terminated'
  | 'compensating'
  | 'compensated';

export interface Run {
  readonly token: Token;
  readonly activity: string;
  readonly scope: ScopeId;
  /** `ready`: expressions to resolve, a mutex, a back-off or a person to wait for. */
  readonly state: 'ready' | 'running' | 'failed';
  /** What the run waits for, in words of the engine. */
  readonly phase:
    | 'prepare'
    | 'mutex'
    | 'effect'
    | 'task'
    | 'wait'
    | 'body'
    | 'settle'
    | 'backoff'
    | 'incident'
    /** Listens for the event of an event subflow. */
    | 'listen'
    /** Something was raised; the expressions of who takes it are being resolved. */
    | 'raise'
    /** Waits until what it asked for is undone. */
    | 'undo'
    /** Everything in this atomic subflow is done; its participants commit. */
    | 'commit';

  /** 1 for the first attempt. */
  readonly attempt: number;
  /** Attempts made before the latest retry by a person; the retry policy counts from there. */
  readonly attemptsBefore?: number;
  /** The input data object, resolved when the activity was activated. */
  readonly input?: JsonObject;
  /** The implementation to call and its resolved arguments. */
  readonly ref?: string;
  readonly arguments?: JsonObject;
  /** Output data object while `settle` is under way. */
  readonly output?: Json;
  /** Armed timers: timer id (`""` = the activity's own, `timeout`, `backoff`, or a boundary id) → epoch ms. */
  readonly timers?: Readonly<Record<string, number>>;
  /** Open message subscriptions: `""` = the activity's own, or a boundary id. */
  readonly subscriptions?: Readonly<Record<string, Subscription>>;
  /** Timers that happen again: timer id → the pause in ms, and how often they still will after the next time. */
  readonly cycles?: Readonly<Record<string, Recurrence>>;
  /** Events that count only together with others and have happened, by boundary id. */
  readonly happened?: readonly string[];
  readonly loop?: LoopState;
  /** Variables seen only inside this run's body (`item`, `index`). */
  readonly locals?: JsonObject;
  /** forEach: the run that owns this one. */
  readonly owner?: Token;
  readonly task?: TaskState;
  /** The call has not begun: no page that is open has its implementation. */
  readonly unavailable?: Unavailable;
  readonly failure?: FailureData;
  /** Not a token: it waits for the event of an event subflow as long as the scope is open. */
  readonly listener?: true;
  readonly raise?: Raise;
  /** Its boundary events that have happened without interrupting it: what they lead to was not left out. */
  readonly fired?: readonly string[];
  /** Conditions watched, by boundary id (`""` = the activity's own): whether they hold. */
  readonly conditions?: Readonly<Record<string, boolean>>;
  /** Set on the run of a compensation handler: the compensation it is part of, and the run it undoes. */
  readonly undoes?: Undoing;
  /** The run of the atomic subflow around it: what it does is prepared, and committed or rolled back later. */
  readonly transaction?: Token;
  /** It ends the part of a run whose preparation had ended well. */
  readonly prepared?: true;
  /** Of an atomic subflow: variables as they were before it wrote them; an empty list where there was none. */
  readonly before?: Readonly<Record<string, readonly [] | readonly [Json]>>;
}

/** What no page that is open can call. */
export interface Unavailable {
  readonly implementation: string;
  /** What is missing, in a sentence. */
  readonly message: string;
}

/** A run that undoes another one, or ends its part in a transaction. */
export interface Undoing {
  readonly undo: string;
  readonly activity: string;
  readonly token: Token;
  readonly output?: Json;
  /** Of a subflow: what had completed inside it, which its handler may have compensated. */
  readonly inside?: readonly Compensable[];
  readonly act?: TransactionEnd;
}

export type TransactionEnd = 'commit' | 'rollback';

/** What a run raises in the scopes around it. */
export type Raise =
  | { readonly event: 'error'; readonly failure: FailureData }
  | { readonly event: 'escalation'; readonly code?: string }
  | { readonly event: 'cancel' };

/** An invocation inside an atomic subflow, which the outcome of that subflow will commit or roll back. */
export interface Participant {
  readonly activity: string;
  readonly token: Token;
  /** The run of the atomic subflow. */
  readonly transaction: Token;
  /** What was invoked. */
  readonly ref?: string;
  /** The preparation has ended well. */
  readonly prepared?: true;
  readonly output?: Json;
}

/** A completed run with what its compensation needs to know of it. */
export interface Compensable {
  readonly activity: string;
  readonly token: Token;
  readonly scope: ScopeId;
  readonly locals?: JsonObject;
  readonly output?: Json;
  /** What had completed inside it, if it is a subflow. */
  readonly inside?: readonly Compensable[];
  // A participant of a transaction:
  readonly transaction?: Token;
  readonly ref?: string;
  readonly prepared?: true;
}

export interface Undo {
  /** Where the handlers run. */
  readonly scope: ScopeId;
  /** Still to be undone; the last is next. */
  readonly stack: readonly Compensable[];
  /** Set: these are participants of a transaction, to be committed or rolled back. */
  readonly act?: TransactionEnd;
  /** What follows: the asking run goes on, fails, raises something, or the instance is cancelled; or nothing. */
  readonly then: 'go-on' | 'fail' | 'raise' | 'cancelled' | 'nothing';
  readonly raise?: Raise;
  readonly failure?: FailureData;
  /** The spheres undone so far because of this failure. */
  readonly spheres?: readonly string[];
}

export interface Recurrence {
  readonly every: number;
  /** When it is due, epoch ms: the times after it are counted from there, however late it fires. Absent in early versions. */
  readonly at?: number;
  readonly left?: number;
}

export interface Subscription {
  readonly name: string;
  readonly key?: string;
  readonly broadcast?: boolean;
}

export interface TaskState {
  readonly role?: string;
  /** Only these users may do it. */
  readonly candidates?: readonly string[];
  /** Who has handed it on to whom it is for now, and for whom it was before. */
  readonly delegated?: { readonly by: string; readonly role?: string; readonly candidates?: readonly string[] };
  readonly dueAt?: number;
  /** When people are reminded, epoch ms. */
  readonly remindAt?: readonly number[];
  readonly priority?: number;
  readonly claimedBy?: string;
  readonly createdAt: number;
}

export interface LoopState {
  /** Completed iterations (`while`, `until`) or items. */
  readonly done: number;
  /** Items started so far. */
  readonly started: number;
  readonly total?: number;
  readonly items?: readonly Json[];
  /** Outputs in item order, in chunks so that appending stays cheap. */
  readonly results?: readonly (readonly Json[])[];
}

export interface ActivityChange {
  readonly activity: string;
  readonly state: ActivityState;
  /** Absent for `skipped`. */
  readonly token?: Token;
  readonly scope: ScopeId;
  readonly attempt?: number;
  readonly failure?: FailureData;
}

// -- effects: what a host must do; at least once, deduplicated by token ------------------------------------------------

export type Effect =
  /** Evaluate the expressions of this run's phase (`resolve.ts`) and apply the resulting event. */
  | { readonly type: 'resolve'; readonly token: Token; readonly phase: 'prepare' | 'settle' | 'raise' | 'condition' }
  /** Evaluate the flow's output data object. */
  | { readonly type: 'resolve-output' }
  /** Invoke the implementation; answer with a `result` or a `failure` message. */
  | { readonly type: 'run'; readonly token: Token; readonly activity: string; readonly attempt: number }
  | { readonly type: 'timer'; readonly token: Token; readonly id: string; readonly at: number }
  | { readonly type: 'subscribe'; readonly token: Token; readonly id: string; readonly subscription: Subscription }
  /** Abort the invocation; disarm the timers and subscriptions of this token. */
  | { readonly type: 'cancel'; readonly token: Token };

// -- messages come from outside, events have every expression in them resolved ------------------------------------------

/** What the outside tells an instance. Stale tokens are ignored, so duplicates and late answers are harmless. */
export type InstanceMessage =
  | { readonly type: 'result'; readonly token: Token; readonly attempt?: number; readonly output?: Json }
  | { readonly type: 'failure'; readonly token: Token; readonly attempt?: number; readonly failure: FailureData }
  | { readonly type: 'timer'; readonly token: Token; readonly id: string; readonly at: number }
  | ({ readonly type: 'message'; readonly token: Token; readonly id: string; readonly data?: Json } & Intervention)
  /** The flow that this run calls has escalated; it goes on meanwhile. */
  | { readonly type: 'escalation'; readonly token: Token; readonly code?: string }
  /** The call waits until there is a page that has its implementation; without `implementation` there is one again. */
  | ({ readonly type: 'unavailable'; readonly token: Token; readonly attempt: number } & Partial<Unavailable>)
  | ({ readonly type: 'claim'; readonly token: Token; readonly user: string } & Intervention)
  | ({ readonly type: 'release'; readonly token: Token; readonly user: string } & Intervention)
  /** Hands a task on to somebody, who need not have the role. */
  | { readonly type: 'delegate'; readonly token: Token; readonly user: string; readonly to: string }
  | ({
      readonly type: 'complete';
      readonly token: Token;
      readonly user?: string;
      readonly output?: Json;
    } & Intervention)
  | ({ readonly type: 'cancel'; readonly token?: Token } & Intervention)
  /** Take up failed activities again: one (token) or all. `variables` are written first. */
  | ({ readonly type: 'retry'; readonly token?: Token; readonly variables?: JsonObject } & Intervention)
  /** Treat a failed or waiting activity as completed with this output. */
  | ({ readonly type: 'skip'; readonly token: Token; readonly output?: Json } & Intervention)
  /** Write variables; conditions over the pool look again, nothing else happens. */
  | ({ readonly type: 'edit'; readonly variables: JsonObject } & Intervention);

/** Who has intervened in an instance, and why. Kept in the journal, without meaning for the steps. */
export interface Intervention {
  readonly by?: string;
  readonly reason?: string;
}

/** The results of a run's expressions when it is activated. */
export interface Prepared {
  readonly input?: JsonObject;
  readonly ref?: string;
  readonly arguments?: JsonObject;
  /** Timer id → epoch ms. */
  readonly timers?: Readonly<Record<string, number>>;
  readonly subscriptions?: Readonly<Record<string, Subscription>>;
  readonly cycles?: Readonly<Record<string, Recurrence>>;
  readonly dueAt?: number;
  /** Who may do the task, and who of them has it from the start. */
  readonly candidates?: readonly string[];
  readonly assignee?: string;
  readonly items?: readonly Json[];
  /** `while`: is there another round? */
  readonly proceed?: boolean;
}

/** The results of a run's expressions when it has done its work. */
export interface Settled {
  readonly writes?: JsonObject;
  /** The output data object, where the implementation's result is mapped and a compensation will want it. */
  readonly output?: Json;
  /** Connectors whose condition was true. */
  readonly live?: readonly string[];
  /** `until`/`while` condition, or forEach completion condition, after this round. */
  readonly loop?: boolean;
}

/** What is journalled: a message with its expressions resolved, and the time at which it was accepted. */
export type FlowEvent = { readonly now: number } & (
  | {
      readonly type: 'begin';
      readonly instance: string;
      readonly input: JsonObject;
      readonly startedBy?: string;
      readonly called?: true;
    }
  | { readonly type: 'prepared'; readonly token: Token; readonly prepared: Prepared }
  | { readonly type: 'settled'; readonly token: Token; readonly settled: Settled }
  /** What the run raised may be taken now; `settled` belongs to the boundary event that takes it. */
  | { readonly type: 'raised'; readonly token: Token; readonly settled?: Settled }
  /** A condition over the pool has changed. */
  | {
      readonly type: 'condition';
      readonly token: Token;
      readonly id: string;
      readonly met: boolean;
      readonly settled?: Settled;
    }
  /** The flow's output data object, or why it could not be evaluated. */
  | { readonly type: 'output'; readonly output?: JsonObject; readonly failure?: FailureData }
  /** The first of a journal whose beginning was dropped: the state after `steps` records. */
  | { readonly type: 'compacted'; readonly steps: number; readonly state: FlowState }
  /** The instance goes on with another definition (both by hash), in the state it has there. */
  | ({
      readonly type: 'migrated';
      readonly from: string;
      readonly to: string;
      readonly state: FlowState;
    } & Intervention)
  /** A boundary's own assignments and conditions ride along in `settled`. */
  | (InstanceMessage & { readonly settled?: Settled; readonly warnings?: readonly string[] })
);
