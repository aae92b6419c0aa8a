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
  const tokens = tokensElsewhere(step, join, scope);
  if (tokens.length === 0) return false;
  const reach = upstreamOf(step, join);
  const empty = join.incoming.filter((c) => !filled.includes(c));
  return tokens.some(
    (activity) =>
      empty.some((c) => reach.get(c.id)!.has(activity)) && !filled.some((c) => reach.get(c.id)!.has(activity)),
  );
}

/** Activities of this scope that hold a token: running, or waiting at another join. */
function tokensElsewhere(step: StepDraft, join: PlannedActivity, scope: ScopeId): string[] {
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
    if (target !== join.id) found.add(target);
  }
  return [...found];
}

/** Per incoming connector, the activities from which a token can come to it without passing the join. */
type Upstream = ReadonlyMap<string, ReadonlySet<string>>;
const upstreams = new WeakMap<PlannedActivity, Upstream>();

export function upstreamOf(step: StepDraft, join: PlannedActivity): Upstream {
  let upstream = upstreams.get(join);
  if (upstream) return upstream;
  const built = new Map<string, Set<string>>();
  for (const c of join.incoming) {
    const seen = new Set<string>([c.from]);
    const open = [c.from];
    for (let id = open.pop(); id !== undefined; id = open.pop()) {
      if (id === join.id) continue;
      for (const before of planned(step, id).incoming) {
        if (!seen.has(before.from)) {
          seen.add(before.from);
          open.push(before.from);
        }
      }
    }
    built.set(c.id, seen);
  }
  upstream = built;
  upstreams.set(join, upstream);
  return upstream;
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
