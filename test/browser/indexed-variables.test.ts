import { expect } from '@open-wc/testing';
import type { FlowDefinition, VariableDefinition } from '../../src/index.js';
import type { BrowserHost, BrowserHostOptions } from '../../src/hosts/browser/index.js';
import { hostHarness, until, written } from './host-harness.js';

const order = (version: string, state: VariableDefinition): FlowDefinition => ({
  flow: 'order',
  version,
  kind: 'process',
  variables: { state: { initial: 'new', ...state }, to: { indexed: ['city'] } },
  activities: [
    { id: 'Pay', type: 'user', role: 'r', output: { state: '$output' } },
    {
      id: 'Send',
      type: 'service',
      implementation: { ref: 'send', arguments: { state: 'state' } },
      output: { state: "'sent'" },
    },
    { id: 'Arrive', type: 'service', implementation: { ref: 'arrive' } },
  ],
  connectors: [
    { id: 'c1', from: 'Pay', to: 'Send' },
    { id: 'c2', from: 'Send', to: 'Arrive' },
  ],
});
const indexed = order('1', { indexed: true });

describe('variables that are indexed', () => {
  const harness = hostHarness();
  const ann = { id: 'ann', roles: ['r'] };
  /** Stores of which all rows were asked for. */
  let read: string[];
  const getAll = IDBObjectStore.prototype.getAll;

  beforeEach(() => {
    read = [];
    IDBObjectStore.prototype.getAll = function (...args) {
      read.push(this.name);
      return getAll.apply(this, args);
    };
  });
  afterEach(() => {
    IDBObjectStore.prototype.getAll = getAll;
  });

  const open = (options: BrowserHostOptions = {}, ...flows: readonly FlowDefinition[]): Promise<BrowserHost> =>
    harness.open(
      { implementations: { send: () => null, arrive: () => new Promise<never>(() => {}) }, ...options },
      ...flows,
    );

  async function pay(host: BrowserHost, id: string, output: string): Promise<void> {
    await host.send({ type: 'complete', task: (await host.get(id))!.tasks[0]!.id, user: ann, output });
  }

  async function found(
    host: BrowserHost,
    variables: Record<string, string>,
    flow?: string,
  ): Promise<readonly string[]> {
    read = [];
    return (await host.list({ variables, ...(flow === undefined ? {} : { flow }) })).map(({ id }) => id).sort();
  }

  async function holds(host: BrowserHost): Promise<void> {
    expect(await found(host, { state: 'new' })).to.deep.equal(['c', 'd']);
    expect(await found(host, { state: 'sent' }, 'order')).to.deep.equal(['a', 'b']);
    expect(await found(host, { state: 'paid' })).to.deep.equal([]);
    expect(await found(host, { 'to.city': 'Ulm' })).to.deep.equal(['b', 'd']);
    expect(await found(host, { 'to.city': 'Ulm', state: 'sent' })).to.deep.equal(['b']);
  }

  /** Two of them have gone on, in a step of which only the log has heard. */
  async function begun(options: BrowserHostOptions = {}): Promise<BrowserHost> {
    const host = await open(options, indexed);
    for (const id of ['a', 'b', 'c', 'd'])
      await host.start('order', { to: { city: 'bd'.includes(id) ? 'Ulm' : 'Bonn' } }, { id });
    for (const id of ['a', 'b']) {
      await pay(host, id, 'paid');
      await until(host, id, ({ variables }) => variables['state'] === 'sent');
    }
    return host;
  }

  it('find what has a value now, in every tab, before it is written and after, and read nothing else', async () => {
    const first = await begun();
    const second = await open({}, indexed);
    for (const host of [first, second]) await holds(host);
    await written(harness.name);
    for (const host of [first, second]) {
      await holds(host);
      expect(read).not.to.include('summaries');
      expect(read).not.to.include('instances');
    }
  });

  it('find the same where everything is encrypted, and are not to be read', async () => {
    const algorithm = { name: 'AES-GCM', length: 256 };
    const encryptionKey = await crypto.subtle.generateKey(algorithm, false, ['encrypt', 'decrypt']);
    const host = await begun({ encryptionKey });
    await holds(host);
    await written(harness.name);
    await holds(host);
  });

  it('find also what is pinned to a definition that does not have them indexed', async () => {
    const host = await begun();
    await host.deploy(order('0', {}));
    await host.start('order', {}, { id: 'old' });
    expect(await found(host, { state: 'new' })).to.deep.equal(['c', 'd', 'old']);
    await host.deploy(indexed);
    await host.start('order', {}, { id: 'young' });
    expect(await found(host, { state: 'new' }, 'order')).to.deep.equal(['c', 'd', 'old', 'young']);
  });

  it('are indexed when an instance is moved to a definition that asks for it, or is taken in', async () => {
    const host = await open({}, order('0', {}));
    await host.start('order', {}, { id: 'old' });
    const management = await host.management();
    await management.migrate('old', indexed);
    const archive = await management.export('old');
    expect(await found(host, { state: 'new' }, 'order')).to.deep.equal(['old']);
    const other = `${harness.name}-other`;
    const elsewhere = await open({ name: other }, indexed);
    await (await elsewhere.management()).import(archive);
    expect(await found(elsewhere, { state: 'new' })).to.deep.equal(['old']);
    expect(read).not.to.include('summaries');
    await elsewhere.close();
    indexedDB.deleteDatabase(other);
  });

  it('may be long', async () => {
    const host = await begun();
    for (const end of ['x', 'y']) await pay(host, end === 'x' ? 'c' : 'd', `${'long '.repeat(100)}${end}`);
    await Promise.all(['c', 'd'].map((id) => until(host, id, ({ variables }) => variables['state'] === 'sent')));
    await host.send({ type: 'edit', instance: 'c', variables: { state: `${'long '.repeat(100)}x` } });
    await host.send({ type: 'edit', instance: 'd', variables: { state: `${'long '.repeat(100)}y` } });
    expect(await found(host, { state: `${'long '.repeat(100)}y` })).to.deep.equal(['d']);
  });
});
