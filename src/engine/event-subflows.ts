// Event subflows (BPMN 2.0.2, 13.4.5): parts of a scope that an event starts while the scope is open. A listener stands
// for each: a run that is no token, holds the timer or subscription, and goes when the scope ends.
import { firstTime } from '../model/index.js';
import type { PlannedActivity, PlannedBoundary } from '../compiler/index.js';
import { needsOf } from './needs.js';
import { terminateScope, withdraw } from './termination.js';
import { addRun, newToken, note, planned, updateRun, type StepDraft } from './step-draft.js';
import type { Run, ScopeId } from './state.js';

export function listen(step: StepDraft, activity: PlannedActivity, scope: ScopeId): void {
  const ask = needsOf(activity, 'listener').prepare;
  const phase = ask ? 'prepare' : 'listen';
  const watched = activity.triggers.filter((t) => t.definition.event === 'condition').map((t) => t.definition.id);
  const run = addRun(step, {
    token: newToken(step),
    activity: activity.id,
    scope,
    state: 'ready',
    phase,
    attempt: 1,
    listener: true,
    ...(watched.length > 0 ? { conditions: Object.fromEntries(watched.map((id) => [id, false])) } : {}),
  });
  if (ask) step.effects.push({ type: 'resolve', token: run.token, phase: 'prepare' });
  if (watched.length > 0) step.effects.push({ type: 'resolve', token: run.token, phase: 'condition' });
}

/** The event has happened: the subflow starts, instead of everything else in the scope if it interrupts. */
export function startEventSubflow(step: StepDraft, listener: Run, trigger: PlannedBoundary): void {
  const activity = planned(step, listener.activity);
  const { scope } = listener;
  note(step, { activity: `${activity.id}.${trigger.definition.id}`, state: 'completed', scope });
  if (trigger.interrupting) terminateScope(step, scope);
  step.agenda.push({ do: 'activate', activity, scope });
}

/**
 * An event that does not interrupt can happen again: a message taken has closed its subscription, and a cycle has a next
 * time. `parts`: the events that have happened together.
 */
export function awaitNext(step: StepDraft, run: Run, parts: readonly string[]): void {
  const { token } = run;
  for (const id of parts) {
    const now = step.state.runs[token];
    const subscription = now?.subscriptions?.[id];
    if (subscription) step.effects.push({ type: 'subscribe', token, id, subscription });
    const cycle = now?.cycles?.[id];
    if (!cycle || cycle.left === 0) continue;
    // Times that have passed unnoticed are left out: after a week nobody wants what was due every second.
    const at =
      cycle.at === undefined
        ? step.now + cycle.every
        : firstTime({ every: cycle.every, from: cycle.at }, Math.max(cycle.at, step.now) + 1);
    const next = { ...cycle, at, ...(cycle.left === undefined ? {} : { left: cycle.left - 1 }) };
    updateRun(step, token, { timers: { ...now.timers, [id]: at }, cycles: { ...now.cycles, [id]: next } });
    step.effects.push({ type: 'timer', token, id, at });
  }
}

/** Once nothing else is left in the scope, nobody listens any more. */
export function stopListening(step: StepDraft, scope: ScopeId): void {
  for (const run of Object.values(step.state.runs)) if (run.listener && run.scope === scope) withdraw(step, run);
}

/** The expressions of the listener are resolved. */
export function listening(step: StepDraft, run: Run): void {
  step.state.runs[run.token] = { ...run, state: 'ready', phase: 'listen' };
}
