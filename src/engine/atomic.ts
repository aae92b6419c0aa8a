// Atomic subflows: what their activities do is prepared, and all of it is committed when the subflow is done or rolled back
// when it is left in any other way (two-phase commit with the instance's journal as the coordinator's log: Gray, Reuter,
// "Transaction Processing", 1993, 10.4). Here: who takes part, and what the variables were before.
import { beginUndo, planned, updateRun, write, type Mutable, type StepDraft } from './step-draft.js';
import type { JsonObject } from '../model/index.js';
import type { Compensable, Participant, Run, ScopeId, TransactionEnd } from './state.js';

/** The innermost atomic subflow whose body this scope lies in. */
export function transactionAround(step: StepDraft, scope: ScopeId): Run | undefined {
  if (!step.plan.hasAtomic) return undefined;
  for (let run = step.state.runs[scope]; run; run = step.state.runs[run.scope])
    if (planned(step, run.activity).atomic) return run;
  return undefined;
}

/** The innermost transaction that what the run raises leaves on its way to the taker. */
export function transactionLeft(step: StepDraft, run: Run, taker: Run | undefined): Run | undefined {
  const around = transactionAround(step, run.scope);
  for (let r = taker && step.state.runs[taker.scope]; r; r = step.state.runs[r.scope])
    if (r === around) return undefined;
  return around;
}

/** Set on runs that commit or roll back what another has prepared. */
export function endOf(run: Run): TransactionEnd | undefined {
  return run.undoes?.act;
}

/** From now on the run may have done something that has to be committed or rolled back. */
export function takePart(step: StepDraft, run: Mutable<Run>): void {
  const transaction = transactionAround(step, run.scope)?.token;
  if (transaction === undefined || run.transaction !== undefined) return;
  const { token, activity, ref } = run;
  const part: Participant = { activity, token, transaction, ...(ref === undefined ? {} : { ref }) };
  step.state.participants = [...step.state.participants, part];
  run.transaction = transaction;
}

/** The preparation has ended well. */
export function prepared(step: StepDraft, run: Run, output: Participant['output']): void {
  if (run.transaction === undefined) return;
  const ended = { prepared: true, ...(output === undefined ? {} : { output }) } as const;
  step.state.participants = step.state.participants.map((p) => (p.token === run.token ? { ...p, ...ended } : p));
}

/** The subflow's participants, which are in other hands from now on, in order of their start. */
export function takeParticipants(step: StepDraft, subflow: Run): Compensable[] {
  const all = step.state.participants;
  step.state.participants = all.filter((p) => p.transaction !== subflow.token);
  return all.filter((p) => p.transaction === subflow.token).map((part) => ({ ...part, scope: '' }));
}

/** The subflow is being taken away: what it prepared is rolled back on its own, whatever happens around it. */
export function abandon(step: StepDraft, subflow: Run): void {
  if (!planned(step, subflow.activity).atomic || subflow.phase === 'commit') return;
  restore(step, subflow);
  const stack = takeParticipants(step, subflow);
  if (stack.length > 0) beginUndo(step, `${subflow.token}!`, { scope: '', stack, act: 'rollback', then: 'nothing' });
}

/** Whether the end of a transaction is still under way. */
export function isConcluding(step: StepDraft): boolean {
  return Object.values(step.state.undos).some((u) => u.act !== undefined);
}

/** Writes variables; the atomic subflow around remembers what they were. */
export function writeIn(step: StepDraft, scope: ScopeId, writes: JsonObject | undefined): void {
  const around = writes && transactionAround(step, scope);
  if (around) {
    const before = { ...around.before };
    for (const name of Object.keys(writes)) {
      const value = step.state.pool[name];
      before[name] ??= value === undefined ? [] : [value];
    }
    updateRun(step, around.token, { before });
  }
  write(step, writes);
}

/** Gives the variables the values that they had before the subflow. */
export function restore(step: StepDraft, subflow: Run): void {
  const { before } = step.state.runs[subflow.token] ?? {};
  if (!before) return;
  const pool = { ...step.state.pool };
  for (const [name, [value]] of Object.entries(before)) {
    if (value === undefined) delete pool[name];
    else pool[name] = value;
  }
  step.state.pool = pool;
}
