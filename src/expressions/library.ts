// The jsonata library, loaded on first use: a flow without expressions never pays for it.
import type jsonata from 'jsonata';
import { FlowError } from '../model/index.js';
import { bindBounded, originalsOf, type Originals, type Present } from './bounded-functions.js';
import { DEFAULT_LIMITS } from './limits.js';

type Parse = (source: string, options?: jsonata.JsonataOptions) => jsonata.Expression;

export interface Library {
  readonly parse: Parse;
  readonly originals: Originals;
}

/** An expression object of the library's, with bounds. It serves one evaluation at a time. */
export interface LibraryExpression {
  readonly expression: jsonata.Expression;
  readonly present: Present;
}

let loading: Promise<Library> | undefined;

export function loadLibrary(): Promise<Library> {
  loading ??= import('jsonata').then(
    async (module) => {
      const parse = ((module as { default?: unknown }).default ?? module) as Parse;
      return { parse, originals: await originalsOf(parse) };
    },
    (cause: unknown) => {
      loading = undefined;
      throw new FlowError(
        'FLOW-EXPRESSION-LIBRARY',
        'The expression library could not be loaded. Check the network and try again.',
        {},
        { cause, retryable: true },
      );
    },
  );
  return loading;
}

export async function loadRegexEngine(): Promise<RegExpConstructor> {
  return (await import('./bounded-regexp.js')).BoundedRegExp as unknown as RegExpConstructor;
}

export interface ParseFault {
  readonly message: string;
  /** 0-based. */
  readonly position: number;
  readonly token?: string;
}

/** Parses a new expression object; rejects with `ParseFault` data inside a FlowError. */
export async function parseWith({ parse, originals }: Library, source: string): Promise<LibraryExpression> {
  // Regular expressions stand between slashes.
  const RegexEngine = source.includes('/') ? await loadRegexEngine() : undefined;
  try {
    const expression = parse(source, { timeout: DEFAULT_LIMITS.time, ...(RegexEngine && { RegexEngine }) });
    return { expression, present: bindBounded(expression, originals) };
  } catch (cause) {
    const fault = faultOf(cause);
    throw new FlowError(
      'FLOW-E201',
      `The expression does not parse at position ${fault.position + 1}: ${fault.message} In: ${source}`,
      { expression: source },
      { cause, details: { ...fault } },
    );
  }
}

export function faultOf(error: unknown): ParseFault {
  const e = error as { message?: string; position?: number; token?: string };
  // The library reports the position behind the offending token; its end has none to be behind.
  const length = e.token === '(end)' ? 0 : (e.token?.length ?? 1);
  const position = Math.max(0, (e.position ?? 1) - length);
  return {
    message: sentence(e.message ?? String(error)),
    position,
    ...(e.token === undefined ? {} : { token: e.token }),
  };
}

export function sentence(text: string): string {
  return /[.!?]$/.test(text) ? text : `${text}.`;
}
