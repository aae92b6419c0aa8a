// Who watches what, and the newest view of each instance seen, so that nobody is ever told something older.
import type { InstanceView } from '../host.js';
import { tell } from '../tell.js';

/** Instances whose newest view is remembered. */
const REMEMBERED = 500;

interface Watcher {
  readonly id: string | undefined;
  readonly listener: (view: InstanceView) => void;
}

export class Watchers {
  readonly #watchers = new Set<Watcher>();
  readonly #newest = new Map<string, InstanceView>();

  /** Gives the function that ends it, which tells whether it was still on. */
  add(id: string | undefined, listener: (view: InstanceView) => void): () => boolean {
    const watcher = { id, listener };
    this.#watchers.add(watcher);
    return () => this.#watchers.delete(watcher);
  }

  newest(id: string): InstanceView | undefined {
    return this.#newest.get(id);
  }

  unfinished(): readonly string[] {
    return [...this.#newest.values()].filter(({ status }) => status === 'running').map(({ id }) => id);
  }

  publish(view: InstanceView): void {
    const before = this.#newest.get(view.id);
    if (before && before.v >= view.v) return;
    this.#newest.delete(view.id);
    this.#newest.set(view.id, view);
    if (this.#newest.size > REMEMBERED) this.#newest.delete(this.#newest.keys().next().value!);
    for (const { id, listener } of [...this.#watchers]) if (id === undefined || id === view.id) tell(listener, view);
  }

  clear(): void {
    this.#watchers.clear();
  }
}
