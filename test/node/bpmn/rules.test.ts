// A file that breaks a rule of the standard is refused, with the rule and the element.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { importBpmn, type ReportEntry } from '../../../src/bpmn/index.js';
import { RULES } from '../../../src/bpmn/rules/index.js';
import { RULE_TEXTS } from '../../../src/bpmn/rules/texts.js';
import { FlowError } from '../../../src/index.js';
import { definitions, flow, path, process } from './bpmn-text.js';

const SE = '<startEvent id="s"/><endEvent id="e"/>';
const T = '<task id="t"/>';
const two = (collaboration: string, a = '', b = ''): string =>
  definitions(`<collaboration id="c"><participant id="A" processRef="pa"/><participant id="B" processRef="pb"/>${collaboration}</collaboration>
    <process id="pa">${a}</process><process id="pb">${b}</process>`);
const inSub = (attributes: string, content: string, kind = 'subProcess'): string =>
  process(
    `${SE}<${kind} id="sub" ${attributes}>${content}</${kind}>${/triggered/.test(attributes) ? `${T}${path('s', 't', 'e')}` : path('s', 'sub', 'e')}`,
  );
const boundary = (definition: string, more = '', attributes = ''): string =>
  process(
    `${SE}${T}<boundaryEvent id="b" attachedToRef="t" ${attributes}>${definition}</boundaryEvent><endEvent id="e2"/>${path('s', 't', 'e')}${more}`,
  );
const event = (definition: string, type = 'intermediateCatchEvent', attributes = ''): string =>
  process(`${SE}<${type} id="x" ${attributes}>${definition}</${type}>${path('s', 'x', 'e')}`);
const io = (content: string): string =>
  process(`${SE}<task id="t"><ioSpecification>${content}</ioSpecification></task>${path('s', 't', 'e')}`);
const associated = (content: string): string =>
  process(
    `${SE}<dataObject id="d"/><dataObjectReference id="r" dataObjectRef="d"/><task id="t"><ioSpecification><dataInput id="i"/><inputSet><dataInputRefs>i</dataInputRefs></inputSet><outputSet/></ioSpecification>${content}</task>${path('s', 't', 'e')}`,
  );
const multi = (content: string, attributes = ''): string =>
  process(
    `${SE}<task id="t"><multiInstanceLoopCharacteristics ${attributes}>${content}</multiInstanceLoopCharacteristics></task>${path('s', 't', 'e')}`,
  );
const eventGateway = (attributes: string, a: string, b: string, more = ''): string =>
  process(
    `${SE}<eventBasedGateway id="g" ${attributes}/>${a}${b}${flow('s', 'g')}${a ? flow('g', 'a') + flow('a', 'e') : ''}${flow('g', 'b')}${flow('b', 'e')}${more}`,
  );
const catching = (id: string, kind = 'timer'): string =>
  `<intermediateCatchEvent id="${id}"><${kind}EventDefinition/></intermediateCatchEvent>`;
const link = (id: string, type: string, name: string): string =>
  `<${type} id="${id}"><linkEventDefinition name="${name}"/></${type}>`;

