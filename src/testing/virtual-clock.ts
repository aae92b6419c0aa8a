// Time that stands still until somebody moves it: for tests, and for trying a process of weeks in a moment.
import type { Clock } from '../hosts/index.js';

export interface VirtualClock extends Clock {
  /** When the next alarm is due, epoch ms. */
  next(): number | undefined;
  /** Moves time to this moment (epoch ms) and rings the alarms that are due by then, in order. Never goes back. */
  moveTo(at: number): void;
}

export function createVirtualClock(start = 0): VirtualClock {
  let now = start;
  const alarms = new Set<{ readonly at: number; readonly callback: () => void }>();
  const due = (): { readonly at: number; readonly callback: () => void } | undefined => {
    let first: { readonly at: number; readonly callback: () => void } | undefined;
    for (const alarm of alarms) if (!first || alarm.at < first.at) first = alarm;
    return first;
  };
  return {
    now: () => now,
    at: (at, callback) => {
      const alarm = { at, callback };
      alarms.add(alarm);
      return () => void alarms.delete(alarm);
    },
    next: () => due()?.at,
    moveTo: (at) => {
      for (let alarm = due(); alarm && alarm.at <= at; alarm = due()) {
        now = Math.max(now, alarm.at);
        alarms.delete(alarm);
        alarm.callback();
      }
      now = Math.max(now, at);
    },
  };
}
