// Rules about gateways; those about event-based ones stand in `event-gateways.ts`.
import { text } from '../elements.js';
import { rule, whereExecutable, type Rule } from './rule.js';

export const GATEWAY_RULES: readonly Rule[] = [
  rule('BPMN-G01', 'Gateway', (e, facts) => {
    const [enters, leaves] = [facts.incoming(e).length, facts.outgoing(e).length];
    switch (text(e, 'gatewayDirection')) {
      case 'Converging':
        return (
          (enters < 2 || leaves > 1) && `It is converging, but has ${enters} incoming and ${leaves} outgoing flows.`
        );
      case 'Diverging':
        return (
          (leaves < 2 || enters > 1) && `It is diverging, but has ${enters} incoming and ${leaves} outgoing flows.`
        );
      case 'Mixed':
        return (enters < 2 || leaves < 2) && `It is mixed, but has ${enters} incoming and ${leaves} outgoing flows.`;
      default:
        return undefined;
    }
  }),
  whereExecutable(
    rule(
      'BPMN-G02',
      'Gateway',
      (e, facts) => facts.incoming(e).length < 2 && facts.outgoing(e).length < 2 && 'It neither splits nor joins.',
    ),
  ),
];
