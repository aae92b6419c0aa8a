// Rules about sequence flows: what they connect, and what must or must not have them.
import { flag, is, kindOf, many, one, type BpmnElement } from '../elements.js';
import { eventKinds, flowNodes, isExecutable, rule, whereExecutable, type Rule } from './rule.js';

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
  rule('BPMN-S01', 'SequenceFlow', (flow, facts) => {
    for (const member of ['sourceRef', 'targetRef']) {
      const end = one(flow, member);
      if (!end && !facts.isDangling(flow, member)) return `It has no ${member}.`;
      if (end && !is(end, 'FlowNode')) return `Its ${member} "${String(end['id'])}" is a ${kindOf(end)}.`;
    }
    return undefined;
  }),
  rule('BPMN-S02', 'SequenceFlow', (flow) => {
    const [from, to] = [one(flow, 'sourceRef'), one(flow, 'targetRef')];
    return (
      is(from, 'FlowNode') &&
      is(to, 'FlowNode') &&
      from!.$parent !== to!.$parent &&
      `It leads from "${String(from!['id'])}" to "${String(to!['id'])}", which lies in another process or sub-process.`
    );
  }),
  rule('BPMN-S03', 'StartEvent', (e, facts) => facts.incoming(e).length > 0 && 'A sequence flow enters it.'),
  rule('BPMN-S04', 'EndEvent', (e, facts) => facts.outgoing(e).length > 0 && 'A sequence flow leaves it.'),
  rule('BPMN-S05', 'BoundaryEvent', (e, facts) => facts.incoming(e).length > 0 && 'A sequence flow enters it.'),
  rule(
    'BPMN-S06',
    'SubProcess',
    (e, facts) =>
      isEventSubProcess(e) &&
      (facts.incoming(e).length > 0 || facts.outgoing(e).length > 0) &&
      'A sequence flow enters or leaves it.',
  ),
  rule(
    'BPMN-S07',
    'Activity',
    (e, facts) =>
      isCompensation(e) &&
      (facts.incoming(e).length > 0 || facts.outgoing(e).length > 0) &&
      'A sequence flow enters or leaves it.',
  ),
  rule(
    'BPMN-S08',
    'BoundaryEvent',
    (e, facts) =>
      eventKinds(e).includes('Compensate') &&
      facts.outgoing(e).length > 0 &&
      'A sequence flow leaves it; use an association.',
  ),
  whereExecutable(
    rule(
      'BPMN-S09',
      'BoundaryEvent',
      (e, facts) =>
        !eventKinds(e).includes('Compensate') && facts.outgoing(e).length === 0 && 'No sequence flow leaves it.',
    ),
  ),
  rule('BPMN-S10', 'Event', (e, facts) => {
    if (!isLink(e)) return undefined;
    if (is(e, 'ThrowEvent') && facts.outgoing(e).length > 0) return 'A sequence flow leaves it.';
    return is(e, 'CatchEvent') && facts.incoming(e).length > 0 && 'A sequence flow enters it.';
  }),
  rule('BPMN-S11', 'SequenceFlow', (flow) => {
    const source = one(flow, 'sourceRef');
    return (
      isConditional(flow) &&
      (is(source, 'ParallelGateway') || is(source, 'EventBasedGateway') || is(source, 'Event')) &&
      `It has a condition, but leaves a ${kindOf(source!)}.`
    );
  }),
  rule('BPMN-S12', 'FlowNode', (e) => {
    const flow = one(e, 'default');
    // Where the standard has no default, the attribute is just text.
    if (typeof e['default'] === 'string') return isExecutable(e) && `A ${kindOf(e)} has none.`;
    return flow && one(flow, 'sourceRef') !== e && `Its default "${String(flow['id'])}" leaves another element.`;
  }),
  whereExecutable(
    rule('BPMN-S13', 'Activity', (e, facts) => {
      const flows = facts.outgoing(e);
      return flows.length === 1 && isConditional(flows[0]!) && 'The only sequence flow that leaves it has a condition.';
    }),
  ),
  whereExecutable(
    rule('BPMN-S14', 'FlowNode', (e, facts) => {
      const left = facts.unlisted(e);
      if (left) return `It does not list "${String(left['id'])}", though everything else in the file is listed.`;
      const wrong = [
        ...many(e, 'incoming').filter((f) => one(f, 'targetRef') !== e),
        ...many(e, 'outgoing').filter((f) => one(f, 'sourceRef') !== e),
      ];
      return wrong.length > 0 && `It lists "${String(wrong[0]!['id'])}", which does not lead there.`;
    }),
  ),
  whereExecutable(
    // Where all of them say so, a tool has, not a person.
    rule(
      'BPMN-S18',
      'SequenceFlow',
      (e, facts) =>
        flag(e, 'isImmediate') === false &&
        facts.all('SequenceFlow').some((f) => flag(f, 'isImmediate') !== false) &&
        'It is not immediate.',
    ),
  ),
  whereExecutable(
    rule('BPMN-S15', ['Process', 'SubProcess'], (e) => {
      const nodes = flowNodes(e);
      const starts = nodes.some((n) => is(n, 'StartEvent') || instantiates(n));
      const ends = nodes.some((n) => is(n, 'EndEvent'));
      if (is(e, 'AdHocSubProcess') || starts === ends) return undefined;
      return starts ? 'It has a start event, but no end event.' : 'It has an end event, but no start event.';
    }),
  ),
  whereExecutable(
    rule(
      'BPMN-S16',
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
      'FlowNode',
      (e, facts) =>
        facts.has(e.$parent, 'EndEvent') &&
        !endsItself(e) &&
        facts.outgoing(e).length === 0 &&
        'No sequence flow leaves it.',
    ),
  ),
];
