// Values against the JSON Schemas that a flow declares: its input, what is assigned to its variables, what a person fills
// into a task. The validator is loaded when the first schema is met.
import { validate } from '../expressions/validate.js';
import { FlowError, type Json, type JsonObject, type JsonSchema } from '../model/index.js';
import type { CompiledFlow } from '../compiler/index.js';
import type { MaybePromise } from './maybe-promise.js';

/** Throws FlowError `FLOW-INPUT` that names parameter, path and rule. */
export async function checkInput(flow: CompiledFlow, input: JsonObject): Promise<void> {
  const { definition } = flow;
  const where = `of the input of flow "${definition.flow}"`;
  await check(flow, 'FLOW-INPUT', where, definition.input ?? {}, input, { flow: definition.flow });
  await checkVariables(flow, input, where);
}

/** What is about to be assigned, to the variables' own schemas. Throws FlowError `FLOW-VALUE`. */
export function checkVariables(
  flow: CompiledFlow,
  writes: JsonObject,
  where: string,
  activity?: string,
): MaybePromise<void> {
  const declared = flow.definition.variables ?? {};
  const schemas: Record<string, JsonSchema> = {};
  for (const name in writes) if (declared[name]?.schema !== undefined) schemas[name] = declared[name].schema;
  if (Object.keys(schemas).length === 0) return;
  const place = { flow: flow.definition.flow, ...(activity === undefined ? {} : { activity }) };
  return check(flow, 'FLOW-VALUE', where, schemas, writes, place);
}

/** What a person filled in, to the form's schema. Throws FlowError `FLOW-VALUE`. */
export function checkForm(flow: CompiledFlow, form: JsonSchema, output: Json, activity: string): Promise<void> {
  return checkOne(flow, 'FLOW-VALUE', `of task "${activity}"`, form, output, undefined, { activity });
}

/** The decision that a person has made, to those that there are. Throws FlowError `FLOW-VALUE`. */
export function checkOutcome(
  flow: CompiledFlow,
  activity: string,
  outcomes: readonly string[],
  output: Json | undefined,
): void {
  const { outcome } = (output ?? {}) as JsonObject;
  if (outcomes.includes(outcome as string)) return;
  throw new FlowError(
    'FLOW-VALUE',
    `"outcome" of task "${activity}" does not fit (enum): it is ${JSON.stringify(outcome) ?? 'missing'}, not one of ${outcomes.join(', ')}.`,
    { flow: flow.definition.flow, activity },
    { details: { name: 'outcome', path: 'outcome', rule: 'enum' } },
  );
}

async function check(
  flow: CompiledFlow,
  code: string,
  where: string,
  schemas: Readonly<Record<string, JsonSchema>>,
  values: JsonObject,
  place: FlowError['place'],
): Promise<void> {
  for (const [name, schema] of Object.entries(schemas)) {
    if (values[name] !== undefined) await checkOne(flow, code, where, schema, values[name], name, place);
  }
}

async function checkOne(
  flow: CompiledFlow,
  code: string,
  where: string,
  schema: JsonSchema,
  value: unknown,
  name: string | undefined,
  place: FlowError['place'],
): Promise<void> {
  const isolated = flow.definition.untrusted === true;
  const [fault] = await validate(schema, value, { isolated }).catch((cause: unknown) => {
    if (cause instanceof FlowError && cause.code.startsWith('FLOW-')) throw cause;
    const what = name === undefined ? `The value ${where}` : `"${name}" ${where}`;
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new FlowError(code, `${what} cannot be checked: its schema is at fault. ${why}.`, place, { cause });
  });
  if (!fault) return;
  const path = name === undefined || fault.path === '' ? (name ?? fault.path) : join(name, fault.path);
  throw new FlowError(code, `"${path}" ${where} does not fit (${fault.rule}): ${fault.message}`, place, {
    details: { name: name ?? path.split(/[.[]/)[0]!, path, rule: fault.rule },
  });
}

function join(name: string, path: string): string {
  return path.startsWith('[') ? `${name}${path}` : `${name}.${path}`;
}
