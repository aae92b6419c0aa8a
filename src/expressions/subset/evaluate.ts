// Makes closures of a syntax tree of the subset. They follow the library's evaluator rule by rule: how a path maps over
// items and flattens, when a sequence of one is unwrapped, what missing data does. Anything else is `unsure()`.
import { FUNCTIONS } from './functions.js';
import type { PathStep, Syntax } from './syntax.js';
import {
  Constructed,
  isEqual,
  isNumber,
  lookup,
  made,
  members,
  Sequence,
  spend,
  textOf,
  truth,
  unsure,
  unwrap,
  type Scope,
} from './values.js';

export type Evaluate = (context: unknown, scope: Scope) => unknown;

/** Thrown while making closures: a function or a use of one that the subset does not have. */
export const UNKNOWN = new Error('not in the subset');

export function closureOf(syntax: Syntax): Evaluate {
  const evaluate = bare(syntax);
  const predicates = 'predicates' in syntax ? (syntax.predicates ?? []).map(predicateOf) : [];
  if (predicates.length === 0) return evaluate;
  return (context, scope) => unwrap(predicates.reduce((v, keep) => keep(v, scope), evaluate(context, scope)));
}

function bare(syntax: Syntax): Evaluate {
  switch (syntax.type) {
    case 'literal':
      return () => syntax.value;
    case 'variable':
      return variableOf(syntax.name);
    case 'path':
      return pathOf(syntax.steps);
    case 'block':
      return closureOf(syntax.inner);
    case 'minus': {
      const operand = closureOf(syntax.operand);
      return (context, scope) => {
        const value = operand(context, scope);
        return value === undefined ? undefined : isNumber(value) ? -value : unsure();
      };
    }
    case 'condition': {
      const test = closureOf(syntax.test);
      const yes = closureOf(syntax.yes);
      const no = syntax.no === undefined ? (): undefined => undefined : closureOf(syntax.no);
      return (context, scope) => (truth(test(context, scope)) ? yes : no)(context, scope);
    }
    case 'default': {
      const left = closureOf(syntax.left);
      const right = closureOf(syntax.right);
      const holds = syntax.operator === '??' ? (value: unknown): boolean => value !== undefined : truth;
      return (context, scope) => {
        const value = left(context, scope);
        return holds(value) ? value : right(context, scope);
      };
    }
    case 'binary':
      return operatorOf(syntax.operator, closureOf(syntax.left), closureOf(syntax.right));
    case 'array':
      return arrayOf(syntax.items, syntax.cons === true);
    case 'object':
      return objectOf(syntax.pairs);
    case 'call':
      return callOf(syntax.name, syntax.arguments);
  }
}

function variableOf(name: string): Evaluate {
  if (name === '$') return (_, scope) => scope.root;
  if (name !== '') {
    return (_, { bindings }) => (Object.hasOwn(bindings, name) ? bindings[name] : unsure());
  }
  return (context) => {
    const isWrapper = typeof context === 'object' && context !== null && 'outerWrapper' in context;
    return isWrapper ? unsure() : unwrap(context);
  };
}

interface Step {
  readonly member: string | undefined;
  readonly evaluate: Evaluate;
  readonly stages: readonly Predicate[];
}

function pathOf(syntax: readonly PathStep[]): Evaluate {
  const steps = syntax.map(({ member, of, stages }): Step => {
    const evaluate: Evaluate =
      member === undefined ? closureOf(of!) : (context, scope) => unwrap(lookup(context, member, scope));
    return { member, evaluate, stages: stages.map(predicateOf) };
  });
  const first = syntax[0]!.of;
  const last = steps.length - 1;
  const isAbsolute = first?.type === 'variable';
  const isWhole = first !== undefined && isConstructor(first);
  // A path of plain names through plain objects needs no sequences.
  const plain = steps.findIndex((s) => s.member === undefined || s.stages.length > 0);
  const direct = plain < 0 ? steps.length : plain;

  return (context, scope) => {
    let value = context;
    let i = 0;
    while (i < direct && !Array.isArray(value)) {
      value = lookup(value, steps[i++]!.member!, scope);
      if (value === undefined) return undefined;
    }
    if (i > last) return value;
    let items = Array.isArray(value) && (i > 0 || !isAbsolute) ? (value as readonly unknown[]) : Sequence.of(value);
    for (; i <= last; i++) {
      if (i === 0 && isWhole) {
        const whole = steps[0]!.evaluate(items, scope);
        if (whole === undefined) return undefined;
        if (!Array.isArray(whole)) return unsure();
        items = whole;
      } else {
        items = mapped(steps[i]!, items, i === last, scope);
      }
      if (items.length === 0) break;
    }
    return unwrap(items);
  };
}

