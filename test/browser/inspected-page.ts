// Instances for the inspector to show, and hands and eyes of somebody who uses it.
import { deleteDB } from 'idb';
import type { FlowInspector } from '../../components/flow-inspector/define.js';
import { runtime, type FlowDefinition } from '../../src/runtime/index.js';
import { until } from './button-page.js';

export const order: FlowDefinition = {
  flow: 'order',
  title: 'Order',
  kind: 'process',
  input: { sum: { type: 'number' } },
  variables: { paid: { initial: false } },
  roles: { boss: {} },
  activities: [
    { id: 'Approve', type: 'user', role: 'boss', output: { paid: 'true' } },
    { id: 'Pay', type: 'service', implementation: { ref: 'pay' } },
    { id: 'No', type: 'route' },
  ],
  connectors: [
    { id: 'c1', from: 'Approve', to: 'Pay', condition: 'paid' },
    { id: 'c2', from: 'Approve', to: 'No', default: true },
  ],
};

export const boxed: FlowDefinition = {
  flow: 'boxed',
  kind: 'process',
  roles: { clerk: {} },
  activities: [
    { id: 'Before', type: 'script' },
    { id: 'Look', type: 'user', role: 'clerk' },
  ],
  connectors: [{ id: 'c1', from: 'Before', to: 'Look' }],
  subflows: { Box: { activities: ['Look'] } },
};

/** Two parallel ways run the last activity twice. */
export const doubtful: FlowDefinition = {
  flow: 'doubtful',
  kind: 'process',
  activities: [
    { id: 'S', type: 'script', split: 'and' },
    { id: 'A', type: 'script' },
    { id: 'B', type: 'script' },
    { id: 'J', type: 'script', join: 'xor' },
  ],
  connectors: [
    { id: 'c1', from: 'S', to: 'A' },
    { id: 'c2', from: 'S', to: 'B' },
    { id: 'c3', from: 'A', to: 'J' },
    { id: 'c4', from: 'B', to: 'J' },
  ],
};

export const listening: FlowDefinition = {
  flow: 'listening',
  kind: 'process',
  activities: [
    { id: 'Get', type: 'receive', message: { name: 'paid' } },
    { id: 'Then', type: 'receive', message: { name: 'shipped' } },
  ],
  connectors: [{ id: 'c1', from: 'Get', to: 'Then' }],
};

export const joined: FlowDefinition = {
  ...doubtful,
  flow: 'joined',
  roles: { clerk: {} },
  activities: [
    { id: 'S', type: 'script', split: 'and' },
    { id: 'A', type: 'script' },
    { id: 'B', type: 'user', role: 'clerk' },
    { id: 'J', type: 'script', join: 'and' },
  ],
};

/** What stands behind the flows' functions. */
export interface Bank {
  isClosed: boolean;
}

/** For the tests of a `describe`: a database of their own, with these flows and a bank that may be closed. */
export function bankedRuntime(): Bank {
  const database = `inspector-${crypto.randomUUID()}`;
  const bank: Bank = { isClosed: false };
  before(() => {
    runtime.configure({ database });
    runtime.define(order, boxed, doubtful, joined, listening);
    runtime.implement('pay', () => {
      if (bank.isClosed) throw Object.assign(new Error('the bank is closed'), { code: 'Closed', retryable: false });
      return null;
    });
  });
  beforeEach(() => {
    bank.isClosed = false;
  });
  after(async () => {
    await runtime.close();
    await deleteDB(database);
  });
  return bank;
}

export const shown = (element: FlowInspector): string => element.shadowRoot!.textContent!.replaceAll(/\s+/g, ' ');

/** What the activities on the graph are called. */
export const labels = (element: FlowInspector): (string | null)[] =>
  [...element.shadowRoot!.querySelectorAll('.node')].map((n) => n.getAttribute('aria-label'));

export const press = (element: FlowInspector, name: string): void =>
  [...element.shadowRoot!.querySelectorAll('button')].find((b) => b.textContent!.trim().startsWith(name))!.click();

/** Chooses an act, answers what it asks, and does it. */
export async function act(
  element: FlowInspector,
  name: string,
  answers: Readonly<Record<string, string>> = {},
): Promise<void> {
  press(element, name);
  const form = (): HTMLFormElement | null => element.shadowRoot!.querySelector('form.act');
  await until(() => form() !== null);
  for (const [field, value] of Object.entries(answers))
    (form()!.elements.namedItem(field) as HTMLInputElement).value = value;
  form()!.requestSubmit();
  await until(() => form() === null || form()!.querySelector('[role=alert]') !== null);
}

/** Why what somebody wanted to do was refused. */
export const told = (element: FlowInspector): string =>
  element.shadowRoot!.querySelector('form.act [role=alert]')?.textContent ?? '';

/** Completes the task that the instance waits for. */
export async function completeTaskOf(id: string): Promise<void> {
  await runtime.complete((await runtime.tasks(undefined)).find((t) => t.instance === id)!.id);
}
