// What an instance looked like after a step: states of activities and variables, folded from its history.
import type { HistoryRecord } from '../hosts/host.js';
import type { FlowDefinition, Json, JsonObject } from '../model/definition.js';

export interface ActivityMoment {
  readonly state: string;
  readonly completed: number;
  readonly attempt?: number;
  readonly failure?: string;
}

export interface Moment {
  /** By activity id; a boundary event that has happened stands as `A.late`. */
  readonly activities: ReadonlyMap<string, ActivityMoment>;
  readonly variables: JsonObject;
  /** Variables that the step has written, with what they were before. */
  readonly written: ReadonlyMap<string, Json | undefined>;
}

/** After the first `steps` records. */
export function momentOf(
  definition: Pick<FlowDefinition, 'variables'>,
  history: readonly HistoryRecord[],
  steps: number,
): Moment {
  const activities = new Map<string, ActivityMoment>();
  const variables: Record<string, Json> = {};
  for (const [name, { initial }] of Object.entries(definition.variables ?? {}))
    if (initial !== undefined) variables[name] = initial;
  const written = new Map<string, Json | undefined>();
  /** By token. */
  const names = new Map<string, string>();
  const last = Math.min(steps, history.length);
  for (let i = 0; i < last; i++) {
    const { changes, writes, event } = history[i]!;
    if (i === last - 1) for (const name of Object.keys(writes ?? {})) written.set(name, variables[name]);
    if (event.type === 'begin') Object.assign(variables, event.input);
    // What was before it is not in the journal any more, or was another definition's.
    if (event.type === 'compacted' || event.type === 'migrated') Object.assign(variables, event.state.pool);
    // What was under way may bear another name there.
    if (event.type === 'migrated')
      for (const run of Object.values(event.state.runs)) {
        const before = activities.get(names.get(run.token) ?? '');
        if (before) activities.set(run.activity, before);
      }
    if (writes) Object.assign(variables, writes);
    for (const { activity, token, state, attempt, failure } of changes) {
      if (token !== undefined) names.set(token, activity);
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

/** A step in a line of text: what came, from whom and why, what became of it, what was written. */
export function stepInWords({ event, changes, writes }: HistoryRecord): string {
  const { by, user, reason } = event as { readonly by?: string; readonly user?: string; readonly reason?: string };
  const who = by ?? user;
  // Somebody may give a task to another, or do it for them.
  const whom = by !== undefined && user !== undefined && by !== user ? ` for ${user}` : '';
  const from = `${whom}${who === undefined ? '' : ` by ${who}`}${reason === undefined ? '' : ` (${reason})`}`;
  const happened = changes.map((c) => `${c.activity} ${c.state}`).join(', ');
  const wrote = Object.keys(writes ?? {});
  return `${event.type}${from}${happened ? `: ${happened}` : ''}${wrote.length > 0 ? ` (wrote ${wrote.join(', ')})` : ''}`;
}
