// JSON Schemas of what the gateway answers, by the name under which they stand in the OpenAPI document. The server's tests hold
// every answer against them.
import { anyObject, anyValue, epoch, object, scheduleSettings, STATUSES, text, type Schema } from '../schemas.js';
import { STATUS } from '../problem.js';

const kind: Schema = { enum: ['microflow', 'process'] };
const CODES = Object.entries(STATUS)
  .map(([code, status]) => `${status}: \`${code}\``)
  .join(', ');
const EVENTS =
  '`begin`, `prepared`, `settled`, `raised`, `condition`, `output`, `compacted`, `migrated`, `result`, `failure`, `timer`, ' +
  '`message`, `escalation`, `claim`, `release`, `delegate`, `complete`, `cancel`, `retry`, `skip`, `edit`.';

const failure = object(
  {
    code: { ...text, description: 'What error boundaries match, e.g. `Timeout` or `HTTP-503`.' },
    message: text,
    activity: text,
    status: { type: 'integer' },
    retryable: { type: 'boolean', description: 'Whether another try may help.' },
    compensated: { type: 'boolean', description: 'The spheres around it have been undone because of it.' },
    details: anyValue,
  },
  ['code', 'message'],
);

const activityStates = 'inactive ready running completed skipped failed terminated compensating compensated'.split(' ');
const token: Schema = { ...text, description: 'Names one run of an activity within its instance.' };

const activityView = object(
  {
    state: { enum: activityStates },
    completed: { type: 'integer', description: 'How often it has completed.' },
    token,
    attempt: { type: 'integer', description: 'From 1.' },
    failure: { $ref: 'Failure#' },
  },
  ['state', 'completed'],
);

const wait = object(
  {
    activity: text,
    token,
    kind: { enum: ['timer', 'message'] },
    at: { ...epoch, description: 'Of a timer: when it fires, milliseconds since 1970-01-01 UTC.' },
    name: { ...text, description: 'Of a message: its name, for `sendSignal`.' },
    key: { ...text, description: 'Of a message: its correlation key.' },
  },
  ['activity', 'token', 'kind'],
);

const diagnostic = object(
  {
    code: { ...text, description: 'Stable, such as `FLOW-E102`.' },
    severity: { enum: ['error', 'warning'] },
    message: text,
    ids: { type: 'array', items: text, description: 'Elements concerned, the main one first.' },
    suggestion: text,
    path: { type: 'array', items: text, description: 'Activities from a start to the fault.' },
    position: { type: 'integer', description: 'Where in an expression, from 0.' },
  },
  ['code', 'severity', 'message', 'ids'],
);

const task = object(
  {
    id: { ...text, description: '`instance/token`: the last two parts of the paths below `/v1/tasks`.' },
    instance: text,
    token,
    flow: text,
    flowTitle: text,
    activity: { ...text, description: 'Id of the activity in the definition.' },
    name: text,
    role: { ...text, description: 'Who has it may do the task. Without one, everybody may.' },
    form: {
      type: ['string', 'object', 'boolean'],
      description: 'A selector of an HTML template in a page, or a JSON Schema of `output` of `completeTask`.',
    },
    data: { ...anyObject, description: 'What the person is shown.' },
    candidates: { type: 'array', items: text, description: 'Only these users may do it.' },
    claimedBy: { ...text, description: 'Who has taken it; nobody else may do it meanwhile.' },
    delegatedBy: { ...text, description: 'Who has handed it on to `claimedBy`.' },
    outcomes: {
      type: 'object',
      additionalProperties: text,
      description: 'What to decide between, for `output.outcome`: name to what its button says.',
    },
    skippable: { type: 'boolean', description: '`skipTask` is allowed.' },
    dueAt: epoch,
    remindAt: { type: 'array', items: epoch },
    priority: { type: 'number' },
    createdAt: epoch,
    excludedUsers: { type: 'array', items: text, description: 'These users may not do it.' },
    onlyUser: { ...text, description: 'Only this user may do it.' },
  },
  ['id', 'instance', 'token', 'flow', 'flowTitle', 'activity', 'name', 'data', 'createdAt', 'excludedUsers'],
);

