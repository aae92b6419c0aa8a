// Reads a flow out of TypeScript: the literal that `defineFlow` is given, or that a definition is. Nothing is executed; what is
// not a literal is refused with its place.
import { defineFlow } from '../../builder/index.js';
import { FlowError, type FlowDefinition } from '../../model/index.js';

/** Throws FlowError `FLOW-CODE` with line and column. */
export function readBuilderCode(code: string): FlowDefinition {
  const reader = new Reader(code);
  const begins = /\bdefineFlow\s*\(|=\s*(?=\{)/.exec(withoutComments(code));
  if (!begins) throw reader.fault('There is neither "defineFlow({ … })" nor "= { … }" in it.', 0);
  const isBuilt = begins[0].startsWith('defineFlow');
  reader.at = begins.index + begins[0].length;
  const value = reader.value();
  reader.space();
  if (isBuilt && !reader.take(')')) throw reader.fault('")" is missing after what defineFlow is given.');
  if (!/^\s*(as const|satisfies \w+)?\s*;?\s*$/.test(withoutComments(code).slice(reader.at)))
    throw reader.fault('Only one flow can be read; there is more code after it.');
  const options = value as Record<string, unknown>;
  if (!isBuilt) return options as unknown as FlowDefinition;
  if (typeof options['activities'] !== 'object' || options['activities'] === null)
    throw reader.fault('"activities" is missing: an object with an activity for every id.', begins.index);
  return defineFlow(options as never);
}

function withoutComments(code: string): string {
  const blank = (text: string): string => text.replaceAll(/[^\n]/g, ' ');
  return code.replaceAll(/'(?:\\.|[^'\\\n])*'|"(?:\\.|[^"\\\n])*"|\/\/[^\n]*|\/\*[\s\S]*?\*\//g, (part) =>
    part.startsWith('/') ? blank(part) : part,
  );
}

class Reader {
  at = 0;
  readonly #code: string;

  constructor(code: string) {
    this.#code = withoutComments(code);
  }

  fault(message: string, at = this.at): FlowError {
    const before = this.#code.slice(0, at).split('\n');
    return new FlowError('FLOW-CODE', `Line ${before.length}, column ${before.at(-1)!.length + 1}: ${message}`);
  }

  space(): void {
    while (/\s/.test(this.#code[this.at] ?? '')) this.at++;
  }

  take(text: string): boolean {
    if (!this.#code.startsWith(text, this.at)) return false;
    this.at += text.length;
    return true;
  }

  value(): unknown {
    this.space();
    if (this.take('{')) return this.#object();
    if (this.take('[')) return this.#list();
    const rest = this.#code.slice(this.at);
    const string = /^(?:'(?:\\.|[^'\\\n])*'|"(?:\\.|[^"\\\n])*"|`(?:\\.|[^`\\$])*`)/.exec(rest)?.[0];
    if (string !== undefined) {
      const begins = this.at;
      this.at += string.length;
      return this.#text(string, begins);
    }
    const word = /^(?:true|false|null|-?\d+(?:\.\d+)?(?:e[+-]?\d+)?)(?![\w$])/i.exec(rest)?.[0];
    if (word === undefined)
      throw this.fault(
        'Here a text, a number, true, false, null, a list or an object is expected; other code is not executed.',
      );
    this.at += word.length;
    return JSON.parse(word) as unknown;
  }

  #object(): Record<string, unknown> {
    const entries: [string, unknown][] = [];
    for (this.space(); !this.take('}'); this.space()) {
      const key = /^[A-Za-z_$][\w$]*/.exec(this.#code.slice(this.at))?.[0];
      const name = key ?? this.value();
      if (key !== undefined) this.at += key.length;
      if (typeof name !== 'string') throw this.fault('Here a name is expected.');
      this.space();
      if (!this.take(':')) throw this.fault(`":" is missing after "${name}".`);
      entries.push([name, this.value()]);
      this.#between('}');
    }
    return Object.fromEntries(entries);
  }

  #list(): unknown[] {
    const items: unknown[] = [];
    for (this.space(); !this.take(']'); this.space()) {
      items.push(this.value());
      this.#between(']');
    }
    return items;
  }

  #between(end: string): void {
    this.space();
    if (!this.take(',') && this.#code[this.at] !== end) throw this.fault(`"," or "${end}" is missing.`);
  }

  #text(string: string, begins: number): string {
    // One pass, so that an escaped backslash before a quote stays one.
    const inside = string.slice(1, -1).replaceAll(/\\[\s\S]|"|\n/g, (part) => {
      if (part === '"' || part === '\n') return JSON.stringify(part).slice(1, -1);
      return /['`]/.test(part) ? part[1]! : part;
    });
    try {
      return JSON.parse(`"${inside}"`) as string;
    } catch {
      throw this.fault('This text has an escape that cannot be read.', begins);
    }
  }
}
