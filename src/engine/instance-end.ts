// How an instance ends: with its output, with a failure, all at once, or because its activities never stop following each other.
import type { FailureData, JsonObject } from '../model/index.js';
import { note, type StepDraft } from './step-draft.js';
import { disarm, terminateScope } from './termination.js';

/** Activities that may follow each other in one step without waiting for anything. */
export const MAX_ACTIVATIONS = 20_000;

export function completeInstance(step: StepDraft, output: JsonObject): void {
  step.state.status = 'completed';
  step.state.output = output;
}

export function failInstance(step: StepDraft, failure: FailureData): void {
  step.state.status = 'failed';
  step.state.failure = failure;
}

/** Ends everything at once. */
export function endInstance(step: StepDraft, status: 'failed' | 'cancelled', failure: FailureData): void {
  step.state.status = status;
  step.state.failure = failure;
  terminateScope(step, '');
}

/** Nothing of the step is carried out, and what ran before it is withdrawn: such a flow cannot go on sensibly. */
export function runaway(step: StepDraft, activity: string): void {
  const fresh = new Set(step.effects.flatMap((e) => (e.type === 'run' ? [e.token] : [])));
  step.effects.length = 0;
  for (const run of Object.values(step.state.runs)) if (!fresh.has(run.token)) disarm(step, run);
  Object.assign(step.state, { runs: {}, arrivals: {}, stragglers: {} });
  step.changes.length = 0;
  step.agenda.length = 0;
  step.done = 0;
  step.touched = [];
  note(step, { activity, state: 'failed', scope: '' });
  failInstance(step, {
    code: 'RunawayLoop',
    message: `More than ${MAX_ACTIVATIONS} activities followed each other at "${activity}" without a wait. Give the cycle an end.`,
    activity,
    retryable: false,
  });
}
