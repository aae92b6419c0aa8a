// Reads flow definitions from what people keep them in.
import { FlowError, type FlowDefinition } from './model/index.js';

export interface ImportedDefinitions {
  /** In the order of the source; the first is the one to start. Their contents are checked by `compile`. */
  readonly definitions: readonly FlowDefinition[];
}

/**
 * Takes a definition as an object or as JSON text (UTF-8 bytes too), or a list of them. Throws FlowError `FLOW-IMPORT` for
 * what is none of these, with the place in the text.
 */
export async function importDefinition(source: unknown): Promise<ImportedDefinitions> {
  const data = typeof source === 'string' || source instanceof Uint8Array ? parse(source) : source;
  const definitions = Array.isArray(data) ? (data as unknown[]) : [data];
  for (const definition of definitions) {
    if (typeof definition !== 'object' || definition === null || !('flow' in definition))
      throw new FlowError(
        'FLOW-IMPORT',
        'This is no flow definition: an object with "flow" and "activities" is expected.',
      );
  }
  return { definitions: definitions as readonly FlowDefinition[] };
}

function parse(source: string | Uint8Array): unknown {
  const text = (typeof source === 'string' ? source : new TextDecoder().decode(source)).replace(/^\uFEFF/, '');
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new FlowError('FLOW-IMPORT', `This is no JSON: ${(cause as Error).message}.`, {}, { cause });
  }
}
