import { expect, fixture, html, oneEvent } from '@open-wc/testing';
import { errorLog, until } from '../../test/browser/button-page.js';
import { ada, buttonOf, eve, items, loan, page, press, withLoans } from '../../test/browser/loan-page.js';
import { Runtime, runtime } from '../../src/runtime/index.js';
import type { ProcessTasks } from '../process-tasks/process-tasks.js';

describe('task-form', () => {
  const database = withLoans();

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
    const verdict = form.elements.namedItem('verdict') as HTMLSelectElement;
    expect(verdict.getAttribute('aria-invalid'), 'nobody has tried yet').to.equal('false');
    submit.click();
    expect(form.checkValidity(), 'the verdict is required').to.equal(false);
    expect(verdict.getAttribute('aria-invalid'), 'the browser says so now').to.equal(null);
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
    expect(form.querySelector('[role="alert"]')!.textContent).to.equal('This task has been taken by eve.');
    expect(reason.value).to.equal('mine');
  });

  it('names a field by its caption, and describes it by its hint', async () => {
    runtime.user = ada;
    const { button, tasks } = await page('by-schema');
    await button.run();
    await until(() => items(tasks).length === 1);
    press(items(tasks)[0], 'Open');
    await until(() => tasks.querySelector('form'));
    const limit = tasks.querySelector('form')!.elements.namedItem('limit') as HTMLInputElement;
    const wordsOf = (attribute: string): string | undefined =>
      document.getElementById(limit.getAttribute(attribute) ?? '')?.textContent ?? undefined;
    expect(wordsOf('aria-labelledby')).to.equal('Limit');
    expect(wordsOf('aria-describedby')).to.equal('In whole euros');
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

  it('keeps what is entered the moment the form is there, before it knows who does it', async () => {
    runtime.user = ada;
    const { button, tasks } = await page('by-schema');
    await button.run();
    await until(() => items(tasks).length === 1);
    const element = document.createElement('task-form');
    element.noClaim = true;
    element.task = tasks.tasks![0];
    document.body.append(element);
    new MutationObserver((_, look) => {
      look.disconnect();
      const remark = element.form!.elements.namedItem('remark') as HTMLTextAreaElement;
      remark.value = 'quick';
      remark.dispatchEvent(new Event('input', { bubbles: true }));
    }).observe(element, { childList: true });
    await until(() => JSON.stringify(localStorage).includes('quick'));
    element.remove();
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
});
