// Completes the document that the framework collects from the routes: what HTTP has as text gets its type, optional bodies are
// optional, what every operation may answer stands in one place, with headers and examples.
import { MEANING, type Schema } from '../schemas.js';
import { EXAMPLES, PROBLEM } from './examples.js';
import { definitionSchemas } from './flow-definition.js';

interface Media {
  schema?: Schema;
  example?: unknown;
}
interface Answer {
  description?: string;
  headers?: Schema;
  content?: Record<string, Media>;
}
interface Parameter {
  readonly name: string;
  readonly in: string;
  readonly schema?: Schema;
  readonly content?: Record<string, Media>;
}
interface Operation {
  readonly operationId?: string;
  parameters?: Parameter[];
  requestBody?: { required?: boolean; content: Record<string, Media> };
  responses: Record<string, Answer | { readonly $ref: string }>;
}
export interface OpenApi {
  readonly paths?: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  components?: Record<string, unknown>;
}

const JSON_TYPE = 'application/json';
/** How headers are written that the framework knows in small letters. */
const HEADERS: Readonly<Record<string, string>> = {
  'idempotency-key': 'Idempotency-Key',
  'last-event-id': 'Last-Event-ID',
  prefer: 'Prefer',
};
const header = (description: string, type = 'string'): Schema => ({ description, schema: { type } });
const ANSWER_HEADERS: Readonly<Record<string, Schema>> = {
  201: { Location: header('Address of the instance, from the root of the server.') },
  202: { Location: header('Address of the instance, from the root of the server.') },
  401: { 'WWW-Authenticate': header('`Bearer`') },
  429: { 'Retry-After': header('Seconds to wait.', 'integer') },
  503: { 'Retry-After': header('Seconds to wait.', 'integer') },
};
/** Names of the problems that stand in one place. */
const PROBLEMS: Readonly<Record<string, string>> = {
  400: 'Malformed',
  401: 'Unauthenticated',
  403: 'Forbidden',
  404: 'NotFound',
  409: 'Conflict',
  413: 'TooLarge',
  415: 'NotJson',
  422: 'Faulty',
  429: 'TooMany',
  500: 'Internal',
  503: 'Unavailable',
};

export function complete<T extends object>(document: T): T {
  const { paths = {}, components = {} } = document as OpenApi;
  for (const operations of Object.values(paths)) for (const operation of Object.values(operations)) mend(operation);
  const responses = Object.fromEntries(Object.entries(PROBLEMS).map(([status, name]) => [name, problemAnswer(status)]));
  const schemas = { ...(components['schemas'] as Schema), ...definitionSchemas() };
  return { ...document, components: { ...components, responses, schemas } };
}

function mend(operation: Operation): void {
  const example = EXAMPLES[operation.operationId ?? ''] ?? {};
  operation.parameters = operation.parameters?.map(parameter);
  if (operation.parameters === undefined) delete operation.parameters;
  const { requestBody, responses } = operation;
  if (requestBody) {
    for (const media of Object.values(requestBody.content)) {
      const { type } = media.schema as { type?: unknown };
      if (Array.isArray(type)) {
        requestBody.required = false;
        media.schema = { ...media.schema, type: type[0] };
      }
      media.schema = typed(media.schema!);
      if (example.request !== undefined) media.example = example.request;
    }
  }
  const isOpen = responses['401'] === undefined;
  const alsoPossible = isOpen
    ? []
    : [...(requestBody || operation.parameters ? ['400'] : []), ...(requestBody ? ['413', '415'] : [])];
  for (const status of alsoPossible) responses[status] ??= problemAnswer(status);
  for (const [status, answer] of Object.entries(responses)) {
    const name = PROBLEMS[status];
    // An answer of its own kind, such as what is not ready.
    const isProblem = JSON.stringify(answer).includes('/Problem"');
    if (name !== undefined && isProblem) {
      responses[status] = { $ref: `#/components/responses/${name}` };
      continue;
    }
    const own = answer as Answer;
    const headers = operation.operationId === 'deployFlow' || isOpen ? undefined : ANSWER_HEADERS[status];
    if (headers) own.headers = headers;
    for (const media of Object.values(own.content ?? {})) {
      if (media.schema) media.schema = typed(media.schema);
      const answered = example.answers?.[Number(status)];
      if (answered !== undefined) media.example = answered;
    }
  }
}

function parameter({ name: given, schema = {}, ...rest }: Parameter): Parameter {
  const { 'x-json': inner, ...plain } = schema;
  const name = HEADERS[given] ?? given;
  if (inner) return { ...rest, name, content: { [JSON_TYPE]: { schema: inner as Schema } } };
  const mended = typed(plain);
  const list = mended['type'] === 'array' ? { style: 'form', explode: false } : {};
  return { ...rest, name, ...list, schema: mended };
}

/** With the type that `x-as` names. */
function typed(schema: Schema): Schema {
  const { 'x-as': type, ...rest } = schema;
  return (type as Schema | undefined) ?? rest;
}

function problemAnswer(status: string): Answer {
  const headers = ANSWER_HEADERS[status];
  return {
    description: MEANING[status]!,
    ...(headers ? { headers } : {}),
    content: {
      [JSON_TYPE]: {
        schema: { $ref: '#/components/schemas/Problem' },
        ...(status === '409' ? { example: PROBLEM } : {}),
      },
    },
  };
}
