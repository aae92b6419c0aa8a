import { expect, fixture, html } from '@open-wc/testing';
import { deleteDB } from 'idb';
import { until } from '../../test/browser/button-page.js';
import { runtime, type FlowDefinition, type InstanceView } from '../../src/runtime/index.js';
import '../flow-provider/define.js';
import './define.js';
import type { ProcessTasks } from './process-tasks.js';

type Activity = FlowDefinition['activities'][number];
type Votes = NonNullable<Activity['votes']>;

const BOARD = ['ada', 'bob', 'cleo'] as const;
type Member = (typeof BOARD)[number];
const task = (id: string, more: Partial<Activity>): Activity => ({ id, name: id, type: 'user', ...more });
const process = (flow: string, activities: readonly Activity[], connectors: FlowDefinition['connectors'] = []) =>
  ({ flow, kind: 'process', roles: { clerk: {}, boss: {} }, activities, connectors }) as FlowDefinition;

const to = '["ada", "bob", "cleo"]';
const rules: readonly [string, Votes, Readonly<Partial<Record<Member, string>>>, string][] = [
  ['consensus', { rule: 'consensus', fallback: 'no' }, { ada: 'Yes', bob: 'Yes', cleo: 'Yes' }, 'yes'],
  ['broken consensus', { rule: 'consensus', fallback: 'no' }, { cleo: 'Yes', ada: 'No' }, 'no'],
  ['veto', { rule: 'veto', outcome: 'no' }, { bob: 'No' }, 'no'],
  ['majority', { rule: 'majority' }, { cleo: 'Yes', bob: 'Yes' }, 'yes'],
  ['threshold', { rule: 'threshold', outcome: 'yes', atLeast: 1, fallback: 'no' }, { bob: 'Yes' }, 'yes'],
];
const then = (id: string, from: string, target: string): FlowDefinition['connectors'] => [{ id, from, to: target }];

