// One example of every request, and of the answers that explain themselves least: a leave request, from deploying it to its end.
// A test holds each against its schema.
const at = 1_788_000_000_000;
const hash = '9f2c1e0b7a4d5c38';
const id = 'd1f5a7c2-6f0e-4a55-9a3f-0c1f5b7e2a90';
const lead = { id: 'ann', roles: ['lead'] };

const definition = {
  flow: 'leave-request',
  version: '1.0.0',
  kind: 'process',
  title: 'Leave request',
  input: { days: { type: 'integer', minimum: 1 } },
  output: { granted: 'granted' },
  variables: { granted: { schema: { type: 'boolean' } } },
  roles: { lead: { description: 'Decides on leave' } },
  activities: [
    { id: 'Ask', type: 'service', implementation: { ref: 'log', arguments: { days: 'days' } } },
    {
      id: 'Decide',
      name: 'Decide on the leave',
      type: 'user',
      role: 'lead',
      input: { days: 'days' },
      form: { type: 'object', properties: { granted: { type: 'boolean', title: 'Granted' } } },
      output: { granted: '$output.granted' },
    },
  ],
  connectors: [{ id: 'c1', from: 'Ask', to: 'Decide' }],
};

const version = {
  flow: 'leave-request',
  version: '1.0.0',
  hash,
  kind: 'process',
  title: 'Leave request',
  deployedAt: at,
};

const task = {
  id: `${id}/i2`,
  instance: id,
  token: 'i2',
  flow: 'leave-request',
  flowTitle: 'Leave request',
  activity: 'Decide',
  name: 'Decide on the leave',
  role: 'lead',
  form: { type: 'object', properties: { granted: { type: 'boolean', title: 'Granted' } } },
  data: { days: 3 },
  createdAt: at,
  excludedUsers: [],
};

const instance = {
  id,
  flow: 'leave-request',
  title: 'Leave request',
  version: '1.0.0',
  hash,
  kind: 'process',
  status: 'running',
  v: 3,
  startedBy: 'shop',
  variables: { days: 3 },
  activities: {
    Ask: { state: 'completed', completed: 1, token: 'i1' },
    Decide: { state: 'ready', completed: 0, token: 'i2' },
  },
  tasks: [task],
  waits: [],
  progress: { done: 1, total: 2 },
  startedAt: at,
  changedAt: at + 20,
};

const stream = `retry: 500
id: 41
event: open
data: {}

id: 42
event: view
data: {"id":"${id}","flow":"leave-request","status":"running","v":3, …}

: still here

id: 43
event: view
data: {"id":"${id}","flow":"leave-request","status":"completed","v":5, …}

`;

const archive = {
  format: 'millrace-instance',
  version: 1,
  hash: '5c389f2c1e0b7a4d',
  definition,
  header: { id, startedAt: at, changedAt: at + 20, startedBy: 'shop' },
  state: { instance: id, status: 'running', v: 3 },
  fold: instance.activities,
  journal: [
    { row: 1, at, records: [{ event: { type: 'begin', now: at }, changes: [] }], previous: hash, hash: '1e0b7a4d' },
  ],
  begun: [],
};

export interface Example {
  readonly request?: unknown;
  /** By status. */
  readonly answers?: Readonly<Record<number, unknown>>;
}

