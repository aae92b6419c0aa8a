// `while`, `until` and `forEach`. The loop's run stays where it is and owns one run per round or item, each with a token
// and so an idempotency key of its own. A parallel forEach keeps a window of items in progress instead of one region
// per item: ten thousand items cost ten thousand short steps, not a state of ten thousand parts.
import type { PlannedActivity } from '../compiler/index.js';
import { FlowError, type Json, type LoopDefinition } from '../model/index.js';
import { writeIn } from './atomic.js';
import { terminateRun } from './termination.js';
import { note, updateRun, type StepDraft } from './step-draft.js';
import type { LoopState, Prepared, Run, Settled } from './state.js';

/** Rounds a `while` or `until` may take, and items a `forEach`, when the definition sets no `max`. */
export const DEFAULT_MAX_ROUNDS = 10_000;
export const DEFAULT_MAX_ITEMS = 100_000;
const DEFAULT_CONCURRENCY = 32;
const CHUNK = 64;

export function beginLoop(step: StepDraft, run: Run, activity: PlannedActivity, prepared: Prepared): void {
  const loop = activity.loop!;
  const owner = updateRun(step, run.token, {
    phase: 'body',
    loop: { done: 0, started: 0, ...(prepared.items ? { items: prepared.items, total: prepared.items.length } : {}) },
  });
  if (loop.kind === 'forEach') {
    const excess = excessOf(loop, owner.loop!.total!);
    if (excess !== undefined) return tooMany(step, owner, excess);
    if (owner.loop!.total === 0) return endLoop(step, owner, activity);
    const window = loop.sequential ? 1 : Math.min(loop.concurrency ?? DEFAULT_CONCURRENCY, owner.loop!.total!);
    for (let i = 0; i < window; i++) nextItem(step, owner.token, activity);
  } else if (loop.kind === 'while' && prepared.proceed === false) {
    endLoop(step, owner, activity);
  } else {
    nextRound(step, owner.token, activity);
  }
}

/** This item ends the loop: the others are not needed. Told before its own end, which is what became of the activity. */
export function withdrawOthers(step: StepDraft, round: Run, activity: PlannedActivity, settled: Settled): void {
  if (activity.loop!.kind !== 'forEach' || settled.loop !== true) return;
  for (const other of Object.values(step.state.runs))
    if (other.owner === round.owner && other.token !== round.token) terminateRun(step, other);
}

export function roundCompleted(
  step: StepDraft,
  round: Run,
  activity: PlannedActivity,
  settled: Settled,
  output: Json | undefined,
): void {
  const loop = activity.loop!;
  const owner = step.state.runs[round.owner!];
  if (!owner?.loop) return;
  const done = owner.loop.done + 1;
  if (loop.kind !== 'forEach') {
    const again = loop.kind === 'while' ? settled.loop === true : settled.loop !== true;
    const max = loop.max ?? DEFAULT_MAX_ROUNDS;
    const next = updateRun(step, owner.token, { loop: { ...owner.loop, done } });
    if (!again) endLoop(step, next, activity);
    else if (done >= max) tooMany(step, next, `is not over after ${max} rounds`);
    else nextRound(step, owner.token, activity);
    return;
  }
  const index = round.locals!['index'] as number;
  const results =
    loop.collect === undefined && !activity.definition.votes
      ? owner.loop.results
      : store(owner.loop.results ?? [], index, (activity.definition.votes ? settled.output : output) ?? null);
  const next = updateRun(step, owner.token, { loop: { ...owner.loop, done, ...(results ? { results } : {}) } });
  if (settled.loop === true) {
    endLoop(step, next, activity);
  } else if (done === next.loop!.total) {
    endLoop(step, next, activity);
  } else if (next.loop!.started < next.loop!.total!) {
    nextItem(step, owner.token, activity);
  }
}

function nextRound(step: StepDraft, token: string, activity: PlannedActivity): void {
  const owner = step.state.runs[token]!;
  const started = owner.loop!.started + 1;
  updateRun(step, token, { loop: { ...owner.loop!, started } });
  step.agenda.push({
    do: 'activate',
    activity,
    scope: owner.scope,
    how: { owner: token, locals: { index: started - 1 } },
  });
}

function nextItem(step: StepDraft, token: string, activity: PlannedActivity): void {
  const owner = step.state.runs[token]!;
  const { started, items } = owner.loop!;
  const loop = activity.loop!;
  const name = (loop.kind === 'forEach' ? loop.item : undefined) ?? 'item';
  updateRun(step, token, { loop: { ...owner.loop!, started: started + 1 } });
  const locals = { [name]: items![started]!, index: started };
  step.agenda.push({ do: 'activate', activity, scope: owner.scope, how: { owner: token, locals } });
}

function endLoop(step: StepDraft, owner: Run, activity: PlannedActivity): void {
  const loop = activity.loop!;
  if (owner.loop!.started === 0) {
    note(step, { activity: activity.id, state: 'completed', token: owner.token, scope: owner.scope });
  }
  if (loop.kind === 'forEach' && loop.collect !== undefined) {
    writeIn(step, owner.scope, { [loop.collect]: collected(owner.loop!) });
  }
  step.agenda.push({ do: 'settle', token: owner.token });
}

/** What is wrong with so many items, if anything is. */
function excessOf({ max = DEFAULT_MAX_ITEMS }: LoopDefinition, items: number): string | undefined {
  return items > max ? `has ${items} items; at most ${max} are allowed` : undefined;
}

/** The items of a loop that is to be repeated so often. Throws FlowError `LoopLimit` before they take up any room. */
export function itemsUpTo(times: number, activity: PlannedActivity): readonly number[] {
  const length = Math.max(0, Math.floor(times));
  const excess = excessOf(activity.loop!, length);
  if (excess !== undefined)
    throw new FlowError('LoopLimit', limitMessage(activity.id, excess), { activity: activity.id });
  return Array.from({ length }, (_, i) => i);
}

function tooMany(step: StepDraft, owner: Run, what: string): void {
  const failure = {
    code: 'LoopLimit',
    message: limitMessage(owner.activity, what),
    activity: owner.activity,
    retryable: false,
  };
  step.agenda.push({ do: 'fail', token: owner.token, failure });
}

function limitMessage(activity: string, what: string): string {
  return `The loop of "${activity}" ${what}. Check its condition, or raise "max".`;
}

function store(results: readonly (readonly Json[])[], index: number, value: Json): readonly (readonly Json[])[] {
  const chunk = Math.floor(index / CHUNK);
  const copy = results.slice();
  while (copy.length <= chunk) copy.push([]);
  const part = copy[chunk]!.slice();
  part[index % CHUNK] = value;
  copy[chunk] = part;
  return copy;
}

/** Outputs in item order; items that a completion condition made unnecessary are left out. */
function collected(loop: LoopState): Json[] {
  return (loop.results ?? []).flat().filter((value) => value !== undefined);
}
