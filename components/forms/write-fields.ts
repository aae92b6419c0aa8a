// A flow's output into the fields of the same name. What somebody has edited since the flow started stays as it is.
import type { Json, JsonObject } from '../../src/runtime/index.js';
import { asText } from './show-data.js';
import { byName, heldBy, kindOf, type Field, type FieldSnapshot } from './read-fields.js';

/** What flows have written last, so that the answer of an earlier run does not look like an edit to a later one. */
const written = new WeakMap<Field, string>();

/** Writes and tells the page by `input` and `change` events, as if a person had. */
export function writeFields(source: HTMLElement, output: JsonObject, snapshot?: FieldSnapshot): void {
  const fields = byName(source);
  for (const [name, value] of Object.entries(output)) {
    for (const field of fields.get(name) ?? []) if (isUntouched(field, snapshot)) write(field, value);
  }
}

function isUntouched(field: Field, snapshot: FieldSnapshot | undefined): boolean {
  if (!snapshot || field.localName === 'output') return true;
  const before = snapshot.before.get(field);
  const now = heldBy(field);
  return before === undefined || now === before || now === written.get(field);
}

function write(field: Field, value: Json): void {
  const before = heldBy(field);
  const input = field as HTMLInputElement;
  switch (kindOf(field)) {
    case 'box':
      input.checked = Array.isArray(value)
        ? value.includes(input.value)
        : typeof value === 'boolean'
          ? value
          : asText(value) === input.value;
      break;
    case 'radio':
      input.checked = asText(value) === input.value;
      break;
    case 'many': {
      const chosen = new Set([value].flat().map((v) => asText(v as Json)));
      for (const option of (field as unknown as HTMLSelectElement).options) option.selected = chosen.has(option.value);
      break;
    }
    case 'file':
      return;
    default:
      field.value = asText(value);
  }
  const now = heldBy(field);
  written.set(field, now);
  if (now === before || field.localName === 'output') return;
  for (const type of ['input', 'change'])
    field.dispatchEvent(new Event(type, { bubbles: true, composed: type === 'input' }));
}
