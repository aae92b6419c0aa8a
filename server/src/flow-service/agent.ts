// Calls for a named agent: a program at somebody's site that nobody can reach from here. It asks for its calls; each is leased
// to it and offered again when the lease runs out without an answer, with the same idempotency key; one that may happen only once is
// then left to a person instead.
import { handlers, object, rpc, type ObjectContext, type ObjectSharedContext } from '@restatedev/restate-sdk';
import { agentNamed, type InstanceMessage } from '../../../src/index.js';
import { indeterminate } from './activities.js';
import { bounded } from './bounded.js';
import { AGENT, keyOf, splitKey, type AgentCall, type Lease, type OfferedCall } from './contract.js';
import { Agent, Instance, type AgentObject } from './objects.js';

const { exclusive, shared } = handlers.object;
/** How long an agent may be silent about a call, ms. */
const LEASE = 30_000;

type LeasedCall = OfferedCall & Lease;

export function createAgentObject(): ReturnType<typeof build> {
  return build();
}

function build() {
  const brief = { journalRetention: 0 };
  const implementation: AgentObject = {
    offer: exclusive({ ...brief, ingressPrivate: true }, offer),
    withdraw: exclusive({ ...brief, ingressPrivate: true }, async (ctx: ObjectContext, { key }: { key: string }) =>
      keep(
        ctx,
        (await callsOf(ctx)).filter((call) => call.key !== key),
      ),
    ),
    take: exclusive(brief, take),
    expire: exclusive({ ...brief, ingressPrivate: true }, expire),
    renew: exclusive(brief, renew),
    finish: exclusive(brief, finish),
    waiting: shared(brief, async (ctx: ObjectSharedContext) => {
      const now = Date.now();
      return (await callsOf(ctx)).filter((call) => isFree(call, now)).length;
    }),
  };
  return object({ name: AGENT, handlers: implementation });
}

/** Who does an activity that the server does not do itself, and what it is called there. */
export interface Elsewhere {
  readonly agent: string;
  readonly implementation: string;
}

/**
 * The agent that the activity names as its environment, or its implementation as `AGENT/NAME`; or the page of whoever started the flow,
 * which is the agent `page:USER`.
 */
export function elsewhere(
  environment: string | undefined,
  ref: string | undefined,
  startedBy: string | undefined,
): Elsewhere | undefined {
  if (ref === undefined) return undefined;
  if (environment === 'page') return { agent: `page:${startedBy ?? ''}`, implementation: ref };
  const named = agentNamed(environment);
  if (named !== undefined) return { agent: named, implementation: ref };
  const slash = ref.indexOf('/');
  return slash > 0 ? { agent: ref.slice(0, slash), implementation: ref.slice(slash + 1) } : undefined;
}

async function offer(ctx: ObjectContext, call: OfferedCall): Promise<void> {
  const calls = await callsOf(ctx);
  if (!calls.some(({ key }) => key === call.key)) keep(ctx, [...calls, { ...call, until: 0 }]);
}

async function take(ctx: ObjectContext, { max }: { max: number }): Promise<readonly AgentCall[]> {
  const now = await ctx.date.now();
  const taken: AgentCall[] = [];
  const calls = (await callsOf(ctx)).map((call) => {
    if (!isFree(call, now) || taken.length >= max) return call;
    const { until: _, once, ...bare } = call;
    taken.push(bare);
    if (once) lookAgain(ctx, call.key, LEASE);
    return { ...call, until: now + LEASE };
  });
  if (taken.length > 0) keep(ctx, calls);
  return taken;
}

/** Whether it may be taken. */
function isFree({ until, once }: LeasedCall, now: number): boolean {
  return once ? until === 0 : until < now;
}

function lookAgain(ctx: ObjectContext, key: string, delay: number): void {
  ctx.objectSendClient(Agent, ctx.key).expire({ key }, rpc.sendOpts({ delay }));
}

/** Its agent has taken it and is silent: nobody knows whether it was done. */
async function expire(ctx: ObjectContext, { key }: { readonly key: string }): Promise<void> {
  const now = await ctx.date.now();
  const calls = await callsOf(ctx);
  const call = calls.find((one) => one.key === key);
  if (!call) return;
  if (call.until >= now) return lookAgain(ctx, key, call.until - now + 1);
  keep(
    ctx,
    calls.filter((one) => one !== call),
  );
  const { tenant, rest: agent } = splitKey(ctx.key);
  const lost = indeterminate(call, agent.startsWith('page:') ? 'its page fell silent' : `"${agent}" fell silent`);
  ctx.objectSendClient(Instance, keyOf(tenant, call.instance)).message(lost);
}

/** Gives the keys that are no longer wanted. What nobody has taken stays free to be taken. */
async function renew(ctx: ObjectContext, { keys }: { keys: readonly string[] }): Promise<readonly string[]> {
  const now = await ctx.date.now();
  const calls = await callsOf(ctx);
  keep(
    ctx,
    calls.map((call) => (call.until > 0 && keys.includes(call.key) ? { ...call, until: now + LEASE } : call)),
  );
  return keys.filter((key) => !calls.some((call) => call.key === key));
}

/** The first answer counts; another one, or one to a call that was withdrawn, changes nothing. */
async function finish(
  ctx: ObjectContext,
  { key, outcome }: { key: string; outcome: Parameters<AgentObject['finish']>[1]['outcome'] },
): Promise<void> {
  const calls = await callsOf(ctx);
  const call = calls.find((one) => one.key === key);
  if (!call) return;
  keep(
    ctx,
    calls.filter((one) => one !== call),
  );
  const { token, attempt, instance } = call;
  const message: InstanceMessage =
    'failure' in outcome
      ? { type: 'failure', token, attempt, failure: outcome.failure }
      : { type: 'result', token, attempt, ...(outcome.output === undefined ? {} : { output: outcome.output }) };
  ctx.objectSendClient(Instance, keyOf(splitKey(ctx.key).tenant, instance)).message(bounded(message));
}

async function callsOf(ctx: ObjectContext | ObjectSharedContext): Promise<readonly LeasedCall[]> {
  return (await ctx.get<readonly LeasedCall[]>('calls')) ?? [];
}

function keep(ctx: ObjectContext, calls: readonly LeasedCall[]): void {
  ctx.set('calls', calls);
}
