// Rules about the file as such: ids, references, elements and values that the schema does not know.
import { is, many, one, text, type BpmnElement } from '../elements.js';
import type { ProblemKind } from '../reader/read-elements.js';
import { elementTypes } from '../reader/types.js';
import { isExecutable, rule, whereExecutable, type Rule, type Violation } from './rule.js';

/** References without which an element has no meaning. Others (item definitions, operations …) may be missing. */
const NEEDED = new Set(
  'sourceRef targetRef default attachedToRef messageRef signalRef errorRef escalationRef activityRef dataObjectRef dataStoreRef processRef flowNodeRef incoming outgoing eventDefinitionRef eventDefinitionRefs loopDataInputRef loopDataOutputRef dataInputRefs dataOutputRefs noneBehaviorEventRef oneBehaviorEventRef source target'.split(
    ' ',
  ),
);
const VALUES: readonly (readonly [string, string, readonly string[]])[] = [
  ['Gateway', 'gatewayDirection', ['Unspecified', 'Converging', 'Diverging', 'Mixed']],
  ['EventBasedGateway', 'eventGatewayType', ['Exclusive', 'Parallel']],
  ['AdHocSubProcess', 'ordering', ['Parallel', 'Sequential']],
  ['Process', 'processType', ['None', 'Public', 'Private']],
  ['MultiInstanceLoopCharacteristics', 'behavior', ['None', 'One', 'All', 'Complex']],
  ['Association', 'associationDirection', ['None', 'One', 'Both']],
  ['ItemDefinition', 'itemKind', ['Information', 'Physical']],
];
/** Without these the schema does not know the element. References that lead nowhere are another rule's. */
const REQUIRED =
  'Definitions targetNamespace|Interface name operations|Operation name inMessageRef|Resource name|ResourceParameterBinding parameterRef expression|ResourceAssignmentExpression expression|CorrelationProperty correlationPropertyRetrievalExpression|CorrelationPropertyRetrievalExpression messagePath messageRef|CorrelationPropertyBinding dataPath correlationPropertyRef|ConversationLink sourceRef targetRef|ConversationAssociation innerConversationNodeRef outerConversationNodeRef|ParticipantAssociation innerParticipantRef outerParticipantRef|MessageFlowAssociation innerMessageFlowRef outerMessageFlowRef|Relationship type source target|InputOutputBinding operationRef inputDataRef outputDataRef|ComplexBehaviorDefinition condition|ChoreographyActivity initiatingParticipantRef participantRef|ChoreographyTask messageFlowRef'
    .split('|')
    .map((entry) => entry.split(' '));
/** What references lead to, where no other rule says it; without a type, what they are called after. */
const KINDS =
  'messageRef signalRef errorRef escalationRef operationRef dataObjectRef dataStoreRef processRef categoryValueRef resourceRef interfaceRef participantRef messageFlowRef correlationPropertyRef correlationKeyRef dataInputRefs dataOutputRefs inMessageRef:Message outMessageRef:Message parameterRef:ResourceParameter itemSubjectRef:ItemDefinition itemRef:ItemDefinition eventDefinitionRef noneBehaviorEventRef:EventDefinition oneBehaviorEventRef:EventDefinition loopDataInputRef:ItemAwareElement loopDataOutputRef:ItemAwareElement'
    .split(' ')
    .map((entry) => {
      const [member = '', type = member[0]!.toUpperCase() + member.slice(1).replace(/Refs?$/, '')] = entry.split(':');
      return [member, type] as const;
    });
const INTEGERS: readonly (readonly [string, string, number])[] = [
  ['Activity', 'startQuantity', 1],
  ['Activity', 'completionQuantity', 1],
  ['StandardLoopCharacteristics', 'loopMaximum', 0],
  ['ParticipantMultiplicity', 'minimum', 0],
  ['ParticipantMultiplicity', 'maximum', 1],
];