/** Whether this, as the first step of a path, is evaluated once and not for each item. */
function isConstructor(syntax: Syntax): boolean {
  if (syntax.type === 'array') return syntax.cons === true;
  if (syntax.type !== 'block') return false;
  const leading = syntax.inner.type === 'path' ? syntax.inner.steps[0]!.of : syntax.inner;
  return leading !== undefined && isConstructor(leading);
}

function mapped(step: Step, items: readonly unknown[], isLast: boolean, scope: Scope): readonly unknown[] {
  spend(scope, items.length);
  const results: unknown[] = [];
  for (const item of items) {
    let value = step.evaluate(item, scope);
    for (const keep of step.stages) value = keep(value, scope);
    if (value !== undefined) results.push(value);
  }
  if (isLast && results.length === 1 && Array.isArray(results[0]) && !(results[0] instanceof Sequence)) {
    return results[0];
  }
  const flat = new Sequence();
  for (const value of results) {
    if (!Array.isArray(value) || value instanceof Constructed) flat.push(value);
    else {
      spend(scope, value.length);
      for (const one of value) flat.push(one);
    }
  }
  return flat;
}

type Predicate = (value: unknown, scope: Scope) => unknown;

function predicateOf(syntax: Syntax): Predicate {
  if (syntax.type === 'literal' && typeof syntax.value === 'number') {
    const index = Math.floor(syntax.value);
    return (value) => {
      if (isOdd(value)) return unsure();
      const items = Array.isArray(value) ? (value as unknown[]) : [value];
      const item = items[index < 0 ? items.length + index : index];
      return item === undefined ? new Sequence() : Array.isArray(item) ? item : Sequence.of(item);
    };
  }
  const test = closureOf(syntax);
  return (value, scope) => {
    if (isOdd(value)) return unsure();
    const items = Array.isArray(value) ? (value as unknown[]) : [value];
    spend(scope, items.length);
    const kept = new Sequence();
    items.forEach((item, index) => {
      const answer = test(item, scope);
      const indexes = Array.isArray(answer) ? (answer as unknown[]) : typeof answer === 'number' ? [answer] : undefined;
      if (indexes?.every(isNumber)) {
        spend(scope, indexes.length);
        for (const at of indexes.map(Math.floor)) if ((at < 0 ? items.length + at : at) === index) kept.push(item);
      } else if (truth(answer)) kept.push(item);
    });
    return kept;
  };
}

/** Data with a member that the library takes for a mark of its own. */
function isOdd(value: unknown): boolean {
  return typeof value === 'object' && value !== null && 'tupleStream' in value;
}

function operatorOf(operator: string, left: Evaluate, right: Evaluate): Evaluate {
  switch (operator) {
    case 'and':
      return (context, scope) => truth(left(context, scope)) && truth(right(context, scope));
    case 'or':
      return (context, scope) => truth(left(context, scope)) || truth(right(context, scope));
    case '&':
      return (context, scope) => {
        const a = left(context, scope);
        const b = right(context, scope);
        return made((a === undefined ? '' : textOf(a, scope)) + (b === undefined ? '' : textOf(b, scope)), scope);
      };
    case '=':
    case '!=':
      return (context, scope) => {
        const a = left(context, scope);
        const b = right(context, scope);
        return a !== undefined && b !== undefined && isEqual(a, b, scope) === (operator === '=');
      };
    case 'in':
      return (context, scope) => {
        const a = left(context, scope);
        const b = right(context, scope);
        if (a === undefined || b === undefined) return false;
        if (!Array.isArray(b)) return a === b;
        spend(scope, b.length);
        return b.includes(a) && (!Number.isNaN(a) || unsure());
      };
    default: {
      const calculate = ARITHMETIC[operator];
      if (calculate) return numeric(left, right, calculate);
      const compare = COMPARISON[operator];
      if (!compare) throw UNKNOWN;
      return (context, scope) => {
        const a = left(context, scope);
        const b = right(context, scope);
        if (!isComparable(a) || !isComparable(b)) return unsure();
        if (a === undefined || b === undefined) return undefined;
        return typeof a === typeof b ? compare(a, b) : unsure();
      };
    }
  }
}

