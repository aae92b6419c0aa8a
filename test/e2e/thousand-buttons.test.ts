// What a thousand buttons cost a page beside a thousand native ones, as a site has them: bundled, minified, in a fresh
// browser. Processor time of the page's main thread until they are drawn (it does not depend on what else the machine
// does), and memory. The best of several rounds, because others may only make it slower.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { chromium, type Browser, type CDPSession, type Page } from 'playwright-core';
import { findBrowser } from '../../scripts/setup/browser.mjs';
import { servePages, type BundledPages } from './bundled-page.js';

const BOUND = 2.5;
const COUNT = 1000;
const ROUNDS = 9;
const KINDS = {
  native: '<button>Order</button>',
  rendered: '<flow-button flow="order">Order</flow-button>',
  wrapped: '<flow-button flow="order"><button>Order</button></flow-button>',
};
type Kind = keyof typeof KINDS;

describe('a thousand buttons', () => {
  let browser: Browser;
  let pages: BundledPages;
  let page: Page;
  let session: CDPSession;

  before(async () => {
    pages = await servePages('components/flow-button/define.ts', { '/': '<main></main>' });
    browser = await chromium.launch({
      executablePath: process.env['CHROME_PATH'] ?? findBrowser()!,
      args: ['--no-sandbox', '--js-flags=--expose-gc'],
    });
    page = await browser.newPage();
    await page.goto(`${pages.origin}/`);
    await page.waitForFunction(() => customElements.get('flow-button'));
    session = await page.context().newCDPSession(page);
    await session.send('Performance.enable', { timeDomain: 'threadTicks' });
  });
  after(async () => {
    await browser?.close();
    pages?.close();
  });

  async function used(): Promise<{ readonly time: number; readonly memory: number }> {
    const { metrics } = await session.send('Performance.getMetrics');
    const heap = await session.send('Runtime.getHeapUsage');
    const { embedderHeapUsedSize = 0 } = heap as { embedderHeapUsedSize?: number };
    return {
      time: metrics.find(({ name }) => name === 'TaskDuration')!.value,
      memory: heap.usedSize + embedderHeapUsedSize,
    };
  }

  const clean = (): Promise<void> =>
    page.evaluate(() => {
      document.querySelector('main')!.replaceChildren();
      (globalThis as unknown as { gc(): void }).gc();
    });

  async function shown(kind: Kind): Promise<{ readonly time: number; readonly memory: number }> {
    await clean();
    await clean();
    const from = await used();
    await page.evaluate(async (markup) => {
      document.querySelector('main')!.innerHTML = markup;
      for (let frame = 0; frame < 2; frame++) await new Promise((drawn) => requestAnimationFrame(drawn));
    }, KINDS[kind].repeat(COUNT));
    const time = (await used()).time - from.time;
    await page.evaluate(() => (globalThis as unknown as { gc(): void }).gc());
    return { time, memory: (await used()).memory - from.memory };
  }

  async function best(kind: Kind): Promise<{ readonly time: number; readonly memory: number }> {
    const rounds = [];
    for (let round = 0; round < ROUNDS; round++) rounds.push(await shown(kind));
    const middle = rounds.map(({ memory }) => memory).sort((a, b) => a - b)[ROUNDS >> 1]!;
    return { time: Math.min(...rounds.map(({ time }) => time)), memory: middle };
  }

  it(`cost at most ${BOUND} times what native ones do, in time and in memory`, async (t) => {
    const native = await best('native');
    for (const kind of ['rendered', 'wrapped'] as const) {
      const { time, memory } = await best(kind);
      const times = { time: time / native.time, memory: memory / native.memory };
      t.diagnostic(`${kind}: ${times.time.toFixed(2)} times the time, ${times.memory.toFixed(2)} times the memory`);
      assert.ok(times.time <= BOUND, `${kind}: ${times.time} times the time`);
      assert.ok(times.memory <= BOUND, `${kind}: ${times.memory} times the memory`);
    }
  });
});
