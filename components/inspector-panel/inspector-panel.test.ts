import { expect, fixture, html } from '@open-wc/testing';
import { until } from '../../test/browser/button-page.js';
import './define.js';
import type { InspectorPanel } from './define.js';

describe('inspector-panel', () => {
  const panelOf = (element: InspectorPanel): HTMLElement | null => element.shadowRoot!.querySelector('[part=panel]');
  const press = (init: KeyboardEventInit): boolean =>
    document.dispatchEvent(new KeyboardEvent('keydown', { bubbles: true, cancelable: true, ...init }));
  const SHORTCUT = { key: 'I', code: 'KeyI', altKey: true, shiftKey: true };

  it('is nothing until its keys open it, and gives the focus back when they close it', async () => {
    const place = await fixture(html`<div><button>Before</button><inspector-panel></inspector-panel></div>`);
    const element = place.querySelector('inspector-panel')!;
    const before = place.querySelector('button')!;
    before.focus();
    expect(panelOf(element)).to.equal(null);
    press({ ...SHORTCUT, altKey: false });
    await element.updateComplete;
    expect(panelOf(element)).to.equal(null);
    press(SHORTCUT);
    await until(() => panelOf(element) !== null);
    await until(() => customElements.get('flow-inspector') !== undefined);
    await expect(element).to.be.accessible();
    element.shadowRoot!.querySelector<HTMLElement>('[role=separator]')!.focus();
    press(SHORTCUT);
    await until(() => panelOf(element) === null);
    expect(document.activeElement).to.equal(before);
  });

  it('opens with ?inspect in the address', async () => {
    const address = location.href;
    history.replaceState(null, '', `${location.pathname}?inspect&${location.search.slice(1)}`);
    const element = await fixture<InspectorPanel>(html`<inspector-panel></inspector-panel>`);
    await until(() => panelOf(element) !== null);
    history.replaceState(null, '', address);
  });

  it('is moved to the side and sized with the keyboard', async () => {
    const element = await fixture<InspectorPanel>(html`<inspector-panel open></inspector-panel>`);
    const before = panelOf(element)!.getBoundingClientRect().height;
    const separator = element.shadowRoot!.querySelector('[role=separator]')!;
    separator.dispatchEvent(new KeyboardEvent('keydown', { key: 'ArrowUp' }));
    await element.updateComplete;
    expect(panelOf(element)!.getBoundingClientRect().height).to.be.greaterThan(before);
    [...element.shadowRoot!.querySelectorAll('button')].find((b) => b.textContent!.includes('side'))!.click();
    await element.updateComplete;
    expect(panelOf(element)!.getBoundingClientRect().height).to.be.closeTo(innerHeight, 1);
  });
});
