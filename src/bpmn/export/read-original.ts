// A file as bpmn-moddle reads it, with its diagram and everything of other tools, for an export that is to keep them.
import type { BpmnElement } from '../elements.js';
import { textOf, unreadable } from '../read-xml.js';
import { withLegalIds } from './legal-ids.js';

const MODEL = 'http://www.omg.org/spec/BPMN/20100524/MODEL';
const BETA = 'http://schema.omg.org/spec/BPMN/2.0';

/** The part of bpmn-moddle that is used. */
export interface Moddle {
  readonly registry: {
    readonly typeMap: Readonly<Record<string, { readonly properties: readonly { name: string; isAttr?: boolean }[] }>>;
  };
  fromXML(xml: string): Promise<unknown>;
  toXML(element: object, options?: { format?: boolean; preamble?: boolean }): Promise<{ xml: string }>;
  create(type: string, members?: object): object;
  createAny(type: string, namespace: string, members?: object): object;
}

/** The reader; its metamodel has the script of a global script task as an attribute, the standard as an element. */
export async function createModdle(): Promise<Moddle> {
  const moddle: Moddle = new (await import('bpmn-moddle')).BpmnModdle();
  const { properties } = moddle.registry.typeMap['bpmn:GlobalScriptTask']!;
  for (const property of properties) if (property.name === 'bpmn:script') property.isAttr = false;
  return moddle;
}

interface ModdleResult {
  readonly rootElement: BpmnElement;
  readonly elementsById?: Readonly<Record<string, BpmnElement>>;
  readonly warnings: { message: string; element?: BpmnElement; property?: string; value?: string }[];
}

export async function readOriginal(source: string | Uint8Array): Promise<BpmnElement> {
  const xml = textOf(source).replace(BETA, MODEL);
  try {
    const first = (await (await createModdle()).fromXML(xml)) as ModdleResult;
    const illegal = first.warnings.flatMap((w) => /illegal ID <([^>]*)>/.exec(w.message)?.[1] ?? []);
    const legal = withLegalIds(xml, illegal);
    const {
      rootElement,
      warnings,
      elementsById = {},
    } = legal ? ((await (await createModdle()).fromXML(legal.xml)) as ModdleResult) : first;
    legal?.restore(rootElement);
    for (const warning of warnings) resolveQualified(warning, elementsById);
    return rootElement;
  } catch (error) {
    throw unreadable(error);
  }
}

/** Many references are qualified names in the schema (`messageRef="tns:order"`); the reader looks for plain ids only. */
function resolveQualified(
  { element, property, value }: ModdleResult['warnings'][number],
  elements: Readonly<Record<string, BpmnElement>>,
): void {
  const local = /^[^:]+:([^:]+)$/.exec(value ?? '')?.[1];
  if (!element || property === undefined || local === undefined || !Object.hasOwn(elements, local)) return;
  const holder = element as unknown as { get(property: string): unknown; set(property: string, value: unknown): void };
  const list = holder.get(property);
  if (Array.isArray(list)) list.push(elements[local]);
  else holder.set(property, elements[local]);
}
