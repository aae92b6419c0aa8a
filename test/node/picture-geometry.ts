// What a layout looks like, in geometry: the lines that are drawn through the points of connectors, where they meet, and
// which boxes lie on each other.
import { lineThrough } from '../../src/inspect/connector-line.js';
import type { Box, FlowLayout, PlacedConnector, Point } from '../../src/inspect/index.js';

type Plan = Parameters<typeof import('../../src/inspect/index.js').layOutFlow>[0]['plan'];
type Segment = readonly [Point, Point];

/** The drawn line as short straight pieces, curves cut at the same parts of their length. */
function piecesOf({ points }: PlacedConnector): Segment[] {
  const line: Point[] = [];
  for (const [, kind, numbers] of lineThrough(points).matchAll(/([MLC])([^MLC]*)/g)) {
    const n = numbers!.trim().split(' ').map(Number);
    const last = line.at(-1);
    if (kind !== 'C') line.push({ x: n[0]!, y: n[1]! });
    else
      for (let i = 1; i <= 12; i++) {
        const [t, u] = [i / 12, 1 - i / 12];
        const at = (a: number, b: number, c: number, d: number): number =>
          u * u * u * a + 3 * u * u * t * b + 3 * u * t * t * c + t * t * t * d;
        line.push({ x: at(last!.x, n[0]!, n[2]!, n[4]!), y: at(last!.y, n[1]!, n[3]!, n[5]!) });
      }
  }
  return line.slice(1).map((p, i) => [line[i]!, p] as const);
}

const turn = (a: Point, b: Point, c: Point): number => {
  const area = (b.x - a.x) * (c.y - a.y) - (b.y - a.y) * (c.x - a.x);
  return Math.abs(area) < 1e-6 ? 0 : Math.sign(area);
};
const isWithin = (p: Point, [a, b]: Segment): boolean =>
  p.x >= Math.min(a.x, b.x) - 0.1 &&
  p.x <= Math.max(a.x, b.x) + 0.1 &&
  p.y >= Math.min(a.y, b.y) - 0.1 &&
  p.y <= Math.max(a.y, b.y) + 0.1;

/** `through`: each passes to the other side of the other; `touch`: they have a point in common. */
function meeting([a, b]: Segment, [c, d]: Segment): 'through' | 'touch' | undefined {
  const [c1, d1, a1, b1] = [turn(a, b, c), turn(a, b, d), turn(c, d, a), turn(c, d, b)];
  if (c1 * d1 < 0 && a1 * b1 < 0) return 'through';
  const touches =
    (c1 === 0 && isWithin(c, [a, b])) ||
    (d1 === 0 && isWithin(d, [a, b])) ||
    (a1 === 0 && isWithin(a, [c, d])) ||
    (b1 === 0 && isWithin(b, [c, d]));
  return touches ? 'touch' : undefined;
}

/** Pairs of connectors that cross. Those that leave the same activity, or come to the same one, may run together there. */
export function crossingsIn(plan: Plan, { connectors }: FlowLayout): string[] {
  const ends = new Map(
    Object.values(plan.activities).flatMap((a) =>
      [...a.outgoing, ...a.boundaries.flatMap((b) => b.outgoing)].map((c) => [c.id, c] as const),
    ),
  );
  const lines = connectors.map((c) => {
    const pieces = piecesOf(c);
    const { from, boundary, to } = ends.get(c.id)!;
    const ys = pieces.flatMap((s) => s.map((p) => p.y));
    return { id: c.id, pieces, from: `${from} ${boundary}`, to, top: Math.min(...ys), bottom: Math.max(...ys) };
  });
  return lines.flatMap((a, i) =>
    lines.slice(i + 1).flatMap((b) => {
      if (a.bottom < b.top - 1 || b.bottom < a.top - 1) return [];
      const isKin = a.from === b.from || a.to === b.to;
      for (const p of a.pieces)
        for (const q of b.pieces) {
          const how = meeting(p, q);
          if (how === 'through' || (how === 'touch' && !isKin)) return [`${a.id} and ${b.id}`];
        }
      return [];
    }),
  );
}

const isApart = (a: Box, b: Box): boolean =>
  a.x >= b.x + b.width || b.x >= a.x + a.width || a.y >= b.y + b.height || b.y >= a.y + a.height;
const isInside = (a: Box, b: Box): boolean =>
  a.x >= b.x && a.y >= b.y && a.x + a.width <= b.x + b.width && a.y + a.height <= b.y + b.height;

/** Pairs of boxes that share room, unless one is a subflow and the other lies in it. */
export function overlapsIn(plan: Plan, { activities }: FlowLayout): string[] {
  const holds = (outer: string, id: string): boolean => {
    for (let body = plan.activities[id]!.body; body !== ''; body = plan.activities[body]!.body)
      if (body === outer) return true;
    return false;
  };
  return activities.flatMap((a, i) =>
    activities.slice(i + 1).flatMap((b) => {
      const isRight = holds(a.id, b.id) ? isInside(b, a) : holds(b.id, a.id) ? isInside(a, b) : isApart(a, b);
      return isRight ? [] : [`${a.id} and ${b.id}`];
    }),
  );
}

/** Connectors that run through the box of an activity, and those that leave the box of the subflow that they are in. */
export function straysIn(plan: Plan, { activities, connectors }: FlowLayout): string[] {
  const boxes = new Map(activities.map((a) => [a.id, a]));
  const bodyOf = new Map(
    Object.values(plan.activities).flatMap((a) =>
      [...a.outgoing, ...a.boundaries.flatMap((b) => b.outgoing)].map((c) => [c.id, a.body] as const),
    ),
  );
  const within = (body: string, id: string): boolean => {
    for (let at = body; at !== ''; at = plan.activities[at]!.body) if (at === id) return true;
    return false;
  };
  return connectors.flatMap((c) => {
    const body = bodyOf.get(c.id)!;
    const points = piecesOf(c).flatMap(([a, b]) => [a, b, { x: (a.x + b.x) / 2, y: (a.y + b.y) / 2 }]);
    const home = boxes.get(body);
    const stray = activities.find(
      (a) =>
        !within(body, a.id) &&
        points.some(
          (p) => p.x > a.x + 0.2 && p.x < a.x + a.width - 0.2 && p.y > a.y + 0.2 && p.y < a.y + a.height - 0.2,
        ),
    );
    const left = home && points.some((p) => !isInside({ ...p, width: 0, height: 0 }, home));
    return [...(stray ? [`${c.id} runs through ${stray.id}`] : []), ...(left ? [`${c.id} leaves ${body}`] : [])];
  });
}
