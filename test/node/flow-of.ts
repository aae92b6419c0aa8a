// Builders that keep tests short: `flowOf('A -> B -> C', …)` and a run that answers every implementation at once.
import {
  compile,
  createMemoryHost,
  type ActivityDefinition,
  type FlowDefinition,
  type Implementations,
  type InstanceView,
  type JsonObject,
} from '../../src/index.js';

/**
 * `'A -> B [x > 1]'` lines become activities (scripts unless given) and connectors; `[else]` marks a default.
 * Connector ids are `A-B`.
 */
export function flowOf(
  graph: string,
  more: Partial<FlowDefinition> = {},
  activities: Record<string, Partial<ActivityDefinition>> = {},
): FlowDefinition {
  const ids = new Set<string>(Object.keys(activities));
  const connectors = graph
    .split(/[\n;]/)
    .map((line) => line.trim())
    .filter(Boolean)
    .flatMap((line) => {
      const [, path, condition] = /^(.*?)(?:\[(.*)\])?$/.exec(line)!;
      const names = path!.split('->').map((n) => n.trim());
      for (const n of names) ids.add(n.split('.')[0]!);
      return names.slice(1).map((to, i) => ({
        id: `${names[i]}-${to}`,
        from: names[i]!,
        to,
        ...(condition === undefined ? {} : condition === 'else' ? { default: true } : { condition }),
      }));
    });
  return {
    flow: 'test',
    kind: 'process',
    ...more,
    connectors: [...connectors, ...(more.connectors ?? [])],
    activities: [...ids].map(
      (id) => ({ id, type: 'service', implementation: { ref: 'do' }, ...activities[id] }) as ActivityDefinition,
    ),
  };
}

export interface Run {
  readonly view: InstanceView;
  /** Activities in order of completion. */
  readonly trace: readonly string[];
}

/** Runs to rest (over, failed, or waiting) in the memory host. */
export async function run(
  definition: FlowDefinition,
  input: JsonObject = {},
  implementations: Implementations = {},
): Promise<Run> {
  const host = createMemoryHost({ implementations: { do: () => null, ...implementations } });
  await host.deploy(await compile(definition));
  const started = await host.start(definition.flow, input);
  const view = await new Promise<InstanceView>((resolve) => {
    const look = (v: InstanceView): void => {
      if (v.status !== 'running' || (v.tasks.length + v.waits.length > 0 && !isBusy(v))) resolve(v);
    };
    host.watch(started.id, look);
    void host.get(started.id).then((v) => look(v!));
  });
  const history = await host.history(started.id);
  const trace = history.flatMap((r) => r.changes.filter((c) => c.state === 'completed').map((c) => c.activity));
  return { view, trace };
}

function isBusy(view: InstanceView): boolean {
  return Object.values(view.activities).some(
    (a) =>
      (a.state === 'running' || (a.state === 'ready' && a.failure)) &&
      (a.failure || !view.waits.some((w) => w.token === a.token)),
  );
}
