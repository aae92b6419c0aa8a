import type { Meta, StoryObj } from '@storybook/web-components-vite';
import { html, type TemplateResult } from 'lit';
import { expect, userEvent, waitFor } from 'storybook/test';
import type { FlowButton } from '../components/index.js';
import { behaviour } from './example-flows.js';

interface Args {
  flow: string;
  'screen-blocking': boolean;
  concurrency: string;
  delay: number;
  fails: boolean;
}

const meta: Meta<Args> = {
  title: 'Components/flow-button',
  component: 'flow-button',
  args: { flow: 'quote', 'screen-blocking': false, concurrency: 'drop', delay: 400, fails: false },
  argTypes: { concurrency: { control: 'select', options: ['drop', 'queue', 'replace', 'allow'] } },
  render: (args) => {
    behaviour.delay = args.delay;
    behaviour.fails = args.fails;
    return form(args);
  },
};
export default meta;
type Story = StoryObj<Args>;

function form(args: Args, label = 'Get a quote'): TemplateResult {
  return html`<form style="display: grid; gap: 0.75rem; max-width: 22rem">
    <label>Quantity <input name="quantity" type="number" value="5" required /></label>
    <label>Total <output name="total"></output></label>
    <flow-button flow=${args.flow} ?screen-blocking=${args['screen-blocking']} concurrency=${args.concurrency}
      >${label}</flow-button
    >
  </form>`;
}

const elementIn = async (canvas: HTMLElement): Promise<FlowButton> => {
  const element = canvas.querySelector('flow-button')!;
  await element.updateComplete;
  return element;
};
const patient = { timeout: 20_000 };

export const Idle: Story = {};

export const Background: Story = {
  play: async ({ canvasElement }) => {
    const element = await elementIn(canvasElement);
    await userEvent.click(element.button!);
    await waitFor(() => expect(element.state).toBe('running'), patient);
    await waitFor(() => expect(canvasElement.querySelector('output')).toHaveTextContent('180'), patient);
    await waitFor(() => expect(element.state).toBe('succeeded'), patient);
  },
};

export const Blocking: Story = {
  args: { 'screen-blocking': true },
  play: async ({ canvasElement }) => {
    const element = await elementIn(canvasElement);
    await userEvent.click(element.button!);
    await expect(document.querySelector('dialog.millrace-overlay')).toHaveProperty('open', true);
    await waitFor(() => expect(element.state).toBe('succeeded'), patient);
    await expect(document.querySelector('dialog.millrace-overlay')).toBe(null);
  },
};

export const BlockingBesideBackground: Story = {
  render: (args) => {
    behaviour.delay = args.delay;
    behaviour.fails = false;
    return html`<div style="display: flex; flex-wrap: wrap; gap: 3rem">
      ${form({ ...args, 'screen-blocking': true }, 'And wait')}
      ${form({ ...args, 'screen-blocking': false }, 'In the background')}
    </div>`;
  },
};

export const Busy: Story = {
  args: { delay: 60_000 },
  play: async ({ canvasElement }) => {
    const element = await elementIn(canvasElement);
    await userEvent.click(element.button!);
    await waitFor(() => expect(element.button).toHaveAttribute('aria-disabled', 'true'), patient);
  },
};

export const BlockedScreen: Story = {
  args: { delay: 60_000, 'screen-blocking': true },
  play: async ({ canvasElement }) => {
    const element = await elementIn(canvasElement);
    await userEvent.click(element.button!);
    await waitFor(() => expect(document.querySelector('dialog[data-visible]')).not.toBe(null), patient);
  },
};

export const Cancelled: Story = {
  args: { delay: 60_000, 'screen-blocking': true },
  play: async ({ canvasElement }) => {
    const element = await elementIn(canvasElement);
    await userEvent.click(element.button!);
    await waitFor(() => expect(document.querySelector('dialog[data-visible]')).not.toBe(null), patient);
    await userEvent.click(document.querySelector<HTMLElement>('.millrace-buttons button')!);
    await waitFor(() => expect(element).toHaveTextContent('Cancelled.'), patient);
    await expect(element.state).toBe('idle');
  },
};

export const Queued: Story = {
  args: { concurrency: 'queue' },
  play: async ({ canvasElement }) => {
    const element = await elementIn(canvasElement);
    await userEvent.click(element.button!);
    await userEvent.click(element.button!);
    await waitFor(() => expect(element.state).toBe('queued'), patient);
    await waitFor(() => expect(element.state).toBe('succeeded'), patient);
  },
};

export const Failed: Story = {
  args: { fails: true },
  play: async ({ canvasElement }) => {
    const element = await elementIn(canvasElement);
    await userEvent.click(element.button!);
    await waitFor(
      () => expect(element.querySelector('[role=alert]')).toHaveTextContent('The price list is closed.'),
      patient,
    );
    await expect(element.state).toBe('failed');
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
    const element = await elementIn(canvasElement);
    await userEvent.click(element.button!);
    await waitFor(
      () => expect(element.querySelector('[role=alert]')).toHaveTextContent('mistake in its definition'),
      patient,
    );
  },
};

export const OwnButton: Story = {
  render: () =>
    html`<flow-button flow="quote" input='{"quantity": 2}' target="#own-total">
        <button type="button" style="border-radius: 2rem; padding: 0.5rem 2rem">My own button</button>
      </flow-button>
      <p>Total: <span id="own-total"></span></p>`,
  play: async ({ canvasElement }) => {
    await userEvent.click((await elementIn(canvasElement)).button!);
    await waitFor(() => expect(canvasElement.querySelector('#own-total')).toHaveTextContent('80'), patient);
  },
};
