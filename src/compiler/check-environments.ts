// FLOW-E407: an activity that is done elsewhere reads what does not go there with it.
import { freeVariables, parseExpression } from '../expressions/inspect-source.js';
import { leavesPage, type Diagnostic, type FlowDefinition } from '../model/index.js';

export async function checkEnvironments(flow: FlowDefinition): Promise<Diagnostic[]> {
  const found: Diagnostic[] = [];
  for (const a of flow.activities) {
    if (a.environment === undefined || a.environment === 'page') continue;
    if (!a.implementation || a.type === 'call' || a.type === 'send') {
      const message = `"${a.id}" names an environment but invokes nothing that could run there.`;
      const suggestion = 'take "environment" out, or give the activity an implementation';
      found.push({ code: 'FLOW-E407', severity: 'error', ids: [a.id], message, suggestion });
      continue;
    }
    if (!leavesPage(flow, a)) continue;
    const { arguments: args = {}, select } = a.implementation;
    for (const source of [...Object.values(args), ...(select === undefined ? [] : [select])]) {
      if (await parseExpression(source)) continue;
      for (const { name } of await freeVariables(source)) {
        if (Object.hasOwn(a.input ?? {}, name)) continue;
        found.push({
          code: 'FLOW-E407',
          severity: 'error',
          ids: [a.id],
          message: `"${a.id}" runs in the environment "${a.environment}" and reads "${name}", which does not go there with it.`,
          suggestion: `add it to the activity's input: { "${name}": "${name}" }`,
        });
      }
    }
  }
  return found;
}
