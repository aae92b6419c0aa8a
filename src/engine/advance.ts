// One step of an instance: `advance(plan, state, event)` gives the next state, or the very same state when the event is
// stale, a duplicate or out of place. Pure: no clock, no storage, no expressions; everything it needs is in the event.
import type { Plan } from '../compiler/index.js';
import type { FailureData, JsonObject } from '../model/index.js';
import { activate, complete, invoke, prepare, settle, start } from './activity-life.js';
import { failAttempt, failRun, fireBoundary } from './failure.js';
import { releaseMutex } from './mutex.js';
import { needsOf, roleOf } from './needs.js';
import { enterBody, fireJoin, stuckJoin } from './token-game.js';
import { disarm, terminateRun, terminateScope } from './termination.js';
import {
  draftStep,
  finishStep,
  nextActivation,
  hasRuns,
  note,
  planned,
  updateRun,
  write,
  type StepDraft,
} from './step-draft.js';
import type { FlowEvent, FlowState, InstanceMessage, Run, ScopeId, Settled } from './state.js';

/** Activities that may follow each other in one step without waiting for anything. */
const MAX_ACTIVATIONS = 20_000;

type Of<T extends FlowEvent['type']> = Extract<FlowEvent, { type: T }>;

export function initialState(instance: string): FlowState {
  return {
    instance,
    v: 0,
    status: 'running',
    pool: {},
    runs: {},
    arrivals: {},
    active: {},
    stragglers: {},
    nextToken: 1,
    doers: {},
    effects: [],
    changes: [],
  };
}

export function advance(plan: Plan, state: FlowState, event: FlowEvent): FlowState {
  if (!accepts(state, event)) return state;
  const step = draftStep(plan, state, event.now);
  handle(step, event);
  closeScopes(step);
  return finishStep(step);
}

/** Whether the event still means something: the token lives and waits for just this. */
export function accepts(state: FlowState, event: FlowEvent | InstanceMessage): boolean {
  if (event.type === 'begin') return state.v === 0;
  const over = state.status === 'completed' || state.status === 'cancelled';
  if (event.type === 'cancel') return !over && (event.token === undefined || state.runs[event.token] !== undefined);
  if (event.type === 'output') return state.status === 'running' && Object.keys(state.runs).length === 0;
  if (over) return false;
  if (event.type === 'retry' && event.token === undefined) {
    // With nothing left to take up, only a failure that may pass is worth another try.
    const stuck = Object.keys(state.runs).length === 0 && state.failure?.retryable === false;
    return state.status === 'failed' && !stuck;
  }
  const run = state.runs[event.token ?? ''];
  if (!run) return false;
  switch (event.type) {
    case 'prepared':
      return run.phase === 'prepare';
    case 'settled':
      return run.phase === 'settle';
    case 'result':
      return run.phase === 'effect' && (event.attempt === undefined || event.attempt === run.attempt);
    case 'failure':
      return (
        (run.phase === 'effect' && (event.attempt === undefined || event.attempt === run.attempt)) ||
        run.phase === 'prepare' ||
        run.phase === 'settle'
      );
    case 'timer':
      return run.timers?.[event.id] === event.at;
    case 'message':
      return run.subscriptions?.[event.id] !== undefined;
    case 'claim':
      return run.phase === 'task' && (run.task?.claimedBy === undefined || run.task.claimedBy === event.user);
    case 'release':
      return run.phase === 'task' && run.task?.claimedBy === event.user;
    case 'complete':
      return run.phase === 'task';
    case 'retry':
      return run.phase === 'incident';
    case 'skip':
      return ['effect', 'task', 'wait', 'backoff', 'incident'].includes(run.phase);
    default:
      return false;
  }
}

function handle(step: StepDraft, event: FlowEvent): void {
  switch (event.type) {
    case 'begin':
      return begin(step, event);
    case 'output':
      if (event.failure) failInstance(step, event.failure);
      else completeInstance(step, event.output ?? {});
      return;
    case 'cancel':
      return cancel(step, event);
    case 'retry':
      return retry(step, event);
    default:
      return handleRun(step, step.state.runs[event.token]!, event);
  }
}

