// What lists give: all of it, page by page, and nothing that is not the caller's to see, however it is asked for.
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { createRemoteHost } from '../../src/hosts/remote/index.js';
import type { FlowDefinition, InstanceView, TaskView } from '../../src/index.js';
import { startTestServer, type Client, type TestServer } from './harness.js';
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
    const { body: tasks } = await t.as('ada').get<readonly TaskView[]>('/v1/tasks?limit=3');
    assert.equal(tasks.length, 3);
  });

  it('show somebody the one that is theirs among many that are not', async () => {
    await t.as('stranger').start('asked', {}, { id: 'own' });
    assert.deepEqual(await search(t.as('stranger'), { limit: '1' }), ['own']);
    assert.deepEqual(await search(t.as('eve'), {}), []);
    assert.equal((await search(t.as('ada'), {})).length, COUNT + 1);
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

  it('are the same for a page', async () => {
    const host = createRemoteHost({ url: t.url, apiKey: t.keyOf('bob') });
    const found = async (query: Parameters<typeof host.list>[0]): Promise<readonly string[]> =>
      (await host.list(query)).map(({ id }) => id);
    assert.equal((await found({ flow: 'asked' })).length, COUNT + 1);
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
