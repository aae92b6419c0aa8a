// Data, people, and what lies beside a process.
import { flow, path, script } from '../bpmn-text.js';
import { S, E, gateway, end, wait, raise, line, type Construct } from './parts.js';

export const DATA: readonly Construct[] = [
  {
    group: 'Data and people',
    name: 'data objects, associations, input and output',
    content: `<dataObject id="d" name="amount"/>${line('<scriptTask id="t" scriptFormat="jsonata"><script>{ "amount": 7 }</script></scriptTask>', gateway('exclusive', 'g', 'default="g-e"'))}${script('a')}${flow('g', 'a', 'amount > 5')}${flow('a', 'e')}`,
    trace: ['a'],
  },
  {
    group: 'Data and people',
    name: 'data store',
    content: `<dataStoreReference id="ds" name="stock"/>${line(script('a'))}`,
    trace: ['a'],
    note: 'a variable of the instance',
  },
  {
    group: 'Data and people',
    name: 'text annotation, group, category',
    content: `${line(script('a'))}<textAnnotation id="ta"><text>Hello</text></textAnnotation>`,
    trace: ['a'],
  },
  {
    group: 'Data and people',
    name: 'several processes with message flows',
    content: `${S}${raise('r', '<messageEventDefinition/>')}${wait('w', '<messageEventDefinition/>')}${script('a')}${E}${path('s', 'r', 'w', 'a', 'e')}`,
    roots: `<collaboration id="c"><participant id="A" processRef="p"/><participant id="B" processRef="q"/><messageFlow id="m1" sourceRef="r" targetRef="s8"/><messageFlow id="m2" sourceRef="e8" targetRef="w"/></collaboration><process id="q" isExecutable="true"><startEvent id="s8"><messageEventDefinition/></startEvent>${script('b')}${end('e8', '<messageEventDefinition/>')}${path('s8', 'b', 'e8')}</process>`,
    trace: ['a', 'b'],
    note: 'a message to a start event starts its process',
  },
  {
    group: 'Data and people',
    name: 'collaboration, message flow',
    content: line(script('a')),
    roots:
      '<collaboration id="c"><participant id="pp" processRef="p"/><participant id="other" name="Customer"/><messageFlow id="mf" sourceRef="pp" targetRef="other"/></collaboration>',
    trace: ['a'],
  },
];