function handleRun(
  step: StepDraft,
  run: Run,
  event: Exclude<FlowEvent, Of<'begin' | 'output' | 'cancel' | 'retry'>>,
): void {
  switch (event.type) {
    case 'prepared':
      return start(step, run, event.prepared);
    case 'settled':
      return finish(step, run, event.settled, run.output);
    case 'result':
      return done(step, run, event.settled, event.output);
    case 'skip':
      if (run.phase === 'incident') healed(step, run);
      return done(step, run, event.settled, event.output);
    case 'failure':
      return failAttempt(step, run, event.failure, event.settled);
    case 'timer':
      return timerFired(step, run, event);
    case 'message':
      if (event.id === '') return done(step, run, event.settled, event.data);
      return boundaryFired(step, run, event.id, event.settled);
    case 'claim':
    case 'release': {
      const { claimedBy: _, ...task } = run.task!;
      const claimed = event.type === 'claim' ? { ...task, claimedBy: event.user } : task;
      updateRun(step, run.token, { state: event.type === 'claim' ? 'running' : 'ready', task: claimed });
      note(step, {
        activity: run.activity,
        state: event.type === 'claim' ? 'running' : 'ready',
        token: run.token,
        scope: run.scope,
      });
      return;
    }
    case 'complete': {
      const doer = event.user ?? run.task?.claimedBy;
      if (doer !== undefined) step.state.doers = { ...step.state.doers, [run.activity]: doer };
      return done(step, run, event.settled, event.output);
    }
  }
}

function begin(step: StepDraft, event: Of<'begin'>): void {
  const { flow } = step.plan;
  const initial: Record<string, JsonObject[string]> = {};
  for (const [name, variable] of Object.entries(flow.variables ?? {})) {
    if (variable.initial !== undefined) initial[name] = variable.initial;
  }
  step.state.instance = event.instance;
  // A declared input data object takes only its parameters: a form may well have more fields than the flow wants.
  const wanted = flow.input
    ? Object.keys(flow.input).filter((name) => event.input[name] !== undefined)
    : Object.keys(event.input);
  step.state.pool = { ...initial, ...Object.fromEntries(wanted.map((name) => [name, event.input[name]!])) };
  enterBody(step, '', '');
}

/** The work of the run is over; its expressions came with the event, or are asked for now. */
function done(step: StepDraft, run: Run, settled: Settled | undefined, output: Run['output']): void {
  const activity = planned(step, run.activity);
  if (settled || !needsOf(activity, roleOf(activity, run)).settle) finish(step, run, settled ?? {}, output);
  else settle(step, run, output);
}

function finish(step: StepDraft, run: Run, settled: Settled, output: Run['output']): void {
  complete(step, run, settled, output);
  releaseMutex(step, run);
}

function timerFired(step: StepDraft, run: Run, event: Of<'timer'>): void {
  const { [event.id]: _, ...timers } = run.timers!;
  const rest = updateRun(step, run.token, { timers });
  if (event.id === '') done(step, rest, event.settled, undefined);
  else if (event.id === 'timeout') failAttempt(step, rest, timedOut(step, rest), event.settled);
  else if (event.id === 'backoff') invoke(step, updateRun(step, run.token, { attempt: run.attempt + 1 }));
  else boundaryFired(step, rest, event.id, event.settled);
}

/** Also used when the expressions of the failure's boundary are resolved, so that both speak of the same failure. */
export function timeoutFailure(
  name: string,
  activity: string,
  timeout: string,
): {
  code: string;
  message: string;
  activity: string;
  retryable: boolean;
} {
  return { code: 'Timeout', message: `"${name}" gave no answer within ${timeout}.`, activity, retryable: true };
}

function timedOut(step: StepDraft, run: Run): ReturnType<typeof timeoutFailure> {
  const { name, definition } = planned(step, run.activity);
  return timeoutFailure(name, run.activity, definition.timeout ?? '');
}

function boundaryFired(step: StepDraft, run: Run, id: string, settled: Settled | undefined): void {
  const boundary = planned(step, run.activity).boundaries.find((b) => b.definition.id === id);
  if (boundary) fireBoundary(step, run, boundary, settled ?? {});
}

function cancel(step: StepDraft, event: Of<'cancel'>): void {
  if (event.token !== undefined) {
    terminateRun(step, step.state.runs[event.token]!);
    return;
  }
  step.state.status = 'cancelled';
  step.state.failure = { code: 'Cancelled', message: event.reason ?? 'Cancelled on request.' };
  terminateScope(step, '');
}

