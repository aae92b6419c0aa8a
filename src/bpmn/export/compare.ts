// What BPMN has no place for: the difference between a flow and what an import of its plain BPMN gives. It is written into
// the file as JSON of our own, so that the next import gives the flow itself.
import type { ActivityDefinition, FlowDefinition } from '../../model/index.js';
import type { ExportDraft } from './draft.js';

type Members = Readonly<Record<string, unknown>>;

/** Members of `wanted` that `given` does not have like that; `null` where `given` has too much. */
export function difference(wanted: Members, given: Members, except: readonly string[] = []): Members | undefined {
  const found: Record<string, unknown> = {};
  for (const name of new Set([...Object.keys(wanted), ...Object.keys(given)])) {
    if (except.includes(name) || isSame(wanted[name], given[name])) continue;
    found[name] = wanted[name] ?? null;
  }
  return Object.keys(found).length > 0 ? found : undefined;
}

export function isSame(a: unknown, b: unknown): boolean {
  return JSON.stringify(sorted(a)) === JSON.stringify(sorted(b));
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, v]) => v !== undefined)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([k, v]) => [k, sorted(v)]),
  );
}

/** Adds to the elements of `draft` what `given`, the import of them, lacks. */
export function attachDifferences(draft: ExportDraft, given: FlowDefinition): void {
  const { flow } = draft;
  const imported = new Map(given.activities.map((a) => [a.id, a]));
  for (const [id, element] of draft.elements) {
    const wanted = draft.activity(id);
    const was = imported.get(id);
    if (!wanted && draft.subflow(id)) draft.attach(element, 'activity', { type: null });
    else if (wanted) {
      const more = difference(members(wanted), members(was ?? { id, type: 'route' }), ['id']);
      if (more) draft.attach(element, 'activity', withData(more, wanted));
    }
    const subflow = draft.subflow(id);
    const more = subflow && difference({ ...subflow }, { ...given.subflows?.[id] });
    if (more) draft.attach(element, 'subflow', more);
  }
  const connectors = new Map((given.connectors ?? []).map((c) => [c.id, c]));
  for (const connector of flow.connectors ?? []) {
    const element = draft.flows.get(connector.id);
    const more = element && difference({ ...connector }, { ...connectors.get(connector.id) });
    if (more) draft.attach(element, 'connector', more);
  }
  const more = difference({ ...flow }, { ...given }, ['activities', 'connectors', 'subflows', 'layout']);
  if (more) draft.attach(draft.process, 'flow', more);
}

/** An import leaves the data of an activity alone once our own JSON says anything about it: then it must say all. */
function withData(more: Members, wanted: ActivityDefinition): Members {
  if (!('input' in more) && !('output' in more)) return more;
  return { ...more, input: wanted.input ?? null, output: wanted.output ?? null };
}

function members(activity: ActivityDefinition): Members {
  return { ...activity };
}
