// Reads flow definitions from what people keep them in.
import type { ReportEntry } from './bpmn/index.js';
import { FlowError, type FlowDefinition } from './model/index.js';

export interface ImportedDefinitions {
  /** In the order of the source; the first is the one to start. Their contents are checked by `compile`. */
  readonly definitions: readonly FlowDefinition[];
  /** BPMN only: every element that is not carried over, or only in part. */
  readonly report?: readonly ReportEntry[];
}

/**
 * Takes a definition as an object or as JSON text (UTF-8 bytes too), or a list of them, or BPMN 2.0 XML, whose reader is
 * loaded then. Throws FlowError `FLOW-IMPORT` for what is none of these, with the place in the text, and `BPMN-…` for a BPMN
 * file that is refused.
 */
export async function importDefinition(source: unknown): Promise<ImportedDefinitions> {
  if (isXml(source)) return (await import('./bpmn/index.js')).importBpmn(source);
  const data = typeof source === 'string' || source instanceof Uint8Array ? parse(source) : source;
  const definitions = Array.isArray(data) ? (data as unknown[]) : [data];
  if (definitions.length === 0) throw new FlowError('FLOW-IMPORT', 'This list holds no flow definition.');
  for (const definition of definitions) {
    if (typeof definition !== 'object' || definition === null || !('flow' in definition))
      throw new FlowError(
        'FLOW-IMPORT',
        'This is no flow definition: an object with "flow" and "activities" is expected.',
      );
  }
  return { definitions: definitions as readonly FlowDefinition[] };
}

/** Text or bytes (UTF-16 too) whose first character is `<`. */
function isXml(source: unknown): source is string | Uint8Array {
  if (typeof source === 'string') return /^\uFEFF?\s*</.test(source);
  if (!(source instanceof Uint8Array)) return false;
  const first = source.subarray(0, 200).find((byte) => byte > 0x20 && byte < 0x80);
  return first === 0x3c;
}

function parse(source: string | Uint8Array): unknown {
  const text = (typeof source === 'string' ? source : new TextDecoder().decode(source)).replace(/^\uFEFF/, '');
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new FlowError('FLOW-IMPORT', `This is no JSON: ${(cause as Error).message}.`, {}, { cause });
  }
}
