// Instances by variables that their flows have indexed.
import type { Kysely } from 'kysely';
import { foundKeys, indexingOf, type Indexing } from '../../../src/hosts/kit.js';
import type { FlowDefinition, InstanceQuery } from '../../../src/index.js';
import { keyOf } from '../flow-service/contract.js';
import type { Tables } from './schema.js';

export class IndexedVariables {
  readonly #db: Kysely<Tables>;
  /** By tenant and hash: what a hash stands for never changes. */
  readonly #known = new Map<string, Indexing>();

  constructor(db: Kysely<Tables>) {
    this.#db = db;
  }

  /** Under which keys those stand that may be meant; undefined where only looking at all can tell. */
  async keys(tenant: string, query: InstanceQuery): Promise<readonly string[] | undefined> {
    if (Object.keys(query.variables ?? {}).length === 0) return undefined;
    return foundKeys(await this.#indexings(tenant, query.flow), query);
  }

  async #indexings(tenant: string, flow: string | undefined): Promise<readonly Indexing[]> {
    let all = this.#db.selectFrom('definitions').select('hash').where('tenant', '=', tenant);
    if (flow !== undefined) all = all.where('flow', '=', flow);
    const hashes = (await all.execute()).map(({ hash }) => hash);
    const unknown = hashes.filter((hash) => !this.#known.has(keyOf(tenant, hash)));
    if (unknown.length > 0) {
      const of = this.#db.selectFrom('definitions').select(['hash', 'definition']).where('tenant', '=', tenant);
      for (const { hash, definition } of await of.where('hash', 'in', unknown).execute()) {
        this.#known.set(keyOf(tenant, hash), indexingOf(JSON.parse(definition) as FlowDefinition));
      }
    }
    return hashes.map((hash) => this.#known.get(keyOf(tenant, hash))!);
  }
}
