// What is imported, exported and imported again is the same; what an author wrote as JSON comes back from BPMN.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, it } from 'node:test';
import { exportBpmn, importBpmn, type ImportOptions } from '../../../src/bpmn/index.js';
import { compile, type FlowDefinition } from '../../../src/index.js';
import { everyElement, idOf, many, one, type BpmnElement } from '../../../src/bpmn/elements.js';
import { readXml } from '../../../src/bpmn/read-xml.js';
import { process } from './bpmn-text.js';
import { path } from './bpmn-text.js';
import { CONSTRUCTS } from './constructs.js';
import { ROOTS } from './scenarios/parts.js';
import { SCENARIOS } from './scenarios/index.js';
import { betsyProcesses, modelsIn, readModel, withoutData } from './public-models.js';

async function assertFixpoint(source: string | Uint8Array, options: ImportOptions = {}): Promise<void> {
  const { definitions } = await importBpmn(source, options);
  const again = await importBpmn(await exportBpmn(definitions), options);
  assert.deepEqual(again.definitions, definitions);
}

describe('import, export and import', () => {
  for (const { group, name, content, roots } of CONSTRUCTS) {
    it(`give the same flow: ${group}: ${name}`, () => assertFixpoint(process(content, roots)));
  }
});

describe('import, export and import of whole processes', () => {
  for (const { name, content, roots = '' } of SCENARIOS)
    it(`give the same flow: ${name}`, () => assertFixpoint(process(content, ROOTS + roots), { rules: 'report' }));
});

describe('import, export and import of public models', { skip: withoutData }, () => {
  for (const file of modelsIn('miwg')) {
    it(`give the same flows and positions: ${file}`, () => assertFixpoint(readModel(`miwg/${file}`)));
  }
  for (const { file } of betsyProcesses()) {
    it(`give the same flow: ${file}`, () => assertFixpoint(readModel(`betsy/${file}`)));
  }
});

/** What other tools have put into a file, and the places in its diagrams, as sorted lines. */
function additions(source: string | Uint8Array): readonly string[] {
  const { root } = readXml(source);
  const told = (e: BpmnElement): unknown => {
    const members = Object.entries(e)
      .filter(([name]) => !/^(?:\$|xmlns|xsi:type$|id$|bpmnElement$)/.test(name))
      // A default need not be said, nor an attribute once more in the namespace of its element.
      .filter(([name, value]) => value !== 'initiating' && !name.startsWith(e.$type.replace(/[^:]*$/, '')))
      .map(([name, value]) => [name, /^-?[\d.]+$/.test(String(value)) ? Number(value) : value]);
    const place = idOf(e['bpmnElement'] as BpmnElement | undefined) ?? '';
    return [e.$type, place, members.sort(), e.$body?.trim() ?? '', (e.$children ?? []).map(told)];
  };
  const found = [...everyElement(root)].flatMap((e) => [
    ...Object.entries(e.$attrs ?? {})
      .filter(([name]) => name.includes(':') && !/^(?:xmlns|xsi|xml):/.test(name))
      .map(([name, value]) => `${idOf(e) ?? e.$type} ${name}=${String(value)}`),
    ...many(one(e, 'extensionElements'), 'values').map((v) => `${idOf(e) ?? e.$type} ${JSON.stringify(told(v))}`),
  ]);
  return [...found, ...many(root, 'diagrams').map((d) => JSON.stringify(told(d)))].sort();
}

describe('an export with the file that it came from', { skip: withoutData }, () => {
  const files = [...modelsIn('miwg').map((f) => `miwg/${f}`), ...betsyProcesses().map((p) => `betsy/${p.file}`)];
  for (const file of files) {
    it(`has the same flows, places and extensions: ${file}`, async () => {
      const original = readModel(file);
      const { definitions } = await importBpmn(original, { rules: 'report' });
      if (definitions.length === 0) return;
      const xml = await exportBpmn(definitions, { original });
      assert.deepEqual((await importBpmn(xml, { rules: 'report' })).definitions, definitions);
      assert.deepEqual(additions(xml), additions(original));
    });
  }
});

