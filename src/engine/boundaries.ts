// A boundary event happens: its assignments are made, its token goes out, and if it interrupts, its activity ends.
import type { PlannedBoundary } from '../compiler/index.js';
import { awaitNext, startEventSubflow } from './event-subflows.js';
import { leaveBoundary } from './token-game.js';
import { terminateRun } from './termination.js';
import { writeIn } from './atomic.js';
import { note, planned, type StepDraft } from './step-draft.js';
import type { Run, Settled } from './state.js';

export function fireBoundary(step: StepDraft, run: Run, boundary: PlannedBoundary, settled: Settled): void {
  if (run.listener) return startEventSubflow(step, run, settled);
  const { scope, activity } = run;
  writeIn(step, scope, settled.writes);
  note(step, { activity: `${activity}.${boundary.definition.id}`, state: 'completed', scope });
  if (boundary.interrupting) terminateRun(step, run);
  else awaitNext(step, run, boundary.definition.id);
  leaveBoundary(step, planned(step, activity), boundary, scope, settled.live ?? []);
}
