import { expect, fixture, html, oneEvent } from '@open-wc/testing';
import { sendKeys } from '@web/test-runner-commands';
import { alertOf, buttonPage, double, gate, retryOf, statusOf, until } from '../../test/browser/button-page.js';
import { runtime } from '../../src/runtime/index.js';
import './define.js';
import type { FlowButton } from './flow-button.js';

describe('flow-button', () => {
  before(() => runtime.define(double));

  it('renders a real button around its label and is accessible', async () => {
    const { element, button } = await buttonPage();
    expect(button).to.be.instanceOf(HTMLButtonElement);
    expect(element.labelText).to.equal('Double it');
    expect(element.matches(':state(idle)')).to.equal(true);
    await expect(element).to.be.accessible();
  });

  it('runs the flow with the form as input and writes the output back into the form', async () => {
    const flow = gate();
    const { element, button, result } = await buttonPage();
    button.click();
    await until(() => flow.asked.length === 1);
    expect(element.matches(':state(running)')).to.equal(true);
    flow.open();
    const { detail } = await oneEvent(element, 'flow-complete');
    expect(flow.asked).to.deep.equal([4]);
    expect(detail.output).to.deep.equal({ result: 8 });
    expect(result.value).to.equal('8');
    expect(element.matches(':state(succeeded)')).to.equal(true);
  });

  it('shows that it is busy, keeps the focus, and leaves the page usable', async () => {
    const flow = gate();
    const { element, button, field } = await buttonPage();
    button.focus();
    button.click();
    expect(button.getAttribute('aria-disabled'), 'in the same task').to.equal('true');
    await until(() => statusOf(element).includes('Working'));
    expect(element.shadowRoot!.activeElement).to.equal(button);
    await expect(element).to.be.accessible();
    field.focus();
    expect(document.activeElement).to.equal(field);
    await until(() => flow.asked.length === 1);
    flow.open();
    await oneEvent(element, 'flow-complete');
    expect(button.hasAttribute('aria-disabled')).to.equal(false);
  });

  it('Enter in a field runs the flow instead of sending the form', async () => {
    const flow = gate();
    const { element, field } = await buttonPage();
    field.focus();
    await sendKeys({ press: 'Enter' });
    await until(() => flow.asked.length === 1);
    flow.open();
    await oneEvent(element, 'flow-complete');
    expect(flow.asked).to.have.length(1);
  });

  it('asks the form for its validity first and puts the focus on what is wrong', async () => {
    const flow = gate();
    const { element, field, button } = await buttonPage();
    field.value = '';
    button.click();
    expect(document.activeElement).to.equal(field);
    expect(await element.run()).to.deep.equal({ status: 'dropped', reason: 'invalid' });
    expect(flow.asked).to.deep.equal([]);
  });

  it('a listener of flow-start may change the input or prevent the run', async () => {
    const flow = gate();
    const { element } = await buttonPage();
    element.addEventListener('flow-start', (event) => ((event as CustomEvent).detail.input.n = 50), { once: true });
    const done = element.run();
    await until(() => flow.asked.length === 1);
    flow.open();
    expect(await done).to.include({ status: 'completed' });
    expect(flow.asked).to.deep.equal([50]);
    element.addEventListener('flow-start', (event) => event.preventDefault());
    expect(await element.run()).to.deep.equal({ status: 'dropped', reason: 'prevented' });
    expect(element.state).to.equal('succeeded');
  });

  it('a question comes first; without a yes nothing has happened', async () => {
    const flow = gate();
    const { element, button } = await buttonPage({ confirm: 'Really?' });
    const question = (): HTMLDialogElement | undefined =>
      document.querySelector('millrace-question')?.shadowRoot?.querySelector('dialog') ?? undefined;
    button.focus();
    button.click();
    await until(() => question()?.open);
    expect(question()!.textContent).to.contain('Really?');
    await expect(question()!).to.be.accessible();
    await sendKeys({ press: 'Escape' });
    await until(() => !question());
    expect(element.state).to.equal('idle');
    expect(button.hasAttribute('aria-disabled')).to.equal(false);
    expect(document.activeElement).to.equal(element);
    button.click();
    await until(() => question()?.open);
    await sendKeys({ press: 'Enter' });
    await until(() => flow.asked.length === 1);
    flow.open();
    await oneEvent(element, 'flow-complete');
  });

  it('shows a failure beside the button, keeps the form, and tries again from what failed', async () => {
    const flow = gate();
    const { element, button, field, result } = await buttonPage();
    field.value = '21';
    button.click();
    await until(() => flow.asked.length === 1);
    flow.fail({ code: 'Jammed', message: 'The calculator is out.' });
    const { detail } = await oneEvent(element, 'flow-error');
    expect(detail.error).to.include({ code: 'Jammed', activity: 'Double' });
    await element.updateComplete;
    expect(alertOf(element)).to.equal('Ask the calculator: The calculator is out.');
    expect(element.matches(':state(failed)')).to.equal(true);
    expect(field.value).to.equal('21');
    await expect(element).to.be.accessible();
    retryOf(element)!.click();
    await until(() => flow.asked.length === 2);
    expect(alertOf(element)).to.equal('');
    flow.open();
    const again = await oneEvent(element, 'flow-complete');
    expect(again.detail.instance.id).to.equal(detail.instance.id);
    expect(result.value).to.equal('42');
  });

  it('tries again with what the form holds by then, as a new instance', async () => {
    const flow = gate();
    const { element, button, field } = await buttonPage();
    button.click();
    await until(() => flow.asked.length === 1);
    flow.fail({});
    const { detail } = await oneEvent(element, 'flow-error');
    field.value = '5';
    await element.updateComplete;
    retryOf(element)!.click();
    await until(() => flow.asked.length === 2);
    flow.open();
    const again = await oneEvent(element, 'flow-complete');
    expect(flow.asked).to.deep.equal([4, 5]);
    expect(again.detail.instance.id).to.not.equal(detail.instance.id);
    expect((await runtime.instance(detail.instance.id))!.view.status).to.equal('cancelled');
  });

  it('says at the field what the flow has refused', async () => {
    const flow = gate();
    const { element, button, field } = await buttonPage();
    button.click();
    await until(() => flow.asked.length === 1);
    flow.fail({ code: 'Refused', details: { fields: { n: 'must be odd' } } });
    await oneEvent(element, 'flow-error');
    expect(field.validationMessage).to.equal('must be odd');
    expect(document.activeElement).to.equal(field);
    button.click();
    await until(() => flow.asked.length === 2);
    expect(field.validationMessage).to.equal('');
    flow.open();
    await oneEvent(element, 'flow-complete');
  });

  it('gives up after its timeout, tells the flow to stop, and offers another try', async () => {
    const flow = gate();
    const { element } = await buttonPage({ timeout: 'PT0.05S' });
    const outcome = await element.run();
    expect(outcome.status).to.equal('failed');
    if (outcome.status === 'failed') expect(outcome.error.code).to.equal('Timeout');
    await element.updateComplete;
    expect(alertOf(element)).to.contain('no answer in time');
    expect(retryOf(element)).to.not.equal(null);
    expect(flow.asked.length - flow.aborted).to.equal(0);
  });

  it('has nothing to say of a failure when the form has been reset', async () => {
    const flow = gate();
    const { element, form, field, button } = await buttonPage();
    button.click();
    await until(() => flow.asked.length === 1);
    flow.fail({ code: 'Refused', details: { fields: { n: 'must be odd' } } });
    await oneEvent(element, 'flow-error');
    form.reset();
    await element.updateComplete;
    expect(field.validationMessage).to.equal('');
    expect(alertOf(element)).to.equal('');
    expect(element.matches(':state(idle)')).to.equal(true);
  });

  it('goes on when the form is reset, and writes nothing into the new one that was for the old', async () => {
    const flow = gate();
    const { element, form, field, button, result } = await buttonPage();
    form.insertAdjacentHTML('beforeend', '<output name="result"></output>');
    field.value = '21';
    button.click();
    await until(() => flow.asked.length === 1);
    form.reset();
    expect(element.matches(':state(running)')).to.equal(true);
    flow.open();
    const { detail } = await oneEvent(element, 'flow-complete');
    expect(detail.output).to.deep.equal({ result: 42 });
    expect(result.value).to.equal('');
    expect(form.querySelector('output')!.value).to.equal('');
    button.click();
    await until(() => flow.asked.length === 2);
    flow.open();
    await oneEvent(element, 'flow-complete');
    expect(result.value, 'the next press is about the new contents').to.equal('8');
  });

  it('says beside the button, not at a field of the new form, what was refused of the old one', async () => {
    const flow = gate();
    const { element, form, field, button } = await buttonPage();
    button.click();
    await until(() => flow.asked.length === 1);
    form.reset();
    flow.fail({ code: 'Refused', message: 'Only odd numbers.', details: { fields: { n: 'must be odd' } } });
    await oneEvent(element, 'flow-error');
    await element.updateComplete;
    expect(field.validationMessage).to.equal('');
    expect(alertOf(element)).to.contain('Only odd numbers.');
  });

  it('wraps a button that the page brings along', async () => {
    const flow = gate();
    const element = await fixture<FlowButton>(
      html`<flow-button flow="double" input='{"n": 1}'><button class="mine">Go</button></flow-button>`,
    );
    const mine = element.querySelector<HTMLButtonElement>('.mine')!;
    expect(element.button).to.equal(mine);
    expect(element.shadowRoot, 'nothing to say yet').to.equal(null);
    mine.click();
    expect(mine.getAttribute('aria-disabled')).to.equal('true');
    await until(() => flow.asked.length === 1);
    flow.open();
    await oneEvent(element, 'flow-complete');
    expect(mine.hasAttribute('aria-disabled')).to.equal(false);
    await expect(element).to.be.accessible();
  });

  it('lets a wrapped submit button be the submission of its form', async () => {
    const flow = gate();
    const form = await fixture<HTMLFormElement>(
      html`<form>
        <label>N <input name="n" type="number" required /></label>
        <flow-button flow="double"><button>Go</button></flow-button>
      </form>`,
    );
    const element = form.querySelector('flow-button')!;
    const field = form.querySelector('input')!;
    form.querySelector('button')!.click();
    expect(document.activeElement).to.equal(field);
    field.value = '3';
    form.requestSubmit(form.querySelector('button'));
    await until(() => flow.asked.length === 1);
    flow.open();
    await oneEvent(element, 'flow-complete');
    expect(flow.asked).to.deep.equal([3]);
  });

  it('works with a button of a design system that sends the form by itself', async () => {
    customElements.define(
      'fancy-button',
      class extends HTMLElement {
        static formAssociated = true;
        readonly #internals = this.attachInternals();
        constructor() {
          super();
          const inner = document.createElement('button');
          inner.append(document.createElement('slot'));
          inner.addEventListener('click', () => this.#internals.form!.requestSubmit());
          this.attachShadow({ mode: 'open', delegatesFocus: true }).append(inner);
        }
      },
    );
    const flow = gate();
    const form = await fixture<HTMLFormElement>(
      html`<form>
        <input name="n" type="number" value="6" aria-label="N" />
        <input name="other" aria-label="Other" />
        <flow-button flow="double"><fancy-button type="submit">Go</fancy-button></flow-button>
      </form>`,
    );
    const element = form.querySelector('flow-button')!;
    element.button!.shadowRoot!.querySelector('button')!.click();
    await until(() => flow.asked.length > 0);
    flow.open();
    await oneEvent(element, 'flow-complete');
    expect(flow.asked).to.deep.equal([6]);
    // The browser does not know such a button for the form's own; Enter works all the same.
    form.querySelector('input')!.focus();
    await sendKeys({ press: 'Enter' });
    await until(() => flow.asked.length > 1);
    flow.open();
    await oneEvent(element, 'flow-complete');
    expect(flow.asked).to.deep.equal([6, 6]);
  });

  it('does nothing while it, or the fieldset around it, is disabled', async () => {
    const flow = gate();
    const { element, button, form } = await buttonPage();
    element.disabled = true;
    await element.updateComplete;
    expect(button.disabled).to.equal(true);
    expect(await element.run()).to.deep.equal({ status: 'dropped', reason: 'disabled' });
    element.disabled = false;
    const fieldset = document.createElement('fieldset');
    fieldset.disabled = true;
    form.append(fieldset);
    fieldset.append(element);
    await element.updateComplete;
    expect(await element.run()).to.deep.equal({ status: 'dropped', reason: 'disabled' });
    fieldset.disabled = false;
    await element.updateComplete;
    expect(button.disabled).to.equal(false);
    expect(flow.asked).to.deep.equal([]);
  });

  it('goes on in the background when its button is removed', async () => {
    const flow = gate();
    const { element } = await buttonPage();
    const done = element.run();
    await until(() => flow.asked.length === 1);
    element.remove();
    flow.open();
    expect(await done).to.include({ status: 'completed' });
  });

  it('keeps working after it has been moved in the document', async () => {
    const flow = gate();
    const { element, form, button } = await buttonPage();
    const place = document.createElement('div');
    form.append(place);
    place.append(element);
    await element.updateComplete;
    button.click();
    await until(() => flow.asked.length === 1);
    flow.open();
    await oneEvent(element, 'flow-complete');
    expect(flow.asked).to.have.length(1);
  });

  it('keeps properties that were set before it was defined', async () => {
    const early = document.createElement('flow-button-early') as FlowButton;
    early.flow = 'double';
    const { FlowButton: Base } = await import('./flow-button.js');
    document.body.append(early);
    customElements.define('flow-button-early', class extends Base {});
    await early.updateComplete;
    expect(early.flow).to.equal('double');
    early.remove();
  });

  it('runs on an invoker command', async () => {
    const flow = gate();
    const { element } = await buttonPage();
    element.dispatchEvent(Object.assign(new Event('command'), { command: '--run-flow' }));
    await until(() => flow.asked.length === 1);
    element.dispatchEvent(Object.assign(new Event('command'), { command: '--cancel-flow' }));
    await oneEvent(element, 'flow-cancel');
    expect(flow.aborted).to.equal(1);
  });

  it('speaks the language of the page around it', async () => {
    const flow = gate();
    const { element, form } = await buttonPage();
    form.lang = 'de-AT';
    void element.run();
    await until(() => statusOf(element).includes('In Arbeit'));
    element.cancel();
    await until(() => statusOf(element).includes('Abgebrochen'));
    expect(flow.asked.length - flow.aborted).to.equal(0);
  });
});
