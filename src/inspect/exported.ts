// An instance as a file: its definition, how it stands and every step of it. What an inspector needs to show it anywhere.
import { compileOnDemand, type CompiledFlow } from '../compiler/index.js';
import type { HistoryRecord, InstanceView } from '../hosts/host.js';
import { FlowError, type FlowDefinition } from '../model/index.js';

const FORMAT = 'millrace-instance';

export interface ExportedInstance {
  readonly format: typeof FORMAT;
  readonly version: 1;
  /** Epoch ms. */
  readonly exportedAt: number;
  readonly definition: FlowDefinition;
  readonly instance: InstanceView;
  readonly history: readonly HistoryRecord[];
}

export function exportInstance(
  { definition }: Pick<CompiledFlow, 'definition'>,
  instance: InstanceView,
  history: readonly HistoryRecord[],
  now: number,
): ExportedInstance {
  return { format: FORMAT, version: 1, exportedAt: now, definition, instance, history };
}

/** Reads a file with one or several; throws FlowError `FLOW-EXPORT` for anything else. */
export function readExported(text: string): readonly ExportedInstance[] {
  let data: unknown;
  try {
    data = JSON.parse(text);
  } catch (cause) {
    throw new FlowError('FLOW-EXPORT', `This is no exported instance: ${(cause as Error).message}.`, {}, { cause });
  }
  const all = (Array.isArray(data) ? data : [data]) as readonly (Partial<ExportedInstance> | null)[];
  for (const one of all) {
    if (one?.format !== FORMAT || !one.definition || !one.instance || !Array.isArray(one.history))
      throw new FlowError(
        'FLOW-EXPORT',
        `This is no exported instance: "format" is ${JSON.stringify(one?.format)}, not "${FORMAT}". Export one with the inspector's "Save the journal".`,
      );
    if (one.version !== 1)
      throw new FlowError('FLOW-EXPORT', `This file has version ${one.version}; this inspector reads version 1.`);
  }
  return all as readonly ExportedInstance[];
}

/** Where an inspector can find exported instances; nothing about them can be changed. */
export function exportedSource(files: readonly ExportedInstance[]): {
  instances(): Promise<readonly InstanceView[]>;
  history(id: string): Promise<readonly HistoryRecord[]>;
  flowOf(id: string): Promise<CompiledFlow>;
} {
  const find = (id: string): ExportedInstance => {
    const found = files.find((f) => f.instance.id === id);
    if (found) return found;
    throw new FlowError('FLOW-UNKNOWN-INSTANCE', `No file has the instance "${id}".`, { instance: id });
  };
  return {
    instances: async () => files.map((f) => f.instance).sort((a, b) => b.startedAt - a.startedAt),
    history: async (id) => find(id).history,
    flowOf: async (id) => compileOnDemand(find(id).definition),
  };
}
