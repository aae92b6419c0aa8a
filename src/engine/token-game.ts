// How tokens move: along connectors, into joins, out of splits, in and out of scopes. Nothing here knows about
// expressions, time or storage: decisions arrive as the ids of the live connectors.
import type { PlannedActivity, PlannedBoundary, PlannedConnector } from '../compiler/index.js';
import type { FailureData } from '../model/index.js';
import { chosen, inclusive } from './chosen.js';
import { connectorTargets, everyWayOut, reachedFrom, readyJoin } from './joins.js';
import { listen } from './event-subflows.js';
import { dropThrown } from './release.js';
import { noteSkipped } from './skipped.js';
import { terminateRun, terminateScope } from './termination.js';
import { arrivalKey, isToken, planned, touch, type StepDraft } from './step-draft.js';
import type { Run, ScopeId } from './state.js';

/** Puts a token at every start of a body, and listens for the events of its event subflows. */
export function enterBody(step: StepDraft, body: string, scope: ScopeId): void {
  const { starts, eventSubflows } = step.plan.bodies[body]!;
  for (const id of eventSubflows) listen(step, planned(step, id), scope);
  for (const id of starts) enqueue(step, planned(step, id), scope);
  touch(step, scope);
}

/** Follows the outgoing connectors of a completed activity. `live`: those whose condition was true. */
export function leave(
  step: StepDraft,
  activity: PlannedActivity,
  { scope, fired }: Run,
  live: readonly string[],
): void {
  if (activity.definition.terminate) {
    for (const handler of dropThrown(step, scope)) terminateRun(step, handler);
    terminateScope(step, scope);
    return;
  }
  follow(step, chosen(activity, live), waysLeft(activity, fired), scope);
}

/** Sends a token out of a boundary event, which splits inclusively. */
export function leaveBoundary(
  step: StepDraft,
  activity: PlannedActivity,
  boundary: PlannedBoundary,
  { scope, fired }: Run,
  live: readonly string[],
): void {
  const taken = inclusive(boundary.outgoing, live);
  follow(step, taken, boundary.interrupting ? waysLeft(activity, fired) : boundary.outgoing, scope);
}

/** Connectors that no token has gone along for this run yet. */
function waysLeft(activity: PlannedActivity, fired: readonly string[] = []): readonly PlannedConnector[] {
  const ways = everyWayOut(activity);
  return fired.length === 0 ? ways : ways.filter((c) => c.boundary === undefined || !fired.includes(c.boundary));
}

function follow(
  step: StepDraft,
  taken: readonly PlannedConnector[],
  outgoing: readonly PlannedConnector[],
  scope: ScopeId,
): void {
  touch(step, scope);
  for (const connector of taken) arrive(step, connector, scope);
  if (taken.length < outgoing.length)
    noteSkipped(
      step,
      outgoing.filter((c) => !taken.includes(c)),
      scope,
    );
}

function enqueue(step: StepDraft, activity: PlannedActivity, scope: ScopeId): void {
  step.agenda.push({ do: 'activate', activity, scope });
}

function arrive(step: StepDraft, connector: PlannedConnector, scope: ScopeId): void {
  const target = planned(step, connector.to);
  if (target.incoming.length === 1 || target.join === 'xor') {
    enqueue(step, target, scope);
    return;
  }
  const key = arrivalKey(scope, connector.id);
  if (step.state.stragglers[key]) {
    // The n-of-m join has fired; this is one of the rest.
    delete step.state.stragglers[key];
    return;
  }
  step.state.arrivals[key] = (step.state.arrivals[key] ?? 0) + 1;
}

/** Starts one join of the scope that can start; false when none can. */
export function fireJoin(step: StepDraft, scope: ScopeId): boolean {
  for (const join of waitingJoins(step, scope)) {
    const consumed = readyJoin(step, join, scope);
    if (!consumed) continue;
    fire(step, join, scope, consumed);
    return true;
  }
  return false;
}

function fire(step: StepDraft, join: PlannedActivity, scope: ScopeId, consumed: readonly PlannedConnector[]): void {
  for (const c of consumed) {
    const key = arrivalKey(scope, c.id);
    const left = step.state.arrivals[key]! - 1;
    if (left > 0) step.state.arrivals[key] = left;
    else delete step.state.arrivals[key];
  }
  const missing = join.incoming.length - consumed.length;
  if (typeof join.join === 'object' && missing > 0) {
    if (join.join.cancelRemaining) cancelUpstream(step, join, scope, consumed);
    else for (const c of join.incoming) if (!consumed.includes(c)) step.state.stragglers[arrivalKey(scope, c.id)] = 1;
  }
  enqueue(step, join, scope);
}

/** WCP 29, 32: what could still arrive is withdrawn. */
function cancelUpstream(
  step: StepDraft,
  join: PlannedActivity,
  scope: ScopeId,
  consumed: readonly PlannedConnector[],
): void {
  const late = join.incoming.filter((c) => !consumed.includes(c));
  const hit = (activity: string): boolean => {
    const reached = reachedFrom(step, join, activity);
    return late.some((c) => reached.has(c.id));
  };
  for (const run of Object.values(step.state.runs)) {
    if (run.scope === scope && isToken(run) && hit(run.activity)) terminateRun(step, run);
  }
  for (const key of Object.keys(step.state.arrivals)) {
    const target = connectorTargets(step).get(key.slice(scope.length + 1));
    if (key.startsWith(`${scope}|`) && target !== undefined && target !== join.id && hit(target))
      delete step.state.arrivals[key];
  }
}

function waitingJoins(step: StepDraft, scope: ScopeId): PlannedActivity[] {
  const found: PlannedActivity[] = [];
  const prefix = `${scope}|`;
  for (const key in step.state.arrivals) {
    if (!key.startsWith(prefix)) continue;
    const join = planned(step, connectorTargets(step).get(key.slice(prefix.length))!);
    if (!found.includes(join)) found.push(join);
  }
  return found;
}

/** The failure of a scope in which nothing runs but tokens still wait at a join that can never start. */
export function stuckJoin(step: StepDraft, scope: ScopeId): FailureData | undefined {
  const join = waitingJoins(step, scope)[0];
  return join && deadlock(step, join, scope);
}

function deadlock(step: StepDraft, join: PlannedActivity, scope: ScopeId): FailureData {
  const missing = join.incoming.filter((c) => !step.state.arrivals[arrivalKey(scope, c.id)]).map((c) => c.id);
  return {
    code: 'Deadlock',
    message: `The join "${join.name}" waits for ${missing.join(', ')}, where no token can arrive any more. Use join "or", or let every branch before it arrive.`,
    activity: join.id,
    retryable: false,
  };
}
