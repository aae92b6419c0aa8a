// The form of one task: the author's own `<template>`, or fields from a JSON Schema, or nothing but a button.
import type { JsonObject, TaskView } from '../../src/runtime/index.js';
import { readForm } from '../forms/form-input.js';
import { text } from './task-texts.js';

interface FieldSchema {
  readonly type?: string;
  readonly title?: string;
  readonly description?: string;
  readonly enum?: readonly (string | number)[];
  readonly default?: unknown;
  readonly format?: string;
}

/** Builds the form; `complete` receives what was entered and the name and value of the button that was pressed. */
export function taskForm(host: HTMLElement, task: TaskView, complete: (output: JsonObject) => void): HTMLFormElement {
  const form = document.createElement('form');
  form.className = 'task-form';
  const own = typeof task.form === 'string' ? templateOf(host, task.form) : undefined;
  if (own) form.append(own);
  else form.append(...schemaFields(host, task));
  if (!form.querySelector('button, input[type="submit"]')) {
    form.append(
      Object.assign(document.createElement('button'), { type: 'submit', textContent: text(host, 'complete') }),
    );
  }
  fill(form, task.data);
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    const { submitter } = event as SubmitEvent;
    const pressed = submitter?.getAttribute('name');
    complete({ ...readForm(form), ...(pressed ? { [pressed]: valueOf(submitter!.getAttribute('value') ?? '') } : {}) });
  });
  return form;
}

/** `true` and `false` on an outcome button mean the booleans. */
function valueOf(value: string): string | boolean {
  return value === 'true' ? true : value === 'false' ? false : value;
}

function templateOf(host: HTMLElement, selector: string): DocumentFragment | undefined {
  let template: Element | null = null;
  try {
    template =
      (host.getRootNode() as Document | ShadowRoot).querySelector(selector) ?? document.querySelector(selector);
  } catch {
    console.error(`[millrace] The form "${selector}" is no selector.`);
  }
  if (template instanceof HTMLTemplateElement) return template.content.cloneNode(true) as DocumentFragment;
  console.error(`[millrace] There is no <template> "${selector}" on this page; the task is shown without its form.`);
  return undefined;
}

function schemaFields(host: HTMLElement, task: TaskView): HTMLElement[] {
  const schema = (typeof task.form === 'object' ? task.form : {}) as {
    properties?: Record<string, FieldSchema>;
    required?: string[];
  };
  return Object.entries(schema.properties ?? {}).map(([name, field]) => {
    const label = document.createElement('label');
    const input = inputOf(name, field, schema.required?.includes(name) ?? false);
    const caption = Object.assign(document.createElement('span'), { textContent: field.title ?? name });
    if (schema.required?.includes(name)) caption.title = text(host, 'required');
    label.append(caption, ' ', input);
    if (field.description)
      label.append(Object.assign(document.createElement('small'), { textContent: field.description }));
    return label;
  });
}

function inputOf(name: string, field: FieldSchema, required: boolean): HTMLElement {
  if (field.enum) {
    const select = Object.assign(document.createElement('select'), { name, required });
    for (const value of field.enum) select.append(new Option(String(value)));
    return select;
  }
  const type =
    { boolean: 'checkbox', number: 'number', integer: 'number' }[field.type ?? ''] ??
    (field.format === 'date' ? 'date' : 'text');
  const input = Object.assign(document.createElement('input'), {
    name,
    type,
    required: required && type !== 'checkbox',
  });
  if (field.type === 'number') input.step = 'any';
  return input;
}

/** Task data into fields of the same name, and as text into `[data-value]`. */
function fill(form: HTMLFormElement, data: JsonObject): void {
  for (const [name, value] of Object.entries(data)) {
    const field = form.elements.namedItem(name);
    if (field instanceof HTMLInputElement && field.type === 'checkbox') field.checked = value === true;
    else if (
      field instanceof HTMLInputElement ||
      field instanceof HTMLSelectElement ||
      field instanceof HTMLTextAreaElement
    )
      field.value = String(value ?? '');
    else if (field instanceof HTMLOutputElement) field.value = String(value ?? '');
  }
  for (const element of form.querySelectorAll<HTMLElement>('[data-value]')) {
    const value = data[element.dataset['value']!];
    element.textContent =
      value === undefined || value === null ? '' : typeof value === 'object' ? JSON.stringify(value) : String(value);
  }
}
