// Native fields from a JSON Schema object: text, number, date and the like, choice, yes or no, several of a list, groups.
import type { JsonSchema } from '../../src/runtime/index.js';
import { text } from '../localisation.js';

interface FieldSchema {
  readonly type?: string | readonly string[];
  readonly title?: string;
  readonly description?: string;
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly oneOf?: readonly { readonly const?: unknown; readonly title?: string }[];
  readonly items?: FieldSchema;
  readonly properties?: Readonly<Record<string, FieldSchema>>;
  readonly required?: readonly string[];
  readonly default?: unknown;
  readonly format?: string;
  readonly readOnly?: boolean;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly pattern?: string;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly multipleOf?: number;
}

const INPUT_TYPES: Readonly<Record<string, string>> = {
  date: 'date',
  time: 'time',
  'date-time': 'datetime-local',
  email: 'email',
  uri: 'url',
  color: 'color',
};
/** Longer texts get a text area. */
const LINE = 200;

let counter = 0;

export function schemaFields(host: Element, schema: JsonSchema | undefined): HTMLElement[] {
  const { properties = {}, required = [] } = (typeof schema === 'object' ? schema : {}) as FieldSchema;
  return Object.entries(properties).map(([name, field]) => fieldOf(host, name, field, required.includes(name)));
}

function fieldOf(host: Element, name: string, schema: FieldSchema, isRequired: boolean): HTMLElement {
  const choices = choicesOf(schema.items ?? schema);
  const isList = schema.type === 'array';
  const caption = schema.title ?? name;
  if (isList && choices) return boxes(name, caption, choices, schema);
  const control = choices ? selectOf(host, choices, isRequired) : inputOf(schema);
  control.name = name;
  control.required = isRequired && schema.type !== 'boolean';
  if (schema.default !== undefined) setDefault(control, schema.default);
  if (schema.readOnly) control.toggleAttribute(control instanceof HTMLSelectElement ? 'disabled' : 'readonly', true);
  const label = element('label', control.type === 'checkbox' ? 'task-form-box' : 'task-form-field');
  const words = element('span', 'task-form-caption', caption);
  if (control.required) {
    const mark = element('span', 'task-form-required', ' *');
    mark.title = text(host, 'required');
    mark.ariaHidden = 'true';
    words.append(mark);
  }
  label.append(...(control.type === 'checkbox' ? [control, words] : [words, control]));
  if (schema.description) {
    // The hint describes the field; its name is the caption alone.
    words.id = `millrace-caption-${++counter}`;
    control.setAttribute('aria-labelledby', words.id);
    const hint = element('small', 'task-form-hint', schema.description);
    hint.id = `millrace-hint-${counter}`;
    control.setAttribute('aria-describedby', hint.id);
    label.append(hint);
  }
  return label;
}

type Control = HTMLInputElement | HTMLSelectElement | HTMLTextAreaElement;

function inputOf(schema: FieldSchema): Control {
  const types = [schema.type ?? 'string'].flat();
  const isText = types.includes('string');
  if (isText && (schema.format === 'textarea' || (schema.maxLength ?? 0) > LINE)) {
    return limited(Object.assign(document.createElement('textarea'), { rows: 4 }), schema);
  }
  const input = document.createElement('input');
  if (types.includes('boolean')) input.type = 'checkbox';
  else if (types.includes('integer') || types.includes('number')) {
    input.type = 'number';
    input.step = String(schema.multipleOf ?? (types.includes('integer') ? 1 : 'any'));
    if (schema.minimum !== undefined) input.min = String(schema.minimum);
    if (schema.maximum !== undefined) input.max = String(schema.maximum);
  } else {
    input.type = INPUT_TYPES[schema.format ?? ''] ?? 'text';
    if (schema.pattern !== undefined) input.pattern = schema.pattern;
  }
  return limited(input, schema);
}

function limited<T extends HTMLInputElement | HTMLTextAreaElement>(
  control: T,
  { minLength, maxLength }: FieldSchema,
): T {
  if (minLength !== undefined) control.minLength = minLength;
  if (maxLength !== undefined) control.maxLength = maxLength;
  return control;
}

interface Choice {
  readonly value: string;
  readonly label: string;
}

function choicesOf(schema: FieldSchema): readonly Choice[] | undefined {
  if (schema.enum) return schema.enum.map((value) => ({ value: String(value), label: String(value) }));
  return schema.oneOf?.map(({ const: value, title }) => ({ value: String(value), label: title ?? String(value) }));
}

function selectOf(host: Element, choices: readonly Choice[], isRequired: boolean): HTMLSelectElement {
  const select = document.createElement('select');
  if (isRequired) notYetWrong(select);
  // Nothing is chosen for somebody: the first of a list would be.
  select.append(
    new Option(isRequired ? text(host, 'choose') : '', ''),
    ...choices.map(({ value, label }) => new Option(label, value)),
  );
  return select;
}

/** Browsers call a choice that nobody has made yet invalid; assistive technology is to say so only when it has been tried. */
function notYetWrong(select: HTMLSelectElement): void {
  select.setAttribute('aria-required', 'true');
  select.setAttribute('aria-invalid', 'false');
  for (const type of ['invalid', 'change']) select.addEventListener(type, () => select.removeAttribute('aria-invalid'));
}

function boxes(name: string, caption: string, choices: readonly Choice[], schema: FieldSchema): HTMLElement {
  const group = element('fieldset', 'task-form-group');
  group.append(element('legend', 'task-form-caption', caption));
  const chosen = new Set([schema.default ?? []].flat().map(String));
  for (const { value, label } of choices) {
    const box = Object.assign(document.createElement('input'), {
      type: 'checkbox',
      name,
      value,
      defaultChecked: chosen.has(value),
    });
    const item = element('label', 'task-form-box');
    item.append(box, element('span', '', label));
    group.append(item);
  }
  // One box of a name would be read as yes or no; an array stays an array.
  group.dataset['list'] = name;
  return group;
}

function setDefault(control: Control, value: unknown): void {
  if (control instanceof HTMLInputElement && control.type === 'checkbox') control.defaultChecked = value === true;
  else control.value = String(value);
}

function element<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  className: string,
  content = '',
): HTMLElementTagNameMap[K] {
  return Object.assign(document.createElement(tag), { className, textContent: content });
}
