// HTTP to a Millrace server: credentials on every request, and its problems as the `FlowError`s that they were on the other
// side. A server that cannot be reached is `FLOW-OFFLINE`.
import { FlowError, FlowDefinitionError, type Diagnostic, type ErrorPlace, type Json } from '../../model/index.js';

export interface Credentials {
  /** A token of the organisation's identity provider; a function is asked before every request. */
  readonly token?: string | (() => string | Promise<string>);
  /** For trusted programs, not for pages: whoever reads it can do what it can. */
  readonly apiKey?: string;
}

export interface GatewayRequest {
  readonly method?: 'GET' | 'POST';
  readonly path: string;
  readonly body?: unknown;
  /** Repetitions with the same key have the effect of one. */
  readonly key?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal;
}

interface Problem {
  readonly code?: string;
  readonly message?: string;
  readonly retryable?: boolean;
  readonly place?: ErrorPlace;
  readonly details?: Json;
  readonly diagnostics?: readonly Diagnostic[];
}

export class GatewayClient {
  readonly #url: string;
  readonly #credentials: Credentials;
  readonly #fetch: typeof fetch;

  constructor(url: string, credentials: Credentials, request: typeof fetch = (...args) => fetch(...args)) {
    this.#url = url.replace(/\/+$/, '');
    this.#credentials = credentials;
    this.#fetch = request;
  }

  /** The answer as JSON. Rejects with FlowError: `FLOW-OFFLINE`, or what the server says. */
  async ask<T>(request: GatewayRequest): Promise<T> {
    const response = await this.open(request);
    const text = await response.text().catch((cause: unknown) => {
      throw offline(this.#url, cause);
    });
    return (text === '' ? undefined : JSON.parse(text)) as T;
  }

  /** The response itself, once it is known to be a good one. */
  async open({ method = 'GET', path, body, key, headers, signal }: GatewayRequest): Promise<Response> {
    const { token, apiKey } = this.#credentials;
    const bearer = typeof token === 'function' ? await token() : token;
    let response: Response;
    try {
      response = await this.#fetch(this.#url + path, {
        method,
        credentials: 'omit',
        cache: 'no-store',
        headers: {
          accept: 'application/json',
          ...(bearer === undefined ? {} : { authorization: `Bearer ${bearer}` }),
          ...(apiKey === undefined ? {} : { 'x-api-key': apiKey }),
          ...(key === undefined ? {} : { 'idempotency-key': key }),
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
          ...headers,
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        ...(signal ? { signal } : {}),
      });
    } catch (cause) {
      throw offline(this.#url, cause);
    }
    if (response.ok) return response;
    throw refusal(response.status, await response.text().catch(() => ''));
  }
}

/** Whether the same request may get through later. */
export function isOffline(error: unknown): boolean {
  return error instanceof FlowError && (error.code === 'FLOW-OFFLINE' || error.code === 'FLOW-UNAVAILABLE');
}

function offline(url: string, cause: unknown): FlowError {
  const message = `The server ${url} cannot be reached. Check the connection; nothing is lost, try again.`;
  return new FlowError('FLOW-OFFLINE', message, {}, { cause, retryable: true });
}

function refusal(status: number, text: string): FlowError {
  const problem = parsed(text);
  const { code, message, place = {}, details, diagnostics } = problem;
  if (diagnostics) return new FlowDefinitionError(place.flow ?? '(unnamed)', diagnostics);
  if (code !== undefined && message !== undefined) {
    const retryable = problem.retryable ?? false;
    return new FlowError(code, message, place, { retryable, ...(details === undefined ? {} : { details }) });
  }
  // Not from the server itself but from something between, such as a proxy whose server is away.
  const isAway = status === 502 || status === 503 || status === 504;
  return new FlowError(isAway ? 'FLOW-UNAVAILABLE' : 'FLOW-SERVER', `The server answered ${status}.`, place, {
    retryable: isAway,
  });
}

function parsed(text: string): Problem {
  try {
    return (JSON.parse(text) ?? {}) as Problem;
  } catch {
    return {};
  }
}
