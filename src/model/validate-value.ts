// A value against a JSON Schema (draft 2020-12), with @cfworker/json-schema: interpreting, so it runs under a strict CSP.
import type { JsonSchema } from './definition.js';

export interface ValueFault {
  /** `activities[2].retry.maxAttempts`; `""` is the value itself. */
  readonly path: string;
  /** The JSON Schema keyword that was broken. */
  readonly rule: string;
  readonly message: string;
}

/** Every fault, the most specific first-hand ones only (not the `allOf` around them). */
export async function validateValue(schema: JsonSchema, value: unknown): Promise<readonly ValueFault[]> {
  const { Validator } = await import('@cfworker/json-schema');
  const result = new Validator(schema as never, '2020-12', false).validate(value);
  if (result.valid) return [];
  const wrappers = new Set(['properties', 'items', 'prefixItems', 'allOf', '$ref', 'if', 'then', 'else', 'contains']);
  const faults = result.errors.filter((e) => !wrappers.has(e.keyword));
  const leaves = faults.filter(
    (e) => e.keyword !== 'false' && !(e.keyword === 'additionalProperties' && !isOwn(e.error)),
  );
  return (leaves.length > 0 ? leaves : result.errors).map((e) => ({
    path: pathOf(e.instanceLocation, e),
    rule: e.keyword,
    message: e.error,
  }));
}

/** The validator reports each unexpected member by its name, and once more for the schema `false` it fell under. */
function isOwn(error: string): boolean {
  return error.startsWith('Property "');
}

function pathOf(location: string, error: { readonly keyword: string; readonly error: string }): string {
  const parts = location
    .split('/')
    .slice(1)
    .map((p) => decodeURIComponent(p).replaceAll('~1', '/').replaceAll('~0', '~'));
  if (error.keyword === 'additionalProperties') {
    const named = /^Property "(.*?)"/.exec(error.error)?.[1];
    if (named !== undefined) parts.push(named);
  }
  return parts.reduce((path, p) => (/^\d+$/.test(p) ? `${path}[${p}]` : path ? `${path}.${p}` : p), '');
}
