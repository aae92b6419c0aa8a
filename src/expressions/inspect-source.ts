// What can be said about an expression without evaluating it: whether it parses, and which variables it reads.
import { compileExpression } from './expression.js';
import type { Syntax } from './subset/syntax.js';
import { faultOf, loadLibrary, type ParseFault } from './library.js';

const parsed = new Map<string, Promise<unknown>>();

/** Undefined when the source parses. */
export async function parseExpression(source: string): Promise<ParseFault | undefined> {
  if (compileExpression(source).syntax) return undefined;
  try {
    await syntaxTree(source);
    return undefined;
  } catch (error) {
    return faultOf(error);
  }
}

export interface Read {
  readonly name: string;
  readonly position: number;
}

/** Names that are certainly read from the variable pool: first steps of paths outside blocks, functions and filters. */
export async function freeVariables(source: string): Promise<readonly Read[]> {
  const found: Read[] = [];
  const { syntax } = compileExpression(source);
  if (syntax) collectEasy(syntax, found);
  else collect(await syntaxTree(source), found);
  return found;
}

/** A part of the library's syntax tree. */
interface SyntaxElement {
  readonly type?: string;
  readonly value?: unknown;
  readonly position?: number;
  readonly steps?: readonly SyntaxElement[];
  readonly arguments?: readonly SyntaxElement[];
  readonly expressions?: readonly SyntaxElement[];
  readonly lhs?: unknown;
  readonly rhs?: SyntaxElement;
  readonly condition?: SyntaxElement;
  readonly then?: SyntaxElement;
  readonly else?: SyntaxElement;
  readonly expression?: SyntaxElement;
}

async function syntaxTree(source: string): Promise<SyntaxElement | undefined> {
  let tree = parsed.get(source);
  if (!tree) {
    tree = loadLibrary().then(({ parse }) => parse(source).ast());
    tree.catch(() => {});
    if (parsed.size > 2000) parsed.clear();
    parsed.set(source, tree);
  }
  return tree as Promise<SyntaxElement>;
}

function collectEasy(syntax: Syntax, found: Read[]): void {
  const all = (...parts: readonly (Syntax | undefined)[]): void => {
    for (const part of parts) if (part) collectEasy(part, found);
  };
  switch (syntax.type) {
    case 'path': {
      const [first] = syntax.steps;
      if (first!.of) all(first!.of);
      else if (first!.position !== undefined) found.push({ name: first!.member!, position: first!.position });
      return;
    }
    case 'minus':
      return all(syntax.operand);
    case 'binary':
    case 'default':
      return all(syntax.left, syntax.right);
    case 'condition':
      return all(syntax.test, syntax.yes, syntax.no);
    case 'call':
      return all(...syntax.arguments);
    case 'array':
      return all(...syntax.items);
    case 'object':
      return all(...syntax.pairs.map(([, value]) => value));
    default:
  }
}

function collect(element: SyntaxElement | undefined, found: Read[]): void {
  if (!element) return;
  switch (element.type) {
    case 'name':
      if (typeof element.value === 'string' && /^[A-Za-z_]/.test(element.value)) {
        found.push({ name: element.value, position: element.position ?? 0 });
      }
      return;
    case 'path':
      collect(element.steps?.[0], found);
      return;
    case 'binary':
      collect(element.lhs as SyntaxElement, found);
      collect(element.rhs, found);
      return;
    case 'condition':
      collect(element.condition, found);
      collect(element.then, found);
      collect(element.else, found);
      return;
    case 'function':
      for (const argument of element.arguments ?? []) collect(argument, found);
      return;
    case 'unary':
      if (element.value === '{')
        for (const [, value] of (element.lhs as [SyntaxElement, SyntaxElement][]) ?? []) collect(value, found);
      else if (element.value === '[') for (const item of element.expressions ?? []) collect(item, found);
      else collect(element.expression, found);
      return;
    default:
  }
}
