// One step of an instance: `advance(plan, state, event)` gives the next state, or the very same state when the event is
// stale, a duplicate or out of place. Pure: no clock, no storage, no expressions; everything it needs is in the event.
import type { Plan } from '../compiler/index.js';
import type { FailureData, JsonObject } from '../model/index.js';
import { accepts } from './accepts.js';
import { activate, complete, escalateOut, invoke, prepare, settle, start } from './activity-life.js';
import { isConcluding, prepared, transactionLeft } from './atomic.js';
import { commit, rollBack } from './atomic-end.js';
import { fireBoundary } from './boundaries.js';
import { undoNext, undoSphere } from './compensation.js';
import { stopListening } from './event-subflows.js';
import { failAttempt, noteFailure } from './failure.js';
import { raiseIncident } from './incident.js';
import { completeInstance, endInstance, failInstance, MAX_ACTIVATIONS, runaway } from './instance-end.js';
import { cancel, healed, retry } from './interventions.js';
import { eventOf, needsOf, roleOf } from './needs.js';
import { enterBody, fireJoin, stuckJoin } from './token-game.js';
import { escalationOf, raise, takerOf } from './raise.js';
import { handlersOf } from './release.js';
import { handed, STARTER, withDoer } from './tasks.js';
import {
  draftStep,
  finishStep,
  nextIntent,
  hasRuns,
  leaveAlone,
  note,
  planned,
  touch,
  updateRun,
  write,
  type Intent,
  type StepDraft,
} from './step-draft.js';
import type { FlowEvent, FlowState, Run, ScopeId, Settled } from './state.js';

type Of<T extends FlowEvent['type']> = Extract<FlowEvent, { type: T }>;

export function initialState(instance: string): FlowState {
  return {
    instance,
    v: 0,
    status: 'running',
    pool: {},
    runs: {},
    arrivals: {},
    stragglers: {},
    nextToken: 1,
    compensable: [],
    participants: [],
    undos: {},
    doers: {},
    effects: [],
    changes: [],
  };
}

export function advance(plan: Plan, state: FlowState, event: FlowEvent): FlowState {
  return accepts(state, event) ? take(plan, state, event) : state;
}

/** Of an event that the state accepts. `spent`: the state is nobody else's; it is changed and given back. */
export function take(plan: Plan, state: FlowState, event: FlowEvent, spent = false): FlowState {
  const step = draftStep(plan, state, event.now, spent);
  handle(step, event);
  closeScopes(step);
  return finishStep(step);
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
    case 'edit':
      return write(step, event.variables);
    case 'compacted':
    case 'migrated':
      return;
    default:
      return handleRun(step, step.state.runs[event.token]!, event);
  }
}

function handleRun(
  step: StepDraft,
  run: Run,
  event: Exclude<FlowEvent, Of<'begin' | 'output' | 'cancel' | 'retry' | 'edit' | 'compacted' | 'migrated'>>,
): void {
  switch (event.type) {
    case 'prepared':
      return start(step, run, event.prepared);
    case 'settled':
      return complete(step, run, event.settled, run.output);
    case 'raised':
      return taken(step, run, event.settled ?? {});
    case 'condition':
      return conditionChanged(step, run, event);
    case 'result':
      // The call is over: there is nothing left to be withdrawn.
      return done(step, { ...run, phase: 'settle' }, event.settled, event.output);
    case 'skip':
      if (run.phase === 'incident') healed(step, run);
      return done(step, run, event.settled, event.output);
    case 'failure':
      return failAttempt(step, run, event.failure);
    case 'timer':
      return timerFired(step, run, event);
    case 'message':
      if (event.id === '') return done(step, run, event.settled, event.data);
      return boundaryFired(step, run, event.id, event.settled);
    case 'escalation': {
      const taker = takerOf(step.plan, step.state, run, escalationOf(event.code));
      if (taker) fireBoundary(step, taker.run, taker.boundary, event.settled ?? {});
      return;
    }
    case 'unavailable':
      return markUnavailable(step, run, event);
    case 'claim':
    case 'release':
    case 'delegate': {
      const task = handed(run.task!, event);
      const state = task.claimedBy === undefined ? 'ready' : 'running';
      updateRun(step, run.token, { state, task });
      note(step, { activity: run.activity, state, token: run.token, scope: run.scope });
      return;
    }
    case 'complete': {
      const doer = event.user ?? run.task?.claimedBy;
      if (doer !== undefined) step.state.doers = withDoer(step.state.doers, run, doer);
      return done(step, run, event.settled, event.output);
    }
  }
}