/** Rule → a file that breaks it, and the element that does. */
const BROKEN: Readonly<Record<string, readonly [file: string, element: string][]>> = {
  'BPMN-D01': [[process(`${SE}${T}<task id="t"/>${path('s', 't', 'e')}`), '']],
  'BPMN-D02': [[process(`${SE}<task id="1 t"/>${path('s', 'e')}`), '']],
  'BPMN-D03': [[process(`${SE}<bogusTask id="t"/>${path('s', 'e')}`), '']],
  'BPMN-D04': [
    [process(`${SE}${path('s', 'e')}${flow('s', 'nowhere')}`), 's-nowhere'],
    [event('<signalEventDefinition id="def" signalRef="missing"/>'), 'def'],
  ],
  'BPMN-D05': [
    [process(`${SE}<parallelGateway id="g" gatewayDirection="Sideways"/>${path('s', 'g', 'e')}${flow('g', 'e')}`), 'g'],
  ],
  'BPMN-D06': [[process(`${SE}<task id="t" startQuantity="0"/>${path('s', 't', 'e')}`), 't']],
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
  ],
  'BPMN-S13': [[process(`${SE}${T}${flow('s', 't')}${flow('t', 'e', 'x > 1')}`), 't']],
  'BPMN-S14': [[process(`${SE}<task id="t"><incoming>t-e</incoming></task>${path('s', 't', 'e')}`), 't']],
  'BPMN-S15': [
    [process(`<startEvent id="s"/>${T}${path('s', 't')}`), 'p'],
    [process(`${T}<endEvent id="e"/>${path('t', 'e')}`), 'p'],
  ],
  'BPMN-S16': [[process(`${SE}${T}${path('s', 'e')}${flow('t', 'e')}`), 't']],
  'BPMN-S17': [[process(`${SE}${T}${path('s', 'e')}${flow('s', 't')}`), 't']],
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
  'BPMN-A01': [
    [multi(''), 't'],
    [
      multi('<loopCardinality>3</loopCardinality><loopDataInputRef>d</loopDataInputRef>').replace(
        '<task',
        '<dataObject id="d"/><task',
      ),
      't',
    ],
  ],
  'BPMN-A02': [
    [multi('<loopCardinality>3</loopCardinality>', 'behavior="None"'), 't'],
    [multi('<loopCardinality>3</loopCardinality>', 'behavior="One"'), 't'],
  ],
  'BPMN-A03': [
    [inSub('', '<startEvent id="s2"/><task id="t2"/>', 'adHocSubProcess'), 'sub'],
    [inSub('', '', 'adHocSubProcess'), 'sub'],
  ],
  'BPMN-A04': [[process(`${SE}<callActivity id="t" calledElement="s"/>${path('s', 't', 'e')}`), 't']],
  'BPMN-A05': [[process(`${SE}<receiveTask id="t" instantiate="true"/>${path('s', 't', 'e')}`), 't']],
  'BPMN-A06': [[io('<inputSet/>'), 't']],
  'BPMN-A07': [
    [associated('<dataInputAssociation id="x"><sourceRef>r</sourceRef></dataInputAssociation>'), 'x'],
    [associated('<dataInputAssociation id="x"><targetRef>i</targetRef></dataInputAssociation>'), 'x'],
  ],
  'BPMN-A08': [
    [
      associated(
        '<dataInputAssociation id="x"><targetRef>i</targetRef><assignment id="as"><from>1</from></assignment></dataInputAssociation>',
      ),
      'as',
    ],
  ],
  'BPMN-A09': [
    [
      associated(
        '<dataInputAssociation id="x"><sourceRef>s</sourceRef><targetRef>i</targetRef></dataInputAssociation>',
      ),
      'x',
    ],
  ],
  'BPMN-A10': [[process(`${SE}${path('s', 'e')}<dataObjectReference id="r"/>`), 'r']],
  'BPMN-A11': [
    [
      io(
        '<dataInput id="i"/><dataInput id="j"/><inputSet id="is"><dataInputRefs>i</dataInputRefs><optionalInputRefs>j</optionalInputRefs></inputSet><outputSet/>',
      ),
      'is',
    ],
  ],
  'BPMN-A12': [[io('<dataInput id="i"/><inputSet/><outputSet/>'), 't']],
  'BPMN-C01': [[two('<messageFlow id="m" sourceRef="A"/>'), 'm']],
  'BPMN-C02': [[two('<messageFlow id="m" sourceRef="x" targetRef="y"/>', '<task id="x"/><task id="y"/>'), 'm']],
  'BPMN-C03': [
    [
      two(
        '<messageFlow id="m" sourceRef="x" targetRef="B"/>',
        '<startEvent id="x"/><endEvent id="e"/>' + path('x', 'e'),
      ),
      'm',
    ],
  ],
  'BPMN-C04': [
    [
      two(
        '<messageFlow id="m" sourceRef="A" targetRef="x"/>',
        '',
        '<startEvent id="s"/><endEvent id="x"/>' + path('s', 'x'),
      ),
      'm',
    ],
  ],
  'BPMN-C05': [
    [
      definitions(
        '<collaboration id="c"><participant id="A"><participantMultiplicity id="pm" minimum="3" maximum="2"/></participant></collaboration>',
      ),
      'pm',
    ],
  ],
  'BPMN-C06': [
    [two('', '<laneSet id="ls"><lane id="l"><flowNodeRef>b</flowNodeRef></lane></laneSet>', '<task id="b"/>'), 'l'],
  ],
};

async function brokenRules(xml: string): Promise<readonly ReportEntry[]> {
  try {
    await importBpmn(xml);
    return [];
  } catch (error) {
    assert.ok(error instanceof FlowError && error.code === 'BPMN-RULE', String(error));
    return error.details as unknown as readonly ReportEntry[];
  }
}

describe('a file that breaks a rule of BPMN is refused', () => {
  for (const { id } of RULES) {
    const [, text] = RULE_TEXTS[id]!;
    it(`${id} ${text}`, async () => {
      const examples = BROKEN[id];
      assert.ok(examples, `no example of ${id}`);
      for (const [file, element] of examples) {
        const broken = await brokenRules(file);
        const mine = broken.filter((b) => b.rule === id);
        assert.ok(mine.length > 0, `${id} is not seen in ${file}; seen: ${broken.map((b) => b.rule).join()}`);
        if (element)
          assert.ok(
            mine.some((b) => b.id === element),
            `${mine.map((b) => b.id).join()} instead of ${element}`,
          );
      }
    });
  }

  it('with all the rules it breaks and their lines', async () => {
    await assert.rejects(importBpmn(process(`${SE}\n${T}\n${flow('s', 'e')}`)), (error: FlowError) => {
      assert.equal(error.code, 'BPMN-RULE');
      assert.match(error.message, /BPMN-S16.*Task t, line 4/s);
      assert.match(error.message, /BPMN-S17/);
      return true;
    });
  });

  it('unless it is to be imported as far as it can be, with the rules in the report', async () => {
    const { definitions: found, report } = await importBpmn(process(`${SE}${T}${path('s', 'e')}`), { rules: 'report' });
    assert.deepEqual(
      found[0]!.activities.map((a) => a.id),
      ['s', 'e'],
    );
    assert.ok(report.some((r) => r.rule === 'BPMN-S16' && r.id === 't'));
    assert.ok(report.some((r) => r.outcome === 'left out' && r.id === 't'));
  });
});
