// The implementations that a host does itself: calling another flow, starting one without waiting for it, sending a message.
import {
  createLogImplementation,
  createRegistry,
  type ImplementationFunction,
  type Implementations,
  type InvocationContext,
  type Registry,
} from '../activities/index.js';
import type { FlowError, Json, JsonObject } from '../model/index.js';
import type { FlowHost, InstanceView, StartOptions } from './host.js';

/** What a host was given, with `log` and the implementations that the host does itself. */
export function registryOf(
  given: Implementations | Registry | undefined,
  host: FlowHost,
  escalate: Escalate,
): Registry {
  return withHostImplementations(
    isRegistry(given) ? given : createRegistry({ log: createLogImplementation(), ...given }),
    host,
    escalate,
  );
}

function isRegistry(value: Implementations | Registry | undefined): value is Registry {
  const { resolve, register } = (value ?? {}) as Partial<Registry>;
  return typeof resolve === 'function' && typeof register === 'function';
}

/** The activity that has called a flow. */
export type Caller = NonNullable<StartOptions['parent']>;

/** Tells the nearest caller that takes it of an escalation. */
export type Escalate = (caller: Caller, code?: string) => Promise<void>;

/** `flow` (a call), `start-flow` (nobody waits for its end), `message` (a send) and `escalate` (out of a called flow). */
function withHostImplementations(registry: Registry, host: FlowHost, escalate: Escalate): Registry {
  const own: Readonly<Record<string, ImplementationFunction>> = {
    flow: (args, context) => callFlow(host, args, context),
    'start-flow': (args, context) => startFlow(host, args, context),
    escalate: ({ code }, { instance }) => escalate(callerOf(instance), code as string | undefined),
    message: async (args, context) => {
      const { name, key, data, broadcast } = args;
      await host.send({
        type: 'signal',
        signal: {
          id: context.idempotencyKey,
          name: String(name),
          ...(key === undefined ? {} : { key: String(key) }),
          ...(data === undefined ? {} : { data }),
          ...(broadcast === true ? { broadcast } : {}),
        },
      });
    },
  };
  return {
    register: (name, implementation) => registry.register(name, implementation),
    resolve: (name, place) => own[name] ?? registry.resolve(name, place),
  };
}

/** Starts another flow and goes on; a repetition finds the same instance. */
async function startFlow(host: FlowHost, args: JsonObject, context: InvocationContext): Promise<void> {
  const id = context.idempotencyKey.replace('/', '.');
  await host.start(String(args['flow']), (args['input'] ?? {}) as JsonObject, { id });
  // What it waits for first.
  const { message } = args;
  if (message !== undefined)
    await host.send({ type: 'signal', signal: { id: context.idempotencyKey, name: String(message) } });
}

/** The id of a called flow is made of its caller's. */
function callerOf(id: string): Caller {
  const dot = id.lastIndexOf('.');
  return { instance: id.slice(0, dot), token: id.slice(dot + 1) };
}

/** Runs another flow as an activity: its id follows from the caller's token, so a repetition finds the same instance. */
async function callFlow(host: FlowHost, args: JsonObject, context: InvocationContext): Promise<Json> {
  const [instance, token] = [context.instance, context.idempotencyKey.slice(context.instance.length + 1)];
  const id = `${instance}.${token}`;
  return new Promise<Json>((resolve, reject) => {
    const settle = (view: InstanceView | undefined): boolean => {
      if (!view || view.status === 'running') return false;
      stop();
      if (view.status === 'completed') resolve(view.output ?? {});
      else
        reject(
          Object.assign(new Error(view.failure?.message ?? `The flow "${view.flow}" was cancelled.`), view.failure),
        );
      return true;
    };
    const stop = host.watch(id, settle);
    context.signal.addEventListener('abort', () => {
      stop();
      // A page that closes has not cancelled anything: whoever goes on with the caller finds this instance again.
      if ((context.signal.reason as FlowError).code !== 'FLOW-CLOSED')
        void host.cancel(id, 'The calling activity was cancelled.').catch(() => {});
      reject(context.signal.reason);
    });
    host
      .start(String(args['flow']), args['input'] as JsonObject, { id, parent: { instance, token } })
      .then(settle, (error: unknown) => {
        stop();
        reject(error);
      });
  });
}