const instance = object(
  {
    id: text,
    flow: text,
    title: text,
    version: text,
    hash: { ...text, description: 'Content hash of the definition that it keeps to.' },
    kind,
    status: {
      enum: STATUSES,
      description:
        '`failed` is an incident: nothing goes on by itself, `retryInstance` or `skipInstance` takes it up again. `completed` and ' +
        '`cancelled` are final.',
    },
    v: { type: 'integer', description: 'Grows with every change.' },
    key: { ...text, description: 'Business key.' },
    startedBy: { ...text, description: 'Id of the user or key that started it.' },
    parent: object({ instance: text, token }, ['instance', 'token'], {
      description: 'The run of a `call` activity that started it.',
    }),
    variables: { ...anyObject, description: 'The variable pool; empty for callers who may not read it.' },
    output: { ...anyObject, description: 'What the flow gives, once it is `completed`.' },
    failure: { $ref: 'Failure#' },
    activities: {
      type: 'object',
      additionalProperties: { $ref: 'ActivityView#' },
      description: 'Newest state per activity that has one, by the id of the activity.',
    },
    tasks: { type: 'array', items: { $ref: 'Task#' }, description: 'Open tasks; those that the caller may see.' },
    waits: { type: 'array', items: { $ref: 'Wait#' }, description: 'Timers and messages that it waits for.' },
    progress: object({ done: { type: 'integer' }, total: { type: 'integer' } }, ['done', 'total']),
    startedAt: epoch,
    changedAt: epoch,
    endedAt: epoch,
  },
  [
    ...['id', 'flow', 'title', 'version', 'hash', 'kind', 'status', 'v', 'variables', 'activities', 'tasks', 'waits'],
    ...['progress', 'startedAt', 'changedAt'],
  ],
);

const problem = object(
  {
    code: { ...text, description: `Stable. ${CODES}` },
    message: { ...text, description: 'What happened and what to do.' },
    retryable: { type: 'boolean', description: 'Whether the same request may succeed later.' },
    place: object({ flow: text, activity: text, instance: text, expression: text }, [], {
      description: 'Where it happened, as far as that is known.',
    }),
    details: anyValue,
    diagnostics: { type: 'array', items: { $ref: 'Diagnostic#' }, description: 'Of `FLOW-INVALID`.' },
  },
  ['code', 'message', 'retryable'],
);

const version = {
  flow: { ...text, description: 'Name of the flow, for `startInstance`.' },
  version: { ...text, description: 'For people; `0.0.0` when the definition names none.' },
  hash: { ...text, description: 'Content hash of the definition, for `getDefinition`.' },
  kind,
  title: { type: ['string', 'null'] },
  deployedAt: epoch,
};
const deployedFlow = object(version, Object.keys(version));
const deployment = object(
  {
    ...version,
    diagnostics: {
      type: 'array',
      items: { $ref: 'Diagnostic#' },
      description: 'Warnings, and the errors with which a flow can still run; others refuse it.',
    },
  },
  [...Object.keys(version), 'diagnostics'],
);

const user = object({ id: text, name: text, roles: { type: 'array', items: text } }, ['id', 'roles'], {
  description:
    'On whose behalf the caller acts, instead of its own. Only for callers with `delegate`, who vouch for this user and these roles.',
});

const caller = object(
  {
    id: text,
    name: text,
    roles: { type: 'array', items: text, description: 'Decide which tasks and operations are allowed.' },
    tenant: { ...text, description: 'Nothing of another tenant can be seen or reached.' },
    delegate: {
      type: 'boolean',
      description: 'May act for other users: `user` in bodies, `user` and `roles` of `listTasks`.',
    },
  },
  ['id', 'roles', 'tenant', 'delegate'],
);

const agentCall = object(
  {
    key: { ...text, description: 'Names the call in answers.' },
    instance: text,
    token,
    attempt: { type: 'integer' },
    flow: text,
    activity: text,
    implementation: { ...text, description: 'What to call.' },
    arguments: anyObject,
    input: anyObject,
    idempotencyKey: { ...text, description: 'The same for every repetition of this call.' },
  },
  'key instance token attempt flow activity implementation arguments input idempotencyKey'.split(' '),
);

