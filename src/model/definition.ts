// The flow definition: the JSON a page author writes or a BPMN import produces. Types only; `validate-definition.ts`
// checks foreign data against the JSON Schema. Vocabulary after Leymann, "Managing Business Processes via Workflow Technology".

/** Any JSON value. Everything that enters a variable pool, a journal or an event is one of these. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };
export type JsonObject = { readonly [key: string]: Json };

/** A JSON Schema (draft 2020-12 subset) as data. */
export type JsonSchema = boolean | { readonly [keyword: string]: unknown };

/** JSONata source text. */
export type Expression = string;
/** ISO 8601 duration such as `PT30S`, `P2D`; or JSONata that yields one where stated. */
export type Duration = string;

export type FlowKind = 'microflow' | 'process';

export interface FlowDefinition {
  readonly $schema?: string;
  /** Name of the flow; unique within a page. */
  readonly flow: string;
  /** Semantic version, for people; instances are pinned by content hash. Default `"0.0.0"`. */
  readonly version?: string;
  readonly kind: FlowKind;
  readonly title?: string;
  readonly description?: string;
  /** Where instances run when whoever starts them does not say: in the page (default), or on the server of the page. */
  readonly environment?: 'page' | 'server';
  /** The flow's input data object: parameter name → JSON Schema. */
  readonly input?: Readonly<Record<string, JsonSchema>>;
  /** The flow's output data object: name → JSONata over the pool. */
  readonly output?: Readonly<Record<string, Expression>>;
  readonly variables?: Readonly<Record<string, VariableDefinition>>;
  readonly activities: readonly ActivityDefinition[];
  readonly connectors?: readonly ConnectorDefinition[];
  readonly subflows?: Readonly<Record<string, SubflowDefinition>>;
  readonly spheres?: readonly SphereDefinition[];
  readonly roles?: Readonly<Record<string, RoleDefinition>>;
  /**
   * What a join means that may wait for ever (FLOW-E301). `refuse` (default): the flow does not compile. `fail`: it compiles where
   * some run can do without that join, and a run that gets stuck fails with `Deadlock`; loops without an end (E105, E304, E305) are
   * warnings then, and one without a wait fails with `RunawayLoop`. BPMN asks for no more.
   */
  readonly deadlocks?: 'refuse' | 'fail';
  /**
   * Nobody vouches for it: expressions and schemas that its pages' own bounds cannot stop are evaluated in a thread that is
   * terminated when it takes too long. Definitions fetched from another origin are marked so.
   */
  readonly untrusted?: boolean;
  /** Manual positions by element id, for the inspector; never affects execution. */
  readonly layout?: JsonObject;
}

export interface VariableDefinition {
  readonly schema?: JsonSchema;
  readonly initial?: Json;
  /**
   * Instances are often looked for by its value: hosts that can keep an index for it. `true` where it holds text, numbers or
   * true and false; for an object the paths to such values inside it.
   */
  readonly indexed?: true | readonly string[];
}

export type ActivityType = 'service' | 'user' | 'send' | 'receive' | 'script' | 'wait' | 'subflow' | 'call' | 'route';

export type SplitKind = 'or' | 'xor' | 'and';
/** n-of-m join: starts when `n` live tokens have arrived; see WCP 28–35. */
export interface PartialJoin {
  readonly n: number;
  readonly cancelRemaining?: boolean;
}
export type JoinKind = 'or' | 'xor' | 'and' | PartialJoin;

export interface ActivityDefinition {
  readonly id: string;
  readonly name?: string;
  readonly type: ActivityType;
  readonly implementation?: Implementation;
  /**
   * Where the implementation runs, if not where the flow does: `page`, `worker` (a Web Worker of the page), `server`, or the name of
   * a remote agent. It takes its input data object along and nothing else of the pool.
   */
  readonly environment?: string;
  /** Input data object: parameter → JSONata over the pool. */
  readonly input?: Readonly<Record<string, Expression>>;
  /** Assignments on completion: variable → JSONata over `$output` and the pool. */
  readonly output?: Readonly<Record<string, Expression>>;
  readonly split?: SplitKind;
  readonly join?: JoinKind;
  /** True: parallel paths may meet here without being joined; the activity runs once for each (WCP 8). */
  readonly multiMerge?: boolean;
  /** Longest time one attempt may take; the attempt then fails with code `Timeout`. */
  readonly timeout?: Duration;
  readonly retry?: RetryPolicy;
  readonly loop?: LoopDefinition;
  readonly boundary?: readonly BoundaryEventDefinition[];
  /** Activities with the same name here never run at the same time (WCP 39, 40). */
  readonly mutex?: string;
  /** True: reaching this end terminates its scope at once (WCP 43, BPMN terminate end event). */
  readonly terminate?: boolean;
  /** `fail`: a decision in which no connector is followed fails with `NoConnectorTrue`, as BPMN asks of gateways. */
  readonly noneTrue?: 'end' | 'fail';
  /** Activity that undoes this one once it has completed. No connector enters or leaves it. */
  readonly compensation?: string;
  /** What a `route` raises when it is reached, as a BPMN throw or end event does. */
  readonly throw?: ThrowDefinition;