const ARITHMETIC: Readonly<Record<string, (a: number, b: number) => number>> = {
  '+': (a, b) => a + b,
  '-': (a, b) => a - b,
  '*': (a, b) => a * b,
  '/': (a, b) => a / b,
  '%': (a, b) => a % b,
};

type Comparable = string | number;
const COMPARISON: Readonly<Record<string, (a: Comparable, b: Comparable) => boolean>> = {
  '<': (a, b) => a < b,
  '<=': (a, b) => a <= b,
  '>': (a, b) => a > b,
  '>=': (a, b) => a >= b,
};

function isComparable(value: unknown): value is Comparable | undefined {
  return value === undefined || typeof value === 'string' || typeof value === 'number';
}

function numeric(left: Evaluate, right: Evaluate, calculate: (a: number, b: number) => number): Evaluate {
  return (context, scope) => {
    const a = left(context, scope);
    const b = right(context, scope);
    if ((a !== undefined && !isNumber(a)) || (b !== undefined && !isNumber(b))) return unsure();
    return a === undefined || b === undefined ? undefined : calculate(a, b);
  };
}

function arrayOf(syntax: readonly Syntax[], cons: boolean): Evaluate {
  const items = syntax.map((item) => ({ evaluate: closureOf(item), isArray: item.type === 'array' }));
  return (context, scope) => {
    const array: unknown[] = cons ? new Constructed() : [];
    for (const { evaluate, isArray } of items) {
      const value = evaluate(context, scope);
      if (Array.isArray(value) && !isArray) {
        spend(scope, value.length);
        for (const one of value) array.push(one);
      } else if (value !== undefined) array.push(value);
    }
    spend(scope, items.length);
    return array;
  };
}

function objectOf(syntax: readonly (readonly [Syntax, Syntax])[]): Evaluate {
  const pairs = syntax.map(([key, value]) => [closureOf(key), closureOf(value)] as const);
  return (context, scope) => {
    // Over an array the library groups by key.
    if (Array.isArray(context) || isOdd(context)) return unsure();
    spend(scope, pairs.length);
    const values = new Map<string, Evaluate>();
    for (const [key, value] of pairs) {
      const name = key(context, scope);
      if (name === undefined) continue;
      if (typeof name !== 'string' || values.has(name) || FORBIDDEN.has(name)) return unsure();
      values.set(name, value);
    }
    const object: Record<string, unknown> = {};
    for (const [name, evaluate] of values) {
      const value = evaluate(context, scope);
      if (value !== undefined) object[name] = value;
    }
    return object;
  };
}

const FORBIDDEN = new Set(['__proto__', '_jsonata_lambda', '_jsonata_function']);

function callOf(name: string, syntax: readonly Syntax[]): Evaluate {
  const known = Object.hasOwn(FUNCTIONS, name) ? FUNCTIONS[name] : undefined;
  const usesContext = syntax.length === 0 && known?.context === true;
  if (!known || (!usesContext && (syntax.length < known.least || syntax.length > known.most))) throw UNKNOWN;
  const values = syntax.map(closureOf);
  return (context, scope) => {
    if (Object.hasOwn(scope.bindings, name)) return unsure();
    const given = usesContext ? [context] : values.map((evaluate) => evaluate(context, scope));
    for (const value of given) {
      if (typeof value === 'object' && value !== null && !Array.isArray(value)) members(value);
    }
    return unwrap(known.call(given, scope));
  };
}
