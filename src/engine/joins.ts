// When an activity with several incoming connectors starts. Exclusive joins start on every arrival, parallel ones need
// all, n-of-m joins need n. The inclusive join follows the synchronisation rule of BPMN 2.0.2, section 13.4.3: it starts
// when no token elsewhere can still reach one of its empty incoming connectors, except a token that could as well
// reach one that is filled already. That is decided on the live tokens of the scope; dead paths leave no token, so they
// are ignored by construction, in graphs of any shape.
import type { PlannedActivity, PlannedConnector } from '../compiler/index.js';
import { activationsIn, arrivalKey, isToken, planned, type StepDraft } from './step-draft.js';
import type { ScopeId } from './state.js';

/** The connectors to consume, one token each, or undefined when the join has to wait. */
export function readyJoin(
  step: StepDraft,
  join: PlannedActivity,
  scope: ScopeId,
): readonly PlannedConnector[] | undefined {
  // A partial join that has fired is closed until the rest has come (WCP 28, 31).
  if (join.incoming.some((c) => step.state.stragglers[arrivalKey(scope, c.id)])) return undefined;
  const filled = join.incoming.filter((c) => step.state.arrivals[arrivalKey(scope, c.id)]);
  if (filled.length === 0) return undefined;
  if (filled.length === join.incoming.length) return filled;
  if (typeof join.join === 'object') return filled.length >= join.join.n ? filled : undefined;
  if (join.join === 'and') return undefined;
  if (join.join === 'xor') return filled.slice(0, 1);
  return canStillArrive(step, join, scope, filled) ? undefined : filled;
}

function canStillArrive(
  step: StepDraft,
  join: PlannedActivity,
  scope: ScopeId,
  filled: readonly PlannedConnector[],
): boolean {
  return [...placesOfTokens(step, scope, join.id)].some((activity) =>
    separateWays(step, join, activity).some((reached) => reached.size > 0 && !filled.some((c) => reached.has(c.id))),
  );
}

const separate = new WeakMap<PlannedActivity, Map<string, readonly ReadonlySet<string>[]>>();

/**
 * The incoming connectors that a token at the activity can come to, and those of each token that a boundary event may set
 * off beside it: the one comes whatever has become of the other.
 */
function separateWays(step: StepDraft, join: PlannedActivity, activity: string): readonly ReadonlySet<string>[] {
  const beside = planned(step, activity).boundaries.filter((b) => !b.interrupting && b.outgoing.length > 0);
  if (beside.length === 0) return [reachedFrom(step, join, activity)];
  let known = separate.get(join);
  if (!known) separate.set(join, (known = new Map()));
  let ways = known.get(activity);
  if (!ways) {
    const { outgoing, boundaries } = planned(step, activity);
    const own = [...outgoing, ...boundaries.filter((b) => b.interrupting).flatMap((b) => b.outgoing)];
    ways = [own, ...beside.map((b) => b.outgoing)].map((connectors) => along(step, join, connectors));
    known.set(activity, ways);
  }
  return ways;
}

/** Activities of this scope that hold a token: running, or waiting at a join (other than `join`). */
export function placesOfTokens(step: StepDraft, scope: ScopeId, join?: string): Set<string> {
  const found = new Set<string>();
  for (const token in step.state.runs) {
    const run = step.state.runs[token]!;
    if (run.scope === scope && isToken(run)) found.add(run.activity);
  }
  for (const id of activationsIn(step, scope)) found.add(id);
  const prefix = `${scope}|`;
  for (const key in step.state.arrivals) {
    if (!key.startsWith(prefix)) continue;
    const target = connectorTargets(step).get(key.slice(prefix.length))!;
    if (target !== join) found.add(target);
  }
  return found;
}

const reaches = new WeakMap<PlannedActivity, Map<string, ReadonlySet<string>>>();

/** The incoming connectors of the join to which a token at the activity can come without passing the join. */
export function reachedFrom(step: StepDraft, join: PlannedActivity, activity: string): ReadonlySet<string> {
  let known = reaches.get(join);
  if (!known) reaches.set(join, (known = new Map()));
  let reached = known.get(activity);
  if (!reached) known.set(activity, (reached = along(step, join, everyWayOut(planned(step, activity)))));
  return reached;
}

/** A path never comes back to a lower rank, so what lies behind the join need not be looked at. */
function along(step: StepDraft, join: PlannedActivity, connectors: readonly PlannedConnector[]): ReadonlySet<string> {
  const reached = new Set<string>();
  const seen = new Set<string>();
  const open = [...connectors];
  for (let c = open.pop(); c; c = open.pop()) {
    if (c.to === join.id) {
      reached.add(c.id);
    } else if (!seen.has(c.to) && planned(step, c.to).rank <= join.rank) {
      seen.add(c.to);
      open.push(...everyWayOut(planned(step, c.to)));
    }
  }
  return reached;
}

/** Connectors of the activity and of its boundary events. */
export function everyWayOut(activity: PlannedActivity): readonly PlannedConnector[] {
  if (activity.boundaries.length === 0) return activity.outgoing;
  return [...activity.outgoing, ...activity.boundaries.flatMap((b) => b.outgoing)];
}

const targets = new WeakMap<object, ReadonlyMap<string, string>>();

/** Connector id → activity it enters. */
export function connectorTargets(step: StepDraft): ReadonlyMap<string, string> {
  let map = targets.get(step.plan);
  if (!map) {
    const built = new Map<string, string>();
    for (const a of Object.values(step.plan.activities)) for (const c of a.incoming) built.set(c.id, a.id);
    map = built;
    targets.set(step.plan, map);
  }
  return map;
}
