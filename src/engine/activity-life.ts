// The life of one activity run: activated, prepared, started, settled, completed. Expressions are never evaluated here:
// where a run has some, it stops with a `resolve` effect and goes on when their results come back in an event.
import { parseDuration, type Json } from '../model/index.js';
import type { PlannedActivity } from '../compiler/index.js';
import { endOf, takePart, writeIn } from './atomic.js';
import { chosen } from './chosen.js';
import { cancelSubflow, recordCompleted, undo } from './compensation.js';
import { listening } from './event-subflows.js';
import { beginLoop, roundCompleted, withdrawOthers } from './loops.js';
import { mutexTaken, releaseMutex } from './mutex.js';
import { needsOf, roleOf } from './needs.js';
import { escalationOf, raise, takerOf } from './raise.js';
import { taskOf } from './tasks.js';
import { enterBody, leave } from './token-game.js';
import { disarm } from './termination.js';
import {
  addRun,
  newToken,
  note,
  planned,
  removeRun,
  updateRun,
  type Activation,
  type Mutable,
  type StepDraft,
} from './step-draft.js';
import type { Prepared, Run, ScopeId, Settled } from './state.js';

export function activate(step: StepDraft, activity: PlannedActivity, scope: ScopeId, how: Activation = {}): void {
  const token = newToken(step);
  const run = addRun(step, {
    token,
    activity: activity.id,
    scope,
    state: 'ready',
    phase: 'prepare',
    attempt: 1,
    ...how,
  });
  if (!endOf(run) && mutexTaken(step, run)) {
    updateRun(step, token, { phase: 'mutex' });
    note(step, { activity: activity.id, state: 'ready', token, scope });
  } else {
    prepare(step, run);
  }
}

export function prepare(step: StepDraft, run: Run): void {
  const activity = planned(step, run.activity);
  if (endOf(run)) {
    invoke(step, { ...run });
  } else if (needsOf(activity, roleOf(activity, run)).prepare) {
    updateRun(step, run.token, { state: 'ready', phase: 'prepare' });
    step.effects.push({ type: 'resolve', token: run.token, phase: 'prepare' });
  } else {
    start(step, run, {});
  }
}

export function start(step: StepDraft, run: Run, prepared: Prepared): void {
  const activity = planned(step, run.activity);
  const begun: Mutable<Run> = { ...run, state: 'running' };
  arm(step, begun, prepared);
  if (run.listener) return listening(step, begun);
  if (prepared.input) begun.input = prepared.input;
  if (prepared.ref !== undefined) begun.ref = prepared.ref;
  if (prepared.arguments) begun.arguments = prepared.arguments;
  step.state.runs[run.token] = begun;
  if (step.plan.watchesPool) watchConditions(step, begun, activity);
  if (roleOf(activity, run) === 'owner') beginLoop(step, begun, activity, prepared);
  else begin(step, begun, activity, prepared);
}

function arm(step: StepDraft, run: Mutable<Run>, { timers, subscriptions, cycles }: Prepared): void {
  const { token } = run;
  for (const id in timers) {
    run.timers = timers;
    step.effects.push({ type: 'timer', token, id, at: timers[id]! });
  }
  for (const id in subscriptions) {
    run.subscriptions = subscriptions;
    step.effects.push({ type: 'subscribe', token, id, subscription: subscriptions[id]! });
  }
  if (cycles) run.cycles = cycles;
}

function watchConditions(step: StepDraft, run: Mutable<Run>, activity: PlannedActivity): void {
  const role = roleOf(activity, run);
  const ids = role === 'round' ? [] : activity.boundaries.filter((b) => b.definition.event === 'condition');
  const conditions: Record<string, boolean> = Object.fromEntries(ids.map((b) => [b.definition.id, false]));
  if (role !== 'owner' && activity.definition.when !== undefined) conditions[''] = false;
  if (Object.keys(conditions).length === 0) return;
  run.conditions = conditions;
  step.effects.push({ type: 'resolve', token: run.token, phase: 'condition' });
}

/** The run's record is of this step's own making, and changed in place. */
function begin(step: StepDraft, run: Mutable<Run>, activity: PlannedActivity, prepared: Prepared): void {
  const { token, scope } = run;
  switch (activity.type) {
    case 'user':
      run.state = prepared.assignee === undefined ? 'ready' : 'running';
      run.phase = 'task';
      run.task = taskOf(activity, prepared, step.now);
      note(step, { activity: activity.id, state: run.state, token, scope });
      return;
    case 'wait':
    case 'receive':
      run.phase = 'wait';
      note(step, { activity: activity.id, state: 'running', token, scope });
      return;
    case 'subflow':
      run.phase = 'body';
      note(step, { activity: activity.id, state: 'running', token, scope });
      enterBody(step, activity.id, token);
      return;
    case 'route':
      throwOrSettle(step, run, activity);
      return;
    case 'script':
      if (!activity.definition.implementation) {
        note(step, { activity: activity.id, state: 'running', token, scope });
        settle(step, run, undefined);
        return;
      }
      invoke(step, run);
      return;
    default:
      invoke(step, run);
  }
}

