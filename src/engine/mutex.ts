// Mutual exclusion (WCP 39, 40): of the activities that name the same mutex only one runs at a time, in order of arrival.
import { planned, type StepDraft } from './step-draft.js';
import type { Run } from './state.js';

export function mutexTaken(step: StepDraft, run: Run): boolean {
  const { mutex } = planned(step, run.activity).definition;
  if (mutex === undefined || run.owner !== undefined) return false;
  return Object.values(step.state.runs).some(
    (r) =>
      r.token !== run.token &&
      r.owner === undefined &&
      r.phase !== 'mutex' &&
      planned(step, r.activity).definition.mutex === mutex,
  );
}

/** Lets the next one in after `run` has gone. */
export function releaseMutex(step: StepDraft, run: Run): void {
  const { mutex } = planned(step, run.activity).definition;
  if (mutex === undefined || run.owner !== undefined || run.phase === 'mutex') return;
  const next = Object.values(step.state.runs).find(
    (r) => r.phase === 'mutex' && planned(step, r.activity).definition.mutex === mutex,
  );
  if (!next) return;
  // It has the mutex from now on, before its turn in the agenda comes.
  step.state.runs[next.token] = { ...next, phase: 'prepare' };
  step.agenda.push({ do: 'prepare', token: next.token });
}
