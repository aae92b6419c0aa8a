// The fields of a form (or of any element) as plain data, and what they held at that moment: the input of a flow, and the
// measure of what somebody has edited since.
import type { Json } from '../../src/runtime/index.js';

export type Field = HTMLElement & { readonly name: string; readonly type?: string; value: string };

export interface FieldSnapshot {
  /** Value by field name. An empty number, an unset radio group and an unchecked box with a `value` are left out. */
  readonly values: { readonly [name: string]: Json };
  /** What each field held. */
  readonly before: ReadonlyMap<Field, string>;
  /** Names of password fields, which only go where a flow asks for them by name. */
  readonly secrets: readonly string[];
  /** Name of a field that holds files, which a flow cannot carry. */
  readonly file?: string;
}

type FieldKind = 'text' | 'number' | 'box' | 'radio' | 'many' | 'file' | 'none';

const KINDS: Readonly<Record<string, FieldKind>> = {
  number: 'number',
  range: 'number',
  checkbox: 'box',
  radio: 'radio',
  'select-multiple': 'many',
  file: 'file',
  submit: 'none',
  button: 'none',
  reset: 'none',
  image: 'none',
  fieldset: 'none',
  output: 'none',
};

/** Elements of design systems say by `checked` that they are boxes, whatever their type. */
export function kindOf(field: Field): FieldKind {
  const { localName, type = '' } = field;
  if (!localName.includes('-') || !('checked' in field)) return KINDS[type] ?? 'text';
  return localName.endsWith('radio') ? 'radio' : 'box';
}

export function readFields(source: HTMLElement | undefined): FieldSnapshot {
  const values: Record<string, Json> = {};
  const before = new Map<Field, string>();
  const secrets: string[] = [];
  let file: string | undefined;
  for (const [name, fields] of source ? byName(source) : []) {
    const data: Field[] = [];
    for (const field of fields) {
      before.set(field, heldBy(field));
      if (kindOf(field) !== 'none' && !field.matches(':disabled')) data.push(field);
    }
    if (data[0]?.type === 'password') secrets.push(name);
    if ((data[0] as HTMLInputElement | undefined)?.files?.length) file = name;
    const value = valueOf(data);
    if (value !== undefined && name !== '__proto__') values[name] = value;
  }
  return { values, before, secrets, ...(file === undefined ? {} : { file }) };
}

/** The named fields of a form or inside an element, by name, in document order. */
export function byName(source: HTMLElement): ReadonlyMap<string, readonly Field[]> {
  const found = new Map<string, Field[]>();
  const all = source instanceof HTMLFormElement ? source.elements : source.querySelectorAll('[name]');
  for (const field of all as Iterable<Field>) {
    const name = field.getAttribute('name');
    if (!name || !('value' in field)) continue;
    found.set(name, [...(found.get(name) ?? []), field]);
  }
  return found;
}

/** A text that changes when somebody edits the field. */
export function heldBy(field: Field): string {
  const kind = kindOf(field);
  if (kind === 'box' || kind === 'radio') return String((field as HTMLInputElement).checked);
  return kind === 'many' ? chosenIn(field).join('\n') : String(field.value);
}

function valueOf(fields: readonly Field[]): Json | undefined {
  const [first] = fields;
  if (!first) return undefined;
  const isBoxes = fields.length > 1 && kindOf(first) === 'box';
  if (isBoxes || kindOf(first) === 'radio') {
    const checked = fields.filter((f) => (f as HTMLInputElement).checked).map((f) => f.value);
    return isBoxes ? checked : checked[0];
  }
  return fields.length === 1 ? valueOfOne(first) : fields.map(valueOfOne).filter((v) => v !== undefined);
}

function valueOfOne(field: Field): Json | undefined {
  const input = field as HTMLInputElement;
  switch (kindOf(field)) {
    case 'box':
      return input.hasAttribute('value') ? (input.checked ? input.value : undefined) : input.checked;
    case 'many':
      return chosenIn(field);
    case 'number':
      return Number.isNaN(input.valueAsNumber) ? undefined : input.valueAsNumber;
    case 'file':
      return undefined;
    default: {
      // Elements of design systems may hold numbers, booleans or lists.
      const value = field.value as Json | undefined;
      return value ?? undefined;
    }
  }
}

function chosenIn(field: Field): string[] {
  return Array.from((field as unknown as HTMLSelectElement).selectedOptions, (o) => o.value);
}
