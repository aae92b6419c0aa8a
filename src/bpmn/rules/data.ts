// Rules about times, multiple instances and data: specifications, associations, references, messages and conversations,
// and who does the work. Loaded for files that have any of it; what it needs is handed to it, so that it stays a chunk of
// its own without shared ones.
import type { flag, is, kindOf, many, one, text, BpmnElement } from '../elements.js';
import type { eventKinds, isExecutable, rule, whereExecutable, Rule } from './rule.js';

/** Engines have attributes of their own for the collection. */
function hasForeignCollection(loop: BpmnElement): boolean {
  return Object.keys(loop.$attrs ?? {}).some((a) => a.endsWith(':collection')) || !!loop['extensionElements'];
}

const DURATION = String.raw`P(?!$)(?:\d+Y)?(?:\d+M)?(?:\d+W)?(?:[\d.,]+D)?(?:T(?=\d)(?:[\d.,]+H)?(?:[\d.,]+M)?(?:[\d.,]+S)?)?`;
const INSTANT = String.raw`\d{4}-?\d\d-?\d\d(?:[T ].*)?`;
/** The form of a time, and what can only be meant as one and not as an expression. Cron has its own. */
const TIMES: readonly (readonly [string, RegExp, RegExp])[] = [
  ['timeDuration', RegExp(`^${DURATION}$`), /^P[\dT]?\d|^PT?$|^\d+ *[a-z]+$/i],
  ['timeDate', RegExp(`^${INSTANT}$`), /^\d{1,4}[-./]\d|^\d+$|^P\d/],
  [
    'timeCycle',
    RegExp(`^(?:R-?\\d*/(?:${INSTANT}/)?${DURATION}(?:/.*)?|R-?\\d*/${INSTANT}/.*|${DURATION})$`),
    /^R-?\d*\/|^P\d/,
  ],
];

export interface RuleTools {
  readonly eventKinds: typeof eventKinds;
  readonly flag: typeof flag;
  readonly is: typeof is;
  readonly text: typeof text;
  readonly isExecutable: typeof isExecutable;
  readonly kindOf: typeof kindOf;
  readonly many: typeof many;
  readonly one: typeof one;
  readonly rule: typeof rule;
  readonly whereExecutable: typeof whereExecutable;
}

export const dataRules = ({
  is,
  isExecutable,
  kindOf,
  many,
  one,
  rule,
  text,
  whereExecutable,
}: RuleTools): readonly Rule[] => [
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
    if (behavior === 'One') return !one(e, 'oneBehaviorEventRef') && 'It names no oneBehaviorEventRef.';
    return (
      behavior === 'Complex' &&
      many(e, 'complexBehaviorDefinition').length === 0 &&
      'It has no complexBehaviorDefinition.'
    );
  }),
  whereExecutable(
    rule('BPMN-A13', 'MultiInstanceLoopCharacteristics', (e) => {
      const input = one(e, 'loopDataInputRef');
      const own = many(one(e.$parent, 'ioSpecification'), 'dataInputs');
      return (
        input &&
        is(e.$parent, 'Task') &&
        !own.includes(input) &&
        `"${String(input['id'])}" is no data input of "${String(e.$parent!['id'])}".`
      );
    }),
  ),
  whereExecutable(
    rule('BPMN-A14', 'MultiInstanceLoopCharacteristics', (e) => {
      const count = String(one(e, 'loopCardinality')?.['body'] ?? '').trim();
      return /^(?:-\s*\d|\d+\.\d*[1-9]|\d+\s*[a-z]|["'])/i.test(count) && `Its cardinality is ${count}.`;
    }),
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
    // A modeler need not say which of an activity's data inputs or outputs is meant.
    const several = many(e, 'sourceRef').length > 1;
    return several && !one(e, 'transformation') && 'It has several sources, but no transformation.';
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
  whereExecutable(
    rule('BPMN-A15', 'InputOutputSpecification', (e) => is(e.$parent, 'SubProcess') && 'It stands in a sub-process.'),
  ),
  whereExecutable(
    rule('BPMN-A16', ['DataInputAssociation', 'DataOutputAssociation'], (e) => {
      const isInput = is(e, 'DataInputAssociation');
      const ends = isInput ? [one(e, 'targetRef')] : many(e, 'sourceRef');
      // A property of the activity stands in for an input that nobody has modelled.
      const own = (end: BpmnElement): boolean =>
        is(end, isInput ? 'DataInput' : 'DataOutput') || (is(end, 'Property') && end.$parent === e.$parent);
      const wrong = ends.find((end) => end && is(end, 'ItemAwareElement') && !own(end));
      return wrong && `"${String(wrong['id'])}" is a ${kindOf(wrong)}.`;
    }),
  ),
  whereExecutable(
    rule('BPMN-A17', ['DataObject', 'DataObjectReference'], (e) =>
      is(e, 'DataObject')
        ? one(e, 'dataState') && 'A data object has no state; its references have.'
        : one(e, 'itemSubjectRef') && 'A reference has no type; its data object has.',
    ),
  ),
  whereExecutable(
    rule(
      'BPMN-A18',
      'ResourceRole',
      (e) => one(e, 'resourceAssignmentExpression') && one(e, 'resourceRef') && 'It has both.',
    ),
  ),
  // Parameters beside the message have inputs of their own, in the reference models too.
  whereExecutable(
    rule('BPMN-A19', 'InputOutputSpecification', (e) => {
      const sets = is(e.$parent, 'SendTask') ? 'inputSets' : is(e.$parent, 'ReceiveTask') ? 'outputSets' : undefined;
      return sets && many(e, sets).length > 1 && `It has several ${sets}.`;
    }),
  ),
  whereExecutable(
    rule('BPMN-A20', ['SendTask', 'ReceiveTask', 'MessageEventDefinition'], (e) => {
      const [message, operation] = [one(e, 'messageRef'), one(e, 'operationRef')];
      const own = operation && [one(operation, 'inMessageRef'), one(operation, 'outMessageRef')];
      return message && own && !own.includes(message) && `"${String(operation['id'])}" has another one.`;
    }),
  ),
  whereExecutable(
    rule('BPMN-C07', ['ConversationNode', 'ChoreographyActivity'], (e) => {
      const taking = many(e, 'participantRef');
      if (taking.length < 2) return `It has ${taking.length}.`;
      const first = one(e, 'initiatingParticipantRef');
      return first && !taking.includes(first) && `"${String(first['id'])}" takes no part in it.`;
    }),
  ),
  rule('BPMN-C08', 'ConversationLink', (e) => {
    const ends = [one(e, 'sourceRef'), one(e, 'targetRef')].filter((end) => end !== undefined);
    return (
      ends.length === 2 && !ends.some((end) => is(end, 'ConversationNode')) && 'It leads from and to something else.'
    );
  }),
  whereExecutable(
    rule('BPMN-E21', 'TimerEventDefinition', (e) => {
      for (const [member, form, isText] of TIMES) {
        const body = String(one(e, member)?.['body'] ?? '').trim();
        if (isText.test(body) && !form.test(body)) return `Its ${member} is "${body}".`;
      }
      return undefined;
    }),
  ),
];
