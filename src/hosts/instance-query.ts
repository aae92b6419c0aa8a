// Which instances a query means. Hosts narrow it down by their indexes first; what decides is this.
import type { FlowState } from '../engine/index.js';
import type { FlowDefinition, Json, JsonObject } from '../model/index.js';
import type { InstanceQuery } from './host.js';
import type { InstanceHeader } from './instance-view.js';

export function matchesQuery(
  query: InstanceQuery,
  definition: Pick<FlowDefinition, 'flow' | 'kind'>,
  state: Pick<FlowState, 'status' | 'pool'>,
  header: InstanceHeader,
): boolean {
  const { flow, kind, status, key, startedFrom, startedBefore, changedFrom, variables } = query;
  return (
    (flow === undefined || flow === definition.flow) &&
    (kind === undefined || kind === definition.kind) &&
    (status === undefined || [status].flat().includes(state.status)) &&
    (key === undefined || key === header.key) &&
    (startedFrom === undefined || header.startedAt >= startedFrom) &&
    (startedBefore === undefined || header.startedAt < startedBefore) &&
    (changedFrom === undefined || header.changedAt >= changedFrom) &&
    (variables === undefined || Object.entries(variables).every(([path, value]) => valueAt(state.pool, path) === value))
  );
}

/** The value at a path of names with dots between them; of an inherited member: none. */
export function valueAt(pool: JsonObject, path: string): Json | undefined {
  let value: Json | undefined = pool;
  for (const name of path.split('.')) {
    if (value === null || typeof value !== 'object' || !Object.hasOwn(value, name)) return undefined;
    value = (value as JsonObject)[name];
  }
  return value;
}
