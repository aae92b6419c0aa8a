// Every BPMN construct with a small process that uses it and what has completed when that process is over. The test runs
// them; the table in docs/bpmn.md is made from them.
import type { JsonObject } from '../../../src/index.js';
import { flow, path, script } from './bpmn-text.js';

export interface Construct {
  readonly group: string;
  readonly name: string;
  /** Contents of the process `p`. */
  readonly content: string;
  /** Elements beside the process. */
  readonly roots?: string;
  readonly input?: JsonObject;
  /** Script tasks that run, in the order of their ids; parallel order is free. */
  readonly trace: readonly string[];
  readonly status?: 'completed' | 'failed';
  /** Names of messages sent from outside when nothing moves, one after the other. */
  readonly send?: readonly string[];
  /** Added to the table. */
  readonly note?: string;
}

const S = '<startEvent id="s"/>';
const E = '<endEvent id="e"/>';
const SIGNAL = '<signal id="go" name="go"/>';
const MESSAGE = '<message id="m" name="order"/>';
const ERROR = '<error id="err" name="Broken" errorCode="E1"/>';
const ESCALATION = '<escalation id="esc" name="Late" escalationCode="L1"/>';

const gateway = (kind: string, id: string, attributes = ''): string => `<${kind}Gateway id="${id}" ${attributes}/>`;
/** start → split → a, b, c → join → z → end, with conditions for the three. */
const split = (kind: string, conditions: readonly (string | undefined)[], join = kind, attributes = ''): string =>
  `${S}${gateway(kind, 'g', attributes)}${script('a')}${script('b')}${gateway(join, 'j')}${script('z')}${E}${flow('s', 'g')}${flow('g', 'a', conditions[0])}${flow('g', 'b', conditions[1])}${path('a', 'j')}${path('b', 'j', 'z', 'e')}`;
/** A task with a boundary event; `x` is behind the event. */
const boundary = (host: string, definition: string, attributes = ''): string =>
  `${S}${host}${script('b')}<boundaryEvent id="v" attachedToRef="h" ${attributes}>${definition}</boundaryEvent>${script('x')}${E}<endEvent id="e2"/>${path('s', 'h', 'b', 'e')}${path('v', 'x', 'e2')}`;
const sub = (content: string, attributes = '', kind = 'subProcess'): string =>
  `<${kind} id="h" ${attributes}>${content}</${kind}>`;
const inner = (...content: readonly string[]): string => {
  const ids = content.map((c) => /id="(\w+)"/.exec(c)![1]!);
  return `<startEvent id="s2"/>${content.join('')}<endEvent id="e3"/>${path('s2', ...ids, 'e3')}`;
};
const end = (id: string, definition: string): string => `<endEvent id="${id}">${definition}</endEvent>`;
const eventSub = (definition: string, attributes = '', content = script('x')): string =>
  `<subProcess id="es" triggeredByEvent="true"><startEvent id="s9" ${attributes}>${definition}</startEvent>${content}<endEvent id="e9"/>${path('s9', 'x', 'e9')}</subProcess>`;
const timer = (duration: string): string =>
  `<timerEventDefinition><timeDuration>${duration}</timeDuration></timerEventDefinition>`;
const wait = (id: string, definition: string): string =>
  `<intermediateCatchEvent id="${id}">${definition}</intermediateCatchEvent>`;
const raise = (id: string, definition: string): string =>
  `<intermediateThrowEvent id="${id}">${definition}</intermediateThrowEvent>`;
const undoable = (id: string): string =>
  `${script(id)}<boundaryEvent id="c_${id}" attachedToRef="${id}"><compensateEventDefinition/></boundaryEvent>${script(`undo_${id}`, '', 'isForCompensation="true"')}<association id="as_${id}" sourceRef="c_${id}" targetRef="undo_${id}"/>`;
const line = (...parts: readonly string[]): string => {
  const ids = parts.map((c) => /id="(\w+)"/.exec(c)![1]!);
  return `${S}${parts.join('')}${E}${path('s', ...ids, 'e')}`;
};

const compensate = '<compensateEventDefinition/>';
const signal = '<signalEventDefinition signalRef="go"/>';
const message = '<messageEventDefinition messageRef="m"/>';
const error = '<errorEventDefinition errorRef="err"/>';
const escalate = '<escalationEventDefinition escalationRef="esc"/>';

