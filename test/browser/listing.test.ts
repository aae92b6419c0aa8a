import { expect } from '@open-wc/testing';
import type { FlowDefinition } from '../../src/index.js';
import type { BrowserHost } from '../../src/hosts/browser/index.js';
import { fakeClock } from '../node/fake-clock.js';
import { eventually, hostHarness } from './host-harness.js';
import { restoreDatabase, type StoredDatabase } from './stored.js';

const waiting = (flow: string): FlowDefinition => ({
  flow,
  kind: 'process',
  variables: { n: {} },
  activities: [{ id: 'Wait', type: 'user', role: 'r' }],
});

describe('listing in the browser', () => {
  const harness = hostHarness();

  /** Forty of two flows, a second apart; every tenth is cancelled. */
  async function filled(more: { encryptionKey?: CryptoKey } = {}): Promise<BrowserHost> {
    const clock = fakeClock();
    const host = await harness.open({ clock, ...more }, waiting('odd'), waiting('even'));
    await eventually(() => host.isExecutor);
    for (let n = 0; n < 40; n++) {
      await host.start(n % 2 ? 'odd' : 'even', { n }, { id: `i${n}`, key: `k${n}` });
      if (n % 10 === 0) await host.cancel(`i${n}`);
      clock.advance(1000);
    }
    return host;
  }
  const ids = async (host: BrowserHost, query: Parameters<BrowserHost['list']>[0]): Promise<readonly string[]> =>
    (await host.list(query)).map(({ id }) => id);

  async function holds(host: BrowserHost): Promise<void> {
    expect(await ids(host, { limit: 3 })).to.deep.equal(['i39', 'i38', 'i37']);
    expect(await ids(host, { flow: 'even', limit: 2 })).to.deep.equal(['i38', 'i36']);
    expect(await ids(host, { flow: 'none', limit: 2 })).to.deep.equal([]);
    expect(await ids(host, { status: 'cancelled', limit: 3 })).to.deep.equal(['i30', 'i20', 'i10']);
    expect(await ids(host, { status: 'cancelled' })).to.deep.equal(['i30', 'i20', 'i10', 'i0']);
    expect(await ids(host, { status: 'running', limit: 1, variables: { n: 1 } })).to.deep.equal(['i1']);
    expect(await ids(host, { flow: 'odd', key: 'k7' })).to.deep.equal(['i7']);
    expect(await ids(host, { key: 'k8', limit: 1 })).to.deep.equal(['i8']);
    expect(await ids(host, { limit: 100 })).to.have.length(40);
    expect(await ids(host, { status: 'running' })).to.have.length(36);
  }

  it('gives the newest of those that are meant', async () => {
    await holds(await filled());
  });

  it('gives the same where everything is encrypted', async () => {
    const encryptionKey = await crypto.subtle.generateKey({ name: 'AES-GCM', length: 256 }, false, [
      'encrypt',
      'decrypt',
    ]);
    await holds(await filled({ encryptionKey }));
  });

  it('gives what an earlier version has stored', async () => {
    const file = new URL('./stores/version-1.json', import.meta.url);
    await restoreDatabase(harness.name, (await (await fetch(file)).json()) as StoredDatabase);
    const host = await harness.open();
    const done = await ids(host, { flow: 'order', status: ['completed', 'cancelled'], limit: 1 });
    expect(done).to.have.length(1);
    expect(await ids(host, { status: ['completed', 'cancelled'], limit: 9 })).to.have.members(['done', 'cancelled']);
  });
});
