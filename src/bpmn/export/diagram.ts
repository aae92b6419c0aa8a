// Diagram interchange: from the positions in a flow's `layout`, or, where those are missing, from bpmn-auto-layout. A
// diagram that was made up says so in its id, so that an import does not take it for somebody's drawing.
import type { Json } from '../../model/index.js';
import { is, many, number, one, text, type BpmnElement } from '../elements.js';
import { MADE_UP } from '../import/diagram.js';
import { MILLRACE } from '../import/vendor.js';
import { createModdle, readOriginal, type Moddle } from './read-original.js';
import type { ExportDraft, Mutable } from './draft.js';

interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly expanded?: boolean;
}
interface Point {
  readonly x: number;
  readonly y: number;
}
interface Drawing {
  /** By id in the file. */
  readonly boxes: ReadonlyMap<string, Box>;
  readonly lines: ReadonlyMap<string, readonly Point[]>;
}

const POOL_HEADER = 30;
const GAP = 60;

export async function drawDiagram(moddle: Moddle, root: Mutable, drafts: readonly ExportDraft[]): Promise<void> {
  const collaboration = many(root, 'rootElements').find((e) => is(e, 'Collaboration'));
  const plane = moddle.create('bpmndi:BPMNPlane', {
    id: 'Plane_1',
    bpmnElement: collaboration ?? drafts[0]!.process,
    planeElement: [],
  }) as Mutable;
  const canvas: Canvas = { moddle, plane, inner: new Map() };
  let top = 0;
  for (const draft of drafts) {
    const kept = drawingOf(draft);
    // Drawings that are made up all begin in the same corner.
    const drawing = kept.boxes.size > 0 ? completed(draft, kept) : shifted(await laidOut(draft), top);
    draw(canvas, draft, drawing, kept);
    const boxes = [...draft.elements.values()]
      .filter((e) => e.$parent === draft.process || kept.boxes.has(text(e, 'id')!))
      .flatMap((e) => drawing.boxes.get(text(e, 'id')!) ?? []);
    const right = Math.max(0, ...boxes.map((b) => b.x + b.width));
    const bottom = Math.max(0, ...boxes.map((b) => b.y + b.height));
    const participant = many(collaboration, 'participants').find((p) => one(p, 'processRef') === draft.process);
    if (participant) {
      const x = Math.min(right, ...boxes.map((b) => b.x)) - POOL_HEADER * 2;
      const y = Math.min(bottom, ...boxes.map((b) => b.y)) - POOL_HEADER;
      shape(
        canvas,
        participant as Mutable,
        { x, y, width: right - x + POOL_HEADER, height: bottom - y + POOL_HEADER },
        true,
      );
    }
    top = Math.max(top, bottom) + GAP + POOL_HEADER;
  }
  root['diagrams'] = [plane, ...canvas.inner.values()].map((drawnPlane, i) => {
    const diagram = moddle.create('bpmndi:BPMNDiagram', { id: `Diagram_${i + 1}`, plane: drawnPlane }) as Mutable;
    (drawnPlane as { $parent?: unknown }).$parent = diagram;
    (diagram as { $parent?: unknown }).$parent = root;
    return diagram;
  });
}

interface Canvas {
  readonly moddle: Moddle;
  readonly plane: Mutable;
  /** Sub-processes that are drawn collapsed have a plane of their own for what is in them. */
  readonly inner: Map<Mutable, Mutable>;
}

function planeOf({ moddle, plane, inner }: Canvas, element: Mutable, made: boolean): Mutable {
  const container = element.$parent as Mutable | undefined;
  if (!made || !container || !is(container, 'SubProcess')) return plane;
  let own = inner.get(container);
  if (!own) {
    const id = `Plane_${inner.size + 2}`;
    own = moddle.create('bpmndi:BPMNPlane', { id, bpmnElement: container, planeElement: [] }) as Mutable;
    inner.set(container, own);
  }
  return own;
}

function shifted({ boxes, lines }: Drawing, by: number): Drawing {
  const moved = <T extends Point>(p: T): T => ({ ...p, y: p.y + by });
  return {
    boxes: new Map([...boxes].map(([id, box]) => [id, moved(box)])),
    lines: new Map([...lines].map(([id, points]) => [id, points.map(moved)])),
  };
}

/** What has no place in a kept drawing stands in a row below it. */
function completed(draft: ExportDraft, { boxes, lines }: Drawing): Drawing {
  const all = new Map(boxes);
  const bottom = Math.max(...[...boxes.values()].map((b) => b.y + b.height));
  let x = Math.min(...[...boxes.values()].map((b) => b.x));
  for (const element of draft.elements.values()) {
    const id = text(element, 'id')!;
    if (all.has(id) || element.$parent !== draft.process || is(element, 'BoundaryEvent')) continue;
    all.set(id, { x, y: bottom + GAP, ...sizeOf(element) });
    x += 160;
  }
  return { boxes: all, lines };
}

/** The element ids of a draft: events, activities, gateways and flows. */
function* drawn(draft: ExportDraft): Generator<readonly [string, Mutable]> {
  yield* draft.elements;
  yield* draft.flows;
}

/** The positions that the flow's layout knows. */
function drawingOf(draft: ExportDraft): Drawing {
  const layout = draft.flow.layout ?? {};
  const boxes = new Map<string, Box>();
  const lines = new Map<string, readonly Point[]>();
  for (const [key, element] of drawn(draft)) {
    const id = text(element, 'id')!;
    const placed = layoutEntry(
      layout[key.slice(draft.elements.has(key) && is(element, 'BoundaryEvent') ? hostLength(draft, key) : 0)],
    );
    if (placed && 'points' in placed) lines.set(id, placed.points);
    else if (placed) boxes.set(id, placed);
  }
  return { boxes, lines };
}

