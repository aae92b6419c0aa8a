// Scenarios with gateways: joins with several tokens, loops around and inside them, waiting for one of several events.
import { flow, path, script } from '../bpmn-text.js';
import { S, E, gateway, end, raise, wait, sub, timer, chain, assign, SIGNAL, MESSAGE, type Scenario } from './parts.js';

export const GATEWAYS: readonly Scenario[] = [
  {
    name: 'an inclusive join waits for a loop in one of its branches',
    content: `${S}${gateway('parallel', 'g')}${script('a')}${script('b')}${gateway('exclusive', 'lx')}${gateway('exclusive', 'x', 'default="x-j"')}${assign('i', '{"n": n + 1}')}${gateway('inclusive', 'j')}${script('z')}${E}${path('s', 'g', 'a', 'j', 'z', 'e')}${path('g', 'lx', 'i', 'b', 'x')}${flow('x', 'lx', 'n < 3')}${path('x', 'j')}`,
    input: { n: 0 },
    trace: ['a', 'b', 'b', 'b', 'z'],
  },
  {
    name: 'an inclusive join waits for a loop between it and its inclusive split',
    content: `${S}${gateway('inclusive', 'g')}${gateway('exclusive', 'mm')}${assign('i', '{"n": n + 1}')}${script('a')}${gateway('exclusive', 'x', 'default="x-j"')}${script('b')}${gateway('inclusive', 'j')}${script('z')}${E}${flow('s', 'g')}${flow('g', 'mm', 'true')}${flow('g', 'b', 'true')}${path('mm', 'i', 'a', 'x')}${flow('x', 'mm', 'n < 3')}${path('x', 'j')}${path('b', 'j', 'z', 'e')}`,
    input: { n: 0 },
    trace: ['a', 'a', 'a', 'b', 'z'],
  },
  {
    name: 'an inclusive block in a loop is gone through again, by other branches',
    content: `${S}${gateway('exclusive', 'mg')}${gateway('inclusive', 'g')}${script('a')}${script('b')}${gateway('inclusive', 'j')}${assign('i', '{"n": n + 1}')}${gateway('exclusive', 'x', 'default="x-e"')}${E}${path('s', 'mg', 'g')}${flow('g', 'a', 'true')}${flow('g', 'b', 'n < 1')}${path('a', 'j')}${path('b', 'j', 'i', 'x', 'e')}${flow('x', 'mg', 'n < 2')}`,
    input: { n: 0 },
    trace: ['a', 'a', 'b'],
  },
  {
    name: 'an inclusive join does not wait for a branch that leaves by another end',
    content: `${S}${gateway('parallel', 'g')}${script('a')}${script('b')}${gateway('exclusive', 'x', 'default="x-e2"')}${gateway('inclusive', 'j')}${script('z')}${E}${end('e2')}${path('s', 'g', 'a', 'j', 'z', 'e')}${path('g', 'b', 'x')}${flow('x', 'j', 'x = 1')}${flow('x', 'e2')}`,
    input: { x: 0 },
    trace: ['a', 'b', 'z'],
  },
  {
    name: 'an inclusive gateway joins and splits at once',
    content: `${S}${gateway('parallel', 'g')}${script('a')}${script('b')}${gateway('inclusive', 'j')}${script('c')}${script('d')}${E}${end('e2')}${path('s', 'g', 'a', 'j')}${path('g', 'b', 'j')}${flow('j', 'c', 'x > 0')}${flow('j', 'd', 'x > 1')}${path('c', 'e')}${path('d', 'e2')}`,
    input: { x: 2 },
    trace: ['a', 'b', 'c', 'd'],
  },
  {
    name: 'a second token on the same flow passes an inclusive join by itself',
    content: `${S}${gateway('parallel', 'g')}${script('a')}${script('b')}${gateway('exclusive', 'm1')}${script('c')}${gateway('inclusive', 'j')}${script('z')}${E}${path('s', 'g', 'a', 'm1', 'j', 'z', 'e')}${path('g', 'b', 'm1')}${path('g', 'c', 'j')}`,
    trace: ['a', 'b', 'c', 'z', 'z'],
  },
  {
    name: 'an inclusive join waits for what an event-based gateway waits for',
    content: `${S}${sub('h', `<startEvent id="is"/>${gateway('inclusive', 'g')}${gateway('eventBased', 'eb')}${wait('w', MESSAGE)}${wait('v', timer('PT1H'))}${script('a')}${gateway('inclusive', 'j')}${script('z')}${end('ie')}${flow('is', 'g')}${flow('g', 'eb', 'true')}${flow('g', 'a', 'true')}${path('eb', 'w', 'j')}${path('eb', 'v', 'j')}${path('a', 'j', 'z', 'ie')}`)}${E}${path('s', 'h', 'e')}`,
    trace: ['a', 'z'],
  },
  {
    name: 'a parallel join takes one token of each flow; one that is left over is stuck',
    content: `${S}${gateway('parallel', 'g')}${gateway('exclusive', 'mg')}${script('a')}${script('b')}${script('c')}${gateway('parallel', 'j')}${script('z')}${E}${path('s', 'g', 'a', 'mg', 'j', 'z', 'e')}${path('g', 'b', 'mg')}${path('g', 'c', 'j')}`,
    trace: ['a', 'b', 'c', 'z'],
    status: 'failed',
  },
  {
    name: 'an event-based gateway in a loop waits anew each time',
    content: `${S}${gateway('exclusive', 'mg')}${gateway('eventBased', 'g')}${wait('w', MESSAGE)}${wait('v', SIGNAL)}${script('a')}${script('b')}${E}${path('s', 'mg', 'g', 'w', 'a', 'mg')}${path('g', 'v', 'b', 'e')}`,
    send: ['order', 'order', 'go!'],
    trace: ['a', 'a', 'b'],
  },
  {
    name: 'an event-based gateway starts a process by one of its events',
    content: `${gateway('eventBased', 'g', 'instantiate="true"')}${wait('w', MESSAGE)}${wait('v', SIGNAL)}${script('a')}${script('b')}${E}${path('g', 'w', 'a', 'e')}${path('g', 'v', 'b', 'e')}`,
    send: ['order'],
    trace: ['a'],
  },
  {
    name: 'a complex gateway that asks for two of three starts once',
    content: `${S}${gateway('parallel', 'g')}${script('a')}${script('b')}${wait('t', timer('PT1H'))}${script('c')}<complexGateway id="j"><activationCondition>activationCount &gt;= 2</activationCondition></complexGateway>${script('z')}${E}${path('s', 'g', 'a', 'j', 'z', 'e')}${path('g', 'b', 'j')}${path('g', 't', 'c', 'j')}`,
    trace: ['a', 'b', 'c', 'z'],
  },
  {
    name: 'flows out of a sub-process are conditional, with a default',
    content: `${S}<subProcess id="h" default="h-b">${chain('i', assign('k', '{"n": 2}'))}</subProcess>${script('a')}${script('b')}${E}${path('s', 'h')}${flow('h', 'a', 'n = 1')}${flow('h', 'b')}${path('a', 'e')}${path('b', 'e')}`,
    input: { n: 0 },
    trace: ['b'],
  },
  {
    name: 'several link events lead to one',
    content: `${S}${gateway('exclusive', 'g', 'default="g-a"')}${script('a')}${script('b')}${raise('l1', '<linkEventDefinition name="L"/>')}${raise('l2', '<linkEventDefinition name="L"/>')}${wait('lc', '<linkEventDefinition name="L"/>')}${script('z')}${E}${flow('s', 'g')}${flow('g', 'a')}${flow('g', 'b', 'x = 1')}${path('a', 'l1')}${path('b', 'l2')}${path('lc', 'z', 'e')}`,
    input: { x: 1 },
    trace: ['b', 'z'],
  },
  {
    name: 'a link leads back',
    content: `${S}${gateway('exclusive', 'mg')}${assign('i', '{"n": n + 1}')}${script('a')}${gateway('exclusive', 'g', 'default="g-e"')}${raise('l1', '<linkEventDefinition name="L"/>')}${wait('lc', '<linkEventDefinition name="L"/>')}${E}${path('s', 'mg', 'i', 'a', 'g', 'e')}${flow('g', 'l1', 'n < 3')}${flow('lc', 'mg')}`,
    input: { n: 0 },
    trace: ['a', 'a', 'a'],
  },
];
