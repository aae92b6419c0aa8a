// Who gets a task, who may do it, and how several people decide one: on the memory host, whose rules all hosts share.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  createMemoryHost,
  type ActivityDefinition,
  type InstanceView,
  type JsonObject,
  type MemoryHost,
  type StartOptions,
  type TaskView,
  type User,
} from '../../src/index.js';
import { fakeClock } from './fake-clock.js';
import { flowOf } from './flow-of.js';

const user = (id: string, ...roles: string[]): User => ({ id, roles });
const [ada, bob, cleo] = [user('ada'), user('bob'), user('cleo')];

/** A process whose first task is `Do`; `result` keeps what it gave. */
async function hostOf(
  activity: Partial<ActivityDefinition>,
  graph = 'Do',
  others: Readonly<Record<string, Partial<ActivityDefinition>>> = {},
): Promise<MemoryHost> {
  const host = createMemoryHost({ clock: fakeClock() });
  const base = { type: 'user', output: { result: '$output' } } as const;
  await host.deploy(
    flowOf(
      graph,
      { output: { result: 'result' } },
      {
        Do: { ...base, ...activity } as Partial<ActivityDefinition>,
        ...others,
      },
    ),
  );
  return host;
}
const started = async (host: MemoryHost, input: JsonObject = {}, options: StartOptions = {}): Promise<string> => {
  const { id } = await host.start('test', input, options);
  await host.settled();
  return id;
};
const viewOf = async (host: MemoryHost, id: string): Promise<InstanceView> => (await host.get(id))!;
const owners = async (host: MemoryHost): Promise<(string | undefined)[]> =>
  (await host.tasks()).map((task) => task.claimedBy);
const taskOf = async (host: MemoryHost, who?: User): Promise<TaskView> => (await host.tasks(who))[0]!;
const refused = async (doing: Promise<unknown>): Promise<string> => {
  const error = (await doing.then(
    () => ({ code: 'none' }),
    (e: unknown) => e,
  )) as { code: string };
  return error.code;
};

