// Flows that start by the clock: each time that was asked for starts one instance, never early, whatever happens to tabs and clocks.
import type { ScheduleRecord } from '../../src/hosts/schedules/schedule.js';
import type { Schedule } from './schedule.js';

export const HOUR = 3_600_000;

export function checkSchedules({ committed, browser, violations }: Schedule): void {
  const expected = new Set<string>();
  for (const plan of committed.planned.values())
    for (const at of timesOf(plan)) expected.add(`${plan.name}@${iso(at)}`);
  for (const id of expected) if (!committed.instances.has(id)) violations.push(`${id} was never started`);
  for (const id of committed.instances.keys()) {
    // Flows that it has called have its name, too.
    const [name, time] = id.split('/')[0]!.split('@');
    if (time === undefined || !committed.planned.has(name!) || id.includes('/')) continue;
    if (!expected.has(id)) violations.push(`${id} was started, and nobody had asked for it`);
    const { moment } = committed.rows(id)[0]!;
    const early = Date.parse(time) - browser.latestBetween(0, moment);
    if (early > 0) violations.push(`${id} was started ${early} ms early`);
  }
}

/** Every hour from its first time on, or that one only. */
function timesOf({ settings, next }: ScheduleRecord): readonly number[] {
  if (next === undefined) return [];
  const until = typeof settings.until === 'number' ? settings.until : next;
  return Array.from({ length: Math.floor((until - next) / HOUR) + 1 }, (_, i) => next + i * HOUR);
}

function iso(at: number): string {
  return new Date(at).toISOString();
}
