// Sub-processes: embedded, event, transaction, ad-hoc.
import { path, script } from '../bpmn-text.js';
import {
  S,
  E,
  SIGNAL,
  MESSAGE,
  ERROR,
  ESCALATION,
  boundary,
  sub,
  inner,
  end,
  eventSub,
  timer,
  wait,
  raise,
  undoable,
  line,
  compensate,
  signal,
  message,
  error,
  escalate,
  type Construct,
} from './parts.js';

export const SUB_PROCESSES: readonly Construct[] = [
  { group: 'Sub-processes', name: 'embedded', content: line(sub(inner(script('a'))), script('b')), trace: ['a', 'b'] },
  {
    group: 'Sub-processes',
    name: 'loop, multi-instance',
    content: line(
      sub(
        `<multiInstanceLoopCharacteristics><loopCardinality>2</loopCardinality></multiInstanceLoopCharacteristics>${inner(script('a'))}`,
      ),
      script('b'),
    ),
    trace: ['a', 'a', 'b'],
  },
  {
    group: 'Sub-processes',
    name: 'event sub-process: message, signal, timer, condition',
    content: `${line(wait('w', timer('PT2H')), script('a'))}${eventSub(timer('PT1H'))}`,
    trace: ['x'],
  },
  {
    group: 'Sub-processes',
    name: 'event sub-process that does not interrupt',
    content: `${line(wait('w', timer('PT2H')), script('a'))}${eventSub(timer('PT1H'), 'isInterrupting="false"')}`,
    trace: ['a', 'x'],
  },
  {
    group: 'Sub-processes',
    name: 'event sub-process with several events, several times',
    content: `${line(wait('w', timer('PT4H')), script('a'))}${eventSub(signal + timer('PT1H') + message, 'isInterrupting="false"')}`,
    roots: SIGNAL + MESSAGE,
    send: ['go!', 'order', 'go!'],
    trace: ['a', 'x', 'x', 'x', 'x'],
  },
  {
    group: 'Sub-processes',
    name: 'event sub-process that waits for several events together',
    content: `${line(wait('w', timer('PT9H')), script('a'))}${eventSub(signal + message, 'parallelMultiple="true" isInterrupting="false"')}`,
    roots: SIGNAL + MESSAGE,
    send: ['go!', 'order'],
    trace: ['a', 'x'],
  },
  {
    group: 'Sub-processes',
    name: 'event sub-process: error',
    content: `${S}${script('a')}${end('e', error)}${path('s', 'a', 'e')}${eventSub(error)}`,
    roots: ERROR,
    trace: ['a', 'x'],
  },
  {
    group: 'Sub-processes',
    name: 'event sub-process: escalation',
    content: `${line(raise('r', escalate), script('a'))}${eventSub(escalate, 'isInterrupting="false"')}`,
    roots: ESCALATION,
    trace: ['a', 'x'],
  },
  {
    group: 'Sub-processes',
    name: 'event sub-process: compensation',
    content: line(sub(`${inner(script('a'))}${eventSub(compensate)}`), raise('r', compensate), script('b')),
    trace: ['a', 'b', 'x'],
  },
  {
    group: 'Sub-processes',
    name: 'transaction, cancel',
    content: `${boundary(sub(`<startEvent id="s2"/>${undoable('a')}${end('e3', '<cancelEventDefinition/>')}${path('s2', 'a', 'e3')}`, '', 'transaction'), '<cancelEventDefinition/>')}`,
    trace: ['a', 'undo_a', 'x'],
  },
  {
    group: 'Sub-processes',
    name: 'transaction without cancel event on its boundary',
    content: `${S}${sub(`<startEvent id="s2"/>${undoable('a')}${end('e3', '<cancelEventDefinition/>')}${path('s2', 'a', 'e3')}`, '', 'transaction')}${script('b')}${E}${path('s', 'h', 'b', 'e')}`,
    trace: ['a', 'undo_a'],
  },
  {
    group: 'Sub-processes',
    name: 'ad-hoc',
    content: line(sub(`${script('a')}${script('b')}`, '', 'adHocSubProcess'), script('z')),
    trace: ['a', 'b', 'z'],
    note: 'each activity once',
  },
  {
    group: 'Sub-processes',
    name: 'ad-hoc, sequential, with completion condition',
    content: line(
      sub(
        `${script('a')}${script('b')}<completionCondition>done = true</completionCondition>`,
        'ordering="Sequential"',
        'adHocSubProcess',
      ),
      script('z'),
    ),
    trace: ['a', 'b', 'z'],
  },
  {
    group: 'Sub-processes',
    name: 'ad-hoc: which activities',
    content: line(sub(`${script('a')}${script('b')}${script('c')}`, '', 'adHocSubProcess'), script('z')),
    input: { h: ['a', 'c'] },
    trace: ['a', 'c', 'z'],
    note: 'the variable named after it says which',
  },
  {
    group: 'Sub-processes',
    name: 'ad-hoc, sequential: nothing more starts when it is complete',
    content: line(
      sub(
        `<scriptTask id="i" scriptFormat="jsonata"><script>{ "done": true }</script></scriptTask>${script('b')}<completionCondition>done = true</completionCondition>`,
        'ordering="Sequential" cancelRemainingInstances="false"',
        'adHocSubProcess',
      ),
      script('z'),
    ),
    trace: ['z'],
  },
  {
    group: 'Sub-processes',
    name: 'collapsed and empty',
    content: line('<subProcess id="h"/>', script('z')),
    trace: ['z'],
  },
  {
    group: 'Sub-processes',
    name: 'event sub-process: compensation that compensates what lies in the sub-process',
    content: line(
      sub(
        `${inner(undoable('a'))}${eventSub(compensate, '', script('x') + raise('r2', compensate)).replace(path('s9', 'x', 'e9'), path('s9', 'x', 'r2', 'e9'))}`,
      ),
      raise('r', compensate),
      script('b'),
    ),
    trace: ['a', 'b', 'undo_a', 'x'],
  },
  {
    group: 'Sub-processes',
    name: 'several start events in it',
    content: line(
      sub(
        `<startEvent id="s2"/><startEvent id="s3"/>${script('a')}${script('b')}<endEvent id="e3"/>${path('s2', 'a', 'e3')}${path('s3', 'b', 'e3')}`,
      ),
      script('z'),
    ),
    trace: ['a', 'b', 'z'],
    note: 'a token comes to each',
  },
];
