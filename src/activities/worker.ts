// Implementations in a Web Worker: heavy or distrusted work off the main thread. The page's side gives implementations that
// send each call to the worker; the worker's side answers. A call that is cancelled or times out is told to the worker.
import { FlowError, toFailure, type FailureData, type Json, type JsonObject } from '../model/index.js';
import type { ImplementationFunction, Implementations, InvocationContext } from './implementation.js';

/** What goes between the two; plain data. */
type ToWorker =
  | {
      readonly millrace: 'call';
      readonly id: number;
      readonly name: string;
      readonly args: JsonObject;
      readonly context: Omit<InvocationContext, 'signal'>;
    }
  | { readonly millrace: 'abort'; readonly id: number };
type FromWorker =
  | { readonly millrace: 'result'; readonly id: number; readonly output?: Json }
  | { readonly millrace: 'failure'; readonly id: number; readonly failure: FailureData };

interface Pending {
  readonly resolve: (output: Json | void) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Implementations for `runtime.implement(…)` that run in the worker. `worker` is made with the first call, and anew after it
 * has crashed: `workerImplementations(() => new Worker(new URL('./heavy.js', import.meta.url), { type: 'module' }), ['score'])`.
 */
export function workerImplementations(worker: () => Worker, names: readonly string[]): Implementations {
  const implementation = implementationsIn(worker);
  return Object.fromEntries(names.map((name) => [name, implementation(name)]));
}

/** The worker's implementations by name; what it does not have fails with `FLOW-UNKNOWN-IMPLEMENTATION`. */
export function implementationsIn(worker: () => Worker): (name: string) => ImplementationFunction {
  const calls = new WorkerCalls(worker);
  return (name) => calls.implementation(name);
}

/** Called in the worker: answers the calls of the page with these functions. */
export function serveImplementations(implementations: Readonly<Record<string, ImplementationFunction>>): void {
  const underWay = new Map<number, AbortController>();
  const post = (message: FromWorker): void => (globalThis as unknown as Worker).postMessage(message);
  globalThis.addEventListener('message', (event) => {
    const message = (event as MessageEvent).data as ToWorker | undefined;
    if (message?.millrace === 'abort')
      underWay.get(message.id)?.abort(new FlowError('Cancelled', 'The activity was cancelled.'));
    if (message?.millrace !== 'call') return;
    const { id, name, args, context } = message;
    const abort = new AbortController();
    underWay.set(id, abort);
    const call = async (): Promise<Json | void> => {
      const implementation = Object.hasOwn(implementations, name) ? implementations[name] : undefined;
      if (!implementation)
        throw new FlowError('FLOW-UNKNOWN-IMPLEMENTATION', `The worker has no implementation "${name}".`);
      return implementation(args, { ...context, signal: abort.signal });
    };
    call()
      .then(
        (output) => post({ millrace: 'result', id, ...(output === undefined ? {} : { output: output as Json }) }),
        (error: unknown) => post({ millrace: 'failure', id, failure: toFailure(error) }),
      )
      .finally(() => underWay.delete(id));
  });
}

class WorkerCalls {
  readonly #make: () => Worker;
  readonly #pending = new Map<number, Pending>();
  #worker: Worker | undefined;
  #next = 0;

  constructor(make: () => Worker) {
    this.#make = make;
  }

  implementation(name: string): ImplementationFunction {
    return (args, { signal, ...context }) => {
      signal.throwIfAborted();
      const worker = this.#open();
      const id = this.#next++;
      return new Promise<Json | void>((resolve, reject) => {
        this.#pending.set(id, { resolve, reject });
        signal.addEventListener('abort', () => {
          if (!this.#pending.delete(id)) return;
          worker.postMessage({ millrace: 'abort', id } satisfies ToWorker);
          reject(signal.reason as Error);
        });
        worker.postMessage({ millrace: 'call', id, name, args, context } satisfies ToWorker);
      });
    };
  }

  #open(): Worker {
    if (this.#worker) return this.#worker;
    const worker = this.#make();
    worker.addEventListener('message', ({ data }: MessageEvent<FromWorker>) => {
      const pending = this.#pending.get(data.id);
      if (!pending || !this.#pending.delete(data.id)) return;
      if (data.millrace === 'result') pending.resolve(data.output);
      else pending.reject(Object.assign(new Error(data.failure.message), data.failure));
    });
    worker.addEventListener('error', (event) => {
      event.preventDefault();
      this.#crashed(worker, event.message);
    });
    this.#worker = worker;
    return worker;
  }

  /** Nobody knows how far its calls got; their retry policies and idempotency keys deal with that. */
  #crashed(worker: Worker, why: string): void {
    worker.terminate();
    if (this.#worker === worker) this.#worker = undefined;
    const message = `The worker has crashed: ${why || 'it could not be loaded'}.`;
    for (const { reject } of this.#pending.values())
      reject(new FlowError('WORKER-CRASHED', message, {}, { retryable: true }));
    this.#pending.clear();
  }
}
