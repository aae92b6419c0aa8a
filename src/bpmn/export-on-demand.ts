// The export and the layout it may need are loaded when something is exported.
import type { FlowDefinition } from '../model/index.js';
import type { ExportOptions } from './export/export-bpmn.js';

/**
 * Writes definitions as one BPMN 2.0 file. Importing it gives the same definitions again. Without positions in `layout`, a
 * layout is made. Throws FlowError `BPMN-EXPORT`.
 */
export async function exportBpmn(
  definitions: FlowDefinition | readonly FlowDefinition[],
  options: ExportOptions = {},
): Promise<string> {
  return (await import('./export/export-bpmn.js')).exportBpmn(definitions, options);
}
