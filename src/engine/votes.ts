// Several people on one task. Each has a task of their own; as soon as the rule is decided, the others' are withdrawn. Rules after
// what workflow products call multi-user tasks: consensus, veto, majority, most votes, a threshold, each with a fallback.
import type { PlannedActivity } from '../compiler/index.js';
import { FlowError, type Json, type JsonObject, type VotesDefinition } from '../model/index.js';
import type { MaybePromise } from './maybe-promise.js';
import type { Sight } from './sight.js';
import type { Run, Settled } from './state.js';

/** One more vote: kept with the loop, and whether that decides it. */
export function resolveVote(
  sight: Sight,
  activity: PlannedActivity,
  run: Run,
  entered: Json | undefined,
): MaybePromise<Settled> {
  const vote = { ...(entered as JsonObject | undefined), by: run.locals!['voter']! };
  const owner = sight.state.runs[run.owner!]!;
  const votes = [...votesOf(owner), vote];
  return { output: vote, loop: decided(activity.definition.votes!, votes, owner.loop!.total!) !== undefined };
}

/** What the activity gives: `{ outcome, votes }`. Throws FlowError `NoOutcome` when the rule gives none. */
export function countVotes({ id, definition }: PlannedActivity, owner: Run): { outcome: string; votes: JsonObject[] } {
  const rule = definition.votes!;
  const votes = votesOf(owner);
  const outcome = decided(rule, votes, votes.length) ?? rule.fallback;
  if (outcome !== undefined && outcome !== UNDECIDABLE) return { outcome, votes };
  if (rule.fallback !== undefined) return { outcome: rule.fallback, votes };
  throw new FlowError(
    'NoOutcome',
    `The votes on "${id}" give no outcome by the rule "${rule.rule}". Add a "fallback".`,
    {
      activity: id,
    },
  );
}

function votesOf(owner: Run): JsonObject[] {
  return ((owner.loop?.results ?? []).flat() as (JsonObject | undefined)[]).filter((vote) => vote !== undefined);
}

/** No further vote can give an outcome. */
const UNDECIDABLE = '';

/** The outcome as soon as no vote can change it; undefined while votes are missing that count. */
function decided(rule: VotesDefinition, votes: readonly JsonObject[], total: number): string | undefined {
  const counts = new Map<string, number>();
  for (const { outcome } of votes) counts.set(String(outcome), (counts.get(String(outcome)) ?? 0) + 1);
  const missing = total - votes.length;
  const [first, second] = [...counts].sort((a, b) => b[1] - a[1]);
  const [best, most] = first ?? [UNDECIDABLE, 0];
  const next = second?.[1] ?? 0;
  switch (rule.rule) {
    case 'consensus':
      if (counts.size > 1) return UNDECIDABLE;
      return missing > 0 ? undefined : best;
    case 'veto':
      if (counts.has(rule.outcome!)) return rule.outcome!;
      return missing > 0 ? undefined : most > next ? best : UNDECIDABLE;
    case 'majority':
      if (most > total / 2) return best;
      return most + missing > total / 2 ? undefined : UNDECIDABLE;
    case 'most':
      if (most > next + missing) return best;
      return missing > 0 ? undefined : UNDECIDABLE;
    case 'threshold': {
      const needed = rule.atLeast! < 1 ? Math.ceil(rule.atLeast! * total) : rule.atLeast!;
      const has = counts.get(rule.outcome!) ?? 0;
      if (has >= needed) return rule.outcome!;
      return has + missing >= needed ? undefined : UNDECIDABLE;
    }
  }
}
