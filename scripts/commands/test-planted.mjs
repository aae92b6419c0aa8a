// `npm run test:planted`: plants bugs into a copy of the source, one at a time, and shows that the simulation notices each, or
// the test that a bug names because it takes a moment that the simulation hardly ever hits. Writes what came of it into docs/reliability.md. `--only=WORDS` tries those whose name has the words, and writes nothing.
import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bugs } from '../../test/planted/bugs.mjs';
import { root } from '../setup/dependencies.mjs';
import { bundleSimulation } from './bundle-simulation.mjs';
import { inThread } from './test-simulation.mjs';

/** Schedules in which a bug has to show. */
const SCHEDULES = 2000;
/** A bug that makes one schedule go on for ever has shown itself, ms. */
const PATIENCE = 300_000;

export async function main(args) {
  const only = args.find((a) => a.startsWith('--only='))?.slice(7);
  const chosen = bugs.filter(({ bug }) => only === undefined || bug.includes(only));
  const results = await plantAll(chosen);
  const { failed } = sum(results);
  if (only === undefined) write(results);
  return failed > 0 ? 1 : 0;
}

/** Those that `npm test` tries. */
export async function plantQuick() {
  return sum(await plantAll(bugs.filter((b) => b.quick)));
}

async function plantAll(chosen) {
  // The whole table, so that `npm test` says it when it has to follow the code, and not who needs it next.
  for (const { edits } of bugs)
    for (const [file, there, instead] of edits) planted(readFileSync(join(root, file), 'utf8'), file, there, instead);
  const results = [];
  for (const { bug, edits, test } of chosen) {
    const result = { bug, ...(test ? plantBefore(test, edits) : await plant(edits)) };
    results.push(result);
    console.log(`${result.isCaught ? 'caught  ' : 'SURVIVED'} ${bug}: ${result.how}`);
  }
  return results;
}

async function plant(edits) {
  const left = new Set(edits);
  const bundle = await bundleSimulation((path, text) => {
    let changed = text;
    for (const edit of edits) {
      const [file, there, instead] = edit;
      if (file !== path) continue;
      changed = planted(changed, path, there, instead);
      left.delete(edit);
    }
    return changed;
  });
  try {
    for (const [file] of left) throw new Error(`${file} is not part of what is simulated.`);
    const { failed, schedules } = await inThread(bundle.path, 1, SCHEDULES, { untilFailures: 1, patience: PATIENCE });
    if (failed.length === 0) return { isCaught: false, how: `not in ${schedules} schedules` };
    const [{ seed, violations }] = failed;
    return { isCaught: true, how: `${violations[0].split('\n')[0]} (seed ${seed})`, seed };
  } finally {
    bundle.remove();
  }
}

/** Runs one test file in a copy that has the bug. */
function plantBefore(test, edits) {
  const copy = mkdtempSync(join(tmpdir(), 'millrace-planted-'));
  try {
    for (const part of ['src', 'test/node', 'scripts', 'package.json', 'tsconfig.json'])
      cpSync(join(root, part), join(copy, part), { recursive: true });
    symlinkSync(join(root, 'node_modules'), join(copy, 'node_modules'), 'junction');
    for (const [file, there, instead] of edits) {
      const path = join(copy, file);
      writeFileSync(path, planted(readFileSync(path, 'utf8'), file, there, instead));
    }
    const args = ['--import', './scripts/setup/typescript.mjs', '--test', '--test-reporter=tap', test];
    const { status, stdout } = spawnSync(process.execPath, args, { cwd: copy, encoding: 'utf8' });
    const failed = /^ *not ok \d+ - (.*)$/m.exec(stdout)?.[1];
    return status === 0 || !failed
      ? { isCaught: false, how: `not by ${test}` }
      : { isCaught: true, how: `${test}: ${failed}` };
  } finally {
    rmSync(copy, { recursive: true, force: true });
  }
}

function planted(text, file, there, instead) {
  if (text.split(there).length !== 2)
    throw new Error(`"${there}" is not there once in ${file}: the table of planted bugs has to follow the code.`);
  return text.replace(there, () => instead);
}

function sum(results) {
  const failed = results.filter((r) => !r.isCaught).length;
  console.log(`${results.length - failed} of ${results.length} planted bugs were caught`);
  return { passed: results.length - failed, failed };
}

const BEGIN = '<!-- planted bugs: written by npm run test:planted -->';
const END = '<!-- end of planted bugs -->';

function write(results) {
  const path = join(root, 'docs/reliability.md');
  const page = readFileSync(path, 'utf8');
  const [before, rest] = page.split(BEGIN);
  const after = rest?.split(END)[1];
  if (after === undefined) throw new Error(`docs/reliability.md has no section between "${BEGIN}" and "${END}".`);
  const rows = results.map(({ bug, isCaught, how }) => `| ${bug} | ${isCaught ? how : `**not caught**: ${how}`} |`);
  const caught = results.filter((r) => r.isCaught).length;
  const table = [
    '| planted bug | what the simulation, or the test that is named, said |',
    '| --- | --- |',
    ...rows,
  ].join('\n');
  writeFileSync(path, `${before}${BEGIN}\n\n${caught} of ${results.length} were caught.\n\n${table}\n\n${END}${after}`);
}
