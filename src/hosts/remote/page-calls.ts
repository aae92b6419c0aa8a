// Activities of flows on the server that run in the page of whoever started the flow (`environment: "page"`): the page takes their
// calls, as an agent does, when a view shows that one is under way.
import type { ImplementationFunction, InvocationContext } from '../../activities/implementation.js';
import { toFailure, type FlowDefinition, type Json, type JsonObject } from '../../model/index.js';
import type { InstanceView } from '../host.js';
import type { GatewayClient } from './gateway-client.js';

/** Where the page's functions are found. Throws for an unknown one. */
export interface PageFunctions {
  resolve(name: string): ImplementationFunction;
}

interface AgentCall extends Pick<InvocationContext, 'instance' | 'flow' | 'activity' | 'attempt' | 'idempotencyKey'> {
  readonly key: string;
  readonly implementation: string;
  readonly arguments: JsonObject;
  readonly input: JsonObject;
}
type Outcome = { readonly output?: Json } | { readonly failure: ReturnType<typeof toFailure> };

/** Seconds that a request for calls waits; a view may be seen before the call is offered. */
const WAIT = 3;
/** The server offers a call again when nothing is heard of it for three times as long, ms. */
const RENEW = 10_000;

export class PageCalls {
  readonly #client: GatewayClient;
  readonly #functions: PageFunctions;
  /** By content hash of a definition: the activities that run in a page. */
  readonly #activities = new Map<string, Promise<ReadonlySet<string>>>();
  readonly #underWay = new Map<string, AbortController>();
  /** A call that is offered again is answered again. */
  readonly #done = new Map<string, Outcome>();
  #path: Promise<string> | undefined;
  #isAsking = false;
  #isClosed = false;

  constructor(client: GatewayClient, functions: PageFunctions) {
    this.#client = client;
    this.#functions = functions;
  }

  /** Looks whether the instance has work for this page. */
  async see({ hash, status, activities }: InstanceView): Promise<void> {
    const running = Object.keys(activities).filter((id) => activities[id]!.state === 'running');
    if (status !== 'running' || running.length === 0 || hash === '') return;
    const ours = await this.#activitiesOf(hash).catch(() => undefined);
    if (ours && running.some((id) => ours.has(id))) await this.#ask();
  }

  close(): void {
    this.#isClosed = true;
    for (const abort of this.#underWay.values()) abort.abort(new Error('The page closes.'));
  }

  #activitiesOf(hash: string): Promise<ReadonlySet<string>> {
    let found = this.#activities.get(hash);
    if (!found) {
      found = this.#client
        .ask<FlowDefinition>({ path: `/v1/definitions/${encodeURIComponent(hash)}` })
        .then(({ activities }) => new Set(activities.flatMap((a) => (a.environment === 'page' ? a.id : []))));
      found.catch(() => this.#activities.delete(hash));
      this.#activities.set(hash, found);
    }
    return found;
  }

  /** Takes calls until there are no more. */
  async #ask(): Promise<void> {
    if (this.#isAsking) return;
    this.#isAsking = true;
    try {
      while (!this.#isClosed) {
        const calls = await this.#post<readonly AgentCall[]>('take', { wait: WAIT });
        if (calls.length === 0) return;
        for (const call of calls) void this.#work(call).catch(() => {});
      }
    } catch {
      // Offered again; the next view asks again.
    } finally {
      this.#isAsking = false;
    }
  }

  async #work(call: AgentCall): Promise<void> {
    const { key } = call;
    if (this.#underWay.has(key)) return;
    const abort = new AbortController();
    this.#underWay.set(key, abort);
    const renewing = setInterval(() => {
      void this.#post<{ gone: readonly string[] }>('renew', { keys: [key] }).then(
        ({ gone }) => gone.length > 0 && abort.abort(new Error('The activity was cancelled.')),
        () => {},
      );
    }, RENEW);
    try {
      const outcome = this.#done.get(key) ?? (await this.#perform(call, abort.signal));
      if (abort.signal.aborted) return;
      this.#done.set(key, outcome);
      await this.#post('finish', { key, ...outcome });
    } finally {
      clearInterval(renewing);
      this.#underWay.delete(key);
    }
  }

  async #perform(call: AgentCall, signal: AbortSignal): Promise<Outcome> {
    const { instance, flow, activity, attempt, idempotencyKey, input } = call;
    try {
      const context = { instance, flow, activity, attempt, idempotencyKey, input, signal };
      const output = await this.#functions.resolve(call.implementation)(call.arguments, context);
      return output === undefined ? {} : { output: output as Json };
    } catch (error) {
      return { failure: toFailure(error, activity) };
    }
  }

  async #post<T>(operation: string, body: unknown): Promise<T> {
    this.#path ??= this.#client
      .ask<{ id: string }>({ path: '/v1/me' })
      .then(({ id }) => `/v1/agents/${encodeURIComponent(`page:${id}`)}`);
    this.#path.catch(() => (this.#path = undefined));
    return this.#client.ask<T>({ method: 'POST', path: `${await this.#path}/${operation}`, body });
  }
}
