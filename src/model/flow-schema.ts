// The JSON Schema of a flow definition: what editors complete and `validateDefinition` checks. It says the same as the
// types in `definition.ts`; a test compares their fields.
import type { JsonSchema } from './definition.js';

const expression = { type: 'string', minLength: 1, description: 'JSONata' };
const expressions = { type: 'object', additionalProperties: expression };
const duration = { type: 'string', description: 'ISO 8601 duration, such as PT30S or P2D' };
const id = { type: 'string', minLength: 1, maxLength: 1000, pattern: '^[^\\s|()]+$' };
const name = { type: 'string', maxLength: 500 };
const schema = { type: ['object', 'boolean'], description: 'JSON Schema' };

const message = {
  type: 'object',
  required: ['name'],
  additionalProperties: false,
  properties: {
    name: { type: 'string', minLength: 1 },
    key: expression,
    broadcast: { type: 'boolean' },
    data: expression,
  },
};

const loop = {
  type: 'object',
  required: ['kind'],
  additionalProperties: false,
  properties: {
    kind: { enum: ['while', 'until', 'forEach'] },
    condition: expression,
    items: expression,
    item: name,
    sequential: { type: 'boolean' },
    concurrency: { type: 'integer', minimum: 1 },
    completion: expression,
    collect: name,
    max: { type: 'integer', minimum: 1 },
  },
  if: { properties: { kind: { const: 'forEach' } } },
  then: { required: ['items'] },
  else: { required: ['condition'] },
};

const boundaryEvent = {
  type: 'object',
  required: ['id', 'event'],
  additionalProperties: false,
  properties: {
    id,
    name,
    event: { enum: ['timer', 'error', 'escalation', 'message', 'condition', 'cancel'] },
    interrupting: { type: 'boolean' },
    output: expressions,
    after: { type: 'string' },
    until: expression,
    cycle: { type: 'string' },
    code: { type: 'string' },
    message,
    condition: expression,
    together: name,
  },
  allOf: [
    { if: { properties: { event: { const: 'message' } } }, then: { required: ['message'] } },
    { if: { properties: { event: { const: 'condition' } } }, then: { required: ['condition'] } },
    {
      if: { properties: { event: { const: 'timer' } } },
      then: { anyOf: [{ required: ['after'] }, { required: ['until'] }, { required: ['cycle'] }] },
    },
  ],
};
const boundary = { type: 'array', items: boundaryEvent };

const thrown = {
  type: 'object',
  required: ['event'],
  additionalProperties: false,
  properties: {
    event: { enum: ['error', 'escalation', 'compensation', 'cancel'] },
    code: { type: 'string' },
    message: { type: 'string' },
    activity: id,
    wait: { type: 'boolean' },
  },
  if: { properties: { event: { const: 'error' } } },
  then: { required: ['code'] },
};

const retry = {
  type: 'object',
  required: ['maxAttempts'],
  additionalProperties: false,
  properties: {
    maxAttempts: { type: 'integer', minimum: 1 },
    backoff: duration,
    factor: { type: 'number', minimum: 1 },
    maxBackoff: duration,
    on: { type: 'array', items: { type: 'string' } },
  },
};

const implementation = {
  type: 'object',
  required: ['ref'],
  additionalProperties: false,
  properties: {
    ref: { type: 'string', minLength: 1 },
    arguments: expressions,
    result: expression,
    select: expression,
    onResume: { enum: ['keyed', 'once', 'fail'] },
  },
};

