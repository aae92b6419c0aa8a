import { expect } from '@open-wc/testing';
import { deleteDB, openDB } from 'idb';
import type { FlowDefinition, FlowError } from '../../src/index.js';
import { createBrowserHost, type BrowserHost } from '../../src/hosts/browser/index.js';
import { Connection } from '../../src/hosts/browser/connection.js';
import { Runtime } from '../../src/runtime/index.js';
import { eventually, hostHarness, until } from './host-harness.js';
import { restoreDatabase, type StoredDatabase } from './stored.js';

const steps: FlowDefinition = {
  flow: 'steps',
  kind: 'process',
  activities: [{ id: 'A', type: 'service', implementation: { ref: 'do' } }],
};
const implementations = { do: (): null => null };
const failing = (work: Promise<unknown>): Promise<FlowError> =>
  work.then(
    () => expect.fail('resolved'),
    (e) => e,
  );

describe('storage that fails', () => {
  const harness = hostHarness();
  const open = IDBFactory.prototype.open;
  const begin = IDBDatabase.prototype.transaction;
  afterEach(() => {
    IDBFactory.prototype.open = open;
    IDBDatabase.prototype.transaction = begin;
  });

  it('denied to the page: processes are refused with a reason, microflows run', async () => {
    IDBFactory.prototype.open = () => {
      throw new DOMException('The operation is insecure.', 'SecurityError');
    };
    const runtime = new Runtime({ database: harness.name });
    runtime.define([steps, { ...steps, flow: 'quick', kind: 'microflow' }]);
    runtime.implement(implementations);
    const error = await failing(runtime.start('steps'));
    expect([error.code, error.retryable]).to.deep.equal(['FLOW-STORAGE-DENIED', false]);
    expect((await (await runtime.start('quick')).done).status).to.equal('completed');
    // Allowed meanwhile: nothing has to be reloaded.
    IDBFactory.prototype.open = open;
    expect((await (await runtime.start('steps')).done).status).to.equal('completed');
    await runtime.close();
  });

  it('a row that is refused takes everything else of its transaction with it, in every browser', async () => {
    const connection = new Connection(harness.name, 'relaxed');
    const add = (value: number, isFirst: boolean): Promise<void> =>
      connection.write(
        (tx) => {
          const rows = [
            () => tx.objectStore('meta').add({ key: 'store', value }),
            () => tx.objectStore('seen').put({ id: `row-${value}`, at: value }),
            () => tx.objectStore('seen').put({ id: `other-${value}`, at: value }),
          ];
          for (const row of isFirst ? rows : rows.reverse()) row();
        },
        ['meta', 'seen'],
      );
    await add(1, true);
    await failing(add(2, true));
    await failing(add(3, false));
    expect((await connection.read((db) => db.getAllKeys('seen'))).sort()).to.deep.equal(['other-1', 'row-1']);
    await connection.close();
  });

  it('held by an older version in a tab that does not let go: told, and no obstacle once it does', async () => {
    const recorded = (await (
      await fetch(new URL('./stores/version-1.json', import.meta.url))
    ).json()) as StoredDatabase;
    await restoreDatabase(harness.name, recorded);
    const old = await openDB(harness.name, 1);
    const error = await failing(createBrowserHost({ name: harness.name }));
    expect([error.code, error.retryable]).to.deep.equal(['FLOW-STORAGE-BLOCKED', true]);
    old.close();
    const host = await harness.open({ implementations }, steps);
    const { id } = await host.start('steps');
    await until(host, id, (v) => v.status === 'completed');
    expect((await host.get('done'))!.status).to.equal('completed');
  });

  it('written by a newer version of the page: told so', async () => {
    (await openDB(harness.name, 999)).close();
    expect((await failing(createBrowserHost({ name: harness.name }))).code).to.equal('FLOW-STORAGE-NEWER');
  });

  it('cleared while the page is open: noticed, and usable again without a reload', async () => {
    const losses: string[] = [];
    const host = await harness.open({ implementations, wiped: ({ code }) => losses.push(code) }, steps);
    await eventually(() => host.isExecutor);
    const { id } = await host.start('steps');
    await until(host, id, (v) => v.status === 'completed');
    expect(losses).to.deep.equal([]);
    await deleteDB(harness.name);
    await eventually(async () => {
      const error = await host.start('steps', {}, { id: 'again' }).catch((e: FlowError) => e);
      return !(error instanceof Error);
    });
    await until(host, 'again', (v) => v.status === 'completed');
    expect(losses).to.deep.equal(['FLOW-STORAGE-WIPED']);
    expect(await host.get(id)).to.equal(undefined);
  });

  it('cleared while no page was open: noticed by the next one, once', async () => {
    const losses: string[] = [];
    const opened = async (): Promise<BrowserHost> => {
      const host = await harness.open({ implementations, wiped: ({ code }) => losses.push(code) }, steps);
      await eventually(() => host.isExecutor);
      return host;
    };
    await (await opened()).close();
    await deleteDB(harness.name);
    await (await opened()).close();
    await opened();
    expect(losses).to.deep.equal(['FLOW-STORAGE-WIPED']);
  });

  for (const durability of ['strict', 'relaxed'] as const) {
    it(`is written to with the durability that was asked for: ${durability}`, async () => {
      const seen = new Set<string | undefined>();
      IDBDatabase.prototype.transaction = function (this: IDBDatabase, ...how: Parameters<typeof begin>) {
        if (how[1] === 'readwrite') seen.add(how[2]?.durability);
        return begin.apply(this, how);
      };
      const host = await harness.open({ implementations, durability }, steps);
      await eventually(() => host.isExecutor);
      const { id } = await host.start('steps');
      await until(host, id, (v) => v.status === 'completed');
      expect([...seen]).to.deep.equal([durability]);
    });
  }
});
