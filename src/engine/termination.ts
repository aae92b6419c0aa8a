// Taking runs away: withdrawn by a boundary event, a partial join, a terminate end or a cancel. Everything inside goes too.
import { releaseMutex } from './mutex.js';
import { note, pendingActivations, removeRun, type StepDraft } from './step-draft.js';
import type { Run, ScopeId } from './state.js';

/** Tells the host to forget the run's invocation, timers and subscriptions, if it has any. */
export function disarm(step: StepDraft, run: Run): void {
  const armed = run.phase === 'effect' || run.timers !== undefined || run.subscriptions !== undefined;
  if (armed) step.effects.push({ type: 'cancel', token: run.token });
}

export function terminateRun(step: StepDraft, run: Run): void {
  if (!step.state.runs[run.token]) return;
  terminateInside(step, run);
  disarm(step, run);
  removeRun(step, run);
  releaseMutex(step, run);
  note(step, { activity: run.activity, state: 'terminated', token: run.token, scope: run.scope });
  step.touched.add(run.scope);
}

function terminateInside(step: StepDraft, run: Run): void {
  for (const other of Object.values(step.state.runs)) if (other.owner === run.token) terminateRun(step, other);
  terminateScope(step, run.token);
  step.touched.delete(run.token);
}

export function terminateScope(step: StepDraft, scope: ScopeId): void {
  for (const run of Object.values(step.state.runs)) if (run.scope === scope) terminateRun(step, run);
  for (const key of Object.keys(step.state.arrivals)) if (key.startsWith(`${scope}|`)) delete step.state.arrivals[key];
  for (const key of Object.keys(step.state.stragglers))
    if (key.startsWith(`${scope}|`)) delete step.state.stragglers[key];
  const kept = pendingActivations(step).filter((a) => a.scope !== scope);
  step.activations.length = 0;
  step.activations.push(...kept);
  step.activated = 0;
  step.touched.add(scope);
}
