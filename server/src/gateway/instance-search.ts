// What the query of a list of instances asks for.
import { FlowError, type InstanceQuery, type InstanceStatus } from '../../../src/index.js';
import type { InstanceSearch } from '../read-model/search.js';
import { STATUSES } from './schemas.js';

export type FullSearch = InstanceSearch & Pick<InstanceQuery, 'variables'>;
/** The query of a request. */
export type Search = Partial<
  Readonly<
    Record<
      | 'flow'
      | 'kind'
      | 'key'
      | 'startedBy'
      | 'since'
      | 'until'
      | 'changedSince'
      | 'role'
      | 'variables'
      | 'after'
      | 'limit'
      | 'status',
      string
    >
  >
>;

/** Throws FlowError `FLOW-REQUEST`. */
export function searchOf({ status, since, until, changedSince, variables, ...rest }: Search): FullSearch {
  const numbers = Object.entries({ startedFrom: since, startedBefore: until, changedFrom: changedSince });
  const times = numbers.flatMap(([name, value]) => (value === undefined ? [] : [[name, Number(value)]]));
  return {
    ...(rest as FullSearch),
    ...(status === undefined ? {} : { status: statusesOf(status) }),
    ...(variables === undefined ? {} : { variables: valuesOf(variables) }),
    ...Object.fromEntries(times),
  };
}

function statusesOf(given: string): readonly InstanceStatus[] {
  const all = given.split(',');
  const wrong = all.find((one) => !STATUSES.includes(one));
  if (wrong === undefined) return all as InstanceStatus[];
  throw new FlowError('FLOW-REQUEST', `"${wrong}" is no status; there are ${STATUSES.join(', ')}.`);
}

function valuesOf(given: string): NonNullable<InstanceQuery['variables']> {
  try {
    const values = JSON.parse(given) as NonNullable<InstanceQuery['variables']>;
    const isPlain = Object.values(values).every((value) => ['string', 'number', 'boolean'].includes(typeof value));
    if (typeof values === 'object' && !Array.isArray(values) && isPlain) return values;
  } catch {
    // No JSON: the same mistake.
  }
  const message = '"variables" is a JSON object of texts, numbers and booleans: {"customer.id": "c1"}.';
  throw new FlowError('FLOW-REQUEST', message);
}
