// What a failure does: another attempt, else the nearest error boundary, else an incident (the instance fails and stays
// inspectable and retryable from the failed activity).
import { parseDuration, type FailureData, type RetryPolicy } from '../model/index.js';
import type { Plan, PlannedBoundary } from '../compiler/index.js';
import { leaveBoundary } from './token-game.js';
import { disarm, terminateRun } from './termination.js';
import { note, planned, updateRun, type StepDraft } from './step-draft.js';
import type { FlowState, Run, Settled } from './state.js';

export interface Handler {
  readonly run: Run;
  readonly boundary: PlannedBoundary;
}

/** The error boundary that takes a failure of this run: the innermost one whose code matches, exact before catch-all. */
export function errorHandler(plan: Plan, state: FlowState, failed: Run, code: string): Handler | undefined {
  for (let run: Run | undefined = failed; run; run = state.runs[run.owner ?? run.scope]) {
    if (run.owner !== undefined) continue;
    const errors = plan.activities[run.activity]!.boundaries.filter((b) => b.definition.event === 'error');
    const codeOf = (b: PlannedBoundary): string | undefined =>
      b.definition.event === 'error' ? b.definition.code : undefined;
    const boundary = errors.find((b) => codeOf(b) === code) ?? errors.find((b) => codeOf(b) === undefined);
    if (boundary) return { run, boundary };
  }
  return undefined;
}

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

/** `settled` holds the resolved assignments and conditions of the boundary that takes it, if one does. */
export function failAttempt(step: StepDraft, run: Run, failure: FailureData, settled: Settled | undefined): void {
  const pause =
    run.phase === 'effect'
      ? nextAttempt(planned(step, run.activity).definition.retry, run.attempt - (run.attemptsBefore ?? 0), failure)
      : undefined;
  if (pause === undefined) {
    failRun(step, run, failure, settled);
    return;
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

/** After `disarm`: arms again what outlives an attempt. */
function rearm(step: StepDraft, token: string): void {
  const run = step.state.runs[token]!;
  for (const [id, at] of Object.entries(run.timers ?? {})) step.effects.push({ type: 'timer', token, id, at });
  for (const [id, subscription] of Object.entries(run.subscriptions ?? {})) {
    step.effects.push({ type: 'subscribe', token, id, subscription });
  }
}

export function failRun(step: StepDraft, run: Run, failure: FailureData, settled?: Settled): void {
  note(step, {
    activity: run.activity,
    state: 'failed',
    token: run.token,
    scope: run.scope,
    attempt: run.attempt,
    failure,
  });
  const handler = errorHandler(step.plan, step.state, run, failure.code);
  if (handler) {
    fireBoundary(step, handler.run, handler.boundary, settled ?? {});
    return;
  }
  raiseIncident(step, run, failure);
}

export function fireBoundary(step: StepDraft, run: Run, boundary: PlannedBoundary, settled: Settled): void {
  const { scope, activity } = run;
  if (settled.writes) step.state.pool = { ...step.state.pool, ...settled.writes };
  note(step, { activity: `${activity}.${boundary.definition.id}`, state: 'completed', scope });
  if (boundary.interrupting) terminateRun(step, run);
  leaveBoundary(step, planned(step, activity), boundary, scope, settled.live ?? []);
}

function raiseIncident(step: StepDraft, run: Run, failure: FailureData): void {
  disarm(step, run);
  const { timeout: _, backoff: __, ...timers } = run.timers ?? {};
  updateRun(step, run.token, { state: 'failed', phase: 'incident', failure, timers });
  if (run.phase === 'effect') rearm(step, run.token);
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
