import { expect, fixture, html } from '@open-wc/testing';
import { autoload } from './autoload.js';

describe('the autoloader', () => {
  it('defines elements when they first stand in the page, and no others', async () => {
    expect(customElements.get('process-tasks')).to.equal(undefined);
    const root = await fixture(html`<div><flow-button flow="x">Go</flow-button></div>`);
    await customElements.whenDefined('flow-button');
    expect(root.querySelector('flow-button')!.matches(':defined')).to.equal(true);
    expect(customElements.get('process-tasks')).to.equal(undefined);
  });

  it('looks into shadow roots when told to', async () => {
    const host = await fixture(html`<div></div>`);
    const root = host.attachShadow({ mode: 'open' });
    root.append(document.createElement('flow-provider'));
    await autoload(root);
    expect(customElements.get('flow-provider')).to.not.equal(undefined);
  });
});
