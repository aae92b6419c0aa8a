// Where a value is held against a schema. Its patterns are regular expressions: they may take for ever as any expression may.
import type { JsonSchema } from '../model/index.js';
import type { ValueFault } from '../model/validate-value.js';

/** As `validateValue`; for what nobody trusts, in a thread that can be terminated. Loads the validator on first use. */
export async function validate(
  schema: JsonSchema,
  value: unknown,
  { isolated = false }: { readonly isolated?: boolean } = {},
): Promise<readonly ValueFault[]> {
  if (schema === true || Object.keys(schema).length === 0) return [];
  return isolated
    ? (await import('./isolated.js')).validateIsolated(schema, value)
    : (await import('../model/validate-value.js')).validateValue(schema, value);
}