/** By operation. */
export const EXAMPLES: Readonly<Record<string, Example>> = {
  getCaller: { answers: { 200: { id: 'shop', roles: ['operator'], tenant: 'default', delegate: true } } },
  deployFlow: { request: definition, answers: { 201: { ...version, diagnostics: [] } } },
  checkFlow: {
    request: { ...definition, connectors: [{ id: 'c1', from: 'Ask', to: 'Decied' }] },
    answers: {
      200: [
        {
          code: 'FLOW-E102',
          severity: 'error',
          message: 'Connector "c1" leads to "Decied", which does not exist.',
          ids: ['c1'],
          suggestion: 'Did you mean "Decide"?',
        },
      ],
    },
  },
  listFlows: { answers: { 200: [version] } },
  listFlowVersions: { answers: { 200: [version] } },
  getFlow: { answers: { 200: definition } },
  getDefinition: { answers: { 200: definition } },
  startInstance: {
    request: { flow: 'leave-request', input: { days: 3 }, key: 'ann-2026-07' },
    answers: { 201: instance },
  },
  listInstances: { answers: { 200: [instance] } },
  getInstance: { answers: { 200: instance } },
  getHistory: {
    answers: {
      200: [
        {
          seq: 1,
          at,
          event: { type: 'begin', instance: id, input: { days: 3 }, startedBy: 'shop', now: at },
          changes: [{ activity: 'Ask', state: 'running', token: 'i1', scope: '', attempt: 1 }],
          writes: { days: 3 },
        },
      ],
    },
  },
  cancelInstance: { request: { reason: 'Asked for twice.' } },
  retryInstance: { request: { variables: { days: 2 }, reason: 'Three were too many.' } },
  skipInstance: { request: { token: 'i1', output: { ok: true }, reason: 'Done by hand.' } },
  editInstance: { request: { variables: { days: 2 }, reason: 'A mistake in the form.' } },
  migrateInstance: {
    request: { activities: { Decide: 'Approve' }, dryRun: true, reason: 'The rules have changed.' },
    answers: {
      200: {
        instance: id,
        from: hash,
        to: '0b7a4d5c389f2c1e',
        isPossible: true,
        moves: [{ token: 'i2', from: 'Decide', to: 'Approve', phase: 'task' }],
        refused: [],
        notes: [],
      },
    },
  },
  exportInstance: { answers: { 200: archive } },
  importInstance: { request: archive, answers: { 201: instance } },
  runFlow: {
    request: { days: 3 },
    answers: {
      200: { granted: true },
      202: instance,
      502: {
        code: 'HTTP-503',
        message: 'The service answered 503.',
        retryable: true,
        place: { flow: 'quote', instance: id, activity: 'Price' },
      },
    },
  },
  listTasks: { answers: { 200: [task] } },
  claimTask: { request: { user: lead } },
  releaseTask: { request: { user: lead } },
  delegateTask: { request: { to: 'bob', user: lead } },
  skipTask: { request: { user: lead } },
  completeTask: { request: { output: { granted: true }, user: lead } },
  sendSignal: { request: { name: 'paid', key: 'order-7', data: { amount: 120 }, id: 'payment-4711' } },
  watchInstances: { answers: { 200: stream } },
  listSchedules: {
    answers: { 200: [{ name: 'report', flow: 'report', cron: '0 7 * * 1-5', timezone: 'Europe/Berlin', next: at }] },
  },
  putSchedule: {
    request: { flow: 'report', cron: '0 7 * * 1-5', timezone: 'Europe/Berlin' },
    answers: { 200: { name: 'report', flow: 'report', cron: '0 7 * * 1-5', timezone: 'Europe/Berlin', next: at } },
  },
  takeCalls: {
    request: { max: 5, wait: 20 },
    answers: {
      200: [
        {
          key: `${id}/i1/1`,
          instance: id,
          token: 'i1',
          attempt: 1,
          flow: 'dispatch',
          activity: 'Label',
          implementation: 'print',
          arguments: { text: 'Order 7' },
          input: {},
          idempotencyKey: `${id}/i1`,
        },
      ],
    },
  },
  renewCalls: { request: { keys: [`${id}/i1/1`] }, answers: { 200: { gone: [] } } },
  finishCall: { request: { key: `${id}/i1/1`, output: { printed: true } } },
  getReadiness: { answers: { 200: { engine: true, readModel: true }, 503: { engine: false, readModel: true } } },
  getHealth: { answers: { 200: { status: 'up' } } },
};

/** What most problems look like. */
export const PROBLEM = {
  code: 'FLOW-TASK-TAKEN',
  message: '"bob" has taken this task. Ask for it to be given back.',
  retryable: false,
  place: { instance: id, activity: 'Decide' },
};
