// HTTP APIs. With an OpenAPI document, its operations are the actions; without, `get`, `post` and the other methods are.
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import {
  createHttpImplementation,
  FlowError,
  type ImplementationFunction,
  type Json,
  type JsonObject,
} from '../../../src/index.js';
import { schemaOf, text, type Action, type CallContext, type Connected, type ConnectorKind } from './connector.js';
import { operationsOf, type Operation } from './openapi.js';

const anything = { description: 'Any JSON value.' };
const METHODS = ['get', 'post', 'put', 'patch', 'delete'];

export const http: ConnectorKind = {
  summary: 'an HTTP API; with an OpenAPI document its operations are the actions',
  settings: schemaOf(
    {
      url: { type: 'string', description: 'What the paths of calls are relative to.' },
      headers: { type: 'object', description: 'Sent with every call; values may be secrets.' },
      openapi: { type: 'string', description: 'Address or file of an OpenAPI 3 document (JSON).' },
      test: { type: 'string', description: 'Path to get for a test of the connection. Default: the URL itself.' },
    },
    ['url'],
  ),
  async connect(settings, folder) {
    const { url, openapi } = settings as { url: string; openapi?: string };
    const operations = openapi === undefined ? plainOperations() : operationsOf(await documentOf(openapi, folder));
    return new HttpConnection(url, settings, operations);
  },
};

class HttpConnection implements Connected {
  readonly actions: Readonly<Record<string, Action>>;
  readonly #base: string;
  readonly #settings: JsonObject;
  readonly #operations: Readonly<Record<string, Operation>>;
  readonly #call: ImplementationFunction;

  constructor(url: string, settings: JsonObject, operations: Readonly<Record<string, Operation>>) {
    this.#base = url.replace(/\/*$/, '/');
    this.#settings = settings;
    this.#operations = operations;
    this.actions = Object.fromEntries(Object.entries(operations).map(([name, { action }]) => [name, action]));
    this.#call = createHttpImplementation({ baseUrl: this.#base });
  }

  async call(name: string, args: JsonObject, context: CallContext): Promise<Json> {
    const { method, path, parameters } = this.#operations[name]!;
    const { path: given, query, headers, body } = args as Record<string, Json>;
    const inPath = (path ?? String(given ?? '')).replace(/\{([^}]+)\}/g, (_, key: string) =>
      encodeURIComponent(String(args[key])),
    );
    const by = (place: string): JsonObject =>
      Object.fromEntries(
        parameters.filter((p) => p.in === place && args[p.name] !== undefined).map((p) => [p.name, args[p.name]!]),
      );
    const result = await this.#call(
      {
        method,
        url: new URL(inPath.replace(/^\/+/, ''), this.#base).href,
        query: { ...(query as JsonObject | undefined), ...by('query') },
        headers: {
          ...(this.#settings['headers'] as JsonObject | undefined),
          ...(headers as JsonObject | undefined),
          ...by('header'),
        },
        ...(body === undefined ? {} : { body }),
      },
      {
        signal: context.signal,
        idempotencyKey: context.idempotencyKey,
        instance: '',
        flow: '',
        activity: name,
        attempt: 1,
        input: {},
      },
    );
    return (result as JsonObject)['body'] ?? null;
  }

  async test(signal: AbortSignal): Promise<string> {
    const path = String(this.#settings['test'] ?? '').replace(/^\/+/, '');
    const headers = new Headers((this.#settings['headers'] ?? {}) as Record<string, string>);
    const response = await fetch(new URL(path, this.#base), { headers, signal });
    if (response.status < 500 && response.status !== 401 && response.status !== 403)
      return `answered ${response.status}`;
    throw new FlowError(`HTTP-${response.status}`, `${this.#base}${path} answered ${response.status}.`);
  }

  async close(): Promise<void> {}
}

function plainOperations(): Readonly<Record<string, Operation>> {
  return Object.fromEntries(
    METHODS.map((method) => {
      const action: Action = {
        summary: `${method.toUpperCase()} a path; the result is the body of the answer`,
        effect: method === 'get' ? 'get' : 'post',
        arguments: schemaOf(
          {
            path: text,
            query: { type: 'object' },
            headers: { type: 'object' },
            ...(method === 'get' ? {} : { body: anything }),
          },
          ['path'],
        ),
      };
      return [method, { method: method.toUpperCase(), parameters: [], action }];
    }),
  );
}

async function documentOf(place: string, folder: string): Promise<unknown> {
  try {
    if (!/^https?:/.test(place)) return JSON.parse(await readFile(resolve(folder, place), 'utf8')) as unknown;
    const response = await fetch(place, { signal: AbortSignal.timeout(10_000) });
    if (!response.ok) throw new Error(`it answered ${response.status}`);
    return await response.json();
  } catch (cause) {
    throw new FlowError('FLOW-OPENAPI', `${place} cannot be read: ${(cause as Error).message}.`, {}, { cause });
  }
}
