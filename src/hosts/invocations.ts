// Carrying out `run` effects: resolves the implementation, calls it, turns what comes back into a message. Keeps the
// AbortController of every call in flight, so that a cancel reaches it.
import type { InvocationContext, Invocable, Registry } from '../activities/index.js';
import type { CompiledFlow } from '../compiler/index.js';
import type { FlowState, InstanceMessage, Run, Unavailable } from '../engine/index.js';
import { FlowError, toFailure, type JsonObject } from '../model/index.js';
import { plainJson } from '../expressions/index.js';

/** The code of an implementation that nobody has registered. */
export const UNKNOWN = 'FLOW-UNKNOWN-IMPLEMENTATION';

export class Invocations {
  readonly #registry: Registry;
  readonly #running = new Map<string, Call>();

  constructor(registry: Registry) {
    this.#registry = registry;
  }

  /** Resolves to the message that tells the instance how the call ended; never rejects. */
  invoke(flow: CompiledFlow, state: Pick<FlowState, 'instance'>, run: Run): Promise<InstanceMessage> {
    const { token, attempt, activity } = run;
    const key = `${state.instance}/${token}`;
    const call = new Call(flow, state.instance, run, key);
    this.#running.set(key, call);
    const over = (): void => {
      if (this.#running.get(key) === call) this.#running.delete(key);
    };
    const failed = (error: unknown): InstanceMessage => {
      over();
      return { type: 'failure', token, attempt, failure: toFailure(error, activity) };
    };
    const answered = (result: unknown): InstanceMessage => {
      try {
        const output = plainJson(result);
        over();
        return { type: 'result', token, attempt, ...(output === undefined ? {} : { output }) };
      } catch (error) {
        return failed(error);
      }
    };
    // Not an async function, which would be one promise more for every activity.
    try {
      const result = callIn(run, this.#implementation(flow, run), run.arguments ?? call.input, call);
      return Promise.resolve(result).then(answered, failed);
    } catch (error) {
      return Promise.resolve(failed(error));
    }
  }

  /** What a page would have to register for this call to be made here. */
  lack(flow: CompiledFlow, run: Run): Unavailable | undefined {
    try {
      this.#implementation(flow, run);
      return undefined;
    } catch (error) {
      const { code, message } = error as FlowError;
      if (code !== UNKNOWN) return undefined;
      const { implementation } = flow.plan.activities[run.activity]!.definition;
      return { implementation: run.ref ?? implementation?.ref ?? '', message };
    }
  }

  cancel(instance: string, token: string): void {
    const key = `${instance}/${token}`;
    this.#running.get(key)?.abort(new FlowError('Cancelled', 'The activity was cancelled.'));
    this.#running.delete(key);
  }

  cancelAll(): void {
    // Not `Cancelled`: the activity goes on, in another page or a later one.
    const reason = new FlowError('FLOW-CLOSED', 'The page closes.');
    for (const call of this.#running.values()) call.abort(reason);
    this.#running.clear();
  }

  #implementation(flow: CompiledFlow, run: Run): Invocable {
    const activity = flow.plan.activities[run.activity]!;
    if (activity.type === 'call') {
      const call = this.#registry.resolve('flow');
      return (_, context) => call({ flow: activity.definition.calls!, input: run.input ?? {} }, context);
    }
    const thrown = activity.definition.throw;
    if (thrown?.event === 'escalation') {
      const escalate = this.#registry.resolve('escalate');
      return (_, context) => escalate(thrown.code === undefined ? {} : { code: thrown.code }, context);
    }
    if (activity.type === 'send') return this.#registry.resolve('message');
    const { environment, implementation } = activity.definition;
    const place = environment === undefined ? undefined : { definition: flow.definition, environment };
    return this.#registry.resolve(run.ref ?? implementation!.ref, place);
  }
}

/** What an implementation is told. Its abort signal is made when it is asked for: most calls never look at it. */
class Call implements InvocationContext {
  readonly idempotencyKey: string;
  readonly instance: string;
  readonly flow: string;
  readonly activity: string;
  readonly attempt: number;
  readonly input: JsonObject;
  declare readonly transaction?: string;
  #controller: AbortController | undefined;

  constructor(flow: CompiledFlow, instance: string, run: Run, key: string) {
    // What commits or rolls back is known by the key of what it ends.
    this.idempotencyKey = run.undoes?.act ? `${instance}/${run.undoes.token}` : key;
    this.instance = instance;
    this.flow = flow.definition.flow;
    this.activity = run.activity;
    this.attempt = run.attempt;
    this.input = run.input ?? {};
    if (run.transaction !== undefined) this.transaction = `${instance}/${run.transaction}`;
  }

  get signal(): AbortSignal {
    return (this.#controller ??= new AbortController()).signal;
  }

  abort(reason: FlowError): void {
    (this.#controller ??= new AbortController()).abort(reason);
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
