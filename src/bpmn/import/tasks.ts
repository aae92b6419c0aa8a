// Tasks and call activities: what they invoke, who does them, and what every activity may have besides.
import { eventDefinitionsOf, idOf, is, kindOf, nameOf, number, one, text, type BpmnElement } from '../elements.js';
import { mapActivityData } from './data.js';
import { boundaryEventsOf, raise } from './events.js';
import { formOf, roleOf } from './people.js';
import { loopOf } from './loops.js';
import { arrivals, compensationHandler, isBehindEventGateway, isCompensation, startsOf, type Graph } from './graph.js';
import { keyOf, type ActivityDraft, type Scene } from './scene.js';
import { scriptOf } from './scripts.js';
import { drawnMessages, receivedMessage, sent } from './triggers.js';
import { plain } from './vendor.js';

type Add = (activity: ActivityDraft) => void;

export function importActivity(scene: Scene, graph: Graph, node: BpmnElement, add: Add): void {
  const name = nameOf(node);
  const activity: ActivityDraft = { id: keyOf(node), ...(name === undefined ? {} : { name }), type: 'script' };
  work(scene, graph, node, node, activity);
  mapActivityData(scene, node, activity);
  dressActivity(scene, graph, node, activity, add);
  add(activity);
  scene.rare?.throwPerInstance(scene, node, activity);
  if (!is(node, 'SendTask')) sendDrawn(scene, node, add);
}

/** What is drawn as a message to another process of the file is sent when the activity is done. */
export function sendDrawn(scene: Scene, node: BpmnElement, add: Add): void {
  const drawn = drawnMessages(scene, node);
  if (isCompensation(node)) {
    if (drawn.length > 0)
      scene.report.inPart(node, 'It sends no message by itself: its implementation has to.', 'MessageFlow');
    return;
  }
  for (const [i, thrown] of drawn.entries()) {
    const from = scene.draft.exits.get(keyOf(node)) ?? keyOf(node);
    const sending: ActivityDraft = { id: `${keyOf(node)}.message${i + 1}`, type: 'route' };
    raise(sending, thrown);
    add(sending);
    scene.draft.connectors.push({ id: `${sending.id}.sent`, from, to: sending.id });
    scene.draft.exits.set(keyOf(node), sending.id);
  }
}

/** What it does. `task` is the task itself, or the global task that a call activity calls. */
function work(scene: Scene, graph: Graph, node: BpmnElement, task: BpmnElement, activity: ActivityDraft): void {
  const kind = kindOf(task).replace(/^Global/, '');
  switch (kind) {
    case 'ServiceTask':
    case 'BusinessRuleTask':
      return invoke(scene, task, activity);
    case 'ScriptTask':
      return scriptOf(scene, task, activity);
    case 'UserTask':
      return person(scene, node, task, activity);
    case 'SendTask':
      if (externalName(scene, task) !== undefined && !scene.messages.nameFor(task))
        return invoke(scene, task, activity);
      return raise(activity, sent(scene, task));
    case 'ReceiveTask':
      if (startsOf(graph).includes(node)) {
        activity.type = 'route';
        scene.report.inPart(
          task,
          'The flow starts when it is started (button, host, command line), not by this message.',
        );
      } else if (isBehindEventGateway(graph, node)) activity.type = 'route';
      else {
        activity.type = 'receive';
        activity.message = receivedMessage(scene, task);
      }
      return;
    case 'CallActivity':
      return call(scene, graph, node, activity);
    default:
      return plainTask(scene, graph, node, activity);
  }
}

/** The standard lets a task without a type complete at once; beside a boundary event it must last, so somebody ends it. */
function plainTask(scene: Scene, graph: Graph, node: BpmnElement, activity: ActivityDraft): void {
  const own = externalName(scene, node);
  const lasting = [
    'TimerEventDefinition',
    'MessageEventDefinition',
    'SignalEventDefinition',
    'ConditionalEventDefinition',
  ];
  const waits = graph.attached(node).some((b) => eventDefinitionsOf(b).some((d) => lasting.includes(kindOf(d))));
  if (own !== undefined || scene.options.plainTasks === 'invoke') return invoke(scene, node, activity);
  if (waits) {
    scene.report.inPart(
      node,
      'It has no type but events on its boundary: it is a user activity here, and lasts until somebody completes it.',
    );
    return person(scene, node, node, activity);
  }
  if (is(node, 'ManualTask'))
    scene.report.inPart(
      node,
      'Nobody is told to do it and nobody confirms it: it completes at once. Make it a user task if it should wait.',
    );
}

function invoke(scene: Scene, task: BpmnElement, activity: ActivityDraft): void {
  activity.type = 'service';
  const ref = externalName(scene, task) ?? keyOf(task);
  activity.implementation = { ref };
}

