// The `store` implementation: JSON records kept in the page's own IndexedDB database, by collection and key. It can take part
// in atomic spheres. What works on the database is loaded by the first call.
import type { TransactionalImplementation } from './implementation.js';

export interface StoreOptions {
  /** Name of the database. Default `millrace-store`. */
  readonly database?: string;
}

/**
 * `{ collection, key, action: "get" | "put" | "delete" | "list", value }`. `get` gives the value or null, `put` the value,
 * `delete` true when there was one, `list` an array of `{ key, value }` in order of keys. Throws FlowError `FLOW-STORE`
 * for bad arguments and `FLOW-STORE-LOCKED` (retryable) when another transaction holds the record.
 */
export function createStoreImplementation({
  database = 'millrace-store',
}: StoreOptions = {}): TransactionalImplementation {
  const open = (): Promise<typeof import('./store-database.js')> => import('./store-database.js');
  return {
    prepare: async (args, context) => (await open()).prepare(database, args, context),
    commit: async (_, context) => (await open()).conclude(database, context, true),
    rollback: async (_, context) => (await open()).conclude(database, context, false),
  };
}
