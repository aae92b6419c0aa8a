// Evaluates the expressions of a run before a step is taken, over the pool as it is at that moment, so that the step
// itself is pure and its event carries every result. Hosts call this inside the instance's own queue: what two parallel
// activities write is therefore always evaluated against the newest pool, and nothing is invoked again for it.
import { evaluateCondition } from '../expressions/index.js';
import { FlowError, type Json, type JsonObject } from '../model/index.js';
import type { PlannedActivity, PlannedBoundary, PlannedConnector } from '../compiler/index.js';
import { checkVariables } from './check-values.js';
import { chain, inOrder, type MaybePromise } from './maybe-promise.js';
import { itemsUpTo } from './loops.js';
import { eventOf, roleOf } from './needs.js';
import { resolveAssignment } from './assignment.js';
import { instant, keyOf, prepareBoundaries } from './resolve-events.js';
import { evaluate, evaluateAll, type Bindings, type Sight } from './sight.js';
import type { Prepared, Recurrence, Run, Settled, Subscription } from './state.js';
import { countVotes, resolveVote } from './votes.js';

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

/** The expressions of an activity that is about to start. */
export function resolvePreparation(sight: Sight, activity: PlannedActivity, run: Run): MaybePromise<Prepared> {
  const role = roleOf(activity, run);
  const prepared: Mutable<Prepared> = {};
  const timers: Record<string, number> = {};
  const subscriptions: Record<string, Subscription> = {};
  const cycles: Record<string, Recurrence> = {};
  const tasks: (() => MaybePromise<void>)[] = [];
  const events = role === 'listener' ? activity.triggers : activity.boundaries;
  if (role !== 'round') tasks.push(() => prepareBoundaries(sight, activity, events, timers, subscriptions, cycles));
  if (role === 'owner') tasks.push(() => prepareLoop(sight, activity, prepared));
  else if (role !== 'listener') tasks.push(() => prepareWork(sight, activity, run, prepared, timers, subscriptions));
  return chain(
    inOrder(tasks, (task) => task()),
    () => {
      if (Object.keys(timers).length > 0) prepared.timers = timers;
      if (Object.keys(subscriptions).length > 0) prepared.subscriptions = subscriptions;
      if (Object.keys(cycles).length > 0) prepared.cycles = cycles;
      return prepared;
    },
  );
}

function prepareLoop(sight: Sight, activity: PlannedActivity, prepared: Mutable<Prepared>): MaybePromise<void> {
  const loop = activity.loop!;
  if (loop.kind === 'while') {
    const variables = { ...sight.variables, index: 0 };
    return chain(condition(sight, activity.id, loop.condition, variables), (live) => void (prepared.proceed = live));
  }
  if (loop.kind !== 'forEach') return;
  return chain(evaluate(sight, activity.id, loop.items, sight.variables), (items) => {
    if (typeof items === 'number') prepared.items = itemsUpTo(items, activity);
    else prepared.items = items === undefined || items === null ? [] : Array.isArray(items) ? items : [items as Json];
  });
}

function prepareWork(
  sight: Sight,
  activity: PlannedActivity,
  run: Run,
  prepared: Mutable<Prepared>,
  timers: Record<string, number>,
  subscriptions: Record<string, Subscription>,
): MaybePromise<void> {
  const d = activity.definition;
  // A compensation sees what the activity that it undoes had given.
  const bindings: Bindings = run.undoes ? { output: run.undoes.output ?? null } : {};
  return chain(evaluateAll(sight, activity.id, d.input, sight.variables, bindings), (input) => {
    if (d.input) prepared.input = input;
    const seen = { ...sight.variables, ...input };
    const { implementation } = d;
    return inOrder<() => MaybePromise<void>>(
      [
        () =>
          implementation?.arguments &&
          chain(
            evaluateAll(sight, activity.id, implementation.arguments, seen, bindings),
            (args) => void (prepared.arguments = args),
          ),
        () =>
          implementation?.select === undefined
            ? undefined
            : chain(
                evaluate(sight, activity.id, implementation.select, seen),
                (ref) => void (prepared.ref = refOf(ref, activity.id, implementation.select!)),
              ),
        () =>
          activity.type === 'wait' && (d.after ?? d.until) !== undefined
            ? chain(instant(sight, activity.id, d, seen), (at) => void (timers[''] = at))
            : undefined,
        () => (d.message ? prepareMessage(sight, activity, seen, prepared, subscriptions) : undefined),
        () =>
          d.due === undefined
            ? undefined
            : chain(instant(sight, activity.id, { after: d.due }, seen), (at) => void (prepared.dueAt = at)),
        () => resolveAssignment(sight, activity, run, seen, prepared),
      ] as (() => MaybePromise<void>)[],
      (task) => task(),
    );
  });
}

