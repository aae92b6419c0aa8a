// What is kept of a version's store: instances in every situation that an upgrade must not lose, some of them in the middle of a call.
import { createBrowserHost, type BrowserHost } from '../../../src/hosts/browser/index.js';
import type { FlowDefinition } from '../../../src/index.js';
import { eventually, until } from '../host-harness.js';
import { storedDatabase, type StoredDatabase } from '../stored.js';

const order: FlowDefinition = {
  flow: 'order',
  version: '1.0.0',
  kind: 'process',
  roles: { clerk: {} },
  output: { total: 'total' },
  variables: { total: { initial: 0 } },
  activities: [
    {
      id: 'Price',
      type: 'service',
      implementation: { ref: 'price', arguments: { item: 'item' } },
      output: { total: '$output' },
    },
    {
      id: 'Approve',
      type: 'user',
      role: 'clerk',
      input: { total: 'total' },
      output: { approved: '$output.approved' },
      boundary: [{ id: 'late', event: 'timer', after: 'P400D', interrupting: false }],
    },
    { id: 'Paid', type: 'receive', message: { name: 'paid', key: 'item' } },
    { id: 'Ship', type: 'service', implementation: { ref: 'ship', onResume: 'once' } },
  ],
  connectors: [
    { id: 'c1', from: 'Price', to: 'Approve' },
    { id: 'c2', from: 'Approve', to: 'Paid', condition: 'approved' },
    { id: 'c3', from: 'Paid', to: 'Ship' },
  ],
};
const numbers = ['One', 'Two', 'Three', 'Four'];
const chain: FlowDefinition = {
  flow: 'chain',
  kind: 'process',
  output: { n: 'n' },
  variables: { n: { initial: 0 } },
  activities: numbers.map((id) => ({
    id,
    type: 'service',
    implementation: { ref: 'count', arguments: { n: 'n' } },
    output: { n: '$output' },
  })),
  connectors: numbers.slice(1).map((id, i) => ({ id: `c${i + 1}`, from: numbers[i]!, to: id })),
};
const clerk = { id: 'ada', roles: ['clerk'] };
const never = new Promise<never>(() => {});

async function record(): Promise<StoredDatabase> {
  const name = `recorded-${crypto.randomUUID()}`;
  const host = await createBrowserHost({
    name,
    implementations: {
      price: ({ item }) => {
        if (item === 'nothing') throw Object.assign(new Error('No such item.'), { code: 'NoStock' });
        return 1;
      },
      ship: (_, { instance }) => (instance === 'shipping' ? never : null),
      count: ({ n }, { instance, activity }) =>
        instance === 'chained' && activity === 'Four' ? never : (n as number) + 1,
    },
  });
  await host.deploy(order);
  await host.deploy(chain);
  const started = (id: string, item: string): Promise<unknown> => host.start('order', { item }, { id, key: item });
  const waiting = (id: string): Promise<unknown> => until(host, id, (v) => v.tasks.length === 1);
  const paidFor = async (id: string, key: string, signal: string): Promise<void> => {
    await approved(host, id);
    await host.send({ type: 'signal', signal: { name: 'paid', key, id: signal, data: { by: 'card' } } });
  };
  await eventually(() => host.isExecutor);
  for (const [id, item] of Object.entries({
    done: 'lamp',
    shipping: 'sofa',
    paying: 'chair',
    approving: 'desk',
    cancelled: 'bed',
  })) {
    await started(id, item);
    await waiting(id);
  }
  // These are in their stores; what comes now stands in the log only.
  await eventually(async () => (await storedDatabase(name)).stores['instances']!.rows.length === 5);
  await paidFor('done', 'lamp', 's1');
  await until(host, 'done', (v) => v.status === 'completed');
  await paidFor('shipping', 'sofa', 's2');
  await until(host, 'shipping', (v) => v.activities['Ship']?.state === 'running');
  await approved(host, 'paying');
  await host.send({ type: 'signal', signal: { name: 'paid', key: 'desk', id: 's3', data: { by: 'card' } } });
  await host.cancel('cancelled', 'Not wanted any more.');
  await started('failed', 'nothing');
  await until(host, 'failed', (v) => v.status === 'failed');
  await host.start('chain', {}, { id: 'counted' });
  await until(host, 'counted', (v) => v.status === 'completed');
  await host.start('chain', {}, { id: 'chained' });
  await until(host, 'chained', (v) => v.activities['Four']?.state === 'running');
  const scheduler = await host.schedules();
  const yearly = { name: 'yearly', flow: 'chain', cron: '0 0 1 1 *', timezone: 'UTC', from: '2040-01-01T00:00:00Z' };
  await scheduler.put(yearly);
  // A request that no executor has seen: it comes from a tab whose message was lost.
  const { hash } = await host.deploy(order);
  await addRequest(name, { id: 'r1', at: 1, type: 'start', instance: 'asked-for', hash, input: { item: 'stool' } });
  // The ledger is written in a transaction of its own.
  await eventually(async () => (await storedDatabase(name)).stores['ledger']!.rows.length === 2);
  return storedDatabase(name);
}

async function approved(host: BrowserHost, id: string): Promise<void> {
  const task = (await host.tasks(clerk)).find((t) => t.instance === id)!;
  await host.send({ type: 'complete', task: task.id, user: clerk, output: { approved: true } });
}

async function addRequest(name: string, row: Readonly<Record<string, unknown>>): Promise<void> {
  const opening = indexedDB.open(name);
  await new Promise((resolve) => opening.addEventListener('success', resolve));
  const tx = opening.result.transaction('inbox', 'readwrite');
  tx.objectStore('inbox').add({ ...row, options: {} });
  await new Promise((resolve) => tx.addEventListener('complete', resolve));
  opening.result.close();
}

Object.assign(globalThis, { record });
