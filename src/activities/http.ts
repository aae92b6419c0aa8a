// The `http` implementation: calls an HTTP API with JSON in and out. Only origins that the page allows, no credentials
// unless told to, an idempotency key on every call that may change something.
import { FlowError, type Json, type JsonObject } from '../model/index.js';
import type { ImplementationFunction, InvocationContext } from './implementation.js';

export interface HttpOptions {
  /** Origins that may be called besides the page's own, e.g. `https://api.example.com`; `*` allows all. */
  readonly allowedOrigins?: readonly string[];
  /** What relative URLs are relative to. Default: the page. */
  readonly baseUrl?: string;
  /** Whether cookies and the like are sent. Default `omit`. */
  readonly credentials?: RequestCredentials;
  /** Longest answer, in characters. Default 5 million. */
  readonly maxAnswer?: number;
  readonly fetch?: typeof fetch;
}

const SAFE_METHODS = new Set(['GET', 'HEAD', 'OPTIONS']);
const RETRYABLE = new Set([408, 425, 429, 500, 502, 503, 504]);

/**
 * Arguments: `method` (default GET), `url`, `query`, `headers`, `body`. Result: `{ status, headers, body }`.
 * Fails with code `HTTP-<status>` for an answer outside 200–299, `HTTP-NETWORK` when there is none.
 */
export function createHttpImplementation(options: HttpOptions = {}): ImplementationFunction {
  const request = options.fetch ?? ((...args: Parameters<typeof fetch>) => fetch(...args));
  return async (args, context) => {
    const method = String(args['method'] ?? 'GET').toUpperCase();
    const url = allowedUrl(args, options, context);
    const headers = headersOf(args, method, context);
    const body = args['body'];
    if (body !== undefined && typeof body !== 'string' && !headers.has('content-type'))
      headers.set('content-type', 'application/json');
    let response: Response;
    try {
      response = await request(url, {
        method,
        headers,
        credentials: options.credentials ?? 'omit',
        signal: context.signal,
        ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
      });
    } catch (cause) {
      if (context.signal.aborted) throw context.signal.reason;
      throw new FlowError(
        'HTTP-NETWORK',
        `${context.activity}: ${method} ${shown(url)} could not be reached.`,
        placeOf(context),
        { cause, retryable: true },
      );
    }
    const content = await readBody(response, options.maxAnswer ?? 5_000_000, context);
    if (!response.ok) throw refusal(response, content, method, url, context);
    return { status: response.status, headers: Object.fromEntries(response.headers), body: content };
  };
}

function allowedUrl(args: JsonObject, options: HttpOptions, context: InvocationContext): URL {
  const base = options.baseUrl ?? (globalThis as { location?: { href: string } }).location?.href;
  let url: URL;
  try {
    url = new URL(String(args['url'] ?? ''), base);
  } catch (cause) {
    throw new FlowError(
      'HTTP-URL',
      `${context.activity}: "${String(args['url'])}" is no URL that can be called.`,
      placeOf(context),
      { cause },
    );
  }
  for (const [name, value] of Object.entries((args['query'] ?? {}) as JsonObject))
    url.searchParams.set(name, asText(value));
  const own = base === undefined ? undefined : new URL(base).origin;
  const allowed = options.allowedOrigins ?? [];
  const isWeb = url.protocol === 'http:' || url.protocol === 'https:';
  if (isWeb && (url.origin === own || allowed.includes('*') || allowed.includes(url.origin))) return url;
  throw new FlowError(
    'HTTP-ORIGIN',
    `${context.activity}: calling ${url.origin} is not allowed. Add it to "allowedOrigins" if the flow may send data there.`,
    placeOf(context),
  );
}

function headersOf(args: JsonObject, method: string, context: InvocationContext): Headers {
  const headers = new Headers({ accept: 'application/json' });
  for (const [name, value] of Object.entries((args['headers'] ?? {}) as JsonObject)) headers.set(name, asText(value));
  if (!SAFE_METHODS.has(method) && !headers.has('idempotency-key'))
    headers.set('idempotency-key', context.idempotencyKey);
  return headers;
}

function asText(value: Json): string {
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

async function readBody(response: Response, max: number, context: InvocationContext): Promise<Json> {
  const text = await response.text();
  if (text.length > max) {
    throw new FlowError(
      'HTTP-TOO-LARGE',
      `${context.activity}: the answer has ${text.length} characters; at most ${max} are read.`,
      placeOf(context),
    );
  }
  if (!/json/i.test(response.headers.get('content-type') ?? '')) return text;
  if (text === '') return null;
  try {
    return JSON.parse(text) as Json;
  } catch (cause) {
    throw new FlowError(
      'HTTP-JSON',
      `${context.activity}: the answer says it is JSON, but it is not.`,
      placeOf(context),
      { cause },
    );
  }
}

function refusal(response: Response, body: Json, method: string, url: URL, context: InvocationContext): FlowError {
  const reason = (body as { message?: unknown } | null)?.message;
  const error = new FlowError(
    `HTTP-${response.status}`,
    `${context.activity}: ${method} ${shown(url)} answered ${response.status}${typeof reason === 'string' ? `: ${reason}` : ''}`,
    placeOf(context),
    { retryable: RETRYABLE.has(response.status), details: body },
  );
  return Object.assign(error, { status: response.status });
}

/** Without the query, which may hold secrets. */
function shown(url: URL): string {
  return url.origin + url.pathname;
}

function placeOf(context: InvocationContext): { flow: string; activity: string; instance: string } {
  return { flow: context.flow, activity: context.activity, instance: context.instance };
}
