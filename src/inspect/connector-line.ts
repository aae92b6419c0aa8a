// The line of a connector through its points, and where its label stands.
import type { Point } from './layout.js';

/** Straight where two points are level or one above the other; else a curve that is level at both its ends. */
export function lineThrough(points: readonly Point[]): string {
  return points
    .map(({ x, y }, i) => {
      const before = points[i - 1];
      if (!before) return `M${round(x)} ${round(y)}`;
      if (before.x === x || before.y === y) return `L${round(x)} ${round(y)}`;
      const middle = round((before.x + x) / 2);
      return `C${middle} ${round(before.y)} ${middle} ${round(y)} ${round(x)} ${round(y)}`;
    })
    .join('');
}

/** The middle of the label: after the ways from one activity have parted. */
export function labelOn(points: readonly Point[]): Point {
  const far = points.findIndex((p, i) => i > 1 && Math.abs(p.x - points[i - 1]!.x) > 16);
  const at = Math.max(1, far);
  const [a, b] = [points[at - 1]!, points[at]!];
  return { x: (a.x + b.x) / 2, y: (a.y + b.y) / 2 - 5 };
}

export function round(n: number): number {
  return Math.round(n * 10) / 10;
}
