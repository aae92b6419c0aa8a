import { readFile } from 'node:fs/promises';
import { after, before, describe, it } from 'node:test';
import type { Page } from 'playwright-core';
import { startDemo, type Demo } from './demo-harness.js';

describe('the page for managing', () => {
  let demo: Demo;
  let page: Page;
  before(async () => {
    demo = await startDemo();
    await demo.open();
    page = await demo.page('manage.html');
  });
  after(() => demo.close());

  const says = (text: RegExp): Promise<void> => page.getByRole('status').filter({ hasText: text }).waitFor();
  const rows = (text: string): ReturnType<Page['locator']> => page.locator('#instances tr', { hasText: text });

  it('keeps a schedule that starts an instance by itself', async () => {
    await page.getByLabel('Interval, expression or time').fill('PT1S');
    await page.getByRole('button', { name: 'Keep' }).click();
    await says(/Starts next at/);
    await rows('press 1').first().waitFor();
    await page.getByRole('button', { name: 'Remove: presses' }).click();
    await says(/Removed presses/);
  });

  it('moves an instance to the newer definition, exports it, and takes it in again', async () => {
    await page.getByRole('button', { name: 'Start one' }).click();
    const row = rows('press 2');
    await row.getByRole('button', { name: /Move to version 2/ }).click();
    await says(/Inspect is LookAtIt now/);
    await row.filter({ hasText: '2.0.0' }).waitFor();
    const downloading = page.waitForEvent('download');
    await row.getByRole('button', { name: /Export/ }).click();
    const saved = await (await downloading).path();
    const { header } = JSON.parse(await readFile(saved, 'utf8')) as { header: { id: string } };
    await says(/Saved with the hash/);
    await page.getByLabel('Exported instances').setInputFiles(saved);
    await says(new RegExp(`Taken in: ${header.id}`));
  });

  it('has the tasks of the newer definition done', async () => {
    const row = rows('2.0.0');
    await row.getByRole('button', { name: /Do the task/ }).click();
    await row.getByRole('button', { name: /Do the task/ }).click();
    await row.filter({ hasText: 'completed' }).waitFor();
  });

  it('removes what is over when it is told to keep nothing', async () => {
    await page.getByLabel('Finished, at most').fill('0');
    await page.getByRole('button', { name: 'Tidy up now' }).click();
    await says(/1 removed/);
    await rows('completed').waitFor({ state: 'detached' });
  });
});
