import { expect } from '@open-wc/testing';
import { openDB } from 'idb';
import type { FlowDefinition } from '../../src/index.js';
import type { BrowserHost } from '../../src/hosts/browser/index.js';
import { fakeClock } from '../node/fake-clock.js';
import { eventually, hostHarness } from './host-harness.js';

const report: FlowDefinition = {
  flow: 'report',
  kind: 'process',
  activities: [{ id: 'Write', type: 'service', implementation: { ref: 'write' } }],
};
const HOUR = 3_600_000;

describe('schedules in the browser', () => {
  const harness = hostHarness();
  let clock: ReturnType<typeof fakeClock>;
  let written: string[];

  beforeEach(() => {
    clock = fakeClock();
    written = [];
  });

  const open = (...definitions: FlowDefinition[]): Promise<BrowserHost> =>
    harness.open(
      { clock, implementations: { write: (_, { instance }) => (written.push(instance), null) } },
      ...definitions,
    );
  /** Alarms set for a time that has passed ring too, as those of a real clock do. */
  const finished = (host: BrowserHost, count: number): Promise<void> =>
    eventually(async () => {
      clock.advance(0);
      return (await host.list({ status: 'completed' })).length === count;
    });
  /** The executor has dealt with everything that is due. */
  const quiet = (host: BrowserHost): Promise<void> =>
    eventually(async () => {
      const due = (await (await host.schedules()).list()).some((s) => s.next !== undefined && s.next <= clock.now());
      const db = await openDB(harness.name);
      const asked = await db.count('inbox');
      db.close();
      return !due && asked === 0;
    });

  it('start flows at their times, over several tabs once each, whichever tab has made them', async () => {
    const first = await open(report);
    await eventually(() => first.isExecutor);
    const second = await open(report);
    await (await second.schedules()).put({ name: 'hourly', flow: 'report', every: 'PT1H' });
    for (let hour = 1; hour <= 3; hour++) {
      expect((await (await second.schedules()).list())[0]!.next).to.equal(hour * HOUR);
      clock.advance(HOUR);
      await finished(first, hour);
    }
    expect(written).to.deep.equal(['T01', 'T02', 'T03'].map((t) => `hourly@1970-01-01${t}:00:00.000Z`));
  });

  for (const [missed, expected] of [
    ['skip', []],
    ['once', ['05']],
    ['all', ['01', '02', '03', '04', '05']],
  ] as const) {
    it(`that were missed while no page was open are started as "${missed}" says, also without the definition`, async () => {
      const first = await open(report);
      await eventually(() => first.isExecutor);
      await (await first.schedules()).put({ name: 's', flow: 'report', every: 'PT1H', missed });
      await first.close();
      clock.advance(5 * HOUR + 10 * 60_000);
      const second = await open();
      await quiet(second);
      await finished(second, expected.length);
      expect(written).to.deep.equal(expected.map((h) => `s@1970-01-01T${h}:00:00.000Z`));
      expect((await (await second.schedules()).list())[0]!.next).to.equal(6 * HOUR);
    });
  }

  it('start nothing twice when the clock is set back', async () => {
    const host = await open(report);
    await eventually(() => host.isExecutor);
    await (await host.schedules()).put({ name: 's', flow: 'report', every: 'PT1H', missed: 'all' });
    clock.advance(2 * HOUR);
    await finished(host, 2);
    clock.advance(-2 * HOUR);
    dispatchEvent(new Event('focus'));
    clock.advance(2 * HOUR);
    await quiet(host);
    clock.advance(HOUR);
    await finished(host, 3);
    expect(new Set(written).size).to.equal(written.length);
  });

  it('start when the store could not be read as the tab began to execute', async () => {
    const first = await open(report);
    await eventually(() => first.isExecutor);
    await (await first.schedules()).put({ name: 'later', flow: 'report', at: HOUR });
    await quiet(first);
    await first.close();
    const { transaction } = IDBDatabase.prototype;
    let failures = 0;
    IDBDatabase.prototype.transaction = function (this: IDBDatabase, ...how: Parameters<typeof transaction>) {
      if (failures > 0 || ![how[0]].flat().includes('schedules')) return transaction.apply(this, how);
      failures++;
      throw new DOMException('The disk did not answer.', 'NotReadableError');
    } as typeof transaction;
    try {
      const host = await open(report);
      await eventually(() => host.isExecutor && failures === 1);
      clock.advance(HOUR);
      await finished(host, 1);
    } finally {
      IDBDatabase.prototype.transaction = transaction;
    }
    expect(written).to.deep.equal(['later@1970-01-01T01:00:00.000Z']);
  });

  it('start once when the tab that was about to is replaced', async () => {
    const first = await open(report);
    await eventually(() => first.isExecutor);
    await (await first.schedules()).put({ name: 's', flow: 'report', every: 'PT1H' });
    const second = await open(report);
    clock.advance(HOUR);
    await first.close();
    await eventually(() => second.isExecutor);
    await finished(second, 1);
    await quiet(second);
    expect(new Set(written).size).to.equal(1);
    expect((await second.list()).length).to.equal(1);
  });
});
