// The functions of the subset: pure, linear, and only for arguments whose meaning is certain. Any other argument (a wrong
// type, one too few) is left to the library with `unsure()`.
import { DEFAULT_LIMITS } from '../limits.js';
import { isNumber, lookup, made, members, Sequence, spend, textOf, truth, unsure, type Scope } from './values.js';

export interface SubsetFunction {
  readonly least: number;
  readonly most: number;
  /** Without an argument it takes the context. */
  readonly context?: boolean;
  /** The result may be, or hold, a new array or object. */
  readonly constructs?: boolean;
  /** Already unwrapped arguments; an absent one is undefined. */
  readonly call: (values: readonly unknown[], scope: Scope) => unknown;
}

/** A function of one value of a type; of nothing it makes nothing. */
function unary<T>(is: (value: unknown) => value is T, call: (value: T, scope: Scope) => unknown): SubsetFunction {
  return {
    least: 1,
    most: 1,
    context: true,
    call: ([value], scope) => (value === undefined ? undefined : is(value) ? call(value, scope) : unsure()),
  };
}

/** A function of a list of values of one type; a single value is a list of one. */
function aggregate<T>(is: (value: unknown) => value is T, call: (list: readonly T[]) => unknown): SubsetFunction {
  return {
    least: 1,
    most: 1,
    call: ([value], scope) => (value === undefined ? undefined : call(listOf(value, is, scope))),
  };
}

function listOf<T>(value: unknown, is: (value: unknown) => value is T, scope: Scope): readonly T[] {
  const list: readonly unknown[] = Array.isArray(value) ? value : [value];
  spend(scope, list.length);
  return list.every(is) ? list : unsure();
}

const isText = (value: unknown): value is string => typeof value === 'string';
const isAny = (_value: unknown): _value is unknown => true;
const isObject = (value: unknown): value is object =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && members(value) !== undefined;

type Check = (value: unknown) => boolean;

/** A function of a text (of nothing it makes nothing) and others, of which those after `least` may be absent. */
function text(
  least: number,
  others: readonly Check[],
  call: (text: string, others: readonly unknown[], scope: Scope) => unknown,
): SubsetFunction {
  return {
    least,
    most: others.length + 1,
    call: ([first, ...rest], scope) => {
      if (!others.every((is, i) => is(rest[i]) || (rest[i] === undefined && i + 1 >= least))) return unsure();
      if (first === undefined) return undefined;
      return isText(first) ? call(spent(first, scope), rest, scope) : unsure();
    },
  };
}

function spent(value: string, scope: Scope): string {
  spend(scope, value.length >> 4);
  return value;
}

const add = (a: number, b: number): number => a + b;

const DECIMAL = /^-?[0-9]+(\.[0-9]+)?([Ee][-+]?[0-9]+)?$/;

