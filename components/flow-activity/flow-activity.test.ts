import { expect, fixture, html, oneEvent } from '@open-wc/testing';
import { statusOf, until } from '../../test/browser/button-page.js';
import { Runtime, runtime, type FlowDefinition } from '../../src/runtime/index.js';
import './define.js';
import '../flow-button/define.js';
import '../flow-provider/define.js';
import type { FlowButton } from '../flow-button/flow-button.js';
import type { FlowActivity } from './flow-activity.js';

const quote: FlowDefinition = {
  flow: 'tray-quote',
  title: 'Quote',
  kind: 'microflow',
  output: { total: 'total' },
  activities: [
    {
      id: 'Ask',
      name: 'Ask for it',
      type: 'service',
      implementation: { ref: 'tray-ask' },
      output: { total: '$output' },
    },
    { id: 'Note', type: 'script', output: { noted: 'true' } },
  ],
  connectors: [{ id: 'c', from: 'Ask', to: 'Note' }],
};

/** What the list itself says politely. */
function saidBy(tray: FlowActivity): string {
  return tray.shadowRoot!.querySelector('[role="status"]')!.textContent!;
}

describe('flow-activity', () => {
  let answers: ((value: number | Error) => void)[] = [];

  before(() => {
    runtime.define(quote);
    runtime.implement('tray-ask', (_, { signal }) => {
      return new Promise((resolve, reject) => {
        answers.push((value) => (value instanceof Error ? reject(value) : resolve(value)));
        signal.addEventListener('abort', () => reject(signal.reason));
      });
    });
  });
  afterEach(async () => {
    for (const { instance } of runtime.background.list) {
      await instance.cancel().catch(() => {});
      runtime.background.remove(instance.id);
    }
    answers = [];
  });

  async function page(attributes = html``): Promise<{ button: FlowButton; tray: FlowActivity }> {
    const root = await fixture(
      html`<div>
        <flow-button flow="tray-quote">Get a quote</flow-button>
        <flow-activity></flow-activity>
        ${attributes}
      </div>`,
    );
    return { button: root.querySelector('flow-button')!, tray: root.querySelector('flow-activity')! };
  }
  const rows = (tray: FlowActivity): HTMLElement[] => [...tray.shadowRoot!.querySelectorAll<HTMLElement>('li')];
  const press = (tray: FlowActivity, action: string): void =>
    tray.shadowRoot!.querySelector<HTMLElement>(`[data-action="${action}"]`)!.click();
  const states = (tray: FlowActivity): (string | undefined)[] => rows(tray).map((r) => r.dataset['state']);

  it('lists a run in the background with its progress, and its result when it has ended', async () => {
    const { button, tray } = await page();
    void button.run();
    await until(() => rows(tray).length === 1 && answers.length === 1);
    expect(rows(tray)[0]!.textContent).to.contain('Get a quote').and.contain('running');
    expect(rows(tray)[0]!.querySelector('progress')).not.to.equal(null);
    await expect(tray).to.be.accessible();
    const end = oneEvent(tray, 'activity-end');
    answers[0]!(40);
    expect((await end).detail.view.status).to.equal('completed');
    await until(() => states(tray)[0] === 'completed');
    expect(rows(tray)[0]!.textContent).to.match(/total\s*40/);
    await expect(tray).to.be.accessible();
    press(tray, 'dismiss');
    await until(() => rows(tray).length === 0);
  });

  it('leaves it to the button to say what has ended, by its name, and says it itself when the button is gone', async () => {
    const { button, tray } = await page();
    for (const isThere of [true, false]) {
      const before = answers.length;
      const outcome = button.run();
      await until(() => answers.length === before + 1);
      if (!isThere) button.remove();
      answers[before]!(40);
      await outcome;
      await until(() => states(tray).every((state) => state === 'completed'));
      await button.updateComplete;
      if (isThere) expect(statusOf(button)).to.equal('Get a quote: done');
      expect(saidBy(tray)).to.equal(isThere ? '' : 'Get a quote: done');
    }
  });

  it('cancels, and says what came of it', async () => {
    const { button, tray } = await page();
    const outcome = button.run();
    await until(() => rows(tray).length === 1 && answers.length === 1);
    press(tray, 'cancel');
    expect((await outcome).status).to.equal('cancelled');
    await until(() => states(tray)[0] === 'cancelled');
  });

  it('tries a failed run again through its button, so that the output arrives there', async () => {
    const { button, tray } = await page(html`<output id="tray-total"></output>`);
    button.target = '#tray-total';
    void button.run();
    await until(() => answers.length === 1);
    answers[0]!(new Error('closed'));
    await until(() => states(tray)[0] === 'failed');
    expect(rows(tray)[0]!.querySelector('[part="error"]')!.textContent).to.contain('Ask for it');
    await until(() => button.state === 'failed');
    press(tray, 'retry');
    await until(() => answers.length === 2);
    answers[1]!(8);
    await until(() => document.querySelector('#tray-total')!.textContent === '8');
    expect(states(tray)).to.deep.equal(['completed']);
  });

  it('keeps a failed run as failed, and to be tried again, when its button has gone on to another', async () => {
    const { button, tray } = await page();
    void button.run();
    await until(() => answers.length === 1);
    answers[0]!(new Error('closed'));
    await until(() => button.state === 'failed');
    const second = button.run();
    await until(() => answers.length === 2);
    answers[1]!(2);
    await second;
    await until(() => states(tray)[0] === 'completed');
    expect(states(tray)).to.deep.equal(['completed', 'failed']);
    press(tray, 'retry');
    await until(() => answers.length === 3);
    answers[2]!(3);
    await until(() => states(tray).join() === 'completed,completed');
  });

  it('shows after a reload what this tab had listed: results, and what ended with the page', async () => {
    const { button, tray } = await page();
    button.concurrency = 'allow';
    void button.run();
    void button.run();
    await until(() => answers.length === 2);
    answers[0]!(40);
    await until(() => states(tray).includes('completed'));
    // A page of its own, with the storage of this tab, as after a reload.
    const reloaded = new Runtime();
    const later = await fixture<FlowActivity>(
      html`<flow-provider .runtime=${reloaded}><flow-activity inline></flow-activity></flow-provider>`,
    ).then((provider) => provider.querySelector('flow-activity') as FlowActivity);
    await until(() => rows(later).length === 2);
    expect(states(later).sort()).to.deep.equal(['completed', 'failed']);
    const [failed, completed] = ['failed', 'completed'].map((s) => rows(later).find((r) => r.dataset['state'] === s)!);
    expect(completed!.textContent).to.match(/Get a quote[^]*total\s*40/);
    expect(failed!.textContent).to.contain('The page was left before this had ended');
    expect(failed!.querySelector('[data-action="retry"]')).to.equal(null);
    press(later, 'dismiss-all');
    await until(() => later.shadowRoot!.querySelector('[part="empty"]'));
  });

  it('shows nothing of before to another user, and keeps nothing with no-history', async () => {
    const { button } = await page();
    const outcome = button.run();
    await until(() => answers.length === 1);
    answers[0]!(40);
    await outcome;
    const reloaded = new Runtime({ user: { id: 'eve', roles: [] } });
    const provider = await fixture(
      html`<flow-provider .runtime=${reloaded}><flow-activity inline></flow-activity></flow-provider>`,
    );
    await until(() => reloaded.background.list.length === 1);
    const later = provider.querySelector('flow-activity') as FlowActivity;
    await until(() => later.shadowRoot!.querySelector('[part="empty"]'));
    const forgetful = new Runtime();
    const other = await fixture(
      html`<flow-provider .runtime=${forgetful}><flow-activity inline no-history></flow-activity></flow-provider>`,
    );
    await until(() => other.querySelector('flow-activity')!.shadowRoot!.querySelector('[part="empty"]'));
    expect(forgetful.background.list).to.deep.equal([]);
  });

  it('leaves alone what somebody waits for, until it goes to the background', async () => {
    const { button, tray } = await page();
    button.screenBlocking = true;
    button.onTimeout = 'background';
    button.timeout = '0.05';
    void button.run();
    await until(() => answers.length === 1);
    await until(() => rows(tray).length === 1);
    answers[0]!(1);
    await until(() => states(tray)[0] === 'completed');
    button.onTimeout = undefined;
    button.timeout = undefined;
    const outcome = button.run();
    await until(() => answers.length === 2);
    expect(rows(tray)).to.have.length(1);
    answers[1]!(2);
    await outcome;
    expect(rows(tray)).to.have.length(1);
  });

  it('folds to a number, so that it keeps nobody from the page, and it is said all the same what has ended', async () => {
    const { button, tray } = await page();
    tray.inline = false;
    void button.run();
    await until(() => rows(tray).length === 1);
    const fold = tray.shadowRoot!.querySelector<HTMLButtonElement>('[part="fold"]')!;
    expect(fold.textContent!.trim()).to.equal('Activity (1)');
    fold.click();
    await until(() => rows(tray).length === 0);
    expect(fold.getAttribute('aria-expanded')).to.equal('false');
    expect(tray.hasAttribute('folded')).to.equal(true);
    await expect(tray).to.be.accessible();
    await until(() => answers.length === 1);
    answers[0]!(8);
    await until(() => statusOf(button).includes('done'));
    fold.click();
    await until(() => states(tray)[0] === 'completed');
  });

  it('dismisses all that have ended, and keeps what runs', async () => {
    const { button, tray } = await page();
    button.concurrency = 'allow';
    for (let i = 0; i < 3; i++) void button.run();
    await until(() => answers.length === 3);
    answers[0]!(1);
    answers[1]!(2);
    await until(() => tray.shadowRoot!.querySelector('[data-action="dismiss-all"]'));
    press(tray, 'dismiss-all');
    await until(() => rows(tray).length === 1);
    expect(states(tray)).to.deep.equal(['running']);
  });
});
