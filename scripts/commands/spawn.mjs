// Runs a program of this project and gives its exit code; shows its output, and hands it over when asked.
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { root } from '../setup/dependencies.mjs';

const stopping = new Set();
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => stopping.forEach((child) => child.kill(signal)));

export function run(program, args, { env = {}, quiet = false } = {}) {
  return new Promise((resolve) => {
    const child = spawn(program, args, {
      cwd: root,
      env: { ...process.env, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    stopping.add(child);
    let output = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', (chunk) => {
        output += chunk;
        if (!quiet) process.stdout.write(chunk);
      });
    }
    child.on('error', (error) => resolve({ code: 1, output: error.message }));
    child.on('close', (code) => {
      stopping.delete(child);
      resolve({ code: code ?? 1, output });
    });
  });
}

/** Runs a package's command line with this Node. */
export function node(script, args = [], options = {}) {
  return run(process.execPath, [join(root, script), ...args], options);
}
