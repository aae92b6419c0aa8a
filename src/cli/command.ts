// What every command is made of.
import type { ParseArgsConfig } from 'node:util';

export interface Output {
  /** A line for standard output. */
  out(text: string): void;
  /** A line for standard error. */
  err(text: string): void;
}

export interface Command {
  /** One line for the list of commands. */
  readonly summary: string;
  readonly usage: string;
  readonly options: NonNullable<ParseArgsConfig['options']>;
  /** Gives the exit code. Throws `FlowError` for what the caller got wrong. */
  run(files: readonly string[], values: Values, output: Output): Promise<number>;
}

export type Values = Readonly<Record<string, string | boolean | (string | boolean)[] | undefined>>;

export const EXIT = { ok: 0, failed: 1, usage: 2, waiting: 3, refused: 4 } as const;
