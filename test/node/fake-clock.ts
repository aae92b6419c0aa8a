import type { Clock } from '../../src/index.js';

/** Time that moves only when told to. */
export function fakeClock(): Clock & { advance: (ms: number) => void } {
  let now = 0;
  const alarms = new Set<{ at: number; callback: () => void }>();
  return {
    now: () => now,
    at: (at, callback) => {
      const alarm = { at, callback };
      alarms.add(alarm);
      // What is due already need not wait until time moves on.
      if (at <= now) queueMicrotask(() => alarms.delete(alarm) && callback());
      return () => alarms.delete(alarm);
    },
    advance: (ms) => {
      now += ms;
      for (const alarm of [...alarms].filter((a) => a.at <= now).sort((a, b) => a.at - b.at)) {
        if (alarms.delete(alarm)) alarm.callback();
      }
    },
  };
}
