// Every expression that a step has evaluated, with what it gave: the definition says what was asked, the journal what came out.
import type { CompiledFlow, PlannedActivity, PlannedBoundary } from '../compiler/index.js';
import type { HistoryRecord } from '../hosts/host.js';
import type { Json, JsonObject } from '../model/index.js';

export { dataOf, type DataEntry } from '../hosts/logs/data-log.js';

export interface Evaluation {
  /** Id of the activity, connector or boundary event (`A.late`) whose expression it is; `""`: the flow. */
  readonly of: string;
  readonly what:
    | 'input'
    | 'argument'
    | 'binding'
    | 'timer'
    | 'message key'
    | 'loop'
    | 'assignment'
    | 'condition'
    | 'output';
  /** What is set by it: a parameter, an argument, a variable … */
  readonly name: string;
  readonly expression: string;
  /** Undefined: it gave nothing. */
  readonly value: Json | undefined;
}

type Named = Readonly<Record<string, string>>;

/** The expressions of one step; `activityOf` tells whose run a token is. */
export function evaluationsOf(
  { plan, definition }: Pick<CompiledFlow, 'plan' | 'definition'>,
  { event, changes }: HistoryRecord,
  activityOf: (token: string) => string | undefined,
): readonly Evaluation[] {
  const found: Evaluation[] = [];
  const add = (of: string, what: Evaluation['what'], name: string, expression: string, value: Json | undefined): void =>
    void found.push({ of, what, name, expression, value });
  const all = (
    of: string,
    what: Evaluation['what'],
    named: Named | undefined,
    values: JsonObject | undefined,
  ): void => {
    for (const [name, expression] of Object.entries(named ?? {})) add(of, what, name, expression, values?.[name]);
  };
  if (event.type === 'output') all('', 'output', definition.output, event.output);
  const token = 'token' in event ? event.token : undefined;
  const id = token === undefined ? undefined : activityOf(token);
  const activity = id === undefined ? undefined : plan.activities[id];
  if (!activity) return found;

  if (event.type === 'prepared') {
    const { input, arguments: given, ref, timers, subscriptions, items, proceed } = event.prepared;
    const { definition: d, loop } = activity;
    if (items && loop?.kind === 'forEach') add(activity.id, 'loop', 'items', loop.items, [...items]);
    if (proceed !== undefined && loop && loop.kind !== 'forEach')
      add(activity.id, 'loop', 'goes on', loop.condition, proceed);
    if (input) all(activity.id, 'input', d.input, input);
    if (given && d.implementation) all(activity.id, 'argument', d.implementation.arguments, given);
    if (ref !== undefined) add(activity.id, 'binding', 'implementation', d.implementation!.select!, ref);
    for (const [event_, at] of Object.entries(timers ?? {})) {
      const b = activity.boundaries.find((x) => x.definition.id === event_)?.definition;
      const when: { after?: string; until?: string } = event_ === '' ? d : b?.event === 'timer' ? b : {};
      add(placeOf(activity, event_), 'timer', 'due', when.after ?? when.until ?? '', new Date(at).toISOString());
    }
    for (const [event_, { key }] of Object.entries(subscriptions ?? {})) {
      const b = activity.boundaries.find((x) => x.definition.id === event_)?.definition;
      const message = event_ === '' ? d.message : b?.event === 'message' ? b.message : undefined;
      if (message?.key !== undefined) add(placeOf(activity, event_), 'message key', message.name, message.key, key);
    }
  }

  const settled = 'settled' in event ? event.settled : undefined;
  if (!settled) return found;
  const boundary = boundaryOf(plan.activities, changes) ?? undefined;
  const of = boundary ? boundary.place : activity.id;
  const outgoing = boundary ? boundary.event.outgoing : activity.outgoing;
  all(of, 'assignment', boundary ? boundary.event.definition.output : activity.definition.output, settled.writes);
  const { loop } = activity;
  if (settled.loop !== undefined && loop && !boundary) {
    const [name, source] = loop.kind === 'forEach' ? ['complete', loop.completion] : [loop.kind, loop.condition];
    add(of, 'loop', name, source ?? '', settled.loop);
  }
  // The rounds of a loop decide nothing about where the flow goes on.
  if (boundary || !loop || settled.live)
    for (const c of outgoing)
      if (c.condition !== undefined)
        add(c.id, 'condition', `to ${c.to}`, c.condition, settled.live?.includes(c.id) ?? false);
  return found;
}

/** Whose run each token is, as far as these records tell. */
export function tokensIn(history: readonly HistoryRecord[]): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  for (const { changes } of history)
    for (const { token, activity } of changes) if (token !== undefined) found.set(token, activity);
  return found;
}

function placeOf({ id }: PlannedActivity, boundary: string): string {
  return boundary === '' ? id : `${id}.${boundary}`;
}

/** The boundary event that has happened in a step. */
function boundaryOf(
  activities: CompiledFlow['plan']['activities'],
  changes: HistoryRecord['changes'],
): { readonly place: string; readonly event: PlannedBoundary } | undefined {
  for (const { activity: place, state } of changes) {
    if (state !== 'completed' || activities[place]) continue;
    const dot = place.lastIndexOf('.');
    const event = activities[place.slice(0, dot)]?.boundaries.find((b) => b.definition.id === place.slice(dot + 1));
    if (event) return { place, event };
  }
  return undefined;
}
