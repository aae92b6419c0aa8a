// The input of a flow from everything a button knows, later ones winning: the form's fields, `data-*`, the `input`
// attribute, what `run(input)` was given.
import {
  FlowError,
  type FlowDefinition,
  type Json,
  type JsonObject,
  type JsonSchema,
} from '../../src/runtime/index.js';
import type { Press } from './press.js';

export async function assembleInput(
  press: Press,
  attribute: string | JsonObject | undefined,
  definition: FlowDefinition,
): Promise<JsonObject> {
  const { file } = press.fields;
  if (file !== undefined) {
    throw new FlowError(
      'FLOW-INPUT-FILE',
      `The field "${file}" holds a file, which a flow cannot carry. Upload it first and pass its address.`,
      { flow: definition.flow },
      { details: { name: file } },
    );
  }
  const collected = fitting(press, definition);
  const mapped = typeof attribute === 'string' ? await read(attribute, collected) : attribute;
  return { ...collected, ...mapped, ...press.given };
}

/**
 * Of fields and `data-*`, what the flow asks for: all, when it declares no input; never a password it does not name. Texts
 * become numbers and booleans where the flow says so, because HTML knows only texts.
 */
function fitting({ collected, fields }: Press, { input: declared }: FlowDefinition): JsonObject {
  const values: Record<string, Json> = {};
  for (const [name, value] of Object.entries(collected)) {
    // Frameworks mark elements with data attributes of their own.
    if (!/^[A-Za-z_$][\w$.-]*$/.test(name) || /^v-[\da-f]{6,}$/.test(name)) continue;
    if (declared ? !Object.hasOwn(declared, name) : fields.secrets.includes(name)) continue;
    const fitted = typeof value === 'string' ? converted(value, declared?.[name]) : value;
    if (fitted !== undefined) values[name] = fitted;
  }
  return values;
}

function converted(value: string, schema: JsonSchema | undefined): Json | undefined {
  const type = typeof schema === 'object' ? schema['type'] : undefined;
  if (type === 'number' || type === 'integer') {
    if (value.trim() === '') return undefined;
    return Number.isFinite(Number(value)) ? Number(value) : value;
  }
  if (type === 'boolean') return value === 'true' || value === 'on' ? true : value === 'false' ? false : value;
  // An empty field that may stay empty is a missing value, not a malformed date or address.
  if (value === '' && typeof schema === 'object' && (schema['format'] !== undefined || schema['enum'] !== undefined))
    return undefined;
  return value;
}

async function read(source: string, fields: JsonObject): Promise<JsonObject> {
  if (source.trim() === '') return {};
  let value: unknown;
  try {
    value = JSON.parse(source);
  } catch (notJson) {
    value = await evaluated(source, fields, notJson as Error);
  }
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as JsonObject;
  throw unreadable(source, `It gives ${value === undefined ? 'nothing' : JSON.stringify(value)}, not an object.`);
}

async function evaluated(source: string, fields: JsonObject, notJson: Error): Promise<Json | undefined> {
  const { compileExpression } = await import('../../src/index.js');
  try {
    return await compileExpression(source).evaluate(fields);
  } catch (cause) {
    throw unreadable(source, `As JSON: ${notJson.message}. As an expression: ${(cause as Error).message}`, cause);
  }
}

function unreadable(source: string, reason: string, cause?: unknown): FlowError {
  return new FlowError(
    'FLOW-INPUT-ATTRIBUTE',
    `The "input" attribute cannot be used. ${reason}`,
    { expression: source },
    { cause },
  );
}
