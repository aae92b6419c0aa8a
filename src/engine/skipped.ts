// Dead-path elimination seen from outside: after a decision, the activities that no token can reach any more are
// reported as skipped. Only the dead branch itself is walked; a place that a live token can still come to ends the walk.
import { successorsOf, type PlannedConnector } from '../compiler/index.js';
import { connectorTargets } from './joins.js';
import { activationsIn, isToken, note, planned, type StepDraft } from './step-draft.js';
import type { ScopeId } from './state.js';

export function noteSkipped(step: StepDraft, dead: readonly PlannedConnector[], scope: ScopeId): void {
  const skipped = new Set<string>();
  const open = dead.map((c) => c.to);
  let alive: ReadonlySet<string> | undefined;
  for (let id = open.pop(); id !== undefined; id = open.pop()) {
    if (skipped.has(id)) continue;
    alive ??= reachable(step, scope);
    if (alive.has(id)) continue;
    skipped.add(id);
    open.push(...successorsOf(planned(step, id)));
  }
  for (const id of skipped) note(step, { activity: id, state: 'skipped', scope });
}

/** Everything in the scope that its tokens are at or can come to. */
function reachable(step: StepDraft, scope: ScopeId): Set<string> {
  const open: string[] = [];
  for (const token in step.state.runs) {
    const run = step.state.runs[token]!;
    if (run.scope === scope && isToken(run)) open.push(run.activity);
  }
  for (const key in step.state.arrivals) {
    if (key.startsWith(`${scope}|`)) open.push(connectorTargets(step).get(key.slice(scope.length + 1))!);
  }
  open.push(...activationsIn(step, scope));
  const seen = new Set(open);
  for (let id = open.pop(); id !== undefined; id = open.pop()) {
    for (const next of successorsOf(planned(step, id))) {
      if (!seen.has(next)) {
        seen.add(next);
        open.push(next);
      }
    }
  }
  return seen;
}
