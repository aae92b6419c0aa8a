// The flows that run while the page stays usable, for whoever wants to list them; shared by all runtimes of a page. It holds
// what the page has started since it was loaded, not what a database keeps.
import { isAtRest, type InstanceHandle } from './instance-handle.js';

export interface BackgroundRun {
  readonly instance: InstanceHandle;
  /** What the person pressed, or the flow's title. */
  readonly label: string;
  /** Tries it again after a failure. Default: takes up the instance. */
  readonly retry?: () => unknown;
}

/** Finished runs that are kept; the oldest give way. */
const KEPT = 50;

/** Fires `change` when a run is added or taken away; changes of a run come from its instance. */
export class BackgroundRuns extends EventTarget {
  readonly #runs = new Map<string, BackgroundRun>();

  /** Oldest first. */
  get list(): readonly BackgroundRun[] {
    return [...this.#runs.values()];
  }

  /** Adds a run; one of the same instance is replaced. */
  add(run: BackgroundRun): void {
    this.#runs.set(run.instance.id, run);
    const over = this.list.filter(({ instance }) => isAtRest(instance.view));
    for (const { instance } of over.slice(0, Math.max(0, over.length - KEPT))) this.#runs.delete(instance.id);
    this.dispatchEvent(new Event('change'));
  }

  remove(id: string): void {
    if (this.#runs.delete(id)) this.dispatchEvent(new Event('change'));
  }
}
