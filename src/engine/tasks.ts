// The task of a user activity: made, taken, given back, handed on, and who did it.
import type { PlannedActivity } from '../compiler/index.js';
import { parseDuration } from '../model/index.js';
import type { FlowState, InstanceMessage, Prepared, Run, TaskState } from './state.js';

/** In `FlowState.doers`: who has started the instance. */
export const STARTER = '$starter';

type Handing = Extract<InstanceMessage, { type: 'claim' | 'release' | 'delegate' }>;

export function taskOf({ definition }: PlannedActivity, prepared: Prepared, now: number): TaskState {
  const { role, priority, remind } = definition;
  const { candidates, assignee, dueAt } = prepared;
  const before = [remind ?? []].flat().map((duration) => parseDuration(duration) ?? 0);
  return {
    createdAt: now,
    ...(role === undefined ? {} : { role }),
    ...(candidates === undefined ? {} : { candidates }),
    ...(assignee === undefined ? {} : { claimedBy: assignee }),
    ...(priority === undefined ? {} : { priority }),
    ...(dueAt === undefined ? {} : { dueAt }),
    ...(dueAt === undefined || before.length === 0
      ? {}
      : { remindAt: before.map((span) => dueAt - span).sort((a, b) => a - b) }),
  };
}

export function handed(task: TaskState, event: Handing): TaskState {
  const { claimedBy: _, delegated, role, candidates, ...rest } = task;
  const whose = { ...(role === undefined ? {} : { role }), ...(candidates === undefined ? {} : { candidates }) };
  switch (event.type) {
    case 'claim':
      return { ...task, claimedBy: event.user };
    case 'release': {
      if (!delegated) return { ...rest, ...whose };
      // Back to those for whom it was.
      const { by: __, ...before } = delegated;
      return { ...rest, ...before };
    }
    case 'delegate':
      return {
        ...rest,
        candidates: [event.to],
        claimedBy: event.to,
        delegated: { ...(delegated ?? whose), by: event.user },
      };
  }
}

/** In a loop there is one for every round, besides the latest. */
export function withDoer(
  doers: FlowState['doers'],
  { activity, owner, locals }: Run,
  doer: string,
): FlowState['doers'] {
  const round = owner === undefined ? {} : { [`${activity}#${locals?.['index']}`]: doer };
  return { ...doers, [activity]: doer, ...round };
}

/** Everybody who did the activity. */
export function doersOf({ doers }: Pick<FlowState, 'doers'>, activity: string): readonly string[] {
  const rounds = Object.keys(doers).filter((key) => key.startsWith(`${activity}#`));
  return [...new Set((rounds.length > 0 ? rounds : [activity]).map((key) => doers[key]))].filter(
    (u) => u !== undefined,
  );
}
