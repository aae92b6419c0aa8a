// The package as npm would publish it, installed into empty projects: what is in it, that its types and entries are found by everybody,
// and that it works in Node, with webpack, and (MILLRACE_NEXT=1, because that takes minutes) rendered on the server by Next.js. A
// script tag, Vite and the frameworks have test/consumers; an empty folder has test/e2e/tutorial.test.ts.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { chromium } from 'playwright-core';
import { preview } from 'vite';
import { findBrowser } from '../../scripts/setup/browser.mjs';

const root = resolve(import.meta.dirname, '../..');
const env = { ...process.env, npm_config_prefer_offline: 'true', npm_config_audit: 'false', npm_config_fund: 'false' };

function run(program: string, args: readonly string[], cwd: string, more: NodeJS.ProcessEnv = {}): string {
  const shell = process.platform === 'win32';
  const { status, stdout, stderr } = spawnSync(program, args, {
    cwd,
    encoding: 'utf8',
    shell,
    env: { ...env, ...more },
  });
  assert.equal(status, 0, `${program} ${args.join(' ')}\n${stdout}${stderr}`);
  return stdout;
}

const tool = (path: string): string => join(root, 'node_modules', path);

describe('the package', () => {
  const place = realpathSync(mkdtempSync(join(tmpdir(), 'millrace-package-')));
  let tarball: string;
  let contents: readonly string[];

  before(() => {
    run(process.execPath, [join(root, 'scripts/build.mjs')], root);
    run('npm', ['pack', '--ignore-scripts', '--pack-destination', place], root);
    tarball = join(
      place,
      readdirSync(place).find((name) => name.endsWith('.tgz'))!,
    );
    contents = run('tar', ['-tzf', tarball], place)
      .trim()
      .split('\n')
      .map((path) => path.replace('package/', ''));
  });
  after(() => rmSync(place, { recursive: true, force: true, maxRetries: 5 }));

  /** An empty project with the package, and more, in it. */
  function project(name: string, files: Readonly<Record<string, string>>, ...packages: readonly string[]): string {
    const folder = join(place, name);
    for (const [path, text] of Object.entries({ 'package.json': '{"private":true,"type":"module"}', ...files })) {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), text);
    }
    run('npm', ['install', '--no-save', tarball, ...packages], folder);
    return folder;
  }

  it('holds what it needs, its licences, and neither tests nor demo', () => {
    for (const file of [
      'LICENSE',
      'CHANGELOG.md',
      'README.md',
      'custom-elements.json',
      'dist/flow.schema.json',
      'dist/html-data.json',
    ])
      assert.ok(contents.includes(file), file);
    assert.deepEqual(
      contents.filter((path) => /\.test\.|^(test|demo|stories|bench|server|docs)\//.test(path)),
      [],
    );
  });

  it('has no test, demo or development code in its bundle', () => {
    for (const file of readdirSync(join(root, 'dist')).filter((name) => /^(millrace|isolated).*\.js$/.test(name))) {
      const { sources } = JSON.parse(readFileSync(join(root, 'dist', `${file}.map`), 'utf8')) as { sources: string[] };
      assert.deepEqual(
        sources.filter((source) => !/(^|\/)(src|components|node_modules)\//.test(source)),
        [],
        file,
      );
      assert.deepEqual(
        sources.filter((source) => /\.test\.ts$|\/src\/(testing|cli|vite)\//.test(source)),
        [],
        file,
      );
    }
  });

  it('carries the licence of every package that is bundled', () => {
    const notices = readFileSync(join(root, 'dist/THIRD-PARTY-NOTICES.txt'), 'utf8');
    for (const name of ['lit', 'xstate', 'idb', 'jsonata', '@cfworker/json-schema'])
      assert.match(notices, new RegExp(`^${name} \\d`, 'm'));
    assert.doesNotMatch(notices, /\(undefined\)/);
  });

  it('is what publint and "are the types wrong" ask for', () => {
    const lint = run(process.execPath, [tool('publint/src/cli.js'), 'run', tarball, '--strict'], place);
    assert.match(lint, /All good!/);
    // There is no CommonJS in it, and the resolution of Node 10 knows no exports.
    run(process.execPath, [tool('@arethetypeswrong/cli/dist/index.js'), tarball, '--profile', 'esm-only'], place);
  });

  it('is imported by Node, every entry of it, also the elements, for pages that a server renders', () => {
    const { exports } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
      exports: Record<string, { default?: string }>;
    };
    const entries = Object.entries(exports).flatMap(([name, { default: file }]) =>
      file?.endsWith('.js') && name !== './millrace.js' ? [`millrace${name.slice(1)}`] : [],
    );
    assert.ok(entries.length > 15);
    const folder = project('node', {
      'entries.js': `${entries.map((name) => `await import('${name}');`).join('\n')}\nconsole.log('imported');`,
      'run.js': `import { compile, createMemoryHost } from 'millrace';
        const host = createMemoryHost({ implementations: { twice: ({ n }) => n * 2 } });
        await host.deploy(await compile({ flow: 'f', kind: 'microflow', input: { n: { type: 'number' } }, variables: { n: {}, m: {} }, output: { m: 'm' },
          activities: [{ id: 'A', type: 'service', implementation: { ref: 'twice' }, input: { n: 'n' }, output: { m: '$output' } }] }));
        const { id } = await host.start('f', { n: 21 });
        await host.settled();
        console.log((await host.get(id)).output.m);`,
    });
    assert.equal(run(process.execPath, ['entries.js'], folder).trim(), 'imported');
    assert.equal(run(process.execPath, ['run.js'], folder).trim(), '42');
    assert.match(run('npx', ['--no-install', 'millrace', '--version'], folder), /^\d+\.\d+\.\d+/);
  });

  it('works in a page that webpack has built', async () => {
    const folder = project(
      'webpack',
      {
        'webpack.config.js': `export default { mode: 'production', entry: './page.js', output: { path: import.meta.dirname + '/built', filename: 'page.js' }, performance: false };`,
        'page.js': `import { runtime } from 'millrace/components';
          runtime.define({ flow: 'double', kind: 'microflow', input: { n: { type: 'number' } }, variables: { n: {}, m: {} }, output: { m: 'm' },
            activities: [{ id: 'A', type: 'service', implementation: { ref: 'twice' }, input: { n: 'n' }, output: { m: '$output' } }] });
          runtime.implement('twice', ({ n }) => n * 2);`,
        'built/index.html': `<!doctype html><html lang="en"><meta charset="utf-8"><title>x</title><link rel="icon" href="data:,"><script type="module" src="page.js"></script>
          <form><input name="n" type="number" value="21"><output name="m"></output><flow-button flow="double">Double</flow-button></form>`,
      },
      'webpack@5',
      'webpack-cli@6',
    );
    run('npx', ['--no-install', 'webpack'], folder);
    const server = await preview({
      root: folder,
      configFile: false,
      build: { outDir: 'built' },
      preview: { host: '127.0.0.1', port: 0 },
      logLevel: 'error',
    });
    const browser = await chromium.launch({
      executablePath: process.env['CHROME_PATH'] ?? findBrowser()!,
      args: process.platform === 'linux' ? ['--no-sandbox'] : [],
    });
    try {
      const page = await browser.newPage();
      const problems: string[] = [];
      page.on('pageerror', (error) => problems.push(error.message));
      await page.goto(server.resolvedUrls!.local[0]!);
      await page.getByRole('button', { name: 'Double' }).click();
      await page.waitForFunction(() => document.querySelector('output')!.value === '42', undefined, {
        timeout: 60_000,
      });
      assert.deepEqual(problems, []);
    } finally {
      await browser.close();
      await server.close();
    }
  });

  it(
    'is rendered on the server by Next.js',
    { skip: process.env['MILLRACE_NEXT'] ? false : 'takes minutes: MILLRACE_NEXT=1' },
    () => {
      const folder = project(
        'next',
        {
          'package.json': '{"private":true}',
          'app/layout.js': `export default function Layout({ children }) { return <html lang="en"><body>{children}</body></html>; }`,
          'app/page.js': `import { Order } from './order.js';\nexport default function Page() { return <Order />; }`,
          'app/order.js': `'use client';
          import 'millrace/components';
          export function Order() { return <flow-button flow="order"><button>Order</button></flow-button>; }`,
        },
        'next@latest',
        'react@latest',
        'react-dom@latest',
      );
      run('npx', ['--no-install', 'next', 'build'], folder, { NEXT_TELEMETRY_DISABLED: '1' });
      const html = join(folder, '.next/server/app/index.html');
      assert.ok(existsSync(html));
      assert.match(readFileSync(html, 'utf8'), /<flow-button flow="order"><button>Order<\/button><\/flow-button>/);
    },
  );
});
