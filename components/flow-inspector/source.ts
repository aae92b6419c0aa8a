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

/** What the page's settings keep from logs is kept from the inspector, too. */
export function sourceOf(runtime: Runtime): InspectedSource {
  const { redacted } = runtime;
  const cleaned = async <T>(
    data: T,
    clean: (module: typeof import('../../src/inspect/redacted.js')) => T,
  ): Promise<T> => (redacted.length === 0 ? data : clean(await import('../../src/inspect/redacted.js')));
  const viewed = (view: InstanceView): Promise<InstanceView> => cleaned(view, (m) => m.redactedView(view, redacted));
  return {
    instances: async (query) => Promise.all((await runtime.instances(query)).map(viewed)),
    history: async (id) => {
      const history = await runtime.history(id);
      return cleaned(history, (m) => m.redactedHistory(history, redacted));
    },
    flowOf: (id) => runtime.flowOf(id),
    watch: (listener) => runtime.watch((view) => void viewed(view).then(listener)),
    acting: runtime,
  };
}
