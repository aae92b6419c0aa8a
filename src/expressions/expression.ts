// Where an expression is evaluated: here, or in a thread that can be terminated.
import { kept, subsetOr, trustedExpression, type Expression } from './trusted-expression.js';

export type { EvaluateOptions, Expression } from './trusted-expression.js';

export interface ExpressionOptions {
  /** The library works at it in a thread of its own, which is terminated when the expression does not come to an end. */
  readonly isolated?: boolean;
}

const untrusted = new Map<string, Expression>();

/** The expression for a source text; parsed when first needed. */
export function compileExpression(source: string, { isolated = false }: ExpressionOptions = {}): Expression {
  return isolated ? kept(untrusted, source, () => subsetOr(source, isolating(source))) : trustedExpression(source);
}

function isolating(source: string): Expression['evaluate'] {
  return async (input, options = {}) => (await import('./isolated.js')).evaluateIsolated(source, input, options);
}
