// Files that are unusual and right: none of them is refused, and what runs is the same.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { exportBpmn, importBpmn } from '../../../src/bpmn/index.js';
import { compile } from '../../../src/index.js';

const MODEL = 'http://www.omg.org/spec/BPMN/20100524/MODEL';
const CONTENT = `<startEvent id="s" name=""/><userTask id="u" name="Ask"/><exclusiveGateway id="g" default="no"/><endEvent id="e"/>
  <sequenceFlow id="f1" sourceRef="s" targetRef="u"/><sequenceFlow id="f2" sourceRef="u" targetRef="g"/>
  <sequenceFlow id="yes" sourceRef="g" targetRef="e"><conditionExpression>x = 1</conditionExpression></sequenceFlow>
  <sequenceFlow id="no" sourceRef="g" targetRef="e"/>`;
const file = (content = CONTENT, attributes = '', before = '', roots = ''): string =>
  `${before}<definitions xmlns="${MODEL}" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" targetNamespace="urn:x" ${attributes}>${roots}<process id="p" isExecutable="true">${content}</process></definitions>`;
/** The file with every element of BPMN in the prefix. */
const prefixed = (prefix: string): string =>
  file()
    .replaceAll(/<(\/?)(\w)/g, `<$1${prefix}:$2`)
    .replace('xmlns=', `xmlns:${prefix}=`);
const bytes = (text: string, encoding: 'utf16le' | 'latin1'): Uint8Array => Buffer.from(text, encoding);
/** Attributes and extension elements of another tool. */
const vendor = (uri: string, attribute: string, element: string): string =>
  file(
    CONTENT.replace(
      '<userTask id="u" name="Ask"/>',
      `<userTask id="u" name="Ask" v:${attribute}><extensionElements>${element}</extensionElements></userTask>`,
    ),
    `xmlns:v="${uri}"`,
  );

