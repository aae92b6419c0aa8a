// An attempt has failed: another one after a pause, or the failure is raised.
import { parseDuration, type FailureData, type RetryPolicy } from '../model/index.js';
import { endOf } from './atomic.js';
import { raiseIncident } from './incident.js';
import { raise } from './raise.js';
import { disarm, rearm } from './termination.js';
import { note, planned, updateRun, type StepDraft } from './step-draft.js';
import type { Run } from './state.js';

/** Whether this failure is followed by another attempt, and after which pause (ms). */
export function nextAttempt(
  policy: RetryPolicy | undefined,
  attempt: number,
  failure: FailureData,
): number | undefined {
  if (!policy || attempt >= policy.maxAttempts) return undefined;
  if (policy.on ? !policy.on.includes(failure.code) : failure.retryable === false) return undefined;
  const first = parseDuration(policy.backoff ?? 'PT1S') ?? 1000;
  const longest = parseDuration(policy.maxBackoff ?? 'PT1H') ?? 3_600_000;
  return Math.min(longest, first * (policy.factor ?? 2) ** (attempt - 1));
}

/** A call that may not be made twice has been cut off, and its activity wants a person to be asked. */
function isUnknown(step: StepDraft, { activity }: Run, failure: FailureData): boolean {
  return failure.code === 'Indeterminate' && planned(step, activity).definition.implementation?.onResume === 'once';
}

/** Tells onlookers that the activity has failed for good. */
export function noteFailure(step: StepDraft, { activity, token, scope, attempt }: Run, failure: FailureData): void {
  note(step, { activity, state: 'failed', token, scope, attempt, failure });
}

export function failAttempt(step: StepDraft, run: Run, failure: FailureData): void {
  const pause =
    run.phase === 'effect'
      ? nextAttempt(planned(step, run.activity).definition.retry, run.attempt - (run.attemptsBefore ?? 0), failure)
      : undefined;
  if (pause === undefined) {
    // Whether it happened is for a person to find out, not for whoever takes errors.
    // And what was decided is carried out; nobody may take it for anything else.
    const isForPeople = isUnknown(step, run, failure) || endOf(run) !== undefined;
    const placed = { activity: run.activity, ...failure };
    if (!isForPeople) return raise(step, run, { event: 'error', failure: placed });
    noteFailure(step, run, placed);
    return raiseIncident(step, run, placed);
  }
  const at = step.now + pause;
  disarm(step, run);
  const { timeout: _, ...timers } = run.timers ?? {};
  updateRun(step, run.token, { state: 'ready', phase: 'backoff', failure, timers: { ...timers, backoff: at } });
  note(step, {
    activity: run.activity,
    state: 'ready',
    token: run.token,
    scope: run.scope,
    attempt: run.attempt,
    failure,
  });
  rearm(step, run.token);
}
