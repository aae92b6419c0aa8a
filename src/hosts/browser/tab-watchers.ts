// Who watches which instances in this tab. Views come from this tab's executor or from another's, perhaps twice or late:
// a watcher never hears of an older one after a newer one.
import type { InstanceView } from '../host.js';

export class TabWatchers {
  readonly #watchers = new Set<{
    readonly id: string | undefined;
    readonly listener: (view: InstanceView) => void;
    readonly newest: Map<string, number>;
  }>();

  add(id: string | undefined, listener: (view: InstanceView) => void): () => void {
    const watcher = { id, listener, newest: new Map<string, number>() };
    this.#watchers.add(watcher);
    return () => void this.#watchers.delete(watcher);
  }

  /** Whether somebody wants to know of this instance. */
  has(instance: string): boolean {
    for (const { id } of this.#watchers) if (id === undefined || id === instance) return true;
    return false;
  }

  notify(view: InstanceView): void {
    for (const { id, listener, newest } of [...this.#watchers]) {
      if (id !== undefined && id !== view.id) continue;
      if ((newest.get(view.id) ?? -1) >= view.v) continue;
      newest.set(view.id, view.v);
      listener(view);
    }
  }

  clear(): void {
    this.#watchers.clear();
  }
}
