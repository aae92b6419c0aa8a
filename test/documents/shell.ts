// Whether a shell block names commands that exist: npm scripts, commands of Millrace and their options, files of the project.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { main } from '../../src/cli/main.js';
import { root, type Block } from './blocks.js';

const PLAIN = new Set([
  'cd',
  'mkdir',
  'cp',
  'cat',
  'curl',
  'git',
  'printf',
  'sha256sum',
  'echo',
  'node',
  'ls',
  'unzip',
  'docker',
]);
const NPM = new Set(['ci', 'install', 'pack', 'publish', 'init', 'view', 'test', 'start']);
/** Programs of other packages that documents start with npx. */
const NPX = new Set(['vite', 'millrace', 'publint', 'attw']);

export async function faultsIn({ code }: Block): Promise<readonly string[]> {
  const faults: string[] = [];
  for (const line of code.replaceAll('\\\n', ' ').split('\n')) {
    for (const command of commandsIn(line)) {
      const fault = await faultOf(command);
      if (fault !== undefined) faults.push(`${command.join(' ')}: ${fault}`);
    }
  }
  return faults;
}

/** The words of each command of a line, without comments, assignments of variables and quotes. */
function commandsIn(line: string): readonly (readonly string[])[] {
  const words = line.match(/"(?:[^"\\]|\\.)*"|'[^']*'|#.*$|&&|\|\||[|;]|[^\s;|]+/g) ?? [];
  const commands: string[][] = [[]];
  for (const word of words) {
    if (word.startsWith('#')) break;
    if (['&&', '||', '|', ';'].includes(word)) commands.push([]);
    else commands.at(-1)!.push(/^["']/.test(word) ? word.slice(1, -1) : word);
  }
  return commands.map(withoutAssignments).filter((command) => command.length > 0);
}

function withoutAssignments(words: readonly string[]): readonly string[] {
  const rest = words[0] === 'export' ? words.slice(1) : words;
  const first = rest.findIndex((word) => !/^[A-Z_]+=/.test(word));
  // What is left of an assignment such as KEY=$(cat file) is no command.
  if (first < 0 || (first > 0 && /\$\([^)]*$/.test(rest[first - 1]!))) return [];
  return rest.slice(first);
}

async function faultOf([program, ...args]: readonly string[]): Promise<string | undefined> {
  if (program === 'millrace') return millraceFault(args);
  if (program === 'npx')
    return NPX.has(args[0]!) ? (args[0] === 'millrace' ? millraceFault(args.slice(1)) : undefined) : 'unknown program';
  if (program === 'npm') return npmFault(args);
  return PLAIN.has(program!) ? undefined : 'unknown command';
}

async function npmFault([command, ...args]: readonly string[]): Promise<string | undefined> {
  if (command !== 'run') return NPM.has(command!) ? undefined : 'npm has no such command';
  const [name, dashes, ...rest] = args;
  const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
    scripts: Record<string, string>;
  };
  if (!scripts[name!]) return 'there is no such script';
  if (dashes !== undefined && dashes !== '--') return 'arguments come after "--"';
  const missing = rest.find((word) => /^(server|demo|patterns|docs)\//.test(word) && !existsSync(join(root, word)));
  if (missing !== undefined) return `${missing} does not exist`;
  return name === 'millrace' ? millraceFault(rest) : undefined;
}

async function millraceFault([command, ...args]: readonly string[]): Promise<string | undefined> {
  const said: string[] = [];
  const output = { out: (text: string) => void said.push(text), err: (text: string) => void said.push(text) };
  if (command === 'COMMAND' || command === '--help') return undefined;
  if ((await main([command!, '--help'], output)) !== 0) return said.join('\n');
  const unknown = args
    .filter((word) => word.startsWith('--'))
    .find((word) => !said.join('\n').includes(word.split('=')[0]!));
  return unknown === undefined ? undefined : `${command} has no option ${unknown}`;
}
