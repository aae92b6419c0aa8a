// Calls implementations, each as one durable step: its result is kept before anybody hears of it, and only a call that was
// under way when the process died is made again, with the same idempotency key.
import { handlers, service, type Context } from '@restatedev/restate-sdk';
import { Invocations } from '../../../src/hosts/kit.js';
import type {
  CompiledFlow,
  ImplementationFunction,
  InstanceMessage,
  InvocationContext,
  Registry,
  Run,
  TransactionalImplementation,
} from '../../../src/index.js';
import { bounded } from './bounded.js';
import { ACTIVITIES, DEFAULT_TENANT, keyOf, type Call } from './contract.js';
import type { FlowLibrary } from './flow-library.js';
import { Instance, type ActivitiesService } from './objects.js';

/** How long a call may be silent before the engine gives it up. Time limits are the flow's own affair (`timeout`). */
const A_WEEK = 7 * 86_400_000;

/** How long a turn of an instance waits for a call, ms. */
const A_MOMENT = 100;
/** How long the outcome of a call that has been handed over is remembered after it was taken, ms. */
const KEPT = 60_000;

export function createActivitiesService(calls: Calls): ReturnType<typeof build> {
  return build(calls);
}

function build(calls: Calls) {
  const implementation: ActivitiesService = {
    run: handlers.handler(
      { inactivityTimeout: A_WEEK, abortTimeout: A_WEEK, journalRetention: 0 },
      (ctx: Context, call: Call) => calls.run(ctx, call),
    ),
    abort: async (_, { tenant, instance, token }) => calls.of(tenant).cancel(instance, token),
  };
  return service({ name: ACTIVITIES, handlers: implementation, options: { ingressPrivate: true } });
}

/** The calls of this process. */
export class Calls {
  readonly #flows: FlowLibrary;
  readonly #registryOf: (tenant: string) => Registry;
  readonly #byTenant = new Map<string, Invocations>();
  /** Calls that a turn has begun and does not wait for. */
  readonly #handedOver = new Map<string, Promise<InstanceMessage>>();

  /** `areInTurns`: turns of instances make short calls themselves. */
  constructor(
    flows: FlowLibrary,
    registryOf: (tenant: string) => Registry,
    readonly areInTurns: boolean,
  ) {
    this.#flows = flows;
    this.#registryOf = registryOf;
  }

  async run(ctx: Context, call: Call): Promise<void> {
    const { tenant, instance, run } = call;
    const flow = await this.#flows.byHash(tenant, call.hash);
    const message = isOnce(flow, run) ? await this.#once(ctx, flow, call) : await this.#keyed(ctx, flow, call);
    ctx.objectSendClient(Instance, keyOf(tenant, instance)).message(message);
  }

  /** The calls of a tenant; instances of two tenants may have the same id, their calls must not have the same key. */
  of(tenant: string): Invocations {
    let invocations = this.#byTenant.get(tenant);
    if (!invocations) {
      const registry = this.#registryOf(tenant);
      invocations = new Invocations(tenant === DEFAULT_TENANT ? registry : prefixed(registry, tenant));
      this.#byTenant.set(tenant, invocations);
    }
    return invocations;
  }

  async #keyed(ctx: Context, flow: CompiledFlow, { tenant, instance, run }: Call): Promise<InstanceMessage> {
    return ctx.run(run.activity, async () => {
      const key = callOf(tenant, instance, run);
      const begun = this.#handedOver.get(key);
      const message = await (begun ?? this.#invoke(tenant, flow, instance, run));
      // Only when it is kept: an invocation that the engine makes again finds it once more.
      if (begun) setTimeout(() => this.#handedOver.delete(key), KEPT).unref();
      return message;
    });
  }

  /**
   * Makes a call for a turn that waits no longer than a moment, or `patience`, ms. A call that takes longer goes on, and `run` finds
   * it; where there are several flow services, it might come to another one and call again, so turns make no calls there.
   */
  async shortly(
    tenant: string,
    flow: CompiledFlow,
    instance: string,
    run: Run,
    patience: number,
  ): Promise<InstanceMessage | undefined> {
    const key = callOf(tenant, instance, run);
    const call = this.#handedOver.get(key) ?? this.#invoke(tenant, flow, instance, run);
    let timer: NodeJS.Timeout | undefined;
    const moment = new Promise<undefined>((resolve) => {
      timer = setTimeout(() => resolve(undefined), Math.min(A_MOMENT, patience));
    });
    const message = await Promise.race([call, moment]);
    clearTimeout(timer);
    if (message === undefined) this.#handedOver.set(key, call);
    return message;
  }

  async #invoke(tenant: string, flow: CompiledFlow, instance: string, run: Run): Promise<InstanceMessage> {
    return bounded(await this.of(tenant).invoke(flow, { instance }, run));
  }

  /**
   * At most once: a mark is kept before the call. Whoever finds the mark but has not set it itself cannot know whether the
   * call was made, and says so.
   */
  async #once(ctx: Context, flow: CompiledFlow, call: Call): Promise<InstanceMessage> {
    const { activity } = call.run;
    let isMine = false;
    await ctx.run('about to call', () => void (isMine = true));
    return ctx.run(activity, async () => {
      if (isMine) return bounded(await this.of(call.tenant).invoke(flow, { instance: call.instance }, call.run));
      return indeterminate(call.run);
    });
  }
}

/** A call that may happen only once has begun, and nobody knows whether it happened. */
export function indeterminate(
  { token, attempt, activity }: Pick<Run, 'token' | 'attempt' | 'activity'>,
  happened = 'the server stopped',
): InstanceMessage {
  const message = `It is not known whether "${activity}" was done before ${happened}. Find out, then retry or skip it.`;
  return { type: 'failure', token, attempt, failure: { code: 'Indeterminate', message, activity, retryable: false } };
}

/** A call that must not be made again on the quiet. */
export function isOnce(flow: CompiledFlow, { activity }: Run): boolean {
  const { onResume = 'keyed' } = flow.plan.activities[activity]?.definition.implementation ?? {};
  return onResume !== 'keyed';
}

function prefixed(registry: Registry, tenant: string): Registry {
  const own = (context: InvocationContext): InvocationContext => ({
    ...context,
    // A getter of the context's class, which spreading leaves behind.
    signal: context.signal,
    idempotencyKey: keyOf(tenant, context.idempotencyKey),
    ...(context.transaction === undefined ? {} : { transaction: keyOf(tenant, context.transaction) }),
  });
  return {
    register: (name, implementation) => registry.register(name, implementation),
    resolve: (name) => {
      const implementation = registry.resolve(name);
      const call: ImplementationFunction = (args, context) => implementation(args, own(context));
      const { transactional } = implementation;
      if (!transactional) return call;
      return Object.assign(call, {
        transactional: {
          prepare: (args, context) => transactional.prepare(args, own(context)),
          commit: (result, context) => transactional.commit(result, own(context)),
          rollback: (result, context) => transactional.rollback(result, own(context)),
        } satisfies TransactionalImplementation,
      });
    },
  };
}

function callOf(tenant: string, instance: string, { token, attempt }: Run): string {
  return keyOf(tenant, instance, token, String(attempt));
}
