// What other tools and people have put into a file survives when its flow is changed and written again: extension elements
// and attributes, documentation, notes and groups.
import { everyElement, idOf, is, kindOf, many, one, type BpmnElement } from '../elements.js';
import { Vendors } from '../import/vendor.js';
import type { Mutable } from './draft.js';

export function keepForeign(root: Mutable, original: BpmnElement): void {
  const vendors = new Vendors(original);
  const present = new Map<string, Mutable>();
  for (const element of everyElement(root))
    if (idOf(element) !== undefined) present.set(idOf(element)!, element as Mutable);
  copyAttributes(root, original, vendors);
  for (const old of everyElement(original)) {
    const element = present.get(idOf(old) ?? '');
    if (!element || element.$type !== old.$type) continue;
    copyAttributes(element, old, vendors);
    copyExtensions(element, old, vendors);
    if (many(element, 'documentation').length === 0 && many(old, 'documentation').length > 0)
      element['documentation'] = old['documentation'];
    if (is(old, 'Process') || is(old, 'SubProcess')) copyNotes(element, old, present);
  }
}

function copyAttributes(element: Mutable, old: BpmnElement, vendors: Vendors): void {
  const attributes = (element as { $attrs?: Record<string, unknown> }).$attrs;
  for (const [name, value] of Object.entries(old.$attrs ?? {}))
    if (attributes && !Object.hasOwn(attributes, name) && vendors.vendorOf(name) !== 'millrace')
      attributes[name] = value;
}

function copyExtensions(element: Mutable, old: BpmnElement, vendors: Vendors): void {
  const kept = many(one(old, 'extensionElements'), 'values').filter((v) => vendors.vendorOf(v.$type) !== 'millrace');
  if (kept.length === 0) return;
  const own = one(element, 'extensionElements');
  if (own) (own['values'] as BpmnElement[]).push(...kept);
  else element['extensionElements'] = old['extensionElements'];
}

/** Text annotations and groups, with the associations whose ends are still there. */
function copyNotes(element: Mutable, old: BpmnElement, present: ReadonlyMap<string, Mutable>): void {
  const notes = many(old, 'artifacts').filter((a) => kindOf(a) !== 'Association');
  const here = new Map<string, BpmnElement>([...present, ...notes.map((n) => [idOf(n) ?? '', n] as const)]);
  const lines = many(old, 'artifacts').flatMap((a) => {
    const ends = [one(a, 'sourceRef'), one(a, 'targetRef')].map((end) => here.get(idOf(end) ?? ''));
    if (kindOf(a) !== 'Association' || !ends[0] || !ends[1] || present.has(idOf(a) ?? '')) return [];
    // Compensation is drawn anew.
    if (ends.some((end) => is(end, 'BoundaryEvent'))) return [];
    return [Object.assign(a as Mutable, { sourceRef: ends[0], targetRef: ends[1] })];
  });
  if (notes.length + lines.length === 0) return;
  (element as unknown as { get(name: string): unknown[] }).get('artifacts').push(...notes, ...lines);
}
