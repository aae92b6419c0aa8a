// What an instance looked like after a step: states of activities and variables, folded from its history.
import type { FlowDefinition, HistoryRecord, Json, JsonObject } from '../../src/runtime/index.js';

export interface ActivityMoment {
  readonly state: string;
  readonly completed: number;
  readonly attempt?: number;
  readonly failure?: string;
}

export interface Moment {
  readonly activities: ReadonlyMap<string, ActivityMoment>;
  readonly variables: JsonObject;
  /** Variables that the step has written. */
  readonly written: readonly string[];
}

/** After the first `steps` records. */
export function momentOf(definition: FlowDefinition, history: readonly HistoryRecord[], steps: number): Moment {
  const activities = new Map<string, ActivityMoment>();
  const variables: Record<string, Json> = {};
  for (const [name, { initial }] of Object.entries(definition.variables ?? {}))
    if (initial !== undefined) variables[name] = initial;
  let written: readonly string[] = [];
  for (const { changes, writes, event } of history.slice(0, steps)) {
    if (event.type === 'begin') Object.assign(variables, event.input);
    if (writes) Object.assign(variables, writes);
    written = Object.keys(writes ?? {});
    for (const { activity, state, attempt, failure } of changes) {
      const before = activities.get(activity);
      const completed = (before?.completed ?? 0) + (state === 'completed' ? 1 : 0);
      // In a loop, a path not taken this time does not undo that it was taken before.
      if (state === 'skipped' && completed > 0) continue;
      activities.set(activity, {
        state,
        completed,
        ...(attempt === undefined ? {} : { attempt }),
        ...(failure ? { failure: `${failure.code}: ${failure.message}` } : {}),
      });
    }
  }
  return { activities, variables, written };
}

/** A step in a line of text. */
export function stepInWords({ event, changes, writes }: HistoryRecord): string {
  const happened = changes.map((c) => `${c.activity} ${c.state}`).join(', ');
  const wrote = Object.keys(writes ?? {});
  return `${event.type}${happened ? `: ${happened}` : ''}${wrote.length > 0 ? ` (wrote ${wrote.join(', ')})` : ''}`;
}
