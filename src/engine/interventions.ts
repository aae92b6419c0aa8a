// What people do to a whole instance: end it, or take up again what has failed.
import { prepare } from './activity-life.js';
import { undoAll } from './compensation.js';
import { endInstance } from './instance-end.js';
import { touch, updateRun, write, type StepDraft } from './step-draft.js';
import { terminateRun } from './termination.js';
import type { FlowEvent, Run } from './state.js';

export function cancel(step: StepDraft, event: Extract<FlowEvent, { type: 'cancel' }>): void {
  if (event.token !== undefined) {
    terminateRun(step, step.state.runs[event.token]!);
    return;
  }
  const failure = { code: 'Cancelled', message: event.reason ?? 'Cancelled on request.' };
  if (!undoAll(step, failure)) return endInstance(step, 'cancelled', failure);
  // A commit that has failed is still to be taken up again.
  if (Object.values(step.state.runs).some((r) => r.phase === 'incident')) return;
  step.state.status = 'running';
  delete step.state.failure;
}

export function retry(step: StepDraft, event: Extract<FlowEvent, { type: 'retry' }>): void {
  write(step, event.variables);
  if (Object.keys(step.state.runs).length === 0) {
    step.state.status = 'running';
    delete step.state.failure;
    touch(step, '');
  }
  for (const run of Object.values(step.state.runs)) {
    if (run.phase !== 'incident' || (event.token !== undefined && run.token !== event.token)) continue;
    healed(step, run);
    prepare(step, updateRun(step, run.token, { attempt: run.attempt + 1, attemptsBefore: run.attempt }));
  }
}

/** The run's incident is dealt with; the instance runs again when it was the last one. */
export function healed(step: StepDraft, run: Run): void {
  const { failure: _, ...rest } = run;
  step.state.runs[run.token] = { ...rest, phase: 'prepare', state: 'ready' };
  if (Object.values(step.state.runs).some((r) => r.phase === 'incident')) return;
  step.state.status = 'running';
  delete step.state.failure;
}
