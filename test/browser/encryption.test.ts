import { expect } from '@open-wc/testing';
import { openDB } from 'idb';
import type { FlowDefinition, FlowError } from '../../src/index.js';
import { createBrowserHost, type BrowserHost } from '../../src/hosts/browser/index.js';
import { fakeClock } from '../node/fake-clock.js';
import { eventually, hostHarness, until, written } from './host-harness.js';
import { storedDatabase } from './stored.js';

const SECRET = 'topsecret';
const order: FlowDefinition = {
  flow: 'order',
  kind: 'process',
  roles: { clerk: {} },
  output: { card: 'card' },
  activities: [
    {
      id: 'Note',
      name: `Note ${SECRET}`,
      type: 'service',
      implementation: { ref: 'note' },
      output: { card: '$output' },
    },
    { id: 'Approve', type: 'user', role: 'clerk', input: { card: 'card' } },
    { id: 'Paid', type: 'receive', message: { name: 'paid' }, output: { payment: '$output' } },
  ],
  connectors: [
    { id: 'c1', from: 'Note', to: 'Approve' },
    { id: 'c2', from: 'Approve', to: 'Paid' },
  ],
};
const clerk = { id: 'ada', roles: ['clerk'] };

describe('a store with a key', () => {
  const harness = hostHarness();
  let key: CryptoKey;
  let clock: ReturnType<typeof fakeClock>;
  beforeEach(async () => {
    key = await newKey();
    clock = fakeClock();
  });

  const newKey = (): Promise<CryptoKey> =>
    crypto.subtle.generateKey({ name: 'AES-GCM', length: 256 }, false, ['encrypt', 'decrypt']);
  const open = async (encryptionKey?: CryptoKey): Promise<BrowserHost> => {
    const host = await harness.open(
      { clock, implementations: { note: () => SECRET }, ...(encryptionKey ? { encryptionKey } : {}) },
      order,
    );
    return host;
  };
  const executing = async (encryptionKey?: CryptoKey): Promise<BrowserHost> => {
    const host = await open(encryptionKey);
    await eventually(() => host.isExecutor);
    return host;
  };
  const approving = async (host: BrowserHost, id: string): Promise<void> => {
    await host.start('order', { pin: SECRET }, { id });
    await until(host, id, (v) => v.tasks.length === 1);
  };
  const finish = async (host: BrowserHost, id: string): Promise<void> => {
    const task = (await host.tasks(clerk)).find((t) => t.instance === id)!;
    await host.send({ type: 'complete', task: task.id, user: clerk });
    await host.send({ type: 'signal', signal: { name: 'paid', data: { by: SECRET } } });
    const done = await until(host, id, (v) => v.status === 'completed');
    expect(done.output).to.deep.equal({ card: SECRET });
  };

  it('holds nothing readable of the data, and processes go on after a reload', async () => {
    const host = await executing(key);
    const second = await open(key);
    await approving(host, 'o1');
    await approving(second, 'o2');
    await second.send({ type: 'signal', signal: { name: 'paid', data: { by: SECRET } } });
    await (await host.schedules()).put({ name: 's', flow: 'order', every: 'PT1H', input: { pin: SECRET } });
    await second.close();
    const inLog = (await storedDatabase(harness.name)).stores['log']!.rows;
    expect(JSON.stringify(inLog)).to.contain('sealed').and.not.to.contain(SECRET);
    await written(harness.name);
    await host.close();
    const { stores } = await storedDatabase(harness.name);
    for (const [store, { rows }] of Object.entries(stores)) {
      if (['definitions', 'instances', 'journal', 'signals', 'schedules'].includes(store))
        expect(rows, store).to.have.length.greaterThan(0);
      expect(JSON.stringify(rows), store).not.to.contain(SECRET);
    }
    const later = await executing(key);
    expect((await later.get('o1'))!.variables).to.deep.equal({ pin: SECRET, card: SECRET });
    await finish(later, 'o1');
    clock.advance(3_600_000);
    await eventually(async () => (await later.list()).length === 3);
    const history = await later.history('o2');
    expect(history[0]!.event).to.deep.include({ type: 'begin', input: { pin: SECRET } });
  });

  it('does not open with another key, nor without one, and says so', async () => {
    const host = await executing(key);
    await approving(host, 'o1');
    await host.close();
    for (const wrong of [{ encryptionKey: await newKey() }, {}]) {
      const error = (await createBrowserHost({ name: harness.name, ...wrong }).catch((e: unknown) => e)) as FlowError;
      expect([error.code, error.retryable]).to.deep.equal(['FLOW-STORAGE-KEY', false]);
    }
    await finish(await executing(key), 'o1');
  });

  it('still reads what was stored before there was a key, and stores the rest of it encrypted', async () => {
    const plain = await executing();
    await approving(plain, 'o1');
    await written(harness.name);
    await plain.close();
    const host = await executing(key);
    await finish(host, 'o1');
    await written(harness.name);
    const db = await openDB(harness.name);
    await eventually(async () => (await db.getAll('summaries')).every((pack: object) => 'sealed' in pack));
    db.close();
    expect((await host.list())[0]).to.deep.equal(await host.get('o1'));
    await host.close();
    const { stores } = await storedDatabase(harness.name);
    const [record] = stores['instances']!.rows;
    expect(record).to.have.property('sealed');
    const [first] = stores['journal']!.rows;
    expect(JSON.stringify(first)).to.contain(SECRET);
    expect(JSON.stringify(stores['journal']!.rows.at(-1))).not.to.contain(SECRET);
  });

  it('notices a row that was put in the place of another', async () => {
    const host = await executing(key);
    await approving(host, 'o1');
    await approving(host, 'o2');
    await written(harness.name);
    await host.close();
    const db = await openDB(harness.name);
    await db.put('instances', { ...(await db.get('instances', 'o1')), id: 'o2' });
    db.close();
    const later = await executing(key);
    expect((await later.get('o2').catch((e: FlowError) => e)) as FlowError).to.include({ code: 'FLOW-STORAGE-KEY' });
    expect((await later.get('o1'))!.tasks).to.have.length(1);
  });

  it('notices when what lists show was put in the place of another', async () => {
    const host = await executing(key);
    await approving(host, 'o1');
    await written(harness.name);
    await host.close();
    const db = await openDB(harness.name);
    for (const pack of await db.getAll('summaries')) await db.put('summaries', { ...pack, seq: pack.seq + 1000 });
    db.close();
    const later = await executing(key);
    expect((await later.list().catch((e: FlowError) => e)) as FlowError).to.include({ code: 'FLOW-STORAGE-KEY' });
  });

  it('lets instances be exported, which are then readable, taken in, moved and removed', async () => {
    const host = await executing(key);
    await approving(host, 'o1');
    const management = await host.management();
    const archive = await management.export('o1');
    expect(archive.state.pool).to.deep.equal({ pin: SECRET, card: SECRET });
    await management.migrate('o1', { ...order, version: '2.0.0' });
    await host.cancel('o1');
    expect((await management.prune({ instances: 0 })).removed).to.equal(1);
    await management.import(archive);
    expect((await management.export('o1')).hash).to.equal(archive.hash);
    await finish(host, 'o1');
  });
});
