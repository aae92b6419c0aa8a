// Positions from the file's diagram, by element id: shapes as boxes, edges as way points. Only for the eye.
import type { Json, JsonObject } from '../../model/index.js';
import { around, idOf, is, many, text, type BpmnElement } from '../elements.js';
import { keyOf, type Scene } from './scene.js';

/** Ends the ids of shapes and edges whose place an export has made up; where they are says nothing. */
export const MADE_UP = '_made_up';

export function layoutOf(scene: Scene): JsonObject {
  const layout: Record<string, Json> = {};
  const { activities, connectors } = scene.draft;
  const known = new Set([
    ...activities.flatMap((a) => [a.id, ...(a.boundary ?? []).map((b) => b.id)]),
    ...connectors.map((c) => c.id),
  ]);
  known.delete('__proto__');
  const drawings = many(scene.root, 'diagrams').flatMap((d) => inside(d, 'bpmndi:BPMNPlane'));
  for (const drawn of drawings.flatMap((plane) => plane.$children ?? [])) {
    if (idOf(drawn)?.endsWith(MADE_UP)) continue;
    const element = drawn['bpmnElement'] as BpmnElement | undefined;
    const id = element && idOf(element) !== undefined ? keyOf(element) : undefined;
    if (!element || id === undefined || !known.has(id) || !belongs(scene, element)) continue;
    const [bounds] = inside(drawn, 'dc:Bounds');
    const points = inside(drawn, 'di:waypoint').flatMap((p) => {
      const [x, y] = [place(p, 'x'), place(p, 'y')];
      return x === undefined || y === undefined ? [] : [{ x, y }];
    });
    if (bounds) layout[id] = box(bounds, text(drawn, 'isExpanded'));
    else if (points.length > 1) layout[id] = { points };
  }
  return layout;
}

function inside(element: BpmnElement, type: string): readonly BpmnElement[] {
  return (element.$children ?? []).filter((c) => c.$type === type);
}

function place(element: BpmnElement, member: string): number | undefined {
  const value = Number.parseFloat(text(element, member) ?? '');
  return Number.isFinite(value) ? value : undefined;
}

function box(bounds: BpmnElement, expanded: string | undefined): JsonObject {
  const [x = 0, y = 0, width = 0, height = 0] = ['x', 'y', 'width', 'height'].map((m) => place(bounds, m));
  return { x, y, width, height, ...(expanded === undefined ? {} : { expanded: expanded === 'true' }) };
}

function belongs(scene: Scene, element: BpmnElement): boolean {
  return (is(element, 'FlowNode') || is(element, 'SequenceFlow')) && around(element, 'Process') === scene.process;
}
