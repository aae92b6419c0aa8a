import { expect, fixture, html, oneEvent } from '@open-wc/testing';
import { sendKeys } from '@web/test-runner-commands';
import { runtime, type FlowDefinition } from '../../src/runtime/index.js';
import './define.js';
import type { FlowButton } from './flow-button.js';

const double: FlowDefinition = {
  flow: 'double',
  kind: 'microflow',
  activities: [
    {
      id: 'Double',
      type: 'service',
      implementation: { ref: 'double', arguments: { n: 'n' } },
      output: { result: '$output' },
    },
  ],
  output: { result: 'result' },
};
const broken: FlowDefinition = { ...double, flow: 'broken', connectors: [{ id: 'c', from: 'Double', to: 'Dubble' }] };
const endless: FlowDefinition = {
  ...double,
  flow: 'endless',
  activities: [{ id: 'Count', type: 'script', output: { n: '($f := function($x) { $f($x + 1) }; $f(0))' } }],
};

/** A `double` that answers when the test says so. */
function gate(): { calls: number; open: () => void; fail: (message: string) => void; aborted: boolean } {
  let waiting: { resolve: (n: number) => void; reject: (e: unknown) => void; n: number }[] = [];
  const state = {
    calls: 0,
    aborted: false,
    open: () => waiting.splice(0).forEach((w) => w.resolve(w.n * 2)),
    fail: (message: string) =>
      waiting.splice(0).forEach((w) => w.reject(Object.assign(new Error(message), { retryable: false }))),
  };
  waiting = [];
  runtime.implement({
    double: ({ n }, { signal }) => {
      state.calls++;
      signal.addEventListener('abort', () => (state.aborted = true));
      return new Promise((resolve, reject) => waiting.push({ resolve, reject, n: n as number }));
    },
  });
  return state;
}

async function until(holds: () => unknown): Promise<void> {
  while (!holds()) await new Promise((resolve) => setTimeout(resolve, 5));
}

const overlay = (): HTMLDialogElement | null => document.querySelector('dialog.millrace-overlay');

async function page(attributes: Record<string, string> = {}): Promise<{
  element: FlowButton;
  field: HTMLInputElement;
  out: HTMLInputElement;
  button: HTMLButtonElement;
  form: HTMLFormElement;
}> {
  const form = await fixture<HTMLFormElement>(html`
    <form>
      <label>N <input name="n" type="number" required value="4" /></label>
      <label>Result <input name="result" /></label>
      <flow-button flow="double">Double</flow-button>
    </form>
  `);
  const element = form.querySelector('flow-button')!;
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  await element.updateComplete;
  return {
    form,
    element,
    field: form.elements.namedItem('n') as HTMLInputElement,
    out: form.elements.namedItem('result') as HTMLInputElement,
    button: element.button as HTMLButtonElement,
  };
}

