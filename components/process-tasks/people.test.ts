import { expect, fixture, html, oneEvent } from '@open-wc/testing';
import { sendKeys } from '@web/test-runner-commands';
import { deleteDB } from 'idb';
import { until } from '../../test/browser/button-page.js';
import { runtime, type FlowDefinition } from '../../src/runtime/index.js';
import '../flow-provider/define.js';
import '../process-status/define.js';
import type { ProcessStatus } from '../process-status/process-status.js';
import './define.js';
import type { ProcessTasks } from './process-tasks.js';

const leave: FlowDefinition = {
  flow: 'people-leave',
  title: 'Leave',
  kind: 'process',
  input: { days: { type: 'number' } },
  output: { decision: 'decision' },
  roles: { boss: {} },
  activities: [
    {
      id: 'Decide',
      name: 'Decide on the leave',
      type: 'user',
      role: 'boss',
      excludes: ['$starter'],
      form: { type: 'object', properties: { remark: { type: 'string', title: 'Remark' } } },
      outcomes: { approve: 'Approve', refuse: 'Send back' },
      skippable: true,
      due: 'PT2H',
      remind: 'PT3H',
      output: { decision: '$output.outcome' },
    },
  ],
};
const ada = { id: 'ada', name: 'Ada', roles: ['boss'] };
const bob = { id: 'bob', roles: ['boss'] };

