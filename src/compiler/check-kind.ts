// What a microflow may not contain: it is one shot, has no people in it and waits for nothing long (FLOW-E401).
import { parseDuration, type Diagnostic, type FlowDefinition } from '../model/index.js';

/** Longest wait a microflow may have, in ms; longer ones need a process, which survives a reload. */
export const LONGEST_MICROFLOW_WAIT = 60_000;

export function checkKind(flow: FlowDefinition): Diagnostic[] {
  if (flow.kind !== 'microflow') return [];
  const found: Diagnostic[] = [];
  const refuse = (id: string, what: string): void => {
    found.push({
      code: 'FLOW-E401',
      severity: 'error',
      ids: [id],
      message: `"${id}" is ${what}; a microflow runs in one go.`,
      suggestion: 'make the flow a process ("kind": "process")',
    });
  };
  for (const a of flow.activities) {
    if (a.type === 'user') refuse(a.id, 'a user activity');
    if (a.type === 'receive') refuse(a.id, 'a receive activity');
    const wait = a.after === undefined ? undefined : parseDuration(a.after);
    if (a.type === 'wait' && wait !== undefined && wait > LONGEST_MICROFLOW_WAIT) refuse(a.id, `a wait of ${a.after}`);
  }
  return found;
}
