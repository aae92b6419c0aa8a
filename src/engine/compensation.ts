// Backward recovery: what has completed is undone by its compensation activities, the latest first, one at a time, each
// awaited (Garcia-Molina, Salem, "Sagas", 1987; BPMN 2.0.2, 13.4.6). The instance keeps a record of what could be undone;
// a completed subflow keeps what had completed in it.
import type { Plan, PlannedActivity } from '../compiler/index.js';
import type { FailureData, Json, SphereDefinition } from '../model/index.js';
import type { RunRole } from './needs.js';
import { terminateRun, terminateScope } from './termination.js';
import { isConcluding } from './atomic.js';
import { rollBack } from './atomic-end.js';
import { beginUndo, note, planned, updateRun, type StepDraft } from './step-draft.js';
import type { Compensable, Run, TransactionEnd, Undo } from './state.js';

export function recordCompleted(
  step: StepDraft,
  run: Run,
  activity: PlannedActivity,
  role: RunRole,
  output: Json | undefined,
): void {
  const all = step.state.compensable;
  const inside = activity.type === 'subflow' ? all.filter((c) => c.scope === run.token) : [];
  const undoable = activity.compensation !== undefined && role !== 'owner';
  if (inside.length === 0 && !undoable) return;
  const entry: Compensable = {
    activity: activity.id,
    token: run.token,
    scope: run.scope,
    ...(run.locals ? { locals: run.locals } : {}),
    ...(output === undefined || !undoable ? {} : { output }),
    ...(inside.length > 0 ? { inside } : {}),
  };
  step.state.compensable = [...(inside.length > 0 ? all.filter((c) => c.scope !== run.token) : all), entry];
}

/** Undoes what has completed in the run's scope, or one activity of it; the run goes on when that is done, if it waits. */
export function undo(step: StepDraft, run: Run, activity: string | undefined, wait = true): void {
  let { scope } = run;
  // From an event subflow, it is the scope around it that is compensated.
  for (let around = step.state.runs[scope]; around && planned(step, around.activity).aside === 'event';) {
    scope = around.scope;
    around = step.state.runs[scope];
  }
  const isMeant = (c: Compensable): boolean => activity === undefined || c.activity === activity;
  const stack = [
    ...takeInside(step, scope, isMeant),
    ...step.state.compensable.filter((c) => c.scope === scope && isMeant(c)),
  ];
  if (wait) updateRun(step, run.token, { phase: 'undo' });
  begin(step, run.token, { scope, stack, then: wait ? 'go-on' : 'nothing' });
}

/** In a handler that undoes a subflow: what had completed in that subflow (BPMN 2.0.2, 13.5.1, compensation event sub-process). */
function takeInside(step: StepDraft, scope: string, isMeant: (c: Compensable) => boolean): readonly Compensable[] {
  const { undoes } = step.state.runs[scope] ?? {};
  if (!undoes?.inside) return [];
  const left = undoes.inside.filter((c) => !isMeant(c));
  updateRun(step, scope, { undoes: { ...undoes, inside: left } });
  return undoes.inside.filter(isMeant);
}

/** Ends everything in the subflow, undoes what had completed there, and leaves it by its `cancel` boundary event. */
export function cancelSubflow(step: StepDraft, subflow: Run): void {
  if (planned(step, subflow.activity).atomic) return rollBack(step, subflow, { event: 'cancel' });
  const rounds = Object.values(step.state.runs).filter((r) => r.owner === subflow.token);
  const scopes = new Set([subflow, ...rounds].map((r) => r.token));
  const stack = step.state.compensable.filter((c) => scopes.has(c.scope));
  for (const round of rounds) terminateRun(step, round);
  terminateScope(step, subflow.token);
  updateRun(step, subflow.token, { phase: 'undo' });
  begin(step, subflow.token, { scope: subflow.token, stack, then: 'raise', raise: { event: 'cancel' } });
}

/** Undoes the sphere of a failed run; false when it is in none, or they all have been undone. */
export function undoSphere(step: StepDraft, run: Run, failure: FailureData): boolean {
  const around = new Set<string>();
  for (let r: Run | undefined = run; r; r = step.state.runs[r.owner ?? r.scope]) {
    if (r.undoes) return false;
    around.add(r.activity);
  }
  const done = step.state.undos[run.token]?.spheres ?? [];
  const sphere = step.plan.spheres.find(
    (s) => reactsTo(s, 'error') && !done.includes(s.id) && s.activities.some((a) => around.has(a)),
  );
  if (!sphere) return false;
  const members = membersOf(step.plan, [sphere]);
  const { taken, left } = part(step.plan, step.state.compensable, members);
  step.state.compensable = left;
  for (const other of Object.values(step.state.runs)) {
    if (other.token !== run.token && members.has(other.activity) && !around.has(other.activity))
      terminateRun(step, other);
  }
  updateRun(step, run.token, { phase: 'undo', state: 'failed', failure });
  begin(step, run.token, { scope: run.scope, stack: taken, then: 'fail', failure, spheres: [...done, sphere.id] });
  return true;
}

