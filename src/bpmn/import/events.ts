// Start, intermediate and end events as routes, waits, receives and sends; boundary events as what they are.
import { eventDefinitionsOf, flag, is, kindOf, nameOf, type BpmnElement } from '../elements.js';
import { mapEventData } from './data.js';
import { keyOf, literal, type ActivityDraft, type BoundaryEventDefinition, type Scene } from './scene.js';
import { arrivals, isBehindEventGateway, isEventSubProcess, type Graph } from './graph.js';
import { thrownBy, triggerOf, type Thrown, type Trigger } from './triggers.js';

/** An implementation that every host has: it starts a flow and does not wait for it. */
export const START_FLOW = 'start-flow';

type Add = (activity: ActivityDraft) => void;

export function importEvent(scene: Scene, graph: Graph, node: BpmnElement, add: Add): void {
  const name = nameOf(node);
  const activity: ActivityDraft = { id: keyOf(node), ...(name === undefined ? {} : { name }), type: 'route' };
  if (arrivals(graph, node) > 1) activity.join = 'xor';
  if (is(node, 'StartEvent')) start(scene, graph, node);
  else if (is(node, 'CatchEvent')) return catchEvent(scene, graph, node, activity, add);
  else return throwEvent(scene, graph, node, activity, add);
  add(activity);
}

/** An instance is started by the page; an event subflow by its trigger. */
function start(scene: Scene, graph: Graph, node: BpmnElement): void {
  const definitions = eventDefinitionsOf(node);
  if (definitions.length === 0 || isEventSubProcess(graph.container)) return;
  const what = definitions.map((d) => kindOf(d).replace('EventDefinition', '').toLowerCase()).join(', ');
  scene.report.inPart(
    node,
    `The flow starts when it is started (button, host, command line), not by this ${what}.`,
    kindOf(definitions[0]!),
  );
}

export function triggersOf(scene: Scene, event: BpmnElement): readonly Trigger[] {
  return eventDefinitionsOf(event).flatMap((d) => triggerOf(scene, event, d) ?? []);
}

function catchEvent(scene: Scene, graph: Graph, node: BpmnElement, activity: ActivityDraft, add: Add): void {
  const definitions = eventDefinitionsOf(node).filter((d) => !is(d, 'LinkEventDefinition'));
  if (definitions.length === 0 || isBehindEventGateway(graph, node)) {
    if (definitions.length === 0 && eventDefinitionsOf(node).length === 0)
      scene.report.inPart(node, 'It has no event to wait for, so it is passed at once.');
    mapEventData(scene, node, activity);
    add(activity);
    return;
  }
  const triggers = definitions.flatMap((d) => triggerOf(scene, node, d) ?? []);
  if (triggers.length === 1) {
    waitFor(activity, triggers[0]!);
    mapEventData(scene, node, activity);
    add(activity);
  } else if (flag(node, 'parallelMultiple')) {
    awaitAll(scene, activity, triggers, add);
  } else {
    // Any of several events: they stand around a wait like those behind an event-based gateway.
    const wait: ActivityDraft = { id: `${activity.id}.any`, type: 'wait', boundary: [] };
    if (activity.join) wait.join = activity.join;
    wait.boundary = triggers.map((t, i) => ({ id: `event${i + 1}`, ...t }));
    activity.join = 'xor';
    add(wait);
    add(activity);
    scene.draft.entries.set(activity.id, wait.id);
    for (const b of wait.boundary)
      scene.draft.connectors.push({ id: `${wait.id}.${b.id}`, from: `${wait.id}.${b.id}`, to: activity.id });
  }
}

function awaitAll(scene: Scene, activity: ActivityDraft, triggers: readonly Trigger[], add: Add): void {
  const split: ActivityDraft = { id: `${activity.id}.all`, type: 'route', split: 'and' };
  if (activity.join) split.join = activity.join;
  add(split);
  scene.draft.entries.set(activity.id, split.id);
  for (const [i, trigger] of triggers.entries()) {
    const part: ActivityDraft = { id: `${activity.id}.${i + 1}`, type: 'wait' };
    waitFor(part, trigger);
    add(part);
    scene.draft.connectors.push({ id: `${split.id}.${i + 1}`, from: split.id, to: part.id });
    scene.draft.connectors.push({ id: `${part.id}.happened`, from: part.id, to: activity.id });
  }
  activity.join = 'and';
  add(activity);
}

