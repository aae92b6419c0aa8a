// The instance that is being looked at: its flow and every step of it, loaded again when it has changed. Never twice at a
// time, and with pauses longer than loading takes, so that an instance in a hurry does not take the page's time.
import type { CompiledFlow, HistoryRecord, InstanceView } from '../../src/runtime/index.js';
import type { InspectedSource } from './source.js';

export class Recording {
  view: InstanceView | undefined;
  flow: CompiledFlow | undefined;
  history: readonly HistoryRecord[] = [];
  readonly #source: () => InspectedSource | undefined;
  readonly #changed: () => void;
  #loading = false;
  #isStale = false;

  constructor(source: () => InspectedSource | undefined, changed: () => void) {
    this.#source = source;
    this.#changed = changed;
  }

  /** Rejects when the instance cannot be loaded. */
  async open(view: InstanceView): Promise<void> {
    this.view = view;
    this.flow = undefined;
    this.history = [];
    await this.#load(view.id);
  }

  close(): void {
    this.view = this.flow = undefined;
    this.history = [];
  }

  /** There is a newer view of it. */
  note(view: InstanceView): Promise<void> {
    this.view = view;
    this.#changed();
    if (!this.#loading) return this.#load(view.id);
    this.#isStale = true;
    return Promise.resolve();
  }

  async #load(id: string): Promise<void> {
    const source = this.#source();
    if (!source) return;
    this.#loading = true;
    this.#isStale = false;
    const begun = performance.now();
    try {
      // An instance may be moved to another definition.
      const known = this.flow?.hash === this.view?.hash ? this.flow : undefined;
      const [flow, history] = await Promise.all([known ?? source.flowOf(id), source.history(id)]);
      if (this.view?.id !== id) return;
      this.flow = flow;
      this.history = history;
      this.#changed();
      const took = performance.now() - begun;
      await new Promise((resolve) => setTimeout(resolve, Math.min(2000, 4 * took)));
    } finally {
      this.#loading = false;
    }
    if (this.#isStale && this.view?.id === id) await this.#load(id);
  }
}
