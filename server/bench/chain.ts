// The flow that is measured: activities in a row that do nothing.
import type { FlowDefinition } from '../../src/index.js';

export function chainOf(flow: string, kind: FlowDefinition['kind'], length: number): FlowDefinition {
  const names = Array.from({ length }, (_, i) => `A${i}`);
  return {
    flow,
    kind,
    activities: names.map((id) => ({ id, type: 'service', implementation: { ref: 'nothing' } })),
    connectors: names.slice(1).map((to, i) => ({ id: `c${i}`, from: names[i]!, to })),
  };
}
