// The contents of a process or sub-process: which of its elements take part, the activities they become, and the
// connectors between those.
import {
  eventDefinitionsOf,
  everyElement,
  flag,
  is,
  many,
  nameOf,
  number,
  one,
  type BpmnElement,
} from '../elements.js';
import { importActivity } from './tasks.js';
import { importEvent, boundaryEventsOf } from './events.js';
import { importGateway } from './gateways.js';
import { applyOwn, applyOwnConnector, applyOwnSubflow } from './own.js';
import { importSubProcess } from './sub-processes.js';
import { bodyOf, expressionOf, keyOf, type ActivityDraft, type ConnectorDraft, type Scene } from './scene.js';

/** The part of the graph that one process or sub-process contains. */
export interface Graph {
  readonly container: BpmnElement;
  readonly nodes: readonly BpmnElement[];
  readonly flows: readonly BpmnElement[];
  readonly incoming: (node: BpmnElement) => readonly BpmnElement[];
  /** In the order in which conditions are tried. */
  readonly outgoing: (node: BpmnElement) => readonly BpmnElement[];
  /** Boundary events attached to an activity. */
  readonly attached: (node: BpmnElement) => readonly BpmnElement[];
}

/** Imports the container's elements and gives the ids of the activities that lie in it. */
export function importScope(scene: Scene, container: BpmnElement, scopeId: string): string[] {
  const graph = graphOf(container);
  const members: string[] = [];
  const add = (activity: ActivityDraft): void => {
    scene.draft.activities.push(activity);
    members.push(activity.id);
  };
  const starts = graph.nodes.filter((n) => is(n, 'StartEvent') && !isEventSubProcess(container));
  const living = reachable(graph, starts);
  for (const node of graph.nodes) {
    if (is(node, 'BoundaryEvent')) {
      if (!canHappen(node))
        scene.report.leftOut(node, 'A boundary event that waits for several events together never happens.');
      continue;
    }
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
  if (starts.length > 1) chooseStart(scene, scopeId, starts, add);
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

export function isEventSubProcess(element: BpmnElement): boolean {
  return is(element, 'SubProcess') && flag(element, 'triggeredByEvent') === true;
}

export function isCompensation(element: BpmnElement): boolean {
  return is(element, 'Activity') && flag(element, 'isForCompensation') === true;
}

function graphOf(container: BpmnElement): Graph {
  const elements = many(container, 'flowElements');
  const nodes = elements.filter((e) => is(e, 'FlowNode'));
  const inside = new Set(nodes);
  // Some files keep the flows of a sub-process in the process.
  let process = container;
  while (process.$parent && !is(process, 'Process')) process = process.$parent;
  const flows = [...everyElement(process)].filter(
    (e) => is(e, 'SequenceFlow') && inside.has(one(e, 'sourceRef')!) && inside.has(one(e, 'targetRef')!),
  );
  const by = (member: string): ((node: BpmnElement) => readonly BpmnElement[]) => {
    const found = new Map<unknown, BpmnElement[]>();
    for (const flow of flows) found.set(flow[member], [...(found.get(flow[member]) ?? []), flow]);
    return (node) => found.get(node) ?? [];
  };
  const outgoing = by('sourceRef');
  return {
    container,
    nodes,
    flows,
    incoming: by('targetRef'),
    outgoing: (node) => {
      const listed = many(node, 'outgoing');
      const place = (flow: BpmnElement): number => (listed.includes(flow) ? listed.indexOf(flow) : listed.length);
      return [...outgoing(node)].sort((a, b) => place(a) - place(b));
    },
    attached: (node) => nodes.filter((n) => is(n, 'BoundaryEvent') && n['attachedToRef'] === node && canHappen(n)),
  };
}

/** What a token can come to: from the start events, or, where there are none, from everything that no flow enters. */
function reachable(graph: Graph, starts: readonly BpmnElement[]): Set<BpmnElement> {
  const { nodes } = graph;
  const isAside = (n: BpmnElement): boolean => isCompensation(n) || isEventSubProcess(n);
  const free = nodes.filter(
    (n) => !is(n, 'BoundaryEvent') && !isAside(n) && graph.incoming(n).length === 0 && !isLinkCatch(n),
  );
  const inner = isEventSubProcess(graph.container) ? nodes.filter((n) => is(n, 'StartEvent')) : [];
  const first = starts.length > 0 ? starts : inner.length > 0 ? inner : free;
  const handlers = nodes.flatMap((n) => compensationHandler(graph, n) ?? []);
  const seen = new Set<BpmnElement>();
  const open = [
    ...(first.length > 0 ? first : nodes.filter((n) => !isAside(n))),
    ...nodes.filter(isEventSubProcess),
    ...handlers,
  ];
  for (let node = open.pop(); node; node = open.pop()) {
    if (seen.has(node)) continue;
    seen.add(node);
    for (const flow of graph.outgoing(node)) open.push(one(flow, 'targetRef')!);
    open.push(...graph.attached(node), ...linkTargets(graph, node));
  }
  return seen;
}

function unreached(node: BpmnElement): string {
  if (isCompensation(node)) return 'It is for compensation, but no compensation event is associated with it.';
  return 'No sequence flow leads to it from a start, so it never happens.';
}

/** The activity associated with the compensation boundary event `node`. */
export function compensationHandler(graph: Graph, node: BpmnElement): BpmnElement | undefined {
  if (!is(node, 'BoundaryEvent') || !eventDefinitionsOf(node).some((d) => is(d, 'CompensateEventDefinition')))
    return undefined;
  for (let holder: BpmnElement | undefined = graph.container; holder; holder = holder.$parent) {
    const places = [holder, ...many(holder, 'rootElements')];
    for (const association of places.flatMap((p) => many(p, 'artifacts'))) {
      const ends = [association['sourceRef'], association['targetRef']];
      if (!is(association, 'Association') || !ends.includes(node)) continue;
      const other = ends.find((e) => e !== node);
      const handler = graph.nodes.find((n) => n === other && is(n, 'Activity'));
      if (handler) return handler;
    }
  }
  // Some files draw a sequence flow where an association belongs.
  return graph
    .outgoing(node)
    .map((f) => one(f, 'targetRef')!)
    .find(isCompensation);
}

function linkName(node: BpmnElement): string | undefined {
  const link = many(node, 'eventDefinitions').find((d) => is(d, 'LinkEventDefinition'));
  return link && (nameOf(link) ?? nameOf(node) ?? '');
}

function isLinkCatch(node: BpmnElement): boolean {
  return is(node, 'IntermediateCatchEvent') && linkName(node) !== undefined;
}

function linkTargets(graph: Graph, node: BpmnElement): readonly BpmnElement[] {
  if (!is(node, 'IntermediateThrowEvent')) return [];
  const name = linkName(node);
  if (name === undefined) return [];
  const definition = many(node, 'eventDefinitions').find((d) => is(d, 'LinkEventDefinition'));
  const targets = graph.nodes.filter((n) => isLinkCatch(n) && linkName(n) === name);
  const referred = graph.nodes.filter(
    (n) => isLinkCatch(n) && many(n, 'eventDefinitions').includes(one(definition, 'target')!),
  );
  return targets.length > 0 ? targets : referred;
}

function connectLinks(scene: Scene, graph: Graph, living: ReadonlySet<BpmnElement>): void {
  for (const node of graph.nodes.filter((n) => living.has(n))) {
    for (const target of linkTargets(graph, node))
      scene.draft.connectors.push({ id: `${keyOf(node)}.link`, from: keyOf(node), to: keyOf(target) });
  }
}

/** How many connectors enter an activity, links and copies for several tokens included. */
export function arrivals(graph: Graph, node: BpmnElement): number {
  const links = graph.nodes.filter((n) => linkTargets(graph, n).includes(node)).length;
  return links + graph.incoming(node).reduce((sum, flow) => sum + copiesOf(one(flow, 'sourceRef')!), 0);
}

/** Connectors per sequence flow: a `completionQuantity` of two sends two tokens; several events share a boundary event's flows. */
function copiesOf(source: BpmnElement): number {
  const quantity = is(source, 'Activity') ? (number(source, 'completionQuantity') ?? 1) : 1;
  const events = is(source, 'BoundaryEvent') ? boundaryCopies(source) : 1;
  return Math.min(100, Math.max(1, Math.floor(quantity))) * events;
}

/** A boundary event waits for one event, or for any of several. */
function canHappen(boundary: BpmnElement): boolean {
  return eventDefinitionsOf(boundary).length < 2 || flag(boundary, 'parallelMultiple') !== true;
}

export function boundaryCopies(boundary: BpmnElement): number {
  return Math.max(1, eventDefinitionsOf(boundary).length);
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
      from: sourceKey(graph, source, target, is(source, 'BoundaryEvent') ? suffix : ''),
      to: scene.draft.entries.get(keyOf(target)) ?? keyOf(target),
    };
    const name = nameOf(flow);
    if (name !== undefined) connector.name = name;
    decide(scene, graph, flow, source, connector, copy > 1);
    if (copy === 1) applyOwnConnector(scene, flow, connector);
    scene.draft.connectors.push(connector);
  }
}

