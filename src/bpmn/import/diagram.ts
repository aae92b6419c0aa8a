// Positions from the file's diagram, by element id: shapes as boxes, edges as way points. Only for the eye.
import type { Json, JsonObject } from '../../model/index.js';
import { around, idOf, is, many, number, one, type BpmnElement } from '../elements.js';
import type { Scene } from './scene.js';

export function layoutOf(scene: Scene): JsonObject {
  const layout: Record<string, Json> = {};
  for (const diagram of many(scene.root, 'diagrams')) {
    for (const drawn of many(one(diagram, 'plane'), 'planeElement')) {
      const element = one(drawn, 'bpmnElement');
      const id = idOf(element);
      if (!element || id === undefined || id === '__proto__' || !belongs(scene, element)) continue;
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
  return (is(element, 'FlowElement') || is(element, 'Lane')) && around(element, 'Process') === scene.process;
}