describe('who gets which task, as the lists of three people show it', () => {
  const database = `assignment-${crypto.randomUUID()}`;
  let lists: Readonly<Record<string, ProcessTasks>>;

  before(() => {
    runtime.configure({ database });
    const output = { outcome: '$output.outcome' };
    const outcomes = { yes: 'Yes', no: 'No' };
    runtime.define(
      process('round', [task('Look', { assign: { to, by: 'round-robin' } })]),
      process('busy', [task('Look', { assign: { to, by: 'least-busy' } })]),
      process('named', [task('Look', { assign: 'who' })]),
      ...rules.map(([name, votes]) => process(name, [task('Vote', { assign: to, outcomes, votes, output })])),
      process(
        'twice',
        [
          task('Enter', { role: 'clerk' }),
          task('Check', { role: 'clerk', excludes: ['Enter'] }),
          task('Send', { role: 'clerk', sameAs: 'Enter' }),
        ],
        [...then('a', 'Enter', 'Check')!, ...then('b', 'Check', 'Send')!],
      ),
      process(
        'late',
        [
          task('Answer', { assign: '"ada"', boundary: [{ id: 'over', event: 'timer', after: 'PT0.2S' }] }),
          task('Step-in', { assign: '"bob"' }),
        ],
        then('a', 'Answer.over', 'Step-in'),
      ),
      process(
        'slow',
        [
          task('Answer', {
            assign: '"ada"',
            boundary: [{ id: 'soon', event: 'timer', after: 'PT0.2S', interrupting: false }],
          }),
          task('Remind', { assign: '"bob"' }),
        ],
        then('a', 'Answer.soon', 'Remind'),
      ),
    );
  });
  after(async () => {
    await runtime.close();
    await deleteDB(database);
  });
  beforeEach(async () => {
    const page = await fixture(
      html`<div>
        ${BOARD.map(
          (id) =>
            html`<flow-provider user=${id} roles="clerk"><process-tasks id=${id}></process-tasks></flow-provider>`,
        )}
      </div>`,
    );
    lists = Object.fromEntries([...page.querySelectorAll('process-tasks')].map((list) => [list.id, list]));
    await until(() => Object.values(lists).every(({ tasks }) => tasks !== undefined));
  });
  afterEach(async () => {
    for (const view of await runtime.instances()) if (view.status === 'running') await runtime.cancel(view.id);
  });

  const items = (who: Member): HTMLElement[] => [...lists[who]!.shadowRoot!.querySelectorAll<HTMLElement>('li')];
  const counts = (): number[] => BOARD.map((who) => items(who).length);
  const names = (who: Member): string[] => items(who).map((item) => item.querySelector('[part="name"]')!.textContent!);
  /** How many each has; what others have stands on a list too, to be seen. */
  const taken = (): number[] =>
    BOARD.map((who) => items(who).filter((item) => item.textContent!.includes('taken by you')).length);
  const have = (...expected: number[]): Promise<void> => until(() => taken().join() === expected.join());
  const shows = (...expected: number[]): Promise<void> => until(() => counts().join() === expected.join());
  const press = (root: ParentNode, label: string): void =>
    [...root.querySelectorAll('button')].find((b) => b.textContent!.trim() === label)!.click();

  /** Opens the first task that somebody can do and presses a button of its form. */
  async function decide(who: Member, label = 'Done'): Promise<void> {
    const list = lists[who]!;
    const open = (): HTMLElement | undefined => items(who).find((item) => item.textContent!.includes('Open'));
    await until(open);
    press(open()!, 'Open');
    await until(() => list.querySelector('form'));
    const before = list.querySelector('form')!;
    press(before, label);
    await until(() => !before.isConnected);
  }
  const viewOf = async (id: string): Promise<InstanceView> => (await runtime.instance(id))!.view;

  it('round robin: each in turn', async () => {
    for (let n = 0; n < 4; n++) await runtime.start('round');
    await have(2, 1, 1);
  });

  it('least busy: whoever has the fewest', async () => {
    for (let n = 0; n < 3; n++) await runtime.start('busy');
    await have(1, 1, 1);
    await decide('bob');
    await have(1, 0, 1);
    await runtime.start('busy');
    await have(1, 1, 1);
  });

  it('a named person: nobody else', async () => {
    await runtime.start('named', { who: 'cleo' });
    await shows(0, 0, 1);
  });

  for (const [name, , votes, outcome] of rules) {
    it(`several people decide by ${name}, and the tasks of the others go away`, async () => {
      const { id } = await runtime.start(name);
      await shows(1, 1, 1);
      for (const [who, label] of Object.entries(votes)) await decide(who as Member, label);
      await shows(0, 0, 0);
      await until(async () => (await viewOf(id)).status === 'completed');
      expect((await viewOf(id)).variables['outcome']).to.equal(outcome);
    });
  }

  it('nobody checks their own work, and who has begun it ends it', async () => {
    await runtime.start('twice');
    await shows(1, 1, 1);
    await decide('bob');
    await until(() => names('ada')[0] === 'Check');
    await shows(1, 0, 1);
    await decide('cleo');
    await until(() => names('bob')[0] === 'Send');
    await shows(0, 1, 0);
  });

  it('a task that is not done in time goes to somebody else', async () => {
    await runtime.start('late');
    await until(() => names('bob')[0] === 'Step-in');
    await shows(0, 1, 0);
  });

  it('somebody is asked to remind of a task that stays where it is', async () => {
    await runtime.start('slow');
    await until(() => names('bob')[0] === 'Remind');
    await shows(1, 1, 0);
    await decide('ada');
    await shows(0, 1, 0);
  });

  it('of two who send the same form, the second is told and nothing is overwritten', async () => {
    const { id } = await runtime.start('twice');
    await shows(1, 1, 1);
    for (const who of ['ada', 'bob'] as const) {
      press(items(who)[0]!, 'Open');
      await until(() => lists[who]!.querySelector('form'));
    }
    const [hers, his] = (['ada', 'bob'] as const).map((who) => lists[who]!.querySelector('form')!);
    press(hers!, 'Done');
    press(his!, 'Done');
    await until(async () => (await viewOf(id)).activities['Check']?.state === 'ready');
    const check = (await viewOf(id)).tasks[0]!;
    const [winner] = check.excludedUsers as [Member];
    const loser: Member = winner === 'ada' ? 'bob' : 'ada';
    await until(() => lists[loser]!.shadowRoot!.textContent!.match(/done or withdrawn/));
    expect(check.excludedUsers, 'only one of them has done it').to.deep.equal([winner]);
  });
});
