// Whatever the bytes, an import gives definitions or throws a `FlowError`.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { importBpmn } from '../../../src/bpmn/index.js';
import { checkDefinition, FlowError, importDefinition } from '../../../src/index.js';
import { definitions, flow, path, process } from './bpmn-text.js';
import { betsyProcesses, modelsIn, readModel } from './public-models.js';

const SAMPLE = process(
  `<laneSet id="ls"><lane id="l" name="Sales"><flowNodeRef>u</flowNodeRef></lane></laneSet>
  <startEvent id="s"><timerEventDefinition><timeDuration>PT1S</timeDuration></timerEventDefinition></startEvent>
  <userTask id="u" name="Ask"><standardLoopCharacteristics><loopCondition>x &lt; 3</loopCondition></standardLoopCharacteristics></userTask>
  <exclusiveGateway id="g" default="g-e"/><subProcess id="sub"><startEvent id="s2"/><task id="t"/><endEvent id="e2"/>${path('s2', 't', 'e2')}</subProcess>
  <boundaryEvent id="b" attachedToRef="sub"><errorEventDefinition errorRef="err"/></boundaryEvent><endEvent id="e"/>
  ${path('s', 'u', 'g', 'e')}${flow('g', 'sub', 'a = "x"')}${flow('sub', 'e')}${flow('b', 'e')}`,
  '<error id="err" errorCode="E1"/>',
);
const TOKENS = [
  '"',
  '<',
  '>',
  '&',
  '/',
  '=',
  'id="u"',
  'sourceRef',
  'bpmn:',
  '<task id="q"/>',
  '</process>',
  '\u0000',
  '__proto__',
  'constructor',
  '${',
  '-1',
  '99999999999',
  'attachedToRef="e"',
  '<subProcess id="z">',
  'isForCompensation="true"',
  'triggeredByEvent="true"',
];

async function isTotal(source: string | Uint8Array): Promise<void> {
  for (const rules of ['reject', 'report'] as const) {
    try {
      const { definitions: found } = await importBpmn(source, { rules });
      for (const definition of found) await checkDefinition(definition);
    } catch (error) {
      assert.ok(error instanceof FlowError, (error as Error).stack);
      assert.match(error.code, /^BPMN-/);
    }
  }
}

describe('an import of anything', () => {
  it('is total for arbitrary text and bytes', async () => {
    await fc.assert(fc.asyncProperty(fc.oneof(fc.string(), fc.uint8Array({ maxLength: 300 })), isTotal), {
      numRuns: 300,
    });
  });

  it('is total for a file in which anything may have been changed', async () => {
    const edit = fc.record({ at: fc.nat(SAMPLE.length), cut: fc.nat(30), put: fc.constantFrom('', ...TOKENS) });
    await fc.assert(
      fc.asyncProperty(fc.array(edit, { minLength: 1, maxLength: 4 }), (edits) =>
        isTotal(edits.reduce((xml, { at, cut, put }) => xml.slice(0, at) + put + xml.slice(at + cut), SAMPLE)),
      ),
      { numRuns: 400 },
    );
  });

  it('is total for real files from which an element or attribute is missing', async () => {
    const files = [
      ...modelsIn('miwg')
        .slice(0, 8)
        .map((f) => `miwg/${f}`),
      ...betsyProcesses()
        .slice(0, 8)
        .map((p) => `betsy/${p.file}`),
    ];
    const texts = files.length > 0 ? files.map((f) => new TextDecoder().decode(readModel(f))) : [SAMPLE];
    const pattern = /\s[\w:]+="[^"]*"|<[^/!?][^<>]*\/>|<\/?[\w:]+[^<>]*>/g;
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...texts), fc.nat(), async (xml, seed) => {
        const places = [...xml.matchAll(pattern)];
        const { index, 0: cut } = places[seed % places.length]!;
        await isTotal(xml.slice(0, index) + xml.slice(index + cut.length));
      }),
      { numRuns: 120 },
    );
  });

  it('refuses entities, giant files and bottomless nesting', async () => {
    const refused = (xml: string, code: string): Promise<void> => assert.rejects(importBpmn(xml), { code });
    const bomb = `<!DOCTYPE d [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>${definitions('&b;')}`;
    await refused(bomb, 'BPMN-XML');
    await refused(`${definitions('')}${' '.repeat(20_000_001)}`, 'BPMN-LIMIT');
    const deep = 5000;
    await refused(process(`${'<subProcess>'.repeat(deep)}${'</subProcess>'.repeat(deep)}`), 'BPMN-LIMIT');
    await refused('<html></html>', 'BPMN-XML');
    await refused('', 'BPMN-XML');
  });

  it('reads ids that are no ASCII names, in references too, and says which ones XML does not allow', async () => {
    const xml = (executable: boolean): string =>
      definitions(
        `<process id="p" isExecutable="${executable}"><startEvent id="Anfrage-ü"><outgoing>{A-1}</outgoing></startEvent><endEvent id="7"/><sequenceFlow id="{A-1}" sourceRef="Anfrage-ü" targetRef="7"/></process>`,
      );
    const { definitions: found, report } = await importBpmn(xml(false));
    assert.deepEqual(
      found[0]!.activities.map((a) => a.id),
      ['Anfrage-ü', '7'],
    );
    assert.deepEqual(found[0]!.connectors, [{ id: '{A-1}', from: 'Anfrage-ü', to: '7' }]);
    const broken = report.filter((r) => r.rule === 'BPMN-D02').map((r) => r.id);
    assert.deepEqual(broken.sort(), ['7', '{A-1}']);
    await assert.rejects(importBpmn(xml(true)), { code: 'BPMN-RULE' });
  });

  it('takes the ids of a drawing for what they are, even those of what is drawn', async () => {
    const { definitions: found } = await importBpmn(
      process(`<startEvent id="s"/><endEvent id="e"/>${path('s', 'e')}`).replace(
        '</definitions>',
        '<bpmndi:BPMNDiagram xmlns:bpmndi="http://www.omg.org/spec/BPMN/20100524/DI" id="d"><bpmndi:BPMNPlane id="pl" bpmnElement="p"><bpmndi:BPMNShape id="s" bpmnElement="s"/></bpmndi:BPMNPlane></bpmndi:BPMNDiagram></definitions>',
      ),
    );
    assert.equal(found[0]!.activities.length, 2);
  });

  it('reads UTF-16, Latin-1 and a byte order mark', async () => {
    const xml = process(`<startEvent id="s" name="Prüfen"/><endEvent id="e"/>${path('s', 'e')}`);
    const nameIn = async (source: Uint8Array): Promise<string | undefined> =>
      (await importDefinition(source)).definitions[0]!.activities[0]!.name;
    const utf16 = new Uint8Array([
      0xff,
      0xfe,
      ...[...xml].flatMap((c) => [c.charCodeAt(0) & 255, c.charCodeAt(0) >> 8]),
    ]);
    const latin = new Uint8Array([...xml.replace('UTF-8', 'ISO-8859-1')].map((c) => c.charCodeAt(0)));
    assert.equal(await nameIn(utf16), 'Prüfen');
    assert.equal(await nameIn(latin), 'Prüfen');
    assert.equal(await nameIn(new TextEncoder().encode(`\uFEFF${xml}`)), 'Prüfen');
  });
});
