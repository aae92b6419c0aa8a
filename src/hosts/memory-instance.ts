// What the memory host keeps of an instance.
import type { CompiledFlow } from '../compiler/index.js';
import type { FlowState, Run, StepRecord } from '../engine/index.js';
import type { ActivityView, HistoryRecord } from './host.js';
import type { InstanceHeader } from './instance-view.js';
import type { JournalOrigin } from './management/archive.js';

export interface MemoryInstance {
  /** Changes only when the instance is moved to another definition. */
  flow: CompiledFlow;
  state: FlowState;
  readonly header: { -readonly [K in keyof InstanceHeader]: InstanceHeader[K] };
  readonly fold: Record<string, ActivityView>;
  readonly history: HistoryRecord[];
  /** Length of the history after each commit. */
  readonly commits: number[];
  /** Number of the first commit that is kept, the hash before it, and its own when its beginning was dropped. */
  origin: JournalOrigin;
  /** Calls that had begun where it was taken from, and may not be repeated. */
  readonly begun: readonly { readonly token: string; readonly attempt: number }[];
  readonly inbox: MemoryWork[];
  busy: boolean;
  readonly timers: Map<string, () => void>;
  /** Runs whose implementation has been called and has not answered, for those who wait until nothing goes on. */
  readonly calls: Map<string, Run>;
}

/** Something to do with the instance when its turn comes. */
export type MemoryWork = () => void | Promise<void>;

export function memoryInstance(
  flow: CompiledFlow,
  state: FlowState,
  header: InstanceHeader,
  begun: MemoryInstance['begun'] = [],
): MemoryInstance {
  return {
    flow,
    state,
    header: { ...header },
    fold: {},
    history: [],
    commits: [],
    origin: { row: 1, previous: flow.hash },
    begun,
    inbox: [],
    busy: false,
    timers: new Map(),
    calls: new Map(),
  };
}

export function keepHistory(
  { history, commits }: MemoryInstance,
  records: readonly StepRecord[],
  at: number,
  limit = 10_000,
): void {
  let seq = (history.at(-1)?.seq ?? 0) + 1;
  for (const record of records) if (history.length < limit) history.push({ seq: seq++, at, ...record });
  // Beyond the limit the numbers no longer fit, which is how an export knows that the history is not whole.
  commits.push((commits.at(-1) ?? 0) + records.length);
}
