// Moving an instance to another definition. Everything that stands for a position (runs, tokens at joins, what could still be
// undone) must have its place there; what has none is told, all of it, and then nothing is moved. Pure: a dry run is the same
// computation without the commit.
import type { CompiledFlow, Plan, PlannedActivity } from '../../compiler/index.js';
import {
  checkVariables,
  type Compensable,
  type FlowState,
  type Intervention,
  type Run,
  type StepRecord,
} from '../../engine/index.js';
import { FlowError, type Json, type JsonObject } from '../../model/index.js';
import { isOver, type ActivityFold } from '../instance-view.js';
import { outOfOrder, starved } from './misplaced-tokens.js';

export interface MigrationOptions extends Intervention {
  /** Activities that have another id in the new definition: old → new. */
  readonly activities?: Readonly<Record<string, string>>;
}

export interface MigrationPlan {
  readonly instance: string;
  /** Content hashes of the definitions. */
  readonly from: string;
  readonly to: string;
  readonly isPossible: boolean;
  /** Where everything under way goes. */
  readonly moves: readonly Move[];
  /** Why it is not possible; empty when it is. */
  readonly refused: readonly Refusal[];
  /** What is possible, and still worth knowing. */
  readonly notes: readonly string[];
}

export interface Move {
  readonly token: string;
  readonly from: string;
  readonly to: string;
  /** What the run waits for. */
  readonly phase: Run['phase'];
}

