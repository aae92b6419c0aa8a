import { expect, fixture, html, oneEvent } from '@open-wc/testing';
import { until } from '../../test/browser/button-page.js';
import { runtime, type FlowDefinition } from '../../src/runtime/index.js';
import './define.js';
import '../flow-button/define.js';
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
    expect(tray.shadowRoot!.querySelector('[role="status"]')!.textContent).to.equal('Get a quote: done');
    await expect(tray).to.be.accessible();
    press(tray, 'dismiss');
    await until(() => rows(tray).length === 0);
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
