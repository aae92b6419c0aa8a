// How deep flows may call each other: a recursion that does not find its end must not fill the store.
import { FlowError } from '../model/index.js';

export const MAX_CALL_DEPTH = 50;

/** Throws FlowError `FLOW-CALL-DEPTH` for an instance that would stand deeper; 0 is one that nothing has called. */
export function checkCallDepth(flow: string, depth: number, deepest: number = MAX_CALL_DEPTH): void {
  if (depth <= deepest) return;
  throw new FlowError(
    'FLOW-CALL-DEPTH',
    `Flows call each other more than ${deepest} deep, the last one being "${flow}". Give the recursion an end.`,
    { flow },
  );
}
