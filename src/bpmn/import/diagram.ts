// Positions from the file's diagram, by element id: shapes as boxes, edges as way points. Only for the eye.
import type { Json, JsonObject } from '../../model/index.js';
import { around, idOf, is, many, number, one, type BpmnElement } from '../elements.js';
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
  for (const diagram of many(scene.root, 'diagrams')) {
    for (const drawn of many(one(diagram, 'plane'), 'planeElement')) {
      if (idOf(drawn)?.endsWith(MADE_UP)) continue;
      const element = one(drawn, 'bpmnElement');
      const id = element && idOf(element) !== undefined ? keyOf(element) : undefined;
      if (!element || id === undefined || !known.has(id) || !belongs(scene, element)) continue;
      const bounds = one(drawn, 'bounds');
      const points = many(drawn, 'waypoint').flatMap((p) => {
        const [x, y] = [number(p, 'x'), number(p, 'y')];
        return x === undefined || y === undefined ? [] : [{ x, y }];
      });
      if (bounds) layout[id] = box(bounds, drawn['isExpanded']);
      else if (points.length > 1) layout[id] = { points };
    }
  }
  return layout;
}

function box(bounds: BpmnElement, expanded: unknown): JsonObject {
  const [x = 0, y = 0, width = 0, height = 0] = ['x', 'y', 'width', 'height'].map((m) => number(bounds, m));
  return { x, y, width, height, ...(typeof expanded === 'boolean' ? { expanded } : {}) };
}

function belongs(scene: Scene, element: BpmnElement): boolean {
  return (is(element, 'FlowNode') || is(element, 'SequenceFlow')) && around(element, 'Process') === scene.process;
}
