// How an atomic subflow ends. The end of a transaction cannot be stopped any more: the runs that commit or roll back lie in
// the outermost scope, where nothing takes them away, and keep the flow open until they are done.
import { restore, takeParticipants, transactionAround } from './atomic.js';
import { releaseUndos } from './release.js';
import { disarm, terminateRun, terminateScope } from './termination.js';
import { beginUndo, updateRun, type StepDraft } from './step-draft.js';
import type { Raise, Run } from './state.js';

/** The body is done. True: the subflow goes on once its participants have committed. */
export function commit(step: StepDraft, subflow: Run): boolean {
  const outer = transactionAround(step, subflow.scope);
  if (outer) {
    joinOuter(step, subflow, outer);
    return false;
  }
  // The first to prepare is the first to commit.
  const stack = takeParticipants(step, subflow).reverse();
  const { before: _, ...decided } = subflow;
  step.state.runs[subflow.token] = decided;
  if (stack.length === 0) return false;
  disarm(step, subflow);
  const { timers: __, subscriptions: ___, conditions: ____, ...deaf } = decided;
  step.state.runs[subflow.token] = { ...deaf, phase: 'commit' };
  beginUndo(step, subflow.token, { scope: '', stack, act: 'commit', then: 'go-on' });
  return true;
}

/** A transaction inside another ends with that one. */
function joinOuter(step: StepDraft, inner: Run, outer: Run): void {
  step.state.participants = step.state.participants.map((p) =>
    p.transaction === inner.token ? { ...p, transaction: outer.token } : p,
  );
  updateRun(step, outer.token, { before: { ...inner.before, ...outer.before } });
}

/** Takes back what happened in the subflow; then it raises what was raised in it. */
export function rollBack(step: StepDraft, subflow: Run, raise: Raise): void {
  for (const handler of releaseUndos(step, subflow)) terminateRun(step, handler);
  terminateScope(step, subflow.token);
  restore(step, subflow);
  const { before: _, ...clean } = step.state.runs[subflow.token]!;
  step.state.runs[subflow.token] = { ...clean, phase: 'undo' };
  const stack = takeParticipants(step, subflow);
  beginUndo(step, subflow.token, { scope: '', stack, act: 'rollback', then: 'raise', raise });
}
