// JSONata's values as the subset needs them: sequences, truth, text and equality. Where JSONata would fail, or where data
// looks like JSONata's own internals, `unsure()` hands the evaluation to the library, which then says what is wrong.
import { DEFAULT_LIMITS, tooMuch } from '../limits.js';

/** What a path collects. Alone in it, a value is unwrapped; in a plain array it is not. */
export class Sequence extends Array<unknown> {}

/** An array constructor at an end of a path: it is not flattened into the path's result. */
export class Constructed extends Array<unknown> {}

export const UNSURE = new Error('the library decides');

export function unsure(): never {
  throw UNSURE;
}

/** What one evaluation knows, and how much it may still do. */
export interface Scope {
  readonly root: unknown;
  readonly bindings: Readonly<Record<string, unknown>>;
  readonly now: number;
  /** Operations left. Counting them bounds an evaluation without a clock, the same on every machine. */
  left: number;
}

export function spend(scope: Scope, operations: number): void {
  if ((scope.left -= operations) < 0) throw tooMuch('too many operations');
}

export function unwrap(value: unknown): unknown {
  if (!(value instanceof Sequence) || value.length > 1) return value;
  return value[0];
}

/** The value of a member; from an array, of all its items. */
export function lookup(value: unknown, name: string, scope: Scope): unknown {
  if (typeof value !== 'object' || value === null) return undefined;
  if (Array.isArray(value)) {
    const found = new Sequence();
    spend(scope, value.length);
    for (const item of value) {
      const inner = lookup(item, name, scope);
      if (Array.isArray(inner)) for (const one of inner) found.push(one);
      else if (inner !== undefined) found.push(inner);
    }
    return found;
  }
  return Object.hasOwn(value, name) ? members(value)[name] : undefined;
}

/** An object from the data; JSONata takes one with these marks for a function. */
export function members(value: object): Readonly<Record<string, unknown>> {
  const object = value as Readonly<Record<string, unknown>>;
  return object['_jsonata_function'] === true || object['_jsonata_lambda'] === true ? unsure() : object;
}

/** A number that arithmetic accepts. */
export function isNumber(value: unknown): value is number {
  return typeof value === 'number' && (Number.isFinite(value) || unsure());
}

export function truth(value: unknown): boolean {
  switch (typeof value) {
    case 'boolean':
      return value;
    case 'string':
      return value !== '';
    case 'number':
      return isNumber(value) && value !== 0;
    case 'object':
      if (value === null) return false;
      return Array.isArray(value) ? value.filter(truth).length > 0 : Object.keys(members(value)).length > 0;
    default:
      return false;
  }
}

export function textOf(value: unknown, scope: Scope): string {
  if (typeof value === 'string') return value;
  const text = JSON.stringify(value, (_, member: unknown) => {
    if (typeof member === 'object' && member !== null) members(member);
    else if (typeof member === 'number' && isNumber(member) && !Number.isInteger(member)) {
      return Number(member.toPrecision(15));
    }
    return member;
  });
  spend(scope, text.length);
  return text;
}

/** A text that an expression has put together. */
export function made(text: string, scope: Scope): string {
  if (text.length > DEFAULT_LIMITS.made) throw tooMuch(`a text of ${text.length} characters`);
  spend(scope, text.length >> 4);
  return text;
}

export function isEqual(a: unknown, b: unknown, scope: Scope): boolean {
  if (a === b) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  spend(scope, 1);
  if (Array.isArray(a) && Array.isArray(b)) {
    return a.length === b.length && a.every((item, i) => isEqual(item, b[i], scope));
  }
  // JSONata compares an array with an object by their properties, "length" among them.
  if (Array.isArray(a) || Array.isArray(b)) return Object.hasOwn(a, 'length') && Object.hasOwn(b, 'length') && unsure();
  const names = Object.keys(a);
  return (
    names.length === Object.keys(b).length &&
    names.every((name) => Object.hasOwn(b, name) && isEqual(at(a, name), at(b, name), scope))
  );
}

function at(value: object, name: string): unknown {
  return (value as Readonly<Record<string, unknown>>)[name];
}
