// Deployed definitions: each under its content hash, and the list of versions under the flow's name. Instances keep the hash
// that they started with; a start takes the newest.
import { handlers, object, type ObjectContext, type ObjectSharedContext } from '@restatedev/restate-sdk';
import {
  DEFINITION,
  FLOW,
  keyOf,
  splitKey,
  type DeployedVersion,
  type Deployment,
  type FlowDefinition,
} from './contract.js';
import { Definition, Projection, type DefinitionObject, type FlowObject } from './objects.js';

const reading = { journalRetention: 0 };
const { exclusive, shared } = handlers.object;

export function createDefinitionObject(): ReturnType<typeof buildDefinition> {
  return buildDefinition();
}

function buildDefinition() {
  const implementation: DefinitionObject = {
    put: exclusive(async (ctx: ObjectContext, definition: FlowDefinition) => ctx.set('definition', definition)),
    get: shared(reading, (ctx: ObjectSharedContext) => ctx.get<FlowDefinition>('definition')),
  };
  return object({ name: DEFINITION, handlers: implementation });
}

export function createFlowObject(): ReturnType<typeof buildFlow> {
  return buildFlow();
}

function buildFlow() {
  const implementation: FlowObject = { deploy: exclusive(deploy), versions: shared(reading, versionsOf) };
  return object({ name: FLOW, handlers: implementation });
}

/** Deploying the newest again changes nothing; deploying an older one makes it the newest. */
async function deploy(ctx: ObjectContext, { hash, definition }: Deployment): Promise<DeployedVersion> {
  const { tenant } = splitKey(ctx.key);
  const versions = await versionsOf(ctx);
  const newest = versions.at(-1);
  if (newest?.hash === hash) return newest;
  await ctx.objectClient(Definition, keyOf(tenant, hash)).put(definition);
  // Two in the same millisecond still have an order.
  const at = Math.max(await ctx.date.now(), (newest?.at ?? 0) + 1);
  const version: DeployedVersion = { hash, version: definition.version ?? '0.0.0', at };
  ctx.set('versions', [...versions.filter((v) => v.hash !== hash), version]);
  ctx.serviceSendClient(Projection).define({ tenant, hash, definition, at });
  return version;
}

async function versionsOf(ctx: ObjectContext | ObjectSharedContext): Promise<readonly DeployedVersion[]> {
  return (await ctx.get<readonly DeployedVersion[]>('versions')) ?? [];
}
