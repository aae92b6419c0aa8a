// Who watches which instances of the memory host. Watchers hear of the end and of a failure at once, and of what lies
// between once per turn of the event loop: a view costs more than a step does.
import { afterThisTurn } from './event-loop.js';
import type { InstanceView } from './host.js';

type Listener = (view: InstanceView) => void;

export class ViewWatchers<Instance> {
  readonly #listeners = new Map<string | undefined, Set<Listener>>();
  readonly #changed = new Map<string, Instance>();
  readonly #viewOf: (instance: Instance) => InstanceView;

  constructor(viewOf: (instance: Instance) => InstanceView) {
    this.#viewOf = viewOf;
  }

  /** Without an id, all instances; gives the function that ends it. */
  add(id: string | undefined, listener: Listener): () => void {
    const listeners = this.#listeners.get(id) ?? new Set();
    this.#listeners.set(id, listeners);
    listeners.add(listener);
    return () => {
      listeners.delete(listener);
      if (listeners.size === 0) this.#listeners.delete(id);
    };
  }

  changed(id: string, instance: Instance, atOnce: boolean): void {
    if (!this.#listeners.has(id) && !this.#listeners.has(undefined)) return;
    if (atOnce) {
      this.#changed.delete(id);
      this.#publish(id, instance);
      return;
    }
    if (this.#changed.size === 0) {
      afterThisTurn(() => {
        for (const [changed, its] of this.#changed) this.#publish(changed, its);
        this.#changed.clear();
      });
    }
    this.#changed.set(id, instance);
  }

  clear(): void {
    this.#listeners.clear();
  }

  #publish(id: string, instance: Instance): void {
    const listeners = [...(this.#listeners.get(id) ?? []), ...(this.#listeners.get(undefined) ?? [])];
    if (listeners.length === 0) return;
    const view = this.#viewOf(instance);
    for (const listener of listeners) listener(view);
  }
}
