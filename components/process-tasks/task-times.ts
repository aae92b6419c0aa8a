// Times of tasks in people's words, and the order of a work list.
import type { TaskView } from '../../src/runtime/index.js';

/** Important first, then what is due first, then the oldest. */
export function byUrgency(a: TaskView, b: TaskView): number {
  return (
    (b.priority ?? 0) - (a.priority ?? 0) ||
    (a.dueAt ?? Infinity) - (b.dueAt ?? Infinity) ||
    a.createdAt - b.createdAt ||
    (a.id < b.id ? -1 : 1)
  );
}

export function timeOf(at: number, language: string): string {
  return new Intl.DateTimeFormat(language, { dateStyle: 'medium', timeStyle: 'short' }).format(at);
}

const UNITS = [
  ['day', 86_400_000],
  ['hour', 3_600_000],
  ['minute', 60_000],
] as const;

/** `2 hours ago`, `now`. */
export function timeAgo(at: number, language: string, now: number = Date.now()): string {
  const format = new Intl.RelativeTimeFormat(language, { numeric: 'auto' });
  for (const [unit, length] of UNITS) {
    const passed = Math.floor((now - at) / length);
    if (passed >= 1) return format.format(-passed, unit);
  }
  return format.format(0, 'second');
}
