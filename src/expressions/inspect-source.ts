// What can be said about an expression without evaluating it: whether it parses, and which variables it reads.
import { compileExpression } from './expression.js';
import { faultOf, loadLibrary, type ParseFault } from './library.js';

const parsed = new Map<string, Promise<unknown>>();

/** Undefined when the source parses. */
export async function parseExpression(source: string): Promise<ParseFault | undefined> {
  try {
    await syntaxTree(source);
    return undefined;
  } catch (error) {
    return faultOf(error);
  }
}

/** Names that are certainly read from the variable pool: first steps of paths outside blocks, functions and filters. */
export async function freeVariables(
  source: string,
): Promise<readonly { readonly name: string; readonly position: number }[]> {
  const found: { name: string; position: number }[] = [];
  collect(await syntaxTree(source), found);
  return found;
}

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
  const { simple } = compileExpression(source);
  if (simple !== undefined) return simple === 'name' ? { type: 'name', value: source.trim(), position: 0 } : undefined;
  let tree = parsed.get(source);
  if (!tree) {
    tree = loadLibrary().then((library) => library(source).ast());
    tree.catch(() => {});
    if (parsed.size > 2000) parsed.clear();
    parsed.set(source, tree);
  }
  return tree as Promise<SyntaxElement>;
}

function collect(element: SyntaxElement | undefined, found: { name: string; position: number }[]): void {
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
