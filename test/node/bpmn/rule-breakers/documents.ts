// Files whose ids, references, attributes or elements break a rule.
import { definitions, flow, path, process } from '../bpmn-text.js';
import { SE, T, two, event, type Breakers } from './files.js';

export const DOCUMENT_BREAKERS: Breakers = {
  'BPMN-D01': [[process(`${SE}${T}<task id="t"/>${path('s', 't', 'e')}`), '']],
  'BPMN-D02': [[process(`${SE}<task id="1 t"/>${path('s', 'e')}`), '']],
  'BPMN-D03': [[process(`${SE}<bogusTask id="t"/>${path('s', 'e')}`), '']],
  'BPMN-D04': [
    [process(`${SE}${path('s', 'e')}${flow('s', 'nowhere')}`), 's-nowhere'],
    [event('<signalEventDefinition id="def" signalRef="missing"/>'), 'def'],
    [process(`${SE}<serviceTask id="t" operationRef="gone"/>${path('s', 't', 'e')}`), 't'],
  ],
  'BPMN-D05': [
    [process(`${SE}<parallelGateway id="g" gatewayDirection="Sideways"/>${path('s', 'g', 'e')}${flow('g', 'e')}`), 'g'],
  ],
  'BPMN-D06': [
    [process(`${SE}<task id="t" startQuantity="0"/>${path('s', 't', 'e')}`), 't'],
    [process(`${SE}<task id="t" completionQuantity="1.5"/>${path('s', 't', 'e')}`), 't'],
  ],
  'BPMN-D07': [[definitions('<import location="x"/>'), '']],
  'BPMN-D08': [[process(`${SE}${path('s', 'e')}<association id="a" sourceRef="s"/>`), 'a']],
  'BPMN-D09': [[process(`${SE}${path('s', 'e')}<correlationSubscription id="cs"/>`), 'cs']],
  'BPMN-D10': [
    [process(`${SE}${path('s', 'e')}`).replace(' targetNamespace="urn:test"', ''), ''],
    [process(`${SE}${path('s', 'e')}`, '<interface id="i" name="x"/>'), 'i'],
    [process(`${SE}${path('s', 'e')}`, '<correlationProperty id="cp"/>'), 'cp'],
    [process(`${SE}${path('s', 'e')}`, '<interface id="i" name="x"><operation id="o" name="y"/></interface>'), 'o'],
  ],
  'BPMN-D11': [
    [process(`${SE}<task id="t"><task id="u"/></task>${path('s', 't', 'e')}`), 't'],
    [process(`${SE}${path('s', 'e')}`, '<startEvent id="lost"/>'), ''],
    [
      process(`${SE}${T}<parallelGateway id="g"><timerEventDefinition/></parallelGateway>${path('s', 'g', 't', 'e')}`),
      'g',
    ],
    [process(`${SE}<task id="t"><messageEventDefinition/></task>${path('s', 't', 'e')}`), 't'],
    [process(`${SE}<dataObject id="d"><task id="t"/></dataObject>${path('s', 'e')}`), 'd'],
  ],
  'BPMN-D12': [
    [process(`${SE}<task id="t"><laneSet id="l"/></task>${path('s', 't', 'e')}`), 't'],
    [
      process(
        `${SE}<exclusiveGateway id="g"><multiInstanceLoopCharacteristics/></exclusiveGateway>${path('s', 'g', 'e')}`,
      ),
      'g',
    ],
    [process(`${SE}${path('s', 'e')}<participant id="x"/>`), 'p'],
  ],
  'BPMN-D13': [
    [event('<messageEventDefinition id="def" messageRef="i"/>').replace('<process', '<signal id="i"/><process'), 'def'],
    [process(`${SE}<dataObject id="d" itemSubjectRef="s"/>${path('s', 'e')}`), 'd'],
    [process(`${SE}<serviceTask id="t" operationRef="m"/>${path('s', 't', 'e')}`, '<message id="m"/>'), 't'],
    [process(`${SE}<dataObject id="o"/><dataStoreReference id="r" dataStoreRef="o"/>${path('s', 'e')}`), 'r'],
    [two('<participant id="C" processRef="x"/>', '<task id="x"/>'), 'C'],
    [
      process(
        `<startEvent id="s"/><endEvent id="e"><errorEventDefinition id="def" errorRef="m"/></endEvent>${path('s', 'e')}`,
        '<message id="m"/>',
      ),
      'def',
    ],
  ],
  'BPMN-D14': [[process(`${SE}${path('s', 'e')}`).replace('isExecutable', 'processType="Public" isExecutable'), 'p']],
  'BPMN-D15': [
    [
      process(
        `${SE}<task id="t"><standardLoopCharacteristics loopMaximum="2"/><standardLoopCharacteristics loopMaximum="3"/></task>${path('s', 't', 'e')}`,
      ),
      't',
    ],
  ],
  'BPMN-D16': [
    [process(`${SE}<task id="t" isForCompensation="maybe"/>${path('s', 't', 'e')}`), 't'],
    [process(`<startEvent id="s" isInterrupting=""/><endEvent id="e"/>${path('s', 'e')}`), 's'],
  ],
};
