// Who watches which instances in this tab. Views come from this tab's executor or from another's, perhaps twice or late:
// a watcher never hears of an older one after a newer one.
import { tell } from '../tell.js';
import type { InstanceView } from '../host.js';

interface Watcher {
  readonly listener: (view: InstanceView) => void;
  /** Version of the newest view that it has heard of, by instance. */
  readonly newest: Map<string, number>;
}

/** How long watchers wait for the next commit, ms. */
const PATIENCE = 8;

export class TabWatchers {
  /** By the instance that they watch; undefined: all. */
  readonly #watchers = new Map<string | undefined, Set<Watcher>>();

  /** Instances of which the newest view is still to be told. */
  readonly #moving = new Map<string, () => InstanceView>();
  #patience: ReturnType<typeof setTimeout> | undefined;

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
   * This tab has made a step. Where calls go on, watchers hear of it while the next commit is being written, or a little later: the
   * next step need not wait until they have heard. Of everything else they hear at once.
   */
  changed(id: string, atOnce: boolean, view: () => InstanceView): void {
    if (!this.has(id)) return;
    if (atOnce) {
      this.#moving.delete(id);
      return this.notify(view());
    }
    this.#moving.set(id, view);
    // One timer lasts for the steps of some time: setting one costs as much as a part of a step.
    this.#patience ??= setTimeout(() => {
      this.#patience = undefined;
      this.tell();
    }, PATIENCE);
  }

  /** The time has come for what watchers have not heard yet. */
  readonly tell = (): void => {
    if (this.#moving.size === 0) return;
    const views = [...this.#moving.values()];
    this.#moving.clear();
    for (const view of views) this.notify(view());
  };

  notify(view: InstanceView): void {
    for (const id of [undefined, view.id])
      for (const { listener, newest } of [...(this.#watchers.get(id) ?? [])]) {
        if ((newest.get(view.id) ?? -1) >= view.v) continue;
        newest.set(view.id, view.v);
        tell(listener, view);
      }
  }

  clear(): void {
    clearTimeout(this.#patience);
    this.#patience = undefined;
    this.#moving.clear();
    this.#watchers.clear();
  }
}
