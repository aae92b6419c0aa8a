import { expect, fixture, html, oneEvent } from '@open-wc/testing';
import { deleteDB } from 'idb';
import { until } from '../../test/browser/button-page.js';
import { runtime, type FlowDefinition } from '../../src/runtime/index.js';
import './define.js';
import '../process-button/define.js';
import type { ProcessButton } from '../process-button/process-button.js';
import type { ProcessStatus } from './process-status.js';

const claim: FlowDefinition = {
  flow: 'claim',
  title: 'Claim',
  kind: 'process',
  input: { sum: { type: 'number' } },
  output: { paid: 'sum' },
  roles: { claimant: {}, clerk: {} },
  activities: [
    { id: 'Describe', name: 'Describe the damage', type: 'user', role: 'claimant', due: 'P1D' },
    { id: 'Check', name: 'Check the claim', type: 'user', role: 'clerk' },
    { id: 'Book', type: 'script', output: { booked: 'true' } },
    { id: 'Expert', name: 'Ask an expert', type: 'user', role: 'clerk' },
  ],
  connectors: [
    { id: 'c1', from: 'Describe', to: 'Check' },
    { id: 'c2', from: 'Check', to: 'Book' },
    { id: 'c3', from: 'Check', to: 'Expert', condition: 'sum > 1000' },
  ],
};

