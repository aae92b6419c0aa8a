// Who gets a task beyond those who have its role: everybody whom an expression names, one after the other, or whoever has the
// least to do. Found when the task is made, and kept with it; nobody at all is a failure that an error boundary can take.
import type { PlannedActivity } from '../compiler/index.js';
import { FlowError, type AssignmentDefinition, type Json, type JsonObject } from '../model/index.js';
import { chain, type MaybePromise } from './maybe-promise.js';
import { roleOf } from './needs.js';
import { evaluate, type Sight } from './sight.js';
import type { Prepared, Run } from './state.js';
import { STARTER } from './tasks.js';

export function resolveAssignment(
  sight: Sight,
  activity: PlannedActivity,
  run: Run,
  seen: JsonObject,
  prepared: { -readonly [K in keyof Prepared]: Prepared[K] },
): MaybePromise<void> {
  const { assign, votes } = activity.definition;
  if (assign === undefined) return;
  // One of those who vote: each has a task of their own.
  if (votes && roleOf(activity, run) === 'round') {
    const voter = String(run.locals!['voter']);
    prepared.candidates = [voter];
    prepared.assignee = voter;
    return;
  }
  const { to, by } = assignmentOf(assign);
  const { doers } = sight.state;
  const bindings = { starter: doers[STARTER] ?? null, doers: { ...doers } };
  return chain(evaluate(sight, activity.id, to, seen, bindings), (value) => {
    const candidates = usersOf(value);
    if (candidates.length === 0)
      throw new FlowError(
        'NoAssignee',
        `"assign" of "${activity.id}" names nobody: "${to}" gave ${JSON.stringify(value)}.`,
        {
          flow: sight.flow.definition.flow,
          activity: activity.id,
          expression: to,
        },
      );
    prepared.candidates = candidates;
    if (candidates.length === 1) prepared.assignee = candidates[0]!;
    else if (by === 'round-robin' || by === 'least-busy')
      return chain(chosen(sight, activity, candidates, by), (one) => void (prepared.assignee = one));
  });
}

export function assignmentOf(assign: string | AssignmentDefinition): AssignmentDefinition {
  return typeof assign === 'string' ? { to: assign } : assign;
}

/** User ids, each once: of a text, or of an array of texts. */
function usersOf(value: Json | undefined): string[] {
  const ids = [value ?? []].flat().filter((id) => typeof id === 'string' || typeof id === 'number');
  return [...new Set(ids.map(String))];
}

function chosen(
  { flow, state, staff }: Sight,
  activity: PlannedActivity,
  candidates: readonly string[],
  by: 'round-robin' | 'least-busy',
): MaybePromise<string> {
  const place = `${flow.definition.flow}/${activity.id}`;
  // A host that knows of no other instance goes by lot: the same for the same instance.
  const turn = staff ? staff.turn(place) : lot(`${state.instance}/${state.nextToken}`);
  return chain(turn, (at) => {
    const inTurn = [...candidates.slice(at % candidates.length), ...candidates.slice(0, at % candidates.length)];
    if (by === 'round-robin' || !staff) return inTurn[0]!;
    return chain(staff.load(), (load) => inTurn.reduce((a, b) => ((load[b] ?? 0) < (load[a] ?? 0) ? b : a)));
  });
}

function lot(text: string): number {
  let sum = 7;
  for (const letter of text) sum = (sum * 31 + letter.codePointAt(0)!) >>> 0;
  return sum;
}
