import { expect, fixture, html, oneEvent } from '@open-wc/testing';
import { deleteDB } from 'idb';
import { errorLog, until } from '../../test/browser/button-page.js';
import { Runtime, runtime, type FlowDefinition, type JsonSchema } from '../../src/runtime/index.js';
import '../process-button/define.js';
import type { ProcessButton } from '../process-button/process-button.js';
import './define.js';
import type { ProcessTasks } from './process-tasks.js';

const schema: JsonSchema = {
  type: 'object',
  required: ['verdict'],
  properties: {
    verdict: { title: 'Verdict', enum: ['yes', 'no'] },
    limit: { type: 'integer', title: 'Limit', minimum: 1, description: 'In whole euros' },
    urgent: { type: 'boolean', title: 'Urgent', default: true },
    tags: { type: 'array', title: 'Tags', items: { enum: ['a', 'b'] } },
    remark: { type: 'string', title: 'Remark', maxLength: 500 },
  },
};
const loan = (form: string | JsonSchema, flow = 'loan'): FlowDefinition => ({
  flow,
  title: 'Loan',
  kind: 'process',
  input: { amount: { type: 'number' } },
  roles: { approver: {} },
  activities: [
    {
      id: 'Decide',
      name: 'Decide on the loan',
      type: 'user',
      role: 'approver',
      form,
      input: { amount: 'amount' },
      output: { decision: '$output' },
      due: 'P1D',
    },
    { id: 'Finish', type: 'script', output: { state: "'over'" } },
  ],
  connectors: [{ id: 'c', from: 'Decide', to: 'Finish' }],
});

const ada = { id: 'ada', name: 'Ada', roles: ['approver'] };
const eve = { id: 'eve', roles: ['approver'] };

