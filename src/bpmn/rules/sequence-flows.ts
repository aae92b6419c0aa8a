// Rules about sequence flows: what they connect, and what must or must not have them.
import { flag, is, kindOf, many, one, type BpmnElement } from '../elements.js';
import { eventKinds, flowNodes, rule, whereExecutable, type Rule } from './rule.js';

const bodyOf = (expression: BpmnElement | undefined): string =>
  String(expression?.['body'] ?? expression?.$body ?? '').trim();
const isConditional = (flow: BpmnElement): boolean => bodyOf(one(flow, 'conditionExpression')) !== '';
const isEventSubProcess = (node: BpmnElement): boolean =>
  is(node, 'SubProcess') && flag(node, 'triggeredByEvent') === true;
const isCompensation = (node: BpmnElement): boolean => flag(node, 'isForCompensation') === true;
const isLink = (node: BpmnElement): boolean => eventKinds(node).includes('Link');
const startsItself = (node: BpmnElement): boolean =>
  is(node, 'StartEvent') ||
  is(node, 'BoundaryEvent') ||
  isEventSubProcess(node) ||
  isCompensation(node) ||
  (is(node, 'CatchEvent') && isLink(node));
const endsItself = (node: BpmnElement): boolean =>
  is(node, 'EndEvent') ||
  isEventSubProcess(node) ||
  isCompensation(node) ||
  (is(node, 'ThrowEvent') && isLink(node)) ||
  (is(node, 'BoundaryEvent') && eventKinds(node).includes('Compensate'));

/** Instantiating receive tasks and event-based gateways stand in for a start event. */
const instantiates = (node: BpmnElement): boolean => flag(node, 'instantiate') === true;

