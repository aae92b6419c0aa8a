// A boundary event happens: its assignments are made, its token goes out, and if it interrupts, its activity ends. Events that
// count only together wait for each other first.
import type { PlannedBoundary } from '../compiler/index.js';
import { awaitNext, startEventSubflow } from './event-subflows.js';
import { leaveBoundary } from './token-game.js';
import { terminateRun } from './termination.js';
import { writeIn } from './atomic.js';
import { note, planned, updateRun, type StepDraft } from './step-draft.js';
import type { Run, Settled } from './state.js';

export function fireBoundary(step: StepDraft, run: Run, boundary: PlannedBoundary, settled: Settled): void {
  const { scope, token } = run;
  writeIn(step, scope, settled.writes);
  const activity = planned(step, run.activity);
  const parts = partsOf(run.listener ? activity.triggers : activity.boundaries, boundary);
  if (parts.length > 1 && !happenedTogether(step, run, boundary.definition.id, parts)) return;
  const event = boundary.head ?? boundary;
  if (run.listener) startEventSubflow(step, run, event);
  else {
    note(step, { activity: `${activity.id}.${event.definition.id}`, state: 'completed', scope });
    if (event.interrupting) terminateRun(step, run);
    else updateRun(step, token, { fired: [...new Set([...(run.fired ?? []), event.definition.id])] });
    leaveBoundary(step, activity, event, run, settled.live ?? []);
  }
  if (!event.interrupting && step.state.runs[token]) awaitNext(step, run, parts);
}

/** Ids of the events that are one with this one. */
function partsOf(events: readonly PlannedBoundary[], { definition }: PlannedBoundary): readonly string[] {
  if (definition.together === undefined) return [definition.id];
  return events.filter((e) => e.definition.together === definition.together).map((e) => e.definition.id);
}

function happenedTogether(step: StepDraft, run: Run, id: string, parts: readonly string[]): boolean {
  const { [run.token]: now } = step.state.runs;
  const happened = new Set([...(now?.happened ?? []), id]);
  const all = parts.every((part) => happened.has(part));
  if (all) for (const part of parts) happened.delete(part);
  updateRun(step, run.token, { happened: [...happened] });
  return all;
}
