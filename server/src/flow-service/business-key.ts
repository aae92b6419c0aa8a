// At most one open instance of a flow per business key: starts with `once` go through one durable object per key. Starts without it do
// not; what they have begun is in the read model by the time at which they are answered.
import { handlers, object, type ObjectContext } from '@restatedev/restate-sdk';
import { isOver } from '../../../src/index.js';
import type { Answer } from '../answer.js';
import type { ReadModel } from '../read-model/read-model.js';
import { BUSINESS_KEY, keyOf, splitKey, type InstanceView, type StartOnce } from './contract.js';
import { Instance, type BusinessKeyObject } from './objects.js';

export function createBusinessKeyObject(model: ReadModel): ReturnType<typeof build> {
  return build(model);
}

function build(model: ReadModel) {
  const implementation: BusinessKeyObject = { start: handlers.object.exclusive(start(model)) };
  return object({ name: BUSINESS_KEY, handlers: implementation });
}

const start =
  (model: ReadModel) =>
  async (ctx: ObjectContext, { id, flow, ...request }: StartOnce): Promise<Answer<InstanceView>> => {
    const { tenant } = splitKey(ctx.key);
    const open =
      (await openInstance(ctx, tenant, await ctx.get<string>('instance'))) ??
      (await openInstance(ctx, tenant, await ctx.run('open', () => anyOpen(model, tenant, flow, request.options.key))));
    if (open) return { ok: true, value: open };
    const answer = await ctx.objectClient(Instance, keyOf(tenant, id)).start(request);
    if (answer.ok) ctx.set('instance', id);
    return answer;
  };

async function openInstance(ctx: ObjectContext, tenant: string, id: string | null): Promise<InstanceView | undefined> {
  const view = id === null ? null : await ctx.objectClient(Instance, keyOf(tenant, id)).get();
  return view && !isOver(view) ? view : undefined;
}

async function anyOpen(
  model: ReadModel,
  tenant: string,
  flow: string,
  key: string | undefined,
): Promise<string | null> {
  if (key === undefined) return null;
  for await (const { id } of model.instances(tenant, { flow, key, status: ['running', 'failed'] })) return id;
  return null;
}
