import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { Page } from 'playwright-core';
import { startDemo, type Demo } from './demo-harness.js';

describe('the order page', () => {
  let demo: Demo;
  let page: Page;
  before(async () => {
    demo = await startDemo();
    await demo.open();
    page = await demo.page('order.html');
  });
  after(() => demo.close());

  it('blocks until the answer is there, and writes it into the form', async () => {
    demo.api.settings.delay = 800;
    await page.click('#blocking button');
    const isModal = await page.evaluate(() =>
      document.querySelector('millrace-overlay')?.shadowRoot?.querySelector('dialog')?.matches(':modal'),
    );
    assert.equal(isModal, true);
    await page.waitForFunction(() => (document.querySelector('[name=total]') as HTMLInputElement).value !== '');
    assert.equal(await page.inputValue('[name=price]'), '599');
    assert.equal(await page.inputValue('[name=discount]'), '60');
    assert.equal(await page.inputValue('[name=total]'), '539');
    await page.waitForFunction(() => !document.querySelector('millrace-overlay'));
    const calls = demo
      .log()
      .filter((e) => e.phase === 'received')
      .map((e) => e.path)
      .sort();
    assert.deepEqual(calls, ['/api/credit-scores/Miller', '/api/prices/desk']);
  });

  it('runs in the background while somebody types', async () => {
    await page.selectOption('[name=product]', 'lamp');
    await page.click('#background button');
    await page.fill('[name=notes]', 'typed meanwhile');
    await page.waitForFunction(() => (document.querySelector('[name=total]') as HTMLInputElement).value === '89');
    assert.equal(await page.inputValue('[name=notes]'), 'typed meanwhile');
  });

  it('tries again when the API fails, then shows activity and status, keeps the form and runs again on request', async () => {
    demo.api.settings.delay = 0;
    demo.api.settings.failureRate = 1;
    await page.fill('[name=customer]', 'Schmidt');
    const already = demo.log().length;
    await page.click('#blocking button');
    const overlay = page.locator('millrace-overlay');
    await overlay.getByRole('button', { name: 'Close' }).click();
    const alert = page.locator('#blocking [role=alert]');
    const said = await alert.innerText();
    assert.match(said, /price|score/i);
    assert.match(said, /503/);
    assert.equal(await page.inputValue('[name=customer]'), 'Schmidt');
    const priced = demo
      .log()
      .slice(already)
      .filter((e) => e.phase === 'received' && e.path.includes('prices'));
    assert.ok(priced.length >= 2, 'the call was tried again');
    demo.api.settings.failureRate = 0;
    await page.selectOption('[name=product]', 'sofa');
    await alert.getByRole('button').click();
    await page.waitForFunction(() => (document.querySelector('[name=price]') as HTMLInputElement).value === '1490');
  });
});
