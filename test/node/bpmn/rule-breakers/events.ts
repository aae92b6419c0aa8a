// Files whose events or event-based and other gateways break a rule.
import { flow, path, process } from '../bpmn-text.js';
import { SE, T, inSub, boundary, event, eventGateway, catching, link, timed, type Breakers } from './files.js';

export const EVENT_BREAKERS: Breakers = {
  'BPMN-E01': [
    [process(`<startEvent id="s"><errorEventDefinition/></startEvent><endEvent id="e"/>${path('s', 'e')}`), 's'],
  ],
  'BPMN-E02': [
    [inSub('', `<startEvent id="s2"><timerEventDefinition/></startEvent><endEvent id="e2"/>${path('s2', 'e2')}`), 's2'],
  ],
  'BPMN-E03': [
    [inSub('triggeredByEvent="true"', `<startEvent id="s2"/><endEvent id="e2"/>${path('s2', 'e2')}`), 'sub'],
    [inSub('triggeredByEvent="true"', '<task id="t2"/>'), 'sub'],
  ],
  'BPMN-E04': [
    [
      inSub(
        'triggeredByEvent="true"',
        `<startEvent id="s2"><cancelEventDefinition/></startEvent><endEvent id="e2"/>${path('s2', 'e2')}`,
      ),
      's2',
    ],
  ],
  'BPMN-E05': [
    [
      inSub(
        'triggeredByEvent="true"',
        `<startEvent id="s2" isInterrupting="false"><errorEventDefinition/></startEvent><endEvent id="e2"/>${path('s2', 'e2')}`,
      ),
      's2',
    ],
  ],
  'BPMN-E06': [
    [event(''), 'x'],
    [event('<errorEventDefinition/>'), 'x'],
  ],
  'BPMN-E07': [[event('<timerEventDefinition/>', 'intermediateThrowEvent'), 'x']],
  'BPMN-E08': [
    [process(`<startEvent id="s"/><endEvent id="e"><timerEventDefinition/></endEvent>${path('s', 'e')}`), 'e'],
  ],
  'BPMN-E09': [
    [boundary('', flow('b', 'e2')), 'b'],
    [boundary('<terminateEventDefinition/>', flow('b', 'e2')), 'b'],
  ],
  'BPMN-E10': [
    [
      process(`${SE}<boundaryEvent id="b"><timerEventDefinition/></boundaryEvent>${path('s', 'e')}${flow('b', 'e')}`),
      'b',
    ],
    [
      process(
        `${SE}<boundaryEvent id="b" attachedToRef="s"><timerEventDefinition/></boundaryEvent>${path('s', 'e')}${flow('b', 'e')}`,
      ),
      'b',
    ],
  ],
  'BPMN-E11': [[boundary('<errorEventDefinition/>', flow('b', 'e2'), 'cancelActivity="false"'), 'b']],
  'BPMN-E12': [[boundary('<cancelEventDefinition/>', flow('b', 'e2')), 'b']],
  'BPMN-E13': [
    [process(`<startEvent id="s"/><endEvent id="e"><cancelEventDefinition/></endEvent>${path('s', 'e')}`), 'e'],
  ],
  'BPMN-E14': [
    [boundary('<compensateEventDefinition/>'), 'b'],
    [
      process(
        `${SE}${T}<task id="u"/><boundaryEvent id="b" attachedToRef="t"><compensateEventDefinition/></boundaryEvent>${path('s', 't', 'u', 'e')}<association id="as" sourceRef="b" targetRef="u"/>`,
      ),
      'b',
    ],
  ],
  'BPMN-E15': [
    [process(`${SE}${T}${link('l', 'intermediateThrowEvent', 'x')}${path('s', 't', 'e')}${flow('t', 'l')}`), 'l'],
    [process(`${SE}${link('m', 'intermediateCatchEvent', 'x')}${path('s', 'e')}${flow('m', 'e')}`), 'm'],
  ],
  'BPMN-E16': [
    [
      event(
        '<timerEventDefinition id="td"><timeDate>2030-01-01T00:00:00Z</timeDate><timeDuration>PT1S</timeDuration></timerEventDefinition>',
      ),
      'td',
    ],
  ],
  'BPMN-E17': [[event('<conditionalEventDefinition id="cd"/>'), 'cd']],
  'BPMN-E18': [
    [
      process(
        `<startEvent id="s"/><endEvent id="e"><compensateEventDefinition id="cd" activityRef="s"/></endEvent>${path('s', 'e')}`,
      ),
      'cd',
    ],
    [
      process(
        `<startEvent id="s"/><subProcess id="h">${T}</subProcess><endEvent id="e"><compensateEventDefinition id="cd" activityRef="t"/></endEvent>${path('s', 'h', 'e')}`,
      ),
      'cd',
    ],
  ],
  'BPMN-E19': [[event('<timerEventDefinition/>', 'intermediateCatchEvent', 'parallelMultiple="true"'), 'x']],
  'BPMN-E20': [
    [process(`<startEvent id="s"><terminateEventDefinition/></startEvent><endEvent id="e"/>${path('s', 'e')}`), 's'],
  ],
  'BPMN-G01': [
    [
      process(
        `${SE}<exclusiveGateway id="g" gatewayDirection="Converging"/>${T}${path('s', 'g', 'e')}${path('g', 't', 'e')}`,
      ),
      'g',
    ],
    [
      process(
        `${SE}<exclusiveGateway id="g" gatewayDirection="Mixed"/>${T}${path('s', 'g', 'e')}${path('g', 't', 'e')}`,
      ),
      'g',
    ],
    [
      process(
        `${SE}<exclusiveGateway id="g" gatewayDirection="Diverging"/>${T}${path('s', 'g', 'e')}${path('g', 't', 'g')}`,
      ),
      'g',
    ],
  ],
  'BPMN-G02': [[process(`${SE}<exclusiveGateway id="g"/>${path('s', 'g', 'e')}`), 'g']],
  'BPMN-G03': [[eventGateway('', '', catching('b')), 'g']],
  'BPMN-G04': [[eventGateway('', '<task id="a"/>', catching('b')), 'g']],
  'BPMN-G05': [[eventGateway('', catching('a'), catching('b'), flow('s', 'a')), 'g']],
  'BPMN-G06': [[eventGateway('', '<receiveTask id="a"/>', catching('b', 'message')), 'g']],
  'BPMN-G07': [
    [
      eventGateway(
        '',
        '<receiveTask id="a"/>',
        catching('b'),
        `<boundaryEvent id="x" attachedToRef="a"><timerEventDefinition/></boundaryEvent>${flow('x', 'e')}`,
      ),
      'g',
    ],
  ],
  'BPMN-G08': [[eventGateway('instantiate="true"', catching('a'), catching('b')), 'g']],
  'BPMN-G09': [[eventGateway('eventGatewayType="Parallel"', catching('a'), catching('b')), 'g']],
  'BPMN-E21': [
    ...['5 days', 'P1X', '10s', 'PT'].map((text): [string, string] => [event(timed('timeDuration', text)), 'def']),
    ...['2026-13', '01.02.2026', '12345'].map((text): [string, string] => [event(timed('timeDate', text)), 'def']),
    ...['R3/often', 'R/', 'P1'].map((text): [string, string] => [event(timed('timeCycle', text)), 'def']),
  ],
  'BPMN-G10': [
    [
      process(
        `<endEvent id="e"/><eventBasedGateway id="g" instantiate="true" eventGatewayType="Parallel"/>${catching('a', 'message')}${catching('b', 'timer')}${path('g', 'a', 'e')}${path('g', 'b', 'e')}`,
      ),
      'g',
    ],
  ],
};
