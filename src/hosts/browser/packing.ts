// Keeps the summary packs few, and free of what is out of date, in the executing tab. Every commit that writes instances adds packs
// and changes none; so now and then small ones are put together, and what later ones say anew is taken out of earlier ones. Each of
// these commits leaves the same summaries behind, so it does not matter after which of them a page ends.
import type { Connection } from './connection.js';
import type { CommitUnit } from './commit-unit.js';
import { SUMMARISED, type Database, type PackKey, type StoreName, type SummaryPack } from './schema.js';
import { numbered, packsOf, readPacks, SMALL } from './summary-pack.js';
import { unsealed } from './unsealed.js';

export interface PackingOptions {
  readonly connection: Connection;
  readonly epoch: () => number;
  readonly isExecuting: () => boolean;
  /** Writes as long as this tab executes: rejects with `FLOW-FENCED` when another one has done so since `epoch`. */
  readonly commit: (unit: CommitUnit, epoch: number) => Promise<unknown>;
}

/** It is looked what there is to do once in so many times that instances are written. */
const SELDOM = 16;
/** So many small packs at the end are put together. */
const MANY_SMALL = 16;
/** So many are read at once. */
const AT_ONCE = 16;
/** So many instances of an earlier version are summed up at once. */
const INSTANCES_AT_ONCE = 128;
/** What is out of date may be as much as what is not, and at least so much. */
const OUT_OF_DATE = 256;
/** Before the numbers of all commits. */
const BEFORE_ALL = -(2 ** 30);

export class Packing {
  readonly #options: PackingOptions;
  #last: Promise<unknown> = Promise.resolve();
  #written = 0;

  constructor(options: PackingOptions) {
    this.#options = options;
  }

  /** This tab executes, and has nothing more urgent to do. */
  begin(): void {
    this.#written = 0;
    this.note();
  }

  /** Instances were written. What cannot be done now is done another time. */
  note(): void {
    if (this.#written++ % SELDOM === 0) this.tidy().catch(() => {});
  }

  tidy(): Promise<void> {
    const tidied = this.#last.then(() => this.#tidy(this.#options.epoch()));
    this.#last = tidied.catch(() => {});
    return tidied;
  }

  async #tidy(epoch: number): Promise<void> {
    const [isComplete, keys, [oldest], instances] = await this.#reading(epoch, (db) => {
      const tx = db.transaction(STORES);
      return Promise.all([
        tx.objectStore('meta').get(SUMMARISED),
        tx.objectStore('summaries').getAllKeys(),
        tx.objectStore('summaries').getAll(null, 1),
        tx.objectStore('instances').count(),
      ]);
    });
    // Written before there was a key: what is out of date in there is to be read by nobody, either.
    const isReadable = this.#options.connection.vault !== undefined && oldest !== undefined && !('sealed' in oldest);
    if (!isComplete) return this.#addOlder(keys, epoch);
    let firstSmall = keys.length;
    while (firstSmall > 0 && keys[firstSmall - 1]![3] < SMALL) firstSmall--;
    const small = keys.slice(firstSmall);
    const inPacks = keys.reduce((sum, [, count]) => sum + count, 0);
    const isOutOfDate = keys.some(([, , gone]) => gone > 0) || inPacks - instances > Math.max(instances, OUT_OF_DATE);
    if (isReadable || isOutOfDate) await this.#clean(keys, isReadable, epoch);
    else if (small.length >= MANY_SMALL) await this.#putTogether(small, epoch);
  }

  /** Instances that an earlier version has written; whatever is written meanwhile counts more, because these packs come before all. */
  async #addOlder(keys: readonly PackKey[], epoch: number): Promise<void> {
    const { connection, commit } = this.#options;
    const { vault } = connection;
    // Of an executor that did not come to the end.
    await commit({ repacked: { replaced: keys.filter(([seq]) => seq < 0), packs: [] } }, epoch);
    let after = '';
    for (let seq = BEFORE_ALL; ; seq++) {
      const range = IDBKeyRange.lowerBound(after, true);
      const stored = await this.#reading(epoch, (db) => db.getAll('instances', range, INSTANCES_AT_ONCE));
      if (stored.length === 0) break;
      const opened = vault ? Promise.all(stored.map((row) => vault.open('instances', row))) : stored.map(unsealed);
      const packs = numbered(packsOf(await opened), seq);
      await commit({ repacked: { replaced: [], packs } }, epoch);
      after = stored.at(-1)!.id;
    }
    await commit({ repacked: { replaced: [], packs: [], isComplete: true } }, epoch);
  }

  /** The small packs at the end, of which each is too small to be worth a row, take the numbers of the first of them. */
  async #putTogether(keys: readonly PackKey[], epoch: number): Promise<void> {
    const { summaries, gone } = readPacks(await this.#packs(keys, epoch));
    const packs = packsOf([...summaries.values()], [...gone]);
    const [[seq]] = keys as [PackKey];
    await this.#options.commit({ repacked: { replaced: keys, packs: numbered(packs, seq) } }, epoch);
  }

  /** From the last pack to the first, so that it is known of each what later ones have. */
  async #clean(keys: readonly PackKey[], isReadable: boolean, epoch: number): Promise<void> {
    const known = new Set<string>();
    const telling: SummaryPack[] = [];
    for (let end = keys.length; end > 0; end -= AT_ONCE) {
      const replaced: PackKey[] = [];
      const packs: SummaryPack[] = [];
      const read = await this.#packs(keys.slice(Math.max(0, end - AT_ONCE), end), epoch);
      for (const pack of [...read].reverse()) {
        const { summaries, gone } = readPacks([pack]);
        const kept = [...summaries.values()].filter(({ id }) => !known.has(id));
        for (const id of [...summaries.keys(), ...gone]) known.add(id);
        const isReplaced = isReadable || kept.length < summaries.size;
        const left = isReplaced ? numbered(packsOf(kept, [...gone]), pack.seq) : [pack];
        if (isReplaced) {
          replaced.push(keyOf(pack));
          packs.push(...left);
        }
        if (gone.size > 0) telling.push(...left);
      }
      if (replaced.length > 0) await this.#options.commit({ repacked: { replaced, packs } }, epoch);
    }
    // By now nothing is left of what is gone.
    for (let i = 0; i < telling.length; i += AT_ONCE) {
      const some = telling.slice(i, i + AT_ONCE);
      const packs = some.flatMap((pack) => numbered(packsOf([...readPacks([pack]).summaries.values()]), pack.seq));
      await this.#options.commit({ repacked: { replaced: some.map(keyOf), packs } }, epoch);
    }
  }

  async #packs(keys: readonly PackKey[], epoch: number): Promise<readonly SummaryPack[]> {
    const { vault } = this.#options.connection;
    const range = IDBKeyRange.bound(keys[0], keys.at(-1));
    const packs = await this.#reading(epoch, (db) => db.getAll('summaries', range));
    return vault ? Promise.all(packs.map((pack) => vault.open('summaries', pack))) : packs.map(unsealed);
  }

  /** A host that was closed meanwhile must not open the database once more. */
  #reading<T>(epoch: number, read: (db: Database) => Promise<T>): Promise<T> {
    const { connection, epoch: current, isExecuting } = this.#options;
    if (!isExecuting() || current() !== epoch) throw new Error('This tab does not execute any more.');
    return connection.read(read);
  }
}

function keyOf({ seq, count, gone, size }: SummaryPack): PackKey {
  return [seq, count, gone, size];
}

const STORES: StoreName[] = ['meta', 'summaries', 'instances'];
