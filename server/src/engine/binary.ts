// Where the engine's program is: it comes from npm, in one optional package per platform, and is never part of this one.
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { FlowError } from '../../../src/index.js';

export function engineBinary(): string {
  const own = process.env['MILLRACE_ENGINE_BINARY'];
  if (own !== undefined && existsSync(own)) return own;
  const name = `@restatedev/restate-server-${process.platform}-${process.arch}`;
  try {
    const manifest = createRequire(import.meta.url).resolve(`${name}/package.json`);
    const binary = join(dirname(manifest), 'bin/restate-server');
    if (existsSync(binary)) return binary;
  } catch {
    // Told below: there is one message for "no package" and "no program in it".
  }
  throw new FlowError(
    'FLOW-NO-ENGINE',
    `The engine's program is not installed (${name}). Run npm install in server/ on Linux or macOS, or set MILLRACE_ENGINE_BINARY to a restate-server.`,
  );
}
