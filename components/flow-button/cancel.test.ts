import { expect, fixture, html, oneEvent } from '@open-wc/testing';
import {
  buttonPage,
  double,
  gate,
  overlay,
  overlayButton,
  seenOverlay,
  statusOf,
  until,
} from '../../test/browser/button-page.js';
import { runtime, type FlowDefinition } from '../../src/runtime/index.js';
import './define.js';
import type { FlowButton } from './flow-button.js';

/** Books, then waits for a payment; a cancelled booking is taken back. */
const booking: FlowDefinition = {
  flow: 'booking',
  kind: 'microflow',
  activities: [
    { id: 'Book', type: 'service', implementation: { ref: 'book' }, compensation: 'Unbook' },
    { id: 'Pay', type: 'service', implementation: { ref: 'pay' } },
    { id: 'Unbook', type: 'service', implementation: { ref: 'unbook' } },
  ],
  connectors: [{ id: 'c', from: 'Book', to: 'Pay' }],
  spheres: [{ id: 'all', kind: 'compensation', activities: ['Book', 'Pay'], on: ['cancel'] }],
};

describe('cancelling', () => {
  before(() => runtime.define(double, booking));

  it('says that it is too late when the answer was quicker, and keeps what it gave', async () => {
    for (const attributes of [{}, { 'screen-blocking': '' }] as Record<string, string>[]) {
      const flow = gate();
      const { element, result } = await buttonPage(attributes);
      const done = element.run();
      await until(() => flow.asked.length === 1);
      if (element.screenBlocking) await seenOverlay();
      // The answer is there, the press has not ended yet.
      result.addEventListener('input', () => element.cancel());
      flow.open();
      const outcome = await done;
      await element.updateComplete;
      expect(outcome.status).to.equal('completed');
      expect(statusOf(element)).to.equal('Too late to cancel: it is done.');
      expect(result.value).to.equal('8');
      expect(element.state).to.equal('succeeded');
    }
  });

  it('says "Cancelling…" until what was done is undone, and "Cancelled" only then', async () => {
    const calls: string[] = [];
    let undone = (): void => {};
    runtime.implement({
      book: () => void calls.push('book'),
      pay: () => new Promise(() => calls.push('pay')),
      unbook: () => new Promise<void>((resolve) => (undone = resolve)),
    });
    for (const isBlocking of [false, true]) {
      const element = await fixture<FlowButton>(
        html`<flow-button flow="booking" ?screen-blocking=${isBlocking}>Book</flow-button>`,
      );
      const before = calls.length;
      void element.run();
      await until(() => calls.length === before + 2);
      const said = (): string =>
        isBlocking ? (overlay()?.querySelector('[role="status"]')?.textContent ?? '') : statusOf(element);
      const cancelled = oneEvent(element, 'flow-cancel');
      if (isBlocking) {
        await until(() => overlayButton('Cancel'));
        overlayButton('Cancel')!.click();
      } else element.cancel();
      await until(() => said().includes('Cancelling…'));
      expect(element.isBusy).to.equal(true);
      undone();
      await cancelled;
      await element.updateComplete;
      expect(statusOf(element)).to.equal('Cancelled.');
      expect(element.isBusy).to.equal(false);
    }
  });
});
