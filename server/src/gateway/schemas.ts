// JSON Schemas of what goes over the wire: they check requests and are the OpenAPI document's components.
import { flowSchema, type JsonObject } from '../../../src/index.js';

type Schema = Readonly<Record<string, unknown>>;

const text: Schema = { type: 'string' };
const epoch: Schema = { type: 'integer', description: 'Milliseconds since 1970-01-01 UTC.' };
const anyObject: Schema = { type: 'object', additionalProperties: true };
const anyValue: Schema = { description: 'Any JSON value.' };
const object = (properties: Schema, required: readonly string[], more: Schema = {}): Schema => ({
  type: 'object',
  properties,
  required,
  ...more,
});

export const STATUSES = ['running', 'completed', 'failed', 'cancelled'];
export const ID_PATTERN = '^[\\w.@:+-]{1,200}$';
export const NAME_PATTERN = '^[^\\u0000-\\u001f/]{1,200}$';

const failure = object(
  {
    code: { ...text, description: 'What error boundaries match, e.g. `Timeout` or `HTTP-503`.' },
    message: text,
    activity: text,
    status: { type: 'integer' },
    retryable: { type: 'boolean' },
    details: anyValue,
  },
  ['code', 'message'],
);

const task = object(
  {
    id: { ...text, description: '`instance/token`: the last two parts of the paths below `/v1/tasks`.' },
    instance: text,
    token: text,
    flow: text,
    flowTitle: text,
    activity: text,
    name: text,
    role: text,
    form: { description: 'A selector of an HTML template, or a JSON Schema of the answer.' },
    data: anyObject,
    candidates: { type: 'array', items: text, description: 'Only these users may do it.' },
    claimedBy: text,
    delegatedBy: text,
    outcomes: {
      type: 'object',
      additionalProperties: text,
      description: 'What to decide between, for `output.outcome`.',
    },
    skippable: { type: 'boolean' },
    dueAt: epoch,
    remindAt: { type: 'array', items: epoch },
    priority: { type: 'number' },
    createdAt: epoch,
    excludedUsers: { type: 'array', items: text },
    onlyUser: text,
  },
  ['id', 'instance', 'token', 'flow', 'activity', 'name', 'data', 'createdAt'],
);

const instance = object(
  {
    id: text,
    flow: text,
    title: text,
    version: text,
    hash: { ...text, description: 'Content hash of the definition that it keeps to.' },
    kind: { enum: ['microflow', 'process'] },
    status: { enum: STATUSES },
    v: { type: 'integer', description: 'Grows with every change.' },
    key: { ...text, description: 'Business key.' },
    startedBy: text,
    variables: { ...anyObject, description: 'The variable pool; empty for callers who may not read it.' },
    output: anyObject,
    failure: { $ref: 'Failure#' },
    activities: {
      ...anyObject,
      description: 'Newest state per activity: `{ state, completed, token?, attempt?, failure? }`.',
    },
    tasks: { type: 'array', items: { $ref: 'Task#' } },
    waits: { type: 'array', items: anyObject },
    progress: object({ done: { type: 'integer' }, total: { type: 'integer' } }, ['done', 'total']),
    startedAt: epoch,
    changedAt: epoch,
    endedAt: epoch,
  },
  ['id', 'flow', 'hash', 'kind', 'status', 'v', 'variables', 'activities', 'tasks', 'startedAt', 'changedAt'],
);

const problem = object(
  {
    code: { ...text, description: 'Stable; `FLOW-…`.' },
    message: { ...text, description: 'What happened and what to do.' },
    retryable: { type: 'boolean', description: 'Whether the same request may succeed later.' },
    place: anyObject,
    details: anyValue,
    diagnostics: { type: 'array', items: anyObject },
  },
  ['code', 'message'],
);

const deployedFlow = object(
  { flow: text, version: text, hash: text, kind: text, title: { type: ['string', 'null'] }, deployedAt: epoch },
  ['flow', 'version', 'hash', 'kind', 'deployedAt'],
);

const user = object({ id: text, name: text, roles: { type: 'array', items: text } }, ['id', 'roles']);

