// Runs a program of this project and gives its exit code; shows its output, and hands it over when asked.
import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { join } from 'node:path';
import { root } from '../setup/dependencies.mjs';

const children = new Set();
/** The exit code of an interrupted command: what a shell gives for the signal. */
let interrupted;
for (const signal of ['SIGINT', 'SIGTERM']) {
  process.on(signal, () => {
    const again = interrupted !== undefined;
    interrupted = 128 + constants.signals[signal];
    for (const child of children) child.kill(signal);
    // Children may clean up first; whoever asks twice does not wait for them.
    if (again || children.size === 0) process.exit(interrupted);
  });
}

export function run(program, args, { env = {}, quiet = false } = {}) {
  return new Promise((resolve) => {
    const child = spawn(program, args, {
      cwd: root,
      env: { ...process.env, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    children.add(child);
    let output = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', (chunk) => {
        output += chunk;
        if (!quiet) process.stdout.write(chunk);
      });
    }
    child.on('error', (error) => {
      children.delete(child);
      resolve({ code: 1, output: error.message });
    });
    child.on('close', (code) => {
      children.delete(child);
      // Without this, Ctrl-C would end one suite and the next would begin.
      if (interrupted !== undefined && children.size === 0) process.exit(interrupted);
      resolve({ code: code ?? 1, output });
    });
  });
}

/** Runs a package's command line with this Node. */
export function node(script, args = [], options = {}) {
  return run(process.execPath, [join(root, script), ...args], options);
}
