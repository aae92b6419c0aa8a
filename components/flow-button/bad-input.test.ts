import { expect, fixture, html, oneEvent } from '@open-wc/testing';
import { alertOf, buttonPage, double, echo, errorLog, gate, retryOf } from '../../test/browser/button-page.js';
import { runtime, type FlowDefinition } from '../../src/runtime/index.js';
import './define.js';
import type { RunFailure, RunOutcome } from '../button/press.js';

const broken: FlowDefinition = {
  ...double,
  flow: 'broken',
  connectors: [{ id: 'c', from: 'Double', to: 'Dubble' }],
};
const endless: FlowDefinition = {
  flow: 'endless',
  kind: 'microflow',
  activities: [{ id: 'Count', type: 'script', output: { n: '($f := function($x) { $f($x + 1) }; $f(0))' } }],
};
const longRunning: FlowDefinition = { ...double, flow: 'long-running', kind: 'process' };

function errorOf(outcome: RunOutcome): RunFailure {
  if (outcome.status !== 'failed') throw new Error(`It is ${outcome.status}.`);
  return outcome.error;
}

describe('bad input', () => {
  let log: ReturnType<typeof errorLog>;
  before(() => runtime.define(double, echo, broken, endless, longRunning));
  beforeEach(() => (log = errorLog()));
  afterEach(() => log.restore());

  it('a flow that does not compile: a plain message, coded diagnostics logged once, and nothing runs', async () => {
    const flow = gate();
    const { element, button } = await buttonPage({ flow: 'broken' });
    setTimeout(() => button.click());
    const { detail } = await oneEvent(element, 'flow-error');
    expect(detail.code).to.equal('FLOW-INVALID');
    expect(detail.diagnostics[0]).to.include({ code: 'FLOW-E102' });
    expect(detail.diagnostics[0].ids).to.deep.equal(['c']);
    await element.run();
    expect(log.lines).to.have.length(1);
    expect(log.lines[0]).to.contain('FLOW-E102').and.contain('did you mean "Double"');
    await element.updateComplete;
    expect(alertOf(element)).to.contain('mistake in its definition');
    expect(retryOf(element)).to.equal(null);
    expect(flow.asked).to.deep.equal([]);
  });

  it('an unknown flow name says which one was meant', async () => {
    const { element } = await buttonPage({ flow: 'duoble' });
    const error = errorOf(await element.run());
    expect(error.code).to.equal('FLOW-UNKNOWN');
    expect(error.message).to.contain('Did you mean "double"');
    expect(error.text).to.not.contain('duoble');
  });

  it('a process is refused with the element that starts it', async () => {
    const { element } = await buttonPage({ flow: 'long-running' });
    const error = errorOf(await element.run());
    expect(error.code).to.equal('FLOW-KIND');
    expect(error.message).to.contain('<process-button process="long-running">');
  });

  it('an input attribute that is neither JSON nor an expression is refused with both reasons', async () => {
    const { element } = await buttonPage({ input: '{"n": 4,}' });
    const error = errorOf(await element.run());
    expect(error.code).to.equal('FLOW-INPUT-ATTRIBUTE');
    expect(error.message).to.contain('As JSON').and.contain('position');
    element.setAttribute('input', '[1, 2]');
    await element.updateComplete;
    expect(errorOf(await element.run()).message).to.contain('not an object');
  });

  it('an expression that never ends is stopped and the tab stays alive', async () => {
    const { element } = await buttonPage({ flow: 'endless' });
    expect(errorOf(await element.run()).code).to.equal('FLOW-EXPRESSION-TIMEOUT');
  });

  it('a field that holds a file is refused by name', async () => {
    const form = await fixture<HTMLFormElement>(
      html`<form><input type="file" name="photo" /><flow-button flow="echo">Go</flow-button></form>`,
    );
    const files = new DataTransfer();
    files.items.add(new File(['x'], 'x.txt'));
    form.querySelector('input')!.files = files.files;
    const error = errorOf(await form.querySelector('flow-button')!.run());
    expect(error.code).to.equal('FLOW-INPUT-FILE');
    expect(error.text).to.contain('photo');
  });

  it('a value that does not fit is said at its field', async () => {
    const text: FlowDefinition = { ...echo, flow: 'text', input: { n: { type: 'string', minLength: 3 } } };
    runtime.define(text);
    const form = await fixture<HTMLFormElement>(
      html`<form><input name="n" value="a" /><flow-button flow="text">Go</flow-button></form>`,
    );
    const error = errorOf(await form.querySelector('flow-button')!.run());
    expect(error.code).to.equal('FLOW-INPUT');
    expect(form.querySelector('input')!.validationMessage).to.not.equal('');
  });

  it('a service that answers with an error is named with its activity and status', async () => {
    gate();
    const { element } = await buttonPage();
    runtime.implement('double', () => {
      throw Object.assign(new Error('GET /x answered 503'), { code: 'HTTP-503', status: 503, retryable: false });
    });
    const error = errorOf(await element.run());
    expect(error).to.include({ activity: 'Double', status: 503 });
    expect(error.text).to.equal('Ask the calculator: The service answered with an error (503).');
  });
});
