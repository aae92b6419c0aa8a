// A page with a loan to ask for and a work list, in three kinds of forms, and hands that do what a person does there.
import { fixture, html } from '@open-wc/testing';
import { deleteDB } from 'idb';
import { runtime, type FlowDefinition, type JsonSchema } from '../../src/runtime/index.js';
import '../../components/process-button/define.js';
import '../../components/process-tasks/define.js';
import type { ProcessButton } from '../../components/process-button/process-button.js';
import type { ProcessTasks } from '../../components/process-tasks/process-tasks.js';

const schema: JsonSchema = {
  type: 'object',
  required: ['verdict'],
  properties: {
    verdict: { title: 'Verdict', enum: ['yes', 'no'] },
    limit: { type: 'integer', title: 'Limit', minimum: 1, description: 'In whole euros' },
    urgent: { type: 'boolean', title: 'Urgent', default: true },
    tags: { type: 'array', title: 'Tags', items: { enum: ['a', 'b'] } },
    remark: { type: 'string', title: 'Remark', maxLength: 500 },
  },
};
export const loan = (form: string | JsonSchema, flow = 'loan'): FlowDefinition => ({
  flow,
  title: 'Loan',
  kind: 'process',
  input: { amount: { type: 'number' } },
  roles: { approver: {} },
  activities: [
    {
      id: 'Decide',
      name: 'Decide on the loan',
      type: 'user',
      role: 'approver',
      form,
      input: { amount: 'amount' },
      output: { decision: '$output' },
      due: 'P1D',
    },
    { id: 'Finish', type: 'script', output: { state: "'over'" } },
  ],
  connectors: [{ id: 'c', from: 'Decide', to: 'Finish' }],
});

export const ada = { id: 'ada', name: 'Ada', roles: ['approver'] };
export const eve = { id: 'eve', roles: ['approver'] };

/** For a test file: a database of its own, whose name it gives, with the flows `loan`, `by-schema` and `formless`. */
export function withLoans(): string {
  const database = `tasks-${crypto.randomUUID()}`;

  before(() => {
    runtime.configure({ database });
    runtime.define(loan('#decision'), loan(schema, 'by-schema'), loan('#nowhere', 'formless'));
  });
  after(async () => {
    await runtime.close();
    await deleteDB(database);
  });
  afterEach(async () => {
    localStorage.clear();
    for (const view of await runtime.instances()) if (view.status === 'running') await runtime.cancel(view.id);
  });
  return database;
}

export async function page(flow = 'loan'): Promise<{ button: ProcessButton; tasks: ProcessTasks }> {
  const root = await fixture(
    html`<div>
      <template id="decision">
        <p>Amount: <b data-value="amount"></b></p>
        <label>Reason <input name="reason" required /></label>
        <button name="approved" value="true">Approve</button>
        <button name="approved" value="false">Refuse</button>
      </template>
      <process-button process=${flow} input='{"amount": 500}'>Ask for a loan</process-button>
      <process-tasks flow=${flow}></process-tasks>
    </div>`,
  );
  return { button: root.querySelector('process-button')!, tasks: root.querySelector('process-tasks')! };
}

export const items = (tasks: ProcessTasks): HTMLElement[] => [...tasks.shadowRoot!.querySelectorAll<HTMLElement>('li')];
export const buttonOf = (item: HTMLElement | undefined, label: string): HTMLButtonElement | undefined =>
  [...(item?.querySelectorAll('button') ?? [])].find((b) => b.textContent!.trim() === label);
export const press = (item: HTMLElement | undefined, label: string): void => buttonOf(item, label)!.click();
export const statusOf = (element: ProcessButton): string =>
  element.shadowRoot!.querySelector('[role="status"]')!.textContent!;
