// Taking runs away: withdrawn by a boundary event, a partial join, a terminate end or a cancel. Everything inside goes too,
// except what is being undone: that goes on to its end.
import { abandon, endOf } from './atomic.js';
import { isUndoingRun, releaseUndos } from './release.js';
import { releaseMutex } from './mutex.js';
import { dropActivations, leaveAlone, note, removeRun, touch, type StepDraft } from './step-draft.js';
import type { Run, ScopeId } from './state.js';

/** Tells the host to forget the run's invocation, timers and subscriptions, if it has any. */
export function disarm(step: StepDraft, run: Run): void {
  const armed = run.phase === 'effect' || run.timers !== undefined || run.subscriptions !== undefined;
  if (armed) step.effects.push({ type: 'cancel', token: run.token });
}

/** After `disarm`: arms again what outlives an attempt. */
export function rearm(step: StepDraft, token: string): void {
  const run = step.state.runs[token]!;
  for (const [id, at] of Object.entries(run.timers ?? {})) step.effects.push({ type: 'timer', token, id, at });
  for (const [id, subscription] of Object.entries(run.subscriptions ?? {})) {
    step.effects.push({ type: 'subscribe', token, id, subscription });
  }
}

export function terminateRun(step: StepDraft, run: Run): void {
  if (!step.state.runs[run.token]) return;
  if (run.listener) return withdraw(step, run);
  // The end of a transaction is carried out in any case.
  if (endOf(run)) return;
  for (const handler of releaseUndos(step, run)) terminateRun(step, handler);
  terminateInside(step, run);
  disarm(step, run);
  removeRun(step, run);
  releaseMutex(step, run);
  note(step, { activity: run.activity, state: 'terminated', token: run.token, scope: run.scope });
  // A compensation goes on with the next activity.
  if (run.undoes) step.agenda.push({ do: 'undone', id: run.undoes.undo });
  touch(step, run.scope);
}

/** Takes a run away without a word: nothing of it has begun. */
export function withdraw(step: StepDraft, run: Run): void {
  disarm(step, run);
  removeRun(step, run);
}

function terminateInside(step: StepDraft, run: Run): void {
  // A subflow that never completed cannot be compensated, nor what had completed in it.
  if (step.state.compensable.some((c) => c.scope === run.token))
    step.state.compensable = step.state.compensable.filter((c) => c.scope !== run.token);
  for (const other of Object.values(step.state.runs)) if (other.owner === run.token) terminateRun(step, other);
  terminateScope(step, run.token);
  leaveAlone(step, run.token);
  abandon(step, run);
}

export function terminateScope(step: StepDraft, scope: ScopeId): void {
  for (const run of Object.values(step.state.runs))
    if (run.scope === scope && !isUndoingRun(run)) terminateRun(step, run);
  for (const key of Object.keys(step.state.arrivals)) if (key.startsWith(`${scope}|`)) delete step.state.arrivals[key];
  for (const key of Object.keys(step.state.stragglers))
    if (key.startsWith(`${scope}|`)) delete step.state.stragglers[key];
  dropActivations(step, scope);
  touch(step, scope);
}
