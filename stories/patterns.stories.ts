/// <reference types="vite/client" />
import type { Meta, StoryObj } from '@storybook/web-components-vite';
import { html } from 'lit';
import { expect, userEvent, waitFor } from 'storybook/test';
import '../components/flow-inspector/define.js';
import type { FlowInspector } from '../components/flow-inspector/define.js';
import { runtime } from '../components/index.js';
import type { FlowDefinition } from '../src/runtime/index.js';

const files = import.meta.glob<{ default: FlowDefinition }>('../patterns/*.flow.json', { eager: true });
const patterns = Object.values(files).map((file) => file.default);
const titles = Object.fromEntries(patterns.map((p) => [p.flow, p.title ?? p.flow]));
runtime.define(...patterns);
runtime.implement('work', () => null);

/** Something for every input that a pattern declares. */
const examples: Readonly<Record<string, string | number | boolean | readonly number[]>> = {
  amount: 200,
  b: true,
  c: true,
  first: true,
  items: [1, 2, 3],
  bidders: [1, 2, 3],
  limit: 3,
  n: 4,
};

const meta: Meta<{ pattern: string }> = {
  title: 'Control-flow patterns',
  argTypes: { pattern: { control: { type: 'select', labels: titles }, options: Object.keys(titles) } },
  beforeEach: async () => {
    runtime.user = { id: 'casey', name: 'Casey', roles: ['clerk'] };
    for (const view of await runtime.instances({ status: 'running' })) await runtime.cancel(view.id);
  },
  render: ({ pattern }) => {
    const definition = patterns.find((p) => p.flow === pattern)!;
    const input = Object.fromEntries(Object.keys(definition.input ?? {}).map((name) => [name, examples[name] ?? null]));
    const start = async (event: Event): Promise<void> => {
      const { id } = await runtime.start(pattern, input);
      const inspector = (event.target as Element).parentElement!.querySelector<FlowInspector>('flow-inspector')!;
      await inspector.show(id);
    };
    return html`<div>
      <h1>${definition.title}</h1>
      <p>${definition.description}</p>
      <button type="button" @click=${start}>Run it</button>
      <flow-inspector></flow-inspector>
      <process-tasks></process-tasks>
    </div>`;
  },
};
export default meta;
type Story = StoryObj<{ pattern: string }>;

const patient = { timeout: 20_000 };
async function runs(canvas: HTMLElement, activity: string): Promise<void> {
  await userEvent.click(canvas.querySelector('button')!);
  const labels = (): (string | null)[] =>
    [...canvas.querySelector('flow-inspector')!.shadowRoot!.querySelectorAll('.node')].map((n) =>
      n.getAttribute('aria-label'),
    );
  await waitFor(() => expect(labels().some((l) => l?.startsWith(activity))).toBe(true), patient);
}

/** Choose any of them with the control. */
export const ExclusiveChoice: Story = {
  args: { pattern: 'wcp-04-exclusive-choice' },
  play: ({ canvasElement }) => runs(canvasElement, 'C: skipped'),
};

export const SynchronizingMerge: Story = {
  args: { pattern: 'wcp-07-structured-synchronizing-merge' },
  play: ({ canvasElement }) => runs(canvasElement, 'E: completed'),
};

export const DeferredChoice: Story = {
  args: { pattern: 'wcp-16-deferred-choice' },
  play: ({ canvasElement }) => runs(canvasElement, 'Wait: running'),
};

export const PartialJoinOverPeople: Story = {
  args: { pattern: 'wcp-35-cancelling-partial-join-for-multiple-instances' },
  play: ({ canvasElement }) => runs(canvasElement, 'M: ready'),
};
