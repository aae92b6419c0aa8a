// The expressions of what a run waits for: when timers fire, which messages are heard.
import { firstTime, FlowError, parseCycle, parseDuration, type Cycle, type JsonObject } from '../model/index.js';
import type { PlannedActivity, PlannedBoundary } from '../compiler/index.js';
import { chain, inOrder, type MaybePromise } from './maybe-promise.js';
import { evaluate, type Sight } from './sight.js';
import type { Recurrence, Subscription } from './state.js';

export function prepareBoundaries(
  sight: Sight,
  activity: PlannedActivity,
  events: readonly PlannedBoundary[],
  timers: Record<string, number>,
  subscriptions: Record<string, Subscription>,
  cycles: Record<string, Recurrence>,
): MaybePromise<void> {
  return inOrder(events, ({ definition: b, interrupting }) => {
    const place = `${activity.id}.${b.id}`;
    if (b.event === 'timer' && b.cycle !== undefined)
      return chain(cycleOf(sight, place, b.cycle), (cycle) => {
        if (cycle.times === 0) return;
        const at = firstTime(cycle, sight.now);
        timers[b.id] = at;
        const left = cycle.times === undefined ? {} : { left: cycle.times - 1 };
        if (!interrupting) cycles[b.id] = { every: cycle.every, at, ...left };
      });
    if (b.event === 'timer') return chain(instant(sight, place, b, sight.variables), (at) => void (timers[b.id] = at));
    if (b.event !== 'message') return;
    return chain(keyOf(sight, place, b.message.key, sight.variables), (key) => {
      subscriptions[b.id] = {
        name: b.message.name,
        ...(key === undefined ? {} : { key }),
        ...(b.message.broadcast ? { broadcast: true } : {}),
      };
    });
  });
}

export function keyOf(
  sight: Sight,
  place: string,
  key: string | undefined,
  seen: JsonObject,
): MaybePromise<string | undefined> {
  if (key === undefined) return undefined;
  return chain(evaluate(sight, place, key, seen), (value) =>
    value === undefined || value === null
      ? undefined
      : typeof value === 'object'
        ? JSON.stringify(value)
        : String(value),
  );
}

function cycleOf(sight: Sight, place: string, source: string): MaybePromise<Cycle> {
  const fixed = parseCycle(source);
  if (fixed) return fixed;
  return chain(evaluate(sight, place, source, sight.variables), (value) => {
    const cycle = typeof value === 'string' ? parseCycle(value) : undefined;
    if (cycle) return cycle;
    throw new FlowError(
      'FLOW-E405',
      `"${source}" gave ${JSON.stringify(value)}, which is no repeating interval of ISO 8601 such as R3/PT10S (${place}).`,
      { activity: place, expression: source },
    );
  });
}

/** When a timer fires, epoch ms: a duration from now, or a date-time. */
export function instant(
  sight: Sight,
  place: string,
  when: { readonly after?: string; readonly until?: string },
  seen: JsonObject,
): MaybePromise<number> {
  const fixed = when.after === undefined ? undefined : parseDuration(when.after);
  if (fixed !== undefined) return sight.now + fixed;
  const source = (when.after ?? when.until)!;
  return chain(evaluate(sight, place, source, seen), (value) => {
    const span = typeof value === 'string' ? parseDuration(value) : undefined;
    const cycle = typeof value === 'string' ? parseCycle(value) : undefined;
    if (cycle) return firstTime(cycle, sight.now);
    const at = span === undefined ? (typeof value === 'number' ? value : Date.parse(String(value))) : sight.now + span;
    if (Number.isFinite(at)) return at;
    throw new FlowError(
      'FLOW-E405',
      `"${source}" gave ${JSON.stringify(value)}, which is neither an ISO 8601 duration nor a date-time (${place}).`,
      { activity: place, expression: source },
    );
  });
}
