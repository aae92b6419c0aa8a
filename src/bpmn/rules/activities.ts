// Rules about activities, their loops and their data.
import { flag, is, kindOf, many, one, text, type BpmnElement } from '../elements.js';
import { flowNodes, isExecutable, rule, whereExecutable, type Rule } from './rule.js';

/** Engines have attributes of their own for the collection. */
function hasForeignCollection(loop: BpmnElement): boolean {
  return (
    Object.keys(loop.$attrs ?? {}).some((a) => a.endsWith(':collection')) ||
    one(loop, 'extensionElements') !== undefined
  );
}

export const ACTIVITY_RULES: readonly Rule[] = [
  rule('BPMN-A01', 'MultiInstanceLoopCharacteristics', (e, facts) => {
    const [counted, listed] = [one(e, 'loopCardinality'), one(e, 'loopDataInputRef')];
    if (counted && listed) return 'It has both.';
    return (
      !counted &&
      !listed &&
      !facts.isDangling(e, 'loopDataInputRef') &&
      !hasForeignCollection(e) &&
      isExecutable(e) &&
      'It has neither.'
    );
  }),
  rule('BPMN-A02', 'MultiInstanceLoopCharacteristics', (e) => {
    const behavior = text(e, 'behavior');
    if (behavior === 'None') return !one(e, 'noneBehaviorEventRef') && 'It names no noneBehaviorEventRef.';
    return behavior === 'One' && !one(e, 'oneBehaviorEventRef') && 'It names no oneBehaviorEventRef.';
  }),
  rule('BPMN-A03', 'AdHocSubProcess', (e) => {
    const nodes = flowNodes(e);
    const event = nodes.find((n) => is(n, 'StartEvent') || is(n, 'EndEvent'));
    if (event) return `It has the ${kindOf(event)} "${String(event['id'])}".`;
    return !nodes.some((n) => is(n, 'Activity')) && 'It has no activity.';
  }),
  rule('BPMN-A04', 'CallActivity', (e, facts) => {
    const called = text(e, 'calledElement');
    const target = called === undefined ? undefined : facts.elements.find((x) => x['id'] === called);
    return target && !is(target, 'CallableElement') && `"${called!}" is a ${kindOf(target)}.`;
  }),
  rule(
    'BPMN-A05',
    'ReceiveTask',
    (e, facts) => flag(e, 'instantiate') === true && facts.incoming(e).length > 0 && 'One enters it.',
  ),
  whereExecutable(
    rule(
      'BPMN-A06',
      'InputOutputSpecification',
      (e) => (many(e, 'inputSets').length === 0 || many(e, 'outputSets').length === 0) && 'It lacks one.',
    ),
  ),
  rule('BPMN-A07', 'DataAssociation', (e, facts) => {
    if (!one(e, 'targetRef')) return !facts.isDangling(e, 'targetRef') && 'It has no targetRef.';
    const sources = many(e, 'sourceRef').length;
    if (sources === 0)
      return (
        !facts.isDangling(e, 'sourceRef') &&
        !one(e, 'transformation') &&
        many(e, 'assignment').length === 0 &&
        'It has no sourceRef.'
      );
    return sources > 1 && !one(e, 'transformation') && 'It has several sources, but no transformation.';
  }),
  rule('BPMN-A08', 'Assignment', (e) => (!one(e, 'from') || !one(e, 'to')) && 'It lacks one.'),
  rule('BPMN-A09', 'DataAssociation', (e) => {
    const ends = [one(e, 'targetRef'), ...many(e, 'sourceRef')].filter((x): x is BpmnElement => x !== undefined);
    const wrong = ends.find((x) => !is(x, 'ItemAwareElement'));
    return wrong && `"${String(wrong['id'])}" is a ${kindOf(wrong)}.`;
  }),
  rule(
    'BPMN-A10',
    'DataObjectReference',
    (e, facts) => !one(e, 'dataObjectRef') && !facts.isDangling(e, 'dataObjectRef') && 'It refers to none.',
  ),
  rule('BPMN-A11', ['InputSet', 'OutputSet'], (e) => {
    const input = is(e, 'InputSet');
    const all = many(e, input ? 'dataInputRefs' : 'dataOutputRefs');
    const some = [
      ...many(e, input ? 'optionalInputRefs' : 'optionalOutputRefs'),
      ...many(e, input ? 'whileExecutingInputRefs' : 'whileExecutingOutputRefs'),
    ];
    const wrong = some.find((d) => !all.includes(d));
    return wrong && `"${String(wrong['id'])}" does not.`;
  }),
  whereExecutable(
    rule('BPMN-A12', 'InputOutputSpecification', (e) => {
      if (many(e, 'inputSets').length === 0 || many(e, 'outputSets').length === 0) return undefined;
      const listed = new Set([
        ...many(e, 'inputSets').flatMap((s) => many(s, 'dataInputRefs')),
        ...many(e, 'outputSets').flatMap((s) => many(s, 'dataOutputRefs')),
      ]);
      const wrong = [...many(e, 'dataInputs'), ...many(e, 'dataOutputs')].find((d) => !listed.has(d));
      return wrong && `"${String(wrong['id'])}" is in none.`;
    }),
  ),
];
