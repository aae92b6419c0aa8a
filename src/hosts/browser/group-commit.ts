// All steps that are ready while a transaction is in flight go into the next one together, packed into one record of the log:
// the cost of a commit is per transaction and per request, not per byte. Instances and their journals are written later, many
// together. Each unit can fail by itself, so that one refusal does not spoil others.
import { FlowError } from '../../model/index.js';
import { whenTaken, type Connection } from './connection.js';
import { packed, put, sealedUnit, storesOf, summarised, type CommitUnit } from './commit-unit.js';
import { numbered } from './summary-pack.js';

interface Pending {
  readonly unit: CommitUnit;
  readonly epoch: number;
  readonly resolve: (seq: number) => void;
  readonly reject: (error: unknown) => void;
}

/** The log is shortened once in so many commits. */
const SHORTEN = 64;
/** So many take-overs stay in it. */
const TAKE_OVERS = 100;
/** A tab that has not committed for so long may have slept through more than those: it looks before it writes, ms. */
const SURE = 60_000;

export class GroupCommit {
  readonly #connection: Connection;
  readonly #neededFrom: () => number;
  readonly #meanwhile: () => void;
  #batches = 0;
  #queue: Pending[] = [];
  #writing = false;
  #epoch = 0;
  /** The opening of the connection on which the epoch was seen to be this one. */
  #seenOn: number | undefined;
  #seenAt = 0;
  /** Definitions known to be stored, with the last commit that needs them. */
  readonly #definitions = new Map<string, number>();
  #seq = 0;
  /** Numbers in the log that are take-overs, once they have been looked for; below `#from` there is nothing else. */
  #takeOvers: readonly number[] | undefined;
  #from = 0;

  /**
   * `neededFrom` gives the number of the oldest commit whose rows are in no journal yet, or Infinity. `meanwhile` is called while a
   * commit is being written: the time for what no step should have to wait for.
   */
  constructor(connection: Connection, neededFrom: () => number, meanwhile = (): void => {}) {
    this.#connection = connection;
    this.#neededFrom = neededFrom;
    this.#meanwhile = meanwhile;
  }

  /** This tab executes from now on; `seq` is the number of the commit that said so. */
  begin(epoch: number, seq: number): void {
    this.#epoch = epoch;
    this.#seenOn = undefined;
    this.#seq = seq;
    this.#takeOvers = undefined;
    this.#from = 0;
    this.#definitions.clear();
  }

  /** Number of the last commit. */
  get seq(): number {
    return this.#seq;
  }