  // user activities
  readonly role?: string;
  /** A selector of an HTML template (`#inform`), or a JSON Schema. */
  readonly form?: string | JsonSchema;
  /** Who gets the task, beyond the role or without one: JSONata that gives a user id or several. */
  readonly assign?: Expression | AssignmentDefinition;
  /** What the person decides between: name → what its button says. The name is `$output.outcome`. */
  readonly outcomes?: Readonly<Record<string, string>>;
  /** Everybody in `assign` votes, with a task each; `$output` is `{ outcome, votes }`. */
  readonly votes?: VotesDefinition;
  /** True: whoever may do it may also leave it out; nothing is assigned then. */
  readonly skippable?: boolean;
  /** Separation of duties: who did one of these activities may not do this one. `$starter` is who started the instance. */
  readonly excludes?: readonly string[];
  /** Same person: only who did this activity (`$starter`: started the instance) may do it. */
  readonly sameAs?: string;
  /** From when it was offered; or JSONata that gives a duration or a date-time. */
  readonly due?: Duration | Expression;
  /** People are reminded so long before it is due. */
  readonly remind?: Duration | readonly Duration[];
  readonly priority?: number;

  // wait: a duration, or JSONata yielding a duration or an ISO date-time; or a condition over the pool that becomes true
  readonly after?: Duration | Expression;
  readonly until?: Expression;
  readonly when?: Expression;

  // send, receive
  readonly message?: MessageReference;

  // call
  readonly calls?: string;
}

/** Who of several people gets a task. */
export interface AssignmentDefinition {
  /** JSONata over the pool and the input data object that gives a user id, or an array; `$starter` and `$doers` (activity → user) too. */
  readonly to: Expression;
  /** `offer` (default): all of them may take it. `round-robin`, `least-busy`: it is given to one of them, who may give it back. */
  readonly by?: 'offer' | 'round-robin' | 'least-busy';
}

/** How the votes of several people become one outcome; it is decided as soon as no vote can change it. */
export interface VotesDefinition {
  /**
   * `consensus`: all say the same. `veto`: one vote for `outcome` decides, else what most say. `majority`: more than half.
   * `most`: more than any other. `threshold`: `atLeast` votes for `outcome`.
   */
  readonly rule: 'consensus' | 'veto' | 'majority' | 'most' | 'threshold';
  readonly outcome?: string;
  /** Votes needed; below 1, the share of all. */
  readonly atLeast?: number;
  /** The outcome when the rule gives none. Without one the activity then fails with `NoOutcome`. */
  readonly fallback?: string;
}

export interface MessageReference {
  readonly name: string;
  /** Correlation key: JSONata over the pool. */
  readonly key?: Expression;
  /** True: wakes every waiter, not one (a BPMN signal). */
  readonly broadcast?: boolean;
  /** What a `send` carries: JSONata over the pool. Default: the activity's input data object. */
  readonly data?: Expression;
}

/** The external function an activity invokes, and the mapping between data object and signature. */
export interface Implementation {
  /** Name of a built-in kind (`http`, `page`, `store`, `log` …) or of a registered function. */
  readonly ref: string;
  /** Signature parameter → JSONata over the input data object and the pool. */
  readonly arguments?: Readonly<Record<string, Expression>>;
  /** JSONata over `$result` giving `$output`. Default: the result itself. */
  readonly result?: Expression;
  /** Dynamic binding: JSONata over the pool giving the ref to use. */
  readonly select?: Expression;
  /**
   * What to do when a crash leaves it unknown whether the call happened: call again with the same idempotency key
   * (`keyed`, the default), or never twice. `once` asks a person: an incident with the code `Indeterminate`, which no
   * boundary event takes. `fail` makes it an error like others: boundary events and spheres deal with `Indeterminate`.
   */
  readonly onResume?: 'keyed' | 'once' | 'fail';
}

