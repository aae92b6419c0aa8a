import type { Meta, StoryObj } from '@storybook/web-components-vite';
import { html, nothing, type TemplateResult } from 'lit';
import { expect, userEvent, waitFor } from 'storybook/test';
import type { FlowButton } from '../components/index.js';
import { behaviour } from './example-flows.js';
import { alertOf, buttonIn, overlay, panel, question, statusOf } from './seen.js';

interface Args {
  flow: string;
  'screen-blocking': boolean;
  concurrency: string;
  confirm?: string;
  timeout?: string;
  'on-timeout'?: string;
  delay: number;
  fails: boolean;
}

const meta: Meta<Args> = {
  title: 'Components/flow-button',
  component: 'flow-button',
  args: { flow: 'quote', 'screen-blocking': false, concurrency: 'drop', delay: 400, fails: false },
  argTypes: {
    concurrency: { control: 'select', options: ['drop', 'queue', 'replace', 'allow'] },
    'on-timeout': { control: 'select', options: ['fail', 'background', 'ask'] },
    delay: { description: 'How long the functions take, ms' },
    fails: { description: 'Whether they fail' },
  },
  render: (args) => page(args, form(args)),
};
export default meta;
type Story = StoryObj<Args>;

function page(args: Args, content: TemplateResult): TemplateResult {
  behaviour.delay = args.delay;
  behaviour.fails = args.fails;
  return content;
}

function form(args: Args, label = 'Get a quote'): TemplateResult {
  return html`<form style="display: grid; gap: 0.75rem; max-width: 24rem">
    <label>Quantity <input name="quantity" type="number" value="5" min="1" required /></label>
    <label>Total <output name="total"></output></label>
    <flow-button
      flow=${args.flow}
      ?screen-blocking=${args['screen-blocking']}
      concurrency=${args.concurrency}
      confirm=${args.confirm ?? nothing}
      timeout=${args.timeout ?? nothing}
      on-timeout=${args['on-timeout'] ?? nothing}
      >${label}</flow-button
    >
  </form>`;
}

const elementIn = async (canvas: HTMLElement): Promise<FlowButton> => {
  const element = canvas.querySelector('flow-button')!;
  await element.updateComplete;
  return element;
};
const press = async (canvas: HTMLElement): Promise<FlowButton> => {
  const element = await elementIn(canvas);
  await userEvent.click(element.button!);
  return element;
};
const patient = { timeout: 20_000 };
const seen = (what: () => unknown): Promise<void> => waitFor(() => expect(what()).toBeTruthy(), patient);

export const Idle: Story = {
  play: async ({ canvasElement }) => {
    await expect((await elementIn(canvasElement)).matches(':state(idle)')).toBe(true);
  },
};

export const Succeeded: Story = {
  args: { delay: 10 },
  render: (args) =>
    page(
      args,
      html`<flow-button flow="quote" input='{"quantity": 5}' message-done="There it is.">Get a quote</flow-button>`,
    ),
  play: async ({ canvasElement }) => {
    const element = await press(canvasElement);
    await seen(() => element.matches(':state(succeeded)') && statusOf(element) === 'There it is.');
  },
};

export const Cancelling: Story = {
  args: { flow: 'booking', 'screen-blocking': true, delay: 60_000 },
  play: async ({ canvasElement }) => {
    await press(canvasElement);
    await seen(() => panel()?.textContent!.includes('Take the payment'));
    await userEvent.click(buttonIn(panel(), 'Cancel')!);
    await seen(() => panel()?.textContent!.includes('Cancelling…'));
    await expect(buttonIn(panel(), 'Cancel')).toHaveAttribute('aria-disabled', 'true');
  },
};

export const TooLateToCancel: Story = {
  args: { delay: 10 },
  render: (args) =>
    page(
      args,
      html`<form style="display: grid; gap: 0.75rem; max-width: 24rem">
        <label>Total <input name="total" readonly /></label>
        <flow-button flow="quote" input='{"quantity": 5}'>Get a quote</flow-button>
      </form>`,
    ),
  play: async ({ canvasElement }) => {
    const element = await elementIn(canvasElement);
    // The answer is there, the press has not ended yet.
    canvasElement.querySelector('input')!.addEventListener('input', () => element.cancel());
    await press(canvasElement);
    await seen(() => statusOf(element).includes('Too late to cancel') && element.matches(':state(succeeded)'));
  },
};

