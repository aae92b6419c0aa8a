// Opens every story of the built Storybook in Chromium: its play function must pass, axe must find nothing, nothing may
// throw, and no request may leave the machine: those that would are stopped and named.
import { createReadStream, existsSync, statSync } from 'node:fs';
import { createServer } from 'node:http';
import { extname, join, normalize } from 'node:path';
import { root } from '../setup/dependencies.mjs';

const TYPES = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.mjs': 'text/javascript',
  '.css': 'text/css',
  '.json': 'application/json',
  '.svg': 'image/svg+xml',
  '.woff2': 'font/woff2',
};
const PATIENCE = 60_000;

export async function playStories() {
  const { chromium } = await import('playwright-core');
  const server = await serve(join(root, 'storybook-static'));
  const origin = `http://127.0.0.1:${server.address().port}`;
  const browser = await chromium.launch({
    executablePath: process.env.CHROME_PATH,
    args: [
      ...(process.platform === 'linux' ? ['--no-sandbox'] : []),
      '--disable-quic',
      '--disable-background-networking',
    ],
  });
  let passed = 0;
  let failed = 0;
  try {
    const index = await (await fetch(`${origin}/index.json`)).json();
    const wanted = new RegExp(process.env.STORIES ?? '');
    for (const story of Object.values(index.entries).filter((e) => e.type === 'story' && wanted.test(e.id))) {
      const problems = await play(browser, origin, story.id);
      if (problems.length === 0) passed++;
      else {
        failed++;
        console.log(`✗ ${story.title} › ${story.name}\n  ${problems.join('\n  ')}`);
      }
    }
  } finally {
    await browser.close();
    server.close();
  }
  if (passed + failed === 0) {
    console.log('The built Storybook has no stories.');
    failed = 1;
  }
  console.log(`stories: ${passed} passed, ${failed} failed`);
  return { passed, failed };
}

async function play(browser, origin, id) {
  const context = await browser.newContext();
  const page = await context.newPage();
  const problems = [];
  page.on('pageerror', (error) => problems.push(`threw: ${error.message}`));
  const isOutside = (url) => url.origin !== origin && !/^(data|blob|about):$/.test(url.protocol);
  await context.route(isOutside, (route) => {
    problems.push(`asked for ${route.request().url()}`);
    return route.abort();
  });
  await page.addInitScript(() => {
    const results = [];
    globalThis.storyResult = new Promise((resolve) => {
      const look = () => {
        const channel = globalThis.__STORYBOOK_ADDONS_CHANNEL__;
        if (!channel) return void setTimeout(look, 10);
        const note = (what) => (error) => results.push(`${what}: ${error?.message ?? JSON.stringify(error)}`);
        channel.on('playFunctionThrewException', note('play'));
        channel.on('unhandledErrorsWhilePlaying', note('while playing'));
        channel.on('storyThrewException', note('story'));
        channel.on('storyErrored', note('story'));
        channel.on('storyMissing', note('missing'));
        channel.on('storyFinished', ({ status, reporters = [] }) => {
          // A check that did not run must not look like one that found nothing.
          if (!reporters.some(({ type, result }) => type === 'a11y' && result?.passes)) results.push('axe did not run');
          for (const { type, result } of reporters) {
            for (const v of result?.violations ?? [])
              results.push(
                `${type}: ${v.id}: ${v.help} (${v.nodes
                  .map((n) => n.html)
                  .join(' ')
                  .slice(0, 200)})`,
              );
          }
          if (status === 'error' && results.length === 0) results.push('Storybook reports an error');
          resolve(results);
        });
      };
      look();
    });
  });
  try {
    await page.goto(`${origin}/iframe.html?id=${encodeURIComponent(id)}&viewMode=story`, { timeout: PATIENCE });
    const results = await Promise.race([
      page.evaluate(() => globalThis.storyResult),
      new Promise((resolve) => setTimeout(() => resolve(['did not finish']), PATIENCE)),
    ]);
    problems.push(...results);
  } catch (error) {
    problems.push(error.message);
  }
  await context.close();
  return problems;
}

function serve(folder) {
  const server = createServer((request, response) => {
    const path = normalize(join(folder, decodeURIComponent(new URL(request.url, 'http://localhost').pathname)));
    if (!path.startsWith(folder) || !existsSync(path) || !statSync(path).isFile()) {
      response.writeHead(404).end();
      return;
    }
    response.writeHead(200, { 'content-type': TYPES[extname(path)] ?? 'application/octet-stream' });
    createReadStream(path).pipe(response);
  });
  return new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(server)));
}
