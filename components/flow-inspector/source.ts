// Where an inspector finds its instances: the page's runtime, or anything else that can tell the same, such as a file.
import type { CompiledFlow, HistoryRecord, InstanceQuery, InstanceView, Runtime } from '../../src/runtime/index.js';

export interface InspectedSource {
  /** Newest first. */
  instances(query?: InstanceQuery): Promise<readonly InstanceView[]>;
  history(id: string): Promise<readonly HistoryRecord[]>;
  /** The flow that the instance runs. */
  flowOf(id: string): Promise<CompiledFlow>;
  /** Absent: nothing changes. */
  watch?(listener: (view: InstanceView) => void): Promise<() => void>;
  /** What can be done about instances; absent: they can only be looked at. */
  readonly acting?: Runtime;
}

export function sourceOf(runtime: Runtime): InspectedSource {
  return {
    instances: (query) => runtime.instances(query),
    history: (id) => runtime.history(id),
    flowOf: (id) => runtime.flowOf(id),
    watch: (listener) => runtime.watch(listener),
    acting: runtime,
  };
}
