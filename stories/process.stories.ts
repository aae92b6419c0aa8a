import type { Meta, StoryObj } from '@storybook/web-components-vite';
import { html } from 'lit';
import { expect, userEvent, waitFor } from 'storybook/test';
import { runtime, type ProcessButton, type ProcessTasks } from '../components/index.js';
import './example-flows.js';

const meta: Meta = {
  title: 'Components/process-button and process-tasks',
  component: 'process-tasks',
  beforeEach: async () => {
    runtime.user = { id: 'mona', name: 'Mona', roles: ['manager'] };
    for (const view of await runtime.instances({ status: 'running' }))
      await (await runtime.instance(view.id))!.cancel();
  },
  render: () =>
    html`<div style="display: grid; gap: 1rem; max-width: 40rem">
      <process-button process="leave" input='{"days": 3}'>Ask for leave</process-button>
      <process-tasks flow="leave"></process-tasks>
    </div>`,
};
export default meta;
type Story = StoryObj;

const parts = (canvas: HTMLElement): { button: ProcessButton; tasks: ProcessTasks } => ({
  button: canvas.querySelector('process-button')!,
  tasks: canvas.querySelector('process-tasks')!,
});
const patient = { timeout: 20_000 };
const press = async (tasks: ProcessTasks, label: string): Promise<void> => {
  await waitFor(
    () => expect(tasks.shadowRoot!.querySelector(`button[aria-label^="${label}"]`)).not.toBe(null),
    patient,
  );
  await userEvent.click(tasks.shadowRoot!.querySelector<HTMLElement>(`button[aria-label^="${label}"]`)!);
};

export const Empty: Story = {
  play: async ({ canvasElement }) => {
    const { tasks } = parts(canvasElement);
    await waitFor(() => expect(tasks.shadowRoot!.textContent).toContain('Nothing to do'), patient);
  },
};

export const Started: Story = {
  play: async ({ canvasElement }) => {
    const { button, tasks } = parts(canvasElement);
    await userEvent.click(button.button!);
    await waitFor(() => expect(button).toHaveTextContent('continues by itself'), patient);
    await waitFor(() => expect(tasks.shadowRoot!.querySelectorAll('li')).toHaveLength(1), patient);
  },
};

export const Claimed: Story = {
  play: async (context) => {
    await Started.play!(context);
    const { tasks } = parts(context.canvasElement);
    await press(tasks, 'Take');
    await waitFor(() => expect(tasks.shadowRoot!.textContent).toContain('taken by you'), patient);
  },
};

export const OpenedForm: Story = {
  play: async (context) => {
    await Started.play!(context);
    const { tasks } = parts(context.canvasElement);
    await press(tasks, 'Open');
    await waitFor(() => expect(tasks.querySelector('form select')).not.toBe(null), patient);
  },
};

export const Completed: Story = {
  play: async (context) => {
    await OpenedForm.play!(context);
    const { tasks } = parts(context.canvasElement);
    await userEvent.selectOptions(tasks.querySelector('select')!, 'refuse');
    await userEvent.click(tasks.querySelector('form button')!);
    await waitFor(() => expect(tasks.shadowRoot!.textContent).toContain('Nothing to do'), patient);
  },
};
