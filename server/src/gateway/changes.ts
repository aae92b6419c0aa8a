// Tells event streams what has changed. One look into the read model serves all of them; a stream that lags behind, or
// resumes, looks for itself. Looks only while somebody listens.
import type { ChangedView, ReadModel } from '../read-model/read-model.js';

/** Milliseconds between two looks: what a change may take longer to be seen. */
const BETWEEN_LOOKS = 30;

export interface Batch {
  readonly from: number;
  readonly changes: readonly ChangedView[];
}

export class Changes {
  readonly #model: ReadModel;
  readonly #listeners = new Set<(batch: Batch) => void>();
  readonly #failed: (error: unknown) => void;
  #cursor = 0;
  #timer: NodeJS.Timeout | undefined;
  #isLooking = false;

  constructor(model: ReadModel, failed: (error: unknown) => void) {
    this.#model = model;
    this.#failed = failed;
  }

  get listeners(): number {
    return this.#listeners.size;
  }

  /** Calls back with every batch from now on; gives the function that ends it. */
  listen(listener: (batch: Batch) => void): () => void {
    this.#listeners.add(listener);
    if (!this.#isLooking) void this.#look();
    return () => void this.#listeners.delete(listener);
  }

  close(): void {
    this.#listeners.clear();
    clearTimeout(this.#timer);
  }

  async #look(): Promise<void> {
    this.#isLooking = true;
    try {
      // Nobody has listened for a while: what changed meanwhile is each listener's own affair.
      if (this.#timer === undefined) this.#cursor = await this.#model.newestChange();
      const changes = await this.#model.changedSince(this.#cursor);
      if (changes.length > 0) {
        const batch = { from: this.#cursor, changes };
        this.#cursor = changes.at(-1)!.change;
        for (const listener of [...this.#listeners]) listener(batch);
      }
    } catch (error) {
      this.#failed(error);
    }
    if (this.#listeners.size === 0) {
      this.#isLooking = false;
      this.#timer = undefined;
      return;
    }
    this.#timer = setTimeout(() => void this.#look(), BETWEEN_LOOKS);
  }
}
