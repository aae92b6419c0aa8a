// Rules about events: which kinds of event may stand where, and what they need.
import { flag, is, many, nameOf, one, type BpmnElement } from '../elements.js';
import { eventKinds, flowNodes, rule, type Facts, type Rule } from './rule.js';

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
  rule(
    'BPMN-E01',
    '10.5.2',
    'A process starts by a message, timer, condition, signal or plain start event.',
    'StartEvent',
    (e) => (is(e.$parent, 'Process') ? only(['Message', 'Timer', 'Conditional', 'Signal'], e) : undefined),
  ),
  rule(
    'BPMN-E02',
    '10.5.2',
    'The start event of an embedded sub-process is a plain one.',
    'StartEvent',
    (e) =>
      is(e.$parent, 'SubProcess') &&
      !isEventSubProcess(e.$parent) &&
      eventKinds(e).length > 0 &&
      'It waits for an event.',
  ),
  rule(
    'BPMN-E03',
    '10.3.5',
    'An event sub-process has exactly one start event, which waits for an event.',
    'SubProcess',
    (e) => {
      if (!isEventSubProcess(e)) return undefined;
      const starts = flowNodes(e).filter((n) => is(n, 'StartEvent'));
      if (starts.length !== 1) return `It has ${starts.length} start events.`;
      return eventKinds(starts[0]).length === 0 && 'Its start event waits for nothing.';
    },
  ),
  rule(
    'BPMN-E04',
    '10.5.2',
    'An event sub-process starts by a message, timer, error, escalation, compensation, condition or signal.',
    'StartEvent',
    (e) =>
      isEventSubProcess(e.$parent)
        ? only(['Message', 'Timer', 'Error', 'Escalation', 'Compensate', 'Conditional', 'Signal'], e)
        : undefined,
  ),
  rule(
    'BPMN-E05',
    '10.5.2',
    'An event sub-process started by an error or compensation interrupts.',
    'StartEvent',
    (e) =>
      isEventSubProcess(e.$parent) &&
      flag(e, 'isInterrupting') === false &&
      eventKinds(e).some((k) => k === 'Error' || k === 'Compensate') &&
      'It does not interrupt.',
  ),
  rule(
    'BPMN-E06',
    '10.5.4',
    'An intermediate event catches a message, timer, condition, link or signal.',
    'IntermediateCatchEvent',
    (e) =>
      eventKinds(e).length === 0
        ? 'It has no event definition.'
        : only(['Message', 'Timer', 'Conditional', 'Link', 'Signal'], e),
  ),
  rule(
    'BPMN-E07',
    '10.5.4',
    'An intermediate event throws a message, escalation, compensation, link or signal.',
    'IntermediateThrowEvent',
    (e) => only(['Message', 'Escalation', 'Compensate', 'Link', 'Signal'], e),
  ),
  rule(
    'BPMN-E08',
    '10.5.3',
    'An end event throws a message, error, escalation, cancel, compensation or signal, or terminates.',
    'EndEvent',
    (e) => only(['Message', 'Error', 'Escalation', 'Cancel', 'Compensate', 'Signal', 'Terminate'], e),
  ),
  rule(
    'BPMN-E09',
    '10.5.4',
    'A boundary event waits for a message, timer, error, escalation, cancel, compensation, condition or signal.',
    'BoundaryEvent',
    (e) =>
      eventKinds(e).length === 0
        ? 'It has no event definition.'
        : only(['Message', 'Timer', 'Error', 'Escalation', 'Cancel', 'Compensate', 'Conditional', 'Signal'], e),
  ),
  rule(
    'BPMN-E10',
    '10.5.4',
    'A boundary event is attached to an activity of its own process or sub-process.',
    'BoundaryEvent',
    (e, facts) => {
      const host = one(e, 'attachedToRef');
      if (!host) return !facts.isDangling(e, 'attachedToRef') && 'It is attached to nothing.';
      if (!is(host, 'Activity')) return `"${String(host['id'])}" is no activity.`;
      return host.$parent !== e.$parent && `"${String(host['id'])}" lies in another process or sub-process.`;
    },
  ),
  rule(
    'BPMN-E11',
    '10.5.4',
    'Boundary events for errors, cancels and compensation interrupt.',
    'BoundaryEvent',
    (e) =>
      flag(e, 'cancelActivity') === false &&
      eventKinds(e).some((k) => k === 'Error' || k === 'Cancel') &&
      'It does not interrupt.',
  ),
  rule(
    'BPMN-E12',
    '10.5.4',
    'A cancel boundary event is attached to a transaction.',
    'BoundaryEvent',
    (e) =>
      eventKinds(e).includes('Cancel') &&
      is(one(e, 'attachedToRef'), 'Activity') &&
      !is(one(e, 'attachedToRef'), 'Transaction') &&
      'It is attached to something else.',
  ),
  rule(
    'BPMN-E13',
    '10.5.3',
    'A cancel end event lies in a transaction.',
    'EndEvent',
    (e) => eventKinds(e).includes('Cancel') && !transactionAround(e) && 'There is no transaction around it.',
  ),
  rule(
    'BPMN-E14',
    '10.7.1',
    'A compensation boundary event is associated with one compensation activity.',
    'BoundaryEvent',
    (e, facts) => {
      if (!eventKinds(e).includes('Compensate') || facts.outgoing(e).length > 0) return undefined;
      const handlers = associated(e, facts).filter((end) => is(end, 'Activity'));
      if (handlers.length !== 1) return `It is associated with ${handlers.length} activities.`;
      return (
        flag(handlers[0], 'isForCompensation') !== true && `"${String(handlers[0]!['id'])}" is not for compensation.`
      );
    },
  ),
  rule(
    'BPMN-E15',
    '10.5.4',
    'A link leads from throwing events to one catching event of the same name in the same process level.',
    'Event',
    (e) => {
      const name = linkName(e);
      if (!eventKinds(e).includes('Link')) return undefined;
      if (name === undefined) return 'The link has no name.';
      const others = flowNodes(e.$parent).filter((n) => n !== e && linkName(n) === name);
      if (is(e, 'ThrowEvent'))
        return !others.some((n) => is(n, 'CatchEvent')) && `No link event catches "${name}" here.`;
      if (others.some((n) => is(n, 'CatchEvent'))) return `Two link events catch "${name}".`;
      return !others.some((n) => is(n, 'ThrowEvent')) && `No link event throws "${name}" here.`;
    },
  ),
  rule(
    'BPMN-E16',
    '10.5.5',
    'A timer has one of date, cycle and duration.',
    'TimerEventDefinition',
    (e) => ['timeDate', 'timeCycle', 'timeDuration'].filter((m) => one(e, m)).length > 1 && 'It has several.',
  ),
  rule(
    'BPMN-E17',
    '10.5.5',
    'A conditional event has a condition.',
    'ConditionalEventDefinition',
    (e) => !one(e, 'condition') && 'It has none.',
  ),
  rule(
    'BPMN-E18',
    '10.5.5',
    'Compensation is thrown for an activity that can be compensated.',
    'CompensateEventDefinition',
    (e) => {
      const activity = one(e, 'activityRef');
      return activity && !is(activity, 'Activity') && `"${String(activity['id'])}" is no activity.`;
    },
  ),
  rule(
    'BPMN-E19',
    '10.5.1',
    'An event that waits for several events together has several.',
    'CatchEvent',
    (e) =>
      flag(e, 'parallelMultiple') === true && eventKinds(e).length < 2 && 'It has fewer than two event definitions.',
  ),
  rule(
    'BPMN-E20',
    '10.5.5',
    'A terminate event is an end event.',
    'Event',
    (e) =>
      eventKinds(e).includes('Terminate') && !is(e, 'EndEvent') && !is(e, 'BoundaryEvent') && 'It is no end event.',
  ),
];
