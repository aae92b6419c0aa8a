import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { createMemoryHost, type MemoryHost, type ScheduleSettings } from '../../src/index.js';
import { dueAt, timesOf } from '../../src/hosts/schedules/times.js';
import { fakeClock } from './fake-clock.js';
import { flowOf } from './flow-of.js';

const report = flowOf('Write', { flow: 'report', input: { kind: { type: 'string' } } });
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

describe('the times of a schedule', () => {
  it('follow cron expressions in their time zone, over the change to summer time', async () => {
    const settings = { name: 's', flow: 'f', cron: '30 8 * * *', timezone: 'Europe/Berlin' };
    const times = await timesOf(settings, 0);
    const saturday = Date.parse('2026-03-28T08:30:00+01:00');
    assert.equal(times.next(saturday - 1), saturday);
    assert.equal(times.next(saturday), Date.parse('2026-03-29T08:30:00+02:00'));
    assert.equal(times.newest(saturday + 5), saturday);
    assert.equal(times.newest(saturday - 1), saturday - DAY);
  });

  it('keep to "from" and "until"', async () => {
    const times = await timesOf({ name: 's', flow: 'f', every: 'PT1H', from: HOUR, until: 3 * HOUR }, 7);
    assert.deepEqual([times.next(0), times.next(HOUR), times.next(3 * HOUR)], [HOUR, 2 * HOUR, undefined]);
    assert.deepEqual([times.newest(HOUR - 1), times.newest(9 * HOUR)], [undefined, 3 * HOUR]);
  });

  it('are each given out once with "all", however often and late one looks', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 500 }),
        fc.array(fc.integer({ min: -400, max: 3000 }), { minLength: 1, maxLength: 12 }),
        async (pause, looks) => {
          const settings: ScheduleSettings = { name: 's', flow: 'f', every: `PT${pause}S`, from: 0, missed: 'all' };
          const times = await timesOf(settings, 0);
          const started: number[] = [];
          let next: number | undefined = times.next(-1);
          let now = 0;
          let latest = -1;
          for (const step of looks) {
            // The clock may be set back too.
            now += step * 1000;
            latest = Math.max(latest, now);
            for (;;) {
              const due = dueAt({ settings, next: next! }, times, now);
              next = due.next;
              started.push(...due.starts);
              if (due.starts.length === 0) break;
            }
          }
          const expected = Array.from({ length: Math.floor(latest / (pause * 1000)) + 1 }, (_, i) => i * pause * 1000);
          assert.deepEqual(started, expected);
        },
      ),
      { numRuns: 60 },
    );
  });

  it('that were missed are started not at all, once or each, as asked for', async () => {
    const starts = async (missed: 'skip' | 'once' | 'all', now: number): Promise<readonly number[]> => {
      const settings: ScheduleSettings = { name: 's', flow: 'f', every: 'PT1H', from: HOUR, missed };
      return dueAt({ settings, next: HOUR }, await timesOf(settings, 0), now).starts;
    };
    const late = 3 * HOUR + 5 * MINUTE;
    assert.deepEqual(await starts('skip', late), []);
    assert.deepEqual(await starts('skip', 3 * HOUR + 100), [3 * HOUR]);
    assert.deepEqual(await starts('once', late), [3 * HOUR]);
    assert.deepEqual(await starts('all', late), [HOUR, 2 * HOUR, 3 * HOUR]);
  });

  it('missed over years of every second are found at once', async () => {
    const settings: ScheduleSettings = { name: 's', flow: 'f', cron: '* * * * * *' };
    const times = await timesOf(settings, 0);
    const now = 10 * 365 * DAY;
    assert.deepEqual(dueAt({ settings, next: 1000 }, times, now), { starts: [now], next: now + 1000 });
    assert.equal(dueAt({ settings: { ...settings, missed: 'all' }, next: 1000 }, times, now).starts.length, 200);
  });
});

describe('the scheduler of the memory host', () => {
  async function opened(): Promise<{ host: MemoryHost; clock: ReturnType<typeof fakeClock> }> {
    const clock = fakeClock();
    const host = createMemoryHost({ clock, implementations: { do: () => null } });
    await host.deploy(report);
    return { host, clock };
  }

  it('starts a flow at its times, each as one instance that says where it comes from', async () => {
    const { host, clock } = await opened();
    const schedules = await host.schedules();
    const view = await schedules.put({ name: 'daily', flow: 'report', input: { kind: 'short' }, every: 'P1D' });
    assert.equal(view.next, DAY);
    for (let day = 0; day < 2; day++) {
      clock.advance(DAY);
      await host.settled();
    }
    const started = await host.list({ flow: 'report' });
    assert.deepEqual(
      started.map((v) => [v.id, v.startedBy, v.status]),
      [
        ['daily@1970-01-03T00:00:00.000Z', 'schedule daily', 'completed'],
        ['daily@1970-01-02T00:00:00.000Z', 'schedule daily', 'completed'],
      ],
    );
    assert.deepEqual(await schedules.list(), [{ ...view, started: 2, last: 2 * DAY, next: 3 * DAY }]);
  });

  it('starts one at a set time, and no more', async () => {
    const { host, clock } = await opened();
    const schedules = await host.schedules();
    await schedules.put({ name: 'once', flow: 'report', at: '1970-01-01T01:00:00Z' });
    for (const _ of [1, 2, 3]) clock.advance(HOUR);
    await host.settled();
    assert.equal((await host.list()).length, 1);
    assert.equal((await schedules.list())[0]!.next, undefined);
  });

  it('is not moved by putting the same schedule again, and ends with its removal', async () => {
    const { host, clock } = await opened();
    const schedules = await host.schedules();
    const settings = { name: 'hourly', flow: 'report', every: 'PT1H' };
    await schedules.put(settings);
    clock.advance(30 * MINUTE);
    assert.equal((await schedules.put(settings)).next, HOUR);
    await schedules.remove('hourly');
    clock.advance(HOUR);
    await host.settled();
    assert.deepEqual(await host.list(), []);
  });

  it('refuses what could never start, and says why', async () => {
    const { host } = await opened();
    const schedules = await host.schedules();
    const refused = (settings: Partial<ScheduleSettings>, code: string, message: RegExp): Promise<void> =>
      assert.rejects(schedules.put({ name: 'x', flow: 'report', ...settings }), { code, message });
    await refused({ cron: '61 * * * *' }, 'FLOW-SCHEDULE', /61/);
    await refused({ cron: '0 7 * * *', timezone: 'Mars/Base' }, 'FLOW-SCHEDULE', /Mars/);
    await refused({}, 'FLOW-SCHEDULE', /one of/);
    await refused({ every: '1 hour' }, 'FLOW-SCHEDULE', /1 hour/);
    await refused({ every: 'PT1H', at: 5 }, 'FLOW-SCHEDULE', /one of/);
    await refused({ at: 'tomorrow' }, 'FLOW-SCHEDULE', /tomorrow/);
    await refused({ every: 'PT1H', flow: 'repport' }, 'FLOW-UNKNOWN', /report/);
    await refused({ every: 'PT1H', input: { kind: 5 } }, 'FLOW-INPUT', /kind/);
    await host.deploy({ ...report, flow: 'quick', kind: 'microflow' });
    await refused({ every: 'PT1H', flow: 'quick' }, 'FLOW-KIND', /microflow/);
    assert.deepEqual(await schedules.list(), []);
  });
});
