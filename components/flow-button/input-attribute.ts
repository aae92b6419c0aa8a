// The `input` attribute: JSON, or JSONata over the form's fields. It adds to the fields and wins over them.
import type { JsonObject } from '../../src/runtime/index.js';

export function inputFrom(
  input: string | JsonObject | undefined,
  fields: JsonObject,
): JsonObject | Promise<JsonObject> {
  if (input === undefined || input === null || input === '') return fields;
  if (typeof input !== 'string') return { ...fields, ...input };
  const source = input.trim();
  try {
    const value: unknown = JSON.parse(source);
    if (isObject(value)) return { ...fields, ...value };
  } catch (cause) {
    // A brace and a quoted name is JSON that went wrong; anything else may be an expression.
    if (/^\{\s*("|\})/.test(source) && !/\$|&|:\s*[a-zA-Z_]/.test(source)) throw unreadable(source, cause);
    return evaluated(source, fields);
  }
  throw unreadable(source, undefined);
}

async function evaluated(source: string, fields: JsonObject): Promise<JsonObject> {
  const { compileExpression } = await import('../../src/index.js');
  let value: unknown;
  try {
    value = await compileExpression(source).evaluate(fields);
  } catch (cause) {
    throw unreadable(source, cause);
  }
  if (isObject(value)) return { ...fields, ...value };
  throw unreadable(source, undefined);
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function unreadable(source: string, cause: unknown): Error {
  const reason = cause === undefined ? 'it gives no object' : ((cause as Error).message ?? String(cause));
  return Object.assign(new Error(`The "input" attribute cannot be read: ${reason} In: ${source}`, { cause }), {
    code: 'FLOW-INPUT-ATTRIBUTE',
  });
}
