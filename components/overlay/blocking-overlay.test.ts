import { expect, oneEvent } from '@open-wc/testing';
import { sendKeys } from '@web/test-runner-commands';
import {
  alertOf,
  buttonPage,
  double,
  gate,
  overlay,
  overlayButton,
  seenOverlay,
  until,
} from '../../test/browser/button-page.js';
import { runtime } from '../../src/runtime/index.js';
import '../flow-button/define.js';

const blocking = { 'screen-blocking': '' };

describe('a blocking flow', () => {
  before(() => runtime.define(double));

  it('makes the page inert within the click and gives the focus back', async () => {
    const flow = gate();
    const { element, button, field } = await buttonPage(blocking);
    button.focus();
    button.click();
    expect(overlay()?.open, 'in the same task').to.equal(true);
    expect(overlay()?.hasAttribute('data-visible'), 'but not to be seen').to.equal(false);
    field.focus();
    expect(document.activeElement).to.not.equal(field);
    await seenOverlay();
    await until(() => flow.asked.length === 1);
    await expect(overlay()!).to.be.accessible();
    flow.open();
    await oneEvent(element, 'flow-complete');
    expect(overlay()).to.equal(undefined);
    expect(element.shadowRoot!.activeElement).to.equal(button);
  });

  it('says what is happening, in the words of the flow', async () => {
    const flow = gate();
    const { element } = await buttonPage(blocking);
    void element.run();
    const dialog = await seenOverlay();
    await until(() => dialog.querySelector('[role="status"]')!.textContent!.includes('Ask the calculator'));
    expect(dialog.getAttribute('aria-label')).to.equal('Double it');
    expect(dialog.querySelector('progress')!.hasAttribute('value'), 'one activity has no measure').to.equal(false);
    const said: string[] = [];
    const look = new MutationObserver(() => said.push(dialog.querySelector('[role="status"]')!.textContent!));
    look.observe(dialog, { subtree: true, childList: true, characterData: true });
    flow.open();
    await oneEvent(element, 'flow-complete');
    look.disconnect();
    expect(said, 'the end is said by the button, and nothing in between').to.not.include('Working…');
  });

  it('shows no panel when it is over at once', async () => {
    runtime.implement('double', () => 1);
    const { element } = await buttonPage(blocking);
    await element.run();
    const seen: boolean[] = [];
    const look = new MutationObserver(() => seen.push(overlay()?.hasAttribute('data-visible') ?? false));
    look.observe(document, { subtree: true, childList: true });
    await element.run();
    look.disconnect();
    expect(seen).to.not.include(true);
    expect(overlay()).to.equal(undefined);
  });

  it('lets a panel that is seen stay long enough to be read', async () => {
    const flow = gate();
    const { element } = await buttonPage(blocking);
    const done = element.run();
    await until(() => flow.asked.length === 1);
    await seenOverlay();
    const since = performance.now();
    flow.open();
    await done;
    expect(performance.now() - since).to.be.greaterThan(300);
  });

  it('Escape cancels it, also its call, and releases the button', async () => {
    const flow = gate();
    const { element, button } = await buttonPage(blocking);
    button.focus();
    button.click();
    await until(() => flow.asked.length === 1);
    const cancelled = oneEvent(element, 'flow-cancel');
    await sendKeys({ press: 'Escape' });
    await sendKeys({ press: 'Escape' });
    await cancelled;
    expect(flow.aborted).to.equal(1);
    expect(overlay()).to.equal(undefined);
    expect(button.hasAttribute('aria-disabled')).to.equal(false);
    expect(element.state).to.equal('idle');
  });

  it('Tab stays inside, Enter on the opening button does not end it', async () => {
    const flow = gate();
    const { element, button } = await buttonPage(blocking);
    button.focus();
    await sendKeys({ press: 'Enter' });
    await until(() => flow.asked.length === 1);
    await seenOverlay();
    await sendKeys({ press: 'Enter' });
    expect(element.isBusy).to.equal(true);
    for (let i = 0; i < 4; i++) {
      await sendKeys({ press: 'Tab' });
      const at = document.activeElement;
      expect(at === document.body || at?.localName === 'millrace-overlay', at?.outerHTML).to.equal(true);
    }
    flow.open();
    await oneEvent(element, 'flow-complete');
  });

  it('shows a failure with another try, from what failed', async () => {
    const flow = gate();
    const { element, button } = await buttonPage(blocking);
    button.focus();
    button.click();
    await until(() => flow.asked.length === 1);
    flow.fail({ message: 'The calculator is out.' });
    await until(() => overlayButton('Try again'));
    expect(overlay()!.textContent).to.contain('The calculator is out.');
    expect((overlay()!.getRootNode() as ShadowRoot).activeElement).to.equal(overlayButton('Try again'));
    // Contrast is a matter of the panel as it stays, not of a moment while it fades in.
    await Promise.all(
      overlay()!
        .getAnimations({ subtree: true })
        .map((animation) => animation.finished),
    );
    await expect(overlay()!).to.be.accessible();
    overlayButton('Try again')!.click();
    await until(() => flow.asked.length === 2);
    flow.open();
    await oneEvent(element, 'flow-complete');
    expect(overlay()).to.equal(undefined);
  });

  it('leaves the failure beside the button when the overlay is closed', async () => {
    const flow = gate();
    const { element, button } = await buttonPage(blocking);
    button.focus();
    button.click();
    await until(() => flow.asked.length === 1);
    flow.fail({ message: 'The calculator is out.' });
    await until(() => overlayButton('Close'));
    await sendKeys({ press: 'Escape' });
    await until(() => !overlay());
    expect(alertOf(element)).to.contain('The calculator is out.');
    expect(element.shadowRoot!.activeElement).to.equal(button);
  });

  it('goes on in the background after a time-out, as the same run', async () => {
    const flow = gate();
    const { element, result } = await buttonPage({ ...blocking, timeout: 'PT0.3S', 'on-timeout': 'background' });
    const done = element.run();
    await until(() => flow.asked.length === 1);
    await until(() => !overlay());
    expect(element.isBusy).to.equal(true);
    flow.open();
    expect(await done).to.include({ status: 'completed' });
    expect(result.value).to.equal('8');
    expect(flow.asked).to.have.length(1);
  });

  it('asks after a time-out whether to wait, and asks again', async () => {
    const flow = gate();
    const { element } = await buttonPage({ ...blocking, timeout: 'PT0.3S', 'on-timeout': 'ask' });
    const done = element.run();
    await until(() => overlayButton('Keep waiting'));
    overlayButton('Keep waiting')!.click();
    await until(() => !overlayButton('Keep waiting'));
    await until(() => overlayButton('Continue in background'));
    overlayButton('Continue in background')!.click();
    await until(() => !overlay());
    flow.open();
    expect(await done).to.include({ status: 'completed' });
  });

  it('does not leave the page blocked when its button is removed', async () => {
    const flow = gate();
    const { element } = await buttonPage(blocking);
    const done = element.run();
    await until(() => flow.asked.length === 1);
    element.remove();
    await until(() => !overlay());
    flow.open();
    await done;
  });

  it('shares one overlay with another', async () => {
    const flow = gate();
    const first = await buttonPage(blocking);
    const second = await buttonPage(blocking);
    const both = [first.element.run(), second.element.run({ n: 9 })];
    expect(document.querySelectorAll('millrace-overlay')).to.have.length(1);
    await until(() => flow.asked.length === 2);
    await seenOverlay();
    flow.open();
    await Promise.all(both);
    expect(overlay()).to.equal(undefined);
  });

  it('warns before the page is left', async () => {
    const flow = gate();
    const { element } = await buttonPage(blocking);
    const done = element.run();
    const leave = (): boolean => dispatchEvent(new Event('beforeunload', { cancelable: true }));
    expect(leave()).to.equal(false);
    await until(() => flow.asked.length === 1);
    flow.open();
    await done;
    expect(leave()).to.equal(true);
  });
});
