import { expect, fixture, html } from '@open-wc/testing';
import { runtime, type FlowDefinition, type InstanceView } from '../../src/runtime/index.js';
import { until } from '../../test/browser/button-page.js';
import {
  act,
  bankedRuntime,
  completeTaskOf,
  labels,
  order,
  press,
  shown,
  told,
} from '../../test/browser/inspected-page.js';
import './define.js';
import type { FlowInspector } from './define.js';
import type { InspectedSource } from './source.js';

describe('interventions that flow-inspector asks for', () => {
  const bank = bankedRuntime();
  const form = (element: FlowInspector): HTMLFormElement | null => element.shadowRoot!.querySelector('form.act');
  const inspect = (id: string): Promise<FlowInspector> =>
    fixture<FlowInspector>(html`<flow-inspector .instance=${id}></flow-inspector>`);

  it('keeps who handed a task over, who did it for somebody, and why', async () => {
    const { id } = await runtime.start('order', { sum: 3 });
    const element = await inspect(id);
    await until(() => shown(element).includes('Waits for a person'));
    await act(element, 'Hand over', { who: 'ada', to: 'grace', why: 'Alan is ill.' });
    await until(() => shown(element).includes('(taken by grace)'));
    press(element, 'Steps');
    await until(() => shown(element).includes('claim for grace by ada (Alan is ill.)'));
    await act(element, 'Complete a task', { who: 'grace', why: 'On the telephone.' });
    await until(() => shown(element).includes('complete by grace (On the telephone.)'));
  });

  it('keeps who sent a message and why', async () => {
    const { id } = await runtime.start('listening', {});
    const element = await inspect(id);
    await until(() => shown(element).includes('the message "paid"'));
    await act(element, 'Send a message', { who: 'ada', why: 'Seen at the bank.' });
    press(element, 'Steps');
    await until(() => shown(element).includes('message by ada (Seen at the bank.)'));
  });

  it('does not do to another task what was asked for one that is done meanwhile, and says so', async () => {
    const both: FlowDefinition = {
      flow: 'both',
      kind: 'process',
      roles: { clerk: {} },
      activities: [
        { id: 'A', type: 'user', role: 'clerk' },
        { id: 'B', type: 'user', role: 'clerk' },
      ],
    };
    runtime.define(both);
    const { id } = await runtime.start('both', {});
    const element = await inspect(id);
    await until(() => labels(element).includes('A: ready') && labels(element).includes('B: ready'));
    press(element, 'Complete a task');
    await until(() => form(element) !== null);
    await completeTaskOf(id);
    await until(() => shown(element).includes('The instance has gone on since this was opened'));
    (form(element)!.elements.namedItem('who') as HTMLInputElement).value = 'ada';
    form(element)!.requestSubmit();
    await until(() => told(element) !== '');
    expect(told(element)).to.include('has been done or withdrawn meanwhile');
    expect((await runtime.instance(id))!.view.tasks.length).to.equal(1);
  });

  it('says that an activity cannot be skipped any more, and that an instance is over', async () => {
    bank.isClosed = true;
    const { id } = await runtime.start('order', { sum: 3 });
    await completeTaskOf(id);
    const element = await inspect(id);
    await until(() => shown(element).includes('Stopped at "Pay"'));
    press(element, 'Skip');
    await until(() => form(element) !== null);
    bank.isClosed = false;
    await runtime.retry(id);
    await until(() => shown(element).includes('it is completed now'));
    const answer = (values: Readonly<Record<string, string>>): void => {
      for (const [name, value] of Object.entries(values))
        (form(element)!.elements.namedItem(name) as HTMLInputElement).value = value;
      form(element)!.requestSubmit();
    };
    answer({ who: 'ada', why: 'Paid by hand.' });
    await until(() => told(element).includes('The instance has gone on meanwhile'));
  });

  it('shows what moving to another version would do, refuses what has no place there, and moves', async () => {
    const before: FlowDefinition = { ...order, flow: 'moving', version: '1' };
    const without: FlowDefinition = {
      ...before,
      version: '2',
      activities: [{ id: 'Allow', type: 'user', role: 'boss' }, ...before.activities.slice(1)],
      connectors: [{ id: 'c1', from: 'Allow', to: 'Pay' }],
    };
    runtime.define(before);
    const { id } = await runtime.start('moving', { sum: 3 });
    const element = await inspect(id);
    await until(() => shown(element).includes('Waits for a person'));
    press(element, 'Other version');
    await until(() => shown(element).includes('The instance has this definition already'));
    await expect(element).to.be.accessible();
    press(element, 'Leave it');
    await until(() => form(element) === null);
    runtime.define({ ...without, activities: without.activities.filter((a) => a.id !== 'No') });
    press(element, 'Other version');
    await until(() => shown(element).includes('It cannot be moved'));
    expect(shown(element)).to.include('MIGRATE-ACTIVITY: "Approve" is under way and does not exist');
    const field = form(element)!.elements.namedItem('activities') as HTMLTextAreaElement;
    field.value = '{"Approve": "Allow"}';
    field.dispatchEvent(new InputEvent('input'));
    await until(() => shown(element).includes('"Approve" becomes "Allow"'));
    expect((await runtime.instance(id))!.view.version).to.equal('1');
    (form(element)!.elements.namedItem('who') as HTMLInputElement).value = 'ada';
    (form(element)!.elements.namedItem('why') as HTMLInputElement).value = 'New rules.';
    form(element)!.requestSubmit();
    await until(() => form(element) === null);
    await until(() => labels(element).includes('Allow: ready'));
    const moved = (await runtime.history(id)).map((r) => r.event).find((e) => e.type === 'migrated');
    expect(moved).to.include({ by: 'ada', reason: 'New rules.' });
  });

  it('leaves a form open that somebody opened before the list of instances had come', async () => {
    const { id } = await runtime.start('order', { sum: 3 });
    let isListed = false;
    let list = (): void => {};
    const listed = new Promise<void>((resolve) => (list = resolve));
    let tell: (view: InstanceView) => void = () => {};
    const source: InspectedSource = {
      instances: async () => {
        await listed;
        const all = await runtime.instances();
        isListed = true;
        return all;
      },
      history: (instance) => runtime.history(instance),
      flowOf: (instance) => runtime.flowOf(instance),
      watch: async (listener) => ((tell = listener), () => {}),
      acting: runtime,
    };
    const element = await fixture<FlowInspector>(
      html`<flow-inspector .instance=${id} .source=${source}></flow-inspector>`,
    );
    const { view } = (await runtime.instance(id))!;
    await until(() => (tell(view), labels(element).includes('Approve: ready')));
    press(element, 'Cancel');
    await until(() => form(element) !== null);
    list();
    await until(() => isListed);
    // What was listed is shown after it has been taken in.
    await new Promise((resolve) => requestAnimationFrame(resolve));
    await element.updateComplete;
    expect(form(element)).not.to.equal(null);
  });
});
