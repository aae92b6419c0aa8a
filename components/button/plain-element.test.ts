import { expect, fixture, html } from '@open-wc/testing';
import '../process-button/define.js';
import '../flow-button/define.js';
import type { FlowButton } from '../flow-button/flow-button.js';
import type { ProcessButton } from '../process-button/process-button.js';

describe('the attributes of a button', () => {
  it('are its properties, both ways', async () => {
    const element = await fixture<FlowButton>(
      html`<flow-button flow="double" screen-blocking timeout="PT5S">Double</flow-button>`,
    );
    expect(element.flow).to.equal('double');
    expect(element.screenBlocking).to.equal(true);
    expect(element.timeout).to.equal('PT5S');
    expect(element.target).to.equal(undefined);
    element.target = '#there';
    element.screenBlocking = false;
    element.timeout = undefined;
    expect(element.outerHTML)
      .to.contain('target="#there"')
      .and.not.contain('screen-blocking')
      .and.not.contain('timeout');
  });

  it('fall back to their default when they say something unknown', async () => {
    const element = await fixture<FlowButton>(html`<flow-button concurrency="sometimes">Go</flow-button>`);
    expect(element.concurrency).to.equal('drop');
    element.concurrency = 'queue';
    expect(element.getAttribute('concurrency')).to.equal('queue');
  });

  it('take an object as input only as a property', async () => {
    const element = await fixture<FlowButton>(html`<flow-button input='{"n": 1}'>Go</flow-button>`);
    expect(element.input).to.equal('{"n": 1}');
    element.input = { n: 2 };
    expect(element.input).to.deep.equal({ n: 2 });
    expect(element.hasAttribute('input')).to.equal(false);
    element.input = 'n + 1';
    expect(element.getAttribute('input')).to.equal('n + 1');
  });

  it('are drawn when they change', async () => {
    const element = await fixture<ProcessButton>(html`<process-button process="order">Order</process-button>`);
    element.setAttribute('disabled', '');
    await element.updateComplete;
    expect(element.button!.matches(':disabled')).to.equal(true);
    element.disabled = false;
    await element.updateComplete;
    expect(element.button!.matches(':disabled')).to.equal(false);
  });
});

describe('the looks of a rendered button', () => {
  it('give way to whatever the page says about its part', async () => {
    const style = await fixture<HTMLStyleElement>(
      html`<style>
        ::part(button) {
          color: rgb(1, 2, 3);
        }
      </style>`,
    );
    const element = await fixture<FlowButton>(html`<flow-button>Go</flow-button>`);
    expect(getComputedStyle(element.button!).color).to.equal('rgb(1, 2, 3)');
    expect(getComputedStyle(element.button!).borderRadius, 'ours').to.not.equal('0px');
    style.remove();
  });

  it('are there in the shadow root of another element too', async () => {
    const place = await fixture<HTMLElement>(html`<div></div>`);
    const root = place.attachShadow({ mode: 'closed' });
    root.innerHTML = '<flow-button>Inside</flow-button>';
    const [outside, inside] = [
      await fixture<FlowButton>(html`<flow-button>Outside</flow-button>`),
      root.firstElementChild as FlowButton,
    ];
    const look = ({ button }: FlowButton): string => getComputedStyle(button!).backgroundColor;
    expect(look(inside)).to.equal(look(outside));
  });

  it('become those of a button that the page puts inside afterwards', async () => {
    const element = await fixture<FlowButton>(html`<flow-button></flow-button>`);
    expect(element.button!.getRootNode()).to.equal(element.shadowRoot);
    const mine = document.createElement('button');
    element.append(mine);
    await new Promise((resolve) => element.shadowRoot!.addEventListener('slotchange', resolve, { once: true }));
    expect(element.button).to.equal(mine);
    expect(element.shadowRoot!.querySelector('button')).to.equal(null);
  });
});
