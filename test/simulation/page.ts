// A page in a simulated tab: opens the browser host as any page would and lets visitors act on it. Keeps what was acknowledged.
import type {
  CompiledFlow,
  HostCommand,
  Implementations,
  InstanceView,
  JsonObject,
  ScheduleSettings,
  StartOptions,
} from '../../src/index.js';
import { createBrowserHost, type BrowserHost } from '../../src/hosts/browser/index.js';
import type { Browser } from './browser.js';
import type { Tab } from './tab.js';

export interface Act {
  readonly what: 'start' | 'complete' | 'signal' | 'cancel' | 'retry' | 'schedule';
  /** Instance, task or signal id, or the name of a schedule. */
  readonly target: string;
  readonly tab: number;
  readonly isAnswerable: () => boolean;
  state: 'asked' | 'acknowledged' | 'refused';
  code?: string;
}

export interface PageListener {
  /** The host has answered; whatever it acknowledged must be durable at this moment. */
  readonly acknowledged: (act: Act, view?: InstanceView) => void;
  readonly violation: (text: string) => void;
  readonly log: (text: string) => void;
}

export const DATABASE = 'simulated';

export class Page {
  readonly tab: Tab;
  readonly acts: Act[];
  readonly #listener: PageListener;
  #host: BrowserHost | undefined;
  #hasFailed = false;
  #isClosing = false;
  readonly #seen = new Map<string, number>();

  constructor(
    browser: Browser,
    readonly implementations: Implementations,
    flows: readonly CompiledFlow[],
    acts: Act[],
    listener: PageListener,
  ) {
    this.tab = browser.open();
    this.acts = acts;
    this.#listener = listener;
    this.tab.run(() => void this.#open(flows));
  }

  /** Whether it has what flows call; else other pages have to do that for it. */
  get canCall(): boolean {
    return this.tab.isAlive && 'api' in this.implementations;
  }

  /** Whether a visitor could do something here now. */
  get isUsable(): boolean {
    return this.tab.isAlive && !this.tab.isFrozen && this.#host !== undefined;
  }

  get #isOpen(): boolean {
    return this.tab.isAlive && !this.#isClosing;
  }

  /** Whether the page could not be opened, and a visitor would reload it. */
  get hasFailed(): boolean {
    return this.#hasFailed;
  }

  get isExecutor(): boolean {
    return this.#host?.isExecutor ?? false;
  }

  start(flow: string, input: JsonObject, options: StartOptions): void {
    this.#act('start', options.id!, (host) => host.start(flow, input, options));
  }

  complete(task: string, n: number, user: string): void {
    this.#send('complete', task, { type: 'complete', task, user: { id: user, roles: ['clerk'] }, output: { n } });
  }

  /** `isNamed`: with an id, so that it can be sent twice and takes effect once. */
  signal(id: string, name: string, key: string, isNamed = true): void {
    const signal = { name, key, data: { n: 1, id, key }, ...(isNamed ? { id } : {}) };
    this.#send('signal', id, { type: 'signal', signal });
  }

  cancel(instance: string): void {
    this.#act('cancel', instance, (host) => host.cancel(instance));
  }

  retry(instance: string): void {
    this.#act('retry', instance, (host) => host.retry(instance));
  }

  schedule(settings: ScheduleSettings): void {
    this.#act('schedule', settings.name, async (host) => void (await (await host.schedules()).put(settings)));
  }

  look(): void {
    if (this.#host) this.tab.run(() => void this.#host!.list().catch((e: unknown) => this.#refused('list', e)));
  }

  close(): void {
    this.#isClosing = true;
    this.tab.run(() => void this.#host?.close().catch((e: unknown) => this.#refused('close', e)));
  }

  async #open(flows: readonly CompiledFlow[]): Promise<void> {
    try {
      const host = await createBrowserHost({ name: DATABASE, implementations: this.implementations });
      for (const flow of flows) await host.deploy(flow);
      host.watch(undefined, ({ id, v }) => {
        if (v <= (this.#seen.get(id) ?? -1)) this.#listener.violation(`tab ${this.tab.id} saw ${id} go back to ${v}`);
        this.#seen.set(id, v);
      });
      this.#host = host;
    } catch (error) {
      this.#hasFailed = true;
      this.#refused('open', error);
    }
  }

  #send(what: Act['what'], target: string, command: HostCommand): void {
    this.#act(what, target, (host) => host.send(command));
  }

  #act(what: Act['what'], target: string, work: (host: BrowserHost) => Promise<InstanceView | void>): void {
    this.tab.run(() => {
      if (!this.#host) return;
      const act: Act = { what, target, tab: this.tab.id, isAnswerable: () => this.#isOpen, state: 'asked' };
      this.acts.push(act);
      this.#listener.log(`tab ${this.tab.id}: ${what} ${target}`);
      work(this.#host).then(
        (view) => {
          act.state = 'acknowledged';
          this.#listener.log(`tab ${this.tab.id}: ${what} ${target} acknowledged`);
          this.#listener.acknowledged(act, view ?? undefined);
        },
        (error: unknown) => {
          act.state = 'refused';
          act.code = this.#refused(`${what} ${target}`, error);
        },
      );
    });
  }

  /** What is refused is refused with a typed error. */
  #refused(what: string, error: unknown): string {
    const { code, message } = error as { code?: unknown; message?: string };
    this.#listener.log(`tab ${this.tab.id}: ${what} refused: ${String(code)}`);
    if (typeof code !== 'string' || !code.startsWith('FLOW-'))
      this.#listener.violation(`${what} was refused without a typed error: ${String(error)} ${message ?? ''}`);
    return String(code);
  }
}
