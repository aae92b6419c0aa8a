// An escalation that nobody takes in a called flow is told to the activity that called it.
import type { ObjectContext } from '@restatedev/restate-sdk';
import type { InstanceMessage, Run } from '../../../src/index.js';
import { keyOf, type StartInstance } from './contract.js';
import { Instance } from './objects.js';

export function escalate(
  ctx: ObjectContext,
  tenant: string,
  caller: StartInstance['options']['parent'],
  code: string | undefined,
): void {
  if (!caller) return;
  const message: InstanceMessage = {
    type: 'escalation',
    token: caller.token,
    ...(code === undefined ? {} : { code }),
  };
  ctx.objectSendClient(Instance, keyOf(tenant, caller.instance)).message(message);
}

/** The run that escalates goes on once the caller has been told. */
export function escalated({ token, attempt }: Run): readonly InstanceMessage[] {
  return [{ type: 'result', token, attempt }];
}
