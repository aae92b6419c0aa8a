// Carrying out `run` effects: resolves the implementation, calls it, turns what comes back into a message. Keeps the
// AbortController of every call in flight, so that a cancel reaches it.
import type { InvocationContext, Invocable, Registry } from '../activities/index.js';
import type { CompiledFlow } from '../compiler/index.js';
import type { FlowState, InstanceMessage, Run } from '../engine/index.js';
import { FlowError, toFailure, type JsonObject } from '../model/index.js';
import { plainJson } from '../expressions/index.js';

export class Invocations {
  readonly #registry: Registry;
  readonly #running = new Map<string, AbortController>();

  constructor(registry: Registry) {
    this.#registry = registry;
  }

  /** Resolves to the message that tells the instance how the call ended; never rejects. */
  async invoke(flow: CompiledFlow, state: Pick<FlowState, 'instance'>, run: Run): Promise<InstanceMessage> {
    const { token, attempt, activity } = run;
    const key = `${state.instance}/${token}`;
    const controller = new AbortController();
    this.#running.set(key, controller);
    try {
      const implementation = this.#implementation(flow, run);
      const input = run.input ?? {};
      const { instance } = state;
      const result = await callIn(run, implementation, run.arguments ?? input, {
        signal: controller.signal,
        // What commits or rolls back is known by the key of what it ends.
        idempotencyKey: run.undoes?.act ? `${instance}/${run.undoes.token}` : key,
        instance,
        flow: flow.definition.flow,
        activity,
        attempt,
        input,
        ...(run.transaction === undefined ? {} : { transaction: `${instance}/${run.transaction}` }),
      });
      const output = plainJson(result);
      return { type: 'result', token, attempt, ...(output === undefined ? {} : { output }) };
    } catch (error) {
      return { type: 'failure', token, attempt, failure: toFailure(error, activity) };
    } finally {
      if (this.#running.get(key) === controller) this.#running.delete(key);
    }
  }

  cancel(instance: string, token: string): void {
    const key = `${instance}/${token}`;
    this.#running.get(key)?.abort(new FlowError('Cancelled', 'The activity was cancelled.'));
    this.#running.delete(key);
  }

  cancelAll(): void {
    for (const controller of this.#running.values()) controller.abort(new FlowError('Cancelled', 'The page closes.'));
    this.#running.clear();
  }

  #implementation(flow: CompiledFlow, run: Run): Invocable {
    const activity = flow.plan.activities[run.activity]!;
    if (activity.type === 'call') {
      const call = this.#registry.resolve('flow');
      return (_, context) => call({ flow: activity.definition.calls!, input: run.input ?? {} }, context);
    }
    if (activity.type === 'send') return this.#registry.resolve('message');
    return this.#registry.resolve(run.ref ?? activity.definition.implementation!.ref);
  }
}

/** Calls it; inside an atomic sphere, calls the side of it that this run stands for. */
function callIn(
  run: Run,
  call: Invocable,
  args: JsonObject,
  context: InvocationContext,
): ReturnType<Invocable> | Promise<void> | void {
  if (run.transaction === undefined) return call(args, context);
  const { transactional } = call;
  const end = run.undoes;
  if (!transactional) {
    // Nothing has been prepared, so there is nothing to take back.
    if (end?.act === 'rollback') return;
    throw new FlowError(
      'FLOW-NOT-TRANSACTIONAL',
      `"${run.activity}" is in an atomic sphere; its implementation needs "prepare", "commit" and "rollback".`,
      { activity: run.activity },
    );
  }
  if (end?.act) return transactional[end.act](end.output, context);
  return transactional.prepare(args, context);
}
