// What lists would show, after every transaction that the simulated disk has committed.
import type { InstanceRecord, SummaryPack } from '../../src/hosts/browser/schema.js';
import { contentsOf, wrongInLists, type PackContents } from '../stored-summaries.js';
import { compareKeys, type Key } from './store/keys.js';
import type { Transaction } from './store/transaction.js';

export class Listed {
  readonly #packs = new Map<string, { readonly key: Key; readonly contents: PackContents }>();
  readonly #written = new Map<string, InstanceRecord>();

  /** Gives what is wrong. */
  take({ writes }: Transaction): readonly string[] {
    if (!writes.some(({ store }) => store === 'summaries' || store === 'instances')) return [];
    for (const { store, key, value, range } of writes) {
      if (store === 'instances') {
        if (value) this.#written.set((value as InstanceRecord).id, value as InstanceRecord);
        else for (const id of this.#written.keys()) if (!range || range.includes(id)) this.#written.delete(id);
      }
      if (store === 'summaries') {
        if (value) this.#packs.set(JSON.stringify(key), { key: key!, contents: contentsOf(value as SummaryPack) });
        else for (const [text, { key: at }] of this.#packs) if (!range || range.includes(at)) this.#packs.delete(text);
      }
    }
    const packs = [...this.#packs.values()].sort((a, b) => compareKeys(a.key, b.key));
    return wrongInLists(
      packs.map(({ contents }) => contents),
      [...this.#written.values()],
    );
  }
}
