// Runs a microflow that waits for nobody within one turn of its instance: each call is a durable step of that turn, so a flow
// of five activities costs the engine one invocation and not ten. Cancelling reaches it through the engine's own cancel.
import { CancelledError, RestatePromise, type ObjectContext } from '@restatedev/restate-sdk';
import type { Invocations } from '../../../src/hosts/kit.js';
import {
  stepInstance,
  type CompiledFlow,
  type Implementation,
  type InstanceMessage,
  type OutwardEffect,
  type StepResult,
} from '../../../src/index.js';
import { agentOf } from './agent.js';
import { bounded } from './bounded.js';
import { START_FLOW } from './carry-out.js';
import type { Change } from './contract.js';
import { escalate, escalated } from './escalate.js';
import { sendSignal } from './send-signal.js';
import { after, type StoredInstance } from './stored-instance.js';

/** What something under way has brought, and when (epoch ms). */
interface Arrival {
  readonly key: string;
  readonly message: InstanceMessage;
  readonly at: number;
}

export interface InlineTurn {
  readonly tenant: string;
  readonly flow: CompiledFlow;
  readonly calls: Invocations;
  /** Hears of every step; for onlookers, so it may be called again after a crash. */
  readonly progressed: (instance: StoredInstance, records: Change['records']) => void;
}

const AT_ONCE = new Set(['service', 'script', 'route', 'subflow', 'send']);
const known = new WeakMap<CompiledFlow, boolean>();

/** Whether nothing in the flow waits for somebody, and every call may be repeated with its key. */
export function runsAtOnce(flow: CompiledFlow): boolean {
  let answer = known.get(flow);
  if (answer === undefined) {
    const { definition, plan } = flow;
    const subflows = Object.values(definition.subflows ?? {});
    const events = [
      ...definition.activities.flatMap(({ boundary }) => boundary ?? []),
      ...subflows.flatMap(({ boundary, trigger }) => [...(boundary ?? []), ...[trigger ?? []].flat()]),
    ];
    answer =
      definition.kind === 'microflow' &&
      Object.values(plan.activities).every(({ type }) => AT_ONCE.has(type)) &&
      definition.activities.every(({ implementation }) => isHere(implementation)) &&
      events.every(({ event }) => event !== 'message');
    known.set(flow, answer);
  }
  return answer;
}

/** Called in this process, as often as it takes. */
function isHere(implementation: Implementation | undefined): boolean {
  if (!implementation) return true;
  const { ref, select, onResume } = implementation;
  const isRepeatable = (onResume ?? 'keyed') === 'keyed';
  return isRepeatable && select === undefined && ref !== START_FLOW && agentOf(ref) === undefined;
}

/** Resolves when the instance has come to rest. */
export async function runInline(
  ctx: ObjectContext,
  turn: InlineTurn,
  before: StoredInstance,
  first: StepResult,
  startedAt: number,
): Promise<{ readonly instance: StoredInstance; readonly records: Change['records']; readonly now: number }> {
  const records: Change['records'][number][] = [];
  const pending = new Map<string, RestatePromise<Arrival>>();
  const local: InstanceMessage[] = [];
  let instance = before;
  let now = startedAt;
  let result: StepResult | undefined = first;
  for (;;) {
    if (result) {
      instance = after(instance, result, now, records);
      for (const effect of result.effects) local.push(...begin(ctx, turn, instance, effect, now, pending));
      turn.progressed(instance, records);
    }
    const next = local.shift() ?? (await arrivalOf(instance, pending));
    if (!next) return { instance, records, now };
    const message = 'key' in next ? next.message : next;
    if ('key' in next) {
      pending.delete(next.key);
      now = Math.max(now, next.at);
    }
    result = await stepInstance(turn.flow, instance.state, message, now);
  }
}

/** What comes next; nothing when the instance is at rest, or waits for what does not come to this turn. */
async function arrivalOf(
  { state }: StoredInstance,
  pending: ReadonlyMap<string, RestatePromise<Arrival>>,
): Promise<Arrival | InstanceMessage | undefined> {
  const isCalling = [...pending.keys()].some((key) => key.startsWith('run '));
  if (pending.size === 0 || (state.status !== 'running' && !isCalling)) return undefined;
  try {
    return await RestatePromise.race([...pending.values()]);
  } catch (error) {
    if (error instanceof CancelledError) return { type: 'cancel', reason: 'Cancelled on request.' };
    throw error;
  }
}

function begin(
  ctx: ObjectContext,
  { tenant, flow, calls }: InlineTurn,
  { state, stored }: StoredInstance,
  effect: OutwardEffect,
  now: number,
  pending: Map<string, RestatePromise<Arrival>>,
): readonly InstanceMessage[] {
  switch (effect.type) {
    case 'run': {
      const run = state.runs[effect.token];
      if (run?.phase !== 'effect') return [];
      const { type, definition } = flow.plan.activities[run.activity]!;
      if (definition.throw?.event === 'escalation') {
        escalate(ctx, tenant, stored.header.parent, definition.throw.code);
        return escalated(run);
      }
      if (type === 'send') return sendSignal(ctx, tenant, state.instance, run);
      const key = `run ${run.token} ${run.attempt}`;
      const called = ctx.run(run.activity, async () => {
        const message = bounded(await calls.invoke(flow, state, run));
        return { key, message, at: Date.now() };
      });
      pending.set(key, called);
      return [];
    }
    case 'timer': {
      const { token, id, at } = effect;
      const key = `timer ${token} ${id}`;
      const fired = ctx.sleep(Math.max(0, at - now));
      pending.set(
        key,
        fired.map((_, failure) => {
          if (failure) throw failure;
          return { key, message: { type: 'timer', token, id, at }, at };
        }),
      );
      return [];
    }
    case 'cancel':
      calls.cancel(state.instance, effect.token);
      for (const key of [...pending.keys()]) if (key.split(' ')[1] === effect.token) pending.delete(key);
      return [];
    case 'subscribe':
      return [];
  }
}
