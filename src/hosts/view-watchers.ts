// Who watches which instances of the memory host. Watchers hear of the end and of a failure at once, and of what lies
// between once per turn of the event loop. A view costs as much as the instance is long: of one that never rests there is
// a new one only when it has moved by that much, so that all its views together cost no more than its steps.
import { afterThisTurn } from './event-loop.js';
import type { InstanceView } from './host.js';
import { tell } from './tell.js';

type Listener = (view: InstanceView) => void;

interface Moving<Instance> {
  readonly instance: Instance;
  /** Since the last view. */
  changes: number;
  /** Those of them that came before the last turn. */
  before: number;
  /** Activities in the last view. */
  size: number;
}

export class ViewWatchers<Instance> {
  readonly #listeners = new Map<string | undefined, Set<Listener>>();
  readonly #moving = new Map<string, Moving<Instance>>();
  #armed = false;
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
      this.#moving.delete(id);
      this.#publish(id, instance);
      return;
    }
    const moving = this.#moving.get(id);
    if (moving) moving.changes++;
    else this.#moving.set(id, { instance, changes: 1, before: 0, size: 0 });
    this.#arm();
  }

  #arm(): void {
    if (this.#armed || this.#moving.size === 0) return;
    this.#armed = true;
    afterThisTurn(() => {
      this.#armed = false;
      this.#turn();
      this.#arm();
    });
  }

  #turn(): void {
    for (const [id, moving] of this.#moving) {
      const { instance, changes, before, size } = moving;
      const rests = changes === before;
      if (rests) this.#moving.delete(id);
      if (changes === 0) continue;
      if (rests || changes >= size) {
        moving.changes = moving.before = 0;
        moving.size = this.#publish(id, instance);
      } else moving.before = changes;
    }
  }

  clear(): void {
    this.#listeners.clear();
    this.#moving.clear();
  }

  /** Gives the number of activities in the view; 0: nobody watches. */
  #publish(id: string, instance: Instance): number {
    const listeners = [...(this.#listeners.get(id) ?? []), ...(this.#listeners.get(undefined) ?? [])];
    if (listeners.length === 0) return 0;
    const view = this.#viewOf(instance);
    for (const listener of listeners) tell(listener, view);
    return Object.keys(view.activities).length;
  }
}
