// The part of a file's graph that one process or sub-process contains, and what can be asked about it.
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

export interface Graph {
  readonly container: BpmnElement;
  readonly nodes: readonly BpmnElement[];
  readonly flows: readonly BpmnElement[];
  readonly incoming: (node: BpmnElement) => readonly BpmnElement[];
  /** In the order in which conditions are tried. */
  readonly outgoing: (node: BpmnElement) => readonly BpmnElement[];
  /** Boundary events attached to an activity. */
  readonly attached: (node: BpmnElement) => readonly BpmnElement[];
  /** How many link events lead to the node. */
  readonly linksTo: (node: BpmnElement) => number;
}

export function graphOf(container: BpmnElement): Graph {
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
    for (const flow of flows) gather(found, flow[member], flow);
    return (node) => found.get(node) ?? [];
  };
  const outgoing = by('sourceRef');
  const attached = new Map<unknown, BpmnElement[]>();
  for (const node of nodes.filter((n) => is(n, 'BoundaryEvent'))) gather(attached, node['attachedToRef'], node);
  const links = nodes.filter((n) => linkTargets(nodes, n).length > 0);
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
    attached: (node) => attached.get(node) ?? [],
    linksTo: (node) => links.filter((n) => linkTargets(nodes, n).includes(node)).length,
  };
}

function gather(groups: Map<unknown, BpmnElement[]>, key: unknown, element: BpmnElement): void {
  const group = groups.get(key);
  if (group) group.push(element);
  else groups.set(key, [element]);
}

export function isEventSubProcess(element: BpmnElement): boolean {
  return is(element, 'SubProcess') && flag(element, 'triggeredByEvent') === true;
}

export function isCompensation(element: BpmnElement): boolean {
  return is(element, 'Activity') && flag(element, 'isForCompensation') === true;
}

/** What a token can come to: from the start events, or, where there are none, from everything that no flow enters. */
export function reachable(graph: Graph, starts: readonly BpmnElement[]): Set<BpmnElement> {
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
    open.push(...graph.attached(node), ...linkTargets(graph.nodes, node));
  }
  return seen;
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

export function linkTargets(nodes: readonly BpmnElement[], node: BpmnElement): readonly BpmnElement[] {
  if (!is(node, 'IntermediateThrowEvent')) return [];
  const name = linkName(node);
  if (name === undefined) return [];
  const definition = many(node, 'eventDefinitions').find((d) => is(d, 'LinkEventDefinition'));
  const targets = nodes.filter((n) => isLinkCatch(n) && linkName(n) === name);
  const referred = nodes.filter(
    (n) => isLinkCatch(n) && many(n, 'eventDefinitions').includes(one(definition, 'target')!),
  );
  return targets.length > 0 ? targets : referred;
}

/** How many connectors enter an activity, links and copies for several tokens included. */
export function arrivals(graph: Graph, node: BpmnElement): number {
  return graph.linksTo(node) + graph.incoming(node).reduce((sum, flow) => sum + copiesOf(one(flow, 'sourceRef')!), 0);
}

/** Connectors per sequence flow: a `completionQuantity` of two sends two tokens; several events share a boundary event's flows. */
export function copiesOf(source: BpmnElement): number {
  const quantity = is(source, 'Activity') ? (number(source, 'completionQuantity') ?? 1) : 1;
  const events = is(source, 'BoundaryEvent') ? boundaryCopies(source) : 1;
  return Math.min(100, Math.max(1, Math.floor(quantity))) * events;
}

/** Any of several events goes its own way out; those that count only together have one. */
export function boundaryCopies(boundary: BpmnElement): number {
  return flag(boundary, 'parallelMultiple') === true ? 1 : Math.max(1, eventDefinitionsOf(boundary).length);
}

/** An event-based gateway that starts the process when all its events have happened: nothing but a split. */
export function awaitsAll(node: BpmnElement | undefined): boolean {
  return (
    is(node, 'EventBasedGateway') && node!['eventGatewayType'] === 'Parallel' && flag(node, 'instantiate') === true
  );
}

/** What starts an instance: start events, and in a process what says that it instantiates and is entered by nothing. */
export function startsOf({ container, nodes, incoming }: Graph): readonly BpmnElement[] {
  if (isEventSubProcess(container)) return [];
  const instantiates = (n: BpmnElement): boolean =>
    is(container, 'Process') && flag(n, 'instantiate') === true && incoming(n).length === 0;
  return nodes.filter((n) => is(n, 'StartEvent') || instantiates(n));
}

/** Whether the event has been waited for by an event-based gateway before the token comes to it. */
export function isBehindEventGateway(graph: Graph, node: BpmnElement): boolean {
  return graph
    .incoming(node)
    .map((flow) => one(flow, 'sourceRef'))
    .some((source) => is(source, 'EventBasedGateway') && !awaitsAll(source));
}
