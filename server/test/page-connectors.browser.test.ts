// What flows can call in a page, tried alone from the command line, in a real browser.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { PAGE_CONNECTORS, tryPageConnector } from '../../scripts/commands/page-connector.mjs';

describe('connectors of a page', () => {
  const profile = mkdtempSync(join(tmpdir(), 'millrace-page-'));
  after(() => rmSync(profile, { recursive: true, force: true, maxRetries: 5 }));

  async function tried(target: string, args?: object): Promise<{ code: number; printed: readonly string[] }> {
    const printed: string[] = [];
    const given = args === undefined ? [] : [JSON.stringify(args)];
    const code = await tryPageConnector([target, ...given], (line: string) => void printed.push(line), profile);
    return { code, printed };
  }

  it('are listed, each with arguments to try', async () => {
    const { code, printed } = await tried('page');
    assert.equal(code, 0);
    for (const name of Object.keys(PAGE_CONNECTORS))
      assert.ok(printed.some((line) => line.startsWith(`page.${name} `)));
    assert.equal((await tried('page.nothing')).code, 1);
  });

  it('keep records from one try to the next', async () => {
    assert.equal((await tried('page.store')).code, 0);
    const { printed } = await tried('page.store', { action: 'get', collection: 'carts', key: 'ann' });
    assert.deepEqual(JSON.parse(printed[0]!), { items: 2 });
    const wrong = await tried('page.store', { action: 'get' });
    assert.equal(wrong.code, 1);
    assert.match(wrong.printed[0]!, /^FLOW-STORE: /);
  });

  it('are heard by other tabs and frames', async () => {
    const sent = await tried('page.broadcast', { channel: 'shop', name: 'paid', data: { amount: 12 } });
    assert.match(
      sent.printed.at(-1)!,
      /^another tab heard: \{"name":"paid","data":\{"amount":12\},"id":"try\/[^"]+"\}$/,
    );
    assert.match((await tried('page.post-message')).printed.at(-1)!, /^the frame heard: \{"name":"paid"/);
    const open = await tried('page.post-message', { to: 'frame', origin: '*', name: 'paid' });
    assert.match(open.printed[0]!, /^BUS-ORIGIN: /);
  });

  it('show a notification', async () => {
    assert.deepEqual(JSON.parse((await tried('page.notify')).printed[0]!), { shown: true, permission: 'granted' });
  });
});
