// Finds the command, parses its arguments and tells in a sentence what went wrong.
import { createRequire } from 'node:module';
import { parseArgs } from 'node:util';
import { didYouMean, FlowDefinitionError, FlowError } from '../index.js';
import { EXIT, type Command, type Output } from './command.js';

const COMMANDS: Readonly<Record<string, () => Promise<{ readonly command: Command }>>> = {
  check: () => import('./check.js'),
  run: () => import('./run.js'),
  diagram: () => import('./diagram.js'),
  import: () => import('./import.js'),
  deploy: () => import('./deploy.js'),
  instances: () => import('./instances.js'),
  retry: () => import('./retry.js'),
  cancel: () => import('./cancel.js'),
  migrate: () => import('./migrate.js'),
  archive: () => import('./archive.js'),
  restore: () => import('./restore.js'),
  tail: () => import('./tail.js'),
  export: () => import('./export.js'),
};

/**
 * Exit codes: 0 done, 1 the flow has errors or failed, 2 the command was wrong, 3 the flow waits for something, 4 the server has
 * refused it or cannot be reached.
 */
export async function main(args: readonly string[], output: Output): Promise<number> {
  const [name, ...rest] = args;
  try {
    if (name === '--version') return say(output, version());
    if (name === undefined || name === '--help' || name === 'help') return say(output, await overview());
    const load = COMMANDS[name];
    if (!load) {
      const near = didYouMean(name, Object.keys(COMMANDS));
      throw new FlowError(
        'CLI-USAGE',
        `There is no command "${name}".${near === undefined ? '' : ` Did you mean "${near}"?`} Try millrace --help.`,
      );
    }
    const { command } = await load();
    if (rest.includes('--help')) return say(output, command.usage);
    const { values, positionals } = parsed(command, name, rest);
    return await command.run(positionals, values, output);
  } catch (error) {
    if (!(error instanceof FlowError)) throw error;
    output.err(error.message);
    return error instanceof FlowDefinitionError ? EXIT.failed : EXIT.usage;
  }
}

function parsed(command: Command, name: string, args: readonly string[]): ReturnType<typeof parseArgs> {
  try {
    return parseArgs({ args: [...args], options: command.options, allowPositionals: true });
  } catch (error) {
    throw new FlowError('CLI-USAGE', `${(error as Error).message}\nTry millrace ${name} --help.`);
  }
}

async function overview(): Promise<string> {
  const lines = await Promise.all(
    Object.entries(COMMANDS).map(async ([name, load]) => `  ${name.padEnd(10)}${(await load()).command.summary}`),
  );
  return ['millrace COMMAND [FILE…] [options]', '', ...lines, '', 'millrace COMMAND --help says more.'].join('\n');
}

function say(output: Output, text: string): number {
  output.out(text);
  return EXIT.ok;
}

/** From the package's own `package.json`, wherever this file lies in it. */
function version(): string {
  const { version: found } = createRequire(import.meta.url)('millrace/package.json') as { version: string };
  return found;
}
