// One process → one flow definition.
import type { FlowDefinition } from '../../model/index.js';
import { is, many, nameOf, one, text, type BpmnElement } from '../elements.js';
import { quotedName } from '../expressions/names.js';
import { importData } from './data.js';
import { layoutOf } from './diagram.js';
import { ownJson } from './own.js';
import { importLanes } from './people.js';
import { importScope } from './scope.js';
import { plain } from './vendor.js';
import { keyOf, variableName, type FlowDraft, type Scene } from './scene.js';

export function importProcess(scene: Scene): FlowDefinition {
  const { process, draft, vendors } = scene;
  const flow = keyOf(process);
  importLanes(scene);
  importData(scene, process);
  importScope(scene, process, flow);
  wireUnmapped(draft);
  const title = nameOf(process) ?? nameOf(participantOf(scene));
  const description = many(process, 'documentation')
    .map((d) => text(d, 'text'))
    .filter(Boolean)
    .join('\n\n');
  const output = outputOf(process);
  const layout = layoutOf(scene);
  const version =
    vendors.attribute(process, 'millrace', 'version') ??
    vendors.attribute(process, 'camunda', 'versionTag') ??
    plain(vendors.child(process, 'zeebe', 'versionTag'), 'value');
  const own = ownJson(scene, process, 'flow') ?? {};
  for (const name of draft.reads) if (!draft.variables.has(name) && name !== '__proto__') draft.variables.set(name, {});
  const definition: FlowDefinition = {
    flow,
    kind: vendors.attribute(process, 'millrace', 'kind') === 'microflow' ? 'microflow' : 'process',
    ...(version === undefined ? {} : { version }),
    // The standard lets a process run that some data would bring to a standstill.
    deadlocks: 'fail',
    ...(title === undefined ? {} : { title }),
    ...(description === '' ? {} : { description }),
    ...(Object.keys(output).length > 0 ? { output } : {}),
    ...(draft.variables.size > 0 ? { variables: Object.fromEntries([...draft.variables].sort(byName)) } : {}),
    activities: draft.activities,
    ...(draft.connectors.length > 0 ? { connectors: draft.connectors } : {}),
    ...(draft.subflows.size > 0 ? { subflows: Object.fromEntries(draft.subflows) } : {}),
    ...(draft.roles.size > 0 ? { roles: Object.fromEntries([...draft.roles].sort(byName)) } : {}),
    ...(Object.keys(layout).length > 0 ? { layout } : {}),
  };
  // What an export had to say beyond BPMN; `null` takes a member away.
  return Object.fromEntries(
    Object.entries({ ...definition, ...own }).filter(([, value]) => value !== null),
  ) as unknown as FlowDefinition;
}

function byName(a: readonly [string, unknown], b: readonly [string, unknown]): number {
  return a[0] < b[0] ? -1 : a[0] > b[0] ? 1 : 0;
}

export function participantOf(scene: Scene): BpmnElement | undefined {
  return many(scene.root, 'rootElements')
    .flatMap((e) => many(e, 'participants'))
    .find((p) => one(p, 'processRef') === scene.process);
}

/**
 * Most files do not say what their tasks are given and give. Such a task is given the variables that the file's
 * expressions read, and what it returns under such a name is written to that variable.
 */
function wireUnmapped(draft: FlowDraft): void {
  const names = [...draft.reads].filter((n) => n !== '__proto__').sort();
  if (names.length === 0) return;
  for (const activity of draft.unmapped) {
    if (activity.type !== 'receive') activity.input = Object.fromEntries(names.map((n) => [n, quotedName(n)]));
    activity.output = { ...Object.fromEntries(names.map((n) => [n, `$output.${quotedName(n)}`])), ...activity.output };
  }
}

/** The data outputs of the process are its output data object. */
function outputOf(process: BpmnElement): Record<string, string> {
  const outputs = many(one(process, 'ioSpecification'), 'dataOutputs').filter((d) => is(d, 'DataOutput'));
  return Object.fromEntries(outputs.map((d) => [variableName(d), quotedName(variableName(d))]));
}
