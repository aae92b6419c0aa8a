// Rules about the file as such: ids, references, elements and values that the schema does not know.
import { everyElement, idOf, is, many, one, text, type BpmnElement } from '../elements.js';
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
];
const INTEGERS: readonly (readonly [string, string, number])[] = [
  ['Activity', 'startQuantity', 1],
  ['Activity', 'completionQuantity', 1],
  ['StandardLoopCharacteristics', 'loopMaximum', 0],
];

export const DOCUMENT_RULES: readonly Rule[] = [
  problem(
    'BPMN-D01',
    '8.2.1',
    'Ids are unique within a file.',
    /duplicate ID <([^>]*)>/,
    (id) => `The id "${id}" is used twice.`,
  ),
  whereExecutable(
    problem('BPMN-D02', '8.2.1', 'An id is an XML name.', /illegal ID <([^>]*)>/, (id) => `"${id}" is no id.`),
  ),
  problem(
    'BPMN-D03',
    '8.1',
    'Elements of the BPMN namespace are those of the standard.',
    /unknown type <(bpmn:[^>]*)>/,
    (type) => `BPMN has no element ${type}.`,
  ),
  {
    id: 'BPMN-D04',
    section: '8.2',
    text: 'A reference leads to an element of the file, or of an imported one.',
    *check({ document }): Iterable<Violation> {
      for (const { element, property, value } of document.problems) {
        const foreign = value !== undefined && value.includes(':') && many(document.root, 'imports').length > 0;
        // What leads to and from an element, its sequence flows say themselves.
        const listed = (property === 'incoming' || property === 'outgoing') && !!element && !isExecutable(element);
        if (element && property !== undefined && NEEDED.has(property) && !foreign && !listed)
          yield { element, says: `${property} names "${value ?? ''}", which is not in the file.` };
      }
    },
  },
  {
    id: 'BPMN-D05',
    section: '8.1',
    text: 'An attribute with a list of values has one of them.',
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
    section: '10.3',
    text: 'Quantities are whole numbers of at least one.',
    *check(facts): Iterable<Violation> {
      for (const [type, name, least] of INTEGERS) {
        for (const element of facts.all(type)) {
          const value = element[name];
          if (typeof value === 'number' && !(value >= least))
            yield { element, says: `${name} must be a whole number of at least ${least}.` };
        }
      }
    },
  },
  rule(
    'BPMN-D07',
    '8.2.2',
    'An import says what it imports.',
    'Import',
    (e) =>
      (text(e, 'importType') === undefined || text(e, 'namespace') === undefined) &&
      'It needs importType and namespace.',
  ),
  rule(
    'BPMN-D08',
    '8.4.1',
    'An association has two ends.',
    'Association',
    (e) => (!one(e, 'sourceRef') || !one(e, 'targetRef')) && !dangling(e) && 'It needs sourceRef and targetRef.',
  ),
  rule(
    'BPMN-D09',
    '8.4.3',
    'A correlation key and a subscription refer to what they correlate.',
    'CorrelationSubscription',
    (e) => !one(e, 'correlationKeyRef') && 'It needs a correlationKeyRef.',
  ),
];

/** The element, or the process in which the reader has lost it. */
function elementWith(root: BpmnElement, id: string): BpmnElement {
  let process: BpmnElement | undefined;
  for (const element of everyElement(root)) {
    if (idOf(element) === id) return element;
    if (is(element, 'Process')) process ??= element;
  }
  return process ?? root;
}

function dangling(element: BpmnElement): boolean {
  return is(element.$parent, 'Definitions');
}

function problem(id: string, section: string, text_: string, pattern: RegExp, says: (found: string) => string): Rule {
  return {
    id,
    section,
    text: text_,
    *check({ document }): Iterable<Violation> {
      for (const { message } of document.problems) {
        const found = pattern.exec(message)?.[1];
        // What is drawn may have the ids of what it draws.
        if (found === undefined || /<(?:\w+:)?BPMN\w+>/.test(message)) continue;
        yield { element: elementWith(document.root, found), says: says(found) };
      }
    },
  };
}
