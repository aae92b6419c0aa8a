import type { Meta, StoryObj } from '@storybook/web-components-vite';
import { html } from 'lit';
import { expect, userEvent, waitFor } from 'storybook/test';
import '../components/flow-inspector/define.js';
import '../components/inspector-panel/define.js';
import type { FlowInspector } from '../components/flow-inspector/define.js';
import { runtime } from '../components/index.js';
import './example-flows.js';

const meta: Meta = {
  title: 'Components/flow-inspector',
  component: 'flow-inspector',
  beforeEach: async () => {
    runtime.user = { id: 'casey', name: 'Casey', roles: ['claimant', 'clerk'] };
    for (const view of await runtime.instances({ status: 'running' })) await runtime.cancel(view.id);
  },
  render: () => html`<flow-inspector></flow-inspector>`,
};
export default meta;
type Story = StoryObj;

const patient = { timeout: 20_000 };
const shadowOf = (canvas: HTMLElement): ShadowRoot =>
  canvas.querySelector<FlowInspector>('flow-inspector')!.shadowRoot!;
const why = (canvas: HTMLElement): string => shadowOf(canvas).querySelector('.why')?.textContent ?? '';
const tab = (canvas: HTMLElement, name: string): HTMLElement =>
  shadowOf(canvas).querySelector<HTMLElement>(`#tab-${name}`)!;

async function start(canvas: HTMLElement): Promise<string> {
  const { id } = await runtime.start('damage', { sum: 400 });
  canvas.querySelector<FlowInspector>('flow-inspector')!.instance ??= id;
  await waitFor(() => expect(shadowOf(canvas).querySelector('.entry')).not.toBe(null), patient);
  await userEvent.click(shadowOf(canvas).querySelector<HTMLElement>('.entry')!);
  await waitFor(() => expect(why(canvas)).toContain('Describe the damage'), patient);
  return id;
}

export const WaitingForAPerson: Story = {
  play: async ({ canvasElement }) => {
    await start(canvasElement);
    const node = (): Element | null => shadowOf(canvasElement).querySelector('.node.ready');
    await waitFor(() => expect(node()).not.toBe(null), patient);
    await expect(node()!.getAttribute('aria-label')).toContain('ready');
  },
};

export const BackInTime: Story = {
  play: async ({ canvasElement }) => {
    await start(canvasElement);
    tab(canvasElement, 'steps').click();
    await waitFor(() => expect(shadowOf(canvasElement).querySelectorAll('.step').length).toBeGreaterThan(0), patient);
    shadowOf(canvasElement).querySelector<HTMLElement>('.step')!.click();
    tab(canvasElement, 'data').click();
    await waitFor(() => expect(shadowOf(canvasElement).querySelector('table')!.textContent).toContain('400'), patient);
  },
};

export const AsASequence: Story = {
  play: async ({ canvasElement }) => {
    await start(canvasElement);
    tab(canvasElement, 'sequence').click();
    const picture = (): string | null | undefined =>
      shadowOf(canvasElement).querySelector('.sequence svg')?.getAttribute('aria-label');
    await waitFor(() => expect(picture()).toContain('asks role claimant: Describe the damage'), patient);
    [...shadowOf(canvasElement).querySelectorAll('button')]
      .find((b) => b.textContent!.trim() === 'As defined')!
      .click();
    await waitFor(
      () => expect(shadowOf(canvasElement).querySelector('.canvas svg title')!.textContent).toContain('sequence'),
      patient,
    );
  },
};

export const AlongTheConnectors: Story = {
  play: async ({ canvasElement }) => {
    await start(canvasElement);
    const first = (): SVGElement | null => shadowOf(canvasElement).querySelector('.graph [tabindex="0"]');
    await waitFor(() => expect(first()).not.toBe(null), patient);
    const at = (): Element | null => shadowOf(canvasElement).activeElement;
    const press = (key: string): unknown => at()?.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true }));
    const label = (): string => at()?.getAttribute('aria-label') ?? '';
    const isAt = (name: string): Promise<unknown> => waitFor(() => expect(label()).toContain(name), { timeout: 2000 });
    // The graph is drawn anew when the instance has been loaded; whoever was in it before starts again.
    await waitFor(async () => {
      first()!.focus();
      press('Home');
      await isAt('Describe the damage');
      press('ArrowRight');
      await isAt('Check the claim');
    }, patient);
  },
};

export const LanesByRole: Story = {
  play: async ({ canvasElement }) => {
    await start(canvasElement);
    const lanes = [...shadowOf(canvasElement).querySelectorAll('button')].find(
      (b) => b.textContent!.trim() === 'Lanes',
    )!;
    lanes.click();
    await waitFor(() => expect(shadowOf(canvasElement).querySelector('.lane')).not.toBe(null), patient);
  },
};

/** Everything that is done about an instance is asked for once, with who and why, and stands in its journal. */
export const HandingATaskOver: Story = {
  play: async ({ canvasElement }) => {
    await start(canvasElement);
    const button = (label: string): HTMLElement =>
      [...shadowOf(canvasElement).querySelectorAll('button')].find((b) => b.textContent!.trim() === label)!;
    await waitFor(() => expect(button('Hand over …')).toBeDefined(), patient);
    button('Hand over …').click();
    const form = (): HTMLFormElement | null => shadowOf(canvasElement).querySelector('form.act');
    await waitFor(() => expect(form()).not.toBe(null), patient);
    (form()!.elements.namedItem('to') as HTMLInputElement).value = 'robin';
    form()!.requestSubmit();
    await waitFor(() => expect(why(canvasElement)).toContain('taken by robin'), patient);
  },
};

/** At the edge of any page: Alt+Shift+I or `?inspect` in the address opens it. */
export const AsAPanel: Story = {
  render: () =>
    html`<p>Any page.</p>
      <inspector-panel side="right"></inspector-panel>`,
  play: async ({ canvasElement }) => {
    const panel = canvasElement.querySelector('inspector-panel')!;
    document.dispatchEvent(new KeyboardEvent('keydown', { key: 'I', code: 'KeyI', altKey: true, shiftKey: true }));
    await waitFor(() => expect(panel.shadowRoot!.querySelector('flow-inspector')).not.toBe(null), patient);
  },
};
