// What people do with each other's tasks: vote, hand on, leave out, be told.
import type { Meta, StoryObj } from '@storybook/web-components-vite';
import { html } from 'lit';
import { expect, userEvent, waitFor } from 'storybook/test';
import { runtime, type ProcessStatus, type ProcessTasks } from '../components/index.js';
import './example-flows.js';
import { buttonIn, question } from './seen.js';

const meta: Meta = {
  title: 'Components/process-tasks: people',
  component: 'process-tasks',
  beforeEach: async () => {
    localStorage.clear();
    runtime.user = { id: 'mona', name: 'Mona', roles: ['manager'] };
    for (const view of await runtime.instances({ status: 'running' }))
      await (await runtime.instance(view.id))!.cancel();
  },
  render: () =>
    html`<div style="display: grid; gap: 1rem; max-width: 40rem">
      <datalist id="staff">
        <option value="otto">Otto</option>
        <option value="pia">Pia</option>
      </datalist>
      <process-tasks people="#staff"></process-tasks>
    </div>`,
};
export default meta;
type Story = StoryObj;

const patient = { timeout: 20_000 };
const listIn = (canvas: HTMLElement): ProcessTasks => canvas.querySelector('process-tasks')!;
const press = async (tasks: ProcessTasks, label: string): Promise<void> => {
  await waitFor(
    () => expect(tasks.shadowRoot!.querySelector(`button[aria-label^="${label}"]`)).not.toBe(null),
    patient,
  );
  await userEvent.click(tasks.shadowRoot!.querySelector<HTMLElement>(`button[aria-label^="${label}"]`)!);
};
const formIn = async (tasks: ProcessTasks): Promise<HTMLFormElement> => {
  await waitFor(() => expect(tasks.querySelector('form')).not.toBe(null), patient);
  return tasks.querySelector('form')!;
};

export const DueSoon: Story = {
  play: async ({ canvasElement }) => {
    await runtime.start('grant', { sum: 900 });
    await waitFor(() => expect(listIn(canvasElement).shadowRoot!.querySelector('.soon')).not.toBe(null), patient);
  },
};

export const Outcomes: Story = {
  play: async ({ canvasElement }) => {
    await runtime.start('grant', { sum: 900 });
    await press(listIn(canvasElement), 'Open');
    await expect(buttonIn(await formIn(listIn(canvasElement)), 'Refuse')).toBeVisible();
  },
};

export const Decided: Story = {
  play: async (context) => {
    await Outcomes.play!(context);
    const tasks = listIn(context.canvasElement);
    await userEvent.click(buttonIn(await formIn(tasks), 'Grant')!);
    const otto = runtime.as({ id: 'otto', roles: [] });
    await waitFor(async () => expect(await otto.tasks()).toHaveLength(1), patient);
    await otto.complete((await otto.tasks())[0]!.id, { outcome: 'grant' });
    await waitFor(() => expect(tasks.shadowRoot!.textContent).toContain('Write a note'), patient);
    await expect(await runtime.as({ id: 'pia', roles: [] }).tasks()).toHaveLength(0);
  },
};

export const LeftOut: Story = {
  play: async (context) => {
    await Decided.play!(context);
    const tasks = listIn(context.canvasElement);
    await press(tasks, 'Open');
    await userEvent.click(buttonIn(await formIn(tasks), 'Leave out')!);
    await waitFor(() => expect(question()).toBeDefined(), patient);
    await userEvent.click(buttonIn(question(), 'OK')!);
    await waitFor(() => expect(tasks.shadowRoot!.textContent).toContain('Nothing to do'), patient);
  },
};

export const HandingOn: Story = {
  play: async ({ canvasElement }) => {
    await runtime.start('leave', { days: 2 });
    const tasks = listIn(canvasElement);
    await press(tasks, 'Hand on');
    await waitFor(() => expect(tasks.shadowRoot!.querySelector('li select')).not.toBe(null), patient);
  },
};

