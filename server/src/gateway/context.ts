// What the routes share.
import { createHash } from 'node:crypto';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { contentHash, FlowError, type InstanceView, type User } from '../../../src/index.js';
import type { ReadModel } from '../read-model/read-model.js';
import type { Permissions, Settings } from '../settings.js';
import type { Changes } from './changes.js';
import type { EngineClient } from './engine-client.js';
import { may, type Principal } from './principal.js';
import type { Visibility } from './visibility.js';

declare module 'fastify' {
  interface FastifyRequest {
    principal: Principal;
  }
}

export interface GatewayContext {
  readonly settings: Settings;
  readonly engine: EngineClient;
  readonly model: ReadModel;
  readonly visibility: Visibility;
  readonly changes: Changes;
}

export type Routes = (app: FastifyInstance, context: GatewayContext) => void;

/** Repetitions with the same key have the effect of one. What is another request is told apart by who sends what where to. */
export function idempotencyKeyOf(request: FastifyRequest): string | undefined {
  const header = request.headers['idempotency-key'];
  if (typeof header !== 'string' || header === '') return undefined;
  if (header.length > 200) throw new FlowError('FLOW-REQUEST', 'An Idempotency-Key has at most 200 characters.');
  const { principal, method, params, routeOptions, body } = request;
  const all = [principal.id, header, method, routeOptions.url, params, contentHash(body ?? null)];
  return createHash('sha256').update(JSON.stringify(all)).digest('base64url');
}

/** Who acts: the caller, or whom a trusted caller names. */
export function actor({ principal }: FastifyRequest, named: User | undefined): User {
  if (named === undefined || named.id === principal.id) {
    const { id, name, roles } = principal;
    return { id, roles, ...(name === undefined ? {} : { name }) };
  }
  if (principal.delegate) return named;
  throw new FlowError('FLOW-FORBIDDEN', `"${principal.id}" may not act for "${named.id}"; its key lacks "delegate".`);
}

/**
 * Who does a task, and who in whose place: a trusted caller names both; those who may operate name whom they give a task to, or do
 * it for, as they may skip it altogether.
 */
export function inPlaceOf(
  request: FastifyRequest,
  permissions: Permissions,
  named: User | undefined,
  by: string | undefined,
): { readonly user: User; readonly by?: string } {
  const { principal } = request;
  if (principal.delegate) return { user: actor(request, named), ...(by === undefined ? {} : { by }) };
  if (by !== undefined && by !== principal.id)
    throw new FlowError('FLOW-FORBIDDEN', `"${principal.id}" may not say who acts; its key lacks "delegate".`);
  const isOther = named !== undefined && named.id !== principal.id;
  if (isOther && may(principal, permissions, 'operate')) return { user: named, by: principal.id };
  return { user: actor(request, named) };
}

/** The instance as the caller may see it. Throws `FLOW-UNKNOWN-INSTANCE`, also for what is not theirs to see. */
export async function visibleInstance(
  context: GatewayContext,
  principal: Principal,
  id: string,
): Promise<InstanceView> {
  const { visibility } = context;
  const view = await newestView(context, principal.tenant, id);
  const shown = view && (await visibility.show(principal, view));
  if (shown) return shown;
  throw new FlowError('FLOW-UNKNOWN-INSTANCE', `There is no instance "${id}", or it is not yours to see.`, {
    instance: id,
  });
}

/** As the engine keeps it; while a turn is under way, as far as onlookers have heard. */
export async function newestView(
  { engine, model }: GatewayContext,
  tenant: string,
  id: string,
): Promise<InstanceView | undefined> {
  const [kept, heard] = await Promise.all([engine.get(tenant, id), model.instance(tenant, id)]);
  return kept && heard && heard.v > kept.v ? heard : (kept ?? heard);
}

/** How long an answer waits for the read model to know what it tells, ms. Lists read next then show it. */
const CATCHING_UP = 2000;

export async function untilKnown(model: ReadModel, tenant: string, id: string, v: number): Promise<void> {
  await until(async () => ((await model.version(tenant, id)) ?? -1) >= v);
}

/** Waits until the read model shows it, or for as long as an answer may be held back. */
export async function until(isShown: () => Promise<boolean>): Promise<void> {
  const end = Date.now() + CATCHING_UP;
  while (!(await isShown()) && Date.now() < end) await new Promise((resolve) => setTimeout(resolve, 4));
}
