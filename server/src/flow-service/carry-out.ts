// Turns an effect of a step into what the engine sends with it. What needs nobody else is answered at once, as a message
// that the same turn takes.
import { rpc, type ObjectContext } from '@restatedev/restate-sdk';
import type { CompiledFlow, FlowState, InstanceMessage, JsonObject, OutwardEffect, Run } from '../../../src/index.js';
import { isOnce } from './activities.js';
import { elsewhere } from './agent.js';
import { DEFAULT_TENANT, keyOf, type DeployedVersion } from './contract.js';
import { escalate, escalated } from './escalate.js';
import { Activities, Agent, Flow, Instance, Message } from './objects.js';
import { sendSignal } from './send-signal.js';
import type { StoredHeader } from './stored-instance.js';

/** Starts another flow and does not wait for its end; done by the turn itself. */
export const START_FLOW = 'start-flow';

interface Turn {
  readonly tenant: string;
  readonly flow: CompiledFlow;
  /** Before and after the step. */
  readonly before: FlowState;
  readonly state: FlowState;
  readonly stored: StoredHeader;
  readonly now: number;
  /** The run whose implementation has just answered: there is nothing left to abort. */
  readonly answered?: string;
}

export async function carryOut(
  ctx: ObjectContext,
  turn: Turn,
  effect: OutwardEffect,
): Promise<readonly InstanceMessage[]> {
  const { tenant, state } = turn;
  switch (effect.type) {
    case 'run': {
      const run = state.runs[effect.token];
      return run?.phase === 'effect' ? invoke(ctx, turn, run) : [];
    }
    case 'timer': {
      const { token, id, at } = effect;
      // Never disarmed: a timer whose token is gone is ignored when it comes.
      const delay = Math.max(0, at - turn.now);
      ctx.objectSendClient(Instance, ctx.key).message({ type: 'timer', token, id, at }, rpc.sendOpts({ delay }));
      return [];
    }
    case 'subscribe': {
      const { token, id, subscription } = effect;
      const waiter = { instance: state.instance, token, id, subscription };
      ctx.objectSendClient(Message, keyOf(tenant, subscription.name)).subscribe(waiter);
      return [];
    }
    case 'cancel':
      withdraw(ctx, turn, effect.token);
      return [];
  }
}

async function invoke(ctx: ObjectContext, turn: Turn, run: Run): Promise<readonly InstanceMessage[]> {
  const { tenant, flow, state, stored } = turn;
  const activity = flow.plan.activities[run.activity]!;
  if (activity.type === 'call') return call(ctx, turn, run, activity.definition.calls!);
  const thrown = activity.definition.throw;
  if (thrown?.event === 'escalation') {
    escalate(ctx, tenant, stored.header.parent, thrown.code);
    return escalated(run);
  }
  if (activity.type === 'send') return sendSignal(ctx, tenant, state.instance, run);
  const ref = run.ref ?? activity.definition.implementation?.ref;
  if (ref === START_FLOW) return startFlow(ctx, turn, run);
  const there = elsewhere(activity.definition.environment, ref, stored.header.startedBy);
  if (there?.agent === 'page:') {
    const message = `"${run.activity}" runs in the page of whoever started the flow, and nobody in particular did.`;
    const failure = { code: 'FLOW-NO-PAGE', message, activity: run.activity, retryable: false };
    return [{ type: 'failure', token: run.token, attempt: run.attempt, failure }];
  }
  if (there) {
    ctx.objectSendClient(Agent, keyOf(tenant, there.agent)).offer({
      key: callKey(state.instance, run),
      instance: state.instance,
      token: run.token,
      attempt: run.attempt,
      flow: flow.definition.flow,
      activity: run.activity,
      implementation: there.implementation,
      arguments: run.arguments ?? run.input ?? {},
      input: run.input ?? {},
      ...(isOnce(flow, run) ? { once: true as const } : {}),
      idempotencyKey: `${tenant === DEFAULT_TENANT ? '' : `${tenant}:`}${state.instance}/${run.token}`,
    });
    return [];
  }
  ctx.serviceSendClient(Activities).run({ tenant, instance: state.instance, hash: stored.hash, run });
  return [];
}

