// A failure that nothing took and no sphere undoes: the instance fails and stays inspectable, and the activity can be
// taken up again.
import type { FailureData } from '../model/index.js';
import { disarm } from './termination.js';
import { note, updateRun, type StepDraft } from './step-draft.js';
import type { Run } from './state.js';

export function raiseIncident(step: StepDraft, run: Run, failure: FailureData): void {
  updateRun(step, run.token, { state: 'failed', phase: 'incident', failure });
  step.state.status = 'failed';
  step.state.failure = failure;
  if (step.plan.flow.kind === 'microflow') interruptSiblings(step, run, failure);
}

/** A microflow fails as a whole: nothing of it goes on behind the user's back, and a retry takes all of it up again. */
function interruptSiblings(step: StepDraft, failed: Run, cause: FailureData): void {
  for (const run of Object.values(step.state.runs)) {
    if (run.token === failed.token || (run.phase !== 'effect' && run.phase !== 'backoff')) continue;
    disarm(step, run);
    const failure: FailureData = {
      code: 'Interrupted',
      message: `Stopped because "${cause.activity ?? failed.activity}" failed.`,
      activity: run.activity,
    };
    const { timers: _, ...rest } = run;
    step.state.runs[run.token] = { ...rest, state: 'failed', phase: 'incident', failure };
    note(step, { activity: run.activity, state: 'failed', token: run.token, scope: run.scope, failure });
  }
}
