import type { Meta, StoryObj } from '@storybook/web-components-vite';
import { html } from 'lit';
import { expect, userEvent, waitFor } from 'storybook/test';
import { runtime, type ProcessButton, type ProcessTasks } from '../components/index.js';
import './example-flows.js';
import { buttonIn, question, statusOf } from './seen.js';

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

export const TwoPeople: Story = {
  render: () =>
    html`<div style="display: grid; grid-template-columns: repeat(auto-fit, minmax(18rem, 1fr)); gap: 2rem">
      <section>
        <h3>Mona</h3>
        <process-tasks flow="leave" user="mona" roles="manager"></process-tasks>
      </section>
      <section>
        <h3>Otto</h3>
        <process-tasks flow="leave" user="otto" roles="manager"></process-tasks>
      </section>
    </div>`,
  play: async ({ canvasElement }) => {
    const [mona, otto] = [...canvasElement.querySelectorAll('process-tasks')] as [ProcessTasks, ProcessTasks];
    await runtime.start('leave', { days: 2 });
    await press(mona, 'Take');
    await waitFor(() => expect(otto.shadowRoot!.textContent).toContain('taken by mona'), patient);
  },
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
    await waitFor(() => expect(statusOf(button)).toContain('continues by itself'), patient);
    await waitFor(() => expect(tasks.shadowRoot!.querySelectorAll('li')).toHaveLength(1), patient);
  },
};

export const StartedOnce: Story = {
  render: () =>
    html`<process-button process="leave" business-key="'holiday'" start-once input='{"days": 3}'
      >Ask for leave once</process-button
    >`,
  play: async ({ canvasElement }) => {
    const { button } = parts(canvasElement);
    await userEvent.click(button.button!);
    await waitFor(() => expect(statusOf(button)).toContain('Started'), patient);
    await userEvent.click(button.button!);
    await waitFor(() => expect(statusOf(button)).toContain('already running'), patient);
  },
};

export const Idle: Story = {
  render: () => html`<process-button process="leave">Ask for leave</process-button>`,
  play: async ({ canvasElement }) => {
    const { button } = parts(canvasElement);
    await waitFor(() => expect(button.matches(':state(idle)')).toBe(true), patient);
  },
};

export const Disabled: Story = {
  render: () => html`<process-button process="leave" disabled>Ask for leave</process-button>`,
  play: async ({ canvasElement }) => expect(parts(canvasElement).button.button).toBeDisabled(),
};

export const Asked: Story = {
  render: () =>
    html`<process-button process="leave" input='{"days": 3}' confirm="Three days off?">Ask for leave</process-button>`,
  play: async ({ canvasElement }) => {
    const { button } = parts(canvasElement);
    await userEvent.click(button.button!);
    await waitFor(() => expect(question()?.textContent).toContain('Three days off?'), patient);
    await userEvent.click(buttonIn(question(), 'Cancel')!);
    await waitFor(() => expect(question()).toBeUndefined(), patient);
    await expect(button.state).toBe('idle');
    await expect(await runtime.tasks()).toHaveLength(0);
  },
};

export const NotStarted: Story = {
  render: () => html`<process-button process="quote">Ask for leave</process-button>`,
  play: async ({ canvasElement }) => {
    const { button } = parts(canvasElement);
    await userEvent.click(button.button!);
    await waitFor(() => expect(button.state).toBe('failed'), patient);
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

export const TakenBySomebodyElse: Story = {
  play: async (context) => {
    await Started.play!(context);
    const { tasks } = parts(context.canvasElement);
    await runtime.as({ id: 'otto', roles: ['manager'] }).claim((await runtime.tasks())[0]!.id);
    await waitFor(() => expect(tasks.shadowRoot!.textContent).toContain('taken by otto'), patient);
    await expect(tasks.shadowRoot!.querySelector('li button')).toBe(null);
  },
};

export const RequiredField: Story = {
  play: async (context) => {
    await OpenedForm.play!(context);
    const { tasks } = parts(context.canvasElement);
    await userEvent.click(tasks.querySelector('form button')!);
    await expect(tasks.querySelector('select')!.validity.valueMissing).toBe(true);
    await expect(document.activeElement).toBe(tasks.querySelector('select'));
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

export const SearchAndPages: Story = {
  render: () =>
    html`<div style="max-width: 40rem"><process-tasks flow="leave" filterable page-size="3"></process-tasks></div>`,
  play: async ({ canvasElement }) => {
    const tasks = canvasElement.querySelector('process-tasks')!;
    for (let days = 1; days <= 7; days++) await runtime.start('leave', { days });
    await waitFor(() => expect(tasks.tasks).toHaveLength(7), patient);
    await waitFor(() => expect(tasks.shadowRoot!.querySelector('nav')!.textContent).toContain('1–3 of 7'), patient);
    await press(tasks, 'Take');
    await userEvent.selectOptions(tasks.shadowRoot!.querySelector('select')!, 'mine');
    await waitFor(() => expect(tasks.shadowRoot!.querySelectorAll('li')).toHaveLength(1), patient);
    await userEvent.selectOptions(tasks.shadowRoot!.querySelector('select')!, 'all');
    await waitFor(() => expect(tasks.shadowRoot!.querySelectorAll('li')).toHaveLength(3), patient);
  },
};

export const DraftIsBack: Story = {
  play: async (context) => {
    await OpenedForm.play!(context);
    const { tasks } = parts(context.canvasElement);
    await userEvent.type(tasks.querySelector<HTMLInputElement>('[name="remark"]')!, 'Ask the team first');
    await press(tasks, 'Close');
    await press(tasks, 'Open');
    await waitFor(() => expect(tasks.querySelector('.task-form-draft')).not.toBe(null), patient);
    await expect(tasks.querySelector<HTMLInputElement>('[name="remark"]')!.value).toBe('Ask the team first');
  },
};
