// Foreign data → flow definition, or diagnostics that say which path is wrong and what was expected (FLOW-E100).
import { checkShape } from './check-shape.js';
import type { FlowDefinition, JsonSchema } from './definition.js';
import type { Diagnostic } from './diagnostic.js';
import { didYouMean } from './did-you-mean.js';
import { flowSchema } from './flow-schema.js';
import type { ValueFault } from './validate-value.js';

export interface ValidatedDefinition {
  readonly definition?: FlowDefinition;
  readonly diagnostics: readonly Diagnostic[];
}

/** Never throws. `definition` is set when there are no errors; it is a deep copy without prototypes' tricks. */
export function validateDefinition(data: unknown): ValidatedDefinition {
  let copy: unknown;
  try {
    const text = JSON.stringify(data);
    if (text === undefined) return refused('', 'A flow definition is a JSON object.');
    if (text.includes('"__proto__"')) return refused('', 'A flow definition may not have a member named "__proto__".');
    copy = JSON.parse(text) as unknown;
  } catch {
    return refused('', 'A flow definition must be plain JSON; this has a cycle or a value that JSON cannot hold.');
  }
  const faults = checkShape(flowSchema, copy);
  if (faults.length === 0) return { definition: copy as FlowDefinition, diagnostics: [] };
  const diagnostics = faults.map((fault) => diagnosticOf(fault, copy));
  const seen = new Set<string>();
  return { diagnostics: diagnostics.filter((d) => !seen.has(d.message) && seen.add(d.message)) };
}

function refused(path: string, message: string): ValidatedDefinition {
  return { diagnostics: [{ code: 'FLOW-E100', severity: 'error', ids: path ? [path] : [], message }] };
}

function diagnosticOf(fault: ValueFault, data: unknown): Diagnostic {
  const place = fault.path === '' ? 'the definition' : fault.path;
  const base = { code: 'FLOW-E100', severity: 'error', ids: [idAt(data, fault.path) ?? place] } as const;
  if (fault.rule !== 'additionalProperties') return { ...base, message: `At ${place}: ${fault.message}` };
  const key = fault.path.slice(fault.path.lastIndexOf('.') + 1);
  const near = didYouMean(key, knownKeys(flowSchema));
  return {
    ...base,
    message: `At ${place}: "${key}" is not known here.`,
    suggestion: near === undefined ? 'remove it' : `did you mean "${near}"?`,
  };
}

/** `activities[2].retry` → the id of that activity, so that people find it in the diagram. */
function idAt(data: unknown, path: string): string | undefined {
  let found: string | undefined;
  let value = data as Record<string, unknown> | undefined;
  for (const part of path.split(/[.[\]]+/).filter(Boolean)) {
    value = value?.[part] as Record<string, unknown> | undefined;
    if (typeof value?.['id'] === 'string') found = value['id'];
  }
  return found;
}

function knownKeys(schema: JsonSchema): string[] {
  const keys = new Set<string>();
  const walk = (value: unknown): void => {
    if (typeof value !== 'object' || value === null) return;
    const properties = (value as { properties?: object }).properties;
    for (const key of Object.keys(properties ?? {})) keys.add(key);
    for (const member of Object.values(value)) walk(member);
  };
  walk(schema);
  return [...keys];
}