function refOf(selected: Json | undefined, activity: string, source: string): string {
  if (typeof selected === 'string' && selected !== '') return selected;
  throw new FlowError(
    'FLOW-UNKNOWN-IMPLEMENTATION',
    `"${source}" is to select the implementation of "${activity}", and gave ${JSON.stringify(selected) ?? 'nothing'}. Let it give a name.`,
    { activity, expression: source },
  );
}

function prepareMessage(
  sight: Sight,
  activity: PlannedActivity,
  seen: JsonObject,
  prepared: Mutable<Prepared>,
  subscriptions: Record<string, Subscription>,
): MaybePromise<void> {
  const message = activity.definition.message!;
  return chain(keyOf(sight, activity.id, message.key, seen), (key) => {
    const subscription = {
      name: message.name,
      ...(key === undefined ? {} : { key }),
      ...(message.broadcast ? { broadcast: true } : {}),
    };
    if (activity.type === 'receive') {
      subscriptions[''] = subscription;
      return;
    }
    if (activity.type !== 'send') return;
    const data =
      message.data === undefined
        ? (prepared.input as Json | undefined)
        : evaluate(sight, activity.id, message.data, seen);
    return chain(
      data,
      (value) => void (prepared.arguments = { ...subscription, ...(value === undefined ? {} : { data: value }) }),
    );
  });
}

/** What is to be assigned; it fits the variables' schemas. */
function assignments(
  sight: Sight,
  place: string,
  record: Readonly<Record<string, string>> | undefined,
  input: JsonObject,
  bindings: Bindings,
): MaybePromise<JsonObject> {
  return chain(evaluateAll(sight, place, record, input, bindings), (writes) =>
    chain(checkVariables(sight.flow, writes, `assigned by "${place}"`, place), () => writes),
  );
}

/** What a forEach has collected is in the pool already. */
function checkCollected(sight: Sight, { id, loop }: PlannedActivity): MaybePromise<void> {
  const name = loop?.kind === 'forEach' ? loop.collect : undefined;
  const value = name === undefined ? undefined : sight.variables[name];
  if (name !== undefined && value !== undefined)
    return checkVariables(sight.flow, { [name]: value }, `collected by "${id}"`, id);
}

/** Assignments and conditions of an activity that has done its work. */
export function resolveSettlement(
  sight: Sight,
  activity: PlannedActivity,
  run: Run,
  result: Json | undefined,
): MaybePromise<Settled> {
  const d = activity.definition;
  const role = roleOf(activity, run);
  if (role === 'end') return {};
  if (d.votes) return role === 'owner' ? settleVotes(sight, activity, run) : resolveVote(sight, activity, run, result);
  if (role === 'owner')
    return chain(checkCollected(sight, activity), () =>
      chain(liveOf(sight, activity.outgoing, sight.variables, {}), (live) => ({ live })),
    );
  const input = { ...sight.variables, ...run.input };
  const mapped =
    d.implementation?.result === undefined
      ? result
      : evaluate(sight, activity.id, d.implementation.result, input, { result: result ?? null });
  return chain(mapped, (output) =>
    // Assignments read the pool, not the input data object: `n` is the variable, whatever the activity was given as `n`.
    chain(assignments(sight, activity.id, d.output, sight.variables, { output: output ?? null }), (writes) => {
      const after = { ...sight.variables, ...writes };
      const settled: Mutable<Settled> = Object.keys(writes).length > 0 ? { writes } : {};
      if (activity.compensation !== undefined && d.implementation?.result !== undefined && output !== undefined)
        settled.output = output;
      if (role === 'plain') {
        return chain(liveOf(sight, activity.outgoing, after, { output: output ?? null }), (live) => {
          if (live.length > 0) settled.live = live;
          return settled;
        });
      }
      return chain(roundCondition(sight, activity, run, after), (loop) => {
        if (loop !== undefined) settled.loop = loop;
        return settled;
      });
    }),
  );
}

