import { expect, fixture, html, oneEvent } from '@open-wc/testing';
import { deleteDB } from 'idb';
import { runtime, type FlowDefinition } from '../../src/runtime/index.js';
import '../process-button/define.js';
import type { ProcessButton } from '../process-button/process-button.js';
import './define.js';
import type { ProcessTasks } from './process-tasks.js';

const loan: FlowDefinition = {
  flow: 'loan',
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
      form: '#decision',
      input: { amount: 'amount' },
      output: { approved: '$output.approved', reason: '$output.reason' },
    },
    { id: 'Finish', type: 'script', output: { state: "approved ? 'paid' : 'refused'" } },
  ],
  connectors: [{ id: 'c', from: 'Decide', to: 'Finish' }],
};

describe('process-button and process-tasks', () => {
  const database = `tasks-${crypto.randomUUID()}`;

  before(() => {
    runtime.configure({ database });
    runtime.define(loan);
  });
  after(async () => {
    await runtime.close();
    await deleteDB(database);
  });
  afterEach(async () => {
    for (const view of await runtime.instances())
      if (view.status === 'running') await (await runtime.instance(view.id))!.cancel();
  });

  async function page(): Promise<{ button: ProcessButton; tasks: ProcessTasks }> {
    const root = await fixture(
      html`<div>
        <template id="decision">
          <p>Amount: <b data-value="amount"></b></p>
          <label>Reason <input name="reason" required /></label>
          <button name="approved" value="true">Approve</button>
          <button name="approved" value="false">Refuse</button>
        </template>
        <process-button process="loan" input='{"amount": 500}'>Ask for a loan</process-button>
        <process-tasks flow="loan"></process-tasks>
      </div>`,
    );
    return { button: root.querySelector('process-button')!, tasks: root.querySelector('process-tasks')! };
  }

  async function until(holds: () => unknown): Promise<void> {
    while (!holds()) await new Promise((resolve) => setTimeout(resolve, 5));
  }
  const items = (tasks: ProcessTasks): HTMLElement[] => [...tasks.shadowRoot!.querySelectorAll<HTMLElement>('li')];
  const press = (item: HTMLElement, label: string): void =>
    [...item.querySelectorAll('button')].find((b) => b.textContent!.trim() === label)!.click();

  it('a started process puts a task on the list of whoever has the role, and its form completes it', async () => {
    runtime.user = { id: 'ada', roles: ['approver'] };
    const { button, tasks } = await page();
    setTimeout(() => button.button!.click());
    const { detail } = await oneEvent(button, 'flow-started');
    expect(button.textContent).to.contain('continues by itself');
    await until(() => items(tasks).length === 1);
    await expect(tasks).to.be.accessible();
    press(items(tasks)[0]!, 'Open');
    await until(() => tasks.querySelector('form'));
    const form = tasks.querySelector('form')!;
    expect(form.querySelector('b')!.textContent).to.equal('500');
    (form.elements.namedItem('reason') as HTMLInputElement).value = 'solid';
    form.querySelector<HTMLButtonElement>('[value="true"]')!.click();
    const end = await detail.instance.done;
    expect(end.variables).to.include({ approved: true, reason: 'solid', state: 'paid' });
    await until(() => items(tasks).length === 0 && tasks.shadowRoot!.textContent!.includes('Nothing to do'));
  });

  it('somebody without the role sees nothing', async () => {
    runtime.user = { id: 'bob', roles: ['clerk'] };
    const { button, tasks } = await page();
    await button.run();
    await until(() => tasks.tasks !== undefined);
    await tasks.refresh();
    expect(items(tasks)).to.have.length(0);
    runtime.user = { id: 'ada', roles: ['approver'] };
    await until(() => items(tasks).length === 1);
  });

  it('a task that one has taken can be done by that one only, until it is given back', async () => {
    runtime.user = { id: 'ada', roles: ['approver'] };
    const { button, tasks } = await page();
    await button.run();
    await until(() => items(tasks).length === 1);
    press(items(tasks)[0]!, 'Take');
    await until(() => items(tasks)[0]!.textContent!.includes('taken by you'));
    runtime.user = { id: 'eve', roles: ['approver'] };
    await until(() => items(tasks)[0]?.textContent!.includes('taken by ada'));
    expect(items(tasks)[0]!.querySelector('button')).to.equal(null);
    runtime.user = { id: 'ada', roles: ['approver'] };
    await until(() => items(tasks)[0]?.textContent!.includes('taken by you'));
    press(items(tasks)[0]!, 'Give back');
    await until(() => !items(tasks)[0]!.textContent!.includes('taken'));
  });

  it('a process button warns that it never blocks, once', async () => {
    const warned: unknown[] = [];
    const original = console.warn;
    console.warn = (...args: unknown[]) => void warned.push(args[0]);
    try {
      await fixture(html`<process-button process="loan" screen-blocking>Go</process-button>`);
    } finally {
      console.warn = original;
    }
    expect(warned.filter((w) => String(w).includes('never blocks'))).to.have.length(1);
  });
});