describe('flow-button', () => {
  before(() => runtime.define(double, broken, endless));

  it('renders a real button around its label and is accessible', async () => {
    const { element, button } = await page();
    expect(button).to.be.instanceOf(HTMLButtonElement);
    expect(button.textContent).to.equal('Double');
    await expect(element).to.be.accessible();
  });

  it('runs the flow with the form as input and writes the output back into the form', async () => {
    const flow = gate();
    const { element, button, out } = await page();
    button.click();
    await until(() => flow.calls === 1);
    flow.open();
    const { detail } = await oneEvent(element, 'flow-complete');
    expect(detail.output).to.deep.equal({ result: 8 });
    expect(out.value).to.equal('8');
    expect(element.matches(':state(succeeded)')).to.equal(true);
  });

  it('without screen-blocking shows that it is busy and leaves the page usable', async () => {
    const flow = gate();
    const { element, button, field } = await page();
    button.click();
    await until(() => flow.calls === 1);
    expect(button.getAttribute('aria-disabled')).to.equal('true');
    expect(overlay()).to.equal(null);
    field.focus();
    expect(document.activeElement).to.equal(field);
    flow.open();
    await oneEvent(element, 'flow-complete');
    expect(button.hasAttribute('aria-disabled')).to.equal(false);
  });

  it('with screen-blocking makes the page inert within the click and gives the focus back', async () => {
    const flow = gate();
    const { element, button, field } = await page({ 'screen-blocking': '' });
    button.focus();
    button.click();
    expect(overlay()?.open, 'in the same task').to.equal(true);
    field.focus();
    expect(document.activeElement).to.not.equal(field);
    await until(() => flow.calls === 1);
    await until(() => overlay()?.hasAttribute('data-visible'));
    await expect(overlay()!).to.be.accessible();
    flow.open();
    await oneEvent(element, 'flow-complete');
    expect(overlay()).to.equal(null);
    expect(document.activeElement).to.equal(button);
  });

  it('Escape cancels a blocking run, also its call, and releases the button', async () => {
    const flow = gate();
    const { element, button } = await page({ 'screen-blocking': '' });
    button.focus();
    button.click();
    await until(() => flow.calls === 1);
    setTimeout(() => void sendKeys({ press: 'Escape' }));
    await oneEvent(element, 'flow-cancel');
    expect(flow.aborted).to.equal(true);
    await until(() => overlay() === null);
    await until(() => !button.hasAttribute('aria-disabled'));
  });

  it('Enter in a field runs the flow instead of sending the form', async () => {
    const flow = gate();
    const { element, field } = await page();
    field.focus();
    await sendKeys({ press: 'Enter' });
    await until(() => flow.calls === 1);
    flow.open();
    await oneEvent(element, 'flow-complete');
  });

  it('asks the form for its validity first', async () => {
    const flow = gate();
    const { element, field, button } = await page();
    field.value = '';
    button.click();
    const outcome = await element.run();
    expect(outcome.status).to.equal('dropped');
    expect(flow.calls).to.equal(0);
    expect(document.activeElement).to.equal(field);
  });

  it('never writes over what was edited while the flow ran', async () => {
    const flow = gate();
    const { element, button, out } = await page();
    button.click();
    await until(() => flow.calls === 1);
    out.value = 'mine';
    flow.open();
    await oneEvent(element, 'flow-complete');
    expect(out.value).to.equal('mine');
  });

  it('drops a second click by default', async () => {
    const flow = gate();
    const { element, button } = await page();
    button.click();
    button.click();
    await until(() => flow.calls === 1);
    flow.open();
    await oneEvent(element, 'flow-complete');
    expect(flow.calls).to.equal(1);
  });

  it('queues a second click with concurrency="queue"', async () => {
    const flow = gate();
    const { element, button } = await page({ concurrency: 'queue' });
    button.click();
    button.click();
    await until(() => flow.calls === 1);
    flow.open();
    await until(() => flow.calls === 2);
    flow.open();
    await oneEvent(element, 'flow-complete');
  });

  it('replaces the first run with concurrency="replace"', async () => {
    const flow = gate();
    const { element, button } = await page({ concurrency: 'replace' });
    button.click();
    await until(() => flow.calls === 1);
    button.click();
    await until(() => flow.calls === 2);
    expect(flow.aborted).to.equal(true);
    flow.open();
    await oneEvent(element, 'flow-complete');
  });

  it('shows a failure beside the button, keeps the form, and runs again on request', async () => {
    const flow = gate();
    const { element, button, field, out } = await page();
    field.value = '21';
    button.click();
    await until(() => flow.calls === 1);
    flow.fail('The calculator is out.');
    const { detail } = await oneEvent(element, 'flow-error');
    expect(detail.error.activity).to.equal('Double');
    const alert = element.querySelector('[role="alert"]')!;
    expect(alert.textContent).to.contain('The calculator is out.');
    expect(field.value).to.equal('21');
    await expect(element).to.be.accessible();
    alert.querySelector('button')!.click();
    await until(() => flow.calls === 2);
    flow.open();
    await oneEvent(element, 'flow-complete');
    expect(out.value).to.equal('42');
  });

  describe('bad input', () => {
    let logged: unknown[][];
    const original = console.error;
    beforeEach(() => {
      logged = [];
      console.error = (...args: unknown[]) => void logged.push(args);
    });
    afterEach(() => {
      console.error = original;
    });

    it('a flow that does not compile: a plain message, coded diagnostics in the log, and nothing runs', async () => {
      const flow = gate();
      const { element, button } = await page({ flow: 'broken' });
      setTimeout(() => button.click());
      const { detail } = await oneEvent(element, 'flow-error');
      expect(detail.code).to.equal('FLOW-INVALID');
      expect(detail.diagnostics[0]).to.include({ code: 'FLOW-E102' });
      expect(detail.diagnostics[0].ids).to.deep.equal(['c']);
      expect(String(logged[0]![0])).to.contain('FLOW-E102').and.contain('did you mean "Double"');
      await until(() => element.querySelector('[role="alert"]')?.textContent);
      expect(element.querySelector('[role="alert"]')!.textContent).to.contain('mistake in its definition');
      expect(flow.calls).to.equal(0);
    });

    it('an unknown flow name says which one was meant', async () => {
      const { element } = await page({ flow: 'duoble' });
      const outcome = await element.run();
      expect(outcome.error?.code).to.equal('FLOW-UNKNOWN');
      expect(outcome.error?.message).to.contain('Did you mean "double"');
    });

    it('an input attribute that is no JSON is refused with the reason', async () => {
      const { element } = await page({ input: '{"n": 4,}' });
      const outcome = await element.run();
      expect(outcome.error?.code).to.equal('FLOW-INPUT-ATTRIBUTE');
    });

    it('an expression that never ends is stopped and the tab stays alive', async () => {
      const { element } = await page({ flow: 'endless' });
      const outcome = await element.run();
      expect(outcome.status).to.equal('failed');
      expect(outcome.error?.code).to.equal('FLOW-EXPRESSION-TIMEOUT');
    });
  });

  it('takes JSON and JSONata in its input attribute', async () => {
    const flow = gate();
    const { element } = await page({ input: '{"n": 10}' });
    let done = element.run();
    await until(() => flow.calls === 1);
    flow.open();
    expect((await done).output).to.deep.equal({ result: 20 });
    element.setAttribute('input', '{ "n": n + 1 }');
    await element.updateComplete;
    done = element.run();
    await until(() => flow.calls === 2);
    flow.open();
    expect((await done).output).to.deep.equal({ result: 10 });
  });

  it('a run whose button is removed ends without leaving the page blocked', async () => {
    const flow = gate();
    const { element, button } = await page({ 'screen-blocking': '' });
    button.click();
    await until(() => flow.calls === 1);
    element.remove();
    flow.open();
    await until(() => overlay() === null);
  });

  it('wraps a button that the page brings along', async () => {
    const flow = gate();
    const element = await fixture<FlowButton>(
      html`<flow-button flow="double" input='{"n": 1}'><button class="mine">Go</button></flow-button>`,
    );
    element.querySelector<HTMLButtonElement>('.mine')!.click();
    await until(() => flow.calls === 1);
    flow.open();
    await oneEvent(element, 'flow-complete');
    expect(element.querySelectorAll('button')).to.have.length(1);
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
});
