// What hosts call: start an instance, give it a message, replay its journal. Between a message and the effects there may
// be several events (the message, then resolved expressions); they are committed together.
import type { Json, JsonObject } from '../model/index.js';
import type { CompiledFlow } from '../compiler/index.js';
import { accepts } from './accepts.js';
import { initialState } from './advance.js';
import { apply, begin, type Applied } from './apply.js';
import { isPromise, chain, type MaybePromise } from './maybe-promise.js';
import { isInward, resolveEffect, resolveMessage, type InwardEffect } from './next-event.js';
import { escalationOf, takerOf } from './raise.js';
import type { Staff } from './sight.js';
import type { Mutable } from './step-draft.js';
import type { ActivityChange, Effect, FlowEvent, FlowState, InstanceMessage } from './state.js';

/** An effect that reaches the outside. */
export type OutwardEffect = Exclude<Effect, { type: 'resolve' } | { type: 'resolve-output' }>;

export interface StepRecord {
  readonly event: FlowEvent;
  readonly changes: readonly ActivityChange[];
  readonly writes?: JsonObject;
  readonly warnings?: readonly string[];
}

export interface StepResult {
  readonly state: FlowState;
  /** To be carried out once state and records are committed, in this order. */
  readonly effects: readonly OutwardEffect[];
  readonly records: readonly StepRecord[];
}

/** What a host knows besides the message. */
export interface StepContext {
  /** Who starts the instance. */
  readonly startedBy?: string | undefined;
  /** Of people's work in all instances. Without it tasks for one of several go by lot. */
  readonly staff?: Staff;
  /** Another flow calls it and hears of its escalations. */
  readonly called?: boolean;
  /**
   * The state before the step is the host's own: it is changed and given back instead of copied, which is what a step costs most
   * in an instance with many runs. Between the events of a step it is the state after the last one.
   */
  readonly spent?: boolean;
}

export function beginInstance(
  flow: CompiledFlow,
  instance: string,
  input: JsonObject,
  now: number,
  { startedBy, staff, called }: StepContext = {},
): MaybePromise<StepResult> {
  const event: FlowEvent & { type: 'begin' } = {
    type: 'begin',
    instance,
    input,
    now,
    ...(startedBy === undefined ? {} : { startedBy }),
    ...(called ? { called } : {}),
  };
  return drain(flow, now, event, {}, begin(flow, event), staff);
}

/** Undefined: the message is stale, a duplicate, or does not fit the state. */
export function stepInstance(
  flow: CompiledFlow,
  state: FlowState,
  message: InstanceMessage,
  now: number,
  { staff, spent }: StepContext = {},
): MaybePromise<StepResult | undefined> {
  if (!accepts(state, message)) return undefined;
  return chain(resolveMessage(flow, state, message, now), (event) => {
    const { pool } = state;
    const applied = apply(flow, state, event, spent);
    return applied && drain(flow, now, event, pool, applied, staff);
  });
}

/** Applies a journalled event again. Pure: the same journal gives the same state, bit for bit. */
export function replayEvent(flow: CompiledFlow, state: FlowState | undefined, event: FlowEvent): FlowState {
  if (event.type === 'begin') return begin(flow, event).state;
  if (event.type === 'compacted' || event.type === 'migrated') return event.state;
  return (state && (apply(flow, state, event)?.state ?? state)) || initialState('');
}

/** Whether somebody in this instance takes what the flow that the run calls has escalated; else it goes on outward. */
export function takesEscalation(flow: CompiledFlow, state: FlowState, token: string, code?: string): boolean {
  const run = state.runs[token];
  return run !== undefined && takerOf(flow.plan, state, run, escalationOf(code)) !== undefined;
}

/** What a host that takes over an instance must do again: invocations in flight, timers, subscriptions. */
export function outstandingEffects(state: FlowState): readonly OutwardEffect[] {
  const effects: OutwardEffect[] = [];
  for (const run of Object.values(state.runs)) {
    const { token, activity, attempt } = run;
    if (run.phase === 'effect') effects.push({ type: 'run', token, activity, attempt });
    for (const [id, at] of Object.entries(run.timers ?? {})) effects.push({ type: 'timer', token, id, at });
    for (const [id, subscription] of Object.entries(run.subscriptions ?? {})) {
      effects.push({ type: 'subscribe', token, id, subscription });
    }
  }
  return effects;
}

/** Resolves expressions as long as the last event asks for it, and gathers everything that goes outside. */
function drain(
  flow: CompiledFlow,
  now: number,
  first: FlowEvent,
  before: JsonObject,
  applied: Applied,
  staff: Staff | undefined,
): MaybePromise<StepResult> {
  const record = recordOf(first, before, applied.state);
  if (applied.effects.some(isInward)) return drainInward(flow, now, record, applied, staff);
  return { state: applied.state, effects: runsLast(applied.effects as readonly OutwardEffect[]), records: [record] };
}

function drainInward(
  flow: CompiledFlow,
  now: number,
  first: StepRecord,
  applied: Applied,
  staff: Staff | undefined,
): MaybePromise<StepResult> {
  const records: StepRecord[] = [];
  const outward: OutwardEffect[] = [];
  const pending: InwardEffect[] = [];
  const { state } = applied;
  const gather = (record: StepRecord, effects: readonly Effect[]): void => {
    records.push(record);
    for (const effect of effects) {
      if (isInward(effect)) pending.push(effect);
      else outward.push(effect);
    }
  };
  const accept = (event: FlowEvent | undefined): void => {
    const { pool } = state;
    // The state after the first event is this step's own.
    const next = event && apply(flow, state, event, true);
    if (event && next) gather(recordOf(event, pool, state), next.effects);
  };
  const go = (): MaybePromise<StepResult> => {
    for (let effect = pending.shift(); effect; effect = pending.shift()) {
      const event = resolveEffect(flow, state, effect, now, staff);
      if (isPromise(event)) return event.then((e) => (accept(e), go()));
      accept(event);
    }
    return { state, effects: runsLast(outward), records };
  };
  gather(first, applied.effects);
  return go();
}

/** Who waits for a signal since this step hears the one that this step throws. */
function runsLast(effects: readonly OutwardEffect[]): readonly OutwardEffect[] {
  if (effects.length < 2) return effects;
  const runs = effects.filter((e) => e.type === 'run');
  return runs.length === 0 || runs.length === effects.length
    ? effects
    : [...effects.filter((e) => e.type !== 'run'), ...runs];
}

/** `before`: the pool. */
function recordOf(event: FlowEvent, before: JsonObject, after: FlowState): StepRecord {
  const record: Mutable<StepRecord> = { event, changes: after.changes };
  if (after.pool !== before) {
    const writes: Record<string, Json> = {};
    for (const [name, value] of Object.entries(after.pool)) if (before[name] !== value) writes[name] = value;
    if (Object.keys(writes).length > 0) record.writes = writes;
  }
  if ('warnings' in event && event.warnings?.length) record.warnings = event.warnings;
  return record;
}