const UNUSUAL: Readonly<Record<string, string | Uint8Array>> = {
  'another prefix': prefixed('bpmn2'),
  'a prefix of one letter': prefixed('x'),
  'a prefix that means something else elsewhere': prefixed('camunda'),
  'the namespace of the beta': file().replace(MODEL, 'http://schema.omg.org/spec/BPMN/2.0'),
  'the namespace declared again further in': file().replace('<process ', `<process xmlns="${MODEL}" `),
  'no XML declaration, comments, processing instructions and CDATA': file(
    `${CONTENT}<!-- <task id="no"/> -->`.replace('x = 1', '<![CDATA[x = 1]]>'),
    '',
    '<!-- drawn by hand --><?tool keep?>',
  ),
  'a DOCTYPE without entities': file(CONTENT, '', '<!DOCTYPE definitions>'),
  'the word ENTITY in a text': file(`<documentation><![CDATA[<!ENTITY x "y">]]></documentation>${CONTENT}`),
  'a byte order mark': `\uFEFF${file()}`,
  'UTF-16': bytes(`\uFEFF${file(CONTENT, '', '<?xml version="1.0" encoding="UTF-16"?>')}`, 'utf16le'),
  'Latin-1': bytes(file(CONTENT, 'name="Prüfung"', '<?xml version="1.0" encoding="ISO-8859-1"?>'), 'latin1'),
  'UTF-16 without a mark': bytes(file(CONTENT, '', '<?xml version="1.0" encoding="UTF-16"?>'), 'utf16le'),
  'UTF-8 that says it is UTF-16': new TextEncoder().encode(
    file(CONTENT, '', '<?xml version="1.0" encoding="utf-16"?>'),
  ),
  'an encoding that nobody knows': bytes(file(CONTENT, '', '<?xml version="1.0" encoding="x-own"?>'), 'latin1'),
  'empty references': file(
    CONTENT.replace('<userTask', '<userTask default=""'),
    '',
    '',
    '<message id="m" itemRef=""/>',
  ),
  'formatted documentation': file(
    `${CONTENT.replace('name="Ask"/>', 'name="Ask"><documentation>Ask <b>twice</b><x:br xmlns:x="urn:h"/></documentation></userTask>')}<textAnnotation id="ta"><text>A <i>note</i></text></textAnnotation>`,
  ),
  'data that goes out of no output in particular': file(
    `<dataObject id="d"/><dataObjectReference id="r" dataObjectRef="d"/>${CONTENT.replace('name="Ask"/>', 'name="Ask"><property id="pr" name="__targetRef_placeholder"/><dataInputAssociation id="da"><sourceRef>r</sourceRef><targetRef>pr</targetRef></dataInputAssociation><dataOutputAssociation id="db"><targetRef>r</targetRef></dataOutputAssociation></userTask>')}`,
  ),
  'extension elements in two places': file(
    CONTENT.replace(
      'name="Ask"/>',
      'name="Ask"><extensionElements><x:a xmlns:x="urn:o"/></extensionElements><extensionElements><x:b xmlns:x="urn:o"/></extensionElements></userTask>',
    ),
  ),
  'True and FALSE': file(CONTENT, '', '').replace('isExecutable="true"', 'isExecutable="True" isClosed="FALSE"'),
  'every flow said not to be immediate, as one tool does': file(
    CONTENT.replaceAll('<sequenceFlow ', '<sequenceFlow isImmediate="false" '),
  ),
  'types of a programming language': file(CONTENT, '', '', '<signal id="si" structureRef="String"/>'),
  'qualified references': file(CONTENT.replaceAll('targetRef="', 'targetRef="t:'), 'xmlns:t="urn:x"'),
  'references with blanks around them': file(
    CONTENT.replace('<sequenceFlow id="f1"', '<sequenceFlow id="f0"').replace('default="no"', 'default=" no "'),
  ),
  'huge ids': file(CONTENT.replaceAll('"u"', `"u${'x'.repeat(900)}"`)),
  'ids of other languages': file(CONTENT.replaceAll('"u"', '"Prüfen_審査"')),
  'several diagrams and shapes of nothing': file().replace(
    '</definitions>',
    '<d:BPMNDiagram xmlns:d="http://www.omg.org/spec/BPMN/20100524/DI" id="d1"><d:BPMNPlane id="p1" bpmnElement="p"><d:BPMNShape id="u" bpmnElement="gone"/></d:BPMNPlane></d:BPMNDiagram><d:BPMNDiagram xmlns:d="http://www.omg.org/spec/BPMN/20100524/DI" id="d2"/></definitions>',
  ),
  'root elements of every kind beside it': file(
    CONTENT,
    '',
    '',
    '<itemDefinition id="i" structureRef="xsd:string"/><message id="m"/><error id="er"/><escalation id="es"/><signal id="si"/><resource id="re" name="R"/><dataStore id="ds"/><category id="ca"><categoryValue id="cv" value="x"/></category><timerEventDefinition id="td"/><globalUserTask id="gt"/><partnerRole id="pr"/><endPoint id="ep"/>',
  ),
  'two lanes, one in the other': file(
    `<laneSet id="ls"><lane id="l1"><childLaneSet id="c"><lane id="l2" name=""><flowNodeRef>u</flowNodeRef></lane></childLaneSet></lane></laneSet>${CONTENT}`,
  ),
  'annotations, groups and associations': file(
    `${CONTENT}<textAnnotation id="ta"><text>A &lt;note&gt;</text></textAnnotation><group id="gr"/><association id="as" sourceRef="u" targetRef="ta"/>`,
  ),
  'attributes without a prefix that the standard does not know': file(
    CONTENT.replace('<userTask', '<userTask colour="red"'),
  ),
  Signavio: vendor('http://www.signavio.com', 'x="1"', '<v:signavioMetaData metaKey="bgcolor" metaValue="#fff"/>'),
  Camunda: vendor(
    'http://camunda.org/schema/1.0/bpmn',
    'assignee="casey"',
    '<v:properties><v:property name="a" value="b"/></v:properties>',
  ),
  Zeebe: vendor(
    'http://camunda.org/schema/zeebe/1.0',
    'modelerTemplate="t"',
    '<v:assignmentDefinition assignee="casey"/><v:userTask/>',
  ),
  Flowable: vendor('http://flowable.org/bpmn', 'candidateGroups="sales"', '<v:formProperty id="f" type="string"/>'),
  jBPM: vendor(
    'http://www.jboss.org/drools',
    'taskName="Ask"',
    '<v:metaData name="elementname"><v:metaValue><![CDATA[Ask]]></v:metaValue></v:metaData>',
  ),
  Bonita: vendor('http://www.bonitasoft.org/bpmn', 'actor="a"', '<v:form/>'),
  IBM: vendor(
    'http://www.ibm.com/xmlns/bpmnx/20100524/BusinessMonitoring',
    'kind="k"',
    '<v:monitor><deep xmlns="urn:y"><er/></deep></v:monitor>',
  ),
  Oracle: vendor(
    'http://xmlns.oracle.com/bpm/OracleExtensions',
    'flag="true"',
    '<v:OracleExtensions><v:Properties><v:Property name="n" value="1"/></v:Properties></v:OracleExtensions>',
  ),
  Trisotech: vendor('http://www.trisotech.com/2014/triso/bpmn', 'shape="s"', '<v:reuse uri="urn:z"/>'),
};

