// Files whose activities, data, pools or message flows break a rule.
import { definitions, path, process } from '../bpmn-text.js';
import { SE, two, inSub, io, associated, multi, type Breakers } from './files.js';

export const ACTIVITY_BREAKERS: Breakers = {
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
    [multi('<loopCardinality>3</loopCardinality>', 'behavior="Complex"'), 't'],
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
    [
      associated(
        '<dataInputAssociation id="x"><sourceRef>r</sourceRef><sourceRef>d</sourceRef><targetRef>i</targetRef></dataInputAssociation>',
      ),
      'x',
    ],
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
  'BPMN-A13': [
    [
      multi('<loopDataInputRef>d</loopDataInputRef>').replace('<task', '<dataObject id="d" isCollection="true"/><task'),
      't',
    ],
  ],
  'BPMN-A14': ['-1', '2.5', '"three"', '3 times'].map((count) => [
    multi(`<loopCardinality>${count}</loopCardinality>`),
    't',
  ]),
  'BPMN-A15': [[inSub('', '<ioSpecification><inputSet/><outputSet/></ioSpecification><task id="t2"/>'), 'sub']],
  'BPMN-A16': [
    [
      associated(
        '<dataInputAssociation id="x"><sourceRef>r</sourceRef><targetRef>d</targetRef></dataInputAssociation>',
      ),
      'x',
    ],
    [
      associated(
        '<dataOutputAssociation id="x"><sourceRef>d</sourceRef><targetRef>r</targetRef></dataOutputAssociation>',
      ),
      'x',
    ],
  ],
  'BPMN-A17': [
    [process(`${SE}${path('s', 'e')}<dataObject id="d"><dataState id="ds" name="new"/></dataObject>`), 'd'],
    [
      process(
        `${SE}${path('s', 'e')}<dataObject id="d"/><dataObjectReference id="r" dataObjectRef="d" itemSubjectRef="i"/>`,
        '<itemDefinition id="i"/>',
      ),
      'r',
    ],
  ],
  'BPMN-A18': [
    [
      process(
        `${SE}<userTask id="t"><potentialOwner id="po"><resourceRef>r</resourceRef><resourceAssignmentExpression><formalExpression>x</formalExpression></resourceAssignmentExpression></potentialOwner></userTask>${path('s', 't', 'e')}`,
        '<resource id="r" name="R"/>',
      ),
      'po',
    ],
  ],
  'BPMN-A19': [
    [
      process(
        `${SE}<sendTask id="t"><ioSpecification><dataInput id="i"/><dataInput id="j"/><inputSet><dataInputRefs>i</dataInputRefs></inputSet><inputSet><dataInputRefs>j</dataInputRefs></inputSet><outputSet/></ioSpecification></sendTask>${path('s', 't', 'e')}`,
      ),
      't',
    ],
  ],
  'BPMN-A20': [
    [
      process(
        `${SE}<sendTask id="t" messageRef="m" operationRef="o"/>${path('s', 't', 'e')}`,
        '<message id="m"/><message id="n"/><interface id="i" name="I"><operation id="o" name="O"><inMessageRef>n</inMessageRef></operation></interface>',
      ),
      't',
    ],
  ],
  'BPMN-C07': [
    [
      two('<conversation id="k"><participantRef>A</participantRef></conversation>').replace(
        'id="pa"',
        'id="pa" isExecutable="true"',
      ),
      'k',
    ],
  ],
  'BPMN-C08': [[two('<conversationLink id="l" sourceRef="A" targetRef="B"/>'), 'l']],
};
