// JSON Schemas of requests, and what schemas are made from. They check what comes in and stand in the OpenAPI document; `x-as`
// is what the document says instead, where HTTP has only text, and `x-json` what the JSON in a text is.
import { FlowError } from '../../../src/index.js';

export type Schema = Readonly<Record<string, unknown>>;

const text: Schema = { type: 'string' };
const epoch: Schema = { type: 'integer', description: 'Milliseconds since 1970-01-01 UTC.' };
const anyObject: Schema = { type: 'object', additionalProperties: true };
const anyValue: Schema = { description: 'Any JSON value.' };
export const object = (properties: Schema, required: readonly string[], more: Schema = {}): Schema => ({
  type: 'object',
  properties,
  required,
  ...more,
});

export const STATUSES = ['running', 'completed', 'failed', 'cancelled'];
export const ID_PATTERN = '^[\\w.@:+-]{1,200}$';
export const NAME_PATTERN = '^[^\\u0000-\\u001f/]{1,200}$';

export const scheduleSettings: Schema = {
  flow: { ...text, description: 'Name of a deployed flow.' },
  cron: { ...text, description: 'Five or six fields, or `@daily` and the like.' },
  timezone: { ...text, description: 'IANA name, e.g. `Europe/Berlin`. Default: that of the server.' },
  input: { ...anyObject, description: 'Input of every instance that it starts.' },
};

/** Definitions are checked by the compiler, which explains what is wrong; the document has their schema. */
export const definitionSchema: Schema = { ...anyObject, 'x-as': { $ref: '#/components/schemas/FlowDefinition' } };

/** A number in a query. */
export const number: Schema = { type: 'string', pattern: '^\\d{1,15}$', 'x-as': { type: 'integer', minimum: 0 } };
/** Of a list. */
const MOST = 1000;
export const limit: Schema = {
  ...number,
  description: 'Length of a page.',
  'x-as': { type: 'integer', minimum: 0, maximum: MOST, default: MOST },
};
/** Throws `FLOW-REQUEST` for more than a page can have: a shorter one would be taken for the last. */
export const atMost = (wanted = String(MOST)): number => {
  if (Number(wanted) <= MOST) return Number(wanted);
  throw new FlowError('FLOW-REQUEST', `"limit" is at most ${MOST}; ask for the next page with "after".`);
};
/** An object in a query, as JSON. */
export const json: Schema = { ...text, 'x-json': anyObject };
/** Values with commas between them in a query. */
export const listOf = (items: Schema): Schema => ({ ...text, 'x-as': { type: 'array', items } });
export const flag: Schema = { enum: ['true', 'false'], 'x-as': { type: 'boolean' } };

export const startSchema: Schema = object(
  {
    flow: { ...text, description: 'Name of a deployed flow; its newest version is started.' },
    input: { ...anyObject, description: 'The flow’s input data object; `input` of its definition says what fits.' },
    id: {
      type: 'string',
      pattern: ID_PATTERN,
      description: 'Makes the start safe to repeat: the same id gives the instance that exists. Default: a new UUID.',
    },
    key: { type: 'string', maxLength: 200, description: 'Business key, to find the instance by.' },
    once: {
      type: 'boolean',
      description: 'Only with `key`: give the open instance of the flow with it instead of a second one.',
    },
    user: { $ref: 'User#' },
  },
  ['flow'],
  { additionalProperties: false },
);

export const signalSchema: Schema = object(
  {
    name: { type: 'string', pattern: NAME_PATTERN, description: '`message.name` of the activity that waits.' },
    key: { ...text, description: 'Correlation key: what the `message.key` of the activity that waits has given.' },
    data: { description: 'Any JSON value; the activity’s `$output`.' },
    broadcast: {
      type: 'boolean',
      description: 'Wake all who wait and keep nothing. Default: wake one, or wait for one.',
    },
    id: {
      type: 'string',
      maxLength: 200,
      description: 'What the same caller sends with this `name` and the same id is delivered once, for seven days.',
    },
    reason: { ...text, description: 'Kept in the history of whoever takes it, with who sent it.' },
    user: { $ref: 'User#' },
  },
  ['name'],
  { additionalProperties: false },
);

export const MEANING: Readonly<Record<string, string>> = {
  200: 'Done.',
  201: 'Made and kept.',
  202: 'Not over yet; look at the address in `Location`.',
  204: 'Done and kept.',
  400: 'The request is malformed.',
  401: 'The credentials are missing or not accepted.',
  403: 'The caller may not do this.',
  404: 'It does not exist, or is not the caller’s to see.',
  409: 'It does not fit how things stand by now.',
  413: 'The body is larger than the server takes.',
  415: 'The body is not `application/json`.',
  422: 'The input or definition has faults; the message and `diagnostics` say which.',
  429: 'Too many requests; `Retry-After` says when.',
  500: 'The server failed in a way it does not know.',
  502: 'The flow has failed or was cancelled: `code` and `message` are those of its failure, `place` says where.',
  503: 'The engine or the read model does not answer; the same request may be sent again.',
};

/** The answers of an operation: its own, and the problems that it may have besides those of all. */
export const answers = (success: Schema, ...problems: readonly number[]): Schema => {
  const all: Schema = {
    ...success,
    ...Object.fromEntries([401, 429, 500, 503, ...problems].map((status) => [status, { $ref: 'Problem#' }])),
  };
  return Object.fromEntries(
    Object.entries(all).map(([status, schema]) => [
      status,
      'content' in (schema as Schema)
        ? { description: MEANING[status], ...(schema as Schema) }
        : status === '204'
          ? { description: MEANING[status], type: 'null' }
          : { description: MEANING[status], content: { 'application/json': { schema } } },
    ]),
  );
};

/** The header that makes an operation safe to repeat. */
export const idempotency = {
  type: 'object',
  properties: {
    'idempotency-key': {
      ...text,
      maxLength: 200,
      description:
        'Repetitions of a request with the same key have the effect of one, also when it was refused. Another request (of another caller, to ' +
        'another address, with another body) is another one, whatever its key.',
    },
  },
};

/** A body that may be left out when nothing in it is required. */
export const body = (properties: Schema, required: readonly string[] = []): Schema =>
  object(properties, required, {
    ...(required.length > 0 ? {} : { type: ['object', 'null'] }),
    additionalProperties: false,
  });

export const pathOf = (...names: readonly string[]): Schema =>
  object(Object.fromEntries(names.map((name) => [name, { type: 'string', minLength: 1, maxLength: 250 }])), names);

export const queryOf = (properties: Schema): Schema => object(properties, [], { additionalProperties: false });
export { anyObject, anyValue, epoch, text };
