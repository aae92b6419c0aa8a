// What the main thread of a page works, as Chromium itself counts it: scripts, styles, layout and paint. `cpu` is the time of
// the thread, which does not grow when other programs want the processor; `wall` is what a clock on the wall shows.

const CATEGORIES = ['devtools.timeline', 'disabled-by-default-devtools.timeline', 'blink.user_timing'];

/**
 * Per frame, from the trace: the sum of the tasks since the last frame was handed over (`Commit`), its own included. `work`
 * marks with `performance.mark` where what counts begins (`begin`) and ends (`end`).
 */
export async function workPerFrame(browser, page, work) {
  await browser.startTracing(page, { categories: CATEGORIES });
  const result = await work();
  const { traceEvents } = JSON.parse((await browser.stopTracing()).toString());
  const mark = (name) => traceEvents.find((e) => e.cat.includes('blink.user_timing') && e.name === name);
  const [begin, end] = [mark('begin'), mark('end')];
  const own = traceEvents
    .filter((e) => e.pid === begin.pid && e.tid === begin.tid && e.ts >= begin.ts && e.ts <= end.ts)
    .sort((a, b) => a.ts - b.ts);
  const commits = own.filter((e) => e.name === 'Commit').map((e) => e.ts);
  const frames = commits.map(() => ({ wall: 0, cpu: 0 }));
  for (const task of own.filter((e) => e.name === 'RunTask' && e.ph === 'X')) {
    const frame = frames[commits.findIndex((ts) => ts >= task.ts)];
    if (!frame) continue;
    frame.wall += task.dur / 1000;
    frame.cpu += (task.tdur ?? task.dur) / 1000;
  }
  return {
    result,
    frames: frames.length,
    wall: spread(frames.map((f) => f.wall)),
    cpu: spread(frames.map((f) => f.cpu)),
  };
}

/** Gives a function that says for how long (ms) the main thread has worked since it was last asked. */
export async function workSince(page) {
  const session = await page.context().newCDPSession(page);
  await session.send('Performance.enable', { timeDomain: 'threadTicks' });
  let last = 0;
  return async () => {
    const { metrics } = await session.send('Performance.getMetrics');
    const now = metrics.find(({ name }) => name === 'TaskDuration').value * 1000;
    const since = now - last;
    last = now;
    return since;
  };
}

/** Median, 95 of 100 and the worst, rounded to tenths. */
export function spread(values) {
  const sorted = values.toSorted((a, b) => a - b);
  const at = (part) => Math.round((sorted[Math.floor((sorted.length - 1) * part)] ?? 0) * 10) / 10;
  return { median: at(0.5), p95: at(0.95), p99: at(0.99), worst: at(1) };
}