  /**
   * Resolves, with the number of the commit, when the unit is as durable as the connection makes it. Rejects with
   * `FLOW-FENCED` when another tab has taken over since `epoch`, or with a storage error.
   */
  commit(unit: CommitUnit, epoch: number): Promise<number> {
    return new Promise((resolve, reject) => {
      this.#queue.push({ unit, epoch, resolve, reject });
      if (!this.#writing) void this.#drain();
    });
  }

  async #drain(): Promise<void> {
    this.#writing = true;
    // Let everything that becomes ready in this turn into the same transaction.
    await Promise.resolve();
    while (this.#queue.length > 0) {
      const batch = this.#queue;
      this.#queue = [];
      const current = batch.filter((pending) => pending.epoch === this.#epoch);
      for (const pending of batch) if (pending.epoch !== this.#epoch) pending.reject(fenced());
      if (current.length > 0) await this.#write(current);
    }
    this.#writing = false;
  }

  async #write(batch: readonly Pending[]): Promise<void> {
    try {
      const seq = await this.#append(batch);
      for (const { resolve } of batch) resolve(seq);
    } catch (error) {
      if (batch.length === 1 || (error as FlowError).code === 'FLOW-FENCED') {
        for (const { reject } of batch) reject(error);
        return;
      }
      // One unit may be too large for what is left of the quota, or not storable at all: the others must not suffer.
      for (const pending of batch) await this.#write([pending]);
    }
  }

  /**
   * Writes the batch as the next commit, and gives its number. The transaction waits for nothing in between: a page that is frozen
   * while it does would keep all others waiting.
   */
  async #append(pending: readonly Pending[]): Promise<number> {
    const epoch = this.#epoch;
    const batch = ++this.#batches;
    const { vault } = this.#connection;
    const needed = new Set(pending.flatMap(({ unit }) => (unit.definition ? [unit.definition.hash] : [])));
    const plain = this.#withoutKnown(pending.map(({ unit }) => unit));
    const unused = pending.flatMap(({ unit }) => this.#stillUnused(unit, needed));
    // Before the transaction, which would end while the rows are being sealed.
    const units = vault ? await Promise.all(plain.map((unit) => sealedUnit(vault, unit))) : plain;
    const added = packed(units);
    const shown = summarised(plain);
    const meanwhile = (): void => {
      for (const unit of plain) unit.meanwhile?.();
      this.#meanwhile();
    };
    for (const hash of unused) this.#definitions.delete(hash);
    for (;;) {
      await this.#checkEpoch(epoch);
      const seq = this.#seq + 1;
      const shownAs = numbered(shown, seq);
      const packs = vault ? await Promise.all(shownAs.map((pack) => vault.seal('summaries', pack))) : shownAs;
      let isNumberTaken = false;
      let isElsewhere = false;
      try {
        await this.#connection.write(
          (tx) => {
            isElsewhere = this.#connection.opened !== this.#seenOn;
            if (isElsewhere) throw fenced();
            whenTaken(tx.objectStore('log').add({ seq, epoch, batch, ...added }), () => (isNumberTaken = true));
            for (const unit of units) put(tx, unit);
            for (const pack of packs) tx.objectStore('summaries').put(pack);
            for (const hash of unused) tx.objectStore('definitions').delete(hash);
          },
          storesOf(units),
          meanwhile,
        );
        if (epoch === this.#epoch) this.#seq = seq;
        for (const hash of needed) this.#definitions.set(hash, seq);
        this.#seenAt = performance.now();
        if (seq % SHORTEN === 0) void this.shorten();
        return seq;
      } catch (error) {
        if (isElsewhere) continue;
        if (!isNumberTaken) throw error;
        const there = await this.#connection.read((db) => db.get('log', seq));
        // A connection that is lost after a commit, but before its answer, makes the same be tried again.
        const isDone = there?.epoch === epoch && there.batch === batch;
        if (isDone && epoch !== this.#epoch) return seq;
        if (there?.epoch !== epoch || epoch !== this.#epoch) throw fenced();
        this.#seq = seq;
        if (isDone) return seq;
      }
    }
  }

  /** Most instances are of a definition that has been stored long since. */
  #withoutKnown(units: readonly CommitUnit[]): readonly CommitUnit[] {
    const known = new Set(this.#definitions.keys());
    return units.map((unit) => {
      if (!unit.definition) return unit;
      const { definition, ...rest } = unit;
      if (known.has(definition.hash)) return rest;
      known.add(definition.hash);
      return unit;
    });
  }

  #stillUnused({ unused }: CommitUnit, needed: ReadonlySet<string>): readonly string[] {
    return (unused?.hashes ?? []).filter(
      (hash) => !needed.has(hash) && (this.#definitions.get(hash) ?? 0) <= unused!.since,
    );
  }

  /**
   * Drops what is written by now. The number that a take-over has taken stays taken: it is what keeps an executor from writing
   * that was replaced then and has not noticed, however long it sleeps.
   */
  async shorten(): Promise<void> {
    const epoch = this.#epoch;
    const end = Math.min(this.#seq, this.#neededFrom());
    if (end <= this.#from) return;
    try {
      // This tab's own is the last one.
      const takeOvers = this.#takeOvers ?? (await this.#takeOversInLog());
      if (epoch !== this.#epoch) return;
      this.#takeOvers = takeOvers;
      const dropped: IDBKeyRange[] = [];
      let from = this.#from;
      for (const kept of [...takeOvers.filter((seq) => seq < end).slice(-TAKE_OVERS), end]) {
        if (kept > from) dropped.push(IDBKeyRange.bound(from, kept, false, true));
        from = Math.max(from, kept + 1);
      }
      await this.commit({ dropped }, epoch);
      if (epoch === this.#epoch) this.#from = end;
    } catch {
      // It is longer than it need be, until the next time.
    }
  }

  async #takeOversInLog(): Promise<readonly number[]> {
    const all = await this.#connection.read((db) => db.getAll('log'));
    return all.flatMap(({ seq, batch }) => (batch === 0 ? [seq] : []));
  }

  /** In a database that was made anew meanwhile, as only a new connection can show, no number is taken. */
  async #checkEpoch(epoch: number): Promise<void> {
    if (this.#connection.opened === this.#seenOn && performance.now() - this.#seenAt < SURE) return;
    const [opened, current] = await this.#connection.read(async (db) => {
      const on = this.#connection.opened;
      return [on, (await db.get('meta', 'epoch'))?.value] as const;
    });
    if (current !== epoch) throw fenced();
    this.#seenOn = opened;
    this.#seenAt = performance.now();
  }
}

function fenced(): FlowError {
  return new FlowError(
    'FLOW-FENCED',
    "Another tab has taken over running this site's processes.",
    {},
    { retryable: true },
  );
}
