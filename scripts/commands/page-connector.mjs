// `npm run server -- connector page[.NAME] [ARGUMENTS]`: what flows can call in a page, tried alone in a headless browser. Its
// profile is kept, so the store still has tomorrow what is put into it today.
import { mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { build } from 'esbuild';
import { chromium } from 'playwright-core';
import { findOrInstallBrowser } from '../setup/browser.mjs';

const ROOT = resolve(import.meta.dirname, '../..');
/** Below `localhost`, so that the browser takes them for secure; nothing listens there. */
const PAGE = 'http://millrace.localhost';
const FRAME = 'http://frame.millrace.localhost';
const PATIENCE = 10_000;

/** What there is: what it does, an example of its arguments, and where what it sends is heard. */
export const PAGE_CONNECTORS = {
  store: {
    summary: 'JSON records in IndexedDB',
    example: { action: 'put', collection: 'carts', key: 'ann', value: { items: 2 } },
  },
  broadcast: {
    summary: 'a message to other tabs of the origin (BroadcastChannel)',
    example: { channel: 'shop', name: 'paid', key: 'order-7', data: { amount: 12 } },
    listener: ({ channel }) => ['another tab', { channel: String(channel) }],
  },
  'post-message': {
    summary: `a message to a frame; here there is one with the name "frame" and the origin ${FRAME}`,
    example: { to: 'frame', origin: FRAME, name: 'paid', key: 'order-7' },
    listener: () => ['the frame', { origins: [PAGE] }],
  },
  notify: { summary: 'a notification of the browser', example: { title: 'Paid', body: 'Order 7' } },
  log: { summary: 'the console of the page', example: { order: 7 } },
};

const ENTRY = `
import { pageImplementations } from './src/runtime/page-implementations.ts';
import { listenToBus } from './src/activities/bus.ts';
const registry = pageImplementations({ functions: new Map(), settings: {} });
globalThis.tryOne = async (ref, args) => {
  const context = { signal: AbortSignal.timeout(${PATIENCE}), idempotencyKey: 'try/' + crypto.randomUUID(), instance: 'try', flow: 'try',
    activity: ref, attempt: 1, input: {} };
  try {
    return { result: (await registry.resolve(ref)(args, context)) ?? null };
  } catch ({ code, message }) {
    return { failure: { code: code ?? 'Error', message } };
  }
};
globalThis.listen = (source) => {
  globalThis.heard = new Promise((hear) => listenToBus(source, hear));
};
`;

/** The exit code. `profile`: folder of the browser's profile. */
export async function tryPageConnector(
  [target, json],
  print,
  profile = join(process.env.MILLRACE_DATA ?? '.millrace', 'page'),
) {
  const name = target.slice('page.'.length);
  if (name === '') {
    for (const [one, { summary, example }] of Object.entries(PAGE_CONNECTORS)) {
      print(`page.${one}  ${summary}`);
      print(`  '${JSON.stringify(example)}'`);
    }
    return 0;
  }
  const connector = PAGE_CONNECTORS[name];
  if (!connector) {
    print(`FLOW-SETTINGS: a page has no "${name}"; it has: ${Object.keys(PAGE_CONNECTORS).join(', ')}.`);
    return 1;
  }
  const args = argumentsOf(json, connector);
  if (args === undefined) {
    print(`FLOW-ARGUMENTS: the arguments are a JSON object, such as '${JSON.stringify(connector.example)}'.`);
    return 1;
  }
  mkdirSync(profile, { recursive: true });
  const context = await chromium.launchPersistentContext(profile, {
    executablePath: findOrInstallBrowser(),
    args: ['--no-sandbox', '--disable-background-networking'],
  });
  try {
    return await tryIn(context, name, connector, args, print);
  } finally {
    await context.close();
  }
}

async function tryIn(context, name, { listener }, args, print) {
  const script = await bundle();
  const html = (frame) => `<!doctype html><title>Try</title>${frame}<script type="module" src="/try.js"></script>`;
  await context.route(`${PAGE}/`, (route) =>
    answer(route, html(`<iframe name="frame" src="${FRAME}/"></iframe>`), 'text/html'),
  );
  await context.route(`${FRAME}/`, (route) => answer(route, html(''), 'text/html'));
  await context.route('**/try.js', (route) => answer(route, script, 'text/javascript'));
  await context.grantPermissions(['notifications'], { origin: PAGE });
  const page = await context.newPage();
  page.on('console', (message) => print(`console: ${message.text()}`));
  await page.goto(`${PAGE}/`);
  const [who, source] = listener?.(args) ?? [];
  const other = who && (who === 'the frame' ? page.frame('frame') : await context.newPage());
  if (who === 'another tab') await other.goto(`${PAGE}/`);
  await other?.waitForFunction(() => 'listen' in globalThis);
  await other?.evaluate((from) => globalThis.listen(from), source);
  await page.waitForFunction(() => 'tryOne' in globalThis);
  const { result, failure } = await page.evaluate(([ref, given]) => globalThis.tryOne(ref, given), [name, args]);
  if (failure) {
    print(`${failure.code}: ${failure.message}`);
    return 1;
  }
  print(JSON.stringify(result, null, 2));
  if (!other) return 0;
  const heard = await other.evaluate(
    (patience) => Promise.race([globalThis.heard, new Promise((late) => setTimeout(late, patience))]),
    PATIENCE,
  );
  print(heard ? `${who} heard: ${JSON.stringify(heard)}` : `${who} heard nothing within ${PATIENCE / 1000} s`);
  return heard ? 0 : 1;
}

function answer(route, body, contentType) {
  return route.fulfill({ body, contentType: `${contentType}; charset=utf-8` });
}

async function bundle() {
  const { outputFiles } = await build({
    stdin: { contents: ENTRY, resolveDir: ROOT, loader: 'ts' },
    bundle: true,
    write: false,
    format: 'esm',
    logLevel: 'error',
  });
  return outputFiles[0].text;
}

function argumentsOf(json, { example }) {
  if (json === undefined) return example;
  try {
    const args = JSON.parse(json);
    return typeof args === 'object' && args !== null && !Array.isArray(args) ? args : undefined;
  } catch {
    return undefined;
  }
}
