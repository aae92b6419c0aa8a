import { expect, fixture, html } from '@open-wc/testing';
import { errorLog } from '../../test/browser/button-page.js';
import { ada, page, statusOf, withLoans } from '../../test/browser/loan-page.js';
import { runtime } from '../../src/runtime/index.js';

describe('process-button', () => {
  withLoans();

  it('starts a process with a key only once, and says so', async () => {
    runtime.user = ada;
    const { button } = await page();
    button.businessKey = "'K-' & $string(amount)";
    button.startOnce = true;
    const first = await button.run();
    const second = await button.run();
    expect(second.instance!.id).to.equal(first.instance!.id);
    await button.updateComplete;
    expect(statusOf(button)).to.contain('already running').and.contain('K-500');
    expect(first.instance!.view.startedBy).to.equal('ada');
  });

  it('a process button refuses a microflow, with the element that runs it', async () => {
    const log = errorLog();
    runtime.define({ flow: 'quick', kind: 'microflow', activities: [{ id: 'A', type: 'route' }] });
    const { button } = await page('quick');
    const outcome = await button.run();
    log.restore();
    expect(outcome.status === 'failed' && outcome.error.message).to.contain('<flow-button flow="quick">');
  });

  it('a process button warns that it never blocks, once', async () => {
    const warned: unknown[] = [];
    const original = console.warn;
    console.warn = (...args: unknown[]) => void warned.push(args[0]);
    try {
      for (let i = 0; i < 2; i++)
        await fixture(html`<process-button process="loan" screen-blocking>Go</process-button>`);
    } finally {
      console.warn = original;
    }
    expect(warned.filter((w) => String(w).includes('never blocks'))).to.have.length(1);
  });
});