describe('a task', () => {
  it('that an expression gives to one person is theirs from the start, and nobody else sees it', async () => {
    const host = await hostOf({ assign: 'approver' });
    await started(host, { approver: 'ada' });
    assert.deepEqual(await owners(host), ['ada']);
    assert.equal((await host.tasks(bob)).length, 0);
    assert.equal(
      await refused(host.send({ type: 'complete', task: (await taskOf(host)).id, user: bob })),
      'FLOW-TASK-REFUSED',
    );
    await host.send({ type: 'complete', task: (await taskOf(host, ada)).id, user: ada, output: { ok: true } });
  });

  it('that an expression offers to several can be taken by each of them, who has the role', async () => {
    const host = await hostOf({ assign: 'team', role: 'clerk' });
    await started(host, { team: ['ada', 'bob'] });
    assert.deepEqual(await owners(host), [undefined]);
    assert.equal((await host.tasks(user('ada', 'clerk'))).length, 1);
    assert.equal((await host.tasks(ada)).length, 0);
    assert.equal((await host.tasks(user('cleo', 'clerk'))).length, 0);
  });

  it('goes round, whoever has finished in between', async () => {
    const host = await hostOf({ assign: { to: '["ada", "bob", "cleo"]', by: 'round-robin' } });
    const order: (string | undefined)[] = [];
    for (let i = 0; i < 4; i++) {
      await started(host);
      const task = await taskOf(host);
      order.push(task.claimedBy);
      await host.send({ type: 'complete', task: task.id, user: user(task.claimedBy!) });
    }
    assert.deepEqual(order, ['ada', 'bob', 'cleo', 'ada']);
  });

  it('goes to whoever has the fewest', async () => {
    const host = await hostOf({ assign: { to: '["ada", "bob"]', by: 'least-busy' } });
    for (let i = 0; i < 4; i++) await started(host);
    assert.deepEqual((await owners(host)).sort(), ['ada', 'ada', 'bob', 'bob']);
    for (const task of (await host.tasks(bob)).filter((t) => t.claimedBy === 'bob'))
      await host.send({ type: 'complete', task: task.id, user: bob });
    await started(host);
    assert.deepEqual((await owners(host)).sort(), ['ada', 'ada', 'bob']);
  });

  it('for nobody is a failure that the flow can take', async () => {
    const host = await hostOf(
      { assign: 'approver', boundary: [{ id: 'none', event: 'error', code: 'NoAssignee' }] },
      'Do.none -> Other',
      { Other: { type: 'route', implementation: undefined } as Partial<ActivityDefinition> },
    );
    const id = await started(host);
    assert.equal((await viewOf(host, id)).activities['Other']?.state, 'completed');
  });

  it('may know who started the instance and who did what', async () => {
    const host = createMemoryHost();
    await host.deploy(
      flowOf(
        'Draft -> Check',
        {},
        {
          Draft: { type: 'user', assign: '$starter' },
          Check: { type: 'user', assign: '[$doers.Draft, "bob"]', excludes: ['$starter'] },
        },
      ),
    );
    await started(host, {}, { startedBy: 'ada' });
    assert.deepEqual(await owners(host), ['ada']);
    await host.send({ type: 'complete', task: (await taskOf(host)).id, user: ada });
    assert.equal((await host.tasks(ada)).length, 0, 'nobody approves what they have started');
    assert.equal((await host.tasks(bob)).length, 1);
  });

  it('can be handed on to somebody without the role, who may give it back to those with it', async () => {
    const host = await hostOf({ role: 'clerk', excludes: ['$starter'] });
    await started(host, {}, { startedBy: 'cleo' });
    const { id } = await taskOf(host);
    const clerk = user('ada', 'clerk');
    assert.equal(await refused(host.send({ type: 'delegate', task: id, user: bob, to: 'bob' })), 'FLOW-TASK-REFUSED');
    assert.equal(
      await refused(host.send({ type: 'delegate', task: id, user: clerk, to: 'cleo' })),
      'FLOW-TASK-REFUSED',
    );
    await host.send({ type: 'delegate', task: id, user: clerk, to: 'bob' });
    const handed = await taskOf(host, bob);
    assert.equal(handed.delegatedBy, 'ada');
    assert.equal((await host.tasks(clerk)).length, 0);
    await host.send({ type: 'release', task: id, user: bob });
    assert.equal((await host.tasks(bob)).length, 0);
    const [back] = await host.tasks(clerk);
    assert.deepEqual([back?.role, back?.claimedBy, back?.delegatedBy], ['clerk', undefined, undefined]);
  });

  it('may be left out only where the flow allows it', async () => {
    const host = await hostOf({ role: 'clerk', skippable: true });
    const id = await started(host);
    const task = await taskOf(host);
    assert.equal(task.skippable, true);
    assert.equal(await refused(host.send({ type: 'skip-task', task: task.id, user: bob })), 'FLOW-TASK-REFUSED');
    await host.send({ type: 'skip-task', task: task.id, user: user('ada', 'clerk') });
    assert.equal((await viewOf(host, id)).status, 'completed');
    const strict = await hostOf({ role: 'clerk' });
    await started(strict);
    const other = (await taskOf(strict)).id;
    assert.equal(
      await refused(strict.send({ type: 'skip-task', task: other, user: user('ada', 'clerk') })),
      'FLOW-TASK-REFUSED',
    );
  });

  it('with outcomes is done by one of them and nothing else', async () => {
    const host = await hostOf({ role: 'r', outcomes: { approve: 'Approve', reject: 'Send back' } });
    const id = await started(host);
    const task = await taskOf(host);
    assert.deepEqual(task.outcomes, { approve: 'Approve', reject: 'Send back' });
    for (const output of [undefined, { outcome: 'maybe' }])
      assert.equal(
        await refused(host.send({ type: 'complete', task: task.id, ...(output ? { output } : {}) })),
        'FLOW-VALUE',
      );
    await host.send({ type: 'complete', task: task.id, output: { outcome: 'reject', why: 'dear' } });
    assert.deepEqual((await viewOf(host, id)).output, { result: { outcome: 'reject', why: 'dear' } });
  });

  it('is due and reminds at the times that the flow says, also by an expression', async () => {
    const host = await hostOf({ role: 'r', due: '"P" & days & "D"', remind: ['P1D', 'PT1H'] });
    await started(host, { days: 3 });
    const [day, hour] = [86_400_000, 3_600_000];
    const { dueAt, remindAt } = await taskOf(host);
    assert.equal(dueAt, 3 * day);
    assert.deepEqual(remindAt, [2 * day, 3 * day - hour]);
  });
});

