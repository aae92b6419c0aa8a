// A query as the gateway's list takes it.
import type { InstanceQuery } from '../host.js';

/** Most instances in one answer. */
export const LONGEST_LIST = 1000;

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