export const SEQUENCE_FLOW_RULES: readonly Rule[] = [
  rule(
    'BPMN-S01',
    '8.4.13',
    'A sequence flow leads from one event, activity or gateway to another.',
    'SequenceFlow',
    (flow, facts) => {
      for (const member of ['sourceRef', 'targetRef']) {
        const end = one(flow, member);
        if (!end && !facts.isDangling(flow, member)) return `It has no ${member}.`;
        if (end && !is(end, 'FlowNode')) return `Its ${member} "${String(end['id'])}" is a ${kindOf(end)}.`;
      }
      return undefined;
    },
  ),
  rule(
    'BPMN-S02',
    '7.6.1',
    'A sequence flow does not cross the border of a pool or sub-process.',
    'SequenceFlow',
    (flow) => {
      const [from, to] = [one(flow, 'sourceRef'), one(flow, 'targetRef')];
      return (
        is(from, 'FlowNode') &&
        is(to, 'FlowNode') &&
        from!.$parent !== to!.$parent &&
        `It leads from "${String(from!['id'])}" to "${String(to!['id'])}", which lies in another process or sub-process.`
      );
    },
  ),
  rule(
    'BPMN-S03',
    '10.5.2',
    'No sequence flow enters a start event.',
    'StartEvent',
    (e, facts) => facts.incoming(e).length > 0 && 'A sequence flow enters it.',
  ),
  rule(
    'BPMN-S04',
    '10.5.3',
    'No sequence flow leaves an end event.',
    'EndEvent',
    (e, facts) => facts.outgoing(e).length > 0 && 'A sequence flow leaves it.',
  ),
  rule(
    'BPMN-S05',
    '10.5.4',
    'No sequence flow enters a boundary event.',
    'BoundaryEvent',
    (e, facts) => facts.incoming(e).length > 0 && 'A sequence flow enters it.',
  ),
  rule(
    'BPMN-S06',
    '10.3.5',
    'No sequence flow enters or leaves an event sub-process.',
    'SubProcess',
    (e, facts) =>
      isEventSubProcess(e) &&
      (facts.incoming(e).length > 0 || facts.outgoing(e).length > 0) &&
      'A sequence flow enters or leaves it.',
  ),
  rule(
    'BPMN-S07',
    '10.7.1',
    'No sequence flow enters or leaves a compensation activity.',
    'Activity',
    (e, facts) =>
      isCompensation(e) &&
      (facts.incoming(e).length > 0 || facts.outgoing(e).length > 0) &&
      'A sequence flow enters or leaves it.',
  ),
  rule(
    'BPMN-S08',
    '10.5.4',
    'No sequence flow leaves a compensation boundary event.',
    'BoundaryEvent',
    (e, facts) =>
      eventKinds(e).includes('Compensate') &&
      facts.outgoing(e).length > 0 &&
      'A sequence flow leaves it; use an association.',
  ),
  whereExecutable(
    rule(
      'BPMN-S09',
      '10.5.4',
      'A boundary event has an outgoing sequence flow, unless it is for compensation.',
      'BoundaryEvent',
      (e, facts) =>
        !eventKinds(e).includes('Compensate') && facts.outgoing(e).length === 0 && 'No sequence flow leaves it.',
    ),
  ),
  rule(
    'BPMN-S10',
    '10.5.4',
    'No sequence flow leaves a throwing or enters a catching link event.',
    'Event',
    (e, facts) => {
      if (!isLink(e)) return undefined;
      if (is(e, 'ThrowEvent') && facts.outgoing(e).length > 0) return 'A sequence flow leaves it.';
      return is(e, 'CatchEvent') && facts.incoming(e).length > 0 && 'A sequence flow enters it.';
    },
  ),
  rule(
    'BPMN-S11',
    '8.4.13',
    'Conditions are for sequence flows out of activities and of exclusive, inclusive and complex gateways.',
    'SequenceFlow',
    (flow) => {
      const source = one(flow, 'sourceRef');
      return (
        isConditional(flow) &&
        (is(source, 'ParallelGateway') || is(source, 'EventBasedGateway') || is(source, 'Event')) &&
        `It has a condition, but leaves a ${kindOf(source!)}.`
      );
    },
  ),
  rule(
    'BPMN-S12',
    '8.4.13',
    'A default sequence flow is one that leaves the element.',
    ['Activity', 'Gateway'],
    (e) => {
      const flow = one(e, 'default');
      return flow && one(flow, 'sourceRef') !== e && `Its default "${String(flow['id'])}" leaves another element.`;
    },
  ),
  whereExecutable(
    rule(
      'BPMN-S13',
      '8.4.13',
      'An activity that a conditional sequence flow leaves has another one.',
      'Activity',
      (e, facts) => {
        const flows = facts.outgoing(e);
        return (
          flows.length === 1 && isConditional(flows[0]!) && 'The only sequence flow that leaves it has a condition.'
        );
      },
    ),
  ),
  whereExecutable(
    rule(
      'BPMN-S14',
      '10.2.1',
      'What an element lists as incoming and outgoing are sequence flows to and from it.',
      'FlowNode',
      (e) => {
        const wrong = [
          ...many(e, 'incoming').filter((f) => one(f, 'targetRef') !== e),
          ...many(e, 'outgoing').filter((f) => one(f, 'sourceRef') !== e),
        ];
        return wrong.length > 0 && `It lists "${String(wrong[0]!['id'])}", which does not lead there.`;
      },
    ),
  ),
  whereExecutable(
    rule(
      'BPMN-S15',
      '10.5.2',
      'Where there is an end event there is a start event, and the other way round.',
      ['Process', 'SubProcess'],
      (e) => {
        const nodes = flowNodes(e);
        const starts = nodes.some((n) => is(n, 'StartEvent') || instantiates(n));
        const ends = nodes.some((n) => is(n, 'EndEvent'));
        if (is(e, 'AdHocSubProcess') || starts === ends) return undefined;
        return starts ? 'It has a start event, but no end event.' : 'It has an end event, but no start event.';
      },
    ),
  ),
  whereExecutable(
    rule(
      'BPMN-S16',
      '10.5.2',
      'Where there is a start event, a sequence flow enters every other element.',
      'FlowNode',
      (e, facts) =>
        facts.has(e.$parent, 'StartEvent') &&
        !startsItself(e) &&
        !instantiates(e) &&
        facts.incoming(e).length === 0 &&
        'No sequence flow enters it.',
    ),
  ),
  whereExecutable(
    rule(
      'BPMN-S17',
      '10.5.3',
      'Where there is an end event, a sequence flow leaves every other element.',
      'FlowNode',
      (e, facts) =>
        facts.has(e.$parent, 'EndEvent') &&
        !endsItself(e) &&
        facts.outgoing(e).length === 0 &&
        'No sequence flow leaves it.',
    ),
  ),
];
