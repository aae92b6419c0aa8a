// Who watches which instances in this tab. Views come from this tab's executor or from another's, perhaps twice or late:
// a watcher never hears of an older one after a newer one.
import { afterThisTurn } from '../event-loop.js';
import type { InstanceView } from '../host.js';

interface Watcher {
  readonly listener: (view: InstanceView) => void;
  /** Version of the newest view that it has heard of, by instance. */
  readonly newest: Map<string, number>;
}

export class TabWatchers {
  /** By the instance that they watch; undefined: all. */
  readonly #watchers = new Map<string | undefined, Set<Watcher>>();

  /** Instances of which this turn's newest view is still to be told. */
  readonly #moving = new Map<string, () => InstanceView>();

  add(id: string | undefined, listener: (view: InstanceView) => void): () => void {
    const watcher = { listener, newest: new Map<string, number>() };
    const others = this.#watchers.get(id) ?? new Set();
    this.#watchers.set(id, others.add(watcher));
    return () => {
      others.delete(watcher);
      if (others.size === 0 && this.#watchers.get(id) === others) this.#watchers.delete(id);
    };
  }

  /** Whether somebody wants to know of this instance. */
  has(instance: string): boolean {
    return this.#watchers.has(instance) || this.#watchers.has(undefined);
  }

  /**
   * This tab has made a step. Watchers hear of an end and of a failure at once, and of what lies between after this turn: then the
   * next step is on its way into the store, and need not wait until they have heard.
   */
  changed(id: string, atOnce: boolean, view: () => InstanceView): void {
    if (!this.has(id)) return;
    if (atOnce) {
      this.#moving.delete(id);
      return this.notify(view());
    }
    if (this.#moving.size === 0) afterThisTurn(() => this.#tell());
    this.#moving.set(id, view);
  }

  #tell(): void {
    const views = [...this.#moving.values()];
    this.#moving.clear();
    for (const view of views) this.notify(view());
  }

  notify(view: InstanceView): void {
    for (const id of [undefined, view.id])
      for (const { listener, newest } of [...(this.#watchers.get(id) ?? [])]) {
        if ((newest.get(view.id) ?? -1) >= view.v) continue;
        newest.set(view.id, view.v);
        listener(view);
      }
  }

  clear(): void {
    this.#moving.clear();
    this.#watchers.clear();
  }
}
