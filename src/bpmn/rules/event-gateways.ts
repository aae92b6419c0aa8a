// Rules about event-based gateways. Loaded for files that have one; what it needs is handed to it, as to `data.ts`.
import type { BpmnElement } from '../elements.js';
import type { RuleTools } from './data.js';
import type { Facts, Rule } from './rule.js';

export function eventGatewayRules({
  eventKinds,
  flag,
  is,
  kindOf,
  one,
  rule,
  text,
  whereExecutable,
}: RuleTools): readonly Rule[] {
  const targets = (gateway: BpmnElement, facts: Facts): readonly BpmnElement[] =>
    facts.outgoing(gateway).flatMap((f) => one(f, 'targetRef') ?? []);
  return [
    rule(
      'BPMN-G03',
      'EventBasedGateway',
      (e, facts) => facts.outgoing(e).length < 2 && `It has ${facts.outgoing(e).length}.`,
    ),
    rule('BPMN-G04', 'EventBasedGateway', (e, facts) => {
      const wrong = targets(e, facts).find(
        (t) =>
          !is(t, 'ReceiveTask') &&
          !(
            is(t, 'IntermediateCatchEvent') &&
            eventKinds(t).every((k) => ['Message', 'Signal', 'Timer', 'Conditional'].includes(k))
          ),
      );
      return wrong && `It leads to the ${kindOf(wrong)} "${String(wrong['id'])}".`;
    }),
    rule('BPMN-G05', 'EventBasedGateway', (e, facts) => {
      const wrong = targets(e, facts).find((t) => facts.incoming(t).length > 1);
      return wrong && `Other sequence flows enter "${String(wrong['id'])}".`;
    }),
    rule(
      'BPMN-G06',
      'EventBasedGateway',
      (e, facts) =>
        targets(e, facts).some((t) => is(t, 'ReceiveTask')) &&
        targets(e, facts).some((t) => eventKinds(t).includes('Message')) &&
        'It leads to both.',
    ),
    rule('BPMN-G07', 'EventBasedGateway', (e, facts) => {
      const tasks = targets(e, facts).filter((t) => is(t, 'ReceiveTask'));
      return facts.all('BoundaryEvent').some((b) => tasks.includes(one(b, 'attachedToRef')!)) && 'One has.';
    }),
    rule(
      'BPMN-G08',
      'EventBasedGateway',
      (e, facts) => flag(e, 'instantiate') === true && facts.incoming(e).length > 0 && 'One enters it.',
    ),
    rule(
      'BPMN-G09',
      'EventBasedGateway',
      (e) =>
        text(e, 'eventGatewayType') === 'Parallel' &&
        flag(e, 'instantiate') !== true &&
        'It is parallel, but starts no process.',
    ),
    whereExecutable(
      rule('BPMN-G10', 'EventBasedGateway', (e, facts) => {
        if (text(e, 'eventGatewayType') !== 'Parallel' || flag(e, 'instantiate') !== true) return undefined;
        const wrong = targets(e, facts).find(
          (t) => !is(t, 'ReceiveTask') && eventKinds(t).some((k) => k !== 'Message'),
        );
        return wrong && `"${String(wrong['id'])}" waits for something else.`;
      }),
    ),
  ];
}
