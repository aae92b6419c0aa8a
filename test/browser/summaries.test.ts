import { expect } from '@open-wc/testing';
import { deleteDB } from 'idb';
import { Connection } from '../../src/hosts/browser/connection.js';
import type { CommitUnit } from '../../src/hosts/browser/commit-unit.js';
import { GroupCommit } from '../../src/hosts/browser/group-commit.js';
import { Packing } from '../../src/hosts/browser/packing.js';
import { SUMMARISED, type InstanceRecord, type SummaryPack } from '../../src/hosts/browser/schema.js';
import { readPacks, type Summary } from '../../src/hosts/browser/summary-pack.js';
import { takeOver } from '../../src/hosts/browser/take-over.js';
import { Vault } from '../../src/hosts/browser/vault.js';
import type { BrowserHost } from '../../src/hosts/browser/index.js';
import type { FlowDefinition } from '../../src/index.js';
import { hostHarness, written } from './host-harness.js';

const waiting = (flow: string): FlowDefinition => ({
  flow,
  kind: 'process',
  variables: { n: {} },
  activities: [{ id: 'Wait', type: 'user', role: 'r' }],
});

/** The same numbers every time. */
function dice(seed: number): (sides: number) => number {
  let state = seed;
  return (sides) => (state = (state * 1_103_515_245 + 12_345) % 2_147_483_648) % sides;
}

function recordOf(n: number, rows: number, text = ''): InstanceRecord {
  const id = `i${n}`;
  const run = { token: 'i1', activity: 'Wait', scope: '', state: 'ready', phase: 'task', attempt: 1 } as const;
  return {
    id,
    flow: n % 2 ? 'odd' : 'even',
    hash: `hash-${n % 2}`,
    status: 'running',
    header: { id, startedAt: n, changedAt: rows, ...(n % 3 === 0 ? { key: `k${n}` } : {}) },
    state: {
      instance: id,
      v: rows,
      status: 'running',
      pool: { n, rows, text },
      runs: { i1: run },
      arrivals: {},
      stragglers: {},
      nextToken: 2,
      compensable: [],
      participants: [],
      undos: {},
      doers: n % 5 === 0 ? { Wait: 'ann' } : {},
      effects: [],
      changes: [],
    },
    fold: { Wait: { state: 'ready', completed: rows } },
    rows,
    lastHash: `${n} ${rows}`,
    open: 1,
    busy: 0,
    awaits: [],
  };
}

