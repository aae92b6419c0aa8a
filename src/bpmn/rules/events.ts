// Rules about events: which kinds of event may stand where, and what they need.
import { flag, is, many, nameOf, one, type BpmnElement } from '../elements.js';
import { eventKinds, flowNodes, isExecutable, rule, type Facts, type Rule } from './rule.js';

const isEventSubProcess = (node: BpmnElement | undefined): boolean =>
  is(node, 'SubProcess') && flag(node, 'triggeredByEvent') === true;

function only(allowed: readonly string[], event: BpmnElement): string | undefined {
  const wrong = eventKinds(event).find((kind) => !allowed.includes(kind));
  return wrong === undefined ? undefined : `A ${wrong} event cannot stand here.`;
}

/** The nearest transaction around an element. */
function transactionAround(element: BpmnElement): BpmnElement | undefined {
  let found = element.$parent;
  while (found && !is(found, 'Transaction')) found = found.$parent;
  return found;
}

function linkName(event: BpmnElement): string | undefined {
  const definition = many(event, 'eventDefinitions').find((d) => is(d, 'LinkEventDefinition'));
  return definition && (nameOf(definition) ?? nameOf(event));
}

function associated(event: BpmnElement, facts: Facts): readonly BpmnElement[] {
  return facts
    .all('Association')
    .flatMap((a) => [one(a, 'sourceRef'), one(a, 'targetRef')])
    .filter(
      (end, i, ends): end is BpmnElement =>
        end !== undefined && end !== event && ends[i % 2 === 0 ? i + 1 : i - 1] === event,
    );
}

export const EVENT_RULES: readonly Rule[] = [
  rule('BPMN-E01', 'StartEvent', (e) =>
    is(e.$parent, 'Process') ? only(['Message', 'Timer', 'Conditional', 'Signal'], e) : undefined,
  ),
  rule(
    'BPMN-E02',
    'StartEvent',
    (e) =>
      is(e.$parent, 'SubProcess') &&
      !isEventSubProcess(e.$parent) &&
      eventKinds(e).length > 0 &&
      'It waits for an event.',
  ),
  rule('BPMN-E03', 'SubProcess', (e) => {
    if (!isEventSubProcess(e)) return undefined;
    const starts = flowNodes(e).filter((n) => is(n, 'StartEvent'));
    if (starts.length !== 1) return `It has ${starts.length} start events.`;
    return eventKinds(starts[0]).length === 0 && 'Its start event waits for nothing.';
  }),
  rule('BPMN-E04', 'StartEvent', (e) =>
    isEventSubProcess(e.$parent)
      ? only(['Message', 'Timer', 'Error', 'Escalation', 'Compensate', 'Conditional', 'Signal'], e)
      : undefined,
  ),
  rule(
    'BPMN-E05',
    'StartEvent',
    (e) =>
      isEventSubProcess(e.$parent) &&
      flag(e, 'isInterrupting') === false &&
      eventKinds(e).some((k) => k === 'Error' || k === 'Compensate') &&
      'It does not interrupt.',
  ),
  rule('BPMN-E06', 'IntermediateCatchEvent', (e) =>
    eventKinds(e).length === 0
      ? 'It has no event definition.'
      : only(['Message', 'Timer', 'Conditional', 'Link', 'Signal'], e),
  ),
  rule('BPMN-E07', 'IntermediateThrowEvent', (e) => only(['Message', 'Escalation', 'Compensate', 'Link', 'Signal'], e)),
  rule('BPMN-E08', 'EndEvent', (e) =>
    only(['Message', 'Error', 'Escalation', 'Cancel', 'Compensate', 'Signal', 'Terminate'], e),
  ),
  rule('BPMN-E09', 'BoundaryEvent', (e) =>
    eventKinds(e).length === 0
      ? 'It has no event definition.'
      : only(['Message', 'Timer', 'Error', 'Escalation', 'Cancel', 'Compensate', 'Conditional', 'Signal'], e),
  ),
  rule('BPMN-E10', 'BoundaryEvent', (e, facts) => {
    const host = one(e, 'attachedToRef');
    if (!host) return !facts.isDangling(e, 'attachedToRef') && 'It is attached to nothing.';
    if (!is(host, 'Activity')) return `"${String(host['id'])}" is no activity.`;
    return host.$parent !== e.$parent && `"${String(host['id'])}" lies in another process or sub-process.`;
  }),
  rule(
    'BPMN-E11',
    'BoundaryEvent',
    (e) =>
      flag(e, 'cancelActivity') === false &&
      eventKinds(e).some((k) => k === 'Error' || k === 'Cancel') &&
      'It does not interrupt.',
  ),
  rule(
    'BPMN-E12',
    'BoundaryEvent',
    (e) =>
      eventKinds(e).includes('Cancel') &&
      is(one(e, 'attachedToRef'), 'Activity') &&
      !is(one(e, 'attachedToRef'), 'Transaction') &&
      'It is attached to something else.',
  ),
  rule(
    'BPMN-E13',
    'EndEvent',
    (e) => eventKinds(e).includes('Cancel') && !transactionAround(e) && 'There is no transaction around it.',
  ),
  rule('BPMN-E14', 'BoundaryEvent', (e, facts) => {
    if (!eventKinds(e).includes('Compensate') || facts.outgoing(e).length > 0) return undefined;
    const handlers = associated(e, facts).filter((end) => is(end, 'Activity'));
    if (handlers.length !== 1) return `It is associated with ${handlers.length} activities.`;
    return (
      flag(handlers[0], 'isForCompensation') !== true && `"${String(handlers[0]!['id'])}" is not for compensation.`
    );
  }),
  rule('BPMN-E15', 'Event', (e) => {
    const name = linkName(e);
    if (!eventKinds(e).includes('Link')) return undefined;
    if (name === undefined) return 'The link has no name.';
    const others = flowNodes(e.$parent).filter((n) => n !== e && linkName(n) === name);
    if (is(e, 'ThrowEvent')) return !others.some((n) => is(n, 'CatchEvent')) && `No link event catches "${name}" here.`;
    if (others.some((n) => is(n, 'CatchEvent'))) return `Two link events catch "${name}".`;
    return !others.some((n) => is(n, 'ThrowEvent')) && `No link event throws "${name}" here.`;
  }),
  rule(
    'BPMN-E16',
    'TimerEventDefinition',
    (e) => ['timeDate', 'timeCycle', 'timeDuration'].filter((m) => one(e, m)).length > 1 && 'It has several.',
  ),
  rule('BPMN-E17', 'ConditionalEventDefinition', (e) => !one(e, 'condition') && 'It has none.'),
  rule('BPMN-E18', 'CompensateEventDefinition', (e) => {
    const activity = one(e, 'activityRef');
    if (!activity) return undefined;
    if (!is(activity, 'Activity')) return `"${String(activity['id'])}" is no activity.`;
    let scope = e.$parent?.$parent;
    while (isEventSubProcess(scope) && activity.$parent !== scope) scope = scope?.$parent;
    return (
      isExecutable(e) &&
      is(e.$parent, 'Event') &&
      activity.$parent !== scope &&
      `"${String(activity['id'])}" lies in another process or sub-process.`
    );
  }),
  rule(
    'BPMN-E19',
    'CatchEvent',
    (e) =>
      flag(e, 'parallelMultiple') === true && eventKinds(e).length < 2 && 'It has fewer than two event definitions.',
  ),
  rule(
    'BPMN-E20',
    'Event',
    (e) =>
      eventKinds(e).includes('Terminate') && !is(e, 'EndEvent') && !is(e, 'BoundaryEvent') && 'It is no end event.',
  ),
];
