import type { Meta, StoryObj } from '@storybook/web-components-vite';
import { html } from 'lit';
import { expect, waitFor } from 'storybook/test';
import '../components/flow-graph/define.js';
import type { FlowGraph } from '../components/flow-graph/define.js';
import type { FlowDefinition } from '../src/runtime/index.js';
import { deadlock, unfinished, warnings } from './faulty-flows.js';

const meta: Meta<{ definition: FlowDefinition }> = {
  title: 'Components/flow-graph',
  component: 'flow-graph',
  render: ({ definition }) => html`<flow-graph .definition=${definition}></flow-graph>`,
};
export default meta;
type Story = StoryObj<{ definition: FlowDefinition }>;

const patient = { timeout: 20_000 };
const shadowOf = (canvas: HTMLElement): ShadowRoot => canvas.querySelector<FlowGraph>('flow-graph')!.shadowRoot!;
const faults = (canvas: HTMLElement): HTMLButtonElement[] => [
  ...shadowOf(canvas).querySelectorAll<HTMLButtonElement>('.faults button'),
];

async function choose(canvas: HTMLElement, code: string): Promise<void> {
  const found = (): HTMLButtonElement | undefined => faults(canvas).find((b) => b.textContent!.includes(code));
  await waitFor(() => expect(found()).toBeDefined(), patient);
  found()!.click();
  await waitFor(() => expect(shadowOf(canvas).querySelector('.blamed')).not.toBe(null), patient);
}

/** The join waits for two ways of which only one is ever taken: the picture shows the way there. */
export const Deadlock: Story = {
  args: { definition: deadlock },
  play: async ({ canvasElement }) => {
    await choose(canvasElement, 'FLOW-E301');
    await expect(shadowOf(canvasElement).querySelectorAll('.way.witness').length).toBeGreaterThan(1);
  },
};

/** It runs; the compiler has doubts. */
export const Warnings: Story = {
  args: { definition: warnings },
  play: ({ canvasElement }) => choose(canvasElement, 'FLOW-W501'),
};

/** Drawn as far as it goes: what a connector misses stands there with a question mark. */
export const Unfinished: Story = {
  args: { definition: unfinished },
  play: ({ canvasElement }) => choose(canvasElement, 'FLOW-E102'),
};

/** Nothing is wrong with it. */
export const WithoutFault: Story = {
  args: {
    definition: {
      ...deadlock,
      activities: deadlock.activities.map((a) => (a.id === 'Ship' ? { ...a, join: 'or' } : a)),
    },
  },
  play: ({ canvasElement }) =>
    waitFor(() => expect(shadowOf(canvasElement).textContent).toContain('It can run.'), patient),
};
