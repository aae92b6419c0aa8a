// A small recursive-descent reader for comparisons, boolean and arithmetic expressions and the few functions whose
// meaning is the same everywhere. It writes JSONata. Anything it is not certain of makes it give up.
import { call, method, type Operand } from './functions.js';
import { quotedName } from './names.js';
import { scan, type Word } from './scan.js';

export interface Translated {
  /** JSONata. */
  readonly source: string;
  /** Variables it reads. */
  readonly reads: readonly string[];
}

export interface ParseOptions {
  /** Names that mean something else here: name → JSONata. */
  readonly rename?: Readonly<Record<string, string>>;
  /** Whether a lone name is a variable; elsewhere it may as well be prose. */
  readonly names?: boolean;
  /** FEEL and prose-like conditions have names with blanks in them. */
  readonly blanks?: boolean;
}

class Uncertain extends Error {}

const OR = new Set(['||', 'or']);
const AND = new Set(['&&', 'and']);
const COMPARE: Readonly<Record<string, string>> = {
  '==': '=',
  '===': '=',
  '=': '=',
  eq: '=',
  '!=': '!=',
  '!==': '!=',
  ne: '!=',
  '<': '<',
  lt: '<',
  '>': '>',
  gt: '>',
  '<=': '<=',
  le: '<=',
  '>=': '>=',
  ge: '>=',
};
const KEYWORDS = new Set([
  'and',
  'or',
  'not',
  'then',
  'else',
  'if',
  'in',
  'satisfies',
  'some',
  'every',
  'empty',
  'between',
  ...Object.keys(COMPARE),
]);
const DEEPEST = 100;

export function parse(source: string, options: ParseOptions = {}): Translated | undefined {
  const words = scan(source);
  if (!words) return undefined;
  const reader = new Reader(words, options);
  try {
    const result = reader.whole();
    return { source: result.source, reads: [...reader.reads] };
  } catch (error) {
    if (error instanceof Uncertain) return undefined;
    throw error;
  }
}

class Reader {
  readonly reads = new Set<string>();
  #at = 0;
  #depth = 0;
  readonly #bound: string[] = [];
  readonly #words: readonly Word[];
  readonly #options: ParseOptions;

  constructor(words: readonly Word[], options: ParseOptions) {
    this.#words = words;
    this.#options = options;
  }

  whole(): Operand {
    const result = this.#choice();
    if (this.#next.type !== 'end') throw new Uncertain();
    if (result.type === 'sum' || (result.type === 'name' && !this.#options.names)) throw new Uncertain();
    return result;
  }

  get #next(): Word {
    return this.#words[this.#at]!;
  }

  #take(...texts: readonly string[]): string | undefined {
    const { type, text } = this.#next;
    if (type === 'string' || type === 'number' || !texts.includes(text)) return undefined;
    this.#at++;
    return text;
  }

  #expect(text: string): void {
    if (this.#take(text) === undefined) throw new Uncertain();
  }

  #choice(): Operand {
    if (++this.#depth > DEEPEST) throw new Uncertain();
    const result = this.#conditional();
    this.#depth--;
    return result;
  }

  #conditional(): Operand {
    if (this.#take('if')) {
      const test = this.#choice();
      this.#expect('then');
      const yes = this.#choice();
      this.#expect('else');
      return { source: `(${test.source} ? ${yes.source} : ${this.#choice().source})`, type: 'other' };
    }
    const quantifier = this.#take('some', 'every');
    if (quantifier) return this.#quantified(quantifier);
    const test = this.#or();
    if (!this.#take('?')) return test;
    const yes = this.#choice();
    this.#expect(':');
    return { source: `(${test.source} ? ${yes.source} : ${this.#choice().source})`, type: 'other' };
  }

  #quantified(quantifier: string): Operand {
    const { type, text } = this.#next;
    if (type !== 'name') throw new Uncertain();
    this.#at++;
    this.#expect('in');
    const items = this.#postfix();
    this.#expect('satisfies');
    this.#bound.push(text);
    const test = this.#choice();
    this.#bound.pop();
    const kept = quantifier === 'some' ? test.source : `$not(${test.source})`;
    const filtered = `$count($filter(${items.source}, function($${text}) { ${kept} }))`;
    return { source: `${filtered} ${quantifier === 'some' ? '> 0' : '= 0'}`, type: 'boolean' };
  }

  #or(): Operand {
    let left = this.#and();
    while (this.#take(...OR)) left = { source: `${left.source} or ${this.#and().source}`, type: 'boolean' };
    return left;
  }

  #and(): Operand {
    let left = this.#comparison();
    while (this.#take(...AND))
      left = { source: `${grouped(left)} and ${grouped(this.#comparison())}`, type: 'boolean' };
    return left;
  }

