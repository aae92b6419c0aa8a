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
export function checkRules(document: BpmnDocument, report: Report): BrokenRules {
  const facts = new Facts(document);
  const fatal: ReportEntry[] = [];
  const tolerated: ReportEntry[] = [];
  for (const { id, section, text, check, executableOnly } of RULES) {
    for (const { element, says } of check(facts)) {
      const entry = { ...report.entryOf(element, 'rule', `${text} ${says} (BPMN 2.0.2, ${section})`), rule: id };
      (executableOnly && !isExecutable(element) ? tolerated : fatal).push(entry);
    }
  }
  return { fatal, tolerated };
}
