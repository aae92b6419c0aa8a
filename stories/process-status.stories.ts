import type { Meta, StoryObj } from '@storybook/web-components-vite';
import { html } from 'lit';
import { expect, userEvent, waitFor } from 'storybook/test';
import { runtime, type ProcessButton, type ProcessStatus } from '../components/index.js';
import './example-flows.js';
import { buttonIn, question } from './seen.js';

const meta: Meta = {
  title: 'Components/process-status',
  component: 'process-status',
  beforeEach: async () => {
    runtime.user = { id: 'casey', name: 'Casey', roles: ['claimant', 'clerk'] };
    for (const view of await runtime.instances({ status: 'running' })) await runtime.cancel(view.id);
  },
  render: () => html`<process-status process="damage" cancelable></process-status>`,
};
export default meta;
type Story = StoryObj;

const patient = { timeout: 20_000 };
const statusIn = (canvas: HTMLElement): ProcessStatus => canvas.querySelector('process-status')!;
const stateIn = (canvas: HTMLElement): string | undefined =>
  statusIn(canvas).shadowRoot!.querySelector<HTMLElement>('[part="state"]')?.dataset['state'];
const currentIn = (canvas: HTMLElement): string | undefined =>
  statusIn(canvas).shadowRoot!.querySelector('[aria-current] .name')?.textContent ?? undefined;

async function start(canvas: HTMLElement): Promise<string> {
  const { id } = await runtime.start('damage', { sum: 400 }, { key: 'D-2026-17' });
  await waitFor(() => expect(statusIn(canvas).handle?.id).toBe(id), patient);
  await waitFor(() => expect(currentIn(canvas)).toBe('Describe the damage'), patient);
  return id;
}

async function completeNext(id: string): Promise<void> {
  const ofIt = async (): Promise<string> => (await runtime.tasks()).find((t) => t.instance === id)!.id;
  await runtime.complete(await ofIt(), { what: 'A tree fell on it.' });
}

export const NothingYet: Story = {
  render: () => html`<process-status instance="unknown"></process-status>`,
  play: async ({ canvasElement }) => {
    await waitFor(() => expect(statusIn(canvasElement).shadowRoot!.textContent).toContain('nothing to show'), patient);
  },
};

export const AtTheFirstStep: Story = { play: async ({ canvasElement }) => void (await start(canvasElement)) };

export const OnItsWay: Story = {
  play: async ({ canvasElement }) => {
    await completeNext(await start(canvasElement));
    await waitFor(() => expect(currentIn(canvasElement)).toBe('Check the claim'), patient);
  },
};

export const Over: Story = {
  play: async ({ canvasElement }) => {
    const id = await start(canvasElement);
    await completeNext(id);
    await waitFor(() => expect(currentIn(canvasElement)).toBe('Check the claim'), patient);
    await completeNext(id);
    await waitFor(() => expect(stateIn(canvasElement)).toBe('completed'), patient);
  },
};

export const Withdrawn: Story = {
  play: async ({ canvasElement }) => {
    await start(canvasElement);
    await userEvent.click(statusIn(canvasElement).shadowRoot!.querySelector<HTMLElement>('[part="withdraw"]')!);
    await waitFor(() => expect(buttonIn(question(), 'OK')).not.toBe(undefined), patient);
    await userEvent.click(buttonIn(question(), 'OK')!);
    await waitFor(() => expect(stateIn(canvasElement)).toBe('cancelled'), patient);
  },
};

export const Failed: Story = {
  render: () => html`<process-status process="shipment"></process-status>`,
  play: async ({ canvasElement }) => {
    await runtime.start('shipment');
    await waitFor(() => expect(stateIn(canvasElement)).toBe('failed'), patient);
    await expect(statusIn(canvasElement).shadowRoot!.querySelector('li[data-state="failed"]')).not.toBe(null);
  },
};

export const German: Story = {
  render: () => html`<div lang="de"><process-status process="damage" cancelable></process-status></div>`,
  play: async (context) => {
    await AtTheFirstStep.play!(context);
    await expect(statusIn(context.canvasElement).shadowRoot!.textContent).toContain('kommt noch');
  },
};

export const RightToLeft: Story = {
  render: () => html`<div dir="rtl"><process-status process="damage" cancelable></process-status></div>`,
  play: AtTheFirstStep.play!,
};

export const FirstTaskInPlace: Story = {
  render: () =>
    html`<form style="display: grid; gap: 1rem; justify-items: start">
      <label>Sum <input name="sum" type="number" value="400" /></label>
      <process-button process="damage" open-first-task>Report damage</process-button>
    </form>`,
  play: async ({ canvasElement }) => {
    await userEvent.click(canvasElement.querySelector<ProcessButton>('process-button')!.button!);
    await waitFor(() => expect(canvasElement.querySelector('task-form input')).not.toBe(null), patient);
    await waitFor(() => expect(document.activeElement).toBe(canvasElement.querySelector('task-form input')), patient);
  },
};
