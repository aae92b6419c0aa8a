// Scenarios with several pools.
import { path, script } from '../bpmn-text.js';
import { S, E, end, raise, wait, on, eventSub, timer, SIGNAL, type Scenario } from './parts.js';

export const POOLS: readonly Scenario[] = [
  {
    name: 'two pools talk to and fro',
    content: `${S}${raise('r', '<messageEventDefinition/>')}${wait('w', '<messageEventDefinition/>')}${script('a')}${raise('r2', '<messageEventDefinition/>')}${wait('w2', '<messageEventDefinition/>')}${script('b')}${E}${path('s', 'r', 'w', 'a', 'r2', 'w2', 'b', 'e')}`,
    roots: `<collaboration id="co"><participant id="A" processRef="p"/><participant id="B" processRef="q"/><messageFlow id="f1" sourceRef="r" targetRef="qs"/><messageFlow id="f2" sourceRef="qr" targetRef="w"/><messageFlow id="f3" sourceRef="r2" targetRef="qw"/><messageFlow id="f4" sourceRef="qe" targetRef="w2"/></collaboration><process id="q" isExecutable="true"><startEvent id="qs"><messageEventDefinition/></startEvent>${raise('qr', '<messageEventDefinition/>')}${wait('qw', '<messageEventDefinition/>')}${script('x')}${end('qe', '<messageEventDefinition/>')}${path('qs', 'qr', 'qw', 'x', 'qe')}</process>`,
    trace: ['a', 'b', 'x'],
  },
  {
    name: 'tasks send to and receive from another pool',
    content: `${S}<sendTask id="r"/><receiveTask id="w"/>${script('a')}${E}${path('s', 'r', 'w', 'a', 'e')}`,
    roots: `<collaboration id="co"><participant id="A" processRef="p"/><participant id="B" processRef="q"/><messageFlow id="f1" sourceRef="r" targetRef="qs"/><messageFlow id="f2" sourceRef="qr" targetRef="w"/></collaboration><process id="q" isExecutable="true"><startEvent id="qs"><messageEventDefinition/></startEvent><sendTask id="qr"/>${script('x')}${end('qe')}${path('qs', 'qr', 'x', 'qe')}</process>`,
    trace: ['a', 'x'],
  },
  {
    name: 'each message to a start event starts an instance',
    content: `${S}${raise('r', '<messageEventDefinition/>')}${raise('r2', '<messageEventDefinition/>')}${E}${path('s', 'r', 'r2', 'e')}`,
    roots: `<collaboration id="co"><participant id="A" processRef="p"/><participant id="B" processRef="q"/><messageFlow id="f1" sourceRef="r" targetRef="qs"/><messageFlow id="f2" sourceRef="r2" targetRef="qs"/></collaboration><process id="q" isExecutable="true"><startEvent id="qs"><messageEventDefinition/></startEvent>${script('x')}${end('qe')}${path('qs', 'x', 'qe')}</process>`,
    trace: ['x', 'x'],
  },
  {
    name: 'a message interrupts another pool by an event sub-process',
    content: `${S}${raise('r', '<messageEventDefinition/>')}${wait('t', timer('PT1H'))}${raise('r2', '<messageEventDefinition/>')}${E}${path('s', 'r', 't', 'r2', 'e')}`,
    roots: `<collaboration id="co"><participant id="A" processRef="p"/><participant id="B" processRef="q"/><messageFlow id="f1" sourceRef="r" targetRef="qs"/><messageFlow id="f2" sourceRef="r2" targetRef="ns"/></collaboration><process id="q" isExecutable="true"><startEvent id="qs"><messageEventDefinition/></startEvent>${wait('qt', timer('PT5H'))}${script('y')}${end('qe')}${path('qs', 'qt', 'y', 'qe')}${eventSub('n', '<messageEventDefinition/>', `${script('x')}${end('ne')}${path('ns', 'x', 'ne')}`)}</process>`,
    trace: ['x'],
  },
  {
    name: 'a message interrupts an activity of another pool',
    content: `${S}${raise('r', '<messageEventDefinition/>')}${wait('t', timer('PT1H'))}${raise('r2', '<messageEventDefinition/>')}${E}${path('s', 'r', 't', 'r2', 'e')}`,
    roots: `<collaboration id="co"><participant id="A" processRef="p"/><participant id="B" processRef="q"/><messageFlow id="f1" sourceRef="r" targetRef="qs"/><messageFlow id="f2" sourceRef="r2" targetRef="qv"/></collaboration><process id="q" isExecutable="true"><startEvent id="qs"><messageEventDefinition/></startEvent><userTask id="qt"/>${on('qv', 'qt', '<messageEventDefinition/>')}${script('y')}${script('x')}${end('qe')}${end('xe')}${path('qs', 'qt', 'y', 'qe')}${path('qv', 'x', 'xe')}</process>`,
    trace: ['x'],
  },
  {
    name: 'a signal is heard in other pools',
    content: `${S}${raise('r', '<messageEventDefinition/>')}${wait('t', timer('PT1H'))}${raise('r2', SIGNAL)}${E}${path('s', 'r', 't', 'r2', 'e')}`,
    roots: `<collaboration id="co"><participant id="A" processRef="p"/><participant id="B" processRef="q"/><messageFlow id="f1" sourceRef="r" targetRef="qs"/></collaboration><process id="q" isExecutable="true"><startEvent id="qs"><messageEventDefinition/></startEvent>${wait('qt', SIGNAL)}${script('y')}${end('qe')}${path('qs', 'qt', 'y', 'qe')}</process>`,
    trace: ['y'],
  },
  {
    name: 'an interrupted call ends the called process',
    content: `${S}<callActivity id="h" calledElement="q"/>${on('v', 'h', timer('PT2H'))}${script('x')}${end('xe')}${E}${path('s', 'h', 'e')}${path('v', 'x', 'xe')}`,
    roots: `<process id="q" isExecutable="true"><startEvent id="qs"/>${wait('qt', timer('PT9H'))}${script('y')}${end('qe')}${path('qs', 'qt', 'y', 'qe')}</process>`,
    trace: ['x'],
  },
  {
    name: 'a task that a message flow leaves sends the message when it is done',
    content: `${S}<task id="k"/>${script('a')}<userTask id="l"/>${on('v', 'l', timer('PT1H'))}${end('ve')}${E}${path('s', 'k', 'a', 'l', 'e')}${path('v', 've')}`,
    roots: `<collaboration id="co"><participant id="A" processRef="p"/><participant id="B" processRef="q"/><messageFlow id="f1" sourceRef="k" targetRef="qs"/><messageFlow id="f2" sourceRef="k" targetRef="qw"/><messageFlow id="f3" sourceRef="l" targetRef="qx"/></collaboration><process id="q" isExecutable="true"><startEvent id="qs"><messageEventDefinition/></startEvent>${wait('qw', '<messageEventDefinition/>')}${script('x')}${wait('qx', '<messageEventDefinition/>')}${script('never')}${end('qe')}${path('qs', 'qw', 'x', 'qx', 'never', 'qe')}</process>`,
    trace: ['a', 'x'],
  },
];