describe('process-button and process-tasks', () => {
  const database = `tasks-${crypto.randomUUID()}`;

  before(() => {
    runtime.configure({ database });
    runtime.define(loan('#decision'), loan(schema, 'by-schema'), loan('#nowhere', 'formless'));
  });
  after(async () => {
    await runtime.close();
    await deleteDB(database);
  });
  afterEach(async () => {
    localStorage.clear();
    for (const view of await runtime.instances()) if (view.status === 'running') await runtime.cancel(view.id);
  });

  async function page(flow = 'loan'): Promise<{ button: ProcessButton; tasks: ProcessTasks }> {
    const root = await fixture(
      html`<div>
        <template id="decision">
          <p>Amount: <b data-value="amount"></b></p>
          <label>Reason <input name="reason" required /></label>
          <button name="approved" value="true">Approve</button>
          <button name="approved" value="false">Refuse</button>
        </template>
        <process-button process=${flow} input='{"amount": 500}'>Ask for a loan</process-button>
        <process-tasks flow=${flow}></process-tasks>
      </div>`,
    );
    return { button: root.querySelector('process-button')!, tasks: root.querySelector('process-tasks')! };
  }

  const items = (tasks: ProcessTasks): HTMLElement[] => [...tasks.shadowRoot!.querySelectorAll<HTMLElement>('li')];
  const buttonOf = (item: HTMLElement | undefined, label: string): HTMLButtonElement | undefined =>
    [...(item?.querySelectorAll('button') ?? [])].find((b) => b.textContent!.trim() === label);
  const press = (item: HTMLElement | undefined, label: string): void => buttonOf(item, label)!.click();
  const statusOf = (element: ProcessButton): string =>
    element.shadowRoot!.querySelector('[role="status"]')!.textContent!;

  it('a started process puts a task on the list of whoever has the role, and its form completes it', async () => {
    runtime.user = ada;
    const { button, tasks } = await page();
    setTimeout(() => button.button!.click());
    const { detail } = await oneEvent(button, 'flow-started');
    expect(detail.isNew).to.equal(true);
    await button.updateComplete;
    expect(statusOf(button)).to.contain('continues by itself').and.contain(detail.instance.id.slice(0, 8));
    await until(() => items(tasks).length === 1);
    await expect(tasks).to.be.accessible();
    expect(items(tasks)[0]!.textContent).to.contain('due');
    press(items(tasks)[0], 'Open');
    await until(() => tasks.querySelector('form'));
    const form = tasks.querySelector('form')!;
    const reason = form.elements.namedItem('reason') as HTMLInputElement;
    await until(() => document.activeElement === reason);
    expect(form.querySelector('b')!.textContent).to.equal('500');
    reason.value = 'solid';
    await expect(tasks).to.be.accessible();
    const done = oneEvent(tasks, 'task-complete');
    form.querySelector<HTMLButtonElement>('[value="true"]')!.click();
    expect((await done).detail.output).to.deep.equal({ reason: 'solid', approved: true });
    const end = await detail.instance.done;
    expect(end.variables).to.deep.include({ decision: { reason: 'solid', approved: true }, state: 'over' });
    await until(() => items(tasks).length === 0 && tasks.shadowRoot!.textContent!.includes('Nothing to do'));
    expect(tasks.shadowRoot!.querySelector('[role="status"]')!.textContent).to.equal('Done: Decide on the loan');
  });

  it('somebody without the role sees nothing', async () => {
    runtime.user = { id: 'bob', roles: ['clerk'] };
    const { button, tasks } = await page();
    await button.run();
    await until(() => tasks.tasks !== undefined);
    await tasks.refresh();
    expect(items(tasks)).to.have.length(0);
    runtime.user = ada;
    await until(() => items(tasks).length === 1);
  });

  it('a task that one has taken can be done by that one only, until it is given back', async () => {
    runtime.user = ada;
    const { button, tasks } = await page();
    await button.run();
    await until(() => items(tasks).length === 1);
    press(items(tasks)[0], 'Take');
    await until(() => items(tasks)[0]!.textContent!.includes('taken by you'));
    runtime.user = eve;
    await until(() => items(tasks)[0]?.textContent!.includes('taken by ada'));
    expect(items(tasks)[0]!.querySelector('button')).to.equal(null);
    runtime.user = ada;
    await until(() => items(tasks)[0]?.textContent!.includes('taken by you'));
    press(items(tasks)[0], 'Give back');
    await until(() => !items(tasks)[0]!.textContent!.includes('taken by'));
  });

  it('two people on one page have lists of their own', async () => {
    runtime.user = undefined;
    const root = await fixture(
      html`<div>
        <process-tasks flow="loan" user="ada" roles="approver"></process-tasks>
        <flow-provider user="eve" roles="clerk approver"><process-tasks flow="loan"></process-tasks></flow-provider>
        <process-tasks flow="loan" user="bob" roles="clerk"></process-tasks>
      </div>`,
    );
    await import('../flow-provider/define.js');
    await runtime.start('loan', { amount: 1 });
    const [first, second, third] = [...root.querySelectorAll('process-tasks')] as [
      ProcessTasks,
      ProcessTasks,
      ProcessTasks,
    ];
    await until(() => items(first).length === 1 && items(second).length === 1);
    expect(items(third)).to.have.length(0);
    press(items(second)[0], 'Take');
    await until(() => items(first)[0]!.textContent!.includes('taken by eve'));
  });

  it('builds a form from a JSON Schema, with native validation and values of the right type', async () => {
    runtime.user = ada;
    const { button, tasks } = await page('by-schema');
    const outcome = await button.run();
    await until(() => items(tasks).length === 1);
    press(items(tasks)[0], 'Open');
    await until(() => tasks.querySelector('form'));
    const form = tasks.querySelector('form')!;
    await expect(tasks).to.be.accessible();
    const submit = form.querySelector('button')!;
    submit.click();
    expect(form.checkValidity(), 'the verdict is required').to.equal(false);
    (form.elements.namedItem('verdict') as HTMLSelectElement).value = 'yes';
    (form.elements.namedItem('limit') as HTMLInputElement).value = '7';
    form.querySelector<HTMLInputElement>('[value="b"]')!.click();
    submit.click();
    const end = await outcome.instance!.done;
    expect(end.variables['decision']).to.deep.equal({
      verdict: 'yes',
      limit: 7,
      urgent: true,
      tags: ['b'],
      remark: '',
    });
  });

  it('says what was refused and keeps what was entered', async () => {
    runtime.user = ada;
    const { button, tasks } = await page();
    await button.run();
    await until(() => items(tasks).length === 1);
    press(items(tasks)[0], 'Open');
    await until(() => tasks.querySelector('form'));
    const form = tasks.querySelector('form')!;
    const reason = form.elements.namedItem('reason') as HTMLInputElement;
    reason.value = 'mine';
    const [task] = tasks.tasks!;
    await runtime.as(eve).claim(task!.id);
    const refused = oneEvent(tasks, 'task-error');
    form.querySelector<HTMLButtonElement>('[value="true"]')!.click();
    expect((await refused).detail.error.code).to.equal('FLOW-TASK-TAKEN');
    await until(() => form.querySelector('[role="alert"]')!.textContent);
    expect(reason.value).to.equal('mine');
  });

  it('does not take a form away that somebody is filling in when the task is done elsewhere', async () => {
    runtime.user = ada;
    const { button, tasks } = await page();
    await button.run();
    await until(() => items(tasks).length === 1);
    press(items(tasks)[0], 'Open');
    await until(() => tasks.querySelector('form'));
    const reason = tasks.querySelector<HTMLInputElement>('[name="reason"]')!;
    reason.value = 'half a thought';
    // Another tab: a runtime with a host of its own on the same database.
    const elsewhere = new Runtime({ database, user: eve });
    elsewhere.define(loan('#decision'));
    await elsewhere.complete(tasks.tasks![0]!.id, { approved: false });
    await until(() => tasks.tasks!.length === 0);
    await elsewhere.close();
    expect(tasks.querySelector('[name="reason"]')).to.equal(reason);
    await tasks.updateComplete;
    expect(items(tasks)[0]!.textContent).to.contain('still here to copy');
    press(items(tasks)[0], 'Close');
    await until(() => items(tasks).length === 0);
  });

  it('brings back what somebody had entered when the form is opened again, until the task is done', async () => {
    runtime.user = ada;
    const { button, tasks } = await page('by-schema');
    tasks.noClaim = true;
    await button.run();
    await until(() => items(tasks).length === 1);
    const open = async (list: ProcessTasks): Promise<HTMLFormElement> => {
      await until(() => buttonOf(items(list)[0], 'Open'));
      press(items(list)[0], 'Open');
      await until(() => list.querySelector('form [name="remark"]'));
      return list.querySelector('form')!;
    };
    const form = await open(tasks);
    const type = (field: string, value: string): void => {
      const input = form.elements.namedItem(field) as HTMLInputElement;
      input.value = value;
      input.dispatchEvent(new Event('input', { bubbles: true }));
    };
    type('remark', 'half a thought');
    type('verdict', 'yes');
    // As after a reload: another element, which knows nothing of the first.
    tasks.remove();
    const again = await fixture<ProcessTasks>(html`<process-tasks flow="by-schema" no-claim></process-tasks>`);
    const restored = await open(again);
    await until(() => restored.querySelector('.task-form-draft'));
    const value = (f: HTMLFormElement, name: string): string => (f.elements.namedItem(name) as HTMLInputElement).value;
    expect(value(restored, 'remark')).to.equal('half a thought');
    expect(value(restored, 'verdict')).to.equal('yes');
    await expect(again).to.be.accessible();
    await until(() => restored.contains(document.activeElement));
    expect((document.activeElement as HTMLInputElement).name).to.equal('verdict');
    // Another person at the same browser does not see it, neither the form that is open nor the draft.
    runtime.user = eve;
    expect(again.querySelector('form')).to.equal(null);
    expect(value(await open(again), 'remark')).to.equal('');
    runtime.user = ada;
    expect(again.querySelector('form')).to.equal(null);
    const mine = await open(again);
    await until(() => mine.querySelector('.task-form-draft'));
    expect(value(mine, 'remark')).to.equal('half a thought');
    mine.querySelector<HTMLElement>('.task-form-draft button')!.click();
    await until(() => again.querySelector('form') !== mine && again.querySelector('form'));
    const anew = again.querySelector('form')!;
    expect(value(anew, 'remark')).to.equal('');
    expect(Object.keys(localStorage).filter((k) => k.startsWith('millrace-draft/'))).to.deep.equal([]);
  });

  it('keeps what was entered in a custom element, and leaves it alone when the task is done elsewhere', async () => {
    class SliderForm extends HTMLElement {
      value: unknown;
      connectedCallback(): void {
        const range = Object.assign(document.createElement('input'), { type: 'range', ariaLabel: 'Limit' });
        range.addEventListener('input', () => (this.value = { limit: Number(range.value) }));
        this.attachShadow({ mode: 'open' }).append(range);
      }
    }
    customElements.define('slider-form', SliderForm);
    runtime.define(loan('slider-form', 'by-element'));
    runtime.user = ada;
    const { button, tasks } = await page('by-element');
    await button.run();
    const open = async (list: ProcessTasks): Promise<SliderForm> => {
      await until(() => buttonOf(items(list)[0], 'Open'));
      press(items(list)[0], 'Open');
      await until(() => list.querySelector('slider-form'));
      return list.querySelector<SliderForm>('slider-form')!;
    };
    const slider = await open(tasks);
    expect(slider.value).to.deep.equal({ amount: 500 });
    const range = slider.shadowRoot!.querySelector('input')!;
    await until(() => {
      range.value = '70';
      range.dispatchEvent(new Event('input', { bubbles: true, composed: true }));
      return Object.keys(localStorage).some((k) => k.startsWith('millrace-draft/'));
    });
    tasks.remove();
    const again = await fixture<ProcessTasks>(html`<process-tasks flow="by-element"></process-tasks>`);
    const restored = await open(again);
    await until(() => again.querySelector('.task-form-draft'));
    expect(restored.value).to.deep.equal({ limit: 70 });
    const [task] = await runtime.tasks();
    await runtime.complete(task!.id, { limit: 1 });
    await until(() => items(again)[0]?.querySelector('[part="error"]')?.textContent?.includes('elsewhere'));
    expect(restored.isConnected).to.equal(true);
  });

  it('forgets what was entered when the task is done, and keeps nothing with no-draft', async () => {
    runtime.user = ada;
    const drafts = (): string[] => Object.keys(localStorage).filter((k) => k.startsWith('millrace-draft/'));
    const { button, tasks } = await page();
    await button.run();
    const enter = async (): Promise<void> => {
      await until(() => buttonOf(items(tasks)[0], 'Open'));
      press(items(tasks)[0], 'Open');
      await until(() => tasks.querySelector<HTMLElement>('[name="reason"]')?.matches(':focus'));
      const reason = tasks.querySelector<HTMLInputElement>('[name="reason"]')!;
      reason.value = 'solid';
      reason.dispatchEvent(new Event('input', { bubbles: true }));
    };
    tasks.noDraft = true;
    await enter();
    expect(drafts()).to.deep.equal([]);
    press(items(tasks)[0], 'Close');
    tasks.noDraft = false;
    await enter();
    expect(drafts()).to.have.length(1);
    const done = oneEvent(tasks, 'task-complete');
    tasks.querySelector<HTMLButtonElement>('form [value="true"]')!.click();
    await done;
    expect(drafts()).to.deep.equal([]);
  });

  it('finds tasks by what they are about, by who has them, and page by page', async () => {
    runtime.user = ada;
    const { tasks } = await page();
    tasks.filterable = true;
    tasks.pageSize = 2;
    for (const amount of [100, 200, 300]) await runtime.start('loan', { amount });
    await until(() => tasks.tasks?.length === 3 && items(tasks).length === 2);
    await expect(tasks).to.be.accessible();
    const root = tasks.shadowRoot!;
    const pages = (): HTMLElement | null => root.querySelector('[part="pages"]');
    expect(pages()!.textContent).to.contain('1–2 of 3');
    pages()!.querySelectorAll('button')[1]!.click();
    await until(() => items(tasks).length === 1);
    expect(pages()!.textContent).to.contain('3–3 of 3');
    const search = root.querySelector<HTMLInputElement>('input[type="search"]')!;
    const look = (words: string): void => {
      search.value = words;
      search.dispatchEvent(new Event('input'));
    };
    look('loan 200');
    await until(() => items(tasks).length === 1 && pages() === null);
    expect(tasks.tasks!.find((t) => t.id === items(tasks)[0]!.dataset['task'])!.data).to.deep.equal({ amount: 200 });
    press(items(tasks)[0], 'Take');
    await until(() => root.textContent!.includes('taken by you'));
    look('');
    const choice = root.querySelector('select')!;
    choice.value = 'mine';
    choice.dispatchEvent(new Event('change'));
    await until(() => items(tasks).length === 1 && items(tasks)[0]!.textContent!.includes('taken by you'));
    look('no such thing');
    await until(() => items(tasks).length === 0);
    expect(root.textContent).to.contain('No task matches');
  });

  it('shows a task whose form is missing, and says which to the developer', async () => {
    runtime.user = ada;
    const log = errorLog();
    const { button, tasks } = await page('formless');
    await button.run();
    await until(() => items(tasks).length === 1);
    press(items(tasks)[0], 'Open');
    await until(() => tasks.querySelector('form'));
    log.restore();
    expect(tasks.textContent).to.contain('not on this page');
    expect(log.lines[0]).to.contain('#nowhere').and.contain('formless');
  });

  it('starts a process with a key only once, and says so', async () => {
    runtime.user = ada;
    const { button } = await page();
    button.businessKey = "'K-' & $string(amount)";
    button.startOnce = true;
    const first = await button.run();
    const second = await button.run();
    expect(second.instance!.id).to.equal(first.instance!.id);
    await button.updateComplete;
    expect(statusOf(button)).to.contain('already running').and.contain('K-500');
    expect(first.instance!.view.startedBy).to.equal('ada');
  });

  it('a process button refuses a microflow, with the element that runs it', async () => {
    const log = errorLog();
    runtime.define({ flow: 'quick', kind: 'microflow', activities: [{ id: 'A', type: 'route' }] });
    const { button } = await page('quick');
    const outcome = await button.run();
    log.restore();
    expect(outcome.status === 'failed' && outcome.error.message).to.contain('<flow-button flow="quick">');
  });

  it('a process button warns that it never blocks, once', async () => {
    const warned: unknown[] = [];
    const original = console.warn;
    console.warn = (...args: unknown[]) => void warned.push(args[0]);
    try {
      for (let i = 0; i < 2; i++)
        await fixture(html`<process-button process="loan" screen-blocking>Go</process-button>`);
    } finally {
      console.warn = original;
    }
    expect(warned.filter((w) => String(w).includes('never blocks'))).to.have.length(1);
  });
});
