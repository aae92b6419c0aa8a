// Tokens in places where each of them may be, but not all of them together: a join would wait for ever, or get too many. An
// instance that is moved may be past a split that the new definition has, or beside what comes after in it.
import type { Plan } from '../../compiler/index.js';
import type { Run } from '../../engine/index.js';

export type Arrivals = Readonly<Record<string, number>>;
export type Runs = Readonly<Record<string, Run>>;

/** Parallel joins that a token can still reach, each with a connector on which none can arrive. */
export function starved(
  plan: Plan,
  runs: Runs,
  arrivals: Arrivals,
): readonly { readonly join: string; readonly connector: string }[] {
  const found: { join: string; connector: string }[] = [];
  for (const scope of scopesOf(runs)) {
    const arrived = arrivedIn(arrivals, scope);
    const here = activitiesIn(runs, scope);
    const joins = Object.values(plan.activities).filter(({ incoming }) => incoming.some((c) => arrived.has(c.id)));
    const reached = reachable(plan, [...here, ...joins.map(({ id }) => id)]);
    for (const id of reached) {
      const { join, incoming } = plan.activities[id]!;
      // Where a run is already, the join has been passed.
      if (join !== 'and' || incoming.length < 2 || here.includes(id)) continue;
      for (const { id: connector, from } of incoming)
        if (!arrived.has(connector) && !reached.has(from)) found.push({ join: id, connector });
    }
  }
  return found;
}

/**
 * Pairs of places with a token each of which the second comes after the first, as it does not where they come from. `before`
 * names the place of each in the other plan.
 */
export function outOfOrder(
  plan: Plan,
  runs: Runs,
  arrivals: Arrivals,
  before: { readonly plan: Plan; readonly runs: Runs },
): readonly { readonly first: string; readonly second: string }[] {
  const found: { first: string; second: string }[] = [];
  for (const scope of scopesOf(runs)) {
    const tokens = Object.values(runs).filter((run) => run.scope === scope && isToken(run));
    const sources = (of: Plan): readonly (readonly [string, string])[] =>
      Object.values(of.activities).flatMap(({ incoming }) =>
        incoming.filter((c) => arrivedIn(arrivals, scope).has(c.id)).map((c) => [c.id, c.from] as const),
      );
    const oldSources = new Map(sources(before.plan));
    for (const run of tokens) {
      const old = before.runs[run.token]!;
      const reached = after(plan, run.activity);
      const wasReached = after(before.plan, old.activity);
      for (const other of tokens) {
        if (
          other.token !== run.token &&
          reached.has(other.activity) &&
          !wasReached.has(before.runs[other.token]!.activity)
        )
          found.push({ first: run.activity, second: other.activity });
      }
      for (const [connector, from] of sources(plan)) {
        const was = oldSources.get(connector);
        const comes = from === run.activity || reached.has(from);
        const came = was !== undefined && (was === old.activity || wasReached.has(was));
        if (comes && !came) found.push({ first: run.activity, second: connector });
      }
    }
  }
  return found;
}

function isToken(run: Run): boolean {
  return !run.listener && run.owner === undefined && !run.undoes;
}

function scopesOf(runs: Runs): ReadonlySet<string> {
  return new Set(['', ...Object.values(runs).map((run) => run.scope)]);
}

function activitiesIn(runs: Runs, scope: string): readonly string[] {
  return Object.values(runs).flatMap((run) => (run.scope === scope && !run.listener ? [run.activity] : []));
}

function arrivedIn(arrivals: Arrivals, scope: string): ReadonlySet<string> {
  const keys = Object.keys(arrivals).filter((key) => key.startsWith(`${scope}|`));
  return new Set(keys.map((key) => key.slice(scope.length + 1)));
}

/** What can follow; the activity itself only if it is in a cycle. */
function after(plan: Plan, activity: string): ReadonlySet<string> {
  return reachable(plan, nextOf(plan, activity));
}

function reachable(plan: Plan, from: readonly string[]): ReadonlySet<string> {
  const reached = new Set<string>();
  const open = [...from];
  for (let id = open.pop(); id !== undefined; id = open.pop()) {
    if (reached.has(id)) continue;
    reached.add(id);
    open.push(...nextOf(plan, id));
  }
  return reached;
}

function nextOf(plan: Plan, activity: string): readonly string[] {
  const { outgoing, boundaries } = plan.activities[activity]!;
  return [...outgoing, ...boundaries.flatMap((b) => b.outgoing)].map(({ to }) => to);
}
