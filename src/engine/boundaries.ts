// A boundary event happens: its assignments are made, its token goes out, and if it interrupts, its activity ends.
import type { PlannedBoundary } from '../compiler/index.js';
import { awaitNext, startEventSubflow } from './event-subflows.js';
import { leaveBoundary } from './token-game.js';
import { terminateRun } from './termination.js';
import { note, planned, write, type StepDraft } from './step-draft.js';
import type { Run, Settled } from './state.js';

/** The events of a run: its activity's boundary events, or what a listener listens for. */
export function eventOf(step: StepDraft, run: Run, id: string): PlannedBoundary | undefined {
  const activity = planned(step, run.activity);
  return run.listener ? activity.trigger : activity.boundaries.find((b) => b.definition.id === id);
}

export function fireBoundary(step: StepDraft, run: Run, boundary: PlannedBoundary, settled: Settled): void {
  if (run.listener) return startEventSubflow(step, run, settled);
  const { scope, activity } = run;
  write(step, settled.writes);
  note(step, { activity: `${activity}.${boundary.definition.id}`, state: 'completed', scope });
  if (boundary.interrupting) terminateRun(step, run);
  else awaitNext(step, run, boundary.definition.id);
  leaveBoundary(step, planned(step, activity), boundary, scope, settled.live ?? []);
}
