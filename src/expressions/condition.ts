// The value of a transition condition: true is live, false is dead, nothing (missing data) is dead with a warning, and
// anything else is an error that says what it was.
import { FlowError, type JsonObject } from '../model/index.js';
import { compileExpression, type EvaluateOptions, type ExpressionOptions } from './expression.js';

export interface ConditionResult {
  readonly live: boolean;
  readonly warning?: string;
}

export interface ConditionPlace {
  readonly flow?: string;
  /** Id of the connector or loop. */
  readonly place?: string;
}

export function evaluateCondition(
  source: string,
  input: JsonObject,
  { isolated = false, ...options }: EvaluateOptions & ConditionPlace & ExpressionOptions = {},
): ConditionResult | Promise<ConditionResult> {
  const value = compileExpression(source, { isolated }).evaluate(input, options);
  return value instanceof Promise ? value.then((v) => judge(source, v, options)) : judge(source, value, options);
}

function judge(source: string, value: unknown, { flow, place }: ConditionPlace): ConditionResult {
  if (typeof value === 'boolean') return { live: value };
  if (value === undefined)
    return { live: false, warning: `"${source}" gave nothing (missing data), so it counts as false.` };
  throw new FlowError(
    'FLOW-CONDITION',
    `The condition "${source}"${place === undefined ? '' : ` of "${place}"`}${flow === undefined ? '' : ` in flow "${flow}"`} gave ${shown(value)}, but must give true or false. Write a comparison, or $boolean(…).`,
    { ...(flow === undefined ? {} : { flow }), expression: source },
  );
}

function shown(value: unknown): string {
  const text = JSON.stringify(value);
  return text.length > 80 ? `${text.slice(0, 77)}…` : text;
}
