// What people see of an instance, folded from its state and its changes. Hosts keep the fold beside the state, because
// the state forgets what is over.
import type { CompiledFlow } from '../compiler/index.js';
import { doersOf, type ActivityChange, type FlowState, type Run, type StepRecord } from '../engine/index.js';
import type { ActivityView, InstanceView, StartOptions, TaskView, User, WaitView } from './host.js';

/** Newest state per activity. */
export type ActivityFold = Readonly<Record<string, ActivityView>>;

/** What people see of a run. */
export type ViewedRun = Pick<
  Run,
  'token' | 'activity' | 'phase' | 'input' | 'timers' | 'subscriptions' | 'task' | 'unavailable'
>;

/** What people see of a state; a host may keep no more than that for its lists. */
export type ViewedState = Pick<FlowState, 'instance' | 'status' | 'v' | 'pool' | 'output' | 'failure' | 'doers'> & {
  readonly runs: Readonly<Record<string, ViewedRun>>;
};

/** What a host knows of an instance besides its state. */
export interface InstanceHeader {
  readonly id: string;
  readonly key?: string;
  readonly startedBy?: string;
  readonly parent?: StartOptions['parent'];
  /** How many calls lead to it; absent: none. */
  readonly depth?: number;
  readonly startedAt: number;
  readonly changedAt: number;
  readonly endedAt?: number;
}

/** Of an instance that begins. `depth` counts only with a caller. */
export function newHeader(
  id: string,
  now: number,
  { key, startedBy, parent }: StartOptions,
  depth: number,
): InstanceHeader {
  return {
    id,
    startedAt: now,
    changedAt: now,
    ...(key === undefined ? {} : { key }),
    ...(startedBy === undefined ? {} : { startedBy }),
    ...(parent === undefined ? {} : { parent, depth }),
  };
}

export function isOver(state: { readonly status: FlowState['status'] }): boolean {
  return state.status === 'completed' || state.status === 'cancelled';
}

/** Adds a step's changes in place, so that a long instance does not copy its history at every step. */
export function foldChanges(fold: Record<string, ActivityView>, records: readonly StepRecord[]): void {
  for (const { changes } of records) for (const change of changes) foldChange(fold, change);
}

function foldChange(fold: Record<string, ActivityView>, change: ActivityChange): void {
  const before = fold[change.activity];
  const completed = (before?.completed ?? 0) + (change.state === 'completed' ? 1 : 0);
  // In a loop, a path not taken this time does not undo that it was taken before.
  if (change.state === 'skipped' && completed > 0) return;
  const view: { -readonly [K in keyof ActivityView]: ActivityView[K] } = { state: change.state, completed };
  if (change.token !== undefined) view.token = change.token;
  if (change.attempt !== undefined) view.attempt = change.attempt;
  if (change.failure !== undefined) view.failure = change.failure;
  fold[change.activity] = view;
}

/** The view shares `fold`: whoever adds to it in place hands over a copy. */
export function viewOf(
  flow: CompiledFlow,
  state: ViewedState,
  header: InstanceHeader,
  fold: ActivityFold,
): InstanceView {
  const { definition } = flow;
  return {
    ...header,
    flow: definition.flow,
    title: definition.title ?? definition.flow,
    version: definition.version ?? '0.0.0',
    hash: flow.hash,
    kind: definition.kind,
    status: state.status,
    v: state.v,
    variables: state.pool,
    ...(state.output ? { output: state.output } : {}),
    ...(state.failure ? { failure: state.failure } : {}),
    activities: fold,
    tasks: tasksOf(flow, state),
    waits: waitsOf(state),
    progress: progressOf(flow, fold),
  };
}

/** Activities done or skipped, of all that people would count. */
function progressOf(flow: CompiledFlow, fold: ActivityFold): InstanceView['progress'] {
  let done = 0;
  let total = 0;
  for (const id of flow.plan.counted) {
    total++;
    const state = fold[id]?.state;
    if (state === 'completed' || state === 'skipped' || state === 'terminated') done++;
  }
  return { done, total };
}

// Lists have thousands of them: written so that little is made on the way.

export function tasksOf(flow: CompiledFlow, state: ViewedState): readonly TaskView[] {
  const tasks: TaskView[] = [];
  for (const token in state.runs) {
    const run = state.runs[token]!;
    if (run.phase === 'task') tasks.push(taskOf(flow, state, run));
  }
  return tasks;
}

function taskOf(flow: CompiledFlow, state: ViewedState, run: ViewedRun): TaskView {
  const activity = flow.plan.activities[run.activity]!;
  const { definition } = activity;
  const { form, outcomes, skippable, votes, excludes, sameAs } = definition;
  const { createdAt = 0, role, candidates, delegated, remindAt, claimedBy, dueAt, priority } = run.task ?? {};
  const onlyUser = sameAs === undefined ? undefined : state.doers[sameAs];
  const task: { -readonly [Field in keyof TaskView]: TaskView[Field] } = {
    id: `${state.instance}/${run.token}`,
    instance: state.instance,
    token: run.token,
    flow: flow.definition.flow,
    flowTitle: flow.definition.title ?? flow.definition.flow,
    activity: activity.id,
    name: activity.name,
    data: run.input ?? {},
    createdAt,
    excludedUsers: excludes ? excludes.flatMap((id) => doersOf(state, id)) : [],
  };
  if (form !== undefined) task.form = form;
  if (role !== undefined) task.role = role;
  if (candidates !== undefined) task.candidates = candidates;
  if (delegated !== undefined) task.delegatedBy = delegated.by;
  if (remindAt !== undefined) task.remindAt = remindAt;
  if (outcomes !== undefined) task.outcomes = outcomes;
  if (skippable && !votes) task.skippable = true;
  if (claimedBy !== undefined) task.claimedBy = claimedBy;
  if (dueAt !== undefined) task.dueAt = dueAt;
  if (priority !== undefined) task.priority = priority;
  if (onlyUser !== undefined) task.onlyUser = onlyUser;
  return task;
}

function waitsOf(state: ViewedState): readonly WaitView[] {
  const waits: WaitView[] = [];
  for (const key in state.runs) {
    const { activity, token, phase, timers, subscriptions, unavailable } = state.runs[key]!;
    for (const id in timers) waits.push({ activity, token, kind: 'timer', at: timers[id]! });
    if (phase === 'effect' && unavailable) {
      const { implementation: name, message: why } = unavailable;
      waits.push({ activity, token, kind: 'implementation', name, why });
    }
    for (const id in subscriptions) {
      const { name, key: about } = subscriptions[id]!;
      waits.push({ activity, token, kind: 'message', name, ...(about === undefined ? {} : { key: about }) });
    }
  }
  return waits;
}

/** Whether the user may see and do the task; without a user every task is visible. */
export function mayDo(task: TaskView, user: User): boolean {
  return (
    (task.role === undefined || user.roles.includes(task.role)) &&
    (task.candidates === undefined || task.candidates.includes(user.id)) &&
    !task.excludedUsers.includes(user.id) &&
    (task.onlyUser === undefined || task.onlyUser === user.id)
  );
}
