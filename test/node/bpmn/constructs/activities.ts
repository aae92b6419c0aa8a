// Activities: tasks, calls, loops and multiple instances, quantities.
import { flow, path, script } from '../bpmn-text.js';
import {
  S,
  E,
  SIGNAL,
  MESSAGE,
  ESCALATION,
  gateway,
  boundary,
  sub,
  inner,
  raise,
  line,
  signal,
  escalate,
  type Construct,
} from './parts.js';

export const ACTIVITIES: readonly Construct[] = [
  {
    group: 'Activities',
    name: 'script task',
    content: line(script('a')),
    trace: ['a'],
    note: 'JSONata is run; other languages go to the implementation `script`',
  },
  {
    group: 'Activities',
    name: 'script task in JSONata',
    content:
      line(
        '<scriptTask id="t" scriptFormat="jsonata"><script>{ "x": 1 + 1 }</script></scriptTask>',
        gateway('exclusive', 'g', 'default="g-e"'),
      ) +
      script('a') +
      flow('g', 'a', 'x = 2') +
      flow('a', 'e'),
    trace: ['a'],
  },
  {
    group: 'Activities',
    name: 'service, business rule task',
    content: line('<serviceTask id="work"/>', '<businessRuleTask id="rule"/>', script('a')),
    trace: ['a'],
    note: 'by the name of their implementation',
  },
  {
    group: 'Activities',
    name: 'task, manual task',
    content: line('<task id="t"/>', '<manualTask id="u"/>', script('a')),
    trace: ['a'],
    note: 'complete at once',
  },
  {
    group: 'Activities',
    name: 'user task',
    content: `<laneSet id="ls"><lane id="l" name="Sales"><flowNodeRef>u</flowNodeRef></lane></laneSet>${line('<userTask id="u"/>', script('a'))}`,
    trace: ['a'],
    note: 'role from potential owner, candidate groups or lane',
  },
  {
    group: 'Activities',
    name: 'send and receive task',
    content: line('<sendTask id="t" messageRef="m"/>', '<receiveTask id="u" messageRef="m"/>', script('a')),
    roots: MESSAGE,
    trace: ['a'],
  },
  {
    group: 'Activities',
    name: 'call activity: process',
    content: line('<callActivity id="c" calledElement="q"/>', script('a')),
    roots: `<process id="q"><startEvent id="qs"/>${script('inside')}<endEvent id="qe"/>${path('qs', 'inside', 'qe')}</process>`,
    trace: ['a', 'inside'],
  },
  {
    group: 'Activities',
    name: 'call activity: by a qualified name',
    content: line('<callActivity id="c" calledElement="own:q"/>', script('a')),
    roots: `<process id="q" isExecutable="true"><startEvent id="qs"/>${script('inside')}<endEvent id="qe"/>${path('qs', 'inside', 'qe')}</process>`,
    trace: ['a', 'inside'],
  },
  {
    group: 'Activities',
    name: 'call activity: global task',
    content: line('<callActivity id="c" calledElement="gt"/>', script('a')),
    roots: '<globalScriptTask id="gt"><script>SCRIPT_global</script></globalScriptTask>',
    trace: ['a', 'global'],
  },
  {
    group: 'Activities',
    name: 'standard loop, test after',
    content: line(
      script(
        'a',
        '<standardLoopCharacteristics><loopCondition>loopCounter &lt; 3</loopCondition></standardLoopCharacteristics>',
      ),
    ),
    trace: ['a', 'a', 'a'],
    note: 'goes on while the condition is true',
  },
  {
    group: 'Activities',
    name: 'standard loop, test before',
    content: line(
      script(
        'a',
        '<standardLoopCharacteristics testBefore="true"><loopCondition>false</loopCondition></standardLoopCharacteristics>',
      ),
      script('b'),
    ),
    trace: ['b'],
  },
  {
    group: 'Activities',
    name: 'standard loop with maximum',
    content: line(
      script(
        'a',
        '<standardLoopCharacteristics loopMaximum="2"><loopCondition>true</loopCondition></standardLoopCharacteristics>',
      ),
    ),
    trace: ['a', 'a'],
  },
  {
    group: 'Activities',
    name: 'multi-instance, parallel and sequential',
    content: line(
      script(
        'a',
        '<multiInstanceLoopCharacteristics><loopCardinality>3</loopCardinality></multiInstanceLoopCharacteristics>',
      ),
      script(
        'b',
        '<multiInstanceLoopCharacteristics isSequential="true"><loopCardinality>2</loopCardinality></multiInstanceLoopCharacteristics>',
      ),
    ),
    trace: ['a', 'a', 'a', 'b', 'b'],
  },
  {
    group: 'Activities',
    name: 'multi-instance over a collection',
    content: `<dataObject id="list" isCollection="true"/>${line(script('a', '<ioSpecification><dataInput id="i"/><inputSet><dataInputRefs>i</dataInputRefs></inputSet><outputSet/></ioSpecification><dataInputAssociation><sourceRef>list</sourceRef><targetRef>i</targetRef></dataInputAssociation><multiInstanceLoopCharacteristics><loopDataInputRef>i</loopDataInputRef></multiInstanceLoopCharacteristics>'))}`,
    input: { list: ['x', 'y'] },
    trace: ['a', 'a'],
  },
  {
    group: 'Activities',
    name: 'completion condition',
    content: line(
      script(
        'a',
        '<multiInstanceLoopCharacteristics isSequential="true"><loopCardinality>5</loopCardinality><completionCondition>numberOfCompletedInstances >= 2</completionCondition></multiInstanceLoopCharacteristics>',
      ),
    ),
    trace: ['a', 'a'],
  },
  {
    group: 'Activities',
    name: 'multi-instance behavior: an event per instance',
    content: `${boundary(script('h', '<multiInstanceLoopCharacteristics isSequential="true" behavior="None" noneBehaviorEventRef="sd"><loopCardinality>2</loopCardinality></multiInstanceLoopCharacteristics>'), signal, 'cancelActivity="false"')}`,
    roots: `${SIGNAL}<signalEventDefinition id="sd" signalRef="go"/>`,
    trace: ['b', 'h', 'h', 'x', 'x'],
  },
  {
    group: 'Activities',
    name: 'multi-instance behavior: an event for the first instance',
    content: `${boundary(script('h', '<multiInstanceLoopCharacteristics behavior="One" oneBehaviorEventRef="sd"><loopCardinality>3</loopCardinality></multiInstanceLoopCharacteristics>'), signal, 'cancelActivity="false"')}`,
    roots: `${SIGNAL}<signalEventDefinition id="sd" signalRef="go"/>`,
    trace: ['b', 'h', 'h', 'h', 'x'],
  },
  {
    group: 'Activities',
    name: 'multi-instance behavior of a sub-process',
    content: `${boundary(sub(`<multiInstanceLoopCharacteristics behavior="None" noneBehaviorEventRef="sd"><loopCardinality>2</loopCardinality></multiInstanceLoopCharacteristics>${inner(script('a'))}`), signal, 'cancelActivity="false"')}`,
    roots: `${SIGNAL}<signalEventDefinition id="sd" signalRef="go"/>`,
    trace: ['a', 'a', 'b', 'x', 'x'],
  },
  {
    group: 'Activities',
    name: 'multi-instance behavior: complex',
    content: `${boundary(script('h', '<multiInstanceLoopCharacteristics behavior="Complex"><loopCardinality>4</loopCardinality><complexBehaviorDefinition><condition>numberOfCompletedInstances >= 3</condition><event id="it"><signalEventDefinition signalRef="go"/></event></complexBehaviorDefinition></multiInstanceLoopCharacteristics>'), signal, 'cancelActivity="false"')}`,
    roots: SIGNAL,
    trace: ['b', 'h', 'h', 'h', 'h', 'x', 'x'],
  },
  {
    group: 'Activities',
    name: 'escalation out of a called process',
    content: boundary('<callActivity id="h" calledElement="q"/>', escalate, 'cancelActivity="false"'),
    roots: `${ESCALATION}<process id="q"><startEvent id="qs"/>${raise('qr', escalate)}${script('inside')}<endEvent id="qe"/>${path('qs', 'qr', 'inside', 'qe')}</process>`,
    trace: ['b', 'inside', 'x'],
  },
  {
    group: 'Activities',
    name: 'completion and start quantity',
    content: line(script('a', '', 'completionQuantity="2"'), script('b')),
    trace: ['a', 'b', 'b'],
  },
  {
    group: 'Activities',
    name: 'start quantity',
    content: line(script('a', '', 'completionQuantity="2"'), script('b', '', 'startQuantity="2"')),
    trace: ['a', 'b'],
  },
  {
    group: 'Activities',
    name: 'start quantity, tokens of one flow (thread merge)',
    content: `${S}${gateway('parallel', 'g')}${script('a')}${script('b')}${gateway('exclusive', 'j')}${script('z', '', 'startQuantity="2"')}${E}${path('s', 'g', 'a', 'j', 'z', 'e')}${path('g', 'b', 'j')}`,
    trace: ['a', 'b', 'z'],
  },
  {
    group: 'Activities',
    name: 'several incoming and outgoing flows',
    content: `${S}${script('a')}${script('b')}${script('z')}${E}${path('s', 'a', 'z')}${path('s', 'b', 'z', 'e')}`,
    trace: ['a', 'b', 'z', 'z'],
    note: 'every token counts (multi-merge)',
  },
  {
    group: 'Activities',
    name: 'conditional and default flows',
    content: `${S}<task id="t" default="t-b"/>${script('a')}${script('b')}${script('c')}${E}${flow('s', 't')}${flow('t', 'a', 'x = 1')}${flow('t', 'b')}${flow('t', 'c')}${path('a', 'e')}${path('b', 'e')}${path('c', 'e')}`,
    input: { x: 2 },
    trace: ['b', 'c'],
  },
];
