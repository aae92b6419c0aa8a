// The times of a schedule. Always the next one after a given time: a clock that is set back makes it come later, never twice.
import { parseDuration } from '../../model/index.js';
import { momentOf, scheduleError, type ScheduleRecord, type ScheduleSettings } from './schedule.js';

export interface Times {
  /** The first after this time. */
  next(after: number): number | undefined;
  /** The last at or before this time. */
  newest(upTo: number): number | undefined;
}

/** Starts that are given out at a time; the rest follow at once, and are not lost when the page goes meanwhile. */
const MOST_AT_ONCE = 200;

/** Rejects with `FLOW-SCHEDULE` when the cron expression or the time zone cannot be read. The parser is loaded for it. */
export async function timesOf(settings: ScheduleSettings, createdAt: number): Promise<Times> {
  const { name, at, every, cron, from, until } = settings;
  const first = from === undefined ? -Infinity : momentOf(from);
  const end = until === undefined ? Infinity : momentOf(until);
  const times =
    at !== undefined
      ? onceAt(momentOf(at))
      : every !== undefined
        ? everySo(parseDuration(every)!, from === undefined ? createdAt : first, from !== undefined)
        : await byCron(name, cron!, settings.timezone);
  const inBounds = (time: number | undefined): number | undefined =>
    time === undefined || time < first || time > end ? undefined : time;
  return {
    next: (after) => inBounds(times.next(Math.max(after, first - 1))),
    newest: (upTo) => inBounds(times.newest(Math.min(upTo, end))),
  };
}

function onceAt(at: number): Times {
  return { next: (after) => (at > after ? at : undefined), newest: (upTo) => (at <= upTo ? at : undefined) };
}

function everySo(pause: number, anchor: number, withAnchor: boolean): Times {
  const least = withAnchor ? 0 : 1;
  return {
    next: (after) => anchor + Math.max(least, Math.floor((after - anchor) / pause) + 1) * pause,
    newest: (upTo) => {
      const count = Math.floor((upTo - anchor) / pause);
      return count < least ? undefined : anchor + count * pause;
    },
  };
}

async function byCron(name: string, expression: string, timezone: string | undefined): Promise<Times> {
  const { Cron } = await import('croner');
  try {
    const cron = new Cron(expression, { paused: true, ...(timezone === undefined ? {} : { timezone }) });
    // An unknown time zone shows only when a time is asked for.
    cron.nextRun(new Date(0));
    return {
      next: (after) => cron.nextRun(new Date(after))?.getTime(),
      // Whole seconds, strictly before the reference.
      newest: (upTo) =>
        cron
          .previousRuns(2, new Date(upTo + 1000))
          .map((run) => run.getTime())
          .find((run) => run <= upTo),
    };
  } catch (cause) {
    throw scheduleError(name, `"${expression}" cannot be read: ${(cause as Error).message}`, cause);
  }
}

/** What is to be started now, oldest first, and when to look again. */
export function dueAt(
  { settings, next }: Pick<ScheduleRecord, 'settings' | 'next'>,
  times: Times,
  now: number,
): { readonly starts: readonly number[]; readonly next?: number } {
  if (next === undefined) return { starts: [] };
  if (next > now) return { starts: [], next };
  const { missed = 'once', tolerance = 'PT1M' } = settings;
  if (missed === 'once') return given([times.newest(now) ?? next], times.next(now));
  const starts: number[] = [];
  const onTime = now - parseDuration(tolerance)!;
  let time: number | undefined = missed === 'all' || next >= onTime ? next : times.next(onTime - 1);
  for (; time !== undefined && time <= now && starts.length < MOST_AT_ONCE; time = times.next(time)) starts.push(time);
  return given(starts, time);
}

function given(starts: readonly number[], next: number | undefined): { starts: readonly number[]; next?: number } {
  return { starts, ...(next === undefined ? {} : { next }) };
}