function sourceKey(graph: Graph, source: BpmnElement, target: BpmnElement, suffix: string): string {
  if (is(source, 'BoundaryEvent')) return `${keyOf(one(source, 'attachedToRef')!)}.${keyOf(source)}${suffix}`;
  if (is(source, 'EventBasedGateway')) return `${keyOf(source)}.${keyOf(target)}`;
  return keyOf(source);
}

/** Condition and default of a connector. */
function decide(
  scene: Scene,
  graph: Graph,
  flow: BpmnElement,
  source: BpmnElement,
  connector: ConnectorDraft,
  isCopy: boolean,
): void {
  if (is(source, 'EventBasedGateway') || is(source, 'ParallelGateway')) return;
  const isDefault = one(source, 'default') === flow;
  const all = graph.outgoing(source);
  const condition = one(flow, 'conditionExpression');
  const hasCondition = (f: BpmnElement): boolean => bodyOf(one(f, 'conditionExpression')) !== undefined;
  if (isDefault) {
    if (!isCopy) connector.default = true;
    if (hasCondition(flow)) scene.report.inPart(flow, 'It is the default, so its condition is not looked at.');
    return;
  }
  if (hasCondition(flow)) {
    const decided = expressionOf(scene, condition, { names: true });
    if (decided !== undefined) connector.condition = decided;
    else {
      connector.condition = undecided(
        scene,
        source,
        flow,
        `$error(${JSON.stringify(`The condition of ${keyOf(flow)} cannot be evaluated: ${bodyOf(condition)!}`)})`,
      );
      scene.report.inPart(
        flow,
        `Its condition cannot be evaluated: ${bodyOf(condition)!} A run decides by the variable "${keyOf(source)}" (the id of the flow to take, or several), and fails without it.`,
      );
    }
    return;
  }
  if (!is(source, 'Gateway') || all.length < 2) return;
  const conditional = all.some(hasCondition);
  const hasDefault = one(source, 'default') !== undefined;
  if (conditional) {
    const bare = all.filter((f) => !hasCondition(f));
    if (is(source, 'ExclusiveGateway') && !hasDefault && bare.length === 1) {
      connector.default = true;
      scene.report.inPart(flow, 'It has no condition, the flows beside it have: it is taken when none of them is.');
    } else {
      connector.condition = 'true';
    }
    return;
  }
  if (is(source, 'ExclusiveGateway')) {
    if (!hasDefault && all[0] === flow) connector.default = true;
    else connector.condition = undecided(scene, source, flow, 'false');
  } else {
    connector.condition = undecided(scene, source, flow, 'true');
  }
}