/** Elements of a drawing are in the order in which they contain each other. */
function inOrder({ activities, connectors = [], subflows = {}, ...flow }: FlowDefinition): object {
  const byId = (a: { id: string }, b: { id: string }): number => (a.id < b.id ? -1 : 1);
  return {
    ...flow,
    activities: [...activities].sort(byId),
    connectors: [...connectors].sort(byId),
    subflows: Object.fromEntries(
      Object.entries(subflows).map(([id, s]) => [id, { ...s, activities: [...s.activities].sort() }]),
    ),
  };
}

const ORDER: FlowDefinition = {
  flow: 'order/2',
  kind: 'process',
  version: '1.2.0',
  title: 'Order',
  input: { id: { type: 'string' } },
  output: { ok: 'ok' },
  variables: { ok: { initial: false, schema: { type: 'boolean' } } },
  activities: [
    {
      id: '1',
      name: 'Price',
      type: 'service',
      implementation: { ref: 'http', arguments: { url: '"/price"' }, result: '$result.body' },
      input: { id: 'id' },
      output: { ok: '$output.ok' },
      timeout: 'PT30S',
      retry: { maxAttempts: 3 },
    },
    {
      id: 'Decide',
      type: 'user',
      role: 'sales',
      form: '#decide',
      excludes: ['1'],
      boundary: [{ id: 'late', event: 'timer', after: 'P2D', interrupting: false, output: { ok: 'false' } }],
    },
    { id: 'B', type: 'script', output: { ok: 'true' } },
    { id: 'C', type: 'script', loop: { kind: 'until', condition: 'ok', max: 3 } },
    { id: 'Join', type: 'route', join: { n: 1, cancelRemaining: true } },
    { id: 'Undo', type: 'script' },
    { id: 'Late', type: 'send', message: { name: 'late', key: 'id', data: '{ "id": id }' } },
  ],
  connectors: [
    { id: 'c1', from: '1', to: 'Decide' },
    { id: 'c2', from: 'Decide', to: 'B', condition: 'ok' },
    { id: 'c3', from: 'Decide', to: 'C', default: true, name: 'otherwise' },
    { id: 'c4', from: 'B', to: 'Join' },
    { id: 'c5', from: 'C', to: 'Join' },
    { id: 'c6', from: 'Decide.late', to: 'Late' },
  ],
  subflows: { S: { activities: ['B', 'C'], name: 'Both' } },
  spheres: [{ id: 'pay', kind: 'compensation', activities: ['1'] }],
  roles: { sales: { description: 'sells' } },
};

const PATTERNS = join(resolve(import.meta.dirname, '../../..'), 'patterns');

describe('a flow written as JSON', () => {
  for (const file of readdirSync(PATTERNS).filter((f) => f.endsWith('.flow.json'))) {
    it(`comes back from BPMN: ${file}`, async () => {
      const read: unknown = JSON.parse(readFileSync(join(PATTERNS, file), 'utf8'));
      for (const { $schema: _, ...flow } of [read].flat() as FlowDefinition[]) {
        const { definitions } = await importBpmn(await exportBpmn(flow));
        assert.deepEqual(inOrder(definitions[0]!), inOrder(flow));
      }
    });
  }

  it('comes back from BPMN with everything that BPMN has no place for', async () => {
    const { definitions } = await importBpmn(await exportBpmn(ORDER));
    assert.deepEqual(inOrder(definitions[0]!), inOrder(ORDER));
  });

  it('is drawn: every element has a place', async () => {
    const { subflows: _, spheres: __, ...flat } = ORDER;
    const xml = await exportBpmn(flat);
    const shapes = xml.match(/<bpmndi:BPMNShape /g) ?? [];
    const edges = xml.match(/<bpmndi:BPMNEdge /g) ?? [];
    assert.equal(shapes.length, 8);
    assert.equal(edges.length, 6);
    assert.match(xml, /<bpmn:boundaryEvent id="late"/);
    assert.match(xml, /language="https:\/\/jsonata.org"/);
  });
});

