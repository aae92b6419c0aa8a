// At most one open instance of a flow per business key: starts with `once` go through one durable object per key.
import { handlers, object, type ObjectContext } from '@restatedev/restate-sdk';
import type { Answer } from '../answer.js';
import { BUSINESS_KEY, keyOf, splitKey, type InstanceView, type StartOnce } from './contract.js';
import { Instance, type BusinessKeyObject } from './objects.js';

export function createBusinessKeyObject(): ReturnType<typeof build> {
  return build();
}

function build() {
  const implementation: BusinessKeyObject = { start: handlers.object.exclusive(start) };
  return object({ name: BUSINESS_KEY, handlers: implementation });
}

async function start(ctx: ObjectContext, { id, ...request }: StartOnce): Promise<Answer<InstanceView>> {
  const { tenant } = splitKey(ctx.key);
  const current = await ctx.get<string>('instance');
  if (current !== null) {
    const view = await ctx.objectClient(Instance, keyOf(tenant, current)).get();
    if (view && view.status !== 'completed' && view.status !== 'cancelled') return { ok: true, value: view };
  }
  const answer = await ctx.objectClient(Instance, keyOf(tenant, id)).start(request);
  if (answer.ok) ctx.set('instance', id);
  return answer;
}
