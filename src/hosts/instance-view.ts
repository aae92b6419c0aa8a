// What people see of an instance, folded from its state and its changes. Hosts keep the fold beside the state, because
// the state forgets what is over.
import type { CompiledFlow } from '../compiler/index.js';
import { doersOf, type ActivityChange, type FlowState, type Run, type StepRecord } from '../engine/index.js';
import type { ActivityView, InstanceView, StartOptions, TaskView, User, WaitView } from './host.js';

/** Newest state per activity. */
export type ActivityFold = Readonly<Record<string, ActivityView>>;

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

export function viewOf(flow: CompiledFlow, state: FlowState, header: InstanceHeader, fold: ActivityFold): InstanceView {
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
    activities: { ...fold },
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

export function tasksOf(flow: CompiledFlow, state: FlowState): readonly TaskView[] {
  return Object.values(state.runs)
    .filter((run) => run.phase === 'task')
    .map((run) => taskOf(flow, state, run));
}

function taskOf(flow: CompiledFlow, state: FlowState, run: Run): TaskView {
  const activity = flow.plan.activities[run.activity]!;
  const { definition } = activity;
  const onlyUser = definition.sameAs === undefined ? undefined : state.doers[definition.sameAs];
  return {
    id: `${state.instance}/${run.token}`,
    instance: state.instance,
    token: run.token,
    flow: flow.definition.flow,
    flowTitle: flow.definition.title ?? flow.definition.flow,
    activity: activity.id,
    name: activity.name,
    data: run.input ?? {},
    createdAt: run.task?.createdAt ?? 0,
    excludedUsers: (definition.excludes ?? []).flatMap((id) => doersOf(state, id)),
    ...(definition.form === undefined ? {} : { form: definition.form }),
    ...(run.task?.role === undefined ? {} : { role: run.task.role }),
    ...(run.task?.candidates === undefined ? {} : { candidates: run.task.candidates }),
    ...(run.task?.delegated === undefined ? {} : { delegatedBy: run.task.delegated.by }),
    ...(run.task?.remindAt === undefined ? {} : { remindAt: run.task.remindAt }),
    ...(definition.outcomes === undefined ? {} : { outcomes: definition.outcomes }),
    ...(definition.skippable && !definition.votes ? { skippable: true } : {}),
    ...(run.task?.claimedBy === undefined ? {} : { claimedBy: run.task.claimedBy }),
    ...(run.task?.dueAt === undefined ? {} : { dueAt: run.task.dueAt }),
    ...(run.task?.priority === undefined ? {} : { priority: run.task.priority }),
    ...(onlyUser === undefined ? {} : { onlyUser }),
  };
}

function waitsOf(state: FlowState): readonly WaitView[] {
  return Object.values(state.runs).flatMap((run) => [
    ...Object.values(run.timers ?? {}).map((at) => ({
      activity: run.activity,
      token: run.token,
      kind: 'timer' as const,
      at,
    })),
    ...(run.phase === 'effect' && run.unavailable
      ? [
          {
            activity: run.activity,
            token: run.token,
            kind: 'implementation' as const,
            name: run.unavailable.implementation,
            why: run.unavailable.message,
          },
        ]
      : []),
    ...Object.values(run.subscriptions ?? {}).map(({ name, key }) => ({
      activity: run.activity,
      token: run.token,
      kind: 'message' as const,
      name,
      ...(key === undefined ? {} : { key }),
    })),
  ]);
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