describe('several people on one task', () => {
  const vote = async (rule: object, votes: Readonly<Record<string, string>>, more: object = {}) => {
    const host = await hostOf({
      assign: 'board',
      outcomes: { yes: 'Yes', no: 'No', later: 'Later' },
      votes: rule as never,
      ...more,
    });
    const id = await started(host, { board: ['ada', 'bob', 'cleo'] });
    for (const [voter, outcome] of Object.entries(votes)) {
      const [task] = await host.tasks(user(voter));
      assert.ok(task, `${voter} has a task`);
      await host.send({ type: 'complete', task: task.id, user: user(voter), output: { outcome } });
    }
    const view = await viewOf(host, id);
    const result = view.output?.['result'] as JsonObject | undefined;
    return { result, view, left: (await host.tasks()).length };
  };
  const outcomes: readonly [string, object, Readonly<Record<string, string>>, string | undefined][] = [
    ['consensus of all', { rule: 'consensus' }, { ada: 'yes', bob: 'yes', cleo: 'yes' }, 'yes'],
    [
      'no consensus, as soon as two differ',
      { rule: 'consensus', fallback: 'later' },
      { ada: 'yes', bob: 'no' },
      'later',
    ],
    ['one veto', { rule: 'veto', outcome: 'no' }, { bob: 'no' }, 'no'],
    ['no veto', { rule: 'veto', outcome: 'no' }, { ada: 'yes', bob: 'yes', cleo: 'later' }, 'yes'],
    ['a majority before all have voted', { rule: 'majority' }, { ada: 'no', bob: 'no' }, 'no'],
    ['no majority', { rule: 'majority', fallback: 'no' }, { ada: 'yes', bob: 'later', cleo: 'no' }, 'no'],
    ['most votes', { rule: 'most', fallback: 'no' }, { ada: 'yes', bob: 'yes' }, 'yes'],
    [
      'a threshold by number',
      { rule: 'threshold', outcome: 'yes', atLeast: 1, fallback: 'no' },
      { cleo: 'yes' },
      'yes',
    ],
    [
      'a threshold by share that cannot be reached any more',
      { rule: 'threshold', outcome: 'yes', atLeast: 0.6, fallback: 'no' },
      { ada: 'no', bob: 'later' },
      'no',
    ],
    ['votes that are missing', { rule: 'majority' }, { ada: 'yes' }, undefined],
  ];
  for (const [name, rule, votes, outcome] of outcomes) {
    it(`decide by rule: ${name}`, async () => {
      const { result, left } = await vote(rule, votes);
      assert.equal(result?.['outcome'], outcome);
      if (outcome !== undefined) assert.equal(left, 0, 'the tasks of the others are withdrawn');
    });
  }

  it('leave their votes behind, and none of them may check it later', async () => {
    const { result, view } = await vote({ rule: 'majority' }, { ada: 'no', bob: 'no' });
    assert.deepEqual(result?.['votes'], [
      { outcome: 'no', by: 'ada' },
      { outcome: 'no', by: 'bob' },
    ]);
    assert.equal(view.activities['Do']?.state, 'completed');
    const host = createMemoryHost();
    const board = { type: 'user', assign: '["ada", "bob"]', outcomes: { yes: 'Yes', no: 'No' } } as const;
    await host.deploy(
      flowOf(
        'Vote -> Check',
        {},
        {
          Vote: { ...board, votes: { rule: 'consensus' } },
          Check: { type: 'user', role: 'r', excludes: ['Vote'] },
        },
      ),
    );
    await started(host);
    for (const who of [ada, bob])
      await host.send({ type: 'complete', task: (await taskOf(host, who)).id, user: who, output: { outcome: 'yes' } });
    assert.deepEqual((await taskOf(host)).excludedUsers, ['ada', 'bob']);
    assert.equal((await host.tasks(user('cleo', 'r'))).length, 1);
    assert.equal(cleo.id, 'cleo');
  });

  it('who do not agree and have no fallback fail the activity, which the flow can take', async () => {
    const { view } = await vote({ rule: 'consensus' }, { ada: 'yes', bob: 'no' });
    assert.equal(view.failure?.code, 'NoOutcome');
  });

  it('that are nobody give the fallback', async () => {
    const host = await hostOf({
      assign: 'board',
      outcomes: { yes: 'Yes', no: 'No' },
      votes: { rule: 'majority', fallback: 'no' },
    });
    const id = await started(host, { board: [] });
    assert.deepEqual((await viewOf(host, id)).output, { result: { outcome: 'no', votes: [] } });
  });
});