function markUnavailable(step: StepDraft, run: Run, { implementation, message = '' }: Of<'unavailable'>): void {
  const { unavailable: _, ...rest } = run;
  step.state.runs[run.token] =
    implementation === undefined ? rest : { ...rest, unavailable: { implementation, message } };
}

function begin(step: StepDraft, event: Of<'begin'>): void {
  const { flow } = step.plan;
  const initial: Record<string, JsonObject[string]> = {};
  for (const [name, variable] of Object.entries(flow.variables ?? {})) {
    if (variable.initial !== undefined) initial[name] = variable.initial;
  }
  step.state.instance = event.instance;
  if (event.startedBy !== undefined) step.state.doers = { [STARTER]: event.startedBy };
  if (event.called) step.state.called = true;
  // A declared input data object takes only its parameters: a form may well have more fields than the flow wants.
  const wanted = flow.input
    ? Object.keys(flow.input).filter((name) => event.input[name] !== undefined)
    : Object.keys(event.input);
  step.state.pool = { ...initial, ...Object.fromEntries(wanted.map((name) => [name, event.input[name]!])) };
  enterBody(step, '', '');
}

/** The work of the run is over; its expressions came with the event, or are asked for now. */
function done(step: StepDraft, run: Run, settled: Settled | undefined, output: Run['output']): void {
  prepared(step, run, output);
  const activity = planned(step, run.activity);
  if (settled || !needsOf(activity, roleOf(activity, run)).settle) complete(step, run, settled ?? {}, output);
  else settle(step, run, output);
}

function timerFired(step: StepDraft, run: Run, event: Of<'timer'>): void {
  const { [event.id]: _, ...timers } = run.timers!;
  const rest = updateRun(step, run.token, { timers });
  if (event.id === '') done(step, rest, event.settled, undefined);
  else if (event.id === 'timeout') failAttempt(step, rest, timedOut(step, rest));
  else if (event.id === 'backoff') invoke(step, updateRun(step, run.token, { attempt: run.attempt + 1 }));
  else boundaryFired(step, rest, event.id, event.settled);
}

function timedOut(step: StepDraft, run: Run): FailureData {
  const { name, definition } = planned(step, run.activity);
  return {
    code: 'Timeout',
    message: `"${name}" gave no answer within ${definition.timeout ?? ''}.`,
    activity: run.activity,
    retryable: true,
  };
}

function boundaryFired(step: StepDraft, run: Run, id: string, settled: Settled | undefined): void {
  const boundary = eventOf(planned(step, run.activity), run, id);
  if (boundary) fireBoundary(step, run, boundary, settled ?? {});
}

function conditionChanged(step: StepDraft, run: Run, event: Of<'condition'>): void {
  const watching = updateRun(step, run.token, { conditions: { ...run.conditions, [event.id]: event.met } });
  if (event.met) {
    if (event.id === '') done(step, watching, event.settled, undefined);
    else boundaryFired(step, watching, event.id, event.settled);
  }
  // Another condition of the same run may have changed too.
  if (step.state.runs[run.token]?.conditions)
    step.effects.push({ type: 'resolve', token: run.token, phase: 'condition' });
}

/** Who takes what the run raised is known, and so are the results of its expressions. */
function taken(step: StepDraft, run: Run, settled: Settled): void {
  const what = run.raise!;
  const taker = takerOf(step.plan, step.state, run, what);
  const { raise: _, ...rest } = run;
  step.state.runs[run.token] = rest;
  if (what.event === 'error') noteFailure(step, run, what.failure);
  const left = what.event === 'error' && transactionLeft(step, rest, taker?.run);
  if (left) return rollBack(step, left, what);
  if (taker) fireBoundary(step, taker.run, taker.boundary, settled);
  else if (what.event === 'error' && !undoSphere(step, rest, what.failure)) raiseIncident(step, rest, what.failure);
  if (what.event !== 'escalation' || !step.state.runs[run.token]) return;
  if (!taker && step.state.called) escalateOut(step, step.state.runs[run.token]!);
  else step.agenda.push({ do: 'settle', token: run.token });
}

