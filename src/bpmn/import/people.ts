// Who does a user task: potential owners and performers, then the attributes of other engines, then the lane.
import type { JsonSchema } from '../../model/index.js';
import { is, many, nameOf, one, type BpmnElement } from '../elements.js';
import { bodyOf, keyOf, type Scene } from './scene.js';
import { plain } from './vendor.js';

/** Role of a user task that names nobody and lies in no lane. */
const ANYBODY = 'user';

export function roleOf(scene: Scene, node: BpmnElement, task: BpmnElement): string {
  const { vendors } = scene;
  const groups =
    vendors.attribute(task, 'camunda', 'candidateGroups') ??
    plain(vendors.child(task, 'zeebe', 'assignmentDefinition'), 'candidateGroups');
  const users = vendors.attribute(task, 'camunda', 'candidateUsers');
  const assignee =
    vendors.attribute(task, 'camunda', 'assignee') ??
    plain(vendors.child(task, 'zeebe', 'assignmentDefinition'), 'assignee');
  const stated =
    vendors.attribute(task, 'millrace', 'role') ??
    resourceOf(scene, task) ??
    first(scene, task, groups) ??
    first(scene, task, users) ??
    first(scene, task, assignee);
  const role = stated ?? laneOf(scene, node) ?? ANYBODY;
  if (stated === undefined && role === ANYBODY)
    scene.report.inPart(node, `It says nowhere who does it; its role is "${ANYBODY}".`, 'potentialOwner');
  if (!scene.draft.roles.has(role)) scene.draft.roles.set(role, {});
  return role;
}

function resourceOf(scene: Scene, task: BpmnElement): string | undefined {
  const roles = many(task, 'resources');
  for (const type of ['PotentialOwner', 'HumanPerformer', 'Performer', 'ResourceRole']) {
    for (const role of roles.filter((r) => is(r, type))) {
      const resource = one(role, 'resourceRef');
      const said = bodyOf(one(one(role, 'resourceAssignmentExpression'), 'expression'));
      const found = resource ? (nameOf(resource) ?? keyOf(resource)) : (said ?? nameOf(role));
      if (found !== undefined) return clean(found);
    }
  }
  void scene;
  return undefined;
}

/** Of several groups or people the first; an expression is no name. */
function first(scene: Scene, task: BpmnElement, list: string | undefined): string | undefined {
  if (list === undefined) return undefined;
  const names = list.replace(/^=\s*/, '').split(',').map(clean).filter(Boolean);
  if (names.length > 1)
    scene.report.inPart(task, `Of ${names.join(', ')} only ${names[0]} is its role.`, 'candidateGroups');
  return names[0];
}

function clean(name: string): string {
  return name
    .replaceAll(/^[$#]\{|\}$|^(?:user|group)\(|\)$|["'[\]]/g, '')
    .trim()
    .slice(0, 500);
}

/** The innermost lane that lists the element. */
function laneOf(scene: Scene, node: BpmnElement): string | undefined {
  let found: BpmnElement | undefined;
  const search = (holder: BpmnElement): void => {
    for (const set of [
      ...many(holder, 'laneSets'),
      ...(one(holder, 'childLaneSet') ? [one(holder, 'childLaneSet')!] : []),
    ]) {
      for (const lane of many(set, 'lanes')) {
        for (let e: BpmnElement | undefined = node; e && e !== scene.process; e = e.$parent)
          if (many(lane, 'flowNodeRef').includes(e)) found = lane;
        search(lane);
      }
    }
  };
  search(scene.process);
  return found && (nameOf(found) ?? keyOf(found));
}

/** Lanes are roles, also those without a user task. */
export function importLanes(scene: Scene): void {
  const search = (holder: BpmnElement): void => {
    for (const set of [
      ...many(holder, 'laneSets'),
      ...(one(holder, 'childLaneSet') ? [one(holder, 'childLaneSet')!] : []),
    ]) {
      for (const lane of many(set, 'lanes')) {
        const role = nameOf(lane) ?? keyOf(lane);
        if (role !== '__proto__') scene.draft.roles.set(role.slice(0, 500), {});
        search(lane);
      }
    }
  };
  search(scene.process);
}

/** A form key is a reference to a form of the page; declared form fields are a schema. */
export function formOf(scene: Scene, task: BpmnElement): string | JsonSchema | undefined {
  const { vendors } = scene;
  const named =
    vendors.attribute(task, 'millrace', 'form') ??
    vendors.attribute(task, 'camunda', 'formKey') ??
    vendors.attribute(task, 'camunda', 'formRef') ??
    plain(vendors.child(task, 'zeebe', 'formDefinition'), 'formKey') ??
    plain(vendors.child(task, 'zeebe', 'formDefinition'), 'formId');
  return named ?? scene.dialect?.form(scene, task);
}
