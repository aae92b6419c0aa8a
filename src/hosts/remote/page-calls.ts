// Activities of flows on the server that run in the page of whoever started the flow (`environment: "page"`): the page takes their
// calls, as an agent does, when a view shows that one is under way.
import type { ImplementationFunction, InvocationContext } from '../../activities/implementation.js';
import { toFailure, type FlowDefinition, type Json, type JsonObject } from '../../model/index.js';
import type { InstanceView } from '../host.js';
import { isOffline, type GatewayClient } from './gateway-client.js';
import type { OutboxEntry } from './outbox.js';

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
/** Keeps an answer until the server has it, over reloads of the page and while it cannot be reached. */
export interface PageAnswers {
  send(entry: OutboxEntry): Promise<unknown>;
  /** Whether the answer with this id is still on its way. */
  has(id: string): Promise<boolean>;
}
type Outcome = { readonly output?: Json } | { readonly failure: ReturnType<typeof toFailure> };

/** Seconds that a request for calls waits; a view may be seen before the call is offered. */
const WAIT = 3;
/** The server offers a call again when nothing is heard of it for three times as long, ms. */
const RENEW = 10_000;
/** Between two requests for calls that brought none, ms. */
const FIRST_PAUSE = 500;
const LONGEST_PAUSE = 30_000;

export class PageCalls {
  readonly #client: GatewayClient;
  readonly #functions: PageFunctions;
  /** By content hash of a definition: the activities that run in a page. */
  readonly #activities = new Map<string, Promise<ReadonlySet<string>>>();
  readonly #underWay = new Map<string, AbortController>();
  /** A call that is offered again is answered again. */
  readonly #done = new Map<string, Outcome>();
  readonly #answers: PageAnswers;
  #me: Promise<string> | undefined;
  /** Instances that wait for a call of this page, by what was told last. */
  readonly #waiting = new Set<string>();
  /** Views that are being looked at. */
  readonly #newest = new Map<string, InstanceView>();
  #wake: () => void = () => {};
  #isAsking = false;
  #isClosed = false;

  constructor(client: GatewayClient, functions: PageFunctions, answers: PageAnswers) {
    this.#client = client;
    this.#functions = functions;
    this.#answers = answers;
  }

  /** Looks whether the instance has work for this page. */
  async see(view: InstanceView): Promise<void> {
    const { id, hash, status, activities } = view;
    this.#newest.set(id, view);
    const running = Object.keys(activities).filter((one) => activities[one]!.state === 'running');
    const mayBeOurs = status === 'running' && running.length > 0 && hash !== '';
    const ours = mayBeOurs && (await this.#areOurs(hash, running));
    // What was told meanwhile counts.
    if (this.#newest.get(id) !== view) return;
    this.#newest.delete(id);
    if (!ours) return void this.#waiting.delete(id);
    this.#waiting.add(id);
    await this.#ask();
  }

  close(): void {
    this.#isClosed = true;
    this.#waiting.clear();
    this.#wake();
    for (const abort of this.#underWay.values()) abort.abort(new Error('The page closes.'));
  }

  /** Also true when the server cannot be asked: then it is asked for calls until it can. */
  async #areOurs(hash: string, running: readonly string[]): Promise<boolean> {
    try {
      const ours = await this.#activitiesOf(hash);
      return running.some((id) => ours.has(id));
    } catch (error) {
      return isOffline(error);
    }
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

  /** Takes calls as long as an instance waits for one. */
  async #ask(): Promise<void> {
    this.#wake();
    if (this.#isAsking) return;
    this.#isAsking = true;
    let pause = FIRST_PAUSE;
    while (this.#isWaitedFor()) {
      const calls = await this.#post<readonly AgentCall[]>('take', { wait: WAIT }).catch(() => []);
      for (const call of calls) void this.#work(call).catch(() => {});
      // Another tab may have it, the server be away, or the call not be offered yet.
      if (calls.length > 0) pause = FIRST_PAUSE;
      else await this.#rest(pause);
      pause = Math.min(2 * pause, LONGEST_PAUSE);
    }
    this.#isAsking = false;
  }

  #isWaitedFor(): boolean {
    const busy = new Set([...this.#underWay.keys()].map((key) => key.split('/')[0]!));
    return !this.#isClosed && [...this.#waiting].some((id) => !busy.has(id));
  }

  #rest(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, ms);
      (timer as { unref?: () => void }).unref?.();
      this.#wake = () => (clearTimeout(timer), resolve());
    });
  }

  async #work(call: AgentCall): Promise<void> {
    const { key, instance } = call;
    const id = `answer ${key}`;
    if (this.#underWay.has(key) || (await this.#answers.has(id))) return;
    const abort = new AbortController();
    this.#underWay.set(key, abort);
    const renewing = setInterval(() => {
      void this.#post<{ gone: readonly string[] }>('renew', { keys: [key] }).then(
        ({ gone }) => gone.length > 0 && abort.abort(new Error('The activity was cancelled.')),
        () => {},
      );
    }, RENEW);
    // A function may take no notice of it; the call is somebody else's all the same.
    abort.signal.addEventListener('abort', () => clearInterval(renewing));
    try {
      const outcome = this.#done.get(key) ?? (await this.#perform(call, abort.signal));
      if (abort.signal.aborted) return;
      this.#done.set(key, outcome);
      const by = await this.#user();
      const body = { key, ...outcome } as unknown as JsonObject;
      await this.#answers.send({ id, path: `${pathOf(by)}/finish`, body, instance, by, at: Date.now() });
    } finally {
      clearInterval(renewing);
      this.#underWay.delete(key);
      void this.#ask();
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

  #user(): Promise<string> {
    this.#me ??= this.#client.ask<{ id: string }>({ path: '/v1/me' }).then(({ id }) => id);
    this.#me.catch(() => (this.#me = undefined));
    return this.#me;
  }

  async #post<T>(operation: string, body: unknown): Promise<T> {
    return this.#client.ask<T>({ method: 'POST', path: `${pathOf(await this.#user())}/${operation}`, body });
  }
}

function pathOf(user: string): string {
  return `/v1/agents/${encodeURIComponent(`page:${user}`)}`;
}
