// A page that goes to the back/forward cache of a real browser with flows in progress, and comes back as it was: nothing sticks,
// and what has gone on elsewhere shows. Playwright switches that cache off; here it is on.
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import type { BrowserContext, Page } from 'playwright-core';
import { servePages, type BundledPages } from './bundled-page.js';
import { KillableBrowser } from './killable-browser.js';

type Here = typeof globalThis & { readonly shown: boolean[]; readonly gate: { asked: number; open(): void } };

const FROM_CACHE = 'the page comes out of the cache; otherwise this test says nothing';

describe('back from the back/forward cache', () => {
  let pages: BundledPages;
  let browser: KillableBrowser;
  let context: BrowserContext;

  before(async () => {
    pages = await servePages('test/e2e/bundled-script.ts', {
      '/background': `<form><input name="answer" aria-label="Answer"><flow-button flow="ask">Ask</flow-button></form>`,
      '/blocking': `<form><input name="answer" aria-label="Answer"><flow-button flow="ask" screen-blocking>Ask</flow-button></form>`,
      '/process': `<process-button process="order">Order</process-button><process-tasks></process-tasks>
        <process-status process="order"></process-status>`,
      '/elsewhere': '<p>Elsewhere</p>',
    });
    browser = new KillableBrowser(join(pages.folder, 'profile'));
    context = await browser.open(['--disable-back-forward-cache']);
  });
  after(async () => {
    await browser?.close();
    pages?.close();
  });

  async function visit(path: string): Promise<Page> {
    const page = await context.newPage();
    await page.goto(pages.origin + path);
    return page;
  }

  /** Away by a link's means, back by the button of the browser. Gives whether the page came out of the cache. */
  async function awayAndBack(page: Page, meanwhile: () => Promise<void> = () => Promise.resolve()): Promise<boolean> {
    page.on('dialog', (dialog) => void dialog.accept());
    await page.evaluate(() => void (location.href = '/elsewhere'));
    await page.getByText('Elsewhere').waitFor();
    await meanwhile();
    await page.evaluate(() => history.back());
    await page.waitForFunction(() => location.pathname !== '/elsewhere');
    return page.evaluate(() => (globalThis as Here).shown.at(-1)!);
  }

  const asked = (page: Page): Promise<unknown> => page.waitForFunction(() => (globalThis as Here).gate.asked === 1);
  const answer = (page: Page): Promise<void> => page.evaluate(() => (globalThis as Here).gate.open());

  it('a run in the background goes on, and its button is free when it has ended', async () => {
    const page = await visit('/background');
    await page.getByRole('button', { name: 'Ask' }).click();
    await asked(page);
    assert.ok(await awayAndBack(page), FROM_CACHE);
    assert.equal(await page.getByRole('button', { name: 'Ask' }).getAttribute('aria-disabled'), 'true');
    await answer(page);
    await page.waitForFunction(() => document.querySelector('input')!.value === 'answered');
    await page.waitForFunction(() => document.querySelector('flow-button')!.matches(':state(succeeded)'));
    assert.equal(await page.getByRole('button', { name: 'Ask' }).getAttribute('aria-disabled'), null);
    await page.close();
  });

  it('a blocking flow still blocks, can be cancelled, and gives the page back', async () => {
    const page = await visit('/blocking');
    await page.getByRole('button', { name: 'Ask' }).click();
    await asked(page);
    assert.ok(await awayAndBack(page), FROM_CACHE);
    await page.getByRole('dialog', { name: 'Ask' }).waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    await page.getByLabel('Answer').fill('mine');
    await page.waitForFunction(() => document.querySelector('flow-button')!.matches(':state(idle)'));
    await page.close();
  });

  it('a task can be done, and its process goes on', async () => {
    const page = await visit('/process');
    await page.getByRole('button', { name: 'Order' }).click();
    await page.getByRole('button', { name: 'Open: Check the order' }).waitFor();
    assert.ok(await awayAndBack(page), FROM_CACHE);
    await page.getByRole('button', { name: 'Open: Check the order' }).click();
    await page.getByRole('button', { name: 'Done' }).click();
    await isDone(page);
    await page.close();
  });

  it('tasks and processes are as another window has left them', async () => {
    const page = await visit('/process');
    await page.getByRole('button', { name: 'Order' }).click();
    await page.getByRole('button', { name: 'Open: Check the order' }).waitFor();
    // Hearing of another window takes a page out of Chromium's cache; it is then loaded anew.
    await awayAndBack(page, async () => {
      const other = await visit('/process');
      await other.getByRole('button', { name: 'Open: Check the order' }).click();
      await other.getByRole('button', { name: 'Done' }).click();
      await isDone(other);
      await other.close();
    });
    await isDone(page);
    await page.close();
  });

  async function isDone(page: Page): Promise<void> {
    await page.getByText('Nothing to do right now.').waitFor();
    await page.waitForFunction(
      () =>
        document.querySelector('process-status')!.shadowRoot!.querySelector<HTMLElement>('[part="state"]')?.dataset[
          'state'
        ] === 'completed',
    );
  }
});
