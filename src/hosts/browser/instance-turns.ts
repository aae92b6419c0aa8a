// One thing at a time for each instance: whoever comes waits until those before are done, well or not.
export interface InstanceTurnsOptions {
  /** Work for it has failed. */
  readonly failed: (id: string, error: unknown) => void;
  /** Nobody has anything to do with it just now. */
  readonly rests: (id: string) => void;
}

export class InstanceTurns {
  readonly #options: InstanceTurnsOptions;
  readonly #last = new Map<string, Promise<unknown>>();

  constructor(options: InstanceTurnsOptions) {
    this.#options = options;
  }

  has(id: string): boolean {
    return this.#last.has(id);
  }

  take<T>(id: string, work: () => Promise<T>): Promise<T> {
    const before = this.#last.get(id) ?? Promise.resolve();
    const next = before.then(work, work).catch((error: unknown) => {
      this.#options.failed(id, error);
      throw error;
    });
    const settled = next.then(
      () => {},
      () => {},
    );
    this.#last.set(id, settled);
    void settled.then(() => this.#end(id, settled));
    return next;
  }

  /** One turn for many, of which none has another just now; `work` has begun and does not fail. A promise for each would take longer than the work. */
  async share(ids: readonly string[], work: Promise<void>): Promise<void> {
    for (const id of ids) this.#last.set(id, work);
    await work;
    for (const id of ids) this.#end(id, work);
  }

  #end(id: string, turn: Promise<unknown>): void {
    if (this.#last.get(id) !== turn) return;
    this.#last.delete(id);
    this.#options.rests(id);
  }
}
