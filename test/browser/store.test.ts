import { expect } from '@open-wc/testing';
import {
  compile,
  createMemoryHost,
  createStoreImplementation,
  type FlowDefinition,
  type FlowHost,
  type InstanceView,
  type JsonObject,
} from '../../src/index.js';

let databases = 0;

function transfer(name: string): FlowDefinition {
  const put = (id: string, key: string, value: string): FlowDefinition['activities'][number] => ({
    id,
    type: 'service',
    implementation: { ref: 'store', arguments: { collection: '"accounts"', key: `"${key}"`, value } },
  });
  return {
    flow: name,
    kind: 'process',
    input: { amount: true, ok: true },
    activities: [
      put('take', 'from', '100 - amount'),
      put('give', 'to', 'amount'),
      { id: 'check', type: 'route', split: 'xor' },
      { id: 'refuse', type: 'route', throw: { event: 'error', code: 'TooMuch' } },
      { id: 'fine', type: 'route' },
    ],
    connectors: [
      { id: 'a', from: 'take', to: 'give' },
      { id: 'b', from: 'give', to: 'check' },
      { id: 'c', from: 'check', to: 'refuse', condition: 'ok = false' },
      { id: 'd', from: 'check', to: 'fine', default: true },
    ],
    spheres: [{ id: 'move', kind: 'atomic', activities: ['take', 'give', 'check', 'refuse', 'fine'] }],
  };
}

async function ended(host: FlowHost, flow: string, input: JsonObject): Promise<InstanceView> {
  const { id } = await host.start(flow, input);
  return new Promise((resolve) => {
    const look = (view: InstanceView): void => void (view.status === 'running' || resolve(view));
    host.watch(id, look);
    void host.get(id).then((view) => look(view!));
  });
}

function hosted(): { host: FlowHost; read: (key: string) => Promise<unknown> } {
  const store = createStoreImplementation({ database: `store-test-${++databases}-${Date.now()}` });
  const host = createMemoryHost({ implementations: { store } });
  let n = 0;
  const read = async (key: string): Promise<unknown> => {
    const context = { idempotencyKey: `read/i${++n}`, activity: 'read' } as Parameters<typeof store.prepare>[1];
    const value = await store.prepare({ action: 'get', collection: 'accounts', key }, context);
    await store.commit(undefined, context);
    return value;
  };
  return { host, read };
}

describe('the store', () => {
  it('keeps what an atomic sphere has written once it is done', async () => {
    const { host, read } = hosted();
    await host.deploy(await compile(transfer('transfer')));
    expect((await ended(host, 'transfer', { amount: 30, ok: true })).status).to.equal('completed');
    expect(await read('from')).to.equal(70);
    expect(await read('to')).to.equal(30);
  });

  it('keeps nothing of an atomic sphere that fails, and holds no record any longer', async () => {
    const { host, read } = hosted();
    await host.deploy(await compile(transfer('transfer')));
    await ended(host, 'transfer', { amount: 30, ok: true });
    const failed = await ended(host, 'transfer', { amount: 90, ok: false });
    expect(failed.failure?.code).to.equal('TooMuch');
    expect(await read('from')).to.equal(70);
    expect(await read('to')).to.equal(30);
    expect((await ended(host, 'transfer', { amount: 50, ok: true })).status).to.equal('completed');
    expect(await read('from')).to.equal(50);
  });

  it('keeps a record from others while a transaction holds it, and says so', async () => {
    const store = createStoreImplementation({ database: `store-test-${++databases}-${Date.now()}` });
    const context = (key: string, transaction?: string): Parameters<typeof store.prepare>[1] =>
      ({ idempotencyKey: key, activity: 'A', ...(transaction ? { transaction } : {}) }) as Parameters<
        typeof store.prepare
      >[1];
    await store.prepare({ key: 'k', value: 1 }, context('one/i1', 'one/i0'));
    const seen = await store.prepare({ key: 'k', action: 'get' }, context('one/i2', 'one/i0'));
    expect(seen, 'a transaction sees what it has prepared').to.equal(1);
    let code = '';
    await Promise.resolve(store.prepare({ key: 'k', value: 2 }, context('two/i1'))).catch(
      (e: { code: string }) => (code = e.code),
    );
    expect(code).to.equal('FLOW-STORE-LOCKED');
    for (const key of ['one/i2', 'one/i1']) await store.rollback(undefined, context(key, 'one/i0'));
    expect(await store.prepare({ key: 'k', action: 'get' }, context('three/i1'))).to.equal(null);
  });

  it('gets, puts, deletes and lists outside of transactions', async () => {
    const { host } = hosted();
    const does = (id: string, args: Record<string, string>): FlowDefinition['activities'][number] => ({
      id,
      type: 'service',
      implementation: { ref: 'store', arguments: { collection: '"c"', ...args } },
      output: { [id]: '$output' },
    });
    await host.deploy(
      await compile({
        flow: 'f',
        kind: 'microflow',
        variables: { put: {}, put2: {}, get: {}, gone: {}, list: {} },
        activities: [
          does('put', { key: '"b"', value: '{"n": 1}' }),
          does('put2', { key: '"a"', value: '2' }),
          does('get', { key: '"b"', action: '"get"' }),
          does('gone', { key: '"b"', action: '"delete"' }),
          does('list', { action: '"list"' }),
        ],
        connectors: [
          { id: '1', from: 'put', to: 'put2' },
          { id: '2', from: 'put2', to: 'get' },
          { id: '3', from: 'get', to: 'gone' },
          { id: '4', from: 'gone', to: 'list' },
        ],
      }),
    );
    const { variables, failure } = await ended(host, 'f', {});
    expect(failure).to.equal(undefined);
    expect(variables['get']).to.deep.equal({ n: 1 });
    expect(variables['gone']).to.equal(true);
    expect(variables['list']).to.deep.equal([{ key: 'a', value: 2 }]);
  });
});
