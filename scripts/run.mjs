// The entry of every npm script that a newcomer may type first: makes sure that Node, packages and, where one is needed,
// a browser are there, then does the work. `node scripts/run.mjs <command> [arguments]`.
import { requireNode } from './setup/node-version.mjs';

requireNode();
const { installDependencies } = await import('./setup/dependencies.mjs');
installDependencies();

const [command, ...rest] = process.argv.slice(2);
const commands = {
  start: () => import('./commands/start.mjs'),
  test: () => import('./commands/test.mjs'),
  server: () => import('./commands/server.mjs'),
  'test:simulation': () => import('./commands/test-simulation.mjs'),
  'test:faults': () => import('./commands/test-faults.mjs'),
  'test:planted': () => import('./commands/test-planted.mjs'),
  'test:server': () => import('./commands/test-server.mjs'),
  inspect: () => import('./commands/inspect.mjs'),
  'test:inspection': () => import('./commands/test-inspection.mjs'),
  bench: () => import('./commands/bench.mjs'),
  storybook: () => import('./commands/storybook.mjs'),
  build: () => ownScript('build'),
  size: () => ownScript('size'),
  docs: () => ownScript('docs'),
  format: () => ownScript('format'),
  millrace: () => ownScript('millrace'),
};
if (!commands[command]) {
  console.error(`Unknown command "${command}". There are: ${Object.keys(commands).join(', ')}.`);
  process.exit(1);
}
const { main } = await commands[command]();
process.exitCode = await main(rest);

async function ownScript(name) {
  return (await import('./commands/own-script.mjs')).own(name);
}
