import { expect } from '@open-wc/testing';
import { openDB } from 'idb';
import type { FlowDefinition } from '../../src/index.js';
import { eventually, hostHarness, until } from './host-harness.js';

const work: FlowDefinition = {
  flow: 'work',
  kind: 'process',
  activities: [{ id: 'Do', type: 'service', implementation: { ref: 'do' } }],
};

/** Keeps a store of the database from everybody until it is let go. */
async function blocked(database: string, store: string): Promise<() => void> {
  const db = await openDB(database);
  const tx = db.transaction(store, 'readwrite');
  const kept = { isKept: true };
  void (async () => {
    while (kept.isKept) await tx.store.getKey(0);
    await tx.done;
    db.close();
  })();
  return () => void (kept.isKept = false);
}

describe('a tab that takes over', () => {
  const harness = hostHarness();

  it('begins nothing when the lock is stolen from it before it has', async () => {
    const calls: string[] = [];
    const never = (who: string) => () => (calls.push(who), new Promise<null>(() => {}));
    const first = await harness.open({ implementations: { do: never('first') } }, work);
    await first.start('work', {}, { id: 'one' });
    await eventually(() => calls.length === 1);
    await first.close();

    const free = await blocked(harness.name, 'log');
    const second = await harness.open({ implementations: { do: never('second') } }, work);
    const lock = `millrace:${harness.name}`;
    const isAsked = async (): Promise<boolean> =>
      (await navigator.locks.query()).held!.some(({ name }) => name === lock);
    await eventually(isAsked);
    let giveBack!: () => void;
    await new Promise<void>((stolen) => {
      void navigator.locks.request(lock, { steal: true }, () => {
        stolen();
        return new Promise<void>((resolve) => (giveBack = resolve));
      });
    });
    free();
    // It works as every other tab does: what it asks for waits for an executor.
    const asked = second.start('work', {}, { id: 'two' });
    const db = await openDB(harness.name);
    await eventually(async () => (await db.count('inbox')) === 1);
    db.close();
    expect(second.isExecutor).to.equal(false);
    expect(calls).to.deep.equal(['first']);
    giveBack();
    await asked;
    await eventually(() => calls.length === 3);
    expect(calls).to.deep.equal(['first', 'second', 'second']);
    await until(second, 'two', (v) => v.status === 'running');
  });
});
