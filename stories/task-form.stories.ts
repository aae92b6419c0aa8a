// One task's form by itself: from a schema, the page's template, an element of the page; what it says when something is wrong.
import type { Meta, StoryObj } from '@storybook/web-components-vite';
import { html, type TemplateResult } from 'lit';
import { expect, userEvent, waitFor } from 'storybook/test';
import { runtime, type TaskForm } from '../components/index.js';
import type { FlowDefinition, JsonSchema, TaskView } from '../src/runtime/index.js';
import './example-flows.js';
import { buttonIn } from './seen.js';

const schema: JsonSchema = {
  type: 'object',
  required: ['verdict'],
  properties: {
    verdict: { title: 'Verdict', enum: ['yes', 'no'] },
    limit: { type: 'integer', title: 'Limit', minimum: 1, description: 'In whole euros' },
    until: { type: 'string', format: 'date', title: 'Until' },
    urgent: { type: 'boolean', title: 'Urgent' },
    tags: { type: 'array', title: 'Tags', items: { enum: ['car', 'house'] } },
    remark: { type: 'string', title: 'Remark', maxLength: 500 },
  },
};

const review = (flow: string, form: string | JsonSchema): FlowDefinition => ({
  flow,
  title: 'Loan',
  kind: 'process',
  input: { amount: { type: 'number' } },
  roles: { manager: {} },
  activities: [
    { id: 'Decide', name: 'Decide on the loan', type: 'user', role: 'manager', form, input: { amount: 'amount' } },
  ],
});
runtime.define(
  review('loan-schema', schema),
  review('loan-template', '#loan-decision'),
  review('loan-element', 'amount-slider'),
  review('loan-missing', '#not-there'),
);

/** A form of the page's own: `value` goes in and out, `input` says that it was edited. */
class AmountSlider extends HTMLElement {
  task: TaskView | undefined;
  value: Record<string, number> = {};

  connectedCallback(): void {
    if (this.firstChild) return;
    const field = Object.assign(document.createElement('input'), { type: 'range', min: '0', max: '1000' });
    field.value = String(this.value['amount'] ?? 0);
    field.setAttribute('aria-label', 'Amount to grant');
    field.addEventListener('input', () => (this.value = { amount: field.valueAsNumber }));
    this.append(field);
  }
}
if (!customElements.get('amount-slider')) customElements.define('amount-slider', AmountSlider);

/** Stands for a form library: makes a field of every property. */
class LibraryForm extends HTMLElement {
  schema: { properties: Record<string, { title?: string }> } | undefined;
  value: Record<string, string> = {};

  connectedCallback(): void {
    if (this.firstChild) return;
    this.style.cssText = 'display: grid; gap: 0.5rem; justify-items: end';
    for (const [name, { title }] of Object.entries(this.schema!.properties)) {
      const label = Object.assign(document.createElement('label'), { textContent: `${title ?? name} ` });
      const field = document.createElement('input');
      field.addEventListener('input', () => (this.value = { ...this.value, [name]: field.value }));
      label.append(field);
      this.append(label);
    }
  }
}
if (!customElements.get('library-form')) customElements.define('library-form', LibraryForm);

const meta: Meta = {
  title: 'Components/task-form',
  component: 'task-form',
  beforeEach: async () => {
    localStorage.clear();
    runtime.user = { id: 'mona', name: 'Mona', roles: ['manager'] };
    for (const view of await runtime.instances({ status: 'running' })) await runtime.cancel(view.id);
  },
  render: () => page(),
};
export default meta;
type Story = StoryObj;

const patient = { timeout: 20_000 };

function page(): TemplateResult {
  return html`<div style="max-width: 32rem">
    <template id="loan-decision">
      <p>They ask for <b data-value="amount"></b> euros.</p>
      <label>Reason <input name="reason" required /></label>
      <button name="approved" value="true">Approve</button>
      <button name="approved" value="false">Refuse</button>
    </template>
    <task-form></task-form>
  </div>`;
}

