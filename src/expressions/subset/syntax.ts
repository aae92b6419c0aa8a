// Parses the easy subset of JSONata without the library: paths with predicates, operators, conditionals, constructors and
// calls of functions that the subset knows. Binding powers and the flattening of paths are JSONata's own. Whatever is not
// certain here gives undefined, and the library takes over, syntax errors included: their words are the library's.
export type Syntax =
  | { readonly type: 'literal'; readonly value: string | number | boolean | null }
  | { readonly type: 'variable'; readonly name: string; predicates?: Syntax[] }
  | { readonly type: 'path'; readonly steps: PathStep[] }
  | { readonly type: 'minus'; readonly operand: Syntax }
  | { readonly type: 'binary'; readonly operator: string; readonly left: Syntax; readonly right: Syntax }
  | { readonly type: 'condition'; readonly test: Syntax; readonly yes: Syntax; readonly no?: Syntax }
  | { readonly type: 'default'; readonly operator: '??' | '?:'; readonly left: Syntax; readonly right: Syntax }
  | { readonly type: 'block'; readonly inner: Syntax; predicates?: Syntax[] }
  | { readonly type: 'array'; readonly items: readonly Syntax[]; cons?: boolean; predicates?: Syntax[] }
  | { readonly type: 'object'; readonly pairs: readonly (readonly [Syntax, Syntax])[]; predicates?: Syntax[] }
  | { readonly type: 'call'; readonly name: string; readonly arguments: readonly Syntax[]; predicates?: Syntax[] };

export interface PathStep {
  /** A member's name, or an expression that is evaluated for each item. */
  readonly member?: string;
  readonly position?: number;
  readonly of?: Syntax;
  readonly stages: Syntax[];
}

const LONGEST = 10_000;
const DEEPEST = 60;

const SPACE = /[ \t\n\r\v]*/y;
// What must follow a name, else JSONata would read on: the end, white space or an operator.
const END = String.raw`(?=[ \t\n\r\v.[\]{}(),;:?+\-*/%|=<>^&@#!~]|$)`;
const TOKEN = new RegExp(
  [
    String.raw`(?<name>[\p{L}_][\p{L}\p{N}_]*)${END}`,
    String.raw`\$(?<variable>\$|[A-Za-z_]\w*)?${END}`,
    String.raw`(?<number>(?:0|[1-9]\d*)(?:\.\d+)?(?:[Ee][-+]?\d+)?)`,
    String.raw`"(?<double>(?:[^"\\]|\\(?:["\\/bfnrt]|u[\da-fA-F]{4}))*)"`,
    String.raw`'(?<single>(?:[^'\\]|\\(?:["\\/bfnrt]|u[\da-fA-F]{4}))*)'`,
    '`(?<quoted>[^`]*)`',
    String.raw`(?<operator>/\*|\.\.|:=|!=|>=|<=|\*\*|~>|\?:|\?\?|[.[\]{}(),;:?+\-*/%|=<>^&@#!~])`,
  ].join('|'),
  'yu',
);

const POWERS: Readonly<Record<string, number>> = {
  '[': 80,
  '(': 80,
  '.': 75,
  '*': 60,
  '/': 60,
  '%': 60,
  '+': 50,
  '-': 50,
  '&': 50,
  '=': 40,
  '!=': 40,
  '<': 40,
  '<=': 40,
  '>': 40,
  '>=': 40,
  in: 40,
  '??': 40,
  '?:': 40,
  and: 30,
  or: 25,
  '?': 20,
};
/** Infix operators of JSONata that are not in the subset. */
const FOREIGN = new Set(['{', '^', '@', '#', '~>', ':=', '**', '..', '/*', ';', '|', '!', '~']);

interface Token {
  readonly kind: 'name' | 'variable' | 'literal' | 'operator' | 'end';
  readonly text: string;
  readonly value?: string | number | boolean | null;
  readonly position: number;
}

/** Thrown and caught in here only. */
const OUTSIDE = new Error('not in the subset');

/** The syntax tree, or undefined when the source is not (certainly) in the subset. */
export function parseSubset(source: string): Syntax | undefined {
  if (source.length > LONGEST) return undefined;
  try {
    const parser = new Parser(source);
    return parser.whole();
  } catch (error) {
    if (error === OUTSIDE) return undefined;
    throw error;
  }
}

function outside(): never {
  throw OUTSIDE;
}

class Parser {
  readonly #source: string;
  #at = 0;
  #depth = 0;
  #token: Token;

  constructor(source: string) {
    this.#source = source;
    this.#token = this.#scan();
  }

  whole(): Syntax {
    const syntax = this.#expression(0);
    return this.#token.kind === 'end' ? syntax : outside();
  }

