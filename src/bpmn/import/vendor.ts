// Attributes and elements of other namespaces: our own, and those of the engines whose files are around.
import { is, kindOf, many, one, type BpmnElement } from '../elements.js';

export type Vendor = 'millrace' | 'camunda' | 'zeebe';

/** Namespace of our own attributes and elements in BPMN files. */
export const MILLRACE = 'urn:millrace:bpmn:1';

/** What our own files say has written them. */
export const EXPORTER = 'Millrace';

const NAMESPACES: Readonly<Record<string, Vendor>> = {
  [MILLRACE]: 'millrace',
  'http://camunda.org/schema/1.0/bpmn': 'camunda',
  'http://operaton.org/schema/1.0/bpmn': 'camunda',
  'http://activiti.org/bpmn': 'camunda',
  'http://flowable.org/bpmn': 'camunda',
  'http://camunda.org/schema/zeebe/1.0': 'zeebe',
};
const PREFIXES: Readonly<Record<string, Vendor>> = {
  millrace: 'millrace',
  camunda: 'camunda',
  activiti: 'camunda',
  flowable: 'camunda',
  zeebe: 'zeebe',
};

/** Reads foreign members by what their namespace means, not by the prefix a file happens to use. */
export class Vendors {
  readonly #vendorOf = new Map<string, Vendor>(Object.entries(PREFIXES));

  constructor(root: BpmnElement) {
    for (const [name, uri] of Object.entries(root.$attrs ?? {})) {
      const vendor =
        name.startsWith('xmlns:') && typeof uri === 'string' && Object.hasOwn(NAMESPACES, uri)
          ? NAMESPACES[uri]
          : undefined;
      if (vendor) this.#vendorOf.set(name.slice(6), vendor);
    }
  }

  vendorOf(prefixed: string): Vendor | undefined {
    return this.#vendorOf.get(prefixed.slice(0, Math.max(0, prefixed.indexOf(':'))));
  }

  attribute(element: BpmnElement | undefined, vendor: Vendor, name: string): string | undefined {
    for (const [key, value] of Object.entries(element?.$attrs ?? {})) {
      if (key.endsWith(`:${name}`) && this.vendorOf(key) === vendor && typeof value === 'string' && value.trim() !== '')
        return value.trim();
    }
    return undefined;
  }

  /** Extension elements of that vendor and name. */
  children(element: BpmnElement | undefined, vendor: Vendor, name: string): readonly BpmnElement[] {
    return this.#among(many(one(element, 'extensionElements'), 'values'), vendor, name);
  }

  child(element: BpmnElement | undefined, vendor: Vendor, name: string): BpmnElement | undefined {
    return this.children(element, vendor, name)[0];
  }

  /** Elements inside an extension element. */
  inside(extension: BpmnElement | undefined, vendor: Vendor, name: string): readonly BpmnElement[] {
    return this.#among(extension?.$children ?? [], vendor, name);
  }

  #among(elements: readonly BpmnElement[], vendor: Vendor, name: string): readonly BpmnElement[] {
    return elements.filter((e) => !is(e, 'BaseElement') && kindOf(e) === name && this.vendorOf(e.$type) === vendor);
  }
}

/** An attribute of a foreign element. */
export function plain(element: BpmnElement | undefined, name: string): string | undefined {
  const value = element?.[name] ?? element?.$attrs?.[name];
  return typeof value === 'string' && value.trim() !== '' ? value.trim() : undefined;
}
