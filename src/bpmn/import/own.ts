// Our own namespace in a BPMN file: attributes for what people write by hand (implementation, role, form, timeout, due,
// retry), and a JSON element for everything that BPMN has no place for, written by the export.
import type { JsonObject } from '../../model/index.js';
import { parseDuration } from '../../model/index.js';
import type { BpmnElement } from '../elements.js';
import type { ActivityDraft, Scene } from './scene.js';

const FIELDS = [
  'implementation',
  'input',
  'output',
  'split',
  'join',
  'timeout',
  'retry',
  'loop',
  'mutex',
  'terminate',
  'noneTrue',
  'compensation',
  'throw',
  'role',
  'form',
  'excludes',
  'sameAs',
  'due',
  'priority',
  'after',
  'until',
  'when',
  'message',
  'calls',
  'type',
];

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
  for (const field of FIELDS) {
    if (!Object.hasOwn(own, field)) continue;
    if (own[field] === null) delete (activity as unknown as Record<string, unknown>)[field];
    else (activity as unknown as Record<string, unknown>)[field] = own[field];
  }
  const index = scene.draft.unmapped.indexOf(activity);
  if (index >= 0) scene.draft.unmapped.splice(index, 1);
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
