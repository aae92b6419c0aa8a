// An instance as a file that can be looked at anywhere: its definition, how it stands and every step of it. Archives, from
// which a host can take an instance in again, can be looked at, too.
import { compileOnDemand, type CompiledFlow } from '../compiler/index.js';
import type { HistoryRecord, InstanceView } from '../hosts/host.js';
import { viewOf } from '../hosts/instance-view.js';
import type { InstanceArchive } from '../hosts/management/index.js';
import { FlowError, type FlowDefinition } from '../model/index.js';

const FORMAT = 'millrace-journal';
const ARCHIVE: InstanceArchive['format'] = 'millrace-instance';

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

/** Reads a file with one or several, saved journals or archives; rejects with FlowError `FLOW-EXPORT` for anything else. */
export async function readExported(text: string): Promise<readonly ExportedInstance[]> {
  let data: unknown;
  try {
    data = JSON.parse(text);
  } catch (cause) {
    throw new FlowError('FLOW-EXPORT', `This is no exported instance: ${(cause as Error).message}.`, {}, { cause });
  }
  return Promise.all([data].flat().map(exportedFrom));
}

async function exportedFrom(data: unknown): Promise<ExportedInstance> {
  const one = data as Partial<ExportedInstance | InstanceArchive> | null;
  if (one?.version !== 1 || (one.format !== FORMAT && one.format !== ARCHIVE))
    throw new FlowError(
      'FLOW-EXPORT',
      `This is no exported instance: its format is ${JSON.stringify(one?.format)}, version ${JSON.stringify(one?.version)}. Save one with "Save the journal" in an inspector, or export it.`,
    );
  if (one.format === FORMAT) return one as ExportedInstance;
  const { definition, header, state, fold, journal } = one as InstanceArchive;
  const flow = await compileOnDemand(definition);
  const history = journal.flatMap(({ at, records }) => records.map((record) => ({ at, ...record })));
  return exportInstance(
    flow,
    viewOf(flow, state, header, fold),
    history.map((record, i) => ({ seq: i + 1, ...record })),
    header.changedAt,
  );
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
