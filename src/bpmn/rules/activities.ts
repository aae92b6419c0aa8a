// Rules about activities; those about their loops and data stand in `data.ts`.
import { flag, is, kindOf, text } from '../elements.js';
import { flowNodes, rule, type Rule } from './rule.js';

export const ACTIVITY_RULES: readonly Rule[] = [
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
];