export const CONSTRUCTS: readonly Construct[] = [
  // -- tasks
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

  // -- sub-processes
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

  // -- gateways
  {
    group: 'Gateways',
    name: 'exclusive',
    content: split('exclusive', ['x = 1', 'x = 2']),
    input: { x: 2 },
    trace: ['b', 'z'],
  },
  {
    group: 'Gateways',
    name: 'exclusive, nothing true',
    content: split('exclusive', ['x = 1', 'x = 2']),
    input: { x: 3 },
    status: 'failed',
    trace: [],
    note: 'fails, as the standard says',
  },
  {
    group: 'Gateways',
    name: 'inclusive',
    content: split('inclusive', ['x > 0', 'x > 1']),
    input: { x: 2 },
    trace: ['a', 'b', 'z'],
  },
  {
    group: 'Gateways',
    name: 'inclusive join behind an exclusive split',
    content: split('exclusive', ['x > 0', 'x > 1'], 'inclusive'),
    input: { x: 2 },
    trace: ['a', 'z'],
  },
  { group: 'Gateways', name: 'parallel', content: split('parallel', []), trace: ['a', 'b', 'z'] },
  {
    group: 'Gateways',
    name: 'exclusive join behind a parallel split',
    content: split('parallel', [], 'exclusive'),
    trace: ['a', 'b', 'z', 'z'],
  },
  {
    group: 'Gateways',
    name: 'complex: n of m',
    content: `${split('parallel', [], 'complex')}`.replace(
      '<complexGateway id="j" />',
      '<complexGateway id="j"><activationCondition>activationCount >= 1</activationCondition></complexGateway>',
    ),
    trace: ['a', 'b', 'z'],
  },
  {
    group: 'Gateways',
    name: 'complex: other activation conditions',
    content: `${split('parallel', [], 'complex')}`,
    trace: ['a', 'b', 'z'],
    note: 'join like an inclusive gateway',
  },
  {
    group: 'Gateways',
    name: 'event-based',
    content: `${S}${gateway('eventBased', 'g')}${wait('w', timer('PT1H'))}${wait('v', signal)}${script('a')}${script('b')}${E}${path('s', 'g', 'w', 'a', 'e')}${path('g', 'v', 'b', 'e')}`,
    roots: SIGNAL,
    trace: ['a'],
  },
  {
    group: 'Gateways',
    name: 'event-based with receive tasks',
    content: `${S}${gateway('eventBased', 'g')}${wait('w', timer('PT9000H'))}<receiveTask id="v" messageRef="m"/>${script('a')}${script('b')}${E}${path('s', 'g', 'w', 'a', 'e')}${path('g', 'v', 'b', 'e')}`,
    roots: MESSAGE,
    send: ['order'],
    trace: ['b'],
  },
  {
    group: 'Gateways',
    name: 'event-based, starts the process, all its events',
    content: `${gateway('eventBased', 'g', 'instantiate="true" eventGatewayType="Parallel"')}${wait('w', message)}${wait('v', signal)}${script('a')}${script('b')}${E}${path('g', 'w', 'a', 'e')}${path('g', 'v', 'b', 'e')}`,
    roots: SIGNAL + MESSAGE,
    send: ['go!', 'order'],
    trace: ['a', 'b'],
  },
  {
    group: 'Gateways',
    name: 'event-based, starts the process, one of its events',
    content: `${gateway('eventBased', 'g', 'instantiate="true"')}${wait('w', message)}${wait('v', signal)}${script('a')}${script('b')}${E}${path('g', 'w', 'a', 'e')}${path('g', 'v', 'b', 'e')}`,
    roots: SIGNAL + MESSAGE,
    send: ['go!'],
    trace: ['b'],
  },
  {
    group: 'Gateways',
    name: 'event-based, an event with several definitions',
    content: `${S}${gateway('eventBased', 'g')}${wait('w', message + signal)}${wait('v', timer('PT9000H'))}${script('a')}${script('b')}${E}${path('s', 'g', 'w', 'a', 'e')}${path('g', 'v', 'b', 'e')}`,
    roots: SIGNAL + MESSAGE,
    send: ['go!'],
    trace: ['a'],
  },
  {
    group: 'Gateways',
    name: 'without any conditions',
    content: split('exclusive', []),
    input: { g: 'g-b' },
    trace: ['b', 'z'],
    note: 'the variable named after the gateway decides',
  },

  // -- events
  {
    group: 'Events',
    name: 'several start events',
    content: `${S}<startEvent id="s1">${message}</startEvent>${script('a')}${script('b')}${E}${path('s', 'a', 'e')}${path('s1', 'b', 'e')}`,
    roots: MESSAGE,
    input: { startEvent: 's1' },
    trace: ['b'],
    note: 'the variable `startEvent` says which',
  },
  {
    group: 'Events',
    name: 'start: message, signal, timer, condition',
    content: `<startEvent id="s">${message}</startEvent>${script('a')}${E}${path('s', 'a', 'e')}`,
    roots: MESSAGE,
    trace: ['a'],
    note: 'started by the page',
  },
  {
    group: 'Events',
    name: 'receive task that starts the process',
    content: `<receiveTask id="s" instantiate="true" messageRef="m"/>${script('a')}${E}${path('s', 'a', 'e')}`,
    roots: MESSAGE,
    trace: ['a'],
    note: 'started by the page',
  },
  {
    group: 'Events',
    name: 'signal: starts every process that it is a start of',
    content: `${line(raise('r', signal), script('a'))}`,
    roots: `${SIGNAL}<process id="q" isExecutable="true"><startEvent id="qs">${signal}</startEvent>${script('b')}<endEvent id="qe"/>${path('qs', 'b', 'qe')}</process>`,
    trace: ['a', 'b'],
  },
  {
    group: 'Events',
    name: 'message: starts the process of that message, without a drawn flow',
    content: `${line(raise('r', message), script('a'))}`,
    roots: `${MESSAGE}<process id="q" isExecutable="true"><startEvent id="qs">${message}</startEvent>${script('b')}<endEvent id="qe"/>${path('qs', 'b', 'qe')}</process>`,
    trace: ['a', 'b'],
  },
  {
    group: 'Events',
    name: 'timer: duration, date',
    content: line(
      wait('w', timer('PT1H')),
      wait('v', '<timerEventDefinition><timeDate>1970-01-01T05:00:00Z</timeDate></timerEventDefinition>'),
      script('a'),
    ),
    trace: ['a'],
  },
  {
    group: 'Events',
    name: 'timer: cycle',
    content: line(
      wait('w', '<timerEventDefinition><timeCycle>R3/PT1H</timeCycle></timerEventDefinition>'),
      script('a'),
    ),
    trace: ['a'],
    note: 'the first time, for an intermediate event',
  },
  {
    group: 'Events',
    name: 'message: throw and catch',
    content: line(raise('r', message), wait('w', message), script('a')),
    roots: MESSAGE,
    trace: ['a'],
  },
  {
    group: 'Events',
    name: 'message from outside',
    content: line(wait('w', message), script('a')),
    roots: MESSAGE,
    send: ['order'],
    trace: ['a'],
  },
  {
    group: 'Events',
    name: 'message without a name',
    content: line(wait('w', '<messageEventDefinition/>'), script('a')),
    send: ['w'],
    trace: ['a'],
    note: 'called after the event',
  },
  {
    group: 'Events',
    name: 'signal: to everyone who waits',
    content: `${S}${gateway('parallel', 'g')}${wait('w', signal)}${wait('v', signal)}${wait('t', timer('PT1H'))}${script('a')}${script('b')}${end('e1', signal)}${E}${path('s', 'g', 'w', 'a', 'e')}${path('g', 'v', 'b', 'e')}${path('g', 't', 'e1')}`,
    roots: SIGNAL,
    trace: ['a', 'b'],
  },
  {
    group: 'Events',
    name: 'signal: thrown in the very step in which a parallel branch begins to wait',
    content: `${S}${gateway('parallel', 'g')}${raise('r', signal)}${wait('w', signal)}${script('a')}${script('b')}${E}${path('s', 'g', 'r', 'b', 'e')}${path('g', 'w', 'a', 'e')}`,
    roots: SIGNAL,
    trace: ['a', 'b'],
  },
  {
    group: 'Events',
    name: 'condition',
    content: line(
      wait('w', '<conditionalEventDefinition><condition>x = 1</condition></conditionalEventDefinition>'),
      script('a'),
    ),
    input: { x: 1 },
    trace: ['a'],
  },
  {
    group: 'Events',
    name: 'link',
    content: `${S}${script('a')}${raise('l', '<linkEventDefinition name="k"/>')}${wait('k', '<linkEventDefinition name="k"/>')}${script('b')}${E}${path('s', 'a', 'l')}${path('k', 'b', 'e')}`,
    trace: ['a', 'b'],
  },
  {
    group: 'Events',
    name: 'error: end event, boundary event',
    content: boundary(sub(`<startEvent id="s2"/>${script('a')}${end('e3', error)}${path('s2', 'a', 'e3')}`), error),
    roots: ERROR,
    trace: ['a', 'x'],
  },
  {
    group: 'Events',
    name: 'error that nothing catches',
    content: `${S}${script('a')}${end('e', error)}${path('s', 'a', 'e')}`,
    roots: ERROR,
    status: 'failed',
    trace: ['a'],
  },
  {
    group: 'Events',
    name: 'escalation: interrupting boundary event',
    content: boundary(sub(inner(script('a'), raise('r', escalate), script('c'))), escalate),
    roots: ESCALATION,
    trace: ['a', 'x'],
  },
  {
    group: 'Events',
    name: 'escalation: boundary event that does not interrupt',
    content: boundary(sub(inner(script('a'), raise('r', escalate), script('c'))), escalate, 'cancelActivity="false"'),
    roots: ESCALATION,
    trace: ['a', 'b', 'c', 'x'],
  },
  {
    group: 'Events',
    name: 'boundary: timer',
    content: boundary(sub(inner(wait('w', timer('PT9H')), script('a'))), timer('PT1H')),
    trace: ['x'],
  },
  {
    group: 'Events',
    name: 'boundary: timer that does not interrupt',
    content: boundary(sub(inner(wait('w', timer('PT9H')), script('a'))), timer('PT1H'), 'cancelActivity="false"'),
    trace: ['a', 'b', 'x'],
  },
  {
    group: 'Events',
    name: 'boundary: timer that repeats',
    content: boundary(
      sub(inner(wait('w', timer('PT9H')), script('a'))),
      '<timerEventDefinition><timeCycle>R3/PT2H</timeCycle></timerEventDefinition>',
      'cancelActivity="false"',
    ),
    trace: ['a', 'b', 'x', 'x', 'x'],
  },
  {
    group: 'Events',
    name: 'boundary: message, signal',
    content: boundary(sub(inner(wait('w', timer('PT9H')), script('a'))), message),
    roots: MESSAGE,
    send: ['order'],
    trace: ['x'],
  },
  {
    group: 'Events',
    name: 'boundary: condition',
    content: boundary(
      sub(inner(wait('w', timer('PT9H')), script('a'))),
      '<conditionalEventDefinition><condition>x = 1</condition></conditionalEventDefinition>',
    ),
    input: { x: 1 },
    trace: ['x'],
  },
  {
    group: 'Events',
    name: 'compensation: throw, in reverse order',
    content: line(undoable('a'), undoable('b'), raise('r', compensate), script('c')),
    trace: ['a', 'b', 'c', 'undo_a', 'undo_b'],
  },
  {
    group: 'Events',
    name: 'compensation that is not awaited',
    content: line(
      undoable('a'),
      raise('r', '<compensateEventDefinition activityRef="a" waitForCompletion="false"/>'),
      script('b'),
    ),
    trace: ['a', 'undo_a', 'b'],
  },
  {
    group: 'Events',
    name: 'compensation: one activity, at the end',
    content: `${S}${undoable('a')}${undoable('b')}${end('e', '<compensateEventDefinition activityRef="a"/>')}${path('s', 'a', 'b', 'e')}`,
    trace: ['a', 'b', 'undo_a'],
  },
  {
    group: 'Events',
    name: 'terminate',
    content: `${S}${gateway('parallel', 'g')}${script('a')}${wait('w', timer('PT9H'))}${script('b')}${end('e1', '<terminateEventDefinition/>')}${E}${path('s', 'g', 'a', 'e1')}${path('g', 'w', 'b', 'e')}`,
    trace: ['a'],
  },
  {
    group: 'Events',
    name: 'terminate in a sub-process ends only that',
    content: line(
      sub(
        `<startEvent id="s2"/>${gateway('parallel', 'g')}${wait('w', timer('PT9H'))}${script('a')}<endEvent id="e3"/>${end('e4', '<terminateEventDefinition/>')}${path('s2', 'g', 'w', 'a', 'e3')}${path('g', 'e4')}`,
      ),
      script('b'),
    ),
    trace: ['b'],
  },
  {
    group: 'Events',
    name: 'several events, any of them',
    content: line(wait('w', `${message}${timer('PT1H')}`), script('a')),
    roots: MESSAGE,
    trace: ['a'],
  },
  {
    group: 'Events',
    name: 'several events, all of them',
    content: line(
      '<intermediateCatchEvent id="w" parallelMultiple="true">' + signal + timer('PT1H') + '</intermediateCatchEvent>',
      script('a'),
    ),
    roots: SIGNAL,
    send: ['go!'],
    trace: ['a'],
  },
  {
    group: 'Events',
    name: 'several events thrown',
    content: `${S}${gateway('parallel', 'g')}${wait('w', signal)}${script('a')}${E}<endEvent id="e1">${signal}${message}</endEvent>${path('s', 'g', 'w', 'a', 'e')}${wait('t', timer('PT1H'))}${path('g', 't', 'e1')}`,
    roots: SIGNAL + MESSAGE,
    trace: ['a'],
  },
  {
    group: 'Events',
    name: 'boundary event that waits for several events together',
    content: boundary('<receiveTask id="h"/>', signal + message, 'parallelMultiple="true"'),
    roots: SIGNAL + MESSAGE,
    send: ['go!', 'order'],
    trace: ['x'],
  },

  // -- the rest
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
