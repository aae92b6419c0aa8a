// Instances as people may see them who may not see all of their data. Paths are those of the data log.
import type { FlowEvent } from '../engine/index.js';
import type { HistoryRecord, InstanceView } from '../hosts/host.js';
import { redactor } from '../hosts/logs/redaction.js';
import type { Json, JsonObject } from '../model/index.js';

type Clean = <T extends Json | undefined>(data: T) => T;

function cleaner(paths: readonly string[]): Clean {
  const clean = redactor(paths);
  return <T extends Json | undefined>(data: T) => (data === undefined ? data : (clean(data) as T));
}

export function redactedView(view: InstanceView, paths: readonly string[]): InstanceView {
  if (paths.length === 0) return view;
  const clean = cleaner(paths);
  return {
    ...view,
    variables: clean(view.variables),
    tasks: view.tasks.map((task) => ({ ...task, data: clean(task.data) })),
    ...(view.output ? { output: clean(view.output) } : {}),
  };
}

export function redactedHistory(history: readonly HistoryRecord[], paths: readonly string[]): readonly HistoryRecord[] {
  if (paths.length === 0) return history;
  const clean = cleaner(paths);
  return history.map((record) => ({
    ...record,
    event: cleanEvent(record.event, clean),
    ...(record.writes ? { writes: clean(record.writes) } : {}),
  }));
}

/** Wherever an event holds data of the instance. */
function cleanEvent(event: FlowEvent, clean: Clean): FlowEvent {
  const all = { ...event } as Record<string, unknown>;
  for (const name of ['input', 'output', 'data', 'variables'])
    if (all[name] !== undefined) all[name] = clean(all[name] as Json);
  for (const name of ['prepared', 'settled']) {
    const inner = all[name] as Record<string, unknown> | undefined;
    if (!inner) continue;
    const copy = { ...inner };
    for (const part of ['input', 'arguments', 'writes', 'output'])
      if (copy[part] !== undefined) copy[part] = clean(copy[part] as JsonObject);
    all[name] = copy;
  }
  return all as unknown as FlowEvent;
}
