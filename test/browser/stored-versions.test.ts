import { expect } from '@open-wc/testing';
import { openDB } from 'idb';
import { compile, replayEvent, type FlowDefinition, type FlowState } from '../../src/index.js';
import type { BrowserHost } from '../../src/hosts/browser/index.js';
import { SCHEMA_VERSION, SUMMARISED, type InstanceRecord, type LogRecord } from '../../src/hosts/browser/schema.js';
import { readRows, type ReadRow } from '../stored-journal.js';
import { eventually, hostHarness, until } from './host-harness.js';
import { restoreDatabase, storedDatabase, type StoredDatabase } from './stored.js';

const clerk = { id: 'ada', roles: ['clerk'] };

/** Every store that a version of this package has written is kept in `stores/` (`record.mjs` keeps one), and must stay readable. */
for (const version of [1, 2, 3, 4, 5, 6]) {
  describe(`a database that version ${version} has written`, () => {
    const harness = hostHarness();
    let recorded: StoredDatabase;
    let called: string[];

    beforeEach(async () => {
      const file = new URL(`./stores/version-${version}.json`, import.meta.url);
      recorded = (await (await fetch(file)).json()) as StoredDatabase;
      await restoreDatabase(harness.name, recorded);
      called = [];
    });

    const open = (): Promise<BrowserHost> =>
      harness.open({
        implementations: {
          price: () => 1,
          ship: (_, { instance }) => (called.push(instance), null),
          count: ({ n }, { activity, instance }) => (called.push(`${instance} ${activity}`), (n as number) + 1),
        },
      });
    const rows = <Row>(store: string, from: StoredDatabase = recorded): readonly Row[] =>
      (from.stores[store]?.rows ?? []) as readonly Row[];
    /** As the log has it, if it has it newer. */
    const instances = (): Iterable<InstanceRecord> => {
      const newest = new Map(rows<InstanceRecord>('instances').map((record) => [record.id, record]));
      for (const record of rows<LogRecord>('log').flatMap((commit) => commit.instances ?? []))
        if (record.rows > (newest.get(record.id)?.rows ?? 0)) newest.set(record.id, record);
      return newest.values();
    };
    /** With the rows that are only in the log, as long as they follow. */
    const journalsOf = (from: StoredDatabase): ReadonlyMap<string, readonly ReadRow[]> => {
      const journals = new Map<string, ReadRow[]>();
      for (const row of readRows(rows('journal', from))) journals.set(row.id, [...(journals.get(row.id) ?? []), row]);
      for (const row of readRows(rows<LogRecord>('log', from).flatMap((commit) => commit.rows))) {
        const journal = journals.get(row.id) ?? [];
        if (row.previous === journal.at(-1)?.hash || (journal.length === 0 && row.row === 1))
          journals.set(row.id, [...journal, row]);
      }
      return journals;
    };

    it('is read back as it was written', async () => {
      expect(await storedDatabase(harness.name)).to.deep.equal(recorded);
    });

    it('loses nothing when it is upgraded', async () => {
      const host = await open();
      for (const { id, status, state, busy } of instances()) {
        // Those go on by themselves.
        if (busy || id === 'approving') continue;
        expect(await host.get(id)).to.deep.include({ status, variables: state.pool, v: state.v });
      }
      const listed = (await (await host.schedules()).list()).map(({ name, next }) => ({ name, next }));
      expect(listed).to.deep.equal(
        rows<{ name: string; next: number }>('schedules').map(({ name, next }) => ({ name, next })),
      );
      await host.close();
      const upgraded = await storedDatabase(harness.name);
      expect(upgraded.version).to.equal(SCHEMA_VERSION);
      const kept = journalsOf(upgraded);
      for (const [id, journal] of journalsOf(recorded))
        expect(kept.get(id)!.slice(0, journal.length)).to.deep.equal(journal);
    });

    it('is listed as it is, from its instances first and from their summaries then', async () => {
      const host = await open();
      const ids = rows<InstanceRecord>('instances').map(({ id }) => id);
      const listed = async (): Promise<void> => {
        const views = new Map((await host.list()).map((view) => [view.id, view]));
        for (const id of ids) {
          const view = await host.get(id);
          // Those that go on by themselves may be further by now.
          if (view?.v === views.get(id)?.v) expect(views.get(id)).to.deep.equal(view);
          expect(views.has(id)).to.equal(true);
        }
      };
      await listed();
      const db = await openDB(harness.name);
      await eventually(async () => (await db.get('meta', SUMMARISED)) !== undefined);
      db.close();
      await listed();
    });

    it('has journals that replay to the states in it, and whose chain is unbroken', async () => {
      const flows = await Promise.all(
        rows<{ definition: FlowDefinition }>('definitions').map(({ definition }) => compile(definition)),
      );
      for (const record of instances()) {
        const flow = flows.find(({ hash }) => hash === record.hash)!;
        let replayed: FlowState | undefined;
        let previous = record.hash;
        for (const row of journalsOf(recorded).get(record.id)!) {
          expect(row.previous).to.equal(previous);
          previous = row.hash;
          for (const { event } of row.records) replayed = replayEvent(flow, replayed, event);
          if (row.row !== record.rows) continue;
          // Early versions also stored which activities are active, which the runs say.
          const bare = { effects: [], changes: [], active: {} };
          expect({ ...replayed, ...bare }).to.deep.equal({ ...record.state, ...bare });
          expect(previous).to.equal(record.lastHash);
        }
      }
    });

    it('goes on where it was: requests, signals, tasks, and what was in flight', async () => {
      const host = await open();
      const asked = await until(host, 'asked-for', (v) => v.tasks.length === 1);
      expect(asked.variables).to.deep.include({ item: 'stool', total: 1 });
      const unknown = await until(host, 'shipping', (v) => v.status === 'failed');
      expect(unknown.failure!.code).to.equal('Indeterminate');
      // The payment for the desk came before anybody waited for it.
      const task = (await host.tasks(clerk)).find((t) => t.instance === 'approving')!;
      await eventually(() => host.isExecutor);
      await host.send({ type: 'complete', task: task.id, user: clerk, output: { approved: true } });
      await until(host, 'approving', (v) => v.status === 'completed');
      await host.send({ type: 'signal', signal: { name: 'paid', key: 'lamp', id: 's1' } });
      await host.send({ type: 'signal', signal: { name: 'paid', key: 'chair', id: 's4' } });
      await until(host, 'paying', (v) => v.status === 'completed');
      expect(called.filter((id) => !id.includes(' ')).sort()).to.deep.equal(['approving', 'paying']);
    });

    if (version >= 2) {
      it('goes on where the log says, and does nothing again that is done', async () => {
        const host = await open();
        const view = await until(host, 'chained', (v) => v.status === 'completed');
        expect(view.output).to.deep.equal({ n: 4 });
        expect(called.filter((id) => id.includes(' '))).to.deep.equal(['chained Four']);
      });
    }
  });
}
