import { expect } from '@open-wc/testing';
import { openDB } from 'idb';
import type { BrowserHostOptions } from '../../src/hosts/browser/index.js';
import type { FlowDefinition, JsonObject } from '../../src/index.js';
import { Connection } from '../../src/hosts/browser/connection.js';
import { takeOver } from '../../src/hosts/browser/take-over.js';
import { eventually, hostHarness, until, written } from './host-harness.js';

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

  /** A tab has made the first of `calls`, and has gone; those that are `never` answered are noted with who made them. */
  async function callLeftBehind(): Promise<{ calls: string[]; never: (who: string) => () => Promise<null> }> {
    const calls: string[] = [];
    const never = (who: string) => () => (calls.push(who), new Promise<null>(() => {}));
    const first = await harness.open({ implementations: { do: never('first') } }, work);
    await first.start('work', {}, { id: 'one' });
    await eventually(() => calls.length === 1);
    await first.close();
    return { calls, never };
  }

  it('begins nothing when the lock is stolen from it before it has', async () => {
    const { calls, never } = await callLeftBehind();

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

  it('makes no call again that somebody else has taken up since it was read', async () => {
    const { calls, never } = await callLeftBehind();

    let giveBack!: () => void;
    const kept = new Promise<void>((resolve) => (giveBack = resolve));
    void navigator.locks.request(`millrace:${harness.name}`, () => kept);
    const second = await harness.open({ implementations: { do: never('second') } });
    const other = new Connection(harness.name, 'relaxed');
    await other.read((db) => db.count('log'));
    // When it asks for the definition, it has read what was in flight.
    const { get } = IDBObjectStore.prototype;
    let taken: Promise<unknown> | undefined;
    IDBObjectStore.prototype.get = function (...args) {
      if (this.name === 'definitions') taken ??= other.write((tx) => takeOver(tx, 1), ['meta', 'log']);
      return get.apply(this, args);
    };
    giveBack();
    await eventually(() => taken);
    IDBObjectStore.prototype.get = get;
    await taken;
    await other.close();
    await eventually(() => !second.isExecutor || calls.length > 1);
    expect(calls).to.deep.equal(['first']);
    // Nobody else has the lock, so it takes over once more.
    await eventually(() => calls.length === 2);
  });

  for (const isSealed of [false, true]) {
    it(`takes up hundreds of calls, each once, and what was not stored with them${isSealed ? ', also where all is encrypted' : ''}`, async () => {
      const algorithm = { name: 'AES-GCM', length: 256 };
      const options: BrowserHostOptions = {
        durability: 'relaxed',
        ...(isSealed && { encryptionKey: await crypto.subtle.generateKey(algorithm, false, ['encrypt', 'decrypt']) }),
      };
      const twice: FlowDefinition = {
        flow: 'twice',
        kind: 'process',
        variables: { n: { initial: 0 } },
        activities: [
          {
            id: 'One',
            type: 'service',
            implementation: { ref: 'count', arguments: { n: 'n' } },
            output: { n: '$output' },
          },
          {
            id: 'Two',
            type: 'service',
            implementation: { ref: 'do', arguments: { n: 'n' } },
            output: { n: '$output' },
          },
        ],
        connectors: [{ id: 'c', from: 'One', to: 'Two' }],
      };
      const once: FlowDefinition = {
        flow: 'once',
        kind: 'process',
        activities: [{ id: 'Do', type: 'service', implementation: { ref: 'do', onResume: 'once' } }],
      };
      let letOn!: () => void;
      const on = new Promise<void>((resolve) => (letOn = resolve));
      const never = (): Promise<null> => new Promise<null>(() => {});
      const count = ({ n }: JsonObject): number => (n as number) + 1;
      const first = await harness.open(
        { ...options, implementations: { do: never, count: (args) => on.then(() => count(args)) } },
        work,
        twice,
        once,
      );
      await eventually(() => first.isExecutor);
      const many = Array.from({ length: 260 }, (_, n) => `i${n}`);
      await Promise.all(many.map((id) => first.start('work', {}, { id })));
      await Promise.all(['t0', 't1'].map((id) => first.start('twice', {}, { id })));
      await first.start('once', {}, { id: 'once' });
      await written(harness.name);
      // These go on, in steps that are in the log only.
      letOn();
      await Promise.all(['t0', 't1'].map((id) => until(first, id, ({ variables }) => variables['n'] === 1)));
      await first.close();

      const calls: string[] = [];
      const signals = new Map<string, AbortSignal>();
      const second = await harness.open({
        ...options,
        implementations: {
          count: () => (calls.push('count'), 0),
          do: ({ n }, { idempotencyKey, instance, signal }) => {
            calls.push(`${idempotencyKey}${n === undefined ? '' : ` n=${n as number}`}`);
            signals.set(instance, signal);
            return never();
          },
        },
      });
      await eventually(() => calls.length === 262);
      const expected = [...many.map((id) => `${id}/i1`), 't0/i2 n=1', 't1/i2 n=1'];
      expect(calls.toSorted()).to.deep.equal(expected.sort());
      const lost = await until(second, 'once', ({ status }) => status === 'failed');
      expect(lost.failure!.code).to.equal('Indeterminate');
      await second.cancel('i7');
      expect(signals.get('i7')!.aborted).to.equal(true);
      expect(signals.get('i8')!.aborted).to.equal(false);
      expect(calls).to.have.length(262);
    });
  }
});