function throwOrSettle(step: StepDraft, run: Run, activity: PlannedActivity): void {
  const thrown = activity.definition.throw;
  switch (thrown?.event) {
    case undefined:
      return settle(step, run, undefined);
    case 'error': {
      const message = thrown.message ?? `"${activity.name}" raised the error "${thrown.code}".`;
      const failure = { code: thrown.code, message, activity: activity.id };
      return raise(step, run, { event: 'error', failure });
    }
    case 'compensation':
      undo(step, run, thrown.activity, thrown.wait);
      if (thrown.wait === false) settle(step, run, undefined);
      return;
    case 'escalation':
      return raise(step, run, escalationOf(thrown.code));
    case 'cancel': {
      // The compiler has seen to it that there is one.
      const taker = takerOf(step.plan, step.state, run, { event: 'cancel' });
      return taker ? cancelSubflow(step, taker.run) : settle(step, run, undefined);
    }
  }
}

/** Hands the run, whose record is of this step's own making, to the host, with a deadline for this attempt if there is one. */
export function invoke(step: StepDraft, run: Mutable<Run>): void {
  const { token, activity, scope, attempt } = run;
  const { timeout } = planned(step, activity).definition;
  const at = timeout === undefined ? undefined : step.now + (parseDuration(timeout) ?? 0);
  takePart(step, run);
  run.state = 'running';
  run.phase = 'effect';
  if (at !== undefined) run.timers = { ...run.timers, timeout: at };
  step.state.runs[token] = run;
  if (!endOf(run)) note(step, { activity, state: 'running', token, scope, attempt });
  step.effects.push({ type: 'run', token, activity, attempt });
  if (at !== undefined) step.effects.push({ type: 'timer', token, id: 'timeout', at });
}

/** Nobody here takes the escalation: the host tells the activity that has called this flow, then the run goes on. */
export function escalateOut(step: StepDraft, run: Run): void {
  const { token, activity, attempt } = updateRun(step, run.token, { phase: 'effect', state: 'running' });
  step.effects.push({ type: 'run', token, activity, attempt });
}

/** The work is done: resolve assignments and conditions, or complete at once when there are none. */
export function settle(step: StepDraft, run: Run, output: Json | undefined): void {
  const activity = planned(step, run.activity);
  if (!needsOf(activity, roleOf(activity, run)).settle) {
    complete(step, run, {}, output);
    return;
  }
  updateRun(step, run.token, { phase: 'settle', ...(output === undefined ? {} : { output }) });
  step.effects.push({ type: 'resolve', token: run.token, phase: 'settle' });
}

export function complete(step: StepDraft, run: Run, settled: Settled, output: Json | undefined): void {
  if (endOf(run)) return ended(step, run);
  const activity = planned(step, run.activity);
  const role = roleOf(activity, run);
  const live = settled.live ?? [];
  if (role !== 'round' && undecided(activity, live)) {
    const message = `No connector that leaves "${activity.name}" is true or the default.`;
    raise(step, run, { event: 'error', failure: { code: 'NoConnectorTrue', message, activity: activity.id } });
    return;
  }
  writeIn(step, run.scope, settled.writes);
  disarm(step, run);
  removeRun(step, run);
  releaseMutex(step, run);
  if (role === 'round') withdrawOthers(step, run, activity, settled);
  if (role !== 'owner') {
    note(step, { activity: run.activity, state: 'completed', token: run.token, scope: run.scope });
  }
  recordCompleted(step, run, activity, role, settled.output ?? output);
  if (run.undoes) {
    const { activity: undone, token, undo: id } = run.undoes;
    note(step, { activity: undone, state: 'compensated', token, scope: run.scope });
    step.agenda.push({ do: 'undone', id });
  } else if (role === 'round') roundCompleted(step, run, activity, settled, output);
  else leave(step, activity, run, live);
}

/** A participant has committed or rolled back. */
function ended(step: StepDraft, run: Run): void {
  const { activity, token, undo: id, act } = run.undoes!;
  disarm(step, run);
  removeRun(step, run);
  if (act === 'rollback' && run.prepared) note(step, { activity, state: 'compensated', token, scope: '' });
  step.agenda.push({ do: 'undone', id });
}

function undecided(activity: PlannedActivity, live: readonly string[]): boolean {
  return activity.definition.noneTrue === 'fail' && activity.outgoing.length > 0 && chosen(activity, live).length === 0;
}
