// Every HTML example of the documents in Chromium: its elements are defined, its flows are known and compile, nothing complains;
// what its fence says is done and seen. CSS examples only name what there is.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { chromium, type Browser, type Page } from 'playwright-core';
import { startApi, type DemoApi } from '../../demo/api/server.mjs';
import { findBrowser } from '../../scripts/setup/browser.mjs';
import { act, problemsOf } from '../documents/act.js';
import { allBlocks, placeOf, root } from '../documents/blocks.js';
import { servePages, type Pages } from '../documents/pages.js';

/** test/e2e/tutorial.test.ts follows it, step by step. */
const OWN_TEST = 'docs/tutorial.md';
const blocks = allBlocks().filter(({ attributes }) => attributes['not-run'] === undefined);

describe('the documents in a browser', () => {
  let api: DemoApi;
  let pages: Pages;
  let browser: Browser;

  before(async () => {
    api = await startApi();
    api.settings.delay = 0;
    pages = await servePages(api.port);
    browser = await chromium.launch({
      executablePath: process.env['CHROME_PATH'] ?? findBrowser()!,
      args: process.platform === 'linux' ? ['--no-sandbox'] : [],
    });
  });
  after(async () => {
    await browser.close();
    await pages.close();
    await api.close();
  });

  for (const block of blocks.filter(({ language, document }) => language === 'html' && document !== OWN_TEST)) {
    it(`show an example at ${placeOf(block)} that works`, async () => {
      const context = await browser.newContext();
      const page = await context.newPage();
      page.setDefaultTimeout(60_000);
      const problems = problemsOf(page);
      await page.goto(pages.urlOf(block));
      await defined(page);
      assert.deepEqual(await unknownFlows(page), []);
      await act(page, block.attributes['does']);
      assert.deepEqual(problems, []);
      await context.close();
    });
  }

  it('style only parts, states and properties that the elements have', async () => {
    const css = [
      ...blocks.filter(({ language }) => language === 'css'),
      ...blocks.filter(({ language, code }) => language === 'html' && code.includes('<style')),
    ];
    const known = namesOfStyles();
    const page = await browser.newPage();
    for (const block of css) {
      const { code } = block;
      const used = [
        ...Array.from(code.matchAll(/(--(?:flow|process|task)-[\w-]+)/g), (m) => m[1]!),
        ...Array.from(code.matchAll(/::part\(([\w -]+)\)/g), (m) => m[1]!.split(' ')).flat(),
        ...Array.from(code.matchAll(/:state\(([\w-]+)\)/g), (m) => m[1]!),
      ];
      assert.deepEqual(
        used.filter((name) => !known.has(name)),
        [],
        placeOf(block),
      );
      if (block.language !== 'css') continue;
      // What a browser does not understand it drops without a word.
      const rules = await page.evaluate((text) => {
        const sheet = new CSSStyleSheet();
        sheet.replaceSync(text);
        return sheet.cssRules.length;
      }, code);
      assert.equal(rules, code.match(/^}/gm)?.length, `${placeOf(block)}: a rule that Chromium drops`);
    }
    await page.close();
  });
});

async function defined(page: Page): Promise<void> {
  await page.waitForFunction(() =>
    [...document.querySelectorAll('*')]
      .filter(({ localName }) => /^(flow|process|task)-/.test(localName))
      .every((element) => element.matches(':defined')),
  );
}

/** Names on buttons for which there is no flow that compiles. */
async function unknownFlows(page: Page): Promise<readonly string[]> {
  return page.evaluate(async () => {
    type Runtime = { flow(name: string): Promise<unknown> };
    const runtime = (globalThis as unknown as Record<symbol, Runtime | undefined>)[Symbol.for('millrace.runtime')];
    const wrong: string[] = [];
    for (const button of document.querySelectorAll('flow-button, process-button')) {
      const name = button.getAttribute('flow') ?? button.getAttribute('process');
      if (name === null || button.getAttribute('environment') === 'server') continue;
      await runtime?.flow(name).catch((error: Error) => wrong.push(`${name}: ${error.message}`));
    }
    return wrong;
  });
}

function namesOfStyles(): ReadonlySet<string> {
  const analyzer = join(root, 'node_modules/@custom-elements-manifest/analyzer/cem.js');
  execFileSync(process.execPath, [analyzer, 'analyze'], { cwd: root, stdio: 'pipe' });
  const { modules } = JSON.parse(readFileSync(join(root, 'custom-elements.json'), 'utf8')) as {
    modules: { declarations?: Record<'cssParts' | 'cssProperties' | 'cssStates', { name: string }[] | undefined>[] }[];
  };
  const declarations = modules.flatMap((module) => module.declarations ?? []);
  const all = declarations.flatMap((d) => [...(d.cssParts ?? []), ...(d.cssProperties ?? []), ...(d.cssStates ?? [])]);
  return new Set(all.map(({ name }) => name));
}
