// The values of variables that a flow wants its instances to be found by, as keys of an index. Pure functions.
import type { CompiledFlow } from '../compiler/index.js';
import type { FlowDefinition, JsonObject } from '../model/index.js';
import type { InstanceQuery } from './host.js';
import { valueAt } from './instance-query.js';

/** What an index finds is looked at once more, so the beginning of a long text will do. */
const LONGEST = 300;

/** What a definition has indexed. */
export interface Indexing {
  readonly flow: string;
  /** Of its variables, as queries name them. */
  readonly paths: ReadonlySet<string>;
}

export function indexingOf(definition: FlowDefinition): Indexing {
  return { flow: definition.flow, paths: indexedBy(definition) };
}

/**
 * Under which keys all stand that a query may mean; undefined where only looking at all can tell. A definition says what is indexed, and an
 * instance is pinned to its own, so the index answers only where all definitions that may be meant, `all`, ask for it.
 */
export function foundKeys(
  all: readonly Indexing[],
  { flow, variables = {} }: InstanceQuery,
): readonly string[] | undefined {
  const meant = all.filter((one) => flow === undefined || one.flow === flow);
  if (meant.length === 0) return undefined;
  const chosen = Object.entries(variables).find(([path]) => meant.every(({ paths }) => paths.has(path)));
  return chosen && [...new Set(meant.map((one) => foundKey(one.flow, ...chosen)))];
}

function indexedBy({ variables = {} }: FlowDefinition): ReadonlySet<string> {
  return new Set(
    Object.entries(variables).flatMap(([name, { indexed = [] }]) =>
      indexed === true ? name : indexed.map((path) => `${name}.${path}`),
    ),
  );
}

function foundKey(flow: string, path: string, value: string | number | boolean): string {
  return JSON.stringify([flow, path, value]).slice(0, LONGEST);
}

/** What an instance of the flow is found by; undefined where the flow does not ask for it. */
export function foundBy({ definition }: CompiledFlow, pool: JsonObject): readonly string[] | undefined {
  let paths = known.get(definition);
  if (!paths) known.set(definition, (paths = indexedBy(definition)));
  if (paths.size === 0) return undefined;
  return [...paths].flatMap((path) => {
    const value = valueAt(pool, path);
    if (typeof value !== 'string' && typeof value !== 'number' && typeof value !== 'boolean') return [];
    return foundKey(definition.flow, path, value);
  });
}

const known = new WeakMap<FlowDefinition, ReadonlySet<string>>();