function retry(step: StepDraft, event: Of<'retry'>): void {
  write(step, event.variables);
  if (Object.keys(step.state.runs).length === 0) {
    step.state.status = 'running';
    delete step.state.failure;
    step.touched.add('');
  }
  for (const run of Object.values(step.state.runs)) {
    if (run.phase !== 'incident' || (event.token !== undefined && run.token !== event.token)) continue;
    healed(step, run);
    prepare(step, updateRun(step, run.token, { attempt: run.attempt + 1, attemptsBefore: run.attempt }));
  }
}

/** The run's incident is dealt with; the instance runs again when it was the last one. */
function healed(step: StepDraft, run: Run): void {
  const { failure: _, ...rest } = run;
  step.state.runs[run.token] = { ...rest, phase: 'prepare', state: 'ready' };
  if (Object.values(step.state.runs).some((r) => r.phase === 'incident')) return;
  step.state.status = 'running';
  delete step.state.failure;
}

/** Works off activations and joins until nothing can start, then ends the scopes in which nothing is left. */
function closeScopes(step: StepDraft): void {
  for (let started = 0; ;) {
    const next = nextActivation(step);
    if (next) {
      if (++started > MAX_ACTIVATIONS) return runaway(step, next.activity.id);
      activate(step, next.activity, next.scope);
      continue;
    }
    const scope = innermostTouched(step);
    if (scope === undefined) return;
    if (fireJoin(step, scope)) continue;
    step.touched.delete(scope);
    if (!hasRuns(step, scope)) endScope(step, scope);
  }
}

/** Inner scopes first: their end moves a token in the outer one. */
function innermostTouched(step: StepDraft): ScopeId | undefined {
  let found: ScopeId | undefined;
  for (const scope of step.touched) {
    if (scope !== '' && !step.state.runs[scope]) step.touched.delete(scope);
    else if (found === undefined || depth(step, scope) > depth(step, found)) found = scope;
  }
  return found;
}

function depth(step: StepDraft, scope: ScopeId): number {
  return scope === '' ? 0 : 1 + depth(step, step.state.runs[scope]!.scope);
}

/** Nothing runs in the scope any more: it is done, or stuck at a join that can never start. */
function endScope(step: StepDraft, scope: ScopeId): void {
  if (step.state.status === 'cancelled') return;
  const stuck = stuckJoin(step, scope);
  if (stuck) {
    if (scope === '') {
      failInstance(step, stuck);
    } else {
      failRun(step, step.state.runs[scope]!, stuck);
    }
    return;
  }
  for (const key of Object.keys(step.state.stragglers)) {
    if (key.startsWith(`${scope}|`)) delete step.state.stragglers[key];
  }
  if (scope !== '') {
    settle(step, step.state.runs[scope]!, undefined);
  } else if (Object.keys(step.plan.flow.output ?? {}).length > 0) {
    step.effects.push({ type: 'resolve-output' });
  } else {
    completeInstance(step, {});
  }
}

function completeInstance(step: StepDraft, output: JsonObject): void {
  step.state.status = 'completed';
  step.state.output = output;
}

function failInstance(step: StepDraft, failure: FailureData): void {
  step.state.status = 'failed';
  step.state.failure = failure;
}

/** Nothing of the step is carried out, and what ran before it is withdrawn: such a flow cannot go on sensibly. */
function runaway(step: StepDraft, activity: string): void {
  const fresh = new Set(step.effects.flatMap((e) => (e.type === 'run' ? [e.token] : [])));
  step.effects.length = 0;
  for (const run of Object.values(step.state.runs)) if (!fresh.has(run.token)) disarm(step, run);
  Object.assign(step.state, { runs: {}, arrivals: {}, active: {}, stragglers: {} });
  step.changes.length = 0;
  step.activations.length = 0;
  step.activated = 0;
  step.touched.clear();
  note(step, { activity, state: 'failed', scope: '' });
  failInstance(step, {
    code: 'RunawayLoop',
    message: `More than ${MAX_ACTIVATIONS} activities followed each other at "${activity}" without waiting for anything. Give the cycle a condition that ends it.`,
    activity,
    retryable: false,
  });
}
