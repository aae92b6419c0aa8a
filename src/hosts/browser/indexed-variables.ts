// Finds instances by variables that their flows have indexed.
import type { InstanceQuery } from '../host.js';
import type { Connection } from './connection.js';
import { foundKeys, indexingOf, type Indexing } from '../found-by.js';
import type { Records } from './records.js';
import type { InstanceRecord } from './schema.js';

export class IndexedVariables {
  readonly #connection: Connection;
  readonly #records: Records;
  /** By hash of the definition. */
  readonly #known = new Map<string, Indexing>();

  constructor(connection: Connection, records: Records) {
    this.#connection = connection;
    this.#records = records;
  }

  /** Those that may be meant; undefined where only looking at all can tell. Values in an index would be readable: where rows are sealed there are none. */
  async find(query: InstanceQuery): Promise<readonly InstanceRecord[] | undefined> {
    if (Object.keys(query.variables ?? {}).length === 0 || this.#connection.vault) return undefined;
    const all = await this.#indexings();
    const keys = all && foundKeys(all, query);
    if (!keys) return undefined;
    const found = await Promise.all(keys.map((key) => this.#records.instancesBy('found', key)));
    return found.flat();
  }

  /** Of every definition that an instance may be pinned to: it is stored with the first of them. */
  async #indexings(): Promise<readonly Indexing[] | undefined> {
    const hashes = await this.#connection.read((db) => db.getAllKeys('definitions'));
    const all = await Promise.all(hashes.map((hash) => this.#known.get(hash) ?? this.#read(hash)));
    return all.every((one) => one !== undefined) ? all : undefined;
  }

  async #read(hash: string): Promise<Indexing | undefined> {
    const definition = await this.#records.definition(hash);
    if (!definition) return undefined;
    const indexing = indexingOf(definition);
    this.#known.set(hash, indexing);
    return indexing;
  }
}