const caller = object({ id: text, name: text, roles: { type: 'array', items: text }, tenant: text }, [
  'id',
  'roles',
  'tenant',
]);

const schedule = object(
  {
    name: text,
    flow: text,
    cron: { ...text, description: 'Five or six fields.' },
    timezone: { ...text, description: 'IANA name, e.g. `Europe/Berlin`. Default: that of the server.' },
    input: anyObject,
    next: epoch,
  },
  ['name', 'flow', 'cron'],
);

const history = object(
  {
    seq: { type: 'integer' },
    at: epoch,
    event: { ...anyObject, description: 'What happened, with every expression resolved.' },
    changes: { type: 'array', items: anyObject },
    writes: anyObject,
    warnings: { type: 'array', items: text },
  },
  ['seq', 'at', 'event', 'changes'],
);

/** Shared schemas by the name under which they stand in the document. */
export const SCHEMAS: readonly Schema[] = [
  { $id: 'Failure', ...failure },
  { $id: 'Task', ...task },
  { $id: 'Instance', ...instance },
  { $id: 'Problem', ...problem },
  { $id: 'DeployedFlow', ...deployedFlow },
  { $id: 'User', ...user },
  { $id: 'Schedule', ...schedule },
  { $id: 'HistoryRecord', ...history },
  { $id: 'Caller', ...caller },
];

/** Definitions are checked by the compiler, which explains what is wrong; the document only says where their schema is. */
export const definitionSchema: Schema = {
  ...anyObject,
  description: `A flow definition. Its JSON Schema: ${(flowSchema as JsonObject)['$id'] ?? 'flow.schema.json'}.`,
};

export const startSchema: Schema = object(
  {
    flow: { ...text, description: 'Name of a deployed flow; its newest version is started.' },
    input: { ...anyObject, description: 'The flow’s input data object.' },
    id: {
      type: 'string',
      pattern: ID_PATTERN,
      description: 'Makes the start safe to repeat: the same id gives the instance that exists.',
    },
    key: { type: 'string', maxLength: 200, description: 'Business key, to find the instance by.' },
    once: { type: 'boolean', description: 'Give the open instance with this key instead of a second one.' },
    user: { $ref: 'User#', description: 'On whose behalf; only for keys with `delegate`.' },
  },
  ['flow'],
  { additionalProperties: false },
);

export const signalSchema: Schema = object(
  {
    name: { type: 'string', pattern: NAME_PATTERN },
    key: { ...text, description: 'Correlation key.' },
    data: anyValue,
    broadcast: {
      type: 'boolean',
      description: 'Wake all who wait and keep nothing. Default: wake one, or wait for one.',
    },
    id: { type: 'string', maxLength: 200, description: 'The same id is delivered once.' },
  },
  ['name'],
  { additionalProperties: false },
);

const MEANING: Readonly<Record<string, string>> = {
  200: 'Done.',
  201: 'Made and kept.',
  202: 'Not over yet; look at the address in `Location`.',
  204: 'Done and kept.',
  400: 'The request is malformed.',
  401: 'The credentials are missing or not accepted.',
  403: 'The caller may not do this.',
  404: 'It does not exist, or is not the caller’s to see.',
  409: 'It does not fit how things stand by now.',
  422: 'The input or definition has faults; the message and `diagnostics` say which.',
  429: 'Too many requests; `Retry-After` says when.',
  502: 'The flow has failed; its failure.',
  503: 'The engine does not answer; the same request may be sent again.',
};

/** The answers of an operation: its own, and the problems that it may have. */
export const answers = (success: Schema, ...problems: readonly number[]): Schema => {
  const all: Schema = {
    ...success,
    ...Object.fromEntries([401, 429, 503, ...problems].map((status) => [status, { $ref: 'Problem#' }])),
  };
  return Object.fromEntries(
    Object.entries(all).map(([status, schema]) => [
      status,
      'content' in (schema as Schema) || status === '204'
        ? { description: MEANING[status], ...(schema as Schema) }
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
      description: 'Repetitions with the same key have the effect of one.',
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
