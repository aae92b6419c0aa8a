// Multi-instance activities that throw an event when an instance completes (behavior `None`), when the first one does (`One`),
// or when a condition holds then (`Complex`): the instances become a subflow, in which the events follow the work (BPMN
// 2.0.2, 13.3.7). With `All`, the default, nothing is thrown.
import type { BpmnElement } from '../elements.js';
import { use } from './rare-tools.js';
import type { ActivityDraft, Scene } from './scene.js';
import type { Thrown } from './triggers.js';

/** Members that stay with the instances as a whole; the others are those of each instance. */
const OF_THE_WHOLE = ['id', 'name', 'join', 'split', 'loop', 'boundary', 'compensation'];

interface Throwing {
  readonly thrown: Thrown;
  /** Over `COUNT`, the instances that have completed; absent: always. */
  readonly condition?: string;
}

/** The activity becomes the subflow of its instances, if they throw anything. */
export function throwPerInstance(scene: Scene, node: BpmnElement, activity: ActivityDraft): void {
  const { loop } = activity;
  if (loop?.kind !== 'forEach') return;
  const { draft } = scene;
  const id = use.keyOf(node);
  const count = `\`${id}.completed\``;
  const events = eventsOf(scene, node, count, loop.items, loop.sequential === true);
  if (events.length === 0) return;
  const work = `${id}.instance`;
  const inner = { id: work, ...(activity.name === undefined ? {} : { name: activity.name }) } as ActivityDraft;
  for (const [member, value] of Object.entries(activity)) {
    if (OF_THE_WHOLE.includes(member)) continue;
    Object.assign(inner, { [member]: value });
    delete (activity as unknown as Record<string, unknown>)[member];
  }
  const body = draft.subflows.get(id);
  if (body) draft.subflows.set(work, body);
  activity.type = 'subflow';
  const unmapped = draft.unmapped.indexOf(activity);
  if (unmapped >= 0) draft.unmapped[unmapped] = inner;
  // In front of what lies in it.
  draft.activities.splice(draft.activities.indexOf(activity) + 1, 0, inner);
  const members = [work];
  let last = work;
  if (events.some((e) => e.condition !== undefined)) {
    draft.variables.set(`${id}.completed`, {});
    last = `${id}.counted`;
    const output = { [`${id}.completed`]: `($exists(${count}) ? ${count} : 0) + 1` };
    draft.activities.push({ id: last, type: 'script', output });
    draft.connectors.push({ id: `${last}.next`, from: work, to: last });
    members.push(last);
  }
  for (const [i, { thrown, condition }] of events.entries()) {
    const event: ActivityDraft = { id: `${id}.event${i === 0 ? '' : i + 1}`, type: 'route' };
    use.raise(event, thrown);
    draft.activities.push(event);
    members.push(event.id);
    const when = condition === undefined ? {} : { condition };
    draft.connectors.push({ id: `${event.id}.thrown`, from: last, to: event.id, ...when });
  }
  draft.subflows.set(id, { activities: members });
}

function eventsOf(
  scene: Scene,
  node: BpmnElement,
  count: string,
  items: string,
  sequential: boolean,
): readonly Throwing[] {
  const loop = use.one(node, 'loopCharacteristics');
  const thrown = (definition: BpmnElement | undefined, condition?: string): readonly Throwing[] =>
    (definition ? use.thrownBy(scene, node, definition) : []).map((t) => ({
      thrown: t,
      ...(condition === undefined ? {} : { condition }),
    }));
  switch (use.text(loop, 'behavior')) {
    case 'None':
      return thrown(use.one(loop, 'noneBehaviorEventRef'));
    case 'One':
      return thrown(use.one(loop, 'oneBehaviorEventRef'), `${count} = 1`);
    case 'Complex':
      break;
    default:
      return [];
  }
  const total = `($i := (${items}); $type($i) = "number" ? $i : $count($i))`;
  const rename = {
    numberOfInstances: total,
    numberOfCompletedInstances: count,
    numberOfActiveInstances: sequential ? '0' : `(${total} - ${count})`,
    numberOfTerminatedInstances: '0',
  };
  return use.many(loop, 'complexBehaviorDefinition').flatMap((behavior) => {
    const condition = use.expressionOf(scene, use.one(behavior, 'condition'), { names: true, rename });
    const event = use.one(behavior, 'event');
    if (condition === undefined || !event) {
      scene.report.inPart(node, 'An event of its complex behavior is not thrown: its condition is not understood.');
      return [];
    }
    return use.eventDefinitionsOf(event).flatMap((definition) => thrown(definition, condition));
  });
}
