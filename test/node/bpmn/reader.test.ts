// Our own small reader and bpmn-moddle see the same in a file; ours keeps more, never less.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { BpmnModdle } from 'bpmn-moddle';
import type { BpmnElement } from '../../../src/bpmn/elements.js';
import { createModdle } from '../../../src/bpmn/export/read-original.js';
import { readXml } from '../../../src/bpmn/read-xml.js';
import { METAMODEL } from '../../../src/bpmn/reader/metamodel.js';
import { process } from './bpmn-text.js';
import { CONSTRUCTS } from './constructs.js';
import { betsyProcesses, modelsIn, readModel, withoutData } from './public-models.js';

/** What is in the tree, member by member; elements of the tree that are only referred to stand there by type and id. */
function seen(element: BpmnElement): unknown {
  const members: Record<string, unknown> = {};
  // Those that refer are not enumerable in bpmn-moddle, defaults are not the element's own in either.
  for (const member of Object.getOwnPropertyNames(element)) {
    if (member.startsWith('$') || member === 'diagrams') continue;
    const value = element[member];
    const one = (v: unknown): unknown => {
      if (typeof v !== 'object' || v === null) return typeof v === 'string' ? v.trim() : v;
      const child = v as BpmnElement;
      if (child.$type.startsWith('bpmn:') && child.$parent !== element)
        return `-> ${child.$type} ${String(child['id'])}`;
      return seen(child);
    };
    if (typeof value === 'function' || value === undefined) continue;
    if (Array.isArray(value)) {
      if (value.length > 0) members[member] = value.map(one);
    } else members[member] = one(value);
  }
  // A plain expression may have a language here.
  const type = element.$type.replace(/bpmn:(?:Formal)?Expression/, 'bpmn:Expression');
  const attributes = Object.fromEntries(
    Object.entries(element.$attrs ?? {}).filter(([name]) => !/xmlns|xsi:/.test(name)),
  );
  return { type, members, attributes, inside: element.$children?.map(seen) ?? [], body: element.$body?.trim() };
}

async function sameInBoth(xml: string): Promise<void> {
  const { rootElement } = (await (await createModdle()).fromXML(xml)) as { rootElement: BpmnElement };
  assert.deepEqual(seen(readXml(xml).root), seen(rootElement));
}

describe('the reader', () => {
  for (const { group, name, content, roots } of CONSTRUCTS)
    it(`sees what bpmn-moddle sees: ${group}, ${name}`, () => sameInBoth(process(content, roots)));

  it('sees what bpmn-moddle sees in public models', { skip: withoutData }, async () => {
    const files = [...modelsIn('miwg').map((f) => `miwg/${f}`), ...betsyProcesses().map((p) => `betsy/${p.file}`)];
    for (const file of files) await sameInBoth(new TextDecoder().decode(readModel(file)));
  });

  it('has the types that bpmn-moddle has', () => {
    const { registry } = new BpmnModdle() as unknown as { registry: { typeMap: Record<string, unknown> } };
    const theirs = Object.keys(registry.typeMap).flatMap((t) => (t.startsWith('bpmn:') ? [t.slice(5)] : []));
    assert.deepEqual(
      METAMODEL.split('\n')
        .map((line) => /^\w+/.exec(line)![0])
        .sort(),
      theirs.filter((t) => !/^[a-z]|Type$|Kind$|Direction$|Ordering$|Behavior$/.test(t)).sort(),
    );
  });
});
