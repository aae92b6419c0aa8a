// A program of the operator's choice: arguments as JSON on its standard input, the result as JSON on its standard output. No
// shell is involved, and a flow cannot choose the program.
import { execFile } from 'node:child_process';
import { resolve } from 'node:path';
import { FlowError, parseDuration, type Json, type JsonObject } from '../../../src/index.js';
import { schemaOf, text, type Action, type CallContext, type Connected, type ConnectorKind } from './connector.js';

const LONGEST = 60_000;
const MOST_OUTPUT = 10_000_000;

export const script: ConnectorKind = {
  summary: 'a program: JSON in, JSON out',
  settings: schemaOf(
    {
      program: text,
      arguments: { type: 'array', items: text },
      timeout: { type: 'string', description: 'ISO 8601. Default PT1M.' },
    },
    ['program'],
  ),
  async connect(settings, folder) {
    return new ScriptConnection(settings, folder);
  },
};

class ScriptConnection implements Connected {
  readonly actions: Readonly<Record<string, Action>> = {
    run: {
      summary: 'runs it with these arguments on its standard input',
      effect: 'post',
      arguments: { type: 'object' },
    },
  };
  readonly #settings: JsonObject;
  readonly #folder: string;

  constructor(settings: JsonObject, folder: string) {
    this.#settings = settings;
    this.#folder = folder;
  }

  call(_: string, args: JsonObject, { signal, idempotencyKey }: CallContext): Promise<Json> {
    const { program, timeout } = this.#settings as { program: string; timeout?: string };
    const fixed = (this.#settings['arguments'] ?? []) as string[];
    const path = program.includes('/') ? resolve(this.#folder, program) : program;
    return new Promise((done, fail) => {
      const options = {
        cwd: this.#folder,
        signal,
        timeout: (timeout === undefined ? undefined : parseDuration(timeout)) ?? LONGEST,
        maxBuffer: MOST_OUTPUT,
        env: { PATH: process.env['PATH'], IDEMPOTENCY_KEY: idempotencyKey },
      };
      const child = execFile(path, fixed, options, (error, out, err) => {
        if (error) return fail(failureOf(error, err));
        try {
          done(out.trim() === '' ? null : (JSON.parse(out) as Json));
        } catch (cause) {
          fail(new FlowError('SCRIPT-OUTPUT', `${program} printed no JSON: ${out.slice(0, 200)}`, {}, { cause }));
        }
      });
      // A program that reads nothing closes the pipe early.
      child.stdin?.on('error', () => {});
      child.stdin?.end(JSON.stringify(args));
    });
  }

  async test(signal: AbortSignal): Promise<string> {
    await this.call('run', {}, { signal, idempotencyKey: 'test' });
    return 'runs';
  }

  async close(): Promise<void> {}
}

function failureOf(error: Error & { code?: unknown; killed?: boolean }, err: string): FlowError {
  const code = error.killed ? 'SCRIPT-TIMEOUT' : `SCRIPT-${String(error.code ?? 'ERROR')}`;
  return new FlowError(code, err.trim().slice(-2000) || error.message, {}, { cause: error });
}
