// Gateways as routes. An event-based gateway is a wait with one boundary event per event behind it; each of those events
// stays an activity of its own, so that a run shows which of them happened.
import { flag, is, kindOf, nameOf, one, type BpmnElement } from '../elements.js';
import { triggersOf } from './events.js';
import { bodyOf, expressionOf, keyOf, type ActivityDraft, type BoundaryEventDefinition, type Scene } from './scene.js';
import { arrivals, awaitsAll, type Graph } from './graph.js';
import { receivedMessage } from './triggers.js';

export function importGateway(
  scene: Scene,
  graph: Graph,
  node: BpmnElement,
  add: (activity: ActivityDraft) => void,
): void {
  const name = nameOf(node);
  const activity: ActivityDraft = { id: keyOf(node), ...(name === undefined ? {} : { name }), type: 'route' };
  add(activity);
  const enters = arrivals(graph, node);
  const leaves = graph.outgoing(node);
  if (is(node, 'EventBasedGateway')) return eventGateway(scene, graph, node, activity, enters);
  if (is(node, 'ParallelGateway')) {
    if (enters > 1) activity.join = 'and';
    if (leaves.length > 1) activity.split = 'and';
    return;
  }
  if (is(node, 'ComplexGateway')) complexGateway(scene, node, activity, enters);
  else if (enters > 1) activity.join = is(node, 'InclusiveGateway') ? 'or' : 'xor';
  if (is(node, 'ExclusiveGateway') && leaves.length > 1) activity.split = 'xor';
  const isConditional = (flow: BpmnElement): boolean => bodyOf(one(flow, 'conditionExpression')) !== undefined;
  if (leaves.length > 1 || leaves.some(isConditional)) activity.noneTrue = 'fail';
  if (leaves.length > 1 && !leaves.some(isConditional)) openDecision(scene, node, activity);
}

/** No flow says when it is taken. */
function openDecision(scene: Scene, node: BpmnElement, activity: ActivityDraft): void {
  const otherwise = one(node, 'default')
    ? 'the default is taken'
    : is(node, 'ExclusiveGateway')
      ? 'the first is taken'
      : 'all are taken';
  scene.report.inPart(
    node,
    `No flow that leaves it has a condition: ${otherwise}, unless the variable "${activity.id}" names others by their ids.`,
  );
}

/** n-of-m, where the activation condition only counts. */
function complexGateway(scene: Scene, node: BpmnElement, activity: ActivityDraft, enters: number): void {
  if (enters < 2) return;
  const condition = one(node, 'activationCondition');
  const rename = { activationCount: 'activationCount' };
  const source = expressionOf(scene, condition, { rename });
  const counted = /^\(*activationCount (>=|>|=) (\d+)\)*$/.exec(source ?? '');
  const n = counted ? Number(counted[2]) + (counted[1] === '>' ? 1 : 0) : undefined;
  if (n !== undefined && n >= 1 && n <= enters) {
    activity.join = n === enters ? 'and' : { n };
    return;
  }
  activity.join = 'or';
  const said = bodyOf(condition);
  scene.report.inPart(
    node,
    `${said === undefined ? 'It has no activation condition' : `Its activation condition is not of the form activationCount >= n: ${said}`}; it joins like an inclusive gateway.`,
  );
}

function eventGateway(scene: Scene, graph: Graph, node: BpmnElement, activity: ActivityDraft, enters: number): void {
  if (awaitsAll(node)) {
    activity.split = 'and';
    return;
  }
  activity.type = 'wait';
  if (enters > 1) activity.join = 'xor';
  const boundary: BoundaryEventDefinition[] = [];
  for (const flow of graph.outgoing(node)) {
    const target = one(flow, 'targetRef')!;
    const id = keyOf(target);
    if (boundary.some((b) => b.id === id)) continue;
    const name = nameOf(target);
    const common = { id, ...(name === undefined ? {} : { name }) };
    if (is(target, 'ReceiveTask')) {
      boundary.push({ ...common, event: 'message', message: receivedMessage(scene, target) });
      continue;
    }
    const triggers = triggersOf(scene, target);
    const together = triggers.length > 1 && flag(target, 'parallelMultiple') ? { together: id } : {};
    for (const [i, trigger] of triggers.entries()) {
      const event = i === 0 ? id : `${id}.${i + 1}`;
      boundary.push({ ...common, id: event, ...together, ...trigger });
      if (i > 0 && !together.together)
        scene.draft.connectors.push({ id: `${keyOf(flow)}.${i + 1}`, from: `${activity.id}.${event}`, to: id });
    }
    if (triggers.length === 0)
      scene.report.leftOut(target, `${kindOf(target)} is no event that a gateway can wait for.`);
  }
  activity.boundary = boundary;
}
