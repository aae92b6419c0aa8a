// Sub-processes as subflows: embedded, transactions, event sub-processes, ad-hoc.
import { eventDefinitionsOf, flag, is, many, nameOf, one, text, type BpmnElement } from '../elements.js';
import { graphOf, isEventSubProcess, type Graph } from './graph.js';
import { importScope } from './scope.js';
import { triggersOf } from './events.js';
import { dressActivity, sendDrawn } from './tasks.js';
import { importData } from './data.js';
import { keyOf, type ActivityDraft, type BoundaryEventDefinition, type Scene } from './scene.js';

export function importSubProcess(
  scene: Scene,
  graph: Graph,
  node: BpmnElement,
  add: (activity: ActivityDraft) => void,
): void {
  const id = keyOf(node);
  const name = nameOf(node);
  const activity: ActivityDraft = { id, ...(name === undefined ? {} : { name }), type: 'subflow' };
  importData(scene, node);
  if (!many(node, 'flowElements').some((e) => is(e, 'FlowNode'))) {
    // Drawn collapsed, its contents somewhere else or nowhere.
    activity.type = 'script';
    scene.report.inPart(node, 'It has nothing in it, so it is passed at once.');
    if (!isEventSubProcess(node)) {
      dressActivity(scene, graph, node, activity, add);
      add(activity);
    }
    return;
  }
  if (isEventSubProcess(node)) return eventSubProcess(scene, graph, node, activity, add);
  dressActivity(scene, graph, node, activity, add);
  add(activity);
  const before = scene.draft.activities.length;
  const members = importScope(scene, node, id);
  scene.draft.subflows.set(id, { activities: members });
  for (const inner of many(node, 'flowElements').filter(isCompensating))
    compensationSubProcess(scene, activity, inner, add);
  if (is(node, 'AdHocSubProcess')) scene.rare!.adHoc(scene, graphOf(node), members);
  if (is(node, 'Transaction')) transaction(scene, node, activity, scene.draft.activities.slice(before));
  scene.rare?.throwPerInstance(scene, node, activity);
  sendDrawn(scene, node, add);
}

function eventSubProcess(
  scene: Scene,
  graph: Graph,
  node: BpmnElement,
  activity: ActivityDraft,
  add: (activity: ActivityDraft) => void,
): void {
  const starts = many(node, 'flowElements').filter((e) => is(e, 'StartEvent'));
  const start = starts[0];
  if (isCompensating(node)) {
    // That of a sub-process is imported after the sub-process.
    if (!is(graph.container, 'SubProcess'))
      scene.report.leftOut(node, 'A process as a whole is not compensated by anybody, so this never starts.');
    return;
  }
  const triggers = start ? triggersOf(scene, start) : [];
  if (!start || triggers.length === 0) {
    scene.report.leftOut(node, 'It has no start event with an event that could start it.');
    return;
  }
  if (starts.length > 1) scene.report.inPart(node, 'Of its several start events only the first starts it.');
  if (one(node, 'loopCharacteristics'))
    scene.report.inPart(node, 'Its loop is not carried out.', 'loopCharacteristics');
  for (const event of graph.attached(node)) scene.report.leftOut(event, 'An event sub-process has no boundary events.');
  add(activity);
  const members = importScope(scene, node, activity.id);
  const together = triggers.length > 1 && flag(start, 'parallelMultiple') ? { together: keyOf(start) } : {};
  const all = triggers.map((trigger, i): BoundaryEventDefinition => ({
    id: `${keyOf(start)}${i === 0 ? '' : `.${i + 1}`}`,
    ...(flag(start, 'isInterrupting') === false ? { interrupting: false } : {}),
    ...together,
    ...trigger,
  }));
  scene.draft.subflows.set(activity.id, { activities: members, trigger: all.length === 1 ? all[0]! : all });
}

function isCompensating(node: BpmnElement): boolean {
  const start = many(node, 'flowElements').find((e) => is(e, 'StartEvent'));
  return (
    isEventSubProcess(node) && !!start && eventDefinitionsOf(start).some((d) => is(d, 'CompensateEventDefinition'))
  );
}

/** It undoes the sub-process it lies in as a whole, when that is over: so it lies beside it. */
function compensationSubProcess(
  scene: Scene,
  owner: ActivityDraft,
  node: BpmnElement,
  add: (activity: ActivityDraft) => void,
): void {
  const name = nameOf(node);
  const id = keyOf(node);
  add({ id, ...(name === undefined ? {} : { name }), type: 'subflow' });
  scene.draft.subflows.set(id, { activities: importScope(scene, node, id) });
  owner.compensation = id;
}

/** A cancel end event needs a cancel boundary event to leave by; the standard lets the transaction end without one. */
function transaction(scene: Scene, node: BpmnElement, activity: ActivityDraft, inside: readonly ActivityDraft[]): void {
  const cancels = inside.some((a) => a.throw?.event === 'cancel');
  const caught = (activity.boundary ?? []).some((b) => b.event === 'cancel');
  if (cancels && !caught) activity.boundary = [...(activity.boundary ?? []), { id: 'cancelled', event: 'cancel' }];
  const method = text(node, 'method');
  if (method !== undefined && !method.endsWith('Compensate'))
    scene.report.inPart(node, `The method ${method} is not carried out; a cancelled transaction is compensated.`);
}
