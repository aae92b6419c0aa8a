import { expect } from '@open-wc/testing';
import { compile, replayEvent, type FlowDefinition, type FlowState } from '../../src/index.js';
import type { BrowserHost } from '../../src/hosts/browser/index.js';
import {
  SCHEMA_VERSION,
  type InstanceRecord,
  type JournalChapter,
  type JournalRow,
  type LogRecord,
} from '../../src/hosts/browser/schema.js';
import { eventually, hostHarness, until } from './host-harness.js';
import { restoreDatabase, storedDatabase, type StoredDatabase } from './stored.js';

const clerk = { id: 'ada', roles: ['clerk'] };

/** Every store that a version of this package has written is kept in `stores/` (`record.mjs` keeps one), and must stay readable. */
for (const version of [1, 2, 3, 4]) {
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
    const journalOf = (from: StoredDatabase): readonly JournalRow[] =>
      rows<JournalRow | JournalChapter>('journal', from).flatMap((row) => ('rows' in row ? row.rows : [row]));
    /** With the rows that are only in the log, as long as they follow. */
    const wholeJournal = (id: string): readonly JournalRow[] => {
      const journal = journalOf(recorded).filter((row) => row.id === id);
      for (const row of rows<LogRecord>('log').flatMap((record) => record.rows))
        if (row.id === id && row.previous === journal.at(-1)?.hash) journal.push(row);
      return journal;
    };

    it('is read back as it was written', async () => {
      expect(await storedDatabase(harness.name)).to.deep.equal(recorded);
    });

    it('loses nothing when it is upgraded', async () => {
      const host = await open();
      for (const { id, status, state, busy } of rows<InstanceRecord>('instances')) {
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
      const key = ({ id, row }: JournalRow): string => `${id} ${row}`;
      const kept = new Map(journalOf(upgraded).map((row) => [key(row), row]));
      for (const row of journalOf(recorded)) expect(kept.get(key(row))).to.deep.equal(row);
    });

    it('has journals that replay to the states in it, and whose chain is unbroken', async () => {
      const flows = await Promise.all(
        rows<{ definition: FlowDefinition }>('definitions').map(({ definition }) => compile(definition)),
      );
      for (const record of rows<InstanceRecord>('instances')) {
        const flow = flows.find(({ hash }) => hash === record.hash)!;
        let replayed: FlowState | undefined;
        let previous = record.hash;
        for (const row of wholeJournal(record.id)) {
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