export interface Refusal {
  readonly code:
    | 'MIGRATE-OVER'
    | 'MIGRATE-OTHER'
    | 'MIGRATE-ACTIVITY'
    | 'MIGRATE-PLACE'
    | 'MIGRATE-CONNECTOR'
    | 'MIGRATE-JOIN'
    | 'MIGRATE-ORDER'
    | 'MIGRATE-UNDO'
    | 'MIGRATE-VALUE';
  /** The activity, connector or variable it is about. */
  readonly element: string;
  readonly message: string;
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

/** The plan, and the state that it leads to when it is possible. */
export async function planMigration(
  from: CompiledFlow,
  to: CompiledFlow,
  state: FlowState,
  { activities = {} }: MigrationOptions = {},
): Promise<{ readonly plan: MigrationPlan; readonly state?: FlowState }> {
  const refused: Refusal[] = [];
  const notes: string[] = [];
  const moves: Move[] = [];
  const refuse = (code: Refusal['code'], element: string, message: string): void =>
    void refused.push({ code, element, message });
  const renamed = (id: string): string => activities[id] ?? id;

  const { flow, kind } = from.definition;
  if (isOver(state)) refuse('MIGRATE-OVER', flow, `The instance is ${state.status}.`);
  if (to.hash === from.hash) refuse('MIGRATE-OTHER', flow, 'The instance has this definition already.');
  if (to.definition.flow !== flow || to.definition.kind !== kind)
    refuse(
      'MIGRATE-OTHER',
      flow,
      `The new definition is the ${to.definition.kind} "${to.definition.flow}", not the ${kind} "${flow}".`,
    );
  if (Object.keys(state.undos).length > 0 || state.participants.length > 0)
    refuse('MIGRATE-UNDO', flow, 'A compensation or a transaction is under way. Wait for its end.');

  const runs: Record<string, Run> = {};
  for (const run of Object.values(state.runs)) {
    const target = to.plan.activities[renamed(run.activity)];
    if (!target) {
      refuse(
        'MIGRATE-ACTIVITY',
        run.activity,
        `"${run.activity}" is under way and does not exist in the new definition. Name its new id in "activities", or finish it first.`,
      );
      continue;
    }
    const fault = misfit(from.plan.activities[run.activity]!, target, run, state, renamed);
    if (fault) refuse('MIGRATE-PLACE', run.activity, fault);
    moves.push({ token: run.token, from: run.activity, to: target.id, phase: run.phase });
    runs[run.token] = rehung(run, target, notes);
  }
  const arrivals = rekeyed(state.arrivals, from, to, renamed, (connector) =>
    refuse(
      'MIGRATE-CONNECTOR',
      connector,
      `A token waits at a join on connector "${connector}", which does not lead there in the new definition.`,
    ),
  );
  const stragglers = rekeyed(state.stragglers, from, to, renamed, () => {});
  const compensable = state.compensable.map((done) =>
    undoable(done, to.plan, renamed, (activity) =>
      refuse(
        'MIGRATE-UNDO',
        activity,
        `"${activity}" has completed and could no longer be undone: it has no compensation in the new definition.`,
      ),
    ),
  );
  if (refused.length === 0) {
    for (const { join, connector } of starved(to.plan, runs, arrivals))
      refuse(
        'MIGRATE-JOIN',
        join,
        `The join at "${join}" would wait for connector "${connector}" for ever: no token is on its way there.`,
      );
  }
  if (refused.length === 0) {
    for (const { first, second } of outOfOrder(to.plan, runs, arrivals, { plan: from.plan, runs: state.runs }))
      refuse(
        'MIGRATE-ORDER',
        second,
        `"${first}" is under way and leads to "${second}", which has a token already. Wait until one of them is done.`,
      );
  }
  const added = newVariables(to, state.pool);
  try {
    await checkVariables(to, state.pool, 'of the instance');
  } catch (error) {
    const { details, message } = error as FlowError;
    refuse('MIGRATE-VALUE', String((details as JsonObject | undefined)?.['name'] ?? ''), message);
  }
  const plan: MigrationPlan = {
    instance: state.instance,
    from: from.hash,
    to: to.hash,
    isPossible: refused.length === 0,
    moves,
    refused,
    notes,
  };
  if (!plan.isPossible) return { plan };
  const moved: Mutable<FlowState> = {
    ...state,
    v: state.v + 1,
    pool: { ...added, ...state.pool },
    runs,
    arrivals,
    stragglers,
    compensable,
    doers: Object.fromEntries(Object.entries(state.doers).map(([id, user]) => [renamed(id), user])),
    effects: [],
    changes: [],
  };
  return { plan, state: moved };
}

/** What is journalled of it. */
export function migrationRecord(
  { from, to }: Pick<MigrationPlan, 'from' | 'to'>,
  before: FlowState,
  state: FlowState,
  { by, reason }: Intervention,
  now: number,
): StepRecord {
  const added = Object.entries(state.pool).filter(([name]) => !Object.hasOwn(before.pool, name));
  return {
    event: {
      type: 'migrated',
      from,
      to,
      state,
      now,
      ...(by === undefined ? {} : { by }),
      ...(reason === undefined ? {} : { reason }),
    },
    changes: [],
    ...(added.length > 0 ? { writes: Object.fromEntries(added) } : {}),
  };
}

/** Newest state per activity under its new id; of activities that are gone there is nothing to show. */
export function migratedFold(fold: ActivityFold, { plan }: CompiledFlow, options: MigrationOptions): ActivityFold {
  const renamed = Object.entries(fold).map(([id, view]) => {
    const [activity = '', ...event] = id.split('.');
    return [[options.activities?.[activity] ?? activity, ...event].join('.'), view] as const;
  });
  return Object.fromEntries(renamed.filter(([id]) => plan.activities[id.split('.')[0]!]));
}

/** Throws FlowError `FLOW-MIGRATION` with every reason when the plan is not possible. */
export function demandPossible({ isPossible, instance, refused }: MigrationPlan): void {
  if (isPossible) return;
  const reasons = refused.map(({ code, message }) => `\n  ${code} ${message}`).join('');
  throw new FlowError(
    'FLOW-MIGRATION',
    `The instance cannot be moved to this definition:${reasons}`,
    { instance },
    {
      details: refused as unknown as Json,
    },
  );
}

/** Why the run could not go on as this activity. */
function misfit(
  before: PlannedActivity,
  target: PlannedActivity,
  run: Run,
  state: FlowState,
  renamed: (id: string) => string,
): string | undefined {
  const is = `"${before.id}"${target.id === before.id ? '' : ` as "${target.id}"`}`;
  if (before.type !== target.type)
    return `${is} is a ${before.type} activity and would become a ${target.type} activity.`;
  if (before.loop?.kind !== target.loop?.kind) return `${is} is under way in a loop of another kind.`;
  if (Boolean(before.atomic) !== Boolean(target.atomic))
    return `${is} is under way and would begin or cease to be atomic.`;
  const owner = run.scope === '' ? '' : renamed(state.runs[run.scope]?.activity ?? '');
  if (target.body !== owner)
    return `${is} is inside ${owner ? `"${owner}"` : 'the flow itself'} and would be inside ${target.body ? `"${target.body}"` : 'the flow itself'}.`;
  if (run.listener && target.triggers.length === 0) return `${is} is no event subflow any more.`;
  if (run.phase === 'mutex' && before.definition.mutex !== target.definition.mutex)
    return `${is} waits for its turn under another mutex.`;
  if (run.phase === 'prepare' || run.phase === 'settle' || run.phase === 'raise')
    return `${is} is in the middle of a step. Try again in a moment.`;
  return undefined;
}

/** The run as the new activity: what it waits for on behalf of boundary events that are gone is withdrawn. */
function rehung(run: Run, target: PlannedActivity, notes: string[]): Run {
  const known = new Set(['', 'timeout', 'backoff', ...target.boundaries.map(({ definition }) => definition.id)]);
  for (const { definition } of target.triggers) known.add(definition.id);
  const kept = <T>(all: Readonly<Record<string, T>> | undefined): Record<string, T> | undefined =>
    all && Object.fromEntries(Object.entries(all).filter(([id]) => known.has(id)));
  const waits = { ...run.timers, ...run.subscriptions, ...run.conditions };
  for (const id of Object.keys(waits)) {
    if (!known.has(id)) notes.push(`"${target.id}" no longer waits for its boundary event "${id}".`);
  }
  for (const { definition } of target.boundaries) {
    const { id, event } = definition;
    if (['timer', 'message', 'condition'].includes(event) && !(id in waits) && run.phase !== 'incident')
      notes.push(`"${target.id}" has begun already and will not wait for its boundary event "${id}".`);
  }
  const [timers, subscriptions, conditions] = [kept(run.timers), kept(run.subscriptions), kept(run.conditions)];
  return {
    ...run,
    activity: target.id,
    ...(timers && { timers }),
    ...(subscriptions && { subscriptions }),
    ...(conditions && { conditions }),
  };
}

/** `scope|connector` → count, where the connector leads to the same join. */
function rekeyed(
  counts: Readonly<Record<string, number>>,
  from: CompiledFlow,
  to: CompiledFlow,
  renamed: (id: string) => string,
  lost: (connector: string) => void,
): Record<string, number> {
  const kept: Record<string, number> = {};
  for (const [key, count] of Object.entries(counts)) {
    const connector = key.slice(key.indexOf('|') + 1);
    const target = targetOf(from.plan, connector);
    if (target !== undefined && targetOf(to.plan, connector) === renamed(target)) kept[key] = count;
    else lost(connector);
  }
  return kept;
}

function targetOf(plan: Plan, connector: string): string | undefined {
  return Object.values(plan.activities).find((a) => a.incoming.some((c) => c.id === connector))?.id;
}

function undoable(
  done: Compensable,
  plan: Plan,
  renamed: (id: string) => string,
  lost: (id: string) => void,
): Compensable {
  const activity = renamed(done.activity);
  const target = plan.activities[activity];
  if (!target || (!target.compensation && !done.inside)) lost(done.activity);
  return {
    ...done,
    activity,
    ...(done.inside ? { inside: done.inside.map((inner) => undoable(inner, plan, renamed, lost)) } : {}),
  };
}

function newVariables({ definition }: CompiledFlow, pool: JsonObject): JsonObject {
  const added = Object.entries(definition.variables ?? {}).filter(
    ([name, { initial }]) => initial !== undefined && !Object.hasOwn(pool, name),
  );
  return Object.fromEntries(added.map(([name, { initial }]) => [name, initial!]));
}
