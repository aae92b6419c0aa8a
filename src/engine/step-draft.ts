// One step in the making: a shallow, mutable copy of the state that the token game works on, and what the step causes.
// The copied records are small (only where tokens are now), so a step costs the same in a long flow as in a short one.
import type { Plan, PlannedActivity } from '../compiler/index.js';
import type { Json, JsonObject } from '../model/index.js';
import type { ActivityChange, Effect, FlowState, Run, ScopeId, Token } from './state.js';

export type Mutable<T> = { -readonly [K in keyof T]: T[K] };

export interface StepDraft {
  readonly plan: Plan;
  readonly now: number;
  readonly state: Mutable<FlowState> & {
    pool: Record<string, Json>;
    runs: Record<Token, Run>;
    arrivals: Record<string, number>;
    active: Record<string, number>;
    stragglers: Record<string, number>;
  };
  readonly effects: Effect[];
  readonly changes: ActivityChange[];
  /** Activations still to be done: a queue, because a chain of routes must not overflow the stack. */
  readonly activations: { readonly activity: PlannedActivity; readonly scope: ScopeId }[];
  /** How many of them are done. */
  activated: number;
  /** Scopes in which tokens moved, to be looked over at the end of the step. */
  readonly touched: Set<ScopeId>;
}

export function draftStep(plan: Plan, state: FlowState, now: number): StepDraft {
  return {
    plan,
    now,
    state: {
      ...state,
      v: state.v + 1,
      pool: state.pool as Record<string, Json>,
      runs: { ...state.runs },
      arrivals: { ...state.arrivals },
      active: { ...state.active },
      stragglers: { ...state.stragglers },
    },
    effects: [],
    changes: [],
    activations: [],
    activated: 0,
    touched: new Set(),
  };
}

export function finishStep(step: StepDraft): FlowState {
  return { ...step.state, effects: step.effects, changes: step.changes };
}

/** The oldest activation still to be done. The list is cut only when it is empty: shifting a long array is slow. */
export function nextActivation(step: StepDraft): StepDraft['activations'][number] | undefined {
  const next = step.activations[step.activated];
  if (next) step.activated++;
  else {
    step.activations.length = 0;
    step.activated = 0;
  }
  return next;
}

/** Activations that are still to be done. */
export function pendingActivations(step: StepDraft): StepDraft['activations'] {
  return step.activated === 0 ? step.activations : step.activations.slice(step.activated);
}

export function planned(step: StepDraft, activity: string): PlannedActivity {
  return step.plan.activities[activity]!;
}

/** Adds a run; from now on its machine state and the blocks around it are active. */
export function addRun(step: StepDraft, run: Omit<Run, 'token'>): Run {
  const token = `i${step.state.nextToken++}`;
  const added: Run = { token, ...run };
  step.state.runs[token] = added;
  // Rounds and items of a loop are inside their owner, which is active already.
  if (run.owner === undefined) count(step, run.activity, 1);
  return added;
}

export function removeRun(step: StepDraft, run: Run): void {
  delete step.state.runs[run.token];
  if (run.owner === undefined) count(step, run.activity, -1);
}

/** Replaces a run's record and gives the new one. */
export function updateRun(step: StepDraft, token: Token, patch: Partial<Run>): Run {
  return (step.state.runs[token] = { ...step.state.runs[token]!, ...patch });
}

function count(step: StepDraft, activity: string, by: number): void {
  const active = step.state.active;
  const add = (id: string): void => {
    const next = (active[id] ?? 0) + by;
    if (next > 0) active[id] = next;
    else delete active[id];
  };
  add(activity);
  for (const container of planned(step, activity).containers) add(container);
}

export function write(step: StepDraft, writes: JsonObject | undefined): void {
  if (writes) step.state.pool = { ...step.state.pool, ...writes };
}

export function note(step: StepDraft, change: ActivityChange): void {
  step.changes.push(change);
}

export function hasRuns(step: StepDraft, scope: ScopeId): boolean {
  for (const token in step.state.runs) if (step.state.runs[token]!.scope === scope) return true;
  return false;
}

export function arrivalKey(scope: ScopeId, connector: string): string {
  return `${scope}|${connector}`;
}
