// Holds what the gateway really answers against the document that it gives of itself: address, status, kind of content, headers
// and every property. A client that is written from the document alone is surprised by whatever this finds.
import { Validator, type Schema as Cfworker } from '@cfworker/json-schema';

type Schema = Record<string, unknown>;
interface Answer {
  readonly headers?: Record<string, { readonly schema: Schema }>;
  readonly content?: Record<string, { readonly schema: Schema; readonly example?: unknown }>;
}
export interface Operation {
  readonly operationId: string;
  readonly summary?: string;
  readonly parameters?: readonly { readonly in: string; readonly name: string; readonly schema: Schema }[];
  readonly requestBody?: {
    readonly required?: boolean;
    readonly content: Record<string, { schema: Schema; example?: unknown }>;
  };
  readonly responses: Record<string, Answer & { readonly $ref?: string }>;
  readonly security?: readonly unknown[];
}
export interface OpenApi {
  readonly openapi: string;
  readonly paths: Record<string, Record<string, Operation>>;
  readonly components: { readonly schemas: Record<string, Schema>; readonly responses: Record<string, Answer> };
}

const documents = new Map<string, Promise<OpenApi>>();

export function documentOf(url: string): Promise<OpenApi> {
  let known = documents.get(url);
  if (!known) {
    known = fetch(`${url}/openapi.json`).then((response) => response.json() as Promise<OpenApi>);
    documents.set(url, known);
    known.catch(() => documents.delete(url));
  }
  return known;
}

/** Like `fetch`, for the server at this address; rejects when the answer is not as described. */
export function describedFetch(url: string): typeof fetch {
  return async (input, init) => {
    const response = await fetch(input, init);
    const asked = new URL(input instanceof Request ? input.url : input);
    await check(await documentOf(url), (init?.method ?? 'GET').toLowerCase(), asked, response);
    return response;
  };
}

async function check(document: OpenApi, method: string, { pathname }: URL, response: Response): Promise<void> {
  const { status, headers } = response;
  const found = operationAt(document, method, pathname);
  const what = `${status} of ${method} ${pathname}`;
  if (!found) {
    if (status === 404 || status === 401 || status === 400) return;
    throw new Error(`${what}: there is no such operation.`);
  }
  const answer = answerOf(document, found, status);
  if (!answer) throw new Error(`${what}: not described.`);
  for (const name of Object.keys(answer.headers ?? {}))
    if (!headers.has(name)) throw new Error(`${what}: the header ${name} is missing.`);
  const type = headers.get('content-type')?.split(';')[0];
  if (!answer.content) {
    if (type !== undefined) throw new Error(`${what}: an answer without content has ${type}.`);
    return;
  }
  const media = answer.content[type ?? ''];
  if (!media) throw new Error(`${what}: the content ${type} is not described.`);
  if (type !== 'application/json') return;
  const faults = misfits(document, media.schema, await response.clone().json());
  if (faults.length > 0) throw new Error(`${what} does not fit its description:\n${faults.join('\n')}`);
}

export function operationAt(document: OpenApi, method: string, path: string): Operation | undefined {
  const parts = path.split('/');
  const entry = Object.entries(document.paths).find(([template]) => {
    const wanted = template.split('/');
    return wanted.length === parts.length && wanted.every((part, i) => part.startsWith('{') || part === parts[i]);
  });
  return entry?.[1][method];
}

export function answerOf(document: OpenApi, { responses }: Operation, status: number): Answer | undefined {
  const answer = responses[status];
  return answer?.$ref === undefined ? answer : document.components.responses[answer.$ref.split('/').at(-1)!];
}

const validators = new WeakMap<object, Validator>();

/** What in a value is not as the schema says, properties that it does not name included. */
export function misfits(document: OpenApi, schema: Schema, value: unknown): readonly string[] {
  let validator = validators.get(schema);
  if (!validator) {
    const { components } = closed(document) as OpenApi;
    validator = new Validator({ ...(closed(schema) as Schema), components } as Cfworker, '2020-12', false);
    validators.set(schema, validator);
  }
  return validator.validate(value).errors.map(({ instanceLocation, error }) => `${instanceLocation}: ${error}`);
}

const strict = new WeakMap<object, unknown>();

/** The same schema without room for what it does not name. */
function closed(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(closed);
  if (typeof schema !== 'object' || schema === null) return schema;
  const known = strict.get(schema);
  if (known) return known;
  const inner = Object.fromEntries(Object.entries(schema).map(([key, value]) => [key, closed(value)]));
  const isOpen = inner['type'] === 'object' && 'properties' in inner && !('additionalProperties' in inner);
  const result = isOpen ? { ...inner, additionalProperties: false } : inner;
  strict.set(schema, result);
  return result;
}
