import { expect, fixture, html } from '@open-wc/testing';
import { until } from '../../test/browser/button-page.js';
import { runtime, type FlowDefinition } from '../../src/runtime/index.js';
import './define.js';
import type { FlowGraph } from './define.js';

/** One of two ways is taken, and the join waits for both. */
const deadlocked: FlowDefinition = {
  flow: 'deadlocked',
  kind: 'microflow',
  activities: [
    { id: 'X', name: 'Decide', type: 'route', split: 'xor' },
    { id: 'A', name: 'Pack', type: 'script' },
    { id: 'B', name: 'Order', type: 'script' },
    { id: 'J', name: 'Ship', type: 'script', join: 'and' },
  ],
  connectors: [
    { id: 'xa', from: 'X', to: 'A', condition: 'inStock' },
    { id: 'xb', from: 'X', to: 'B', default: true },
    { id: 'aj', from: 'A', to: 'J' },
    { id: 'bj', from: 'B', to: 'J' },
  ],
};

const mended: FlowDefinition = {
  ...deadlocked,
  activities: deadlocked.activities.map((a) => (a.id === 'J' ? { ...a, join: 'or' as const } : a)),
};

describe('flow-graph', () => {
  const text = (element: FlowGraph): string => element.shadowRoot!.textContent!.replaceAll(/\s+/g, ' ');
  const fault = (element: FlowGraph): HTMLButtonElement | null => element.shadowRoot!.querySelector('.faults button');
  const marked = (element: FlowGraph, mark: string): (string | undefined)[] =>
    [...element.shadowRoot!.querySelectorAll<SVGElement>(`.${mark}`)].map(
      (n) => n.dataset['activity'] ?? n.dataset['connector'],
    );

  it('shows a flow that is refused, says why, and shows the way to its deadlock when that is chosen', async () => {
    const element = await fixture<FlowGraph>(
      html`<flow-graph docs="diagnostics.html" .definition=${deadlocked}></flow-graph>`,
    );
    await until(() => fault(element) !== null);
    expect(text(element)).to.contain('It cannot run: the compiler has found 1 error.').and.to.contain('FLOW-E301');
    expect(element.shadowRoot!.querySelector('.faults a')!.getAttribute('href')).to.equal('diagnostics.html#flow-e301');
    expect(marked(element, 'witness')).to.deep.equal([]);
    await expect(element).to.be.accessible();
    fault(element)!.click();
    await until(() => marked(element, 'blamed').length > 0);
    expect(marked(element, 'blamed')).to.include('J');
    expect(marked(element, 'witness')).to.include.members(['X', 'J']);
    expect(marked(element, 'witness').some((id) => id === 'xa' || id === 'xb')).to.equal(true);
    expect(text(element)).to.contain('The way to it: Decide →');
    await expect(element).to.be.accessible();
  });

  it('follows its author: the fault goes when it is mended, and the picture stays as it was zoomed', async () => {
    const element = await fixture<FlowGraph>(html`<flow-graph .definition=${deadlocked}></flow-graph>`);
    await until(() => fault(element) !== null);
    const width = (): string | null => element.shadowRoot!.querySelector('svg.graph')!.getAttribute('width');
    const before = width();
    [...element.shadowRoot!.querySelectorAll('button')].find((b) => b.textContent!.trim() === '+')!.click();
    await until(() => width() !== before);
    const zoomed = width();
    element.definition = mended;
    await until(() => text(element).includes('It can run.'));
    expect(fault(element)).to.equal(null);
    expect(width()).to.equal(zoomed);
  });

  it('shows what a connector points to that is not there', async () => {
    const connectors = mended.connectors!.map((c) => (c.id === 'bj' ? { ...c, to: 'Jj' } : c));
    const element = await fixture<FlowGraph>(html`<flow-graph .definition=${{ ...mended, connectors }}></flow-graph>`);
    await until(() => fault(element) !== null);
    expect(text(element)).to.contain('Did you mean "J"?').and.to.contain('Jj ?');
    fault(element)!.click();
    await until(() => marked(element, 'blamed').includes('bj'));
  });

  it('lists what is wrong with something that is no flow at all, and draws nothing', async () => {
    const element = await fixture<FlowGraph>(html`<flow-graph .definition=${{ flow: 'f' }}></flow-graph>`);
    await until(() => text(element).includes('FLOW-E100'));
    expect(element.shadowRoot!.querySelector('svg.graph')).to.equal(null);
  });

  it('shows a flow of the page by its name, and says so when there is none', async () => {
    runtime.define(mended);
    const element = await fixture<FlowGraph>(html`<flow-graph flow="deadlocked"></flow-graph>`);
    await until(() => element.shadowRoot!.querySelectorAll('.node').length === 4);
    element.flow = 'deadlock';
    await until(() => element.shadowRoot!.querySelector('[role=alert]') !== null);
    expect(text(element)).to.contain('Did you mean "deadlocked"?');
  });

  it('tells which part is chosen, and what it is', async () => {
    const element = await fixture<FlowGraph>(html`<flow-graph .definition=${mended}></flow-graph>`);
    await until(() => element.shadowRoot!.querySelectorAll('.node').length === 4);
    const chosen: unknown[] = [];
    element.addEventListener('graph-select', (event) => chosen.push(event.detail));
    element.shadowRoot!.querySelector<SVGElement>('[data-activity=A]')!.dispatchEvent(new MouseEvent('click'));
    await until(() => text(element).includes('"name": "Pack"'));
    expect(chosen).to.deep.equal([{ activity: 'A' }]);
    expect(element.shadowRoot!.querySelector('[data-activity=A]')!.getAttribute('aria-label')).to.equal('Pack: script');
  });
});
