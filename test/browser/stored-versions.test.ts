import { expect } from '@open-wc/testing';
import { compile, replayEvent, type FlowDefinition, type FlowState } from '../../src/index.js';
import type { BrowserHost } from '../../src/hosts/browser/index.js';
import type { InstanceRecord, JournalRow } from '../../src/hosts/browser/schema.js';
import { eventually, hostHarness, until } from './host-harness.js';
import { restoreDatabase, storedDatabase, type StoredDatabase } from './stored.js';

const clerk = { id: 'ada', roles: ['clerk'] };

/** Every store that a version of this package has written is kept in `stores/`, and must stay readable. */
describe('a database that version 1 has written', () => {
  const harness = hostHarness();
  let recorded: StoredDatabase;
  let shipped: string[];

  beforeEach(async () => {
    recorded = (await (await fetch(new URL('./stores/version-1.json', import.meta.url))).json()) as StoredDatabase;
    await restoreDatabase(harness.name, recorded);
    shipped = [];
  });

  const open = (): Promise<BrowserHost> =>
    harness.open({
      implementations: { price: () => 1, ship: (_, { instance }) => (shipped.push(instance), null) },
    });
  const rows = <Row>(store: string, from: StoredDatabase = recorded): readonly Row[] =>
    from.stores[store]!.rows as readonly Row[];

  it('is read back as it was written', async () => {
    expect(await storedDatabase(harness.name)).to.deep.equal(recorded);
  });

  it('loses nothing when it is upgraded', async () => {
    const host = await open();
    for (const { id, status, state } of rows<InstanceRecord>('instances')) {
      if (id === 'shipping' || id === 'approving') continue;
      expect(await host.get(id)).to.deep.include({ status, variables: state.pool, v: state.v });
    }
    await host.close();
    const upgraded = await storedDatabase(harness.name);
    expect(upgraded.version).to.be.greaterThan(1);
    const key = ({ id, row }: JournalRow): string => `${id} ${row}`;
    const kept = new Map(rows<JournalRow>('journal', upgraded).map((row) => [key(row), row]));
    for (const row of rows<JournalRow>('journal')) expect(kept.get(key(row))).to.deep.equal(row);
  });

  it('has journals that replay to the states in it, and whose chain is unbroken', async () => {
    const { definition } = rows<{ definition: FlowDefinition }>('definitions')[0]!;
    const flow = await compile(definition);
    for (const { id, state, hash, lastHash } of rows<InstanceRecord>('instances')) {
      expect(flow.hash).to.equal(hash);
      let replayed: FlowState | undefined;
      let previous = hash;
      for (const row of rows<JournalRow>('journal').filter((r) => r.id === id)) {
        expect(row.previous).to.equal(previous);
        previous = row.hash;
        for (const { event } of row.records) replayed = replayEvent(flow, replayed, event);
      }
      expect({ ...replayed, effects: [], changes: [] }).to.deep.equal({ ...state, effects: [], changes: [] });
      expect(previous).to.equal(lastHash);
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
    expect(shipped.sort()).to.deep.equal(['approving', 'paying']);
  });
});