  #comparison(): Operand {
    const left = this.#sum();
    const operator = this.#take(...Object.keys(COMPARE));
    if (operator === undefined) return left;
    const right = this.#sum();
    const sign = COMPARE[operator]!;
    if ((left.type === 'sum') !== (right.type === 'sum') && left.type !== 'number' && right.type !== 'number')
      throw new Uncertain();
    if (left.type === 'sum' && right.type === 'sum') throw new Uncertain();
    const against = right.source === 'null' ? left : left.source === 'null' ? right : undefined;
    if (against) {
      if (sign === '=')
        return { source: `($not($exists(${against.source})) or ${against.source} = null)`, type: 'boolean' };
      if (sign === '!=')
        return { source: `($exists(${against.source}) and ${against.source} != null)`, type: 'boolean' };
      throw new Uncertain();
    }
    return { source: `${left.source} ${sign} ${right.source}`, type: 'boolean' };
  }

  #sum(): Operand {
    let left = this.#product();
    for (let sign = this.#take('+', '-'); sign; sign = this.#take('+', '-')) {
      const right = this.#product();
      const types = [left.type, right.type];
      if (sign === '-' || types.includes('number')) {
        if (types.includes('string')) throw new Uncertain();
        left = { source: `${left.source} ${sign} ${right.source}`, type: 'number' };
      } else if (types.includes('string')) {
        left = { source: `${left.source} & ${right.source}`, type: 'string' };
      } else {
        // A sum of two variables may be a number or a text; next to a number it is a number.
        left = { source: `${left.source} + ${right.source}`, type: 'sum' };
      }
    }
    return left;
  }

  #product(): Operand {
    let left = this.#unary();
    for (let sign = this.#take('*', '/', '%'); sign; sign = this.#take('*', '/', '%'))
      left = { source: `${left.source} ${sign} ${this.#unary().source}`, type: 'number' };
    return left;
  }

  #unary(): Operand {
    if (this.#take('!')) return { source: `$not(${this.#unary().source})`, type: 'boolean' };
    if (this.#take('not')) return { source: `$not(${this.#postfix().source})`, type: 'boolean' };
    if (this.#take('empty')) return { source: `$not($boolean(${this.#postfix().source}))`, type: 'boolean' };
    if (this.#take('-')) return { source: `-${this.#unary().source}`, type: 'number' };
    return this.#postfix();
  }

  #postfix(): Operand {
    let value = this.#primary();
    for (;;) {
      if (this.#take('.')) {
        const { type, text } = this.#next;
        if (type !== 'name') throw new Uncertain();
        this.#at++;
        const found = this.#take('(') ? method(value, text, this.#list()) : member(value, text);
        if (!found) throw new Uncertain();
        value = found;
      } else if (value.type !== 'number' && this.#take('[')) {
        const index = this.#choice();
        this.#expect(']');
        if (index.literal !== undefined) value = member(value, index.literal);
        else if (index.type === 'number') value = { source: `${value.source}[${index.source}]`, type: 'other' };
        else throw new Uncertain();
      } else {
        return value;
      }
    }
  }

  /** Arguments up to the closing bracket. */
  #list(): Operand[] {
    const found: Operand[] = [];
    if (this.#take(')')) return found;
    do found.push(this.#choice());
    while (this.#take(','));
    this.#expect(')');
    return found;
  }

  #primary(): Operand {
    const { type, text } = this.#next;
    if (type === 'end' || type === 'operator') {
      this.#expect('(');
      const inner = this.#choice();
      this.#expect(')');
      return { ...inner, source: `(${inner.source})` };
    }
    this.#at++;
    if (type === 'number') return { source: text, type: 'number' };
    if (type === 'string') return { source: JSON.stringify(text), type: 'string', literal: text };
    return this.#name(text);
  }

  #name(first: string): Operand {
    if (KEYWORDS.has(first)) throw new Uncertain();
    let name = first;
    // `bpmn:getDataObject('x')` of the standard's XPath functions.
    if (this.#words[this.#at]!.text === ':' && /^bpmn2?$/.test(first)) {
      this.#at++;
      name = this.#next.text;
      this.#at++;
    }
    while (this.#next.type === 'name' && !KEYWORDS.has(this.#next.text)) {
      name += ` ${this.#next.text}`;
      this.#at++;
    }
    if (this.#take('(')) {
      const found = call(name, this.#list(), (variable) => this.#variable(variable));
      if (!found) throw new Uncertain();
      return found;
    }
    if (name === 'true' || name === 'false') return { source: name, type: 'boolean' };
    if (name === 'null') return { source: name, type: 'other' };
    if (name !== first && !this.#options.blanks) throw new Uncertain();
    return this.#variable(name);
  }

  #variable(name: string): Operand {
    if (this.#bound.includes(name)) return { source: `$${name}`, type: 'name' };
    const renamed =
      this.#options.rename && Object.hasOwn(this.#options.rename, name) ? this.#options.rename[name] : undefined;
    if (renamed !== undefined) return { source: renamed, type: 'number' };
    this.reads.add(name);
    return { source: quotedName(name), type: 'name' };
  }
}

function member(of: Operand, name: string): Operand {
  return { source: `${of.source}.${quotedName(name)}`, type: 'name' };
}

function grouped(operand: Operand): string {
  return / or /.test(operand.source) ? `(${operand.source})` : operand.source;
}
