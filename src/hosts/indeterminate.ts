// A call that may not be made twice has begun, and nobody knows whether it happened.
import type { CompiledFlow } from '../compiler/index.js';
import type { InstanceMessage, Run } from '../engine/index.js';

/** Whether the activity wants its calls to be written down before they begin, and never to be repeated blindly. */
export function isOnce(flow: CompiledFlow, activity: string): boolean {
  const { onResume = 'keyed' } = flow.plan.activities[activity]?.definition.implementation ?? {};
  return onResume !== 'keyed';
}

export function indeterminate({ token, attempt, activity }: Run): InstanceMessage {
  return {
    type: 'failure',
    token,
    attempt,
    failure: {
      code: 'Indeterminate',
      message: `The page ended while "${activity}" was being done, and it may not be done twice. Find out whether it happened, then skip it or retry it.`,
      activity,
      retryable: false,
    },
  };
}
