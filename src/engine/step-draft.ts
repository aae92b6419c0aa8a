// One step in the making: a shallow, mutable copy of the state that the token game works on, and what the step causes.
// The copied records are small (only where tokens are now), so a step costs the same in a long flow as in a short one.
import type { Plan, PlannedActivity } from '../compiler/index.js';
import type { FailureData, Json, JsonObject } from '../model/index.js';
import type { ActivityChange, Effect, FlowState, Run, ScopeId, Token, Undo } from './state.js';

export type Mutable<T> = { -readonly [K in keyof T]: T[K] };

/** What is still to be done in a step. A queue, because a chain of routes must not overflow the stack. */
export type Intent =
  | { readonly do: 'activate'; readonly activity: PlannedActivity; readonly scope: ScopeId; readonly how?: Activation }
  /** The run's turn has come. */
  | { readonly do: 'prepare'; readonly token: Token }
  /** The work of the run is done. */
  | { readonly do: 'settle'; readonly token: Token }
  | { readonly do: 'fail'; readonly token: Token; readonly failure: FailureData }
  | { readonly do: 'undone'; readonly id: string };

export interface Activation {
  /** The loop that this is a round of. */
  readonly owner?: Token;
  readonly locals?: JsonObject;
  /** It is a compensation handler's run, or ends a part of a transaction. */
  readonly undoes?: Run['undoes'];
  readonly transaction?: Token;
  readonly prepared?: true;
  readonly ref?: string;
}

export interface StepDraft {
  readonly plan: Plan;
  readonly now: number;
  /** The pool before the step. */
  readonly before: JsonObject;
  readonly state: Mutable<FlowState> & {
    pool: Record<string, Json>;
    runs: Record<Token, Run>;
    arrivals: Record<string, number>;
    stragglers: Record<string, number>;
    undos: Record<string, Undo>;
  };
  readonly effects: Effect[];
  readonly changes: ActivityChange[];
  readonly agenda: Intent[];
  /** How many of them are done. */
  done: number;
  /** Scopes in which tokens moved, to be looked over at the end of the step. */
  touched: ScopeId[];
}

/** `spent`: the state before is nobody else's, and becomes the state after. */
export function draftStep(plan: Plan, before: FlowState, now: number, spent = false): StepDraft {
  const effects: Effect[] = [];
  const changes: ActivityChange[] = [];
  const { pool } = before;
  const state = spent ? (before as StepDraft['state']) : copyOf(before);
  state.v++;
  state.effects = effects;
  state.changes = changes;
  return { plan, now, before: pool, state, effects, changes, agenda: [], done: 0, touched: [] };
}

/** Member by member, because this is done at every step and a spread of so many is slow. */
function copyOf(before: FlowState): StepDraft['state'] {
  const state: StepDraft['state'] = {
    instance: before.instance,
    v: before.v,
    status: before.status,
    pool: before.pool as Record<string, Json>,
    runs: copied(before.runs),
    arrivals: { ...before.arrivals },
    stragglers: { ...before.stragglers },
    nextToken: before.nextToken,
    compensable: before.compensable,
    participants: before.participants,
    undos: { ...before.undos },
    doers: before.doers,
    effects: before.effects,
    changes: before.changes,
  };
  if (before.output !== undefined) state.output = before.output;
  if (before.failure !== undefined) state.failure = before.failure;
  if (before.called) state.called = true;
  return state;
}

/**
 * A copy whose keys come and go. Deleting a member first keeps V8 from making a hidden class for every set of tokens there
 * ever is, which costs more the longer an instance runs; into such a record, a loop copies faster than `Object.assign`.
 */
function copied<T>(record: Readonly<Record<string, T>>): Record<string, T> {
  const copy = { first: undefined, second: undefined } as unknown as Record<string, T>;
  delete copy['first'];
  delete copy['second'];
  for (const key of Object.keys(record)) copy[key] = record[key]!;
  return copy;
}

export function finishStep(step: StepDraft): FlowState {
  if (step.plan.watchesPool && step.state.pool !== step.before) askConditions(step);
  return step.state;
}

/** The pool has changed: whoever waits for a condition over it is to look again. */
function askConditions(step: StepDraft): void {
  for (const { token, conditions } of Object.values(step.state.runs)) {
    if (conditions && !step.effects.some((e) => e.type === 'resolve' && e.token === token && e.phase === 'condition'))
      step.effects.push({ type: 'resolve', token, phase: 'condition' });
  }
}

export function touch(step: StepDraft, scope: ScopeId): void {
  if (!step.touched.includes(scope)) step.touched.push(scope);
}

export function leaveAlone(step: StepDraft, scope: ScopeId): void {
  step.touched = step.touched.filter((other) => other !== scope);
}

/** The oldest intent still to be carried out. The list is cut only when it is empty: shifting a long array is slow. */
export function nextIntent(step: StepDraft): Intent | undefined {
  const next = step.agenda[step.done];
  if (next) step.done++;
  else {
    step.agenda.length = 0;
    step.done = 0;
  }
  return next;
}

/** Begins a compensation, or the end of a transaction; the agenda brings its first activity. */
export function beginUndo(step: StepDraft, id: string, how: Undo): void {
  step.state.undos[id] = how;
  step.agenda.push({ do: 'undone', id });
}

/** Tokens on their way into an activity of this scope. */
export function activationsIn(step: StepDraft, scope: ScopeId): readonly string[] {
  const found: string[] = [];
  for (let i = step.done; i < step.agenda.length; i++) {
    const intent = step.agenda[i]!;
    if (intent.do === 'activate' && intent.scope === scope && intent.how === undefined) found.push(intent.activity.id);
  }
  return found;
}

/** Takes back what was to start in a scope, except what undoes something. */
export function dropActivations(step: StepDraft, scope: ScopeId): void {
  const stays = (i: Intent): boolean => i.do !== 'activate' || i.scope !== scope || i.how?.undoes !== undefined;
  const kept = step.agenda.slice(step.done).filter(stays);
  step.agenda.length = 0;
  step.agenda.push(...kept);
  step.done = 0;
}

export function planned(step: StepDraft, activity: string): PlannedActivity {
  return step.plan.activities[activity]!;
}

export function newToken(step: StepDraft): Token {
  return `i${step.state.nextToken++}`;
}

export function addRun(step: StepDraft, run: Run): Run {
  step.state.runs[run.token] = run;
  return run;
}

export function removeRun(step: StepDraft, run: Run): void {
  delete step.state.runs[run.token];
}

/** A run that is a token of the graph: not a round of a loop, nor one that stands aside. */
export function isToken(run: Run): boolean {
  return run.owner === undefined && !run.listener && !run.undoes;
}

/** Replaces a run's record and gives the new one. */
export function updateRun(step: StepDraft, token: Token, patch: Partial<Run>): Run {
  return (step.state.runs[token] = { ...step.state.runs[token]!, ...patch });
}

export function write(step: StepDraft, writes: JsonObject | undefined): void {
  if (writes) step.state.pool = { ...step.state.pool, ...writes };
}

export function note(step: StepDraft, change: ActivityChange): void {
  step.changes.push(change);
}

export function hasRuns(step: StepDraft, scope: ScopeId): boolean {
  for (const token in step.state.runs) {
    const run = step.state.runs[token]!;
    if (run.scope === scope && !run.listener) return true;
  }
  return false;
}

export function arrivalKey(scope: ScopeId, connector: string): string {
  return `${scope}|${connector}`;
}