/** All votes are in, or decide it: assignments and conditions see the outcome and the votes. */
function settleVotes(sight: Sight, activity: PlannedActivity, run: Run): MaybePromise<Settled> {
  const output = countVotes(activity, run);
  return chain(assignments(sight, activity.id, activity.definition.output, sight.variables, { output }), (writes) =>
    chain(liveOf(sight, activity.outgoing, { ...sight.variables, ...writes }, { output }), (live) => ({
      writes,
      live,
    })),
  );
}

function roundCondition(
  sight: Sight,
  activity: PlannedActivity,
  run: Run,
  after: JsonObject,
): MaybePromise<boolean | undefined> {
  const loop = activity.loop!;
  const index = run.locals!['index'] as number;
  if (loop.kind === 'while') return condition(sight, activity.id, loop.condition, { ...after, index: index + 1 });
  if (loop.kind !== 'forEach') return condition(sight, activity.id, loop.condition, { ...after, index });
  if (loop.completion === undefined) return undefined;
  const progress = sight.state.runs[run.owner!]?.loop;
  const counted = { done: (progress?.done ?? 0) + 1, total: progress?.total ?? 0 };
  return condition(sight, activity.id, loop.completion, { ...after, ...counted });
}

/** Assignments and conditions of a boundary event; `$event` is what came with it. */
export function resolveBoundary(
  sight: Sight,
  activity: string,
  boundary: PlannedBoundary,
  data: Json | undefined,
): MaybePromise<Settled> {
  const place = `${activity}.${boundary.definition.id}`;
  const bindings = { event: data ?? null };
  return chain(assignments(sight, place, boundary.definition.output, sight.variables, bindings), (writes) =>
    chain(liveOf(sight, (boundary.head ?? boundary).outgoing, { ...sight.variables, ...writes }, bindings), (live) => ({
      ...(Object.keys(writes).length > 0 ? { writes } : {}),
      ...(live.length > 0 ? { live } : {}),
    })),
  );
}

/** Whether a watched condition holds. One that cannot be evaluated does not, and a warning says so. */
export function resolveCondition(sight: Sight, activity: PlannedActivity, run: Run, id: string): MaybePromise<boolean> {
  const event = eventOf(activity, run, id);
  const watched = event?.definition.event === 'condition' ? event.definition.condition : activity.definition.when;
  const place = id === '' ? activity.id : `${activity.id}.${id}`;
  const unmet = (error: unknown): boolean => {
    sight.warnings.push(error instanceof Error ? error.message : String(error));
    return false;
  };
  try {
    const met = condition(sight, place, watched ?? 'false', { ...sight.variables, ...run.input });
    return met instanceof Promise ? met.catch(unmet) : met;
  } catch (error) {
    return unmet(error);
  }
}

function liveOf(
  sight: Sight,
  outgoing: readonly PlannedConnector[],
  variables: JsonObject,
  bindings: Bindings,
): MaybePromise<string[]> {
  const live: string[] = [];
  return chain(
    inOrder(outgoing, (c) =>
      c.condition === undefined
        ? undefined
        : chain(condition(sight, c.id, c.condition, variables, bindings), (isLive) => {
            if (isLive) live.push(c.id);
          }),
    ),
    () => live,
  );
}

function condition(
  sight: Sight,
  place: string,
  source: string,
  variables: JsonObject,
  bindings: Bindings = {},
): MaybePromise<boolean> {
  const { flow, untrusted: isolated = false } = sight.flow.definition;
  return chain(evaluateCondition(source, variables, { bindings, now: sight.now, place, flow, isolated }), (result) => {
    if (result.warning !== undefined) sight.warnings.push(`${place}: ${result.warning}`);
    return result.live;
  });
}
