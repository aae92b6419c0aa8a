// The contents of a process or sub-process: which of its elements take part, the activities they become, and the
// connectors between those.
import { is, nameOf, one, type BpmnElement } from '../elements.js';
import { importActivity } from './tasks.js';
import { importEvent, boundaryEventsOf } from './events.js';
import { chooseStart, decide } from './decisions.js';
import { importGateway } from './gateways.js';
import { awaitsAll, copiesOf, graphOf, isCompensation, linkTargets, reachable, startsOf, type Graph } from './graph.js';
import { applyOwn, applyOwnConnector, applyOwnSubflow } from './own.js';
import { importSubProcess } from './sub-processes.js';
import { keyOf, type ActivityDraft, type ConnectorDraft, type Scene } from './scene.js';

/** Imports the container's elements and gives the ids of the activities that lie in it. */
export function importScope(scene: Scene, container: BpmnElement, scopeId: string): string[] {
  const graph = graphOf(container);
  const members: string[] = [];
  const add = (activity: ActivityDraft): void => {
    scene.draft.activities.push(activity);
    members.push(activity.id);
  };
  const starts = startsOf(graph);
  const living = reachable(graph, starts);
  for (const node of graph.nodes) {
    if (is(node, 'BoundaryEvent')) continue;
    if (!living.has(node)) {
      scene.report.leftOut(node, unreached(node));
      continue;
    }
    if (is(node, 'SubProcess')) importSubProcess(scene, graph, node, add);
    else if (is(node, 'Gateway')) importGateway(scene, graph, node, add);
    else if (is(node, 'Activity')) importActivity(scene, graph, node, add);
    else importEvent(scene, graph, node, add);
    ownMembers(scene, node);
  }
  for (const flow of graph.flows) connect(scene, graph, flow, living);
  if (starts.length > 1 && is(container, 'Process')) chooseStart(scene, scopeId, starts, add);
  else if (starts.length > 1)
    scene.report.inPart(container, 'A token comes to each of its start events.', 'StartEvent');
  connectLinks(scene, graph, living);
  return members;
}

/** Our own extensions have the last word about what an element becomes. */
function ownMembers(scene: Scene, node: BpmnElement): void {
  const { activities } = scene.draft;
  const index = activities.findIndex((a) => a.id === keyOf(node));
  if (index < 0) return;
  applyOwn(scene, node, activities[index]!);
  applyOwnSubflow(scene, node, keyOf(node));
  // A subflow need not be an activity of its own.
  if (activities[index]!.type === undefined) activities.splice(index, 1);
}

function unreached(node: BpmnElement): string {
  if (isCompensation(node)) return 'It is for compensation, but no compensation event is associated with it.';
  return 'No sequence flow leads to it from a start, so it never happens.';
}

function connectLinks(scene: Scene, graph: Graph, living: ReadonlySet<BpmnElement>): void {
  for (const node of graph.nodes.filter((n) => living.has(n))) {
    for (const target of linkTargets(graph.nodes, node))
      scene.draft.connectors.push({ id: `${keyOf(node)}.link`, from: keyOf(node), to: keyOf(target) });
  }
}

function connect(scene: Scene, graph: Graph, flow: BpmnElement, living: ReadonlySet<BpmnElement>): void {
  const source = one(flow, 'sourceRef')!;
  const target = one(flow, 'targetRef')!;
  if (!living.has(source) || isCompensation(target)) return;
  if (is(source, 'BoundaryEvent') && !boundaryEventsOf(scene, source).some((b) => b.id === keyOf(source))) return;
  const copies = copiesOf(source);
  for (let copy = 1; copy <= copies; copy++) {
    const suffix = copy === 1 ? '' : `.${copy}`;
    const connector: ConnectorDraft = {
      id: `${keyOf(flow)}${suffix}`,
      from: sourceKey(scene, graph, source, target, is(source, 'BoundaryEvent') ? suffix : ''),
      to: scene.draft.entries.get(keyOf(target)) ?? keyOf(target),
    };
    const name = nameOf(flow);
    if (name !== undefined) connector.name = name;
    decide(scene, graph, flow, source, connector, copy > 1);
    if (copy === 1) applyOwnConnector(scene, flow, connector);
    scene.draft.connectors.push(connector);
  }
}

function sourceKey(scene: Scene, graph: Graph, source: BpmnElement, target: BpmnElement, suffix: string): string {
  if (is(source, 'BoundaryEvent')) return `${keyOf(one(source, 'attachedToRef')!)}.${keyOf(source)}${suffix}`;
  if (is(source, 'EventBasedGateway') && !awaitsAll(source)) return `${keyOf(source)}.${keyOf(target)}`;
  return scene.draft.exits.get(keyOf(source)) ?? keyOf(source);
}
