// `npm run test:server`: the server's types and tests, on a real engine. `--only=NAME` picks test files by a part of their
// name, `--cycles N` says how often the kill test kills, `--write` adds its figures to docs/server.md.
import { findOrInstallBrowser } from '../setup/browser.mjs';
import { installDependencies } from '../setup/dependencies.mjs';
import { globSync as find } from './files.mjs';
import { node } from './spawn.mjs';
import { nodeTests } from './test.mjs';

export async function main(args) {
  installDependencies('server');
  const only = args.find((a) => a.startsWith('--only='))?.slice(7);
  const at = args.findIndex((a) => a === '--cycles' || a.startsWith('--cycles='));
  if (at >= 0) process.env.KILL_CYCLES = args[at].split('=')[1] ?? args[at + 1];
  if (args.includes('--write')) process.env.KILL_WRITE = '1';
  const files = find('server/test', '.test.ts').filter((file) => only === undefined || file.includes(only));
  if (files.some((file) => file.includes('browser'))) process.env.CHROME_PATH = findOrInstallBrowser();
  console.log('\n== types ==');
  const types = await node('node_modules/typescript/bin/tsc', ['--noEmit', '-p', 'server']);
  console.log('\n== server ==');
  const { passed, failed } = await nodeTests(files, 1);
  const broken = failed + (types.code === 0 ? 0 : 1);
  console.log(`${passed + (types.code === 0 ? 1 : 0)} passed, ${broken} failed`);
  return broken > 0 ? 1 : 0;
}