/** What the file calls the function behind a task. */
function externalName(scene: Scene, task: BpmnElement): string | undefined {
  const { vendors } = scene;
  const camunda = (name: string): string | undefined => vendors.attribute(task, 'camunda', name);
  const operation = one(task, 'operationRef');
  const declared = text(task, 'implementation');
  const bean = /^[$#]\{\s*([\w.]+)\s*\}$/.exec(camunda('delegateExpression') ?? '')?.[1];
  return (
    vendors.attribute(task, 'millrace', 'implementation') ??
    plain(vendors.child(task, 'zeebe', 'taskDefinition'), 'type') ??
    plain(vendors.child(task, 'zeebe', 'calledDecision'), 'decisionId') ??
    camunda('topic') ??
    camunda('decisionRef') ??
    bean ??
    camunda('delegateExpression') ??
    camunda('class')?.split('.').at(-1) ??
    camunda('expression') ??
    (operation && (nameOf(operation) ?? idOf(operation))) ??
    (declared !== undefined && !declared.startsWith('##') ? declared : undefined)
  );
}

function person(scene: Scene, node: BpmnElement, task: BpmnElement, activity: ActivityDraft): void {
  activity.type = 'user';
  activity.role = roleOf(scene, node, task);
  const form = formOf(scene, task);
  if (form !== undefined) activity.form = form;
  const due = scene.vendors.attribute(task, 'camunda', 'dueDate');
  if (due !== undefined && /^P[\dT]/.test(due)) activity.due = due;
  const priority = Number(scene.vendors.attribute(task, 'camunda', 'priority') ?? Number.NaN);
  if (Number.isFinite(priority)) activity.priority = priority;
}

function call(scene: Scene, graph: Graph, node: BpmnElement, activity: ActivityDraft): void {
  const zeebe = plain(scene.vendors.child(node, 'zeebe', 'calledElement'), 'processId');
  const called = text(node, 'calledElement') ?? zeebe;
  if (called === undefined) {
    scene.report.inPart(node, 'It does not say what it calls, so it is passed at once.');
    return;
  }
  const roots = scene.root['rootElements'];
  const local = called.slice(called.indexOf(':') + 1);
  const target = Array.isArray(roots)
    ? (roots as BpmnElement[]).find((e) => is(e, 'CallableElement') && (idOf(e) === called || idOf(e) === local))
    : undefined;
  if (target && !is(target, 'Process')) return work(scene, graph, node, target, activity);
  activity.type = 'call';
  activity.calls = target ? keyOf(target) : called;
  if (!target)
    scene.report.inPart(node, `"${called}" is not in this file; a flow of that name must be there when it runs.`);
}

/** What every activity may have: boundary events, a loop, a compensation, several tokens in and out. */
export function dressActivity(scene: Scene, graph: Graph, node: BpmnElement, activity: ActivityDraft, add: Add): void {
  joinTokens(scene, graph, node, activity, add);
  const attached = graph.attached(node);
  const boundary = attached.flatMap((b) => boundaryEventsOf(scene, b));
  if (boundary.length > 0) activity.boundary = [...(activity.boundary ?? []), ...boundary];
  for (const event of attached) {
    const handler = compensationHandler(graph, event);
    if (handler) activity.compensation = keyOf(handler);
  }
  const loop = loopOf(scene, node);
  if (loop) activity.loop = loop;
  const parallel = number(node, 'completionQuantity');
  if (parallel !== undefined && parallel > 100) scene.report.inPart(node, 'At most 100 tokens leave it.');
  if (activity.implementation) scene.dialect?.retry(scene, node, activity);
}

/** Every token starts the activity; with a `startQuantity`, every n-th does: a counter before it lets that one pass. */
function joinTokens(scene: Scene, graph: Graph, node: BpmnElement, activity: ActivityDraft, add: Add): void {
  if (isCompensation(node)) return;
  const join = arrivals(graph, node) > 1 ? { join: 'xor' as const } : {};
  const quantity = number(node, 'startQuantity') ?? 1;
  if (quantity <= 1) {
    Object.assign(activity, join);
    return;
  }
  const [id, count] = [`${activity.id}.tokens`, `\`${activity.id}.tokens\``];
  add({ id, type: 'script', ...join, output: { [id]: `($exists(${count}) ? ${count} : 0) + 1` } });
  scene.draft.variables.set(id, {});
  scene.draft.entries.set(activity.id, id);
  scene.draft.connectors.push({
    id: `${id}.enough`,
    from: id,
    to: activity.id,
    condition: `${count} % ${quantity} = 0`,
  });
}