/** Works off the agenda and the joins until nothing can start, then ends the scopes in which nothing is left. */
function closeScopes(step: StepDraft): void {
  for (let started = 0; ;) {
    const next = nextIntent(step);
    if (next) {
      if (next.do === 'activate' && ++started > MAX_ACTIVATIONS) return runaway(step, next.activity.id);
      carryOut(step, next);
      continue;
    }
    const scope = innermostTouched(step);
    if (scope === undefined) return;
    if (fireJoin(step, scope)) continue;
    leaveAlone(step, scope);
    if (!hasRuns(step, scope)) endScope(step, scope);
  }
}

function carryOut(step: StepDraft, intent: Intent): void {
  if (intent.do === 'activate') {
    const { activity, scope, how } = intent;
    // The compensation, or the loop, may be over by now.
    if (how?.undoes && !step.state.undos[how.undoes.undo]) return;
    if (how?.owner === undefined || step.state.runs[how.owner]?.phase === 'body') activate(step, activity, scope, how);
    return;
  }
  if (intent.do === 'undone') return undone(step, intent.id);
  const run = step.state.runs[intent.token];
  if (!run) return;
  if (intent.do === 'prepare') prepare(step, run);
  else if (intent.do === 'settle') settle(step, run, undefined);
  else raise(step, run, { event: 'error', failure: intent.failure });
}

/** A compensation activity has completed: the next one, or what follows the compensation as a whole. */
function undone(step: StepDraft, id: string): void {
  if (isUndoing(step, id)) return;
  const over = undoNext(step, id);
  if (!over) return;
  const run = step.state.runs[id];
  if (over.then === 'fail' && run && undoSphere(step, run, over.failure!)) return;
  if (over.then === 'cancelled' && isConcluding(step)) return;
  // The instance ends when the last of them is done.
  if (over.then === 'fail' && isUndoingElsewhere(step, id)) return;
  delete step.state.undos[id];
  for (const [other, { then }] of Object.entries(step.state.undos))
    if (then === 'fail' && !isUndoing(step, other)) step.agenda.push({ do: 'undone', id: other });
  touch(step, over.scope);
  if (over.act && step.state.undos[''] && !isUndoing(step, '')) step.agenda.push({ do: 'undone', id: '' });
  if (over.then === 'cancelled') endInstance(step, 'cancelled', over.failure!);
  else if (over.then === 'fail') endInstance(step, 'failed', { ...over.failure!, retryable: false, compensated: true });
  else if (run && over.then === 'go-on') settle(step, run, undefined);
  else if (run && over.raise) raise(step, run, over.raise);
}

function isUndoing(step: StepDraft, id: string): boolean {
  return handlersOf(step, id).length > 0;
}

function isUndoingElsewhere(step: StepDraft, id: string): boolean {
  return Object.entries(step.state.undos).some(
    ([other, { act, stack }]) => other !== id && !act && (stack.length > 0 || isUndoing(step, other)),
  );
}

/** Inner scopes first: their end moves a token in the outer one. */
function innermostTouched(step: StepDraft): ScopeId | undefined {
  const { touched } = step;
  let found: ScopeId | undefined;
  let open = 0;
  for (const scope of touched) {
    // One that is gone needs nothing any more.
    if (scope !== '' && !step.state.runs[scope]) continue;
    touched[open++] = scope;
    if (found === undefined || depth(step, scope) > depth(step, found)) found = scope;
  }
  touched.length = open;
  return found;
}

function depth(step: StepDraft, scope: ScopeId): number {
  return scope === '' ? 0 : 1 + depth(step, step.state.runs[scope]!.scope);
}

/** Nothing runs in the scope any more: it is done, or stuck at a join that can never start. */
function endScope(step: StepDraft, scope: ScopeId): void {
  stopListening(step, scope);
  if (scope === '' ? step.state.status !== 'running' : step.state.runs[scope]!.phase !== 'body') return;
  const stuck = stuckJoin(step, scope);
  const run = step.state.runs[scope];
  const atomic = run && planned(step, run.activity).atomic;
  if (stuck) {
    if (!run) failInstance(step, stuck);
    else if (atomic) rollBack(step, run, { event: 'error', failure: stuck });
    else raise(step, run, { event: 'error', failure: stuck });
    return;
  }
  for (const key of Object.keys(step.state.stragglers)) {
    if (key.startsWith(`${scope}|`)) delete step.state.stragglers[key];
  }
  if (run) {
    if (!atomic || !commit(step, run)) settle(step, step.state.runs[scope]!, undefined);
  } else if (Object.keys(step.plan.flow.output ?? {}).length > 0) {
    step.effects.push({ type: 'resolve-output' });
  } else {
    completeInstance(step, {});
  }
}