export interface RetryPolicy {
  /** Attempts in all, the first included. */
  readonly maxAttempts: number;
  /** Pause before the second attempt. Default `PT1S`. */
  readonly backoff?: Duration;
  /** The pause grows by this factor per attempt. Default 2. */
  readonly factor?: number;
  /** Longest pause. Default `PT1H`. */
  readonly maxBackoff?: Duration;
  /** Error codes worth another attempt. Default: all that are not marked `retryable: false`. */
  readonly on?: readonly string[];
}

export type LoopDefinition =
  | { readonly kind: 'while' | 'until'; readonly condition: Expression; readonly max?: number }
  | {
      readonly kind: 'forEach';
      /** JSONata over the pool giving an array, or a number of repetitions. */
      readonly items: Expression;
      /** Name of the item's variable inside the body. Default `item`. */
      readonly item?: string;
      readonly sequential?: boolean;
      /** Items in progress at the same time when parallel. Default 32. */
      readonly concurrency?: number;
      /** JSONata over the pool plus `done`, `total`; true ends the loop and cancels the rest. */
      readonly completion?: Expression;
      /** Variable that receives the array of outputs, in item order. */
      readonly collect?: string;
      readonly max?: number;
    };

export type BoundaryEventDefinition = {
  readonly id: string;
  readonly name?: string;
  /** Default true. */
  readonly interrupting?: boolean;
  /** Assignments made when the event happens: variable → JSONata over `$event` and the pool. */
  readonly output?: Readonly<Record<string, Expression>>;
  /**
   * Events of one list with the same text here count as one event: it happens when each of them has. The first of them says
   * whether it interrupts and what follows.
   */
  readonly together?: string;
} & (
  | {
      readonly event: 'timer';
      readonly after?: Duration | Expression;
      readonly until?: Expression;
      /** A repeating interval of ISO 8601 (`R3/PT10S`, `R/PT1H`): one that does not interrupt happens again and again. */
      readonly cycle?: string | Expression;
    }
  | { readonly event: 'error'; readonly code?: string }
  | { readonly event: 'escalation'; readonly code?: string }
  | { readonly event: 'message'; readonly message: MessageReference }
  /** Happens when the condition over the pool becomes true. */
  | { readonly event: 'condition'; readonly condition: Expression }
  /** The subflow was cancelled by a `throw` inside it; what had completed in it is compensated by then. */
  | { readonly event: 'cancel' }
);

export type ThrowDefinition =
  /** Fails the scope it stands in; an error boundary around it, or an event subflow in it, may take it. */
  | { readonly event: 'error'; readonly code: string; readonly message?: string }
  /** Tells the scopes around it; goes on when nobody interrupts. */
  | { readonly event: 'escalation'; readonly code?: string }
  /**
   * Compensates what has completed in this scope, latest first, or one activity of it; goes on when that is done, or at once
   * with `wait: false`.
   */
  | { readonly event: 'compensation'; readonly activity?: string; readonly wait?: boolean }
  /** Compensates the enclosing subflow that has a `cancel` boundary event and leaves it there. */
  | { readonly event: 'cancel' };

export interface ConnectorDefinition {
  readonly id: string;
  /** An activity id, or `activity.boundary` for a boundary event. */
  readonly from: string;
  readonly to: string;
  readonly condition?: Expression;
  /** Followed iff no conditional connector of its source was. */
  readonly default?: boolean;
  readonly name?: string;
}

export interface SubflowDefinition {
  readonly name?: string;
  readonly activities: readonly string[];
  readonly loop?: LoopDefinition;
  readonly boundary?: readonly BoundaryEventDefinition[];
  /** Activity that undoes the subflow as a whole; without it, what completed inside is compensated one by one. */
  readonly compensation?: string;
  /**
   * Makes this an event subflow: no connector enters it; it starts when the event (one of a list) happens while the scope it
   * lies in is open. Interrupting (the default), it takes the place of everything else in that scope; otherwise it runs beside it.
   */
  readonly trigger?: BoundaryEventDefinition | readonly BoundaryEventDefinition[];
}

/** Activities with one joint outcome. */
export interface SphereDefinition {
  readonly id: string;
  /** `compensation`: undone in reverse order of completion. `atomic`: all members commit together, or none. */
  readonly kind: 'compensation' | 'atomic';
  /** Activity or subflow ids. */
  readonly activities: readonly string[];
  /** What a compensation sphere reacts to. Default: both. */
  readonly on?: readonly ('error' | 'cancel')[];
}

export interface RoleDefinition {
  readonly name?: string;
  readonly description?: string;
}
