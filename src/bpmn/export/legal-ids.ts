// bpmn-moddle drops elements whose ids are not plain ASCII names, also where XML allows them. They are given other ids for the
// time of reading.
import { everyElement, idOf, type BpmnElement } from '../elements.js';

const FLOW_ID = /^[^\s|()]+$/;

export interface LegalIds {
  readonly xml: string;
  /** Puts the file's own ids back. */
  readonly restore: (root: BpmnElement) => void;
}

/** A text with other ids in place of `illegal`, in references too; undefined when there are none. */
export function withLegalIds(xml: string, illegal: readonly string[]): LegalIds | undefined {
  if (illegal.length === 0) return undefined;
  const substitutes = new Map<string, string>();
  const originals = new Map<string, string>();
  for (const id of new Set(illegal)) {
    const base = `id_${substitutes.size + 1}`;
    let substitute = base;
    for (let n = 1; xml.includes(substitute); n++) substitute = `${base}_${n}`;
    substitutes.set(id, substitute);
    originals.set(substitute, id);
  }
  // Attribute values and the contents of elements that are nothing but the id.
  const replaced = xml.replaceAll(
    /(=\s*")([^"<]*)(?=")|(=\s*')([^'<]*)(?=')|(>\s*)([^<>]*?)(?=\s*<)/g,
    (all, ...groups: (string | undefined)[]) => {
      for (let i = 0; i < 6; i += 2) {
        const substitute = substitutes.get(groups[i + 1] ?? '');
        if (groups[i] !== undefined && substitute !== undefined) return `${groups[i]!}${substitute}`;
      }
      return all;
    },
  );
  return {
    xml: replaced,
    restore: (root) => {
      for (const element of everyElement(root)) {
        const original = originals.get(idOf(element) ?? '');
        if (original !== undefined && FLOW_ID.test(original)) (element as { id?: string }).id = original;
      }
    },
  };
}