describe('the summaries that lists are made of', () => {
  let name: string;
  let connection: Connection;

  beforeEach(() => {
    name = `test-${crypto.randomUUID()}`;
  });
  afterEach(async () => {
    await connection.close();
    await deleteDB(name);
  });

  async function executor(
    vault?: Vault,
  ): Promise<{ commit: (unit: CommitUnit) => Promise<unknown>; packing: Packing }> {
    connection = new Connection(name, 'relaxed', vault);
    const commits = new GroupCommit(connection, () => Infinity);
    const { epoch, seq } = await connection.write((tx) => takeOver(tx, 1), ['meta', 'log']);
    commits.begin(epoch, seq);
    const commit = (unit: CommitUnit): Promise<unknown> => commits.commit(unit, epoch);
    return { commit, packing: new Packing({ connection, epoch: () => epoch, isExecuting: () => true, commit }) };
  }

  async function packs(): Promise<readonly SummaryPack[]> {
    const { vault } = connection;
    const stored = await connection.read((db) => db.getAll('summaries'));
    return vault ? Promise.all(stored.map((pack) => vault.open('summaries', pack))) : stored;
  }

  /** What is to be seen of every instance that is stored. */
  async function expected(): Promise<readonly object[]> {
    const { vault } = connection;
    const stored = await connection.read((db) => db.getAll('instances'));
    const opened = vault ? await Promise.all(stored.map((row) => vault.open('instances', row))) : stored;
    return opened.map((record) => seen(record)).sort(byId);
  }

  function seen({
    id,
    flow,
    hash,
    rows,
    header,
    state,
    fold,
  }: Summary): { readonly id: string } & Record<string, unknown> {
    const { status, v, pool, doers, runs } = state;
    return { id, flow, hash, rows, header, fold, status, v, pool, doers, tokens: Object.keys(runs) };
  }
  const byId = (a: { readonly id: string }, b: { readonly id: string }): number => (a.id < b.id ? -1 : 1);

  async function agree(): Promise<void> {
    const { summaries } = readPacks(await packs());
    expect([...summaries.values()].map(seen).sort(byId)).to.deep.equal(await expected());
  }

  for (const sealed of [false, true]) {
    it(`say what is stored, however often they are packed anew${sealed ? ', also where all is encrypted' : ''}`, async () => {
      const key = { name: 'AES-GCM', length: 256 };
      const vault = sealed ? new Vault(await crypto.subtle.generateKey(key, false, ['encrypt', 'decrypt'])) : undefined;
      const { commit, packing } = await executor(vault);
      const roll = dice(7);
      const rows = new Map<number, number>();
      for (let i = 0; i < 300; i++) {
        const n = roll(60);
        if (rows.has(n) && roll(4) === 0) {
          rows.delete(n);
          await commit({ removed: `i${n}` });
        } else {
          rows.set(n, (rows.get(n) ?? 0) + 1);
          await commit({ instance: recordOf(n, rows.get(n)!) });
        }
        if (roll(10) > 0) continue;
        await packing.tidy();
        await agree();
      }
      await packing.tidy();
      await agree();
      expect((await packs()).length).to.be.lessThan(40);
    });
  }

  it('become few rows when few instances are written again and again', async () => {
    const { commit, packing } = await executor();
    for (let i = 1; i <= 400; i++) {
      await commit({ instance: recordOf(i % 3, i) });
      if (i % 16 === 0) await packing.tidy();
    }
    expect((await packs()).length).to.be.lessThan(20);
    await agree();
  });

  it('do not have what later ones say anew for ever', async () => {
    const { commit, packing } = await executor();
    const all = Array.from({ length: 200 }, (_, n) => n);
    for (let round = 1; round <= 9; round++) {
      await Promise.all(all.map((n) => commit({ instance: recordOf(n, round, 'x'.repeat(500)) })));
      await packing.tidy();
    }
    const inPacks = (await packs()).reduce((sum, { count }) => sum + count, 0);
    expect(inPacks).to.be.lessThan(700);
    await agree();
  });

  it('keep nothing of what is gone', async () => {
    const { commit, packing } = await executor();
    for (let n = 0; n < 40; n++) await commit({ instance: recordOf(n, 1, `secret-${n}-`) });
    for (let n = 0; n < 40; n += 2) await commit({ removed: `i${n}` });
    await packing.tidy();
    await agree();
    const text = (await packs()).map((pack) => pack.text).join();
    for (let n = 0; n < 40; n++) expect(text.includes(`secret-${n}-`)).to.equal(n % 2 === 1);
    expect(text).not.to.include('"i0"');
  });

  it('are split where instances are large', async () => {
    const { commit } = await executor();
    await Promise.all(Array.from({ length: 50 }, (_, n) => commit({ instance: recordOf(n, 1, 'y'.repeat(5000)) })));
    for (const { text } of await packs()) expect(text.length).to.be.lessThan(64 * 1024);
    await agree();
  });

  it('are added for what was there before, also when that is interrupted', async () => {
    const { commit, packing } = await executor();
    await Promise.all(Array.from({ length: 300 }, (_, n) => commit({ instance: recordOf(n, 1) })));
    await connection.write(
      (tx) => {
        tx.objectStore('summaries').delete(IDBKeyRange.lowerBound([]));
        tx.objectStore('meta').delete(SUMMARISED);
      },
      ['summaries', 'meta'],
    );
    // It comes as far as the first packs, and somebody goes on with an instance meanwhile.
    let left = 2;
    const interrupted = new Packing({
      connection,
      epoch: () => 1,
      isExecuting: () => left-- > 0,
      commit,
    });
    await interrupted.tidy().catch(() => {});
    expect(await connection.read((db) => db.get('meta', SUMMARISED))).to.equal(undefined);
    await commit({ instance: recordOf(1, 2) });
    await commit({ removed: 'i2' });
    await packing.tidy();
    expect(await connection.read((db) => db.get('meta', SUMMARISED))).to.deep.equal({ key: SUMMARISED, value: 1 });
    await agree();
    await packing.tidy();
    await agree();
  });
});

describe('lists of many instances', () => {
  const harness = hostHarness();
  /** More than are read one by one. */
  const MANY = 260;

  async function filled(): Promise<BrowserHost> {
    const host = await harness.open({ durability: 'relaxed' }, waiting('odd'), waiting('even'));
    const starts = Array.from({ length: MANY }, (_, n) => host.start(n % 2 ? 'odd' : 'even', { n }, { id: `i${n}` }));
    await Promise.all(starts);
    return host;
  }

  it('show what each of them is, in every tab, before it is written and after', async () => {
    const first = await filled();
    const second = await harness.open({}, waiting('odd'), waiting('even'));
    const tasks = await first.tasks();
    for (const { instance, id } of tasks.slice(0, 5)) {
      await first.send({ type: 'complete', task: id, user: { id: 'ann', roles: ['r'] } });
      expect((await first.get(instance))!.status).to.equal('completed');
    }
    const check = async (host: BrowserHost): Promise<void> => {
      const all = await host.list();
      expect(all).to.have.length(MANY);
      for (const view of all.filter((_, i) => i % 25 === 0)) expect(view).to.deep.equal(await host.get(view.id));
      expect(await host.list({ status: 'completed' })).to.have.length(5);
      expect(await host.list({ status: 'running' })).to.have.length(MANY - 5);
      expect(await host.list({ flow: 'odd' })).to.have.length(MANY / 2);
      expect((await host.list({ variables: { n: 77 } })).map(({ id }) => id)).to.deep.equal(['i77']);
      expect(await host.tasks()).to.have.length(MANY - 5);
    };
    for (const host of [first, second]) await check(host);
    await written(harness.name);
    for (const host of [first, second]) await check(host);
    await first.close();
    await check(second);
  });

  it('do not show what was pruned', async () => {
    const host = await filled();
    await Promise.all(Array.from({ length: 8 }, (_, n) => host.cancel(`i${n}`)));
    await written(harness.name);
    await (await host.management()).prune({ instances: 0 });
    expect((await host.list()).map(({ id }) => id)).not.to.include('i7');
    expect(await host.list()).to.have.length(MANY - 8);
    const later = await harness.open();
    expect(await later.list()).to.have.length(MANY - 8);
  });
});
