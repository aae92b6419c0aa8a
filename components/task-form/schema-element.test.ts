import { expect, fixture, html, oneEvent } from '@open-wc/testing';
import { deleteDB } from 'idb';
import { until } from '../../test/browser/button-page.js';
import { runtime, type FlowDefinition } from '../../src/runtime/index.js';
import '../process-tasks/define.js';
import type { ProcessTasks } from '../process-tasks/process-tasks.js';

/** What stands between a form library and `schema-element`: `schema`, `value`, and `input` when it was edited. */
class LibraryForm extends HTMLElement {
  schema: { properties: Record<string, unknown> } | undefined;
  value: Record<string, unknown> = {};
  connectedCallback(): void {
    const root = this.attachShadow({ mode: 'open' });
    for (const name of Object.keys(this.schema!.properties)) {
      const field = Object.assign(document.createElement('input'), { ariaLabel: name });
      field.addEventListener('input', () => {
        this.value = { ...this.value, [name]: name === 'address' ? { city: field.value } : field.value };
      });
      root.append(field);
    }
  }
}

const journey: FlowDefinition = {
  flow: 'journey',
  kind: 'process',
  output: { entered: 'entered' },
  roles: { traveller: {} },
  activities: [
    {
      id: 'Plan',
      type: 'user',
      role: 'traveller',
      output: { entered: '$output' },
      form: {
        type: 'object',
        properties: {
          purpose: { type: 'string', title: 'Purpose' },
          address: { type: 'object', title: 'Address', properties: { city: { type: 'string', title: 'City' } } },
        },
      },
    },
  ],
};

describe('schema-element', () => {
  const database = `schema-${crypto.randomUUID()}`;
  before(() => {
    customElements.define('library-form', LibraryForm);
    runtime.configure({ database });
    runtime.define(journey);
    runtime.user = { id: 'ada', roles: ['traveller'] };
  });
  after(async () => {
    await runtime.close();
    await deleteDB(database);
  });

  it('has the forms of schemas made by a library, nested data included', async () => {
    const tasks = await fixture<ProcessTasks>(html`<process-tasks schema-element="library-form"></process-tasks>`);
    const instance = await runtime.start('journey');
    await until(() => tasks.shadowRoot!.querySelector('button.primary'));
    tasks.shadowRoot!.querySelector<HTMLElement>('button.primary')!.click();
    const inputs = (): HTMLInputElement[] => [
      ...(tasks.querySelector('library-form')?.shadowRoot?.querySelectorAll('input') ?? []),
    ];
    await until(() => inputs().length === 2);
    for (const [i, text] of ['fair', 'Bern'].entries()) {
      inputs()[i]!.value = text;
      for (const type of ['input', 'change'])
        inputs()[i]!.dispatchEvent(new Event(type, { bubbles: true, composed: true }));
    }
    const done = oneEvent(tasks, 'task-complete');
    tasks.querySelector<HTMLButtonElement>('form button')!.click();
    await done;
    expect((await instance.done).output).to.deep.equal({ entered: { purpose: 'fair', address: { city: 'Bern' } } });
  });
});
