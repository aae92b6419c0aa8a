import type { Meta, StoryObj } from '@storybook/web-components-vite';
import { html } from 'lit';
import { expect, userEvent, waitFor } from 'storybook/test';
import { runtime, type FlowActivity, type FlowButton } from '../components/index.js';
import { Runtime } from '../src/runtime/index.js';
import { behaviour } from './example-flows.js';

const meta: Meta = {
  title: 'Components/flow-activity',
  component: 'flow-activity',
  beforeEach: async () => {
    Object.assign(behaviour, { delay: 400, fails: false });
    for (const { instance } of runtime.background.list) {
      await instance.cancel().catch(() => {});
      runtime.background.remove(instance.id);
    }
    return () => void Object.assign(behaviour, { delay: 400, fails: false });
  },
  render: () =>
    html`<div style="min-block-size: 14rem">
      <flow-button flow="quote" input='{"quantity": 3}' concurrency="allow">Get a quote</flow-button>
      <flow-activity></flow-activity>
    </div>`,
};
export default meta;
type Story = StoryObj;

const patient = { timeout: 20_000 };
const parts = (canvas: HTMLElement): { button: FlowButton; tray: FlowActivity } => ({
  button: canvas.querySelector('flow-button')!,
  tray: canvas.querySelector('flow-activity')!,
});
const shows = (tray: FlowActivity, state: string): Promise<void> =>
  waitFor(() => expect(tray.shadowRoot!.querySelector(`li[data-state="${state}"]`)).not.toBe(null), patient);
const press = (tray: FlowActivity, action: string): Promise<void> =>
  userEvent.click(tray.shadowRoot!.querySelector<HTMLElement>(`[data-action="${action}"]`)!);

export const Running: Story = {
  play: async ({ canvasElement }) => {
    const { button, tray } = parts(canvasElement);
    behaviour.delay = 60_000;
    await userEvent.click(button.button!);
    await shows(tray, 'running');
  },
};

export const Finished: Story = {
  play: async ({ canvasElement }) => {
    const { button, tray } = parts(canvasElement);
    await userEvent.click(button.button!);
    await shows(tray, 'completed');
    await expect(tray.shadowRoot!.querySelector('[part="outcome"]')!.textContent).toContain('108');
  },
};

export const Folded: Story = {
  play: async (context) => {
    await Finished.play!(context);
    const { tray } = parts(context.canvasElement);
    await userEvent.click(tray.shadowRoot!.querySelector<HTMLElement>('[part="fold"]')!);
    await waitFor(() => expect(tray.shadowRoot!.querySelectorAll('li')).toHaveLength(0), patient);
    await expect(tray.shadowRoot!.textContent).toContain('Activity (1)');
  },
};

export const Failed: Story = {
  play: async ({ canvasElement }) => {
    const { button, tray } = parts(canvasElement);
    behaviour.fails = true;
    await userEvent.click(button.button!);
    await shows(tray, 'failed');
  },
};

export const TriedAgain: Story = {
  play: async (context) => {
    await Failed.play!(context);
    const { button, tray } = parts(context.canvasElement);
    behaviour.fails = false;
    await waitFor(() => expect(button.isBusy).toBe(false), patient);
    await press(tray, 'retry');
    await shows(tray, 'completed');
  },
};

export const Cancelled: Story = {
  play: async (context) => {
    await Running.play!(context);
    const { tray } = parts(context.canvasElement);
    await press(tray, 'cancel');
    await shows(tray, 'cancelled');
  },
};

export const SeveralAndInline: Story = {
  render: () =>
    html`<div style="display: grid; gap: 1rem; max-width: 30rem; justify-items: start">
      <flow-button flow="quote" input='{"quantity": 3}' concurrency="allow">Get a quote</flow-button>
      <flow-activity inline style="inline-size: 100%"></flow-activity>
    </div>`,
  play: async ({ canvasElement }) => {
    const { button, tray } = parts(canvasElement);
    await expect(tray.shadowRoot!.textContent).toContain('Nothing is running');
    await userEvent.click(button.button!);
    await shows(tray, 'completed');
    await userEvent.click(button.button!);
    await waitFor(() => expect(tray.shadowRoot!.querySelector('[data-action="dismiss-all"]')).not.toBe(null), patient);
    await press(tray, 'dismiss-all');
    await waitFor(() => expect(tray.shadowRoot!.textContent).toContain('Nothing is running'), patient);
  },
};

export const AfterAReload: Story = {
  render: () =>
    html`<flow-button flow="quote" input='{"quantity": 3}' concurrency="allow">Get a quote</flow-button>
      <flow-activity inline></flow-activity>
      <p>The same tab, loaded again:</p>
      <div id="reloaded"></div>`,
  play: async ({ canvasElement }) => {
    const { button, tray } = parts(canvasElement);
    await userEvent.click(button.button!);
    await shows(tray, 'completed');
    behaviour.delay = 60_000;
    await userEvent.click(button.button!);
    await shows(tray, 'running');
    tray.remove();
    // What a page finds that starts anew with the storage of this tab.
    const provider = Object.assign(document.createElement('flow-provider'), { runtime: new Runtime() });
    const later = Object.assign(document.createElement('flow-activity'), { inline: true });
    provider.append(later);
    canvasElement.querySelector('#reloaded')!.append(provider);
    await shows(later, 'completed');
    await shows(later, 'failed');
    await expect(later.shadowRoot!.textContent).toContain('The page was left before this had ended');
  },
};