describe('people and their tasks', () => {
  const database = `people-${crypto.randomUUID()}`;

  before(() => {
    runtime.configure({ database });
    runtime.define(leave);
  });
  after(async () => {
    await runtime.close();
    await deleteDB(database);
  });
  beforeEach(() => (runtime.user = ada));
  afterEach(async () => {
    localStorage.clear();
    for (const view of await runtime.instances()) if (view.status === 'running') await runtime.cancel(view.id);
  });

  const list = (attributes = html`<process-tasks people="#staff"></process-tasks>`): Promise<ProcessTasks> =>
    fixture(
      html`<div>
        <datalist id="staff">
          <option value="ada">Ada</option>
          <option value="cleo">Cleo</option>
          <option value="eve">Eve, who has started it</option>
        </datalist>
        ${attributes}
      </div>`,
    ).then((page) => page.querySelector('process-tasks')!);
  const start = async (): Promise<string> =>
    (await runtime.start('people-leave', { days: 3 }, { startedBy: 'eve' })).id;
  const item = (tasks: ProcessTasks): HTMLElement | null => tasks.shadowRoot!.querySelector('li');
  const labels = (root: ParentNode | null | undefined): string[] =>
    [...(root?.querySelectorAll('button') ?? [])].map((b) => b.textContent!.trim());
  const press = (root: ParentNode | null, label: string): void =>
    [...root!.querySelectorAll('button')].find((b) => b.textContent!.trim() === label)!.click();
  const opened = async (tasks: ProcessTasks): Promise<HTMLFormElement> => {
    await until(() => labels(item(tasks)).includes('Open'));
    press(item(tasks), 'Open');
    await until(() => tasks.querySelector('form'));
    return tasks.querySelector('form')!;
  };

  it('decides by the button of an outcome', async () => {
    const tasks = await list();
    const id = await start();
    const form = await opened(tasks);
    expect(labels(form)).to.deep.equal(['Approve', 'Send back', 'Leave out']);
    await expect(tasks).to.be.accessible();
    press(form, 'Send back');
    const { detail } = await oneEvent(tasks, 'task-complete');
    expect(detail.output.outcome).to.equal('refuse');
    await until(() => item(tasks) === null);
    expect((await runtime.instance(id))!.view.output).to.deep.equal({ decision: 'refuse' });
  });

  it('leaves a task out after a question', async () => {
    const tasks = await list();
    await start();
    const form = await opened(tasks);
    press(form, 'Leave out');
    const dialog = async (): Promise<HTMLDialogElement> => {
      await until(() => document.querySelector('millrace-question'));
      return document.querySelector('millrace-question')!.shadowRoot!.querySelector('dialog')!;
    };
    press(await dialog(), 'Cancel');
    await until(() => !document.querySelector('millrace-question'));
    expect(item(tasks)).not.to.equal(null);
    press(form, 'Leave out');
    press(await dialog(), 'OK');
    await until(() => item(tasks) === null);
    expect(tasks.shadowRoot!.querySelector('[role="status"]')!.textContent).to.equal('Left out: Decide on the leave');
  });

  it('hands a task on to somebody whom the page names, with the keyboard, and never to who may not do it', async () => {
    const tasks = await list();
    await start();
    await until(() => item(tasks));
    press(item(tasks), 'Hand on');
    await until(() => tasks.shadowRoot!.activeElement?.localName === 'select');
    const choice = tasks.shadowRoot!.activeElement as HTMLSelectElement;
    expect([...choice.options].map(({ value }) => value)).to.deep.equal(['', 'cleo']);
    await expect(tasks).to.be.accessible();
    await sendKeys({ press: 'Escape' });
    await until(() => !item(tasks)!.querySelector('form'));
    press(item(tasks), 'Hand on');
    await until(() => item(tasks)!.querySelector('select'));
    item(tasks)!.querySelector('select')!.value = 'cleo';
    press(item(tasks), 'Hand on');
    press(item(tasks)!.querySelector('form'), 'Hand on');
    await until(() => item(tasks) === null);
    runtime.user = { id: 'cleo', roles: [] };
    await until(() => item(tasks)?.textContent!.includes('handed on by ada'));
    expect(labels(item(tasks))).to.deep.equal(['Give back', 'Hand on', 'Open']);
  });

  it('tells two people of each other who have only opened a task, and one of them when the other has closed it', async () => {
    const page = await fixture(
      html`<div>
        <flow-provider user="ada" user-name="Ada" roles="boss"><process-tasks></process-tasks></flow-provider>
        <flow-provider user="bob" roles="boss"><process-tasks></process-tasks></flow-provider>
      </div>`,
    );
    const [hers, his] = page.querySelectorAll('process-tasks') as unknown as [ProcessTasks, ProcessTasks];
    await start();
    const said = (form: HTMLFormElement): string => form.querySelector('.task-form-others')!.textContent!;
    const herForm = await opened(hers);
    expect(said(herForm)).to.equal('');
    const hisForm = await opened(his);
    await until(() => said(hisForm) === 'Ada has this task open too. Who begins first takes it.');
    await until(() => said(herForm).startsWith('bob has this task open too'));
    await expect(his).to.be.accessible();
    expect(item(hers)!.textContent, 'looking takes nothing').to.not.contain('taken by');
    press(item(hers), 'Close');
    await until(() => said(hisForm) === '');
  });

  it('tells somebody who has a task open twice', async () => {
    const page = await fixture(
      html`<div><process-tasks lang="de"></process-tasks><process-tasks></process-tasks></div>`,
    );
    const [first, second] = page.querySelectorAll('process-tasks') as unknown as [ProcessTasks, ProcessTasks];
    await start();
    await until(() => first.shadowRoot!.querySelector('li .primary'));
    first.open(first.tasks![0]!);
    await opened(second);
    await until(() => second.querySelector('form')!.textContent!.includes('open in another place too'));
    await until(() => first.querySelector('form')!.textContent!.includes('noch an anderer Stelle'));
  });

  it('tells two people of each other as soon as one begins, and keeps what the other has entered', async () => {
    const page = await fixture(
      html`<div>
        <flow-provider user="ada" roles="boss"><process-tasks></process-tasks></flow-provider>
        <flow-provider user="bob" roles="boss"><process-tasks></process-tasks></flow-provider>
      </div>`,
    );
    const [hers, his] = page.querySelectorAll('process-tasks') as unknown as [ProcessTasks, ProcessTasks];
    await start();
    const [herForm, hisForm] = [await opened(hers), await opened(his)];
    const enter = (form: HTMLFormElement, value: string): void => {
      const field = form.elements.namedItem('remark') as HTMLInputElement;
      field.value = value;
      field.dispatchEvent(new Event('input', { bubbles: true }));
    };
    enter(herForm, 'fine by me');
    await until(() => item(hers)!.textContent!.includes('taken by you'));
    await until(() =>
      hisForm.querySelector('[role="alert"]')!.textContent!.includes('ada has taken this task meanwhile'),
    );
    enter(hisForm, 'not by me');
    press(hisForm, 'Approve');
    await oneEvent(his, 'task-error');
    expect((hisForm.elements.namedItem('remark') as HTMLInputElement).value).to.equal('not by me');
    press(herForm, 'Approve');
    await until(() => item(hers) === null);
  });

  it('says, not only shows, that something is due soon', async () => {
    const tasks = await list();
    await start();
    await until(() => item(tasks)?.querySelector('[part="due"].soon')?.textContent!.includes('due soon'));
  });

  it('notifies of new tasks and reminds, for whoever has asked for it', async () => {
    const original = { notification: window.Notification, badge: Reflect.get(navigator, 'setAppBadge') as unknown };
    const told: string[] = [];
    const badges: number[] = [];
    class Fake extends EventTarget {
      static permission = 'default';
      static requestPermission = (): Promise<string> => Promise.resolve((Fake.permission = 'granted'));
      constructor(title: string, { body }: { body: string }) {
        super();
        told.push(`${title}: ${body}`);
        (window as { lastNotice?: Fake }).lastNotice = this;
      }
      close(): void {}
    }
    Object.assign(window, { Notification: Fake });
    Object.defineProperty(navigator, 'setAppBadge', {
      configurable: true,
      value: (count: number) => Promise.resolve(badges.push(count)),
    });
    try {
      const tasks = await list(html`<process-tasks notify></process-tasks>`);
      await until(() => labels(tasks.shadowRoot!).includes('Notify me of new tasks'));
      await expect(tasks).to.be.accessible();
      await start();
      await until(() => item(tasks));
      expect(told).to.deep.equal([]);
      press(tasks.shadowRoot!, 'Notify me of new tasks');
      await until(() => !labels(tasks.shadowRoot!).includes('Notify me of new tasks'));
      await start();
      await until(() => told.length === 1);
      expect(told[0]).to.equal('Decide on the leave: Leave · new task');
      expect(badges.at(-1)).to.equal(2);
      (window as { lastNotice?: Fake }).lastNotice!.dispatchEvent(new Event('click'));
      await until(() => tasks.querySelector('form'));
    } finally {
      Object.assign(window, { Notification: original.notification });
      Object.defineProperty(navigator, 'setAppBadge', { configurable: true, value: original.badge });
    }
  });

  it('starts a process again with the data of one that is over', async () => {
    const id = await start();
    const status = await fixture<ProcessStatus>(html`<process-status instance=${id} restartable></process-status>`);
    await until(() => status.shadowRoot!.querySelector('[part="state"]'));
    expect(labels(status.shadowRoot!)).to.deep.equal([]);
    await runtime.cancel(id);
    await until(() => labels(status.shadowRoot!).includes('Start again'));
    press(status.shadowRoot!, 'Start again');
    await until(() => status.handle!.id !== id && status.handle!.view.status === 'running');
    expect(status.handle!.view.variables['days']).to.equal(3);
    runtime.user = bob;
  });
});
