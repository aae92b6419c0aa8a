// A person's command on a task, checked and turned into the instance's message. Shared by all hosts.
import type { FlowState, InstanceMessage } from '../engine/index.js';
import type { CompiledFlow } from '../compiler/index.js';
import { FlowError } from '../model/index.js';
import type { HostCommand, TaskView, User } from './host.js';
import { mayDo, tasksOf } from './instance-view.js';

export type TaskCommand = Extract<HostCommand, { task: string }>;

/** Splits a task id `instance/token`. */
export function taskAddress(task: string): { readonly instance: string; readonly token: string } {
  const slash = task.lastIndexOf('/');
  return { instance: task.slice(0, slash), token: task.slice(slash + 1) };
}

/** Throws FlowError `FLOW-TASK-GONE`, `FLOW-TASK-REFUSED` or `FLOW-TASK-TAKEN`. */
export function taskMessage(flow: CompiledFlow, state: FlowState, command: TaskCommand): InstanceMessage {
  const { token } = taskAddress(command.task);
  const task = tasksOf(flow, state).find((t) => t.token === token);
  const place = { flow: flow.definition.flow, instance: state.instance };
  if (!task)
    throw new FlowError('FLOW-TASK-GONE', 'This task has been done or withdrawn meanwhile. Reload the list.', place);
  const { user } = command;
  if (user && !mayDo(task, user)) {
    throw new FlowError(
      'FLOW-TASK-REFUSED',
      `${nameOf(user)} may not do "${task.name}": ${refusal(task, user)}`,
      place,
    );
  }
  if (task.claimedBy !== undefined && user && task.claimedBy !== user.id) {
    throw new FlowError('FLOW-TASK-TAKEN', `"${task.name}" has been claimed by ${task.claimedBy}.`, place, {
      details: { user: task.claimedBy },
    });
  }
  if (command.type === 'delegate') return delegateMessage(task, command, place);
  if (command.type === 'skip-task') {
    if (task.skippable) return { type: 'skip', token };
    throw new FlowError('FLOW-TASK-REFUSED', `"${task.name}" may not be left out.`, place);
  }
  const { task: _, user: __, ...said } = command;
  return { ...said, token, ...(user ? { user: user.id } : {}) } as InstanceMessage;
}

function delegateMessage(
  task: TaskView,
  { user, to }: Extract<TaskCommand, { type: 'delegate' }>,
  place: FlowError['place'],
): InstanceMessage {
  const isKept = task.excludedUsers.includes(to) || (task.onlyUser !== undefined && task.onlyUser !== to);
  if (to !== '' && !isKept) return { type: 'delegate', token: task.token, user: user.id, to };
  const reason = to === '' ? 'nobody was named.' : refusal(task, { id: to, roles: [] }, isKept);
  throw new FlowError('FLOW-TASK-REFUSED', `"${task.name}" cannot be handed on to ${to || 'nobody'}: ${reason}`, place);
}

function refusal(task: TaskView, user: User, isHandedOn = false): string {
  if (!isHandedOn && task.role !== undefined && !user.roles.includes(task.role))
    return `it needs the role "${task.role}".`;
  if (task.excludedUsers.includes(user.id)) return 'it must be done by somebody else than an earlier activity.';
  if (!isHandedOn && task.candidates !== undefined && !task.candidates.includes(user.id))
    return 'it has been assigned to somebody else.';
  return `it must be done by ${task.onlyUser ?? 'the same person as an earlier activity'}.`;
}

function nameOf(user: User): string {
  return user.name ?? user.id;
}
