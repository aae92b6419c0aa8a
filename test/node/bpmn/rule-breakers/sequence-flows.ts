// Files whose sequence flows break a rule.
import { flow, path, process } from '../bpmn-text.js';
import { SE, T, two, inSub, boundary, link, type Breakers } from './files.js';

export const SEQUENCE_FLOW_BREAKERS: Breakers = {
  'BPMN-S01': [
    [process(`${SE}${path('s', 'e')}<sequenceFlow id="f" sourceRef="s"/>`), 'f'],
    [process(`${SE}${path('s', 'e')}<dataObject id="d"/>${flow('s', 'd')}`), 's-d'],
  ],
  'BPMN-S02': [
    [
      inSub('', `<startEvent id="s2"/><task id="t2"/><endEvent id="e2"/>${path('s2', 't2', 'e2')}${flow('t2', 'e')}`),
      't2-e',
    ],
    [two('', `<task id="a"/>${flow('a', 'b')}`, '<task id="b"/>'), 'a-b'],
  ],
  'BPMN-S03': [[process(`${SE}${T}${path('s', 't', 'e')}${flow('t', 's')}`), 's']],
  'BPMN-S04': [[process(`${SE}${T}${path('s', 't', 'e')}${flow('e', 't')}`), 'e']],
  'BPMN-S05': [[boundary('<timerEventDefinition/>', `${flow('b', 'e2')}${flow('t', 'b')}`), 'b']],
  'BPMN-S06': [
    [
      inSub(
        'triggeredByEvent="true"',
        `<startEvent id="s2"><signalEventDefinition/></startEvent><endEvent id="e2"/>${path('s2', 'e2')}`,
      ).replace('</process>', `${flow('t', 'sub')}</process>`),
      'sub',
    ],
  ],
  'BPMN-S07': [[process(`${SE}<task id="t" isForCompensation="true"/>${path('s', 't', 'e')}`), 't']],
  'BPMN-S08': [[boundary('<compensateEventDefinition/>', flow('b', 'e2')), 'b']],
  'BPMN-S09': [[boundary('<timerEventDefinition/>'), 'b']],
  'BPMN-S10': [
    [
      process(
        `${SE}${T}${link('l', 'intermediateThrowEvent', 'x')}${link('m', 'intermediateCatchEvent', 'x')}${path('s', 'l', 't', 'e')}${flow('m', 'e')}`,
      ),
      'l',
    ],
  ],
  'BPMN-S11': [
    [
      process(`${SE}<parallelGateway id="g"/>${T}${flow('s', 'g')}${flow('g', 'e', 'x > 1')}${path('g', 't', 'e')}`),
      'g-e',
    ],
  ],
  'BPMN-S12': [
    [process(`${SE}<exclusiveGateway id="g" default="s-g"/>${T}${path('s', 'g', 'e')}${path('g', 't', 'e')}`), 'g'],
    [process(`${SE}<parallelGateway id="g" default="g-e"/>${T}${path('s', 'g', 'e')}${path('g', 't', 'e')}`), 'g'],
    [process(`<startEvent id="s" default="s-t"/><endEvent id="e"/>${T}${path('s', 't', 'e')}`), 's'],
  ],
  'BPMN-S13': [[process(`${SE}${T}${flow('s', 't')}${flow('t', 'e', 'x > 1')}`), 't']],
  'BPMN-S14': [
    [process(`${SE}<task id="t"><incoming>t-e</incoming></task>${path('s', 't', 'e')}`), 't'],
    [
      process(
        `<startEvent id="s"><outgoing>s-t</outgoing></startEvent><task id="t"><outgoing>t-e</outgoing></task><endEvent id="e"><incoming>t-e</incoming></endEvent>${path('s', 't', 'e')}`,
      ),
      't',
    ],
  ],
  'BPMN-S15': [
    [process(`<startEvent id="s"/>${T}${path('s', 't')}`), 'p'],
    [process(`${T}<endEvent id="e"/>${path('t', 'e')}`), 'p'],
  ],
  'BPMN-S16': [[process(`${SE}${T}${path('s', 'e')}${flow('t', 'e')}`), 't']],
  'BPMN-S17': [[process(`${SE}${T}${path('s', 'e')}${flow('s', 't')}`), 't']],
  'BPMN-S18': [
    [process(`${SE}${T}${path('s', 't')}<sequenceFlow id="f" sourceRef="t" targetRef="e" isImmediate="false"/>`), 'f'],
  ],
};
