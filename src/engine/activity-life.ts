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
import { addRun, note, planned, removeRun, updateRun, type Activation, type StepDraft } from './step-draft.js';
import type { Prepared, Run, ScopeId, Settled } from './state.js';

export function activate(step: StepDraft, activity: PlannedActivity, scope: ScopeId, how: Activation = {}): void {
  const run = addRun(step, { activity: activity.id, scope, state: 'ready', phase: 'prepare', attempt: 1, ...how });
  if (!endOf(run) && mutexTaken(step, run)) {
    updateRun(step, run.token, { phase: 'mutex' });
    note(step, { activity: run.activity, state: 'ready', token: run.token, scope });
  } else {
    prepare(step, run);
  }
}

export function prepare(step: StepDraft, run: Run): void {
  const activity = planned(step, run.activity);
  if (endOf(run)) {
    invoke(step, run);
  } else if (needsOf(activity, roleOf(activity, run)).prepare) {
    updateRun(step, run.token, { state: 'ready', phase: 'prepare' });
    step.effects.push({ type: 'resolve', token: run.token, phase: 'prepare' });
  } else {
    start(step, run, {});
  }
}

export function start(step: StepDraft, run: Run, prepared: Prepared): void {
  const activity = planned(step, run.activity);
  const { timers = {}, subscriptions = {} } = prepared;
  const armed = {
    ...(Object.keys(timers).length > 0 ? { timers } : {}),
    ...(Object.keys(subscriptions).length > 0 ? { subscriptions } : {}),
    ...(prepared.cycles ? { cycles: prepared.cycles } : {}),
  };
  for (const [id, at] of Object.entries(timers)) step.effects.push({ type: 'timer', token: run.token, id, at });
  for (const [id, subscription] of Object.entries(subscriptions)) {
    step.effects.push({ type: 'subscribe', token: run.token, id, subscription });
  }
  if (run.listener) return listening(step, run, armed);
  const begun = updateRun(step, run.token, {
    state: 'running',
    ...(prepared.input ? { input: prepared.input } : {}),
    ...(prepared.ref === undefined ? {} : { ref: prepared.ref }),
    ...(prepared.arguments ? { arguments: prepared.arguments } : {}),
    ...armed,
  });
  if (step.plan.watchesPool) watchConditions(step, begun, activity);
  if (roleOf(activity, run) === 'owner') beginLoop(step, begun, activity, prepared);
  else begin(step, step.state.runs[run.token]!, activity, prepared);
}

function watchConditions(step: StepDraft, run: Run, activity: PlannedActivity): void {
  const role = roleOf(activity, run);
  const ids = role === 'round' ? [] : activity.boundaries.filter((b) => b.definition.event === 'condition');
  const conditions: Record<string, boolean> = Object.fromEntries(ids.map((b) => [b.definition.id, false]));
  if (role !== 'owner' && activity.definition.when !== undefined) conditions[''] = false;
  if (Object.keys(conditions).length === 0) return;
  updateRun(step, run.token, { conditions });
  step.effects.push({ type: 'resolve', token: run.token, phase: 'condition' });
}

function begin(step: StepDraft, run: Run, activity: PlannedActivity, prepared: Prepared): void {
  const { token, scope } = run;
  switch (activity.type) {
    case 'user': {
      const state = prepared.assignee === undefined ? 'ready' : 'running';
      updateRun(step, token, { state, phase: 'task', task: taskOf(activity, prepared, step.now) });
      note(step, { activity: activity.id, state, token, scope });
      return;
    }
    case 'wait':
    case 'receive':
      updateRun(step, token, { phase: 'wait' });
      note(step, { activity: activity.id, state: 'running', token, scope });
      return;
    case 'subflow':
      updateRun(step, token, { phase: 'body' });
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

/** Hands the run to the host, with a deadline for this attempt if the activity has one. */
export function invoke(step: StepDraft, run: Run): void {
  const { timeout } = planned(step, run.activity).definition;
  const at = timeout === undefined ? undefined : step.now + (parseDuration(timeout) ?? 0);
  takePart(step, run);
  updateRun(step, run.token, {
    state: 'running',
    phase: 'effect',
    ...(at === undefined ? {} : { timers: { ...run.timers, timeout: at } }),
  });
  if (!endOf(run))
    note(step, { activity: run.activity, state: 'running', token: run.token, scope: run.scope, attempt: run.attempt });
  step.effects.push({ type: 'run', token: run.token, activity: run.activity, attempt: run.attempt });
  if (at !== undefined) step.effects.push({ type: 'timer', token: run.token, id: 'timeout', at });
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
