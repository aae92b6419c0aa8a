// The instances that the executing tab has in memory: those with a call under way, and those with steps that are in the log only
// so far. Whoever has none of both is read again when something happens to it.
import type { LiveInstance } from './checkpoint.js';

export class LiveInstances {
  readonly #loaded = new Map<string, LiveInstance>();
  /** Those of them that have steps in the log only. */
  readonly #unwritten = new Set<string>();
  /** Instances that have to be read again, with rows in the log perhaps since this commit. */
  readonly #dropped = new Map<string, number>();
  #isAdopted = false;

  /** What the last executor has left; `unread` could not be brought up to date, so the log is kept for them. */
  adopt(instances: readonly LiveInstance[], unread: readonly string[]): void {
    for (const live of instances) {
      // A step that was still waiting its turn may have been made since that was read.
      const known = this.#loaded.get(live.record.id);
      if (!known || known.record.rows < live.record.rows) this.keep(live);
    }
    for (const id of unread) this.#dropped.set(id, 0);
    this.#isAdopted = true;
  }

  /** The newest that there is, while this tab executes. */
  get(id: string): LiveInstance | undefined {
    return this.#loaded.get(id);
  }

  keep(live: LiveInstance): void {
    const { id } = live.record;
    this.#loaded.set(id, live);
    this.#dropped.delete(id);
    if (live.tail.length > 0) this.#unwritten.add(id);
    else this.#unwritten.delete(id);
  }

  /** A step of it may have been stored or not, after commit `seq`: what there is in memory counts no more. */
  drop(id: string, seq: number): void {
    const since = Math.min(seq, this.#loaded.get(id)?.since ?? Infinity, this.#dropped.get(id) ?? Infinity);
    this.forget(id);
    this.#dropped.set(id, since);
  }

  /** It is written, or was never there. */
  isWritten(id: string): void {
    this.#dropped.delete(id);
  }

  forget(id: string): void {
    this.#loaded.delete(id);
    this.#unwritten.delete(id);
  }

  /** Nothing goes on with it just now. */
  rest(id: string): void {
    if (this.#loaded.get(id)?.record.busy !== 1 && !this.#unwritten.has(id)) this.#loaded.delete(id);
  }

  clear(): void {
    this.#isAdopted = false;
    this.#loaded.clear();
    this.#unwritten.clear();
    this.#dropped.clear();
  }

  /** Those that are newer than what is stored; undefined when only the log can tell. */
  unwritten(): readonly LiveInstance[] | undefined {
    if (!this.#isAdopted || this.#dropped.size > 0) return undefined;
    return Array.from(this.#unwritten, (id) => this.#loaded.get(id)!);
  }

  /** How many have steps in the log only. */
  get waiting(): number {
    return this.#unwritten.size;
  }

  toWrite(): readonly string[] {
    return [...this.#dropped.keys(), ...this.#unwritten];
  }

  /** Number of the oldest commit with rows that are in no journal yet, or Infinity; 0 until it is known what there was before. */
  neededFrom(): number {
    let from = this.#isAdopted ? Infinity : 0;
    for (const since of this.#dropped.values()) from = Math.min(from, since);
    for (const id of this.#unwritten) from = Math.min(from, this.#loaded.get(id)!.since);
    return from;
  }
}