export const HandedOn: Story = {
  render: () =>
    html`<div style="display: grid; grid-template-columns: repeat(auto-fit, minmax(18rem, 1fr)); gap: 2rem">
      <process-tasks people user="mona" roles="manager"></process-tasks>
      <process-tasks user="otto"></process-tasks>
    </div>`,
  play: async ({ canvasElement }) => {
    await runtime.start('leave', { days: 2 });
    const [mona, otto] = [...canvasElement.querySelectorAll('process-tasks')] as [ProcessTasks, ProcessTasks];
    await press(mona, 'Hand on');
    await waitFor(() => expect(mona.shadowRoot!.querySelector('li input')).not.toBe(null), patient);
    await userEvent.type(mona.shadowRoot!.querySelector<HTMLInputElement>('li input')!, 'otto{Enter}');
    await waitFor(() => expect(otto.shadowRoot!.textContent).toContain('handed on by mona'), patient);
  },
};

export const BegunBySomebodyElse: Story = {
  play: async ({ canvasElement }) => {
    await runtime.start('leave', { days: 2 });
    const tasks = listIn(canvasElement);
    await press(tasks, 'Open');
    const form = await formIn(tasks);
    await runtime.as({ id: 'otto', roles: ['manager'] }).claim((await runtime.tasks())[0]!.id);
    await waitFor(
      () => expect(form.querySelector('[role="alert"]')!.textContent).toContain('otto has taken this task'),
      patient,
    );
  },
};

export const StartedAgain: Story = {
  render: () => html`<process-status process="grant" restartable></process-status>`,
  play: async ({ canvasElement }) => {
    const { id } = await runtime.start('grant', { sum: 900 });
    await runtime.cancel(id);
    const status = canvasElement.querySelector('process-status') as ProcessStatus;
    await waitFor(() => expect(buttonIn(status.shadowRoot!, 'Start again')).toBeDefined(), patient);
    await userEvent.click(buttonIn(status.shadowRoot!, 'Start again')!);
    await waitFor(() => expect(status.handle!.view.status).toBe('running'), patient);
    await expect(status.handle!.view.variables['sum']).toBe(900);
  },
};

/** The browser's notifications and the badge of an installed app, as far as a page sees them. */
function fakeNotices(permission: NotificationPermission): { readonly told: string[]; readonly badges: number[] } {
  const seen = { told: [] as string[], badges: [] as number[] };
  class Notice extends EventTarget {
    static permission = permission;
    static requestPermission = (): Promise<string> => Promise.resolve((Notice.permission = 'granted'));
    constructor(title: string, { body }: { body: string }) {
      super();
      seen.told.push(`${title}: ${body}`);
    }
    close(): void {}
  }
  Object.assign(window, { Notification: Notice });
  Object.defineProperty(navigator, 'setAppBadge', {
    configurable: true,
    value: (count: number) => Promise.resolve(seen.badges.push(count)),
  });
  return seen;
}

export const AskedAboutNotices: Story = {
  beforeEach: () => void fakeNotices('default'),
  render: () => html`<process-tasks notify></process-tasks>`,
  play: async ({ canvasElement }) => {
    const tasks = listIn(canvasElement);
    await waitFor(() => expect(buttonIn(tasks.shadowRoot!, 'Notify me of new tasks')).toBeVisible(), patient);
  },
};

export const Notified: Story = {
  render: () => html`<process-tasks notify></process-tasks>`,
  play: async ({ canvasElement }) => {
    const seen = fakeNotices('default');
    const tasks = listIn(canvasElement);
    await waitFor(() => expect(tasks.tasks).toBeDefined(), patient);
    tasks.requestUpdate();
    await waitFor(() => expect(buttonIn(tasks.shadowRoot!, 'Notify me of new tasks')).toBeDefined(), patient);
    await userEvent.click(buttonIn(tasks.shadowRoot!, 'Notify me of new tasks')!);
    await waitFor(() => expect(buttonIn(tasks.shadowRoot!, 'Notify me of new tasks')).toBeUndefined(), patient);
    await runtime.start('leave', { days: 2 });
    await waitFor(() => expect(seen.told).toEqual(['Approve the leave: Leave request · new task']), patient);
    await expect(seen.badges.at(-1)).toBe(1);
  },
};
