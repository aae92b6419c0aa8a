// A `send` activity: its message goes to the object of that name, and the activity is done.
import type { ObjectContext } from '@restatedev/restate-sdk';
import type { InstanceMessage, Json, Run, Signal } from '../../../src/index.js';
import { keyOf } from './contract.js';
import { Message } from './objects.js';

export function sendSignal(ctx: ObjectContext, tenant: string, instance: string, run: Run): readonly InstanceMessage[] {
  const { name, key, data, broadcast } = (run.arguments ?? {}) as Record<string, Json>;
  const signal: Signal = {
    id: `${instance}/${run.token}`,
    name: String(name),
    ...(key === undefined ? {} : { key: String(key) }),
    ...(data === undefined ? {} : { data }),
    ...(broadcast === true ? { broadcast } : {}),
  };
  ctx.objectSendClient(Message, keyOf(tenant, signal.name)).signal(signal);
  return [{ type: 'result', token: run.token, attempt: run.attempt }];
}
