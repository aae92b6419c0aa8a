import { expect, fixture, html } from '@open-wc/testing';
import { runtime } from '../../src/runtime/index.js';
import { until } from '../../test/browser/button-page.js';
import { act, bankedRuntime, completeTaskOf, labels, press, shown, told } from '../../test/browser/inspected-page.js';
import './define.js';
import type { FlowInspector } from './define.js';

describe('acting on an instance in flow-inspector', () => {
  const bank = bankedRuntime();

  it('edits variables of a failed instance, goes on with them, and the journal keeps who did it and why', async () => {
    bank.isClosed = true;
    runtime.user = { id: 'casey', roles: ['boss'] };
    const { id } = await runtime.start('order', { sum: 3 });
    const task = (await runtime.tasks(undefined)).find((t) => t.instance === id)!;
    await runtime.send({ type: 'complete', task: task.id });
    const element = await fixture<FlowInspector>(html`<flow-inspector .instance=${id}></flow-inspector>`);
    await until(() => labels(element).includes('Pay: failed'));
    await until(() => shown(element).includes('Stopped at "Pay"'));
    press(element, 'Edit variables');
    await until(() => element.shadowRoot!.querySelector('form.act') !== null);
    await expect(element).to.be.accessible();
    press(element, 'Leave it');
    await until(() => element.shadowRoot!.querySelector('form.act') === null);

    await act(element, 'Edit variables', { variables: '{ "sum": 3,', why: 'x' });
    expect(told(element)).to.include('The field "variables" is not JSON');
    press(element, 'Leave it');
    await element.updateComplete;
    bank.isClosed = false;
    await act(element, 'Edit variables', { variables: '{ "sum": 4, "paid": true }', why: 'The bank asked for it.' });
    await until(() => shown(element).includes('Done: '));
    const retry = (await runtime.history(id)).map((r) => r.event).find((e) => e.type === 'retry');
    expect(retry).to.include({ by: 'casey', reason: 'The bank asked for it.' });
    expect(retry).to.deep.include({ variables: { sum: 4 } });
    press(element, 'Steps');
    await until(() => shown(element).includes('retry by casey (The bank asked for it.)'));
    runtime.user = undefined;
  });

  it('skips an activity with the output that somebody enters', async () => {
    bank.isClosed = true;
    const { id } = await runtime.start('order', { sum: 3 });
    await completeTaskOf(id);
    const element = await fixture<FlowInspector>(html`<flow-inspector .instance=${id}></flow-inspector>`);
    await until(() => labels(element).includes('Pay: failed'));
    await until(() => shown(element).includes('Stopped at "Pay"'));
    await act(element, 'Skip', { who: 'ada', why: 'Paid by hand.', output: '{"ok": true}' });
    await until(() => shown(element).includes('Done: '));
    const skip = (await runtime.history(id)).map((r) => r.event).find((e) => e.type === 'skip');
    expect(skip).to.deep.include({ by: 'ada', reason: 'Paid by hand.', output: { ok: true } });
    bank.isClosed = false;
  });

  it('hands a task over, and does it for whoever it waits for', async () => {
    const { id } = await runtime.start('order', { sum: 3 });
    const element = await fixture<FlowInspector>(html`<flow-inspector .instance=${id}></flow-inspector>`);
    await until(() => labels(element).includes('Approve: ready') && shown(element).includes('Waits for a person'));
    await act(element, 'Hand over', { who: 'ada', to: 'grace' });
    await until(() => shown(element).includes('(taken by grace)'));
    await act(element, 'Hand over', { who: 'ada', to: 'alan' });
    await until(() => shown(element).includes('(taken by alan)'));
    await act(element, 'Complete a task', { who: 'ada' });
    expect(told(element)).to.include('has been claimed by alan');
    press(element, 'Leave it');
    await element.updateComplete;
    await act(element, 'Complete a task', { who: 'alan', output: '{}' });
    await until(() => labels(element).includes('Pay: completed'));
  });

  it('sends the message that an instance waits for, and cancels one', async () => {
    const { id } = await runtime.start('listening', {});
    const element = await fixture<FlowInspector>(html`<flow-inspector .instance=${id}></flow-inspector>`);
    await until(() => shown(element).includes('the message "paid"'));
    await act(element, 'Send a message', { who: 'ada', data: '7' });
    await until(() => shown(element).includes('Waits for the message "shipped"'));
    await act(element, 'Cancel', { who: 'ada', why: 'Ordered twice.' });
    await until(() => shown(element).includes('Cancelled: '));
    expect(element.shadowRoot!.querySelector('.actions[aria-label="What can be done"]')).to.equal(null);
    const cancel = (await runtime.history(id)).map((r) => r.event).find((e) => e.type === 'cancel');
    expect(cancel).to.include({ by: 'ada', reason: 'Ordered twice.' });
  });
});
