// All rules of the standard that are checked, and the check.
import { ACTIVITY_RULES } from './activities.js';
import { COLLABORATION_RULES } from './collaborations.js';
import { DOCUMENT_RULES } from './documents.js';
import { EVENT_RULES } from './events.js';
import { GATEWAY_RULES } from './gateways.js';
import { SEQUENCE_FLOW_RULES } from './sequence-flows.js';
import { Facts, isExecutable, type Rule } from './rule.js';
import type { BpmnDocument } from '../read-xml.js';
import type { Report, ReportEntry } from '../report.js';

export const RULES: readonly Rule[] = [
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

/** Every broken rule with the element that breaks it. */
export async function checkRules(document: BpmnDocument, report: Report): Promise<BrokenRules> {
  const facts = new Facts(document);
  const broken = RULES.flatMap((rule) => [...rule.check(facts)].map((violation) => ({ rule, ...violation })));
  const fatal: ReportEntry[] = [];
  const tolerated: ReportEntry[] = [];
  if (broken.length === 0) return { fatal, tolerated };
  const { RULE_TEXTS } = await import('./texts.js');
  for (const { rule, element, says, line } of broken) {
    const [section, text] = RULE_TEXTS[rule.id]!;
    const entry = {
      ...report.entryOf(element, 'rule', `${text} ${says} (BPMN 2.0.2, ${section})`),
      ...(line === undefined ? {} : { line }),
      rule: rule.id,
    };
    (rule.executableOnly && !isExecutable(element) ? tolerated : fatal).push(entry);
  }
  return { fatal, tolerated };
}
