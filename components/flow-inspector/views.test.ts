import { expect, fixture, html } from '@open-wc/testing';
import { runtime } from '../../src/runtime/index.js';
import { until } from '../../test/browser/button-page.js';
import { bankedRuntime, completeTaskOf, labels, press, shown } from '../../test/browser/inspected-page.js';
import './define.js';
import type { FlowInspector } from './define.js';

describe('the views of flow-inspector beside its graph', () => {
  bankedRuntime();

  it('shows where the time went: a row for every run, with its attempts', async () => {
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
    await completeTaskOf(id);
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
    expect(element.shadowRoot!.querySelector('.sequence svg')!.getAttribute('aria-label')).to.include(
      'asks role boss: Approve',
    );
    await expect(element).to.be.accessible();
    press(element, 'As defined');
    await until(() => element.shadowRoot!.querySelector('.sequence title')?.textContent === 'Order: sequence');
    await expect(element).to.be.accessible();
    await runtime.cancel(id);
  });

  it('tells what every step evaluated, how it changed the variables, and what went in and came out', async () => {
    const { id } = await runtime.start('order', { sum: 3 });
    await completeTaskOf(id);
    await until(async () => (await runtime.instances({ status: 'completed' })).some((v) => v.id === id));
    const element = await fixture<FlowInspector>(html`<flow-inspector .instance=${id}></flow-inspector>`);
    await until(() => labels(element).includes('Pay: completed'));
    const step = (await runtime.history(id)).findIndex((r) => r.event.type === 'complete') + 1;
    press(element, 'Steps');
    await until(() => element.shadowRoot!.querySelectorAll('.steps .step').length > step);
    element.shadowRoot!.querySelectorAll<HTMLElement>('.steps .step')[step - 1]!.click();
    press(element, 'Data');
    await until(() => /Approve assignment paid true true/.test(shown(element)));
    expect(shown(element)).to.match(/c1 condition to Pay paid true/);
    await until(() => element.shadowRoot!.querySelector('.variables .was')?.textContent === 'false');
    expect(element.shadowRoot!.querySelector('.in-out')!.textContent).to.include('the instance');
    expect(shown(element)).to.include('The compiled XState machine');
    await expect(element).to.be.accessible();
  });

  it('shows the flow as code', async () => {
    const { id } = await runtime.start('order', { sum: 3 });
    const element = await fixture<FlowInspector>(html`<flow-inspector .instance=${id}></flow-inspector>`);
    await until(() => labels(element).includes('Approve: ready'));
    press(element, 'Code');
    await until(() => shown(element).includes('export const order'));
    press(element, 'Pseudo-code');
    await until(() => shown(element).includes('await boss do "Approve"()'));
    await expect(element).to.be.accessible();
    await runtime.cancel(id);
  });
});
