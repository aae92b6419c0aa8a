// Lists of the gateway: a query as it takes it, and page after page.
import type { InstanceQuery } from '../host.js';
import type { GatewayClient } from './gateway-client.js';

/** Most entries in one answer. */
const LONGEST_LIST = 1000;

/** Everything there is, up to a limit. `place` says where the page after an entry begins. */
export async function pagesOf<T>(
  client: GatewayClient,
  path: string,
  query: Readonly<Record<string, string>>,
  place: (last: T) => string,
  limit = Infinity,
): Promise<readonly T[]> {
  const all: T[] = [];
  while (all.length < limit) {
    const size = Math.min(LONGEST_LIST, limit - all.length);
    const page = { ...query, limit: String(size), ...(all.length > 0 ? { after: place(all.at(-1)!) } : {}) };
    const found = await client.ask<readonly T[]>({ path: `${path}?${new URLSearchParams(page)}` });
    all.push(...found);
    if (found.length < size) break;
  }
  return all;
}

export function searchOf(query: Omit<InstanceQuery, 'limit'>): Readonly<Record<string, string>> {
  const { status, startedFrom, startedBefore, changedFrom, variables, ...texts } = query;
  const numbers = Object.entries({ since: startedFrom, until: startedBefore, changedSince: changedFrom });
  return Object.fromEntries([
    ...Object.entries(texts).filter(([, value]) => value !== undefined),
    ...numbers.flatMap(([name, value]) => (value === undefined ? [] : [[name, String(value)]])),
    ...(status === undefined ? [] : [['status', [status].flat().join(',')]]),
    ...(variables === undefined ? [] : [['variables', JSON.stringify(variables)]]),
  ]) as Record<string, string>;
}