export const FUNCTIONS: Readonly<Record<string, SubsetFunction>> = {
  sum: aggregate(isNumber, (list) => list.reduce(add, 0)),
  max: aggregate(isNumber, (list) => (list.length === 0 ? undefined : list.reduce((a, b) => Math.max(a, b)))),
  min: aggregate(isNumber, (list) => (list.length === 0 ? undefined : list.reduce((a, b) => Math.min(a, b)))),
  average: aggregate(isNumber, (list) => (list.length === 0 ? undefined : list.reduce(add, 0) / list.length)),
  count: { least: 1, most: 1, call: ([v]) => (v === undefined ? 0 : Array.isArray(v) ? v.length : 1) },

  string: unary(isAny, textOf),
  uppercase: unary(isText, (value, scope) => spent(value, scope).toUpperCase()),
  lowercase: unary(isText, (value, scope) => spent(value, scope).toLowerCase()),
  length: unary(isText, (value, scope) => [...spent(value, scope)].length),
  trim: unary(isText, (value, scope) =>
    spent(value, scope)
      .replace(/[ \t\n\r]+/g, ' ')
      .replace(/^ | $/g, ''),
  ),
  contains: text(2, [isText], (value, [part]) => value.includes(part as string)),
  substring: text(2, [isNumber, isNumber], (value, [from, count]) => {
    const letters = [...value];
    const start = letters.length + (from as number) < 0 ? 0 : (from as number);
    if (count === undefined) return letters.slice(start).join('');
    if ((count as number) <= 0) return '';
    return letters.slice(start, (start < 0 ? letters.length + start : start) + (count as number)).join('');
  }),
  substringBefore: text(2, [isText], (value, [part]) => {
    const found = value.indexOf(part as string);
    return found < 0 ? value : value.slice(0, found);
  }),
  substringAfter: text(2, [isText], (value, [part]) => {
    const found = value.indexOf(part as string);
    return found < 0 ? value : value.slice(found + (part as string).length);
  }),
  split: {
    ...text(2, [isText, isNumber], (value, [separator, limit], scope) => {
      spend(scope, value.length);
      return (limit as number) < 0 ? unsure() : value.split(separator as string, limit as number | undefined);
    }),
    constructs: true,
  },
  join: {
    least: 1,
    most: 2,
    call: ([list, separator = ''], scope) => {
      if (!isText(separator)) return unsure();
      if (list === undefined) return undefined;
      const texts = listOf(list, isText, scope);
      if (texts.length * separator.length > DEFAULT_LIMITS.made) return unsure();
      return made(texts.join(separator), scope);
    },
  },

  number: unary(isAny, (value) => {
    if (typeof value === 'boolean') return Number(value);
    if (isNumber(value)) return value;
    return isText(value) && DECIMAL.test(value) && Number.isFinite(Number(value)) ? parseFloat(value) : unsure();
  }),
  abs: unary(isNumber, Math.abs),
  floor: unary(isNumber, Math.floor),
  ceil: unary(isNumber, Math.ceil),
  sqrt: unary(isNumber, (value) => (value < 0 ? unsure() : Math.sqrt(value))),
  round: {
    least: 1,
    most: 2,
    call: ([value, places = 0]) => {
      if (!Number.isInteger(places)) return unsure();
      if (value === undefined) return undefined;
      return isNumber(value) ? roundHalfEven(value, places as number) : unsure();
    },
  },
  power: {
    least: 2,
    most: 2,
    call: ([base, exponent]) => {
      if (!isNumber(exponent)) return unsure();
      if (base === undefined) return undefined;
      return isNumber(base) ? finite(base ** exponent) : unsure();
    },
  },

  boolean: unary(isAny, truth),
  not: unary(isAny, (value) => !truth(value)),
  exists: { least: 1, most: 1, call: ([value]) => value !== undefined },
  type: {
    least: 1,
    most: 1,
    call: ([v]) => {
      if (v === undefined || v === null) return v === null ? 'null' : undefined;
      if (typeof v !== 'object') return isNumber(v) || typeof v !== 'number' ? typeof v : unsure();
      return Array.isArray(v) ? 'array' : members(v) && 'object';
    },
  },

  append: {
    least: 2,
    most: 2,
    constructs: true,
    call: ([a, b], scope) => {
      if (a === undefined || b === undefined) return a === undefined ? b : a;
      spend(scope, (Array.isArray(a) ? a.length : 1) + (Array.isArray(b) ? b.length : 1));
      return [...(Array.isArray(a) ? a : [a]), ...(Array.isArray(b) ? b : [b])];
    },
  },
  reverse: { ...aggregate(isAny, (list) => (list.length < 2 ? list : Array.from(list).reverse())), constructs: true },
  keys: { ...unary(isAny, (value, scope) => Sequence.from(keysOf(value, scope))), constructs: true },
  lookup: {
    least: 2,
    most: 2,
    call: ([value, name], scope) => (isText(name) ? lookup(value, name, scope) : unsure()),
  },
  merge: {
    ...aggregate(isObject, (list) => {
      const merged: Record<string, unknown> = {};
      for (const object of list) {
        if (Object.hasOwn(object, '__proto__')) unsure();
        Object.assign(merged, object);
      }
      return merged;
    }),
    constructs: true,
  },

  now: { least: 0, most: 0, call: (_, scope) => new Date(scope.now).toISOString() },
  millis: { least: 0, most: 0, call: (_, scope) => scope.now },
};

function keysOf(value: unknown, scope: Scope): string[] {
  if (typeof value !== 'object' || value === null) return [];
  if (!Array.isArray(value)) return Object.keys(members(value));
  // As the members of one object, so that names that look like numbers come first, as they do there.
  const all = Object.create(null) as Record<string, true>;
  spend(scope, value.length);
  for (const item of value) for (const key of keysOf(item, scope)) all[key] = true;
  return Object.keys(all);
}

/** To even when exactly between; the decimal point is moved in the text, since multiplying is not exact. */
function roundHalfEven(value: number, places: number): number {
  const moved = places === 0 ? value : movePoint(value, places);
  const up = Math.round(moved);
  const even = Math.abs(up - moved) === 0.5 && Math.abs(up % 2) === 1 ? up - 1 : up;
  return (places === 0 ? even : movePoint(even, -places)) || 0;
}

function movePoint(value: number, places: number): number {
  const [digits, exponent = '0'] = String(value).split('e');
  return finite(Number(`${digits}e${Number(exponent) + places}`));
}

function finite(value: number): number {
  return Number.isFinite(value) ? value : unsure();
}
