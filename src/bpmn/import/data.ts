// Data objects, properties and stores as variables; data inputs, outputs and associations as assignments.
import type { JsonSchema } from '../../model/index.js';
import { flag, is, many, one, text, type BpmnElement } from '../elements.js';
import { quotedName } from '../expressions/names.js';
import { referred } from './loops.js';
import { expressionOf, literal, variableName, type ActivityDraft, type Scene } from './scene.js';

const TYPES: Readonly<Record<string, JsonSchema>> = {
  string: { type: 'string' },
  int: { type: 'integer' },
  integer: { type: 'integer' },
  long: { type: 'integer' },
  double: { type: 'number' },
  float: { type: 'number' },
  decimal: { type: 'number' },
  boolean: { type: 'boolean' },
};

/** Declares the variables of a process or sub-process. They all live in the flow's one pool. */
export function importData(scene: Scene, container: BpmnElement): void {
  const elements = many(container, 'flowElements');
  for (const element of [...elements.filter((e) => is(e, 'DataObject')), ...many(container, 'properties')])
    declare(scene, element);
  for (const element of elements.filter((e) => is(e, 'DataStoreReference'))) {
    declare(scene, element);
    scene.report.inPart(element, 'The data store is a variable of the instance; nothing is kept beyond it.');
  }
  if (
    is(container, 'SubProcess') &&
    (elements.some((e) => is(e, 'DataObject')) || many(container, 'properties').length > 0)
  )
    scene.report.inPart(container, 'Its data objects are variables of the whole flow.', 'dataObject');
}

function declare(scene: Scene, element: BpmnElement): void {
  const name = variableName(element);
  if (name === '__proto__') return;
  const item = one(element, 'itemSubjectRef');
  const structure = (text(item, 'structureRef') ?? '').replace(/^.*[:/#.]/, '').toLowerCase();
  const type = Object.hasOwn(TYPES, structure) ? TYPES[structure] : undefined;
  const list = flag(element, 'isCollection') ?? flag(item, 'isCollection');
  const schema = list ? { type: 'array', ...(type === undefined ? {} : { items: type }) } : type;
  // A null stands for "no value yet" in many files, so the schema is a hint, kept where it says something.
  scene.draft.variables.set(name, schema === undefined ? {} : { schema });
}

const NEEDS_DATA = new Set(['service', 'script', 'user', 'receive', 'call']);

export function mapActivityData(scene: Scene, node: BpmnElement, activity: ActivityDraft): void {
  const input = { ...associated(scene, node, 'dataInputAssociations'), ...scene.dialect?.input(scene, node) };
  const output = { ...returned(scene, node), ...scene.dialect?.output(scene, node) };
  const starts = activity.implementation?.ref === 'start-flow';
  if (starts || (activity.type === 'send' && activity.message)) sendData(activity, input);
  else if (Object.keys(input).length > 0) activity.input = input;
  if (Object.keys(output).length > 0) activity.output = { ...activity.output, ...output };
  const works = activity.type !== 'script' || activity.implementation !== undefined;
  if (works && NEEDS_DATA.has(activity.type) && !starts && !activity.input && !activity.output)
    scene.draft.unmapped.push(activity);
}

export function mapEventData(scene: Scene, node: BpmnElement, activity: ActivityDraft): void {
  if (activity.type === 'send' || activity.implementation) {
    sendData(activity, {
      ...associated(scene, node, 'dataInputAssociation'),
      ...associated(scene, node, 'dataInputAssociations'),
    });
    return;
  }
  if (activity.type !== 'receive') return;
  const output = {
    ...taken(scene, many(node, 'dataOutputAssociation')),
    ...taken(scene, many(node, 'dataOutputAssociations')),
    ...scene.dialect?.output(scene, node),
  };
  if (Object.keys(output).length > 0) activity.output = output;
  else scene.draft.unmapped.push(activity);
}

function sendData(activity: ActivityDraft, input: Readonly<Record<string, string>>): void {
  const members = Object.entries(input).map(([name, source]) => `${literal(name)}: ${source}`);
  if (members.length > 0 && activity.message)
    activity.message = { ...activity.message, data: `{ ${members.join(', ')} }` };
}

/** Parameter of the activity ← JSONata over the pool. */
function associated(scene: Scene, node: BpmnElement, member: string): Record<string, string> {
  const found: Record<string, string> = {};
  for (const association of many(node, member)) {
    const target = referred(one(association, 'targetRef'));
    const source = sourceOf(scene, association);
    if (!target || source === undefined) {
      if (!target || many(association, 'assignment').length > 0)
        scene.report.leftOut(association, 'It does not say what is copied where, so nothing is.');
      continue;
    }
    const name = variableName(target);
    if (name !== '__proto__') found[name] = source;
  }
  return found;
}

function sourceOf(scene: Scene, association: BpmnElement): string | undefined {
  const assignment = many(association, 'assignment')[0];
  const said = expressionOf(scene, one(association, 'transformation') ?? one(assignment, 'from'), { names: true });
  if (said !== undefined) return said;
  const source = referred(many(association, 'sourceRef')[0]);
  if (!source) return undefined;
  const name = variableName(source);
  scene.draft.reads.add(name);
  return quotedName(name);
}

/** Variable ← what the activity returned under the data output's name. */
function returned(scene: Scene, node: BpmnElement): Record<string, string> {
  return taken(scene, many(node, 'dataOutputAssociations'));
}

function taken(scene: Scene, associations: readonly BpmnElement[]): Record<string, string> {
  const found: Record<string, string> = {};
  for (const association of associations) {
    const target = referred(one(association, 'targetRef'));
    const source = many(association, 'sourceRef')[0];
    const assignment = many(association, 'assignment')[0];
    const said = expressionOf(scene, one(association, 'transformation') ?? one(assignment, 'from'), { names: true });
    if (!target || (!source && said === undefined)) {
      scene.report.leftOut(association, 'It does not say what is copied where, so nothing is.');
      continue;
    }
    const name = variableName(target);
    if (name !== '__proto__') found[name] = said ?? `$output.${quotedName(variableName(source!))}`;
  }
  return found;
}
