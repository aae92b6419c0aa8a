// A definition as its author has it, with all that the compiler says of it.
import type { Plan } from '../compiler/index.js';
import type { Diagnostic, FlowDefinition } from '../model/index.js';

export interface FlowDraft {
  /** Errors first. */
  readonly diagnostics: readonly Diagnostic[];
  /** Whether it would run as it is. */
  readonly canRun: boolean;
  /** What can be drawn; absent where the JSON is no flow definition (`FLOW-E100`). */
  readonly drawn?: { readonly definition: FlowDefinition; readonly plan: Plan };
}

/** Never rejects: a fault is a diagnostic. Loads the compiler on first use. */
export async function draftOf(data: unknown): Promise<FlowDraft> {
  const { readDraft } = await import('./drawable.js');
  return readDraft(data);
}
