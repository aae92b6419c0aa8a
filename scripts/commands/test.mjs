// `npm test`: everything, in the order in which it is quickest to learn that something is wrong. `--only=node,browser`
// picks suites; `--browsers=all` adds Firefox and WebKit to the browser suite.
import { stripVTControlCharacters } from 'node:util';
import { globSync as find } from './files.mjs';
import { failuresIn, heard } from './failures.mjs';
import { findAllBrowsers } from '../setup/all-browsers.mjs';
import { findOrInstallBrowser } from '../setup/browser.mjs';
import { installDependencies } from '../setup/dependencies.mjs';
import { main as storybook } from './storybook.mjs';
import { node, run } from './spawn.mjs';
import { playStories } from './play-stories.mjs';
import { main as testFaults } from './test-faults.mjs';
import { testInspection } from './test-inspection.mjs';
import { plantQuick } from './test-planted.mjs';
import { simulate } from './test-simulation.mjs';

/** Milliseconds for one file or test; generous, because it is there for what hangs and not for what is slow. */
const TEST_PATIENCE = 1_800_000;

const bin = (path) => `node_modules/${path}`;

export async function main(args) {
  const only = args
    .find((a) => a.startsWith('--only='))
    ?.slice(7)
    .split(',');
  const all = args.includes('--browsers=all');
  const suites = {
    format: () => check('oxfmt/bin/oxfmt', ['--check', '.']),
    lint: () => check('oxlint/bin/oxlint', ['--deny-warnings']),
    types: () => check('typescript/bin/tsc', ['--noEmit', '-p', '.']),
    node: () => nodeTests(find('test/node', '.test.ts'), 2),
    simulation: () => simulation(),
    browser: () => browserTests(all),
    size: () => checkSize(),
    stories: () => storyTests(),
    consumers: () => consumerTests(),
    package: () => nodeTests(find('test/package', '.test.ts'), 1),
    inspection: () => testInspection(),
    e2e: () => nodeTests(find('test/e2e', '.test.ts'), 1),
    faults: () => killCycles(),
  };
  const unknown = only?.filter((name) => !suites[name]) ?? [];
  if (unknown.length > 0) {
    console.error(`There is no suite "${unknown.join('", "')}". There are: ${Object.keys(suites).join(', ')}.`);
    return 1;
  }
  if (!only || only.some((name) => ['browser', 'stories', 'consumers', 'package', 'e2e', 'faults'].includes(name))) {
    try {
      process.env.CHROME_PATH = findOrInstallBrowser();
      if (all) findAllBrowsers();
    } catch (error) {
      console.error(error.message);
      return 1;
    }
  }
  const results = [];
  for (const [name, suite] of Object.entries(suites)) {
    if (only && !only.includes(name)) continue;
    console.log(`\n== ${name} ==`);
    const started = Date.now();
    const { result, output } = await heard(suite);
    const failures = result.failed > 0 ? failuresIn(output) : [];
    results.push({ name, ...result, failures, seconds: Math.round((Date.now() - started) / 1000) });
  }
  console.log('\n== summary ==');
  for (const { name, passed, failed, failures, seconds } of results) {
    console.log(`${failed ? 'FAILED' : 'ok    '} ${name.padEnd(10)} ${passed} passed, ${failed} failed (${seconds} s)`);
    for (const line of failures) console.log(`         ${line}`);
  }
  const sum = (key) => results.reduce((total, r) => total + r[key], 0);
  console.log(`${sum('passed')} passed, ${sum('failed')} failed`);
  return sum('failed') > 0 ? 1 : 0;
}

/** A tool that is content or not. */
async function check(program, args) {
  const { code } = await node(bin(program), args);
  return { passed: code === 0 ? 1 : 0, failed: code === 0 ? 0 : 1 };
}

async function checkSize() {
  const { code } = await node('scripts/size.mjs');
  return { passed: code === 0 ? 1 : 0, failed: code === 0 ? 0 : 1 };
}

export async function nodeTests(files, concurrency) {
  // Without files Node would look for tests of its own.
  if (files.length === 0) return { passed: 0, failed: 0 };
  const limits = [`--test-concurrency=${concurrency}`, `--test-timeout=${TEST_PATIENCE}`];
  const args = ['--import', './scripts/setup/typescript.mjs', '--test', '--test-reporter=spec', ...limits, ...files];
  const { code, output } = await run(process.execPath, args);
  return counted(code, number(output, /^ℹ pass (\d+)/m), number(output, /^ℹ fail (\d+)/m));
}

/** A short form, and whether it can fail; `npm run test:simulation` and `npm run test:planted` are the long ones. */
async function simulation() {
  const { passed, failed } = await simulate({ schedules: 1000 });
  const planted = await plantQuick();
  return { passed: passed + planted.passed, failed: failed + planted.failed };
}

/** A short form, too; `npm run test:faults` runs as many cycles as asked for. */
async function killCycles() {
  const code = await testFaults([]);
  return { passed: code === 0 ? 1 : 0, failed: code === 0 ? 0 : 1 };
}

async function browserTests(all) {
  const args = ['--config', 'web-test-runner.config.mjs'];
  const { code, output } = await node(bin('@web/test-runner/dist/bin.js'), args, {
    env: all ? { BROWSERS: 'all' } : {},
  });
  const plain = stripVTControlCharacters(output);
  const lines = [...plain.matchAll(/(\d+) passed, (\d+) failed/g)];
  const last = new Map(
    plain.split('\n').flatMap((line) => {
      const match = /^(\w+):.*?(\d+) passed, (\d+) failed/.exec(line.trim());
      return match ? [[match[1], [Number(match[2]), Number(match[3])]]] : [];
    }),
  );
  const totals = last.size > 0 ? [...last.values()] : lines.slice(-1).map((m) => [Number(m[1]), Number(m[2])]);
  return counted(
    code,
    totals.reduce((n, [p]) => n + p, 0),
    totals.reduce((n, [, f]) => n + f, 0),
  );
}

async function storyTests() {
  const built = await storybook(['build']);
  if (built !== 0) return { passed: 0, failed: 1 };
  return playStories();
}

/** The frameworks are packages of the pages' own. */
function consumerTests() {
  installDependencies('test/consumers');
  return nodeTests(find('test/consumers', 'consumers.test.ts'), 1);
}

/** A suite that ended badly, or without a single test, has failed, whatever it says of itself. */
function counted(code, passed, failed) {
  const isHollow = passed + failed === 0;
  if (isHollow && code === 0) console.log('No result of any test was found in the output above.');
  return { passed, failed: failed === 0 && (code !== 0 || isHollow) ? 1 : failed };
}

function number(output, pattern) {
  return Number(pattern.exec(stripVTControlCharacters(output))?.[1] ?? 0);
}