/** Length of `activity.` in the key of a boundary event, whose position is kept under its own id. */
function hostLength(draft: ExportDraft, key: string): number {
  const host = [...draft.elements.keys()]
    .filter((id) => key.startsWith(`${id}.`))
    .sort((a, b) => b.length - a.length)[0];
  return host === undefined ? 0 : host.length + 1;
}

function layoutEntry(entry: Json | undefined): Box | { points: readonly Point[] } | undefined {
  if (typeof entry !== 'object' || entry === null || Array.isArray(entry)) return undefined;
  const { x, y, width, height, points, expanded } = entry as { readonly [key: string]: Json };
  if (Array.isArray(points)) return { points: points as unknown as readonly Point[] };
  if (typeof x !== 'number' || typeof y !== 'number' || typeof width !== 'number' || typeof height !== 'number')
    return undefined;
  return { x, y, width, height, ...(typeof expanded === 'boolean' ? { expanded } : {}) };
}

async function laidOut(draft: ExportDraft): Promise<Drawing> {
  const moddle = await createModdle();
  const alone = moddle.create('bpmn:Definitions', {
    id: 'Definitions_1',
    targetNamespace: 'urn:millrace:flows',
    rootElements: [draft.process],
  }) as Mutable;
  (alone as { $attrs: Record<string, string> }).$attrs['xmlns:millrace'] = MILLRACE;
  try {
    const { xml } = await moddle.toXML(alone);
    const { layoutProcess } = await import('bpmn-auto-layout');
    const root = await readOriginal(await layoutProcess(xml));
    const boxes = new Map<string, Box>();
    const lines = new Map<string, readonly Point[]>();
    for (const element of many(root, 'diagrams').flatMap((d) => many(one(d, 'plane'), 'planeElement'))) {
      const id = text(one(element, 'bpmnElement'), 'id');
      const bounds = one(element, 'bounds');
      if (id === undefined) continue;
      const at = (e: BpmnElement, member: string): number => number(e, member) ?? 0;
      if (bounds)
        boxes.set(id, {
          x: at(bounds, 'x'),
          y: at(bounds, 'y'),
          width: at(bounds, 'width'),
          height: at(bounds, 'height'),
        });
      else
        lines.set(
          id,
          many(element, 'waypoint').map((p) => ({ x: at(p, 'x'), y: at(p, 'y') })),
        );
    }
    return { boxes, lines };
  } catch {
    return inRows(draft);
  }
}

/** For graphs that the layout cannot cope with: every element has a place, no two the same. */
function inRows(draft: ExportDraft): Drawing {
  const boxes = new Map<string, Box>();
  let n = 0;
  for (const element of draft.elements.values()) {
    if (element.$parent !== draft.process || is(element, 'BoundaryEvent')) continue;
    boxes.set(text(element, 'id')!, { x: 100 + (n % 8) * 160, y: 80 + Math.floor(n / 8) * 140, ...sizeOf(element) });
    n++;
  }
  return { boxes, lines: new Map() };
}

function sizeOf(element: Mutable): { width: number; height: number } {
  if (is(element, 'Event')) return { width: 36, height: 36 };
  return is(element, 'Gateway') ? { width: 50, height: 50 } : { width: 100, height: 80 };
}

function draw(canvas: Canvas, draft: ExportDraft, { boxes, lines }: Drawing, kept: Drawing): void {
  for (const [, element] of drawn(draft)) {
    const id = text(element, 'id')!;
    if (is(element, 'SequenceFlow')) {
      const ends = ['sourceRef', 'targetRef'].map((m) => boxes.get(text(one(element, m), 'id')!));
      const points = lines.get(id) ?? between(ends[0], ends[1]);
      if (points) edge(canvas, element, points, !kept.lines.has(id));
      continue;
    }
    const box = boxes.get(id) ?? onBorder(boxes, element);
    if (box) shape(canvas, element, box, !kept.boxes.has(id));
  }
}

function between(from: Box | undefined, to: Box | undefined): readonly Point[] | undefined {
  if (!from || !to) return undefined;
  return [
    { x: from.x + from.width, y: from.y + from.height / 2 },
    { x: to.x, y: to.y + to.height / 2 },
  ];
}

function onBorder(boxes: ReadonlyMap<string, Box>, element: Mutable): Box | undefined {
  const host = boxes.get(text(one(element, 'attachedToRef'), 'id') ?? '');
  return host && { x: host.x + host.width - 40, y: host.y + host.height - 18, width: 36, height: 36 };
}

function shape(canvas: Canvas, element: Mutable, { x, y, width, height, expanded }: Box, made: boolean): void {
  const bounds = canvas.moddle.create('dc:Bounds', { x, y, width, height });
  const collapsed = made && is(element, 'SubProcess') ? { isExpanded: false } : {};
  const isExpanded = expanded === undefined ? collapsed : { isExpanded: expanded };
  put(canvas, 'bpmndi:BPMNShape', element, made, { bounds, ...isExpanded });
}

function edge(canvas: Canvas, element: Mutable, points: readonly Point[], made: boolean): void {
  const waypoint = points.map(({ x, y }) => canvas.moddle.create('dc:Point', { x, y }));
  put(canvas, 'bpmndi:BPMNEdge', element, made, { waypoint });
}

function put(canvas: Canvas, type: string, element: Mutable, made: boolean, members: object): void {
  const id = `${text(element, 'id')!}_di${made ? MADE_UP : ''}`;
  const drawnElement = canvas.moddle.create(type, { id, bpmnElement: element, ...members });
  (planeOf(canvas, element, made)['planeElement'] as unknown[]).push(drawnElement);
}
