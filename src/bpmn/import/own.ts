// Our own namespace in a BPMN file: attributes for what people write by hand (implementation, role, form, timeout, due,
// retry), and a JSON element for everything that BPMN has no place for, written by the export.
import type { JsonObject } from '../../model/index.js';
import { parseDuration } from '../../model/index.js';
import type { BpmnElement } from '../elements.js';
import type { ActivityDraft, BoundaryEventDefinition, ConnectorDraft, Scene } from './scene.js';

/** The drawing says these. */
const DRAWN = ['id', 'name', 'boundary'];

export function applyOwn(scene: Scene, node: BpmnElement, activity: ActivityDraft): void {
  const { vendors } = scene;
  const timeout = vendors.attribute(node, 'millrace', 'timeout');
  const due = vendors.attribute(node, 'millrace', 'due');
  const retry = /^(\d+)(?:\/(P\S+))?$/.exec(vendors.attribute(node, 'millrace', 'retry') ?? '');
  if (timeout !== undefined && parseDuration(timeout) !== undefined) activity.timeout = timeout;
  if (due !== undefined && parseDuration(due) !== undefined) activity.due = due;
  if (retry && Number(retry[1]) > 0)
    activity.retry = { maxAttempts: Number(retry[1]), ...(retry[2] === undefined ? {} : { backoff: retry[2] }) };
  const own = ownJson(scene, node, 'activity');
  if (!own) return;
  override(
    activity,
    own,
    Object.keys(own).filter((field) => !DRAWN.includes(field)),
  );
  if (own['boundary'] === null) delete activity.boundary;
  if (Array.isArray(own['boundary']))
    activity.boundary = mergedBoundary(activity, own['boundary'] as unknown as BoundaryEventDefinition[]);
  const index = scene.draft.unmapped.indexOf(activity);
  if (index >= 0 && ('input' in own || 'output' in own)) scene.draft.unmapped.splice(index, 1);
}

function override(target: object, own: JsonObject, fields: readonly string[]): void {
  for (const field of fields) {
    if (!Object.hasOwn(own, field)) continue;
    if (own[field] === null) delete (target as Record<string, unknown>)[field];
    else (target as Record<string, unknown>)[field] = own[field];
  }
}

/** Which boundary events there are is for the drawing to say; what they say beyond it is ours. */
function mergedBoundary(
  activity: ActivityDraft,
  own: readonly BoundaryEventDefinition[],
): readonly BoundaryEventDefinition[] {
  const drawn = new Set((activity.boundary ?? []).map((b) => b.id));
  const known = new Set(own.map((b) => b.id));
  return [...own.filter((b) => drawn.has(b.id)), ...(activity.boundary ?? []).filter((b) => !known.has(b.id))];
}

/** What our own JSON says of a connector. */
export function applyOwnConnector(scene: Scene, flow: BpmnElement, connector: ConnectorDraft): void {
  const own = ownJson(scene, flow, 'connector');
  if (own) override(connector, own, ['from', 'to', 'condition', 'default']);
}

/** What our own JSON says of a subflow; its members are those of the drawing. */
export function applyOwnSubflow(scene: Scene, node: BpmnElement, id: string): void {
  const own = ownJson(scene, node, 'subflow');
  const subflow = scene.draft.subflows.get(id);
  if (own && subflow) override(subflow, own, ['name', 'activities', 'loop', 'boundary', 'compensation', 'trigger']);
}

/** The JSON in `<millrace:activity>`, `<millrace:flow>` …; undefined when there is none or it does not parse. */
export function ownJson(scene: Scene, node: BpmnElement, name: string): JsonObject | undefined {
  const element = scene.vendors.child(node, 'millrace', name);
  const body = element?.$body?.trim();
  if (!element || !body) return undefined;
  try {
    const value = JSON.parse(body) as unknown;
    if (typeof value === 'object' && value !== null && !Array.isArray(value) && !body.includes('"__proto__"'))
      return value as JsonObject;
  } catch {
    // Reported below, like any other content that is no object.
  }
  scene.report.leftOut(element, 'It is no JSON object, so it is not read.');
  return undefined;
}