export const DOCUMENT_RULES: readonly Rule[] = [
  problem('BPMN-D01', 'duplicate id', (id) => `The id "${id}" is used twice.`),
  whereExecutable(problem('BPMN-D02', 'illegal id', (id) => `"${id}" is no id.`)),
  problem('BPMN-D03', 'unknown', (type) => `BPMN has no element ${type}.`),
  {
    id: 'BPMN-D04',
    *check({ document }): Iterable<Violation> {
      for (const { element, property, value } of document.problems) {
        const foreign = value !== undefined && value.includes(':') && many(document.root, 'imports').length > 0;
        // What leads to and from an element, its sequence flows say themselves.
        const listed = (property === 'incoming' || property === 'outgoing') && !!element && !isExecutable(element);
        if (!element || property === undefined || foreign || listed) continue;
        // Only what is to run must have the rest, and types may be those of a programming language.
        const isType = /[:.]|^(?:string|int|integer|long|short|bool|boolean|float|double|decimal|number|date|object)$/i;
        if (NEEDED.has(property) || (is(element, 'BaseElement') && isExecutable(element) && !isType.test(value ?? '')))
          yield { element, says: `${property} names "${value ?? ''}", which is not in the file.` };
      }
    },
  },
  {
    id: 'BPMN-D05',
    *check(facts): Iterable<Violation> {
      for (const [type, name, values] of VALUES) {
        for (const element of facts.all(type)) {
          const value = text(element, name);
          if (value !== undefined && !values.includes(value))
            yield { element, says: `${name} is "${value}", not one of ${values.join(', ')}.` };
        }
      }
    },
  },
  {
    id: 'BPMN-D06',
    *check(facts): Iterable<Violation> {
      for (const [type, name, least] of INTEGERS) {
        for (const element of facts.all(type)) {
          const value = element[name];
          if (typeof value === 'number' && !(Number.isInteger(value) && value >= least))
            yield { element, says: `${name} must be a whole number of at least ${least}.` };
        }
      }
    },
  },
  whereExecutable({
    id: 'BPMN-D10',
    *check(facts): Iterable<Violation> {
      for (const [type, ...members] of REQUIRED)
        for (const element of facts.all(type!))
          for (const member of members) {
            const value = element[member];
            const empty = value === undefined || value === '' || (Array.isArray(value) && value.length === 0);
            if (empty && !facts.isDangling(element, member)) yield { element, says: `It has no ${member}.` };
          }
    },
  }),
  {
    id: 'BPMN-D13',
    *check(facts): Iterable<Violation> {
      for (const element of facts.all('BaseElement'))
        for (const [member, type] of KINDS)
          for (const value of Object.hasOwn(element, member) ? [element[member]].flat() : [])
            if (!is(value as BpmnElement, type))
              yield {
                element,
                says: `${member} names "${String((value as BpmnElement)['id'])}", which is no ${type}.`,
              };
    },
  },
  rule(
    'BPMN-D14',
    'Process',
    (e) => e['isExecutable'] === true && text(e, 'processType') === 'Public' && 'It is public.',
  ),
  whereExecutable(problem('BPMN-D15', 'repeated', (member) => `It has several of ${member}.`)),
  whereExecutable(problem('BPMN-D16', 'value', (name) => `${name} is neither true nor false.`)),
  misplaced('BPMN-D11', true),
  whereExecutable(misplaced('BPMN-D12', false)),
  rule(
    'BPMN-D07',
    'Import',
    (e) =>
      (text(e, 'importType') === undefined || text(e, 'namespace') === undefined) &&
      'It needs importType and namespace.',
  ),
  rule(
    'BPMN-D08',
    'Association',
    (e) => (!one(e, 'sourceRef') || !one(e, 'targetRef')) && !dangling(e) && 'It needs sourceRef and targetRef.',
  ),
  rule('BPMN-D09', 'CorrelationSubscription', (e) => !one(e, 'correlationKeyRef') && 'It needs a correlationKeyRef.'),
];

function dangling(element: BpmnElement): boolean {
  return is(element.$parent, 'Definitions');
}

function problem(id: string, kind: ProblemKind, says: (what: string) => string): Rule {
  return {
    id,
    *check({ document }): Iterable<Violation> {
      for (const { kind: found, element, value, line } of document.problems)
        if (found === kind)
          yield { element: element ?? document.root, says: says(value ?? ''), ...(line === undefined ? {} : { line }) };
    },
  };
}

/** Elements that the standard has no place for where they stand: those that would run, or all others. */
function misplaced(id: string, runs: boolean): Rule {
  return {
    id,
    *check({ document }): Iterable<Violation> {
      for (const { kind, element = document.root, value = '', line } of document.problems) {
        const type = elementTypes().get(value.slice(5, 6).toUpperCase() + value.slice(6));
        const isRunning = type?.kinds.has('FlowElement') === true || type?.kinds.has('EventDefinition') === true;
        if (kind === 'misplaced' && isRunning === runs)
          yield { element, says: `A ${element.$type.slice(5)} has no ${value.slice(5)}.`, ...(line ? { line } : {}) };
      }
    },
  };
}
