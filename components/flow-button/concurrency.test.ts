import { expect, oneEvent } from '@open-wc/testing';
import { buttonPage, double, gate, until } from '../../test/browser/button-page.js';
import { runtime } from '../../src/runtime/index.js';
import './define.js';

describe('a second press', () => {
  before(() => runtime.define(double));

  it('is dropped by default, however quick', async () => {
    const flow = gate();
    const { element, button } = await buttonPage();
    const heard: string[] = [];
    button.addEventListener('click', () => heard.push('click'));
    button.click();
    button.click();
    expect(await element.run()).to.deep.equal({ status: 'dropped', reason: 'busy' });
    await until(() => flow.asked.length === 1);
    flow.open();
    await oneEvent(element, 'flow-complete');
    expect(flow.asked).to.have.length(1);
    expect(heard, 'listeners of the page do not hear a press that does nothing').to.have.length(1);
  });

  it('waits with concurrency="queue", with what the form held when it was made', async () => {
    const flow = gate();
    const { element, button, field } = await buttonPage({ concurrency: 'queue' });
    button.click();
    field.value = '5';
    button.click();
    expect(element.matches(':state(queued)')).to.equal(true);
    field.value = '6';
    await until(() => flow.asked.length === 1);
    flow.open();
    await until(() => flow.asked.length === 2);
    expect(element.matches(':state(running)')).to.equal(true);
    flow.open();
    await oneEvent(element, 'flow-complete');
    expect(flow.asked).to.deep.equal([4, 5]);
  });

  it('replaces the first with concurrency="replace"', async () => {
    const flow = gate();
    const { element, button, field, result } = await buttonPage({ concurrency: 'replace' });
    button.click();
    await until(() => flow.asked.length === 1);
    field.value = '7';
    button.click();
    await until(() => flow.asked.length === 2);
    expect(flow.aborted).to.equal(1);
    flow.open();
    await oneEvent(element, 'flow-complete');
    expect(result.value).to.equal('14');
  });

  it('runs beside the first with concurrency="allow", and both answers are written', async () => {
    const flow = gate();
    const { element, button, field, result } = await buttonPage({ concurrency: 'allow' });
    button.click();
    field.value = '8';
    button.click();
    await until(() => flow.asked.length === 2);
    expect(button.hasAttribute('aria-disabled')).to.equal(false);
    let ended = 0;
    element.addEventListener('flow-complete', () => ended++);
    flow.open();
    await until(() => ended === 2);
    expect(result.value).to.equal('16');
    expect(element.isBusy).to.equal(false);
  });

  it('of another button is nobody else’s business', async () => {
    const flow = gate();
    const first = await buttonPage();
    const second = await buttonPage();
    first.button.click();
    second.button.click();
    await until(() => flow.asked.length === 2);
    flow.open();
    await until(() => !first.element.isBusy && !second.element.isBusy);
  });
});
