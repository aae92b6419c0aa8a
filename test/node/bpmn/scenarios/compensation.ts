// Scenarios with compensation and transactions.
import { path, script } from '../bpmn-text.js';
import {
  S,
  E,
  gateway,
  end,
  raise,
  wait,
  on,
  sub,
  eventSub,
  timer,
  chain,
  undoable,
  instances,
  compensationOf,
  BESIDE,
  COMPENSATE,
  SIGNAL,
  ERROR,
  CANCEL,
  type Scenario,
} from './parts.js';

export const COMPENSATION: readonly Scenario[] = [
  {
    name: 'a completed sub-process is compensated by name, activity by activity',
    content: `${S}${sub('h', `<startEvent id="is"/>${undoable('a')}${undoable('b')}${end('ie')}${path('is', 'a', 'b', 'ie')}`)}${raise('r', compensationOf('h'))}${script('z')}${E}${path('s', 'h', 'r', 'z', 'e')}`,
    trace: ['a', 'b', 'u_a', 'u_b', 'z'],
  },
  {
    name: 'what has not completed is not compensated',
    content: `${S}${gateway('parallel', 'g')}${wait('a', timer('PT5H'))}${undoable('b')}${raise('r', COMPENSATE)}${script('z')}${end('e1')}${E}${path('s', 'g', 'a', 'b', 'e1')}${path('g', 'r', 'z', 'e')}`,
    trace: ['b', 'z'],
  },
  {
    name: 'what has been compensated is not compensated again',
    content: `${S}${undoable('a')}${raise('r', COMPENSATE)}${raise('r2', COMPENSATE)}${E}${path('s', 'a', 'r', 'r2', 'e')}`,
    trace: ['a', 'u_a'],
  },
  {
    name: 'a compensation event compensates its own sub-process only',
    content: `${S}${undoable('o')}${sub('h', `<startEvent id="is"/>${undoable('a')}${end('ie', COMPENSATE)}${path('is', 'a', 'ie')}`)}${script('z')}${E}${path('s', 'o', 'h', 'z', 'e')}`,
    trace: ['a', 'o', 'u_a', 'z'],
  },
  {
    name: 'a compensation event in a sub-process does not see what lies around it',
    content: `${S}${undoable('a')}${sub('h', `<startEvent id="is"/>${raise('r', COMPENSATE)}${end('ie')}${path('is', 'r', 'ie')}`)}${script('z')}${E}${path('s', 'a', 'h', 'z', 'e')}`,
    trace: ['a', 'z'],
  },
  {
    name: 'every instance is compensated',
    content: `${S}${script('a', instances(3))}<boundaryEvent id="c" attachedToRef="a">${COMPENSATE}</boundaryEvent>${script('u', '', 'isForCompensation="true"')}<association id="as" sourceRef="c" targetRef="u"/>${raise('r', COMPENSATE)}${E}${path('s', 'a', 'r', 'e')}`,
    trace: ['a', 'a', 'a', 'u', 'u', 'u'],
  },
  {
    name: 'every round of a loop is compensated',
    content: `${S}${sub('h', '<standardLoopCharacteristics loopMaximum="2"/>' + chain('i', undoable('a')))}${raise('r', COMPENSATE)}${E}${path('s', 'h', 'r', 'e')}`,
    trace: ['a', 'a', 'u_a', 'u_a'],
  },
  {
    name: 'an error handler compensates the sub-process that it handles',
    content: `${S}${sub('h', `<startEvent id="is"/>${undoable('a')}${end('ie', ERROR)}${path('is', 'a', 'ie')}${eventSub('n', ERROR, `${raise('nr', COMPENSATE)}${script('y')}${end('ne')}${path('ns', 'nr', 'y', 'ne')}`)}`)}${script('z')}${E}${path('s', 'h', 'z', 'e')}`,
    trace: ['a', 'u_a', 'y', 'z'],
  },
  {
    name: 'an event sub-process beside its scope compensates what has completed there',
    content: `${S}${undoable('a')}${wait('w', timer('PT5H'))}${script('b')}${E}${path('s', 'a', 'w', 'b', 'e')}${eventSub('n', SIGNAL, `${raise('r', COMPENSATE)}${script('y')}${end('ne')}${path('ns', 'r', 'y', 'ne')}`, BESIDE)}`,
    send: ['go!'],
    trace: ['a', 'b', 'u_a', 'y'],
  },
  {
    name: 'a compensation event sub-process compensates an activity by name',
    content: `${S}${sub('h', `${chain('i', undoable('a'))}${eventSub('n', COMPENSATE, `${script('y')}${raise('nr', compensationOf('a'))}${end('ne')}${path('ns', 'y', 'nr', 'ne')}`)}`)}${raise('r', compensationOf('h'))}${script('z')}${E}${path('s', 'h', 'r', 'z', 'e')}`,
    trace: ['a', 'u_a', 'y', 'z'],
  },
  {
    name: 'a handler of its own takes the place of those inside',
    content: `${S}${sub('h', chain('i', undoable('a'), undoable('b')))}<boundaryEvent id="ch" attachedToRef="h">${COMPENSATE}</boundaryEvent>${script('u', '', 'isForCompensation="true"')}<association id="ash" sourceRef="ch" targetRef="u"/>${raise('r', COMPENSATE)}${E}${path('s', 'h', 'r', 'e')}`,
    trace: ['a', 'b', 'u'],
  },
  {
    name: 'a compensation is awaited, also when its handler waits',
    content: `${S}${script('a')}<boundaryEvent id="ca" attachedToRef="a">${COMPENSATE}</boundaryEvent>${sub('u', chain('i', wait('w', timer('PT1H')), script('u1')), 'isForCompensation="true"')}<association id="as" sourceRef="ca" targetRef="u"/>${raise('r', COMPENSATE)}${script('z')}${E}${path('s', 'a', 'r', 'z', 'e')}`,
    trace: ['a', 'u1', 'z'],
  },
  {
    name: 'cancelling a transaction compensates what lies in its sub-processes',
    content: `${S}${sub('h', `<startEvent id="is"/>${sub('k', chain('k', undoable('a')))}${undoable('b')}${end('ie', CANCEL)}${path('is', 'k', 'b', 'ie')}`, '', 'transaction')}${on('v', 'h', CANCEL)}${script('x')}${end('xe')}${E}${path('s', 'h', 'e')}${path('v', 'x', 'xe')}`,
    trace: ['a', 'b', 'u_a', 'u_b', 'x'],
  },
  {
    name: 'cancelling a transaction ends what runs',
    content: `${S}${sub('h', `<startEvent id="is"/>${gateway('parallel', 'g')}${undoable('a')}${undoable('b')}${wait('w', timer('PT9H'))}${script('n')}${end('ie', CANCEL)}${end('ie2')}${path('is', 'g', 'a', 'b', 'ie')}${path('g', 'w', 'n', 'ie2')}`, '', 'transaction')}${on('v', 'h', CANCEL)}${script('x')}${end('xe')}${E}${path('s', 'h', 'e')}${path('v', 'x', 'xe')}`,
    trace: ['a', 'b', 'u_a', 'u_b', 'x'],
  },
  {
    name: 'a sub-process of a transaction cancels it',
    content: `${S}${sub('h', `<startEvent id="is"/>${undoable('a')}${sub('k', `<startEvent id="ks"/>${end('ke', CANCEL)}${path('ks', 'ke')}`)}${end('ie')}${path('is', 'a', 'k', 'ie')}`, '', 'transaction')}${on('v', 'h', CANCEL)}${script('x')}${end('xe')}${E}${path('s', 'h', 'e')}${path('v', 'x', 'xe')}`,
    trace: ['a', 'u_a', 'x'],
  },
  {
    name: 'cancelling a transaction in another leaves the outer one alone',
    content: `${S}${sub('h', `${chain('o', undoable('o1'), sub('k', `<startEvent id="is"/>${undoable('a')}${end('ie', CANCEL)}${path('is', 'a', 'ie')}`, '', 'transaction'), script('nope'))}${on('kv', 'k', CANCEL)}${script('x')}${end('kxe')}${path('kv', 'x', 'kxe')}`, '', 'transaction')}${script('z')}${E}${path('s', 'h', 'z', 'e')}`,
    trace: ['a', 'o1', 'u_a', 'x', 'z'],
  },
  {
    name: 'a completed transaction can be compensated',
    content: `${S}${sub('h', `<startEvent id="is"/>${undoable('a')}${end('ie')}${path('is', 'a', 'ie')}`, '', 'transaction')}${raise('r', compensationOf('h'))}${E}${path('s', 'h', 'r', 'e')}`,
    trace: ['a', 'u_a'],
  },
];