/** Starts the flow and shows its task. */
async function show(canvas: HTMLElement, flow: string): Promise<{ form: TaskForm; task: TaskView }> {
  const form = canvas.querySelector('task-form')!;
  const { id } = await runtime.start(flow, { amount: 500 });
  let task: TaskView | undefined;
  await waitFor(async () => {
    task = (await runtime.tasks()).find(({ instance }) => instance === id);
    await expect(task).toBeDefined();
  }, patient);
  form.task = task;
  await waitFor(() => expect(form.querySelector('form')).not.toBe(null), patient);
  return { form, task: task! };
}

export const FromASchema: Story = {
  play: async ({ canvasElement }) => {
    const { form } = await show(canvasElement, 'loan-schema');
    await expect(form.querySelector('input[type="date"]')).toBeVisible();
    await expect(form.querySelectorAll('fieldset input')).toHaveLength(2);
  },
};

export const FromATemplate: Story = {
  play: async ({ canvasElement }) => {
    const { form } = await show(canvasElement, 'loan-template');
    await expect(form.textContent).toContain('500');
    await userEvent.type(form.querySelector('input')!, 'solid');
    await userEvent.click(buttonIn(form, 'Approve')!);
    await waitFor(async () => expect(await runtime.tasks()).toHaveLength(0), patient);
  },
};

export const FromAnElement: Story = {
  play: async ({ canvasElement }) => {
    const { form } = await show(canvasElement, 'loan-element');
    await expect(form.querySelector<HTMLInputElement>('amount-slider input')!.value).toBe('500');
  },
};

export const SchemaByAnElement: Story = {
  render: () => html`<div style="max-width: 32rem"><task-form schema-element="library-form"></task-form></div>`,
  play: async ({ canvasElement }) => {
    const { form } = await show(canvasElement, 'loan-schema');
    await expect(form.querySelectorAll('library-form input')).toHaveLength(6);
    await userEvent.type(form.querySelector<HTMLInputElement>('library-form input')!, 'yes');
    await userEvent.click(buttonIn(form, 'Done')!);
    await waitFor(async () => expect(await runtime.tasks()).toHaveLength(0), patient);
  },
};

export const FieldRequired: Story = {
  play: async ({ canvasElement }) => {
    const { form } = await show(canvasElement, 'loan-schema');
    await userEvent.click(buttonIn(form, 'Done')!);
    await expect(document.activeElement).toBe(form.querySelector('select'));
  },
};

export const Refused: Story = {
  play: async ({ canvasElement }) => {
    const { form, task } = await show(canvasElement, 'loan-template');
    form.noClaim = true;
    await runtime.as({ id: 'otto', roles: ['manager'] }).claim(task.id);
    await userEvent.type(form.querySelector('input')!, 'solid');
    await userEvent.click(buttonIn(form, 'Approve')!);
    await waitFor(() => expect(form.querySelector('[role="alert"]')!.textContent).not.toBe(''), patient);
    await expect(form.querySelector('input')!.value).toBe('solid');
  },
};

export const OpenedByTwo: Story = {
  play: async ({ canvasElement }) => {
    const { form, task } = await show(canvasElement, 'loan-template');
    const others: string[] = [];
    runtime
      .as({ id: 'otto', name: 'Otto', roles: ['manager'] })
      .attend(task.id, (there) => others.splice(0, others.length, ...there.map(({ name }) => name ?? '')));
    await waitFor(() => expect(form.textContent).toContain('Otto has this task open too'), patient);
    await waitFor(() => expect(others).toEqual(['Mona']), patient);
  },
};

export const FormMissing: Story = {
  play: async ({ canvasElement }) => {
    const { form } = await show(canvasElement, 'loan-missing');
    await expect(form.textContent).toContain('not on this page');
  },
};

export const German: Story = {
  render: () => html`<div lang="de" style="max-width: 32rem"><task-form></task-form></div>`,
  play: async ({ canvasElement }) => {
    const { form } = await show(canvasElement, 'loan-schema');
    await expect(buttonIn(form, 'Erledigt')).toBeVisible();
  },
};

export const RightToLeft: Story = {
  render: () => html`<div dir="rtl" style="max-width: 32rem"><task-form></task-form></div>`,
  play: FromASchema.play!,
};
