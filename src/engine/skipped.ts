// Dead-path elimination seen from outside: after a decision, the activities that no token can reach any more are
// reported as skipped. Only the dead branch itself is walked; a place that a live token can still come to ends the walk.
import type { PlannedConnector } from '../compiler/index.js';
import { everyWayOut, placesOfTokens } from './joins.js';
import { note, planned, type StepDraft } from './step-draft.js';
import type { ScopeId } from './state.js';

export function noteSkipped(step: StepDraft, dead: readonly PlannedConnector[], scope: ScopeId): void {
  const skipped = new Set<string>();
  const open = dead.map((c) => c.to);
  const isAlive = livePlaces(step, scope);
  for (let id = open.pop(); id !== undefined; id = open.pop()) {
    if (skipped.has(id) || isAlive(id)) continue;
    skipped.add(id);
    for (const { to } of everyWayOut(planned(step, id))) open.push(to);
  }
  for (const id of skipped) note(step, { activity: id, state: 'skipped', scope });
}

/**
 * Whether the tokens of a scope are at an activity or can come to it. It is looked up only as far as it is asked for: a
 * path never comes back to a lower rank, so a decision early in a long flow does not walk all that follows.
 */
function livePlaces(step: StepDraft, scope: ScopeId): (id: string) => boolean {
  const seen = placesOfTokens(step, scope);
  // Seen, and not yet left, because their rank was too high to matter.
  let frontier = [...seen];
  return (asked) => {
    const { rank } = planned(step, asked);
    const open = frontier;
    frontier = [];
    for (let id = open.pop(); id !== undefined; id = open.pop()) {
      const activity = planned(step, id);
      if (activity.rank > rank) {
        frontier.push(id);
        continue;
      }
      for (const { to } of everyWayOut(activity)) {
        if (seen.has(to)) continue;
        seen.add(to);
        open.push(to);
      }
    }
    return seen.has(asked);
  };
}