/** The called flow's id follows from the caller's token, so a repetition finds the same instance. */
async function call(
  ctx: ObjectContext,
  { tenant, state, stored, now }: Turn,
  run: Run,
  name: string,
): Promise<readonly InstanceMessage[]> {
  const newest = await newestOf(ctx, tenant, name);
  const { token } = run;
  if (!newest) return [notDeployed(run, name)];
  ctx.objectSendClient(Instance, keyOf(tenant, childOf(state.instance, token))).start({
    hash: newest.hash,
    input: run.input ?? {},
    options: { parent: { instance: state.instance, token } },
    depth: stored.depth + 1,
    at: now,
    mayCall: true,
  });
  return [];
}

/** The implementation `start-flow`: starts another flow and goes on. */
async function startFlow(
  ctx: ObjectContext,
  { tenant, state, stored, now }: Turn,
  run: Run,
): Promise<readonly InstanceMessage[]> {
  const { flow, input, message } = run.arguments ?? {};
  const newest = await newestOf(ctx, tenant, String(flow));
  if (!newest) return [notDeployed(run, String(flow))];
  const { startedBy } = stored.header;
  const id = childOf(state.instance, run.token);
  ctx.objectSendClient(Instance, keyOf(tenant, id)).start({
    hash: newest.hash,
    input: (input ?? {}) as JsonObject,
    options: startedBy === undefined ? {} : { startedBy },
    depth: stored.depth + 1,
    at: now,
    mayCall: true,
  });
  // What it waits for first.
  if (message !== undefined) return sendSignal(ctx, tenant, state.instance, { ...run, arguments: { name: message } });
  return [{ type: 'result', token: run.token, attempt: run.attempt }];
}

async function newestOf(ctx: ObjectContext, tenant: string, name: string): Promise<DeployedVersion | undefined> {
  return (await ctx.objectClient(Flow, keyOf(tenant, name)).versions()).at(-1);
}

function notDeployed({ token, attempt, activity }: Run, name: string): InstanceMessage {
  const message = `The flow "${name}" is not deployed. Deploy it, then retry this activity.`;
  return { type: 'failure', token, attempt, failure: { code: 'FLOW-UNKNOWN', message, activity, retryable: false } };
}

function callKey(instance: string, { token, attempt }: Run): string {
  return `${instance}/${token}/${attempt}`;
}

function childOf(instance: string, token: string): string {
  return `${instance}.${token}`;
}

/** Withdraws what the run with this token has under way. */
function withdraw(ctx: ObjectContext, { tenant, flow, before, state, stored, answered }: Turn, token: string): void {
  const run = before.runs[token] ?? state.runs[token];
  if (!run) return;
  const { instance } = state;
  const names = new Set(Object.values(run.subscriptions ?? {}).map(({ name }) => name));
  for (const name of names) ctx.objectSendClient(Message, keyOf(tenant, name)).unsubscribe({ instance, token });
  if (run.phase !== 'effect' || token === answered) return;
  const activity = flow.plan.activities[run.activity]!;
  const { environment, implementation } = activity.definition;
  const there = elsewhere(environment, run.ref ?? implementation?.ref, stored.header.startedBy);
  if (there) {
    ctx.objectSendClient(Agent, keyOf(tenant, there.agent)).withdraw({ key: callKey(instance, run) });
    return;
  }
  if (activity.type !== 'call') {
    ctx.serviceSendClient(Activities).abort({ tenant, instance, token });
    return;
  }
  const child = keyOf(tenant, childOf(instance, token));
  ctx.objectSendClient(Instance, child).operate({ type: 'cancel', reason: 'The calling activity was cancelled.' });
}