/** Ends the whole instance and undoes its spheres; false when there is nothing to undo. */
export function undoAll(step: StepDraft, failure: FailureData): boolean {
  const spheres = step.plan.spheres.filter((s) => reactsTo(s, 'cancel'));
  const { taken } = part(step.plan, step.state.compensable, membersOf(step.plan, spheres));
  const { rest, handlers } = setAside(step);
  terminateScope(step, '');
  step.state.compensable = [];
  for (const handler of handlers) step.state.runs[handler.token] = handler;
  if (taken.length + rest.length + handlers.length === 0 && !isConcluding(step)) return false;
  begin(step, '', { scope: '', stack: [...taken, ...rest], then: 'cancelled', failure });
  return true;
}

/** Compensations under way do not end half-way: what is left of them, and the handlers at work, become part of the cancel. */
function setAside(step: StepDraft): { rest: Compensable[]; handlers: Run[] } {
  const rest: Compensable[] = [];
  const handlers: Run[] = [];
  for (const [id, { act, stack }] of Object.entries(step.state.undos)) {
    if (act) continue;
    rest.push(...stack);
    delete step.state.undos[id];
  }
  for (const run of Object.values(step.state.runs)) {
    const { undoes } = run;
    if (!undoes || undoes.act) continue;
    delete step.state.runs[run.token];
    handlers.push({ ...run, scope: '', undoes: { ...undoes, undo: '' } });
  }
  return { rest, handlers };
}

function begin(step: StepDraft, id: string, how: Undo): void {
  const undone = new Set(how.stack);
  step.state.compensable = step.state.compensable.filter((c) => !undone.has(c));
  beginUndo(step, id, how);
}

/** Starts the next handler of a compensation; gives the compensation back when nothing is left of it. */
export function undoNext(step: StepDraft, id: string): Undo | undefined {
  const current = step.state.undos[id];
  if (!current) return undefined;
  if (current.act) return endNext(step, id, current, current.act);
  const stack = current.stack.slice();
  for (let entry = stack.pop(); entry; entry = stack.pop()) {
    const { activity, token, output, locals, inside } = entry;
    const handler = planned(step, activity).compensation;
    if (handler === undefined) {
      stack.push(...(inside ?? []).map((c) => (locals ? { ...c, locals: { ...locals, ...c.locals } } : c)));
      continue;
    }
    step.state.undos[id] = { ...current, stack };
    note(step, { activity, state: 'compensating', token, scope: current.scope });
    const undoes = {
      undo: id,
      activity,
      token,
      ...(output === undefined ? {} : { output }),
      ...(inside ? { inside } : {}),
    };
    const how = { undoes, ...(locals ? { locals } : {}) };
    step.agenda.push({ do: 'activate', activity: planned(step, handler), scope: current.scope, how });
    return undefined;
  }
  return current;
}

/** The next participant of a transaction commits or rolls back. */
function endNext(step: StepDraft, id: string, current: Undo, outcome: TransactionEnd): Undo | undefined {
  const [entry] = current.stack.slice(-1);
  if (!entry) return current;
  const { activity, token, transaction, ref, output, prepared } = entry;
  step.state.undos[id] = { ...current, stack: current.stack.slice(0, -1) };
  // Of what failed and was taken inside, nothing may last.
  const act = prepared ? outcome : 'rollback';
  if (act === 'rollback' && prepared) note(step, { activity, state: 'compensating', token, scope: '' });
  const undoes = { undo: id, activity, token, act, ...(output === undefined ? {} : { output }) };
  const how = {
    undoes,
    ...(transaction === undefined ? {} : { transaction }),
    ...(ref === undefined ? {} : { ref }),
    ...(prepared ? { prepared } : {}),
  };
  step.agenda.push({ do: 'activate', activity: planned(step, activity), scope: '', how });
  return undefined;
}

function reactsTo(sphere: SphereDefinition, what: 'error' | 'cancel'): boolean {
  return sphere.on === undefined || sphere.on.includes(what);
}

function membersOf(plan: Plan, spheres: readonly SphereDefinition[]): Set<string> {
  const members = new Set(spheres.flatMap((s) => s.activities));
  for (const id of members) for (const inner of plan.bodies[id]?.activities ?? []) members.add(inner);
  return members;
}

/** What belongs to the members, also inside completed subflows that are no members themselves. */
function part(
  plan: Plan,
  entries: readonly Compensable[],
  members: ReadonlySet<string>,
): { taken: Compensable[]; left: Compensable[] } {
  const taken: Compensable[] = [];
  const left: Compensable[] = [];
  for (const entry of entries) {
    if (members.has(entry.activity)) {
      taken.push(entry);
      continue;
    }
    // What a handler of its own undoes is undone as a whole.
    const isWhole = plan.activities[entry.activity]!.compensation !== undefined;
    const inner = part(plan, isWhole ? [] : (entry.inside ?? []), members);
    if (inner.taken.length > 0) taken.push({ ...entry, inside: inner.taken });
    if (inner.taken.length === 0 || inner.left.length > 0)
      left.push(entry.inside && !isWhole ? { ...entry, inside: inner.left } : entry);
  }
  return { taken, left };
}
