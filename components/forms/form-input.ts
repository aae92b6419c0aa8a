// A form's fields as a flow's input, and a flow's output back into the fields. Files are not data a flow can carry.
import type { Json, JsonObject } from '../../src/runtime/index.js';

type Field = HTMLInputElement | HTMLSelectElement | HTMLTextAreaElement | HTMLOutputElement;

/** Fields by name: numbers as numbers, one checkbox as true or false, several of a name as an array. */
export function readForm(form: HTMLFormElement): JsonObject {
  const values: Record<string, Json> = {};
  for (const name of fieldNames(form)) {
    const fields = fieldsOf(form, name).filter((f) => !(f instanceof HTMLOutputElement) && !f.disabled);
    if (fields.length === 0) continue;
    const value = fields.length === 1 ? readField(fields[0]!) : readGroup(fields);
    if (value !== undefined) values[name] = value;
  }
  return values;
}

/** What the fields hold now, to notice later which of them somebody has edited. */
export function snapshotForm(form: HTMLFormElement): ReadonlyMap<string, string> {
  return new Map(fieldNames(form).map((name) => [name, shown(form, name)]));
}

/** Writes outputs into fields of the same name, but never over what was edited since the snapshot. */
export function writeForm(form: HTMLFormElement, output: JsonObject, before: ReadonlyMap<string, string>): void {
  for (const [name, value] of Object.entries(output)) {
    if (!before.has(name) || shown(form, name) !== before.get(name)) continue;
    for (const field of fieldsOf(form, name)) writeField(field, value);
  }
}

function fieldNames(form: HTMLFormElement): string[] {
  const names = [...form.elements].map((e) => e.getAttribute('name')).filter((n) => n !== null && n !== '');
  return [...new Set(names as string[])];
}

function fieldsOf(form: HTMLFormElement, name: string): Field[] {
  return [...form.elements].filter(
    (e): e is Field =>
      e.getAttribute('name') === name &&
      (e instanceof HTMLInputElement ||
        e instanceof HTMLSelectElement ||
        e instanceof HTMLTextAreaElement ||
        e instanceof HTMLOutputElement),
  );
}

function readField(field: Field): Json | undefined {
  if (field instanceof HTMLSelectElement && field.multiple) return [...field.selectedOptions].map((o) => o.value);
  if (!(field instanceof HTMLInputElement)) return field.value;
  switch (field.type) {
    case 'number':
    case 'range':
      return field.value === '' ? undefined : field.valueAsNumber;
    case 'checkbox':
      return field.hasAttribute('value') ? (field.checked ? field.value : undefined) : field.checked;
    case 'radio':
      return field.checked ? field.value : undefined;
    case 'file':
      throw new TypeError(
        `The field "${field.name}" holds files, which a flow cannot carry. Upload them first and pass their address.`,
      );
    case 'submit':
    case 'button':
    case 'image':
    case 'reset':
      return undefined;
    default:
      return field.value;
  }
}

function readGroup(fields: readonly Field[]): Json | undefined {
  const values = fields.map(readField).filter((v) => v !== undefined);
  const radios = fields.every((f) => f instanceof HTMLInputElement && f.type === 'radio');
  return radios ? values[0] : values;
}

function writeField(field: Field, value: Json): void {
  if (field instanceof HTMLInputElement && field.type === 'checkbox') {
    field.checked = Array.isArray(value)
      ? value.includes(field.value)
      : field.hasAttribute('value')
        ? value === field.value
        : value === true;
  } else if (field instanceof HTMLInputElement && field.type === 'radio') {
    field.checked = String(value) === field.value;
  } else {
    field.value = value === null ? '' : typeof value === 'object' ? JSON.stringify(value) : String(value);
  }
}

function shown(form: HTMLFormElement, name: string): string {
  return fieldsOf(form, name)
    .map((f) =>
      f instanceof HTMLInputElement && (f.type === 'checkbox' || f.type === 'radio') ? String(f.checked) : f.value,
    )
    .join('\n');
}
