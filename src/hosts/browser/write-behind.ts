// When instances are written whose steps are in the log: some time later, many of them together, because what a transaction costs
// beyond itself is rows and indexes. Between two packs the steps of others go on.

export interface WriteBehindOptions {
  /** Ids of the instances that are to be written. */
  readonly toWrite: () => readonly string[];
  /** Writes one; rejects when that cannot be done now. */
  readonly write: (id: string) => Promise<unknown>;
  /** What was needed for those is not needed any more. */
  readonly written: () => Promise<unknown>;
}

/** How long steps may stand in the log only, ms; and how many instances may wait for it. */
const SOON = 500;
const MANY = 256;
/** So many are written in one transaction. */
const PACK = 128;

export class WriteBehind {
  readonly #options: WriteBehindOptions;
  #writing: Promise<void> | undefined;
  #soon: ReturnType<typeof setTimeout> | undefined;
  #isStopped = true;
  /** How often it has begun or stopped: what was going on before is over. */
  #turn = 0;

  constructor(options: WriteBehindOptions) {
    this.#options = options;
  }

  begin(): void {
    this.#turn++;
    this.#isStopped = false;
  }

  stop(): void {
    this.#turn++;
    this.#isStopped = true;
    this.#writing = undefined;
    clearTimeout(this.#soon);
    this.#soon = undefined;
  }

  /** There is something to write, and so many others wait for it. */
  note(waiting: number): void {
    // What comes while others are written is looked for when they are.
    if (this.#isStopped || this.#writing) return;
    if (waiting >= MANY) void this.write();
    else this.#soon ??= setTimeout(() => void this.write(), SOON);
  }

  /** Writes all that is to be written; what cannot be written now stays in the log. */
  write(): Promise<void> {
    clearTimeout(this.#soon);
    this.#soon = undefined;
    const turn = this.#turn;
    this.#writing ??= this.#write(turn).then((failed) => {
      if (turn !== this.#turn) return;
      this.#writing = undefined;
      // What could not be written is tried again with what comes next, or when the host looks at everything again.
      const waiting = this.#options.toWrite().filter((id) => !failed.has(id)).length;
      if (waiting > 0) this.note(waiting);
    });
    return this.#writing;
  }

  async #write(turn: number): Promise<ReadonlySet<string>> {
    const { toWrite, write, written } = this.#options;
    const ids = toWrite();
    const failed = new Set<string>();
    for (let i = 0; i < ids.length && turn === this.#turn; i += PACK)
      await Promise.all(ids.slice(i, i + PACK).map((id) => write(id).catch(() => failed.add(id))));
    if (ids.length > failed.size && turn === this.#turn) await written();
    return failed;
  }
}
