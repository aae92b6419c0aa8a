// An activity of a flow in this page that is done by the server, or by an agent behind it: started there under the key of the
// call, so that a page that comes back finds it, and waited for. Retries are made there.
import type { InvocationContext } from '../activities/implementation.js';
import type { FlowHost, InstanceView } from '../hosts/host.js';
import { activityAsFlow } from '../model/environment.js';
import type { FlowDefinition, Json } from '../model/definition.js';
import { FlowError } from '../model/errors.js';

export async function callElsewhere(
  host: FlowHost,
  definition: FlowDefinition,
  { activity: name, idempotencyKey, attempt, input, signal }: InvocationContext,
): Promise<Json | void> {
  const activity = definition.activities.find(({ id }) => id === name)!;
  const { flow } = (await host.deploy(activityAsFlow(definition, activity))).definition;
  signal.throwIfAborted();
  const key = idempotencyKey.replace('/', '.');
  const id = attempt === 1 ? key : `${key}.${attempt}`;
  const view = await ended(host, id, () => host.start(flow, input, { id }), signal);
  if (view.status === 'completed') return view.output?.['result'];
  const { code = 'Cancelled', message = `"${name}" was cancelled at the server.`, details } = view.failure ?? {};
  throw new FlowError(
    code,
    message,
    { activity: name, instance: id },
    { retryable: false, ...(details === undefined ? {} : { details }) },
  );
}

/** Starts it and waits for its end; cancels it when nobody wants it any more. */
function ended(
  host: FlowHost,
  id: string,
  start: () => Promise<InstanceView>,
  signal: AbortSignal,
): Promise<InstanceView> {
  return new Promise((resolve, reject) => {
    const take = (view: InstanceView): void => {
      if (view.status === 'running') return;
      unwatch();
      resolve(view);
    };
    const unwatch = host.watch(id, take);
    signal.addEventListener('abort', () => {
      unwatch();
      void host.cancel(id, 'The activity was cancelled in the page.').catch(() => {});
      reject(signal.reason as Error);
    });
    start().then(take, (error: unknown) => {
      unwatch();
      reject(error as Error);
    });
  });
}