describe('a sub-process without a place in a drawing', () => {
  it('is drawn collapsed, with a diagram of its own for what is in it', async () => {
    const xml = await exportBpmn({
      flow: 'f',
      kind: 'process',
      activities: [
        { id: 'A', type: 'script' },
        { id: 'S', type: 'subflow' },
        { id: 'B', type: 'script' },
      ],
      connectors: [{ id: 'c', from: 'A', to: 'S' }],
      subflows: { S: { activities: ['B'] } },
    });
    const [, outer = '', inner = ''] = xml.split('<bpmndi:BPMNDiagram ');
    assert.match(outer, /bpmnElement="S" isExpanded="false"/);
    assert.doesNotMatch(outer, /bpmnElement="B"/);
    assert.match(inner, /BPMNPlane id="\w+" bpmnElement="S"[\s\S]*bpmnElement="B"/);
  });
});

describe('a file of another tool', () => {
  const FILE = process(
    `<startEvent id="s"/><serviceTask id="t" name="Old" camunda:topic="pay"><documentation>Why</documentation><extensionElements><camunda:properties><camunda:property name="a" value="b"/></camunda:properties></extensionElements></serviceTask><endEvent id="e"/>${path('s', 't', 'e')}<textAnnotation id="note"><text>Hello</text></textAnnotation><association id="as" sourceRef="t" targetRef="note"/>`,
  );

  it('is written as it was when its flow has not changed', async () => {
    const { definitions } = await importBpmn(FILE);
    const xml = await exportBpmn(definitions, { original: FILE });
    for (const part of ['camunda:topic="pay"', '<camunda:property', '<bpmn:documentation>Why', 'Hello', 'id="as"'].map(
      (p) => p.replace('bpmn:', ''),
    ))
      assert.ok(xml.includes(part), part);
  });

  it('keeps its extensions, notes and documentation when the flow has changed', async () => {
    const { definitions } = await importBpmn(FILE);
    const [old] = definitions;
    const changed: FlowDefinition = {
      ...old!,
      activities: [
        ...old!.activities.map((a) => (a.id === 't' ? { ...a, name: 'New' } : a)),
        { id: 'u', type: 'script' },
      ],
      connectors: [
        ...old!.connectors!.filter((c) => c.id !== 't-e'),
        { id: 't-u', from: 't', to: 'u' },
        { id: 'u-e', from: 'u', to: 'e' },
      ],
    };
    const xml = await exportBpmn(changed, { original: FILE });
    for (const part of ['camunda:topic="pay"', '<camunda:property', 'Why', 'Hello', 'name="New"', 'id="u"'])
      assert.ok(xml.includes(part), part);
    const again = await importBpmn(xml);
    assert.deepEqual(new Set(again.definitions[0]!.activities.map((a) => a.id)), new Set(['s', 't', 'u', 'e']));
    await compile(again.definitions[0]);
  });

  it('may be edited in a modeler after an export: the drawing says what is there', async () => {
    const { definitions } = await importBpmn(
      process(`<startEvent id="s"/><task id="t"/><task id="u"/><endEvent id="e"/>${path('s', 't', 'u', 'e')}`),
    );
    const xml = await exportBpmn(definitions);
    const edited = xml
      .replace(/<bpmn:task id="u">[\s\S]*?<\/bpmn:task>/, '')
      .replace(/<bpmn:sequenceFlow id="u-e"[^>]*\/>/, '')
      .replace('targetRef="u"', 'targetRef="e"')
      .replaceAll(/<bpmn:(?:incoming|outgoing)>[^<]*<\/bpmn:(?:incoming|outgoing)>/g, '')
      .replace(/<bpmndi:[\s\S]*<\/bpmndi:BPMNDiagram>/, '');
    const again = await importBpmn(edited);
    assert.deepEqual(
      again.definitions[0]!.activities.map((a) => a.id),
      ['s', 't', 'e'],
    );
    assert.deepEqual(
      again.definitions[0]!.connectors!.map((c) => [c.from, c.to]),
      [
        ['s', 't'],
        ['t', 'e'],
      ],
    );
  });
});
