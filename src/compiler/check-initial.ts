// FLOW-W205: a variable that begins with a value that its own schema refuses. A warning, because stored instances may be
// pinned to such a definition.
import { validate } from '../expressions/validate.js';
import type { Diagnostic, FlowDefinition } from '../model/index.js';

export async function checkInitialValues({ flow, variables = {}, untrusted }: FlowDefinition): Promise<Diagnostic[]> {
  const found: Diagnostic[] = [];
  for (const [name, { schema, initial }] of Object.entries(variables)) {
    if (schema === undefined || initial === undefined) continue;
    const why = await validate(schema, initial, { isolated: untrusted === true }).then(
      ([fault]) => fault && `${fault.path === '' ? '' : `${fault.path}: `}${fault.message} (${fault.rule})`,
      (error: unknown) => `the schema is at fault: ${(error as Error).message}`,
    );
    if (why === undefined) continue;
    found.push({
      code: 'FLOW-W205',
      severity: 'warning',
      ids: [flow],
      message: `The initial value of the variable "${name}" does not fit its schema. ${why}`,
      suggestion: 'correct the value, or leave it out',
    });
  }
  return found;
}