describe('a file that is unusual and right', () => {
  for (const [name, source] of Object.entries(UNUSUAL)) {
    it(`is imported, and comes back the same: ${name}`, async () => {
      const { definitions } = await importBpmn(source);
      const { activities, connectors } = definitions[0]!;
      assert.deepEqual([activities.length, connectors!.length], [4, 4]);
      await compile(definitions[0]);
      const again = await importBpmn(await exportBpmn(definitions));
      assert.deepEqual(again.definitions, definitions);
      const kept = await importBpmn(await exportBpmn(definitions, { original: source }));
      assert.deepEqual(kept.definitions, definitions);
    });
  }

  const TIMES: Readonly<Record<string, readonly string[]>> = {
    timeDuration: ['PT1.5H', 'P1Y2M3DT4H5M6.5S', 'P2W', 'delay', '${PT}', 'PTimeout'],
    timeDate: ['2026-01-01', '20260101T080000Z', '2026-01-01T08:00:00+01:00', 'dueDate'],
    timeCycle: ['R3/PT10S', 'R/2026-01-01T08:00:00Z/P1D', 'R5/2026-01-01/2026-02-01', '0 0 8 * * ?', 'Repeat'],
  };
  for (const [member, times] of Object.entries(TIMES))
    for (const time of times)
      it(`may have a time of any form, or an expression: ${member} ${time}`, async () => {
        const timer = `<boundaryEvent id="b" attachedToRef="u"><timerEventDefinition><${member}>${time}</${member}></timerEventDefinition></boundaryEvent><sequenceFlow id="fb" sourceRef="b" targetRef="e"/>`;
        const { definitions } = await importBpmn(file(CONTENT + timer));
        assert.equal(definitions[0]!.activities.find((a) => a.id === 'u')!.boundary!.length, 1);
      });

  const EMPTY: Readonly<Record<string, string>> = {
    'nothing at all': `<definitions xmlns="${MODEL}"/>`,
    'a collaboration without processes': `<definitions xmlns="${MODEL}"><collaboration id="c"><participant id="a" name="A"/><participant id="b"/><messageFlow id="m" sourceRef="a" targetRef="b"/></collaboration></definitions>`,
    'a choreography': `<definitions xmlns="${MODEL}"><choreography id="c"><participant id="a"/><participant id="b"/><startEvent id="s"/><choreographyTask id="t" initiatingParticipantRef="a"><participantRef>a</participantRef><participantRef>b</participantRef><messageFlowRef>m</messageFlowRef></choreographyTask><endEvent id="e"/><sequenceFlow id="f" sourceRef="s" targetRef="t"/><sequenceFlow id="g" sourceRef="t" targetRef="e"/><messageFlow id="m" sourceRef="a" targetRef="b"/></choreography></definitions>`,
    'a conversation': `<definitions xmlns="${MODEL}"><collaboration id="c"><participant id="a"/><participant id="b"/><conversation id="k"><participantRef>a</participantRef></conversation><conversationLink id="l" sourceRef="a" targetRef="k"/></collaboration></definitions>`,
    'an empty process': `<definitions xmlns="${MODEL}"><process id="p"/></definitions>`,
  };
  for (const [name, source] of Object.entries(EMPTY)) {
    it(`may have nothing to run: ${name}`, async () => {
      assert.deepEqual((await importBpmn(source)).definitions, []);
    });
  }
});
