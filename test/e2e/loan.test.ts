import assert from 'node:assert/strict';
import { after, afterEach, beforeEach, describe, it } from 'node:test';
import type { Page } from 'playwright-core';
import { eventually, startDemo, type Demo } from './demo-harness.js';

/** Cycles of the random kill test; more with KILL_CYCLES. */
const CYCLES = Number(process.env['KILL_CYCLES'] ?? 6);

describe('the loan process', () => {
  let demo: Demo;
  beforeEach(async () => {
    demo = await startDemo();
    await demo.open();
  });
  afterEach(() => demo.close());
  after(() => {});

  const received = (path: string): readonly { key?: string }[] =>
    demo.log().filter((e) => e.phase === 'received' && e.path.startsWith(path));
  const stateOf = (page: Page): Promise<(string | undefined)[]> =>
    page.locator('#loans .badge').evaluateAll((all) => all.map((b) => (b as HTMLElement).dataset['status']));

  async function ask(): Promise<Page> {
    const page = await demo.page('loan.html');
    await page.click('process-button button');
    await page.locator('#loans article').first().waitFor();
    return page;
  }

  async function approve(): Promise<void> {
    const page = await demo.page('tasks.html');
    await page.locator('process-tasks').getByRole('button', { name: /^Open/ }).click();
    await page.fill('form [name=reason]', 'solid');
    await page.click('form [value=true]');
    await page.locator('process-tasks').getByText('Nothing to do').waitFor();
  }

  /** No completed activity ran twice; what was in flight ran again with the same key only. */
  function assertOnce(): void {
    const effects = new Map<string, Set<string>>();
    for (const { path, key, phase } of demo.log()) {
      if (phase !== 'received' || key === undefined) continue;
      effects.set(path, (effects.get(path) ?? new Set()).add(key));
    }
    for (const [path, keys] of effects)
      assert.equal(keys.size, 1, `${path} was called with ${keys.size} different keys`);
  }

  it('waits for a person through a SIGKILL and goes on afterwards', async () => {
    const page = await ask();
    await page.locator('[data-activity=Decide][data-state=ready]').waitFor();
    await demo.kill();
    await demo.open();
    const again = await demo.page('loan.html');
    await again.locator('[data-activity=Decide][data-state=ready]').waitFor();
    await approve();
    await again.locator('.badge[data-status=completed]').waitFor();
    for (const path of ['/api/loans', '/api/credit-scores', '/api/collateral', '/api/payouts'])
      assert.equal(received(path).length, 1, path);
    assertOnce();
  });

  it('takes up a call that was in flight when the browser was killed, with the same idempotency key', async () => {
    demo.api.settings.delay = 1500;
    await ask();
    await eventually('the call has arrived', () => received('/api/loans').length === 1);
    await demo.kill();
    await demo.open();
    demo.api.settings.delay = 0;
    const page = await demo.page('loan.html');
    await page.locator('[data-activity=Decide][data-state=ready]').waitFor();
    const calls = received('/api/loans');
    assert.equal(calls.length, 2);
    assert.equal(calls[0]!.key, calls[1]!.key);
    assertOnce();
  });

  it('fires a timer that fell due while the browser was dead', async () => {
    const page = await ask();
    await page.locator('[data-activity=Decide][data-state=ready]').waitFor();
    await approve();
    await demo.kill();
    await demo.open();
    const again = await demo.page('loan.html');
    await again.locator('.badge[data-status=completed]').waitFor();
    assert.equal(received('/api/payouts').length, 1);
    assertOnce();
  });

  it(`survives ${CYCLES} kills at random moments`, async (t) => {
    const seed = Number(process.env['KILL_SEED'] ?? Date.now() % 100_000);
    t.diagnostic(`KILL_SEED=${seed}`);
    let state = seed;
    const random = (): number => (state = (state * 48271) % 2147483647) / 2147483647;
    demo.api.settings.delay = 100;
    await ask();
    for (let cycle = 0; cycle < CYCLES; cycle++) {
      // The moment is the subject here, so this one waits by the clock.
      await new Promise((resolve) => setTimeout(resolve, random() * 500));
      await demo.kill();
      await demo.open();
      await demo.page('loan.html');
    }
    const page = await demo.page('loan.html');
    await page.locator('[data-activity=Decide][data-state=ready]').waitFor();
    await approve();
    await eventually('the loan is paid out', async () => (await stateOf(page))[0] === 'completed');
    assertOnce();
    assert.equal(received('/api/payouts').length, 1);
  });
});
