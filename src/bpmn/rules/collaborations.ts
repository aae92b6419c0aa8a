// Rules about pools, lanes and message flows.
import { is, kindOf, many, number, one, type BpmnElement } from '../elements.js';
import { eventKinds, rule, type Rule } from './rule.js';

/** Tasks that neither send nor receive. */
const SILENT = ['ScriptTask', 'ManualTask', 'BusinessRuleTask'];

function canSend(e: BpmnElement): boolean {
  if (is(e, 'Activity')) return !is(e, 'ReceiveTask') && !SILENT.slice(0, 2).some((t) => is(e, t));
  return is(e, 'Participant') || (is(e, 'ThrowEvent') && eventKinds(e).includes('Message'));
}

function canReceive(e: BpmnElement): boolean {
  if (is(e, 'Activity')) return !is(e, 'SendTask') && !SILENT.slice(0, 2).some((t) => is(e, t));
  return is(e, 'Participant') || (is(e, 'CatchEvent') && eventKinds(e).includes('Message'));
}

export const COLLABORATION_RULES: readonly Rule[] = [
  rule('BPMN-C01', 'MessageFlow', (e, facts) => {
    const missing = ['sourceRef', 'targetRef'].find((m) => !one(e, m) && !facts.isDangling(e, m));
    return missing && `It has no ${missing}.`;
  }),
  rule('BPMN-C02', 'MessageFlow', (e, facts) => {
    const [from, to] = [one(e, 'sourceRef'), one(e, 'targetRef')];
    return from && to && facts.poolOf(from) === facts.poolOf(to) && 'Both ends are in the same pool.';
  }),
  rule('BPMN-C03', 'MessageFlow', (e) => {
    const from = one(e, 'sourceRef');
    return from && !canSend(from) && `The ${kindOf(from)} "${String(from['id'])}" cannot send.`;
  }),
  rule('BPMN-C04', 'MessageFlow', (e) => {
    const to = one(e, 'targetRef');
    return to && !canReceive(to) && `The ${kindOf(to)} "${String(to['id'])}" cannot receive.`;
  }),
  rule('BPMN-C05', 'ParticipantMultiplicity', (e) => {
    const [least = 0, most = 1] = [number(e, 'minimum'), number(e, 'maximum')];
    return (least < 0 || most < 1 || most < least) && `It says ${least} to ${most}.`;
  }),
  rule('BPMN-C06', 'Lane', (e, facts) => {
    const process = facts.poolOf(e);
    const wrong = many(e, 'flowNodeRef').find((n) => !is(n, 'FlowElement') || facts.poolOf(n) !== process);
    return wrong && `"${String(wrong['id'])}" is not one.`;
  }),
];
