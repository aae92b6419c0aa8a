// A definition against the schema in `flow-schema.ts`. The full JSON Schema validator of `validate-value.ts` costs a page
// more than the whole compiler, and only flows that declare schemas of their own need it; this knows just the keywords
// that the flow schema uses, and a test holds its verdicts against the full validator's.
import type { ValueFault } from './validate-value.js';

interface Shape {
  readonly type?: string | readonly string[];
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly pattern?: string;
  readonly minimum?: number;
  readonly required?: readonly string[];
  readonly properties?: Readonly<Record<string, Shape | true>>;
  readonly additionalProperties?: Shape | boolean;
  readonly items?: Shape;
  readonly minItems?: number;
  readonly anyOf?: readonly Shape[];
  readonly allOf?: readonly Shape[];
  readonly if?: Shape;
  readonly then?: Shape;
  readonly else?: Shape;
}

/** Every place where `value` is not as `schema` says. */
export function checkShape(schema: unknown, value: unknown): readonly ValueFault[] {
  const faults: ValueFault[] = [];
  visit(schema as Shape, value, '', faults);
  return faults;
}

function visit(shape: Shape | boolean, value: unknown, path: string, faults: ValueFault[]): void {
  if (typeof shape === 'boolean') return;
  const fault = (rule: string, message: string, at = path): void => void faults.push({ path: at, rule, message });
  const kind = kindOf(value);
  const allowed = shape.type === undefined ? undefined : [shape.type].flat();
  if (allowed && !allowed.some((t) => t === kind || (t === 'integer' && Number.isInteger(value)))) {
    fault('type', `expected ${allowed.join(' or ')}, found ${brief(value)}.`);
    return;
  }
  if ('const' in shape && value !== shape.const)
    fault('const', `expected ${brief(shape.const)}, found ${brief(value)}.`);
  if (shape.enum && !shape.enum.includes(value))
    fault('enum', `expected one of ${shape.enum.join(', ')}; found ${brief(value)}.`);
  if (typeof value === 'string') visitText(shape, value, fault);
  if (typeof value === 'number' && shape.minimum !== undefined && value < shape.minimum)
    fault('minimum', `expected at least ${shape.minimum}, found ${value}.`);
  if (Array.isArray(value)) {
    if (value.length < (shape.minItems ?? 0)) fault('minItems', `expected at least ${shape.minItems} items.`);
    value.forEach((item, i) => visit(shape.items ?? true, item, `${path}[${i}]`, faults));
  } else if (kind === 'object') {
    visitMembers(shape, value as Readonly<Record<string, unknown>>, path, faults);
  }
  for (const part of shape.allOf ?? []) visit(part, value, path, faults);
  if (shape.anyOf && !shape.anyOf.some((part) => fits(part, value)))
    fault('anyOf', `expected ${shape.anyOf.map(expected).join(' or ')}; found ${brief(value)}.`);
  if (shape.if) visit((fits(shape.if, value) ? shape.then : shape.else) ?? true, value, path, faults);
}

function visitText(shape: Shape, text: string, fault: (rule: string, message: string) => void): void {
  if (text.length < (shape.minLength ?? 0)) fault('minLength', 'may not be empty.');
  if (text.length > (shape.maxLength ?? Infinity)) fault('maxLength', `is longer than ${shape.maxLength} characters.`);
  if (shape.pattern !== undefined && !new RegExp(shape.pattern, 'u').test(text))
    fault('pattern', `${brief(text)} may not contain blanks, "|" or parentheses.`);
}

function visitMembers(
  shape: Shape,
  value: Readonly<Record<string, unknown>>,
  path: string,
  faults: ValueFault[],
): void {
  for (const name of shape.required ?? []) {
    if (!Object.hasOwn(value, name)) faults.push({ path, rule: 'required', message: `"${name}" is missing.` });
  }
  for (const [name, member] of Object.entries(value)) {
    const at = path ? `${path}.${name}` : name;
    const known = shape.properties && Object.hasOwn(shape.properties, name) ? shape.properties[name] : undefined;
    const rule = known ?? shape.additionalProperties ?? true;
    if (rule === false)
      faults.push({ path: at, rule: 'additionalProperties', message: `"${name}" is not known here.` });
    else visit(rule, member, at, faults);
  }
}

function fits(shape: Shape, value: unknown): boolean {
  const faults: ValueFault[] = [];
  visit(shape, value, '', faults);
  return faults.length === 0;
}

function expected(shape: Shape): string {
  if (shape.enum) return shape.enum.join(', ');
  if (shape.required) return `an object with "${shape.required.join('", "')}"`;
  return String(shape.type);
}

function kindOf(value: unknown): string {
  return value === null ? 'null' : Array.isArray(value) ? 'array' : typeof value;
}

function brief(value: unknown): string {
  const text = JSON.stringify(value) ?? String(value);
  return text.length > 60 ? `${text.slice(0, 57)}…` : text;
}