const schedule = object(
  {
    name: text,
    ...scheduleSettings,
    next: { ...epoch, description: 'When it starts the next instance, milliseconds since 1970-01-01 UTC.' },
  },
  ['name', 'flow', 'cron'],
);

const change = object(
  {
    activity: text,
    state: { enum: activityStates },
    token,
    scope: { ...text, description: 'Token of the subflow or loop that it is in; empty for the flow itself.' },
    attempt: { type: 'integer' },
    failure: { $ref: 'Failure#' },
  },
  ['activity', 'state', 'scope'],
);

const history = object(
  {
    seq: { type: 'integer', description: '1, 2, 3 …' },
    at: epoch,
    event: object({ type: { ...text, description: EVENTS }, now: epoch }, ['type', 'now'], {
      additionalProperties: true,
      description: 'What happened, with every expression resolved; what else is in it depends on its `type`.',
    }),
    changes: { type: 'array', items: change, description: 'States of activities that it changed, in order.' },
    writes: { ...anyObject, description: 'Variables that it wrote.' },
    warnings: { type: 'array', items: text },
  },
  ['seq', 'at', 'event', 'changes'],
);

const migrationPlan = object(
  {
    instance: text,
    from: { ...text, description: 'Content hash of the definition that it had.' },
    to: { ...text, description: 'Content hash of the other one.' },
    isPossible: { type: 'boolean' },
    moves: {
      type: 'array',
      items: object({ token, from: text, to: text, phase: text }, ['token', 'from', 'to', 'phase']),
      description: 'Where everything goes that is under way: activities of the old and of the new definition.',
    },
    refused: {
      type: 'array',
      items: object({ code: text, element: text, message: text }, ['code', 'element', 'message']),
      description: 'Every reason why it is not possible: `MIGRATE-…`, the activity, connector or variable, a sentence.',
    },
    notes: { type: 'array', items: text, description: 'What is possible, and still worth knowing.' },
  },
  ['instance', 'from', 'to', 'isPossible', 'moves', 'refused', 'notes'],
);

const archive = object(
  {
    format: { const: 'millrace-instance' },
    version: { const: 1 },
    hash: { ...text, description: 'Of everything else.' },
    definition: { ...anyObject, description: 'A `FlowDefinition`.' },
    header: { ...anyObject, required: ['id'], description: 'Who started it, when, with which business key.' },
    state: { ...anyObject, required: ['instance'], description: 'Where it stands; for the engine only.' },
    fold: { ...anyObject, description: 'Newest state per activity.' },
    journal: {
      type: 'array',
      items: object(
        {
          row: { type: 'integer' },
          at: epoch,
          records: {
            type: 'array',
            items: { ...anyObject, required: ['event'] },
            description: 'As in `HistoryRecord`.',
          },
          previous: { ...text, description: '`hash` of the row before.' },
          hash: text,
        },
        ['row', 'at', 'records', 'previous', 'hash'],
      ),
      description: 'Its history, as a chain of hashes.',
    },
    begun: {
      type: 'array',
      items: object({ token, attempt: { type: 'integer' } }, ['token', 'attempt']),
      description: 'Calls that may happen only once, and may have happened.',
    },
  },
  ['format', 'version', 'hash', 'definition', 'header', 'state', 'fold', 'journal', 'begun'],
  { description: 'What `exportInstance` gives. Keep it as it is: a change breaks its `hash`.' },
);

/** Shared schemas by the name under which they stand in the document. */
export const SCHEMAS: readonly Schema[] = [
  { $id: 'Failure', ...failure },
  { $id: 'ActivityView', ...activityView },
  { $id: 'Wait', ...wait },
  { $id: 'Diagnostic', ...diagnostic },
  { $id: 'Task', ...task },
  { $id: 'Instance', ...instance },
  { $id: 'Problem', ...problem },
  { $id: 'DeployedFlow', ...deployedFlow },
  { $id: 'Deployment', ...deployment },
  { $id: 'User', ...user },
  { $id: 'Schedule', ...schedule },
  { $id: 'HistoryRecord', ...history },
  { $id: 'Caller', ...caller },
  { $id: 'AgentCall', ...agentCall },
  { $id: 'MigrationPlan', ...migrationPlan },
  { $id: 'InstanceArchive', ...archive },
];