export const Replaced: Story = {
  args: { concurrency: 'replace', delay: 2_000 },
  play: async ({ canvasElement }) => {
    const element = await press(canvasElement);
    const cancelled = new Promise((resolve) => element.addEventListener('flow-cancel', resolve, { once: true }));
    await seen(() => element.state === 'running');
    behaviour.delay = 10;
    await userEvent.click(element.button!);
    await cancelled;
    await seen(() => element.matches(':state(succeeded)'));
  },
};

export const Dark: Story = {
  args: { fails: true, delay: 10 },
  render: (args) =>
    html`<div style="color-scheme: dark; background: #10131a; color: #eee; padding: 1rem">
      ${page(args, form(args))}
    </div>`,
  play: async ({ canvasElement }) => {
    const element = await press(canvasElement);
    await seen(() => alertOf(element).includes('The price list is closed.'));
  },
};

export const RightToLeft: Story = {
  args: { fails: true, delay: 10 },
  render: (args) => html`<div dir="rtl">${page(args, form(args))}</div>`,
  play: async ({ canvasElement }) => {
    const element = await press(canvasElement);
    await seen(() => alertOf(element).includes('The price list is closed.'));
  },
};

export const Background: Story = {
  play: async ({ canvasElement }) => {
    const element = await press(canvasElement);
    await seen(() => element.state === 'running');
    await waitFor(() => expect(canvasElement.querySelector('output')).toHaveTextContent('180'), patient);
    await seen(() => element.state === 'succeeded');
  },
};

export const Blocking: Story = {
  args: { 'screen-blocking': true },
  play: async ({ canvasElement }) => {
    const element = await press(canvasElement);
    await expect(overlay()).toHaveProperty('open', true);
    await seen(() => element.state === 'succeeded');
    await expect(overlay()).toBe(undefined);
  },
};

export const BlockingBesideBackground: Story = {
  render: (args) =>
    page(
      args,
      html`<div style="display: flex; flex-wrap: wrap; gap: 3rem">
        ${form({ ...args, 'screen-blocking': true }, 'And wait')}
        ${form({ ...args, 'screen-blocking': false }, 'In the background')}
      </div>`,
    ),
  play: async ({ canvasElement }) => {
    const [waiting, background] = [...canvasElement.querySelectorAll('flow-button')] as [FlowButton, FlowButton];
    await waiting.updateComplete;
    await userEvent.click(background.button!);
    await userEvent.click(waiting.button!);
    await seen(() => background.state === 'succeeded' && waiting.state === 'succeeded');
  },
};

export const Running: Story = {
  args: { delay: 60_000 },
  play: async ({ canvasElement }) => {
    const element = await press(canvasElement);
    await waitFor(() => expect(element.button).toHaveAttribute('aria-disabled', 'true'), patient);
  },
};

export const RunningWithWords: Story = {
  args: { delay: 60_000 },
  render: (args) =>
    page(
      args,
      html`<flow-button flow="quote" input='{"quantity": 2}' message-busy="Asking for the price…"
        >Get a quote</flow-button
      >`,
    ),
  play: async ({ canvasElement }) => {
    const element = await press(canvasElement);
    await seen(() => statusOf(element).includes('Asking for the price'));
  },
};

export const BlockedScreen: Story = {
  args: { delay: 60_000, 'screen-blocking': true },
  play: async ({ canvasElement }) => {
    await press(canvasElement);
    await seen(() => panel()?.textContent?.includes('Look up the price'));
  },
};

export const Cancelled: Story = {
  args: { delay: 60_000, 'screen-blocking': true },
  play: async ({ canvasElement }) => {
    const element = await press(canvasElement);
    await seen(() => buttonIn(panel(), 'Cancel'));
    await userEvent.click(buttonIn(panel(), 'Cancel')!);
    await seen(() => statusOf(element) === 'Cancelled.' && element.state === 'idle' && !overlay());
  },
};

export const CancelledByEscape: Story = {
  args: { delay: 60_000, 'screen-blocking': true },
  play: async ({ canvasElement }) => {
    const element = await press(canvasElement);
    await seen(() => panel());
    await userEvent.keyboard('{Escape}');
    await seen(() => element.state === 'idle' && !overlay());
    await expect(element.shadowRoot!.activeElement).toBe(element.button);
  },
};

