// Which of several connectors is followed: conditions, defaults, and what a file leaves open.
import { eventDefinitionsOf, is, one, type BpmnElement } from '../elements.js';
import { bodyOf, expressionOf, keyOf, type ActivityDraft, type ConnectorDraft, type Scene } from './scene.js';
import type { Graph } from './graph.js';

/** Condition and default of a connector. */
export function decide(
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
export function chooseStart(
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
