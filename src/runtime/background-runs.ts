// The flows that run while the page stays usable, for whoever wants to list them; shared by all runtimes of a page. It holds
// what the page has started since it was loaded, not what a database keeps.
import type { Environment } from './hosting.js';
import { isAtRest, type InstanceHandle } from './instance-handle.js';

export interface BackgroundRun {
  readonly instance: InstanceHandle;
  /** What the person pressed, or the flow's title. */
  readonly label: string;
  /** Where it runs; what runs on the server outlives the page. Default `page`. */
  readonly environment?: Environment;
  /** Whether its end is said elsewhere, at the button that was pressed. Default: nobody says it. */
  readonly isTold?: () => boolean;
  /** Listed before the page was reloaded; only its last view is left. */
  readonly isPast?: boolean;
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
    return [...this.#runs.values()].sort((a, b) => a.instance.view.startedAt - b.instance.view.startedAt);
  }

  /** Adds a run; one of the same instance is replaced. */
  add(run: BackgroundRun): void {
    this.#runs.set(run.instance.id, run);
    const over = this.list.filter(({ instance }) => isAtRest(instance.view));
    for (const { instance } of over.slice(0, Math.max(0, over.length - KEPT))) this.#drop(instance.id);
    this.dispatchEvent(new Event('change'));
  }

  has(id: string): boolean {
    return this.#runs.has(id);
  }

  remove(id: string): void {
    if (this.#drop(id)) this.dispatchEvent(new Event('change'));
  }

  /** Nobody can try a failed microflow again that is listed nowhere: its incident is over, too. */
  #drop(id: string): boolean {
    const { view } = this.#runs.get(id)?.instance ?? {};
    if (view?.status === 'failed' && view.kind === 'microflow')
      void this.#runs
        .get(id)!
        .instance.cancel('Given up.')
        .catch(() => {});
    return this.#runs.delete(id);
  }
}
