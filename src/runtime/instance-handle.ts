// A page's hold on one instance, wherever its host keeps it: the newest view, its end, and what can be done to it.
import type { Intervention } from '../engine/state.js';
import type { FlowHost, InstanceView, RetryOptions } from '../hosts/host.js';
import type { FlowDefinition } from '../model/definition.js';

export interface InstanceHandle {
  readonly id: string;
  /** The definition the page knows under the flow's name; names for the ids in the view. */
  readonly definition: FlowDefinition;
  /** The newest view. */
  readonly view: InstanceView;
  /** Resolves with the view in which the instance completed, failed or was cancelled; after `retry`, with the next such. Never rejects. */
  readonly done: Promise<InstanceView>;
  /** Calls back with every newer view; gives the function that ends it. */
  watch(listener: (view: InstanceView) => void): () => void;
  /** Asks for the newest view, as after a return from the back/forward cache. */
  refresh(): Promise<InstanceView>;
  cancel(reason?: string): Promise<void>;
  /** Takes failed activities up again, after writing `variables`. */
  retry(options?: RetryOptions): Promise<void>;
}

/** Whether nothing happens by itself any more: over, or stopped at a failure. */
export function isAtRest(view: InstanceView): boolean {
  return view.status !== 'running';
}

export class HostedInstance implements InstanceHandle {
  readonly id: string;
  readonly definition: FlowDefinition;
  readonly #host: FlowHost;
  readonly #by: Intervention;
  readonly #listeners = new Set<(view: InstanceView) => void>();
  #view: InstanceView;
  #done: Promise<InstanceView>;
  #rest: (view: InstanceView) => void = () => {};
  #stop: (() => void) | undefined;

  /** `by`: whose hold it is, for the journal. */
  constructor(host: FlowHost, definition: FlowDefinition, view: InstanceView, by: Intervention = {}) {
    this.#by = by;
    this.id = view.id;
    this.definition = definition;
    this.#host = host;
    this.#view = view;
    this.#done = this.#nextRest();
    this.#stop = host.watch(this.id, (next) => this.#take(next));
    this.#settle();
    // It may have moved on between its start and this watch. Storage that fails here fails louder elsewhere.
    this.refresh().catch(() => {});
  }

  get view(): InstanceView {
    return this.#view;
  }

  get done(): Promise<InstanceView> {
    return this.#done;
  }

  watch(listener: (view: InstanceView) => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  async refresh(): Promise<InstanceView> {
    const view = await this.#host.get(this.id);
    if (view) this.#take(view);
    return this.#view;
  }

  async cancel(reason?: string): Promise<void> {
    await this.#host.cancel(this.id, reason, this.#by.by);
  }

  async retry(options: RetryOptions = {}): Promise<void> {
    this.#done = this.#nextRest();
    try {
      await this.#host.retry(this.id, { ...this.#by, ...options });
    } catch (error) {
      this.#rest(this.#view);
      throw error;
    }
  }

  #nextRest(): Promise<InstanceView> {
    return new Promise((resolve) => (this.#rest = resolve));
  }

  #take(view: InstanceView): void {
    if (view.v <= this.#view.v) return;
    this.#view = view;
    // What one of them throws is reported, and keeps nobody else from hearing.
    for (const listener of this.#listeners) queueMicrotask(() => this.#listeners.has(listener) && listener(view));
    this.#settle();
  }

  #settle(): void {
    if (!isAtRest(this.#view)) return;
    // A finished instance can be forgotten by its host; a failed one may be taken up again, by whomever.
    if (this.#view.status !== 'failed') {
      this.#stop?.();
      this.#stop = undefined;
    }
    this.#rest(this.#view);
  }
}