const activity = {
  type: 'object',
  required: ['id', 'type'],
  additionalProperties: false,
  properties: {
    id,
    name,
    type: { enum: ['service', 'user', 'send', 'receive', 'script', 'wait', 'subflow', 'call', 'route'] },
    implementation,
    environment: { type: 'string', pattern: '^[\\w.-]{1,64}$' },
    input: expressions,
    output: expressions,
    split: { enum: ['or', 'xor', 'and'] },
    join: {
      anyOf: [
        { enum: ['or', 'xor', 'and'] },
        {
          type: 'object',
          required: ['n'],
          additionalProperties: false,
          properties: { n: { type: 'integer', minimum: 1 }, cancelRemaining: { type: 'boolean' } },
        },
      ],
    },
    timeout: duration,
    retry,
    loop,
    boundary,
    mutex: name,
    terminate: { type: 'boolean' },
    noneTrue: { enum: ['end', 'fail'] },
    multiMerge: { type: 'boolean' },
    compensation: id,
    throw: thrown,
    role: name,
    form: { type: ['string', 'object', 'boolean'] },
    assign: {
      anyOf: [
        expression,
        {
          type: 'object',
          required: ['to'],
          additionalProperties: false,
          properties: { to: expression, by: { enum: ['offer', 'round-robin', 'least-busy'] } },
        },
      ],
    },
    outcomes: { type: 'object', additionalProperties: name },
    votes: {
      type: 'object',
      required: ['rule'],
      additionalProperties: false,
      properties: {
        rule: { enum: ['consensus', 'veto', 'majority', 'most', 'threshold'] },
        outcome: name,
        atLeast: { type: 'number', exclusiveMinimum: 0 },
        fallback: name,
      },
    },
    skippable: { type: 'boolean' },
    excludes: { type: 'array', items: id },
    sameAs: id,
    due: { type: 'string', minLength: 1, description: 'ISO 8601 duration, or JSONata that gives one or a date-time' },
    remind: { anyOf: [duration, { type: 'array', items: duration }] },
    priority: { type: 'number' },
    after: { type: 'string', minLength: 1 },
    until: expression,
    when: expression,
    message,
    calls: { type: 'string', minLength: 1 },
  },
};

const connector = {
  type: 'object',
  required: ['id', 'from', 'to'],
  additionalProperties: false,
  properties: {
    id,
    from: { type: 'string' },
    to: { type: 'string' },
    condition: expression,
    default: { type: 'boolean' },
    name,
  },
};

export const flowSchema: JsonSchema = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  title: 'Millrace flow definition',
  type: 'object',
  required: ['flow', 'kind', 'activities'],
  additionalProperties: false,
  properties: {
    $schema: { type: 'string' },
    flow: { type: 'string', minLength: 1, maxLength: 1000 },
    version: { type: 'string' },
    kind: { enum: ['microflow', 'process'] },
    title: name,
    description: { type: 'string' },
    environment: { enum: ['page', 'server'] },
    input: { type: 'object', additionalProperties: schema },
    output: expressions,
    variables: {
      type: 'object',
      additionalProperties: {
        type: 'object',
        additionalProperties: false,
        properties: {
          schema,
          initial: true,
          indexed: { anyOf: [{ const: true }, { type: 'array', items: { type: 'string', minLength: 1 } }] },
        },
      },
    },
    activities: { type: 'array', items: activity },
    connectors: { type: 'array', items: connector },
    subflows: {
      type: 'object',
      additionalProperties: {
        type: 'object',
        required: ['activities'],
        additionalProperties: false,
        properties: {
          name,
          activities: { type: 'array', items: id, minItems: 1 },
          loop,
          boundary,
          compensation: id,
          trigger: { anyOf: [boundaryEvent, { type: 'array', items: boundaryEvent, minItems: 1 }] },
        },
      },
    },
    spheres: {
      type: 'array',
      items: {
        type: 'object',
        required: ['id', 'kind', 'activities'],
        additionalProperties: false,
        properties: {
          id,
          kind: { enum: ['compensation', 'atomic'] },
          activities: { type: 'array', items: id, minItems: 1 },
          on: { type: 'array', items: { enum: ['error', 'cancel'] } },
        },
      },
    },
    roles: {
      type: 'object',
      additionalProperties: {
        type: 'object',
        additionalProperties: false,
        properties: { name, description: { type: 'string' } },
      },
    },
    untrusted: { type: 'boolean', description: 'Nobody vouches for it: hard bounds for its expressions' },
    deadlocks: { enum: ['refuse', 'fail'] },
    layout: { type: 'object' },
  },
};
