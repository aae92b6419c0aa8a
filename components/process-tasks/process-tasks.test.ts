import { expect, fixture, html, oneEvent } from '@open-wc/testing';
import { until } from '../../test/browser/button-page.js';
import { ada, eve, items, page, press, statusOf, withLoans } from '../../test/browser/loan-page.js';
import { runtime } from '../../src/runtime/index.js';
import type { ProcessTasks } from './process-tasks.js';

describe('process-tasks', () => {
  withLoans();

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
    const said = (): string => root.querySelector('[role="status"]')!.textContent!;
    expect(said(), 'nobody has looked for anything').to.equal('');
    pages()!.querySelectorAll('button')[1]!.click();
    await until(() => items(tasks).length === 1);
    expect(pages()!.textContent).to.contain('3–3 of 3');
    expect(said()).to.equal('3–3 of 3');
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
    expect(root.querySelector('[part="empty"]')!.textContent).to.equal('No task matches.');
    expect(said()).to.equal('No task matches.');
  });
});
