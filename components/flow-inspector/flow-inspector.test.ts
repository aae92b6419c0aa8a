import { expect, fixture, html } from '@open-wc/testing';
import { runtime } from '../../src/runtime/index.js';
import { until } from '../../test/browser/button-page.js';
import {
  act,
  bankedRuntime,
  boxed,
  completeTaskOf,
  labels,
  order,
  press,
  shown,
} from '../../test/browser/inspected-page.js';
import './define.js';
import type { FlowInspector } from './define.js';

describe('flow-inspector', () => {
  const bank = bankedRuntime();

  it('says why an instance waits, shows it on the graph, and follows it to a failure and out of it', async () => {
    bank.isClosed = true;
    const { id } = await runtime.start('order', { sum: 3 });
    const element = await fixture<FlowInspector>(html`<flow-inspector .instance=${id}></flow-inspector>`);
    await until(() => shown(element).includes('Waits for a person with role "boss" for "Approve"'));
    expect(labels(element)).to.include('Approve: ready');
    expect(labels(element)).to.include('Pay: not started');
    await expect(element).to.be.accessible();

    await completeTaskOf(id);
    await until(() => shown(element).includes('Stopped at "Pay": Closed: the bank is closed'));
    await until(() => labels(element).includes('Pay: failed'));
    expect(labels(element)).to.include('No: skipped');
    const way = (connector: string): string =>
      element.shadowRoot!.querySelector(`[data-connector=${connector}]`)!.textContent!;
    expect(way('c1')).to.include('paid, taken');
    expect(way('c2')).to.include('else, not taken');

    bank.isClosed = false;
    await act(element, 'Try again', { who: 'ada', why: 'It is open again.' });
    await until(() => shown(element).includes('Done: '));
    await until(() => labels(element).includes('Pay: completed'));
  });

  it('goes back in time: states and variables of every step', async () => {
    const { id } = await runtime.start('order', { sum: 3 });
    await completeTaskOf(id);
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

  it('shows an instance on the flow that it runs, whatever has its name now', async () => {
    const { id } = await runtime.start('boxed', {});
    const renamed = { ...boxed, activities: boxed.activities.map((a) => ({ ...a, name: `New ${a.id}` })) };
    runtime.define(renamed);
    const element = await fixture<FlowInspector>(html`<flow-inspector .instance=${id}></flow-inspector>`);
    await until(() => labels(element).includes('Look: ready'));
    await runtime.cancel(id);
    runtime.define(boxed);
  });

  it('shows instances from a file, which can only be looked at', async () => {
    const { id } = await runtime.start('order', { sum: 3 });
    const view = (await runtime.instances({})).find((v) => v.id === id)!;
    const { exportedSource, exportInstance, readExported } = await import('../../src/inspect/exported.js');
    const file = exportInstance({ definition: order }, { ...view, id: 'from-a-file' }, await runtime.history(id), 1);
    const source = exportedSource(await readExported(JSON.stringify(file)));
    const element = await fixture<FlowInspector>(html`<flow-inspector .source=${source}></flow-inspector>`);
    await until(() => labels(element).includes('Approve: ready'));
    expect(element.instance).to.equal('from-a-file');
    expect(element.shadowRoot!.querySelectorAll('.entry').length).to.equal(1);
    expect(element.shadowRoot!.querySelector('.actions')).to.equal(null);
    await runtime.cancel(id);
  });
});
