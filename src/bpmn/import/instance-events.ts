// Multi-instance activities that throw an event when an instance completes (behavior `None`) or when the first one does (`One`):
// the instances become a subflow, in which the event follows the work (BPMN 2.0.2, 13.3.7).
import { one, text, type BpmnElement } from '../elements.js';
import { raise } from './events.js';
import { keyOf, type ActivityDraft, type Scene } from './scene.js';
import { thrownBy } from './triggers.js';

/** Members that stay with the instances as a whole; the others are those of each instance. */
const OF_THE_WHOLE = ['id', 'name', 'join', 'split', 'loop', 'boundary', 'compensation'];

/** True when the event is thrown; the activity has then become the subflow of its instances. */
export function throwPerInstance(scene: Scene, node: BpmnElement, activity: ActivityDraft): boolean {
  const loop = one(node, 'loopCharacteristics');
  const behavior = text(loop, 'behavior');
  const definition = one(loop, behavior === 'None' ? 'noneBehaviorEventRef' : 'oneBehaviorEventRef');
  const thrown =
    (behavior === 'None' || behavior === 'One') && definition ? thrownBy(scene, node, definition) : undefined;
  if (!thrown || activity.loop?.kind !== 'forEach') return false;
  const id = keyOf(node);
  const [work, event, count] = [`${id}.instance`, `${id}.event`, `\`${id}.completed\``];
  const inner = { id: work, ...(activity.name === undefined ? {} : { name: activity.name }) } as ActivityDraft;
  for (const [member, value] of Object.entries(activity)) {
    if (OF_THE_WHOLE.includes(member)) continue;
    Object.assign(inner, { [member]: value });
    delete (activity as unknown as Record<string, unknown>)[member];
  }
  activity.type = 'subflow';
  const unmapped = scene.draft.unmapped.indexOf(activity);
  if (unmapped >= 0) scene.draft.unmapped[unmapped] = inner;
  const signal: ActivityDraft = { id: event, type: 'route' };
  raise(signal, thrown);
  scene.draft.activities.push(inner, signal);
  scene.draft.subflows.set(id, { activities: [work, event] });
  if (behavior === 'One') {
    scene.draft.variables.set(`${id}.completed`, {});
    inner.output = { ...inner.output, [`${id}.completed`]: `($exists(${count}) ? ${count} : 0) + 1` };
  }
  const first = behavior === 'One' ? { condition: `${count} = 1` } : {};
  scene.draft.connectors.push({ id: `${event}.thrown`, from: work, to: event, ...first });
  return true;
}

export function reportBehavior(scene: Scene, node: BpmnElement): void {
  const behavior = text(one(node, 'loopCharacteristics'), 'behavior');
  if (behavior !== undefined && behavior !== 'All')
    scene.report.inPart(node, `The events that its behavior ${behavior} throws are not thrown.`, 'behavior');
}
