// Calls for a named agent: a program at somebody's site that nobody can reach from here. It asks for its calls; each is leased
// to it and offered again when the lease runs out without an answer, with the same idempotency key.
import { handlers, object, type ObjectContext, type ObjectSharedContext } from '@restatedev/restate-sdk';
import { agentNamed, type InstanceMessage } from '../../../src/index.js';
import { bounded } from './bounded.js';
import { AGENT, keyOf, splitKey, type AgentCall, type Lease } from './contract.js';
import { Instance, type AgentObject } from './objects.js';

const { exclusive, shared } = handlers.object;
/** How long an agent may be silent about a call, ms. */
const LEASE = 30_000;

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
    renew: exclusive(brief, renew),
    finish: exclusive(brief, finish),
    waiting: shared(brief, async (ctx: ObjectSharedContext) => {
      const now = Date.now();
      return (await callsOf(ctx)).filter(({ until }) => until < now).length;
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

async function offer(ctx: ObjectContext, call: AgentCall): Promise<void> {
  const calls = await callsOf(ctx);
  if (!calls.some(({ key }) => key === call.key)) keep(ctx, [...calls, { ...call, until: 0 }]);
}

async function take(ctx: ObjectContext, { max }: { max: number }): Promise<readonly AgentCall[]> {
  const now = await ctx.date.now();
  const taken: AgentCall[] = [];
  const calls = (await callsOf(ctx)).map((call) => {
    if (call.until >= now || taken.length >= max) return call;
    const { until: _, ...bare } = call;
    taken.push(bare);
    return { ...call, until: now + LEASE };
  });
  if (taken.length > 0) keep(ctx, calls);
  return taken;
}

/** Gives the keys that are no longer wanted. */
async function renew(ctx: ObjectContext, { keys }: { keys: readonly string[] }): Promise<readonly string[]> {
  const now = await ctx.date.now();
  const calls = await callsOf(ctx);
  keep(
    ctx,
    calls.map((call) => (keys.includes(call.key) ? { ...call, until: now + LEASE } : call)),
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

async function callsOf(ctx: ObjectContext | ObjectSharedContext): Promise<readonly (AgentCall & Lease)[]> {
  return (await ctx.get<readonly (AgentCall & Lease)[]>('calls')) ?? [];
}

function keep(ctx: ObjectContext, calls: readonly (AgentCall & Lease)[]): void {
  ctx.set('calls', calls);
}
