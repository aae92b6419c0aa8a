// All rules of the standard that are checked, and the check.
import { ACTIVITY_RULES } from './activities.js';
import { COLLABORATION_RULES } from './collaborations.js';
import { DOCUMENT_RULES } from './documents.js';
import { EVENT_RULES } from './events.js';
import { GATEWAY_RULES } from './gateways.js';
import { SEQUENCE_FLOW_RULES } from './sequence-flows.js';
import { flag, is, kindOf, many, one, text } from '../elements.js';
import { eventKinds, Facts, isExecutable, rule, whereExecutable, type Rule } from './rule.js';
import type { BpmnDocument } from '../read-xml.js';
import type { Report, ReportEntry } from '../report.js';

/** Elements about which there are rules of times, multiple instances and data. */
const DATA =
  'TimerEventDefinition MultiInstanceLoopCharacteristics InputOutputSpecification DataAssociation DataObject DataObjectReference ResourceRole Operation ConversationNode ConversationLink ChoreographyActivity'.split(
    ' ',
  );

/** The rules that are checked for every file. */
const RULES: readonly Rule[] = [
  ...DOCUMENT_RULES,
  ...SEQUENCE_FLOW_RULES,
  ...EVENT_RULES,
  ...GATEWAY_RULES,
  ...ACTIVITY_RULES,
  ...COLLABORATION_RULES,
];

export interface BrokenRules {
  /** For these the file is refused. */
  readonly fatal: readonly ReportEntry[];
  /** These are only said. */
  readonly tolerated: readonly ReportEntry[];
}

const TOOLS = { eventKinds, flag, is, isExecutable, kindOf, many, one, rule, text, whereExecutable };

export async function allRules(has: (type: string) => boolean = () => true): Promise<readonly Rule[]> {
  return [
    ...RULES,
    ...(has('EventBasedGateway') ? (await import('./event-gateways.js')).eventGatewayRules(TOOLS) : []),
    ...(DATA.some(has) ? (await import('./data.js')).dataRules(TOOLS) : []),
  ];
}

/** Every broken rule with the element that breaks it. */
export async function checkRules(document: BpmnDocument, report: Report): Promise<BrokenRules> {
  const facts = new Facts(document);
  const rules = await allRules((type) => facts.all(type).length > 0);
  const broken = rules.flatMap((checked) => [...checked.check(facts)].map((violation) => ({ checked, ...violation })));
  const fatal: ReportEntry[] = [];
  const tolerated: ReportEntry[] = [];
  if (broken.length === 0) return { fatal, tolerated };
  const { RULE_TEXTS } = await import('./texts.js');
  for (const { checked, element, says, line } of broken) {
    const [section, words] = RULE_TEXTS[checked.id]!;
    const entry = {
      ...report.entryOf(element, 'rule', `${words} ${says} (BPMN 2.0.2, ${section})`),
      ...(line === undefined ? {} : { line }),
      rule: checked.id,
    };
    (checked.executableOnly && !isExecutable(element) ? tolerated : fatal).push(entry);
  }
  return { fatal, tolerated };
}
