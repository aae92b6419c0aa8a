// Browser tests: real Chromium, real IndexedDB, real elements.
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { esbuildPlugin } from '@web/dev-server-esbuild';
import { chromeLauncher } from '@web/test-runner-chrome';
import { findBrowser } from './scripts/setup/browser.mjs';

/** jsonata is published as UMD only; browsers need a module. */
const jsonataAsModule = {
  name: 'jsonata-as-module',
  serve(context) {
    if (!context.path.endsWith('/jsonata/jsonata.js')) return undefined;
    const source = readFileSync(new URL('node_modules/jsonata/jsonata.js', import.meta.url), 'utf8');
    return {
      body: `const module = { exports: {} }, exports = module.exports;\n${source}\nexport default module.exports;`,
      type: 'js',
    };
  },
};

/** What other origins may read, as an API of theirs would say. */
function shared(context, next) {
  if (context.path.endsWith('.flow.json')) context.set('access-control-allow-origin', '*');
  return next();
}

/** The file of a worker is named as it will be once compiled; bundlers know, a plain server does not. */
function workersFromSource(context, next) {
  const source = context.path.replace(/\.js$/, '.ts');
  if (/^\/(?:src|test)\//.test(source) && existsSync(fileURLToPath(new URL(`.${source}`, import.meta.url))))
    context.path = source;
  return next();
}

async function otherBrowsers() {
  if (process.env.BROWSERS !== 'all') return [];
  const [{ findAllBrowsers }, { webkitLauncher }] = await Promise.all([
    import('./scripts/setup/all-browsers.mjs'),
    import('./scripts/webkit-launcher.mjs'),
  ]);
  const found = findAllBrowsers();
  const firefox = chromeLauncher({
    concurrency: 1,
    launchOptions: {
      browser: 'firefox',
      executablePath: found.firefox,
      extraPrefsFirefox: {
        'dom.storageManager.prompt.testing': true,
        'dom.storageManager.prompt.testing.allow': true,
      },
    },
    // What is in a tab behind others has no focus.
    createPage: async ({ context }) => {
      const page = await context.newPage();
      await page.bringToFront();
      return page;
    },
  });
  firefox.name = 'Firefox';
  return [firefox, webkitLauncher(found)];
}

/** Told to the pages: what `npm test` only takes samples of is to be done in full. */
const inFull = (framework) =>
  `<!DOCTYPE html><script>globalThis.everyCall = true</script><script type="module" src="${framework}"></script>`;

export default {
  ...(process.env.EVERY_CALL ? { testRunnerHtml: inFull } : {}),
  files: ['test/browser/**/*.test.ts', 'components/**/*.test.ts'],
  middleware: [shared, workersFromSource],
  nodeResolve: { exportConditions: ['browser', 'development'] },
  plugins: [
    jsonataAsModule,
    esbuildPlugin({ ts: true, target: 'es2022', tsconfig: fileURLToPath(new URL('tsconfig.json', import.meta.url)) }),
  ],
  browsers: [
    chromeLauncher({
      concurrency: 2,
      launchOptions: {
        executablePath: process.env.CHROME_PATH ?? findBrowser(),
        args: [
          ...(process.platform === 'linux' ? ['--no-sandbox'] : []),
          '--disable-quic',
          '--no-first-run',
          '--disable-background-networking',
          '--disable-component-update',
          '--disable-sync',
        ],
      },
      // Pages run side by side; each must believe that it has the focus, or keys and focus go nowhere.
      createPage: async ({ context }) => {
        const page = await context.newPage();
        await page.emulateFocusedPage(true);
        return page;
      },
    }),
    ...(await otherBrowsers()),
  ],
  // Three browsers at once share the processor, and axe takes its time in Firefox.
  testFramework: { config: { timeout: process.env.BROWSERS === 'all' ? 120_000 : 30_000 } },
  browserStartTimeout: 120_000,
  testsStartTimeout: 120_000,
  testsFinishTimeout: 1_200_000,
};