function waitFor(activity: ActivityDraft, trigger: Trigger): void {
  switch (trigger.event) {
    case 'timer':
      activity.type = 'wait';
      if ('after' in trigger) activity.after = trigger.after;
      else if ('until' in trigger) activity.until = trigger.until;
      return;
    case 'condition':
      activity.type = 'wait';
      activity.when = trigger.condition;
      return;
    case 'message':
      activity.type = 'receive';
      activity.message = trigger.message;
      return;
    default:
      // Errors, escalations and cancels are caught on boundaries and by event subflows only.
      activity.type = 'route';
  }
}

function throwEvent(scene: Scene, graph: Graph, node: BpmnElement, activity: ActivityDraft, add: Add): void {
  const all = eventDefinitionsOf(node).flatMap((d) => thrownBy(scene, node, d));
  // What ends the scope comes last.
  const ends = (t: Thrown): boolean =>
    'terminate' in t || ('throw' in t && (t.throw.event === 'error' || t.throw.event === 'cancel'));
  const thrown = [...all.filter((t) => !ends(t)), ...all.filter(ends)];
  const last = thrown.pop();
  let entry: string | undefined;
  for (const [i, before] of thrown.entries()) {
    const part: ActivityDraft = { id: `${activity.id}.${i + 1}`, type: 'route' };
    const next = i + 1 < thrown.length ? `${activity.id}.${i + 2}` : activity.id;
    if (entry === undefined && activity.join) part.join = activity.join;
    entry ??= part.id;
    raise(part, before);
    add(part);
    scene.draft.connectors.push({ id: `${part.id}.next`, from: part.id, to: next });
  }
  if (entry !== undefined) {
    delete activity.join;
    scene.draft.entries.set(activity.id, entry);
  }
  if (last) raise(activity, last);
  mapEventData(scene, node, activity);
  add(activity);
}

export function raise(activity: ActivityDraft, thrown: Thrown): void {
  if ('starts' in thrown) {
    activity.type = 'service';
    const input = `{ "startEvent": ${literal(thrown.at)} }`;
    const message: Record<string, string> = thrown.message === undefined ? {} : { message: literal(thrown.message) };
    activity.implementation = { ref: START_FLOW, arguments: { flow: literal(thrown.starts), input, ...message } };
  } else if ('message' in thrown) {
    activity.type = 'send';
    activity.message = thrown.message;
  } else if ('throw' in thrown) {
    activity.throw = thrown.throw;
  } else {
    activity.terminate = true;
  }
}

/** The definitions that one boundary event gives: one per event it waits for. Compensation is no waiting. */
export function boundaryEventsOf(scene: Scene, node: BpmnElement): readonly BoundaryEventDefinition[] {
  const definitions = eventDefinitionsOf(node);
  if (definitions.some((d) => is(d, 'CompensateEventDefinition'))) return [];
  const name = nameOf(node);
  const interrupting = flag(node, 'cancelActivity') !== false;
  const together = definitions.length > 1 && flag(node, 'parallelMultiple') ? { together: keyOf(node) } : {};
  return definitions.flatMap((definition, i) => {
    const trigger = triggerOf(scene, node, definition);
    if (!trigger) {
      scene.report.leftOut(node, `${kindOf(definition)} cannot stand on the boundary of an activity.`);
      return [];
    }
    const always = trigger.event === 'error' || trigger.event === 'cancel';
    return {
      id: `${keyOf(node)}${i === 0 ? '' : `.${i + 1}`}`,
      ...(name === undefined ? {} : { name }),
      ...(interrupting || always ? {} : { interrupting: false }),
      ...together,
      ...trigger,
    };
  });
}
