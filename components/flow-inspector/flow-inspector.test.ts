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

const boxed: FlowDefinition = {
  flow: 'boxed',
  kind: 'process',
  roles: { clerk: {} },
  activities: [
    { id: 'Before', type: 'script' },
    { id: 'Look', type: 'user', role: 'clerk' },
  ],
  connectors: [{ id: 'c1', from: 'Before', to: 'Look' }],
  subflows: { Box: { activities: ['Look'] } },
};

/** Two parallel ways run the last activity twice. */
const doubtful: FlowDefinition = {
  flow: 'doubtful',
  kind: 'process',
  activities: [
    { id: 'S', type: 'script', split: 'and' },
    { id: 'A', type: 'script' },
    { id: 'B', type: 'script' },
    { id: 'J', type: 'script', join: 'xor' },
  ],
  connectors: [
    { id: 'c1', from: 'S', to: 'A' },
    { id: 'c2', from: 'S', to: 'B' },
    { id: 'c3', from: 'A', to: 'J' },
    { id: 'c4', from: 'B', to: 'J' },
  ],
};

const listening: FlowDefinition = {
  flow: 'listening',
  kind: 'process',
  activities: [
    { id: 'Get', type: 'receive', message: { name: 'paid' } },
    { id: 'Then', type: 'receive', message: { name: 'shipped' } },
  ],
  connectors: [{ id: 'c1', from: 'Get', to: 'Then' }],
};

const joined: FlowDefinition = {
  ...doubtful,
  flow: 'joined',
  roles: { clerk: {} },
  activities: [
    { id: 'S', type: 'script', split: 'and' },
    { id: 'A', type: 'script' },
    { id: 'B', type: 'user', role: 'clerk' },
    { id: 'J', type: 'script', join: 'and' },
  ],
};