describe('process-status, and the first task in place', () => {
  const database = `status-${crypto.randomUUID()}`;

  before(() => {
    runtime.configure({ database });
    runtime.define(claim);
  });
  after(async () => {
    await runtime.close();
    await deleteDB(database);
  });
  beforeEach(() => (runtime.user = { id: 'casey', roles: ['claimant', 'clerk'] }));
  afterEach(async () => {
    for (const view of await runtime.instances()) if (view.status === 'running') await runtime.cancel(view.id);
  });

  const status = (attributes: Partial<ProcessStatus>): Promise<ProcessStatus> =>
    fixture(
      html`<process-status
        .instance=${attributes.instance}
        .process=${attributes.process}
        .businessKey=${attributes.businessKey}
        ?cancelable=${attributes.cancelable}
      ></process-status>`,
    );
  const stepsOf = (element: ProcessStatus): string[] =>
    [...element.shadowRoot!.querySelectorAll<HTMLElement>('li')].map(
      (li) => `${li.querySelector('.name')!.textContent} ${li.dataset['state']}`,
    );
  const stateOf = (element: ProcessStatus): string | undefined =>
    element.shadowRoot!.querySelector<HTMLElement>('[part="state"]')?.dataset['state'];

  it('shows what is done, what is going on and until when, what is to come, and the outcome', async () => {
    const instance = await runtime.start('claim', { sum: 500 });
    const element = await status({ instance: instance.id });
    await until(() => stepsOf(element)[0] === 'Describe the damage now');
    expect(stepsOf(element)).to.deep.equal(['Describe the damage now', 'Check the claim next', 'Ask an expert next']);
    expect(element.shadowRoot!.querySelector('[role="status"]')!.textContent, 'says what it is that runs').to.match(
      /Claim\s+running/,
    );
    expect(element.shadowRoot!.querySelector('[part="due"]')!.textContent).to.contain('due');
    await expect(element).to.be.accessible();
    await runtime.complete((await runtime.tasks())[0]!.id);
    await until(() => stepsOf(element)[1] === 'Check the claim now');
    expect(stepsOf(element)[0]).to.equal('Describe the damage done');
    await runtime.complete((await runtime.tasks())[0]!.id);
    await until(() => stateOf(element) === 'completed');
    expect(stepsOf(element)[2]).to.equal('Ask an expert skipped');
    expect(element.shadowRoot!.querySelector('[part="outcome"]')!.textContent).to.match(/paid\s*500/);
    await expect(element).to.be.accessible();
  });

  it('shows the outcome in the words of the page', async () => {
    const instance = await runtime.start('claim', { sum: 7 });
    const element = await fixture<ProcessStatus>(
      html`<process-status instance=${instance.id}
        ><p slot="outcome">Paid: <b data-value="paid"></b></p
      ></process-status>`,
    );
    for (let i = 0; i < 2; i++) await runtime.complete((await runtime.tasks())[0]!.id);
    await until(() => element.querySelector('b')!.textContent === '7');
  });

  it('finds the newest instance with a business key, also one that starts later', async () => {
    const element = await status({ process: 'claim', businessKey: 'K-1' });
    await until(() => element.shadowRoot!.textContent!.includes('nothing to show'));
    const other = await runtime.start('claim', { sum: 1 }, { key: 'K-2' });
    const mine = await runtime.start('claim', { sum: 1 }, { key: 'K-1' });
    await until(() => element.handle?.id === mine.id);
    expect(element.handle!.id).not.to.equal(other.id);
    expect(element.shadowRoot!.querySelector('[part="title"]')!.textContent).to.contain('K-1');
  });

  it('withdraws only after a yes', async () => {
    const instance = await runtime.start('claim', { sum: 1 });
    const element = await status({ instance: instance.id, cancelable: true });
    const button = async (): Promise<HTMLButtonElement> => {
      await until(() => element.shadowRoot!.querySelector('[part="withdraw"]'));
      return element.shadowRoot!.querySelector<HTMLButtonElement>('[part="withdraw"]')!;
    };
    const answer = async (words: string): Promise<void> => {
      const dialog = (): Element | null | undefined =>
        document.querySelector('millrace-question')?.shadowRoot?.firstElementChild;
      await until(() => dialog()?.textContent!.includes('Withdraw “Claim”?'));
      [...dialog()!.querySelectorAll('button')].find((b) => b.textContent!.trim() === words)!.click();
      await until(() => !dialog());
    };
    (await button()).click();
    await answer('Cancel');
    expect(instance.view.status).to.equal('running');
    (await button()).click();
    await answer('OK');
    await until(() => stateOf(element) === 'cancelled');
    expect(element.shadowRoot!.querySelector('[part="withdraw"]')).to.equal(null);
    expect(stepsOf(element).every((step) => step.endsWith(' dropped'))).to.equal(true);
    expect(element.shadowRoot!.textContent).to.contain('not done');
    expect(element.shadowRoot!.querySelector('[role="alert"]'), 'who has withdrawn it needs no alarm').to.equal(null);
  });

  it('says why somebody else has cancelled it, without an alarm', async () => {
    const instance = await runtime.start('claim', { sum: 1 });
    const element = await status({ instance: instance.id });
    await until(() => stateOf(element) === 'running');
    await instance.cancel('The branch is closed.');
    await until(() => stateOf(element) === 'cancelled');
    expect(element.shadowRoot!.querySelector('[part="error"]')!.textContent).to.equal('The branch is closed.');
    expect(element.shadowRoot!.querySelector('[role="alert"]')).to.equal(null);
  });

  it('says that an unknown instance is not there, and lets go when it leaves the page', async () => {
    const element = await status({ instance: 'no-such' });
    await until(() => element.shadowRoot!.textContent!.includes('nothing to show'));
    const instance = await runtime.start('claim', { sum: 1 });
    element.instance = instance.id;
    await oneEvent(element, 'status-change');
    element.remove();
    let isTold = false;
    element.addEventListener('status-change', () => (isTold = true));
    await runtime.cancel(instance.id);
    await until(() => instance.view.status === 'cancelled');
    expect(isTold).to.equal(false);
  });

  it('shows no other process while the one that is asked for is not there', async () => {
    const instance = await runtime.start('claim', { sum: 1 });
    const element = await status({ instance: instance.id });
    await until(() => stateOf(element) === 'running');
    element.instance = 'no-such';
    await until(() => element.shadowRoot!.textContent!.includes('nothing to show'));
    expect(element.handle).to.equal(undefined);
  });

  it('opens the first task of a started process in place, and gives the focus back when it is done', async () => {
    const form = await fixture<HTMLFormElement>(
      html`<form>
        <input name="sum" type="number" value="12" aria-label="Sum" />
        <process-button process="claim" open-first-task>Claim</process-button>
      </form>`,
    );
    const button = form.querySelector<ProcessButton>('process-button')!;
    setTimeout(() => button.button!.click());
    const { detail } = await oneEvent(button, 'task-open');
    expect(detail.task.name).to.equal('Describe the damage');
    const task = form.nextElementSibling!;
    expect(task.localName).to.equal('task-form');
    await until(() => task.contains(document.activeElement));
    expect(button.shadowRoot!.querySelector('[role="status"]')!.textContent).to.contain('Describe the damage');
    (document.activeElement as HTMLButtonElement).click();
    await until(() => !task.isConnected && button.matches(':focus-within, :focus'));
  });

  it('opens nothing when the first task is for somebody else', async () => {
    runtime.user = { id: 'bob', roles: [] };
    const place = await fixture<HTMLElement>(
      html`<div>
        <process-button process="claim" open-first-task="#place" input='{"sum": 3}'>Claim</process-button>
        <div id="place"></div>
      </div>`,
    );
    const button = place.querySelector<ProcessButton>('process-button')!;
    const outcome = await button.run();
    await until(() => outcome.instance!.view.tasks.length > 0);
    runtime.user = { id: 'casey', roles: ['claimant'] };
    const second = await button.run();
    await until(() => place.querySelector('#place task-form'));
    expect(place.querySelectorAll('task-form')).to.have.length(1);
    expect(place.querySelector('task-form')!.task!.instance).to.equal(second.instance!.id);
  });
});