export const TimedOutAndAsked: Story = {
  args: { delay: 60_000, 'screen-blocking': true, timeout: 'PT0.5S', 'on-timeout': 'ask' },
  play: async ({ canvasElement }) => {
    await press(canvasElement);
    await seen(() => buttonIn(panel(), 'Keep waiting'));
  },
};

export const TimedOutToBackground: Story = {
  args: { delay: 60_000, 'screen-blocking': true, timeout: 'PT0.5S', 'on-timeout': 'background' },
  play: async ({ canvasElement }) => {
    const element = await press(canvasElement);
    await seen(() => statusOf(element).includes('in the background') && !overlay());
    await expect(element.state).toBe('running');
  },
};

export const TimedOut: Story = {
  args: { delay: 60_000, timeout: 'PT0.3S' },
  play: async ({ canvasElement }) => {
    const element = await press(canvasElement);
    await seen(() => alertOf(element).includes('no answer in time'));
  },
};

export const Queued: Story = {
  args: { concurrency: 'queue' },
  play: async ({ canvasElement }) => {
    const element = await press(canvasElement);
    await userEvent.click(element.button!);
    await seen(() => element.state === 'queued');
    await seen(() => element.state === 'succeeded');
  },
};

export const Asked: Story = {
  args: { confirm: 'Ask for a quote now?' },
  play: async ({ canvasElement }) => {
    const element = await press(canvasElement);
    await seen(() => buttonIn(question(), 'OK'));
    await expect(element.state).toBe('idle');
  },
};

export const Failed: Story = {
  args: { fails: true },
  play: async ({ canvasElement }) => {
    const element = await press(canvasElement);
    await seen(() => alertOf(element).includes('Look up the price: The price list is closed.'));
    await expect(element.state).toBe('failed');
  },
};

export const FailedThenTriedAgain: Story = {
  args: { fails: true },
  play: async ({ canvasElement }) => {
    const element = await press(canvasElement);
    await seen(() => buttonIn(element.shadowRoot!, 'Try again'));
    behaviour.fails = false;
    await userEvent.click(buttonIn(element.shadowRoot!, 'Try again')!);
    await seen(() => element.state === 'succeeded' && alertOf(element) === '');
  },
};

export const FailedWhileBlocking: Story = {
  args: { fails: true, 'screen-blocking': true },
  play: async ({ canvasElement }) => {
    await press(canvasElement);
    await seen(() => buttonIn(panel(), 'Try again'));
    await expect(panel()).toHaveTextContent('The price list is closed.');
  },
};

export const InvalidField: Story = {
  play: async ({ canvasElement }) => {
    const element = await elementIn(canvasElement);
    const field = canvasElement.querySelector('input')!;
    await userEvent.clear(field);
    await userEvent.click(element.button!);
    await waitFor(() => expect(document.activeElement).toBe(field), patient);
    await expect(element.state).toBe('idle');
  },
};

export const FaultyDefinition: Story = {
  args: { flow: 'faulty' },
  play: async ({ canvasElement }) => {
    const element = await press(canvasElement);
    await seen(() => alertOf(element).includes('mistake in its definition'));
  },
};

export const Disabled: Story = {
  render: () => html`<flow-button flow="quote" disabled>Get a quote</flow-button>`,
  play: async ({ canvasElement }) => {
    const element = await elementIn(canvasElement);
    await expect(element.button).toBeDisabled();
    await expect(await element.run()).toEqual({ status: 'dropped', reason: 'disabled' });
  },
};

export const OwnButton: Story = {
  render: (args) =>
    page(
      args,
      html`<flow-button flow="quote" input='{"quantity": 2}' target="#own-total">
          <button type="button" style="border-radius: 2rem; padding: 0.5rem 2rem">My own button</button>
        </flow-button>
        <p id="own-total">Total: <b data-value="total">–</b></p>`,
    ),
  play: async ({ canvasElement }) => {
    await press(canvasElement);
    await waitFor(() => expect(canvasElement.querySelector('#own-total')).toHaveTextContent('Total: 80'), patient);
  },
};

export const German: Story = {
  args: { delay: 60_000, 'screen-blocking': true },
  render: (args) => page(args, html`<div lang="de">${form(args, 'Angebot einholen')}</div>`),
  play: async ({ canvasElement }) => {
    await press(canvasElement);
    await seen(() => buttonIn(panel(), 'Abbrechen'));
  },
};
