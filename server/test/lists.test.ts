// What lists give: all of it, page by page, and nothing that is not the caller's to see, however it is asked for.
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { createRemoteHost } from '../../src/hosts/remote/index.js';
import type { FlowDefinition, InstanceView, TaskView } from '../../src/index.js';
import { eventually, startTestServer, type Client, type TestServer } from './harness.js';
import { readSettings } from '../src/settings.js';

const asked: FlowDefinition = {
  flow: 'asked',
  kind: 'process',
  input: { customer: { type: 'object' }, n: { type: 'number' } },
  activities: [{ id: 'Decide', type: 'user', role: 'sales' }],
};
const COUNT = 5;

describe('lists of the server', () => {
  let t: TestServer;
  before(async () => {
    t = await startTestServer();
    await t.deploy(asked);
    const starts = Array.from({ length: COUNT }, (_, n) =>
      t.as('bob').start('asked', { n, customer: { id: `c${n % 2}` } }, { id: `bobs-${n}`, key: `K${n}` }),
    );
    await Promise.all(starts);
  });
  after(() => t.close());

  const search = async (client: Client, query: Record<string, string>): Promise<readonly string[]> => {
    const { status, body } = await client.get<readonly InstanceView[]>(`/v1/instances?${new URLSearchParams(query)}`);
    assert.equal(status, 200, JSON.stringify(body));
    return body.map(({ id }) => id);
  };

  it('come page by page, with nothing left out or told twice', async () => {
    const all = await search(t.operator, { flow: 'asked' });
    assert.equal(all.length, COUNT);
    const pages: string[] = [];
    for (;;) {
      const page = await search(t.operator, {
        flow: 'asked',
        limit: '2',
        ...(pages.length > 0 ? { after: pages.at(-1)! } : {}),
      });
      pages.push(...page);
      if (page.length < 2) break;
    }
    assert.deepEqual(pages, all);
    assert.equal((await t.operator.get('/v1/instances?after=nobody')).status, 404);
  });

  it('give tasks page by page, too, and go on after one that has been done meanwhile', async () => {
    const ada = t.as('ada');
    const page = async (query: string): Promise<readonly TaskView[]> => {
      const { status, body } = await ada.get<readonly TaskView[]>(`/v1/tasks?${query}`);
      assert.equal(status, 200, JSON.stringify(body));
      return body;
    };
    const all = await page('');
    assert.equal(all.length, COUNT);
    const first = await page('limit=2');
    const last = first[1]!;
    assert.equal((await ada.post(`/v1/tasks/${last.id}/complete`)).status, 204);
    const place = encodeURIComponent(`${last.createdAt},${last.id}`);
    const ids = [...first, ...(await page(`limit=1000&after=${place}`))].map(({ id }) => id);
    assert.deepEqual(
      ids,
      all.map(({ id }) => id),
    );
    for (const wrong of ['x', last.id, `${last.createdAt},`])
      assert.equal((await ada.get(`/v1/tasks?after=${encodeURIComponent(wrong)}`)).status, 400, wrong);
    const { id } = await t.as('bob').start('asked', { n: 0, customer: {} }, { id: 'bobs-later' });
    assert.equal((await page('')).at(-1)?.instance, id);
  });

  it('give a page all the tasks there are, however many', async () => {
    const many: FlowDefinition = {
      flow: 'many',
      kind: 'process',
      input: { count: { type: 'number' } },
      activities: [
        {
          id: 'Read',
          type: 'user',
          role: 'reader',
          loop: { kind: 'forEach', items: 'count', concurrency: 5000 },
        },
      ],
    };
    await t.deploy(many);
    const count = 4200;
    await t.as('bob').start('many', { count }, { id: 'many' });
    const host = createRemoteHost({ url: t.url, apiKey: t.keyOf('operator'), delegate: true });
    const tasks = await eventually('all are listed', async () => {
      const found = await host.tasks({ id: 'rita', roles: ['reader'] });
      return found.length === count && found;
    });
    assert.equal(new Set(tasks.map(({ id }) => id)).size, count);
    await host.close();
    await t.operator.post('/v1/instances/many/cancel');
  });

  it('show somebody the one that is theirs among many that are not', async () => {
    await t.as('stranger').start('asked', {}, { id: 'own' });
    assert.deepEqual(await search(t.as('stranger'), { limit: '1' }), ['own']);
    assert.deepEqual(await search(t.as('eve'), {}), []);
    assert.equal((await search(t.as('ada'), { flow: 'asked' })).length, COUNT + 2);
  });

  it('find by variables and business key, but only for those who may read them', async () => {
    const variables = JSON.stringify({ 'customer.id': 'c1', n: 3 });
    assert.deepEqual(await search(t.as('bob'), { variables }), ['bobs-3']);
    assert.deepEqual(await search(t.operator, { variables }), ['bobs-3']);
    // Ada sees that it goes on; what is in it she cannot find out by asking.
    assert.deepEqual(await search(t.as('ada'), { variables }), []);
    assert.deepEqual(await search(t.as('ada'), { key: 'K3' }), []);
    for (const wrong of ['c1', '[1]', '{"n":{}}', 'null'])
      assert.equal((await t.operator.get(`/v1/instances?variables=${encodeURIComponent(wrong)}`)).status, 400, wrong);
  });

  it('find by indexed variables what is there now, also after a version that has not indexed them', async () => {
    const bill = (more: object): FlowDefinition => ({
      flow: 'bill',
      kind: 'process',
      variables: { state: { initial: 'open', ...more } },
      activities: [{ id: 'Pay', type: 'user', role: 'sales', output: { state: '$output' } }],
    });
    await t.deploy(bill({ indexed: true }));
    const [one, two] = [await t.as('bob').start('bill'), await t.as('bob').start('bill')];
    const found = (client: Client, state: string): Promise<readonly string[]> =>
      search(client, { flow: 'bill', variables: JSON.stringify({ state }) });
    assert.deepEqual((await found(t.operator, 'open')).length, 2);
    assert.equal((await t.as('ada').post(`/v1/tasks/${one.tasks[0]!.id}/complete`, { output: 'paid' })).status, 204);
    assert.deepEqual([await found(t.operator, 'open'), await found(t.as('bob'), 'paid')], [[two.id], [one.id]]);
    assert.deepEqual(await found(t.as('ada'), 'paid'), [], 'who may not read variables cannot ask for them');
    await t.deploy(bill({}));
    const three = await t.as('bob').start('bill');
    assert.deepEqual(await found(t.operator, 'open'), [three.id, two.id]);
  });

  it('are the same for a page', async () => {
    const host = createRemoteHost({ url: t.url, apiKey: t.keyOf('bob') });
    const found = async (query: Parameters<typeof host.list>[0]): Promise<readonly string[]> =>
      (await host.list(query)).map(({ id }) => id);
    assert.equal((await found({ flow: 'asked' })).length, COUNT + 2);
    assert.equal((await found({ flow: 'asked', limit: 4 })).length, 4);
    assert.deepEqual(await found({ flow: 'asked', variables: { n: 2 }, status: ['running', 'failed'] }), ['bobs-2']);
    assert.deepEqual(await found({ changedFrom: Date.now() + 60_000 }), []);
    await host.close();
  });
});

it('the data folder of a settings file is relative to the file', () => {
  const folder = mkdtempSync(join(tmpdir(), 'millrace-settings-'));
  const file = join(folder, 'conf', 'server.json');
  mkdirSync(join(folder, 'conf'));
  writeFileSync(file, JSON.stringify({ data: 'kept' }));
  assert.equal(readSettings({}, { MILLRACE_CONFIG: file }).data, join(folder, 'conf', 'kept'));
  assert.equal(readSettings({}, { MILLRACE_CONFIG: file, MILLRACE_DATA: '/elsewhere' }).data, '/elsewhere');
  rmSync(folder, { recursive: true, force: true });
});