describe('flow-inspector', () => {
  const database = `inspector-${crypto.randomUUID()}`;
  let broken = true;

  before(() => {
    runtime.configure({ database });
    runtime.define(order, boxed, doubtful, joined, listening);
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

  /** Chooses an act, answers what it asks, and does it. */
  async function act(
    element: FlowInspector,
    name: string,
    answers: Readonly<Record<string, string>> = {},
  ): Promise<void> {
    press(element, name);
    const form = (): HTMLFormElement | null => element.shadowRoot!.querySelector('form.act');
    await until(() => form() !== null);
    for (const [field, value] of Object.entries(answers))
      (form()!.elements.namedItem(field) as HTMLInputElement).value = value;
    form()!.requestSubmit();
    await until(() => form() === null || form()!.querySelector('[role=alert]') !== null);
  }
  const told = (element: FlowInspector): string =>
    element.shadowRoot!.querySelector('form.act [role=alert]')?.textContent ?? '';

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
    await act(element, 'Try again', { who: 'ada', why: 'It is open again.' });
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
    expect(element.shadowRoot!.querySelector('.sequence svg')!.getAttribute('aria-label')).to.include(
      'asks role boss: Approve',
    );
    await expect(element).to.be.accessible();
    press(element, 'As defined');
    await until(() => element.shadowRoot!.querySelector('.sequence title')?.textContent === 'Order: sequence');
    await expect(element).to.be.accessible();
    await runtime.cancel(id);
  });

  it('can be used with the keyboard alone: along the connectors, with what their conditions gave, to what happened', async () => {
    const { id } = await runtime.start('order', { sum: 3 });
    await runtime.complete((await runtime.tasks(undefined)).find((t) => t.instance === id)!.id);
    await until(async () => (await runtime.instances({ status: 'completed' })).some((v) => v.id === id));
    const element = await fixture<FlowInspector>(html`<flow-inspector .instance=${id}></flow-inspector>`);
    await until(() => labels(element).includes('Pay: completed'));
    const inside = element.shadowRoot!;
    const key = async (name: string): Promise<void> => {
      inside.activeElement?.dispatchEvent(new KeyboardEvent('keydown', { key: name, bubbles: true }));
      await element.updateComplete;
      await element.updateComplete;
    };
    const at = (): string | null | undefined => inside.activeElement?.getAttribute('aria-label');
    // The picture is made anew once, when the replay is loaded; whoever is in it then begins again.
    await until(async () => {
      inside.querySelector<SVGElement>('[data-activity=Approve]')!.focus();
      await key('ArrowRight');
      return at() === 'From Approve to Pay: paid, taken';
    });
    await until(() => inside.querySelector('.facts')!.textContent!.includes('was true'));
    expect(inside.querySelector('.facts')!.textContent!.replaceAll(/\s+/g, ' ')).to.include(
      'paid was true (paid = true)',
    );
    await key('ArrowDown');
    await until(() => at() === 'From Approve to No: else, not taken');
    await key('ArrowUp');
    await key('ArrowRight');
    expect(inside.querySelectorAll('.graph [tabindex="0"]').length).to.equal(1);
    await key('Enter');
    await until(() => inside.querySelector('h3')?.textContent === 'Pay');
    expect(shown(element)).to.include('service, completed');
  });

  it('shows lanes, hides what is inside a subflow, zooms, and gives the picture away as SVG', async () => {
    const { id } = await runtime.start('boxed', {});
    const element = await fixture<FlowInspector>(html`<flow-inspector .instance=${id}></flow-inspector>`);
    await until(() => labels(element).includes('Look: ready'));
    const inside = element.shadowRoot!;
    press(element, 'Lanes');
    await until(() => inside.querySelectorAll('.lane').length === 2);
    await expect(element).to.be.accessible();
    const toggle = (): Element => inside.querySelector('.toggle')!;
    expect(toggle().getAttribute('aria-expanded')).to.equal('true');
    toggle().dispatchEvent(new MouseEvent('click', { bubbles: true }));
    await until(() => !labels(element).some((l) => l!.startsWith('Look')));
    press(element, 'Where it stands');
    await until(() => inside.activeElement?.getAttribute('data-activity') === 'Look');

    const width = (): number => inside.querySelector('.graph')!.clientWidth;
    const before = width();
    press(element, '+');
    await until(() => width() > before);

    const { pictureOf, textOf } = await import('./picture.js');
    const { graphStyles } = await import('./graph-styles.js');
    const picture = textOf(pictureOf(inside.querySelector<SVGElement>('.graph')!, graphStyles.cssText));
    const parsed = new DOMParser().parseFromString(picture, 'image/svg+xml');
    expect(parsed.querySelector('parsererror')).to.equal(null);
    expect(parsed.documentElement.textContent).to.include('Look');
    expect(picture).not.to.match(/var\(|tabindex|<!--/);
    await runtime.cancel(id);
  });

  it('prints the picture on a page of its own, with a style sheet that a strict CSP allows', async () => {
    const { id } = await runtime.start('boxed', {});
    const element = await fixture<FlowInspector>(html`<flow-inspector .instance=${id}></flow-inspector>`);
    await until(() => labels(element).includes('Look: ready'));
    const { pictureOf, print } = await import('./picture.js');
    const { graphStyles } = await import('./graph-styles.js');
    let printed: Document | undefined;
    print(pictureOf(element.shadowRoot!.querySelector<SVGElement>('.graph')!, graphStyles.cssText), (page) => {
      printed = page.document;
      expect(printed.querySelector('style')).to.equal(null);
      expect(printed.defaultView!.getComputedStyle(printed.querySelector('.way .line')!).fill).to.equal('none');
      page.dispatchEvent(new Event('afterprint'));
    });
    expect(printed!.querySelector('svg')!.textContent).to.include('Look');
    expect(document.querySelector('iframe[title="Picture to print"]')).to.equal(null);
    await runtime.cancel(id);
  });

  it('says what the compiler finds, and shows on the graph where', async () => {
    const { id } = await runtime.start('doubtful', {});
    const element = await fixture<FlowInspector>(html`<flow-inspector .instance=${id}></flow-inspector>`);
    await until(() => element.shadowRoot!.querySelector('.faults button') !== null);
    press(element, '! FLOW-E302');
    await until(() => element.shadowRoot!.querySelector('.node.blamed') !== null);
    expect(element.shadowRoot!.querySelectorAll('.node.witness').length).to.be.greaterThan(0);
    expect(element.shadowRoot!.querySelectorAll('.way.witness').length).to.be.greaterThan(0);
    await expect(element).to.be.accessible();
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

  it('says at a join how many of its ways have come', async () => {
    const { id } = await runtime.start('joined', {});
    const element = await fixture<FlowInspector>(html`<flow-inspector .instance=${id}></flow-inspector>`);
    await until(() => labels(element).includes('J: ready, 1 of 2 ways in'));
    await runtime.cancel(id);
  });

  it('edits variables of a failed instance, goes on with them, and the journal keeps who did it and why', async () => {
    broken = true;
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
    broken = false;
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
    broken = true;
    const { id } = await runtime.start('order', { sum: 3 });
    await runtime.complete((await runtime.tasks(undefined)).find((t) => t.instance === id)!.id);
    const element = await fixture<FlowInspector>(html`<flow-inspector .instance=${id}></flow-inspector>`);
    await until(() => labels(element).includes('Pay: failed'));
    await until(() => shown(element).includes('Stopped at "Pay"'));
    await act(element, 'Skip', { who: 'ada', why: 'Paid by hand.', output: '{"ok": true}' });
    await until(() => shown(element).includes('Done: '));
    const skip = (await runtime.history(id)).map((r) => r.event).find((e) => e.type === 'skip');
    expect(skip).to.deep.include({ by: 'ada', reason: 'Paid by hand.', output: { ok: true } });
    broken = false;
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

  it('tells what every step evaluated, how it changed the variables, and what went in and came out', async () => {
    broken = false;
    const { id } = await runtime.start('order', { sum: 3 });
    await runtime.complete((await runtime.tasks(undefined)).find((t) => t.instance === id)!.id);
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

  it('shows instances from a file, which can only be looked at', async () => {
    broken = false;
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
