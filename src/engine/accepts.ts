// Stale, duplicated and misplaced events are told from those that still mean something.
import type { FlowEvent, FlowState, InstanceMessage } from './state.js';

/** Whether the event still means something: the token lives and waits for just this. */
export function accepts(state: FlowState, event: FlowEvent | InstanceMessage): boolean {
  if (event.type === 'begin') return state.v === 0;
  // A host sets these states; they are no steps.
  if (event.type === 'compacted' || event.type === 'migrated') return false;
  const over = state.status === 'completed' || state.status === 'cancelled';
  if (event.type === 'cancel')
    return !over && !state.undos[''] && (event.token === undefined || state.runs[event.token] !== undefined);
  if (event.type === 'output') return state.status === 'running' && Object.keys(state.runs).length === 0;
  if (over) return false;
  if (event.type === 'edit') return state.v > 0;
  if (event.type === 'retry' && event.token === undefined) {
    // With nothing left to take up, only a failure that may pass is worth another try.
    const stuck = Object.keys(state.runs).length === 0 && state.failure?.retryable === false;
    return state.status === 'failed' && !stuck;
  }
  const run = state.runs[event.token ?? ''];
  if (!run) return false;
  switch (event.type) {
    case 'prepared':
      return run.phase === 'prepare';
    case 'settled':
      return run.phase === 'settle';
    case 'raised':
      return run.phase === 'raise';
    case 'condition':
      return run.conditions?.[event.id] === !event.met;
    case 'result':
      return run.phase === 'effect' && (event.attempt === undefined || event.attempt === run.attempt);
    case 'failure':
      return (
        (run.phase === 'effect' && (event.attempt === undefined || event.attempt === run.attempt)) ||
        // An expression has failed.
        run.phase === 'prepare' ||
        run.phase === 'settle' ||
        run.phase === 'wait'
      );
    case 'escalation':
      return run.phase === 'effect';
    case 'unavailable':
      return (
        run.phase === 'effect' &&
        event.attempt === run.attempt &&
        event.implementation !== run.unavailable?.implementation
      );
    case 'timer':
      return run.timers?.[event.id] === event.at;
    case 'message':
      return run.subscriptions?.[event.id] !== undefined;
    case 'claim':
      return run.phase === 'task' && (run.task?.claimedBy === undefined || run.task.claimedBy === event.user);
    case 'release':
      return run.phase === 'task' && run.task?.claimedBy === event.user;
    case 'complete':
    case 'delegate':
      return run.phase === 'task';
    case 'retry':
      return run.phase === 'incident';
    case 'skip':
      return ['effect', 'task', 'wait', 'backoff', 'incident'].includes(run.phase);
    default:
      return false;
  }
}
