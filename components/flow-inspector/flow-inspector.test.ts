import { expect, fixture, html } from '@open-wc/testing';
import { deleteDB } from 'idb';
import { until } from '../../test/browser/button-page.js';
import { runtime, type FlowDefinition } from '../../src/runtime/index.js';
import './define.js';
import type { FlowInspector } from './define.js';

const order: FlowDefinition = {
  flow: 'order',
  title: 'Order',
  kind: 'process',
  input: { sum: { type: 'number' } },
  variables: { paid: { initial: false } },
  roles: { boss: {} },
  activities: [
    { id: 'Approve', type: 'user', role: 'boss', output: { paid: 'true' } },
    { id: 'Pay', type: 'service', implementation: { ref: 'pay' } },
    { id: 'No', type: 'route' },
  ],
  connectors: [
    { id: 'c1', from: 'Approve', to: 'Pay', condition: 'paid' },
    { id: 'c2', from: 'Approve', to: 'No', default: true },
  ],
};

describe('flow-inspector', () => {
  const database = `inspector-${crypto.randomUUID()}`;
  let broken = true;

  before(() => {
    runtime.configure({ database });
    runtime.define(order);
    runtime.implement('pay', () => {
      if (broken) throw Object.assign(new Error('the bank is closed'), { code: 'Closed', retryable: false });
      return null;
    });
  });
  after(async () => {
    await runtime.close();
    await deleteDB(database);
  });

  const shown = (element: FlowInspector): string => element.shadowRoot!.textContent!.replaceAll(/\s+/g, ' ');
  const labels = (element: FlowInspector): (string | null)[] =>
    [...element.shadowRoot!.querySelectorAll('.node')].map((n) => n.getAttribute('aria-label'));
  const press = (element: FlowInspector, name: string): void =>
    [...element.shadowRoot!.querySelectorAll('button')].find((b) => b.textContent!.trim().startsWith(name))!.click();

  it('says why an instance waits, shows it on the graph, and follows it to a failure and out of it', async () => {
    const { id } = await runtime.start('order', { sum: 3 });
    const element = await fixture<FlowInspector>(html`<flow-inspector .instance=${id}></flow-inspector>`);
    await until(() => shown(element).includes('Waits for a person with role "boss" for "Approve"'));
    expect(labels(element)).to.include('Approve: ready');
    expect(labels(element)).to.include('Pay: not started');
    await expect(element).to.be.accessible();

    await runtime.complete((await runtime.tasks(undefined))[0]!.id);
    await until(() => shown(element).includes('Stopped at "Pay": Closed: the bank is closed'));
    await until(() => labels(element).includes('Pay: failed'));
    expect(labels(element)).to.include('No: skipped');
    const way = (connector: string): string =>
      element.shadowRoot!.querySelector(`[data-connector=${connector}]`)!.textContent!;
    expect(way('c1')).to.include('paid, taken');
    expect(way('c2')).to.include('else, not taken');

    broken = false;
    press(element, 'Try again');
    await until(() => shown(element).includes('Done: '));
    await until(() => labels(element).includes('Pay: completed'));
  });

  it('goes back in time: states and variables of every step', async () => {
    broken = false;
    const { id } = await runtime.start('order', { sum: 3 });
    await runtime.complete((await runtime.tasks(undefined)).find((t) => t.instance === id)!.id);
    await until(async () => (await runtime.instances({ status: 'completed' })).some((v) => v.id === id));
    const element = await fixture<FlowInspector>(html`<flow-inspector .instance=${id}></flow-inspector>`);
    await until(() => labels(element).includes('Pay: completed'));
    press(element, 'Steps');
    await until(() => element.shadowRoot!.querySelector('.step') !== null);
    element.shadowRoot!.querySelector<HTMLElement>('.step')!.click();
    press(element, 'Data');
    await until(() => /paid( \(written now\))? false/.test(shown(element)));
    press(element, 'Graph');
    await until(() => labels(element).includes('Pay: not started'));
  });

  it('shows where the time went: a row for every run, with its attempts', async () => {
    broken = false;
    const { id } = await runtime.start('order', { sum: 3 });
    const element = await fixture<FlowInspector>(html`<flow-inspector .instance=${id}></flow-inspector>`);
    await until(() => labels(element).includes('Approve: ready'));
    press(element, 'Timeline');
    const rows = (): string[] =>
      [...element.shadowRoot!.querySelectorAll('.timeline tbody tr')].map((r) =>
        r.querySelector('th')!.textContent!.replaceAll(/\s+/g, ' ').trim(),
      );
    await until(() => rows().length === 1);
    expect(rows()).to.deep.equal(['Approve ready']);
    expect(element.shadowRoot!.querySelector('.timeline rect')!.getAttribute('class')).to.equal('waiting');
    await expect(element).to.be.accessible();
    await runtime.complete((await runtime.tasks(undefined)).find((t) => t.instance === id)!.id);
    await until(() => rows().some((r) => r === 'Pay completed'));
    press(element, 'Approve');
    await until(() => element.shadowRoot!.querySelector('h3')?.textContent === 'Approve');
  });

  it('draws its sequence diagram with a style sheet that a strict Content Security Policy allows', async () => {
    const { id } = await runtime.start('order', { sum: 3 });
    const element = await fixture<FlowInspector>(html`<flow-inspector .instance=${id}></flow-inspector>`);
    await until(() => labels(element).includes('Approve: ready'));
    press(element, 'Sequence');
    await until(() => element.shadowRoot!.querySelector('.sequence svg') !== null);
    expect(element.shadowRoot!.querySelector('.sequence style')).to.equal(null);
    const message = element.shadowRoot!.querySelector('.sequence .message')!;
    expect(getComputedStyle(message).fill).to.equal('none');
    expect(getComputedStyle(message).stroke).to.not.equal('none');
    await runtime.cancel(id);
  });

  it('can be used with the keyboard alone: an activity says what happened to it', async () => {
    const { id } = await runtime.start('order', { sum: 3 });
    const element = await fixture<FlowInspector>(html`<flow-inspector .instance=${id}></flow-inspector>`);
    await until(() => labels(element).includes('Approve: ready'));
    const node = [...element.shadowRoot!.querySelectorAll<SVGElement>('.node')].find((n) =>
      n.getAttribute('aria-label')!.startsWith('Approve'),
    )!;
    node.focus();
    node.dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter', bubbles: true }));
    await until(() => element.shadowRoot!.querySelector('h3')?.textContent === 'Approve');
    expect(shown(element)).to.include('user, ready');
    await runtime.cancel(id);
    await until(() => shown(element).includes('Cancelled'));
  });
});