  #scan(): Token {
    SPACE.lastIndex = this.#at;
    SPACE.test(this.#source);
    const position = SPACE.lastIndex;
    if (position >= this.#source.length) return { kind: 'end', text: '', position };
    TOKEN.lastIndex = position;
    const found = TOKEN.exec(this.#source);
    if (!found) return outside();
    this.#at = TOKEN.lastIndex;
    const { name, number, double, single, quoted, operator, variable } = found.groups!;
    const literal = (value: Token['value']): Token => ({ kind: 'literal', text: found[0], value: value!, position });
    if (name !== undefined) {
      if (name === 'true' || name === 'false') return literal(name === 'true');
      if (name === 'null') return literal(null);
      return { kind: name === 'and' || name === 'or' || name === 'in' ? 'operator' : 'name', text: name, position };
    }
    if (number !== undefined) return Number.isFinite(Number(number)) ? literal(Number(number)) : outside();
    const text = double ?? single;
    if (text !== undefined) return literal(text.includes('\\') ? unescape(text) : text);
    if (quoted !== undefined) return { kind: 'name', text: quoted, position };
    if (operator !== undefined) return { kind: 'operator', text: operator, position };
    return { kind: 'variable', text: variable ?? '', position };
  }

  #next(): Token {
    const token = this.#token;
    this.#token = this.#scan();
    return token;
  }

  #is(operator: string): boolean {
    return this.#token.kind === 'operator' && this.#token.text === operator;
  }

  #expect(operator: string): void {
    if (!this.#is(operator)) outside();
    this.#next();
  }

  #list<T>(closing: string, item: () => T): T[] {
    const items: T[] = [];
    if (!this.#is(closing)) {
      do items.push(item());
      while (this.#is(',') && this.#next());
    }
    this.#expect(closing);
    return items;
  }

  #expression(power: number): Syntax {
    if (++this.#depth > DEEPEST) outside();
    let left = this.#prefix();
    while (this.#token.kind === 'operator') {
      if (FOREIGN.has(this.#token.text)) outside();
      const own = POWERS[this.#token.text] ?? 0;
      if (own <= power) break;
      left = this.#infix(left, this.#next().text, own);
    }
    this.#depth--;
    return left;
  }

  #prefix(): Syntax {
    const { kind, text, value, position } = this.#next();
    if (kind === 'literal') return { type: 'literal', value: value! };
    if (kind === 'name') return { type: 'path', steps: [{ member: text, position, stages: [] }] };
    if (kind === 'variable') return { type: 'variable', name: text };
    switch (text) {
      case '-': {
        const operand = this.#expression(70);
        if (operand.type !== 'literal') return { type: 'minus', operand };
        return typeof operand.value === 'number' ? { type: 'literal', value: -operand.value } : outside();
      }
      case '(': {
        const inner = this.#expression(0);
        this.#expect(')');
        return { type: 'block', inner };
      }
      case '[':
        return { type: 'array', items: this.#list(']', () => this.#expression(0)) };
      case '{':
        return {
          type: 'object',
          pairs: this.#list('}', () => {
            const key = this.#expression(0);
            this.#expect(':');
            return [key, this.#expression(0)] as const;
          }),
        };
      default:
        return outside();
    }
  }

  #infix(left: Syntax, operator: string, power: number): Syntax {
    switch (operator) {
      case '.':
        return joined(left, this.#expression(power));
      case '[': {
        if (this.#is(']')) outside();
        const predicate = this.#expression(0);
        this.#expect(']');
        return filtered(left, predicate);
      }
      case '(':
        if (left.type !== 'variable' || left.name === '' || left.name === '$' || left.predicates) return outside();
        return { type: 'call', name: left.name, arguments: this.#list(')', () => this.#expression(0)) };
      case '?': {
        const yes = this.#expression(0);
        if (!this.#is(':')) return { type: 'condition', test: left, yes };
        this.#next();
        return { type: 'condition', test: left, yes, no: this.#expression(0) };
      }
      case '??':
      case '?:':
        return { type: 'default', operator, left, right: this.#expression(0) };
      default:
        return { type: 'binary', operator, left, right: this.#expression(power) };
    }
  }
}

/** `left.right` as one flat path. An array constructor at an end of a path keeps its array (JSONata's "cons"). */
function joined(left: Syntax, right: Syntax): Syntax {
  const steps = left.type === 'path' ? left.steps : [stepOf(left)];
  if (right.type === 'path') steps.push(...right.steps);
  else {
    const { predicates = [], ...of } = right as Syntax & { predicates?: Syntax[] };
    steps.push({ ...stepOf(of as Syntax), stages: predicates });
  }
  for (const { of } of [steps[0]!, steps.at(-1)!]) if (of?.type === 'array') of.cons = true;
  return { type: 'path', steps };
}

function stepOf(syntax: Syntax): PathStep {
  if (syntax.type !== 'literal') return { of: syntax, stages: [] };
  return typeof syntax.value === 'string' ? { member: syntax.value, stages: [] } : outside();
}

function filtered(left: Syntax, predicate: Syntax): Syntax {
  if (left.type === 'path') left.steps.at(-1)!.stages.push(predicate);
  else if ('predicates' in left || 'name' in left || ['block', 'array', 'object'].includes(left.type)) {
    const filterable = left as { predicates?: Syntax[] };
    (filterable.predicates ??= []).push(predicate);
  } else outside();
  return left;
}

function unescape(text: string): string {
  return text.replace(/\\(?:u(.{4})|(.))/g, (_, hex?: string, escape?: string) =>
    hex === undefined ? (ESCAPES[escape!] ?? escape!) : String.fromCharCode(parseInt(hex, 16)),
  );
}

const ESCAPES: Readonly<Record<string, string>> = { b: '\b', f: '\f', n: '\n', r: '\r', t: '\t' };