/** A decision that the file leaves open: by the variable named after the gateway, else as `otherwise` says. */
function undecided(scene: Scene, source: BpmnElement, flow: BpmnElement, otherwise: string): string {
  scene.draft.variables.set(keyOf(source), {});
  const name = `\`${keyOf(source)}\``;
  return `$exists(${name}) ? ${JSON.stringify(keyOf(flow))} in ${name} : ${otherwise}`;
}

/** Each start event is a way of its own to begin; the variable `startEvent` says which, else it is the plain one. */
function chooseStart(
  scene: Scene,
  scopeId: string,
  starts: readonly BpmnElement[],
  add: (activity: ActivityDraft) => void,
): void {
  const plain = starts.find((s) => eventDefinitionsOf(s).length === 0) ?? starts[0]!;
  const id = `${scopeId}.start`;
  scene.draft.variables.set('startEvent', {});
  add({ id, type: 'route', split: 'xor' });
  for (const start of [...starts.filter((s) => s !== plain), plain]) {
    const to = keyOf(start);
    const how = start === plain ? { default: true } : { condition: `startEvent = ${JSON.stringify(to)}` };
    scene.draft.connectors.push({ id: `${id}.${to}`, from: id, to, ...how });
    scene.report.inPart(
      start,
      `One of ${starts.length} start events: the variable "startEvent" names the one that happens, by default "${keyOf(plain)}".`,
    );
  }
}
