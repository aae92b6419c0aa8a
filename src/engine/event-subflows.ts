// Event subflows (BPMN 2.0.2, 13.4.5): parts of a scope that an event starts while the scope is open. A listener stands
// for each: a run that is no token, holds the timer or subscription, and goes when the scope ends.
import type { PlannedActivity } from '../compiler/index.js';
import { needsOf } from './needs.js';
import { terminateScope, withdraw } from './termination.js';
import { writeIn } from './atomic.js';
import { addRun, note, planned, updateRun, type StepDraft } from './step-draft.js';
import type { Run, ScopeId, Settled } from './state.js';

export function listen(step: StepDraft, activity: PlannedActivity, scope: ScopeId): void {
  const ask = needsOf(activity, 'listener').prepare;
  const phase = ask ? 'prepare' : 'listen';
  const conditions = activity.trigger!.definition.event === 'condition';
  const run = addRun(step, {
    activity: activity.id,
    scope,
    state: 'ready',
    phase,
    attempt: 1,
    listener: true,
    ...(conditions ? { conditions: { [activity.trigger!.definition.id]: false } } : {}),
  });
  if (ask) step.effects.push({ type: 'resolve', token: run.token, phase: 'prepare' });
  if (conditions) step.effects.push({ type: 'resolve', token: run.token, phase: 'condition' });
}

/** The event has happened: the subflow starts, instead of everything else in the scope if it interrupts. */
export function startEventSubflow(step: StepDraft, listener: Run, settled: Settled): void {
  const activity = planned(step, listener.activity);
  const { interrupting, definition } = activity.trigger!;
  const { scope } = listener;
  writeIn(step, scope, settled.writes);
  note(step, { activity: `${activity.id}.${definition.id}`, state: 'completed', scope });
  if (interrupting) terminateScope(step, scope);
  else if (definition.event === 'timer') withdraw(step, listener);
  else awaitNext(step, listener, definition.id);
  step.agenda.push({ do: 'activate', activity, scope });
}

/** An event that does not interrupt can happen again: a message taken has closed its subscription. */
export function awaitNext(step: StepDraft, run: Run, id: string): void {
  const subscription = step.state.runs[run.token]?.subscriptions?.[id];
  if (subscription) step.effects.push({ type: 'subscribe', token: run.token, id, subscription });
}

/** Once nothing else is left in the scope, nobody listens any more. */
export function stopListening(step: StepDraft, scope: ScopeId): void {
  for (const run of Object.values(step.state.runs)) if (run.listener && run.scope === scope) withdraw(step, run);
}

/** The expressions of the listener are resolved. */
export function listening(step: StepDraft, run: Run, armed: Pick<Run, 'timers' | 'subscriptions'>): void {
  updateRun(step, run.token, { phase: 'listen', ...armed });
}
