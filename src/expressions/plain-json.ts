// JSONata results are not always JSON: arrays carry a `sequence` property (sometimes with a function on it, which
// IndexedDB refuses), objects may have an own `__proto__`, numbers may be NaN. Everything is copied to plain JSON here.
import { FlowError, type Json } from '../model/index.js';
import { DEFAULT_LIMITS, tooMuch } from './limits.js';

/** A plain copy, or undefined for undefined and functions. */
export function plainJson(value: unknown, maxValues: number = DEFAULT_LIMITS.values): Json | undefined {
  // Most implementations answer little.
  if (value === null || value === undefined || typeof value === 'boolean') return value;
  let left = maxValues;
  let characters = DEFAULT_LIMITS.made;
  const copy = (v: unknown, depth: number): Json | undefined => {
    if (--left < 0) throw tooMuch(`a result of more than ${maxValues} values`);
    if (depth > 200) throw tooMuch('a result nested more than 200 deep');
    switch (typeof v) {
      case 'string':
        characters -= v.length;
        if (characters < 0) throw tooMuch(`a result with texts of more than ${DEFAULT_LIMITS.made} characters`);
        return v;
      case 'boolean':
        return v;
      case 'number':
        return Number.isFinite(v) ? v : null;
      case 'object':
        break;
      default:
        return undefined;
    }
    if (v === null) return null;
    if (Array.isArray(v)) return Array.from(v, (item) => copy(item, depth + 1) ?? null);
    if (v instanceof Date) return v.toISOString();
    if (isJsonataFunction(v)) return undefined;
    const plain: Record<string, Json> = {};
    for (const [key, member] of Object.entries(v as object)) {
      if (key === '__proto__')
        throw new FlowError('FLOW-EXPRESSION', 'A result may not have a member named "__proto__".');
      const json = copy(member, depth + 1);
      if (json !== undefined) plain[key] = json;
    }
    return plain;
  };
  return copy(value, 0);
}

function isJsonataFunction(v: object): boolean {
  return '_jsonata_function' in v || '_jsonata_lambda' in v;
}
