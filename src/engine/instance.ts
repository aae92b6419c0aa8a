// What hosts call: start an instance, give it a message, replay its journal. Between a message and the effects there may
// be several events (the message, then resolved expressions); they are committed together.
import { toFailure, type Json, type JsonObject } from '../model/index.js';
import type { CompiledFlow } from '../compiler/index.js';
import { accepts, initialState, timeoutFailure } from './advance.js';
import { apply, begin, type Applied } from './apply.js';
import { errorHandler, nextAttempt } from './failure.js';
import { isPromise, chain, type MaybePromise } from './maybe-promise.js';
import { evaluate, resolveBoundary, resolvePreparation, resolveSettlement, sightOf } from './resolve.js';
import type { FailureData } from '../model/index.js';
import type { ActivityChange, Effect, FlowEvent, FlowState, InstanceMessage, Run, Settled } from './state.js';

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

export function beginInstance(
  flow: CompiledFlow,
  instance: string,
  input: JsonObject,
  now: number,
): MaybePromise<StepResult> {
  const event: FlowEvent = { type: 'begin', instance, input, now };
  return drain(flow, now, event, initialState(instance), begin(flow, instance, input, now));
}

/** Undefined: the message is stale, a duplicate, or does not fit the state. */
export function stepInstance(
  flow: CompiledFlow,
  state: FlowState,
  message: InstanceMessage,
  now: number,
): MaybePromise<StepResult | undefined> {
  if (!accepts(state, message)) return undefined;
  return chain(resolveMessage(flow, state, message, now), (event) => {
    const applied = apply(flow, state, event);
    return applied && drain(flow, now, event, state, applied);
  });
}

/** Applies a journalled event again. Pure: the same journal gives the same state, bit for bit. */
export function replayEvent(flow: CompiledFlow, state: FlowState | undefined, event: FlowEvent): FlowState {
  if (event.type === 'begin') return begin(flow, event.instance, event.input, event.now).state;
  return (state && (apply(flow, state, event)?.state ?? state)) || initialState('');
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
  from: FlowState,
  applied: Applied,
): MaybePromise<StepResult> {
  const records: StepRecord[] = [];
  const outward: OutwardEffect[] = [];
  const pending: Extract<Effect, { type: 'resolve' } | { type: 'resolve-output' }>[] = [];
  let state = from;
  const take = (event: FlowEvent, next: Applied): void => {
    records.push(recordOf(event, state, next.state));
    state = next.state;
    for (const effect of next.effects) {
      if (effect.type === 'resolve' || effect.type === 'resolve-output') pending.push(effect);
      else outward.push(effect);
    }
  };
  const go = (): MaybePromise<StepResult> => {
    for (let effect = pending.shift(); effect; effect = pending.shift()) {
      const event = resolveEffect(flow, state, effect, now);
      if (isPromise(event)) return event.then((e) => (accept(e), go()));
      accept(event);
    }
    return { state, effects: outward, records };
  };
  const accept = (event: FlowEvent | undefined): void => {
    const next = event && apply(flow, state, event);
    if (event && next) take(event, next);
  };
  take(first, applied);
  return go();
}

function recordOf(event: FlowEvent, before: FlowState, after: FlowState): StepRecord {
  const writes: Record<string, Json> = {};
  if (after.pool !== before.pool) {
    for (const [name, value] of Object.entries(after.pool)) if (before.pool[name] !== value) writes[name] = value;
  }
  const warnings = 'warnings' in event ? event.warnings : undefined;
  return {
    event,
    changes: after.changes,
    ...(Object.keys(writes).length > 0 ? { writes } : {}),
    ...(warnings?.length ? { warnings } : {}),
  };
}

function resolveEffect(
  flow: CompiledFlow,
  state: FlowState,
  effect: Extract<Effect, { type: 'resolve' } | { type: 'resolve-output' }>,
  now: number,
): MaybePromise<FlowEvent | undefined> {
  if (effect.type === 'resolve-output') return resolveOutput(flow, state, now);
  const run = state.runs[effect.token];
  if (!run || run.phase !== effect.phase) return undefined;
  const activity = flow.plan.activities[run.activity]!;
  const warnings: string[] = [];
  const sight = sightOf(flow, state, run, now, warnings);
  const { token } = run;
  const attempt = (): MaybePromise<FlowEvent> =>
    run.phase === 'prepare'
      ? chain(resolvePreparation(sight, activity, run), (prepared) => ({
          type: 'prepared',
          token,
          prepared,
          now,
          ...noted(warnings),
        }))
      : chain(resolveSettlement(sight, activity, run, run.output), (settled) => ({
          type: 'settled',
          token,
          settled,
          now,
          ...noted(warnings),
        }));
  return recovered(attempt, (error) => failureEvent(flow, state, run, toFailure(error, run.activity), now));
}

function resolveOutput(flow: CompiledFlow, state: FlowState, now: number): MaybePromise<FlowEvent> {
  const sight = sightOf(flow, state, undefined, now, []);
  const output: Record<string, Json> = {};
  const all = async (): Promise<FlowEvent> => {
    for (const [name, source] of Object.entries(flow.definition.output ?? {})) {
      const value = await evaluate(sight, 'output', source, sight.variables);
      if (value !== undefined) output[name] = value;
    }
    return { type: 'output', output, now };
  };
  return all().catch((error: unknown) => ({ type: 'output', failure: toFailure(error), now }));
}

/** A message with the expressions in it that belong to the step it causes. */
function resolveMessage(
  flow: CompiledFlow,
  state: FlowState,
  message: InstanceMessage,
  now: number,
): MaybePromise<FlowEvent> {
  if (message.type === 'cancel' || message.type === 'retry' || message.type === 'claim' || message.type === 'release') {
    return { ...message, now };
  }
  const run = state.runs[message.token]!;
  const activity = flow.plan.activities[run.activity]!;
  const warnings: string[] = [];
  const sight = sightOf(flow, state, run, now, warnings);
  const withSettled = (settled: Settled): FlowEvent => ({ ...message, settled, now, ...noted(warnings) });
  const settlement = (output: Json | undefined): MaybePromise<FlowEvent> =>
    recovered(
      () => chain(resolveSettlement(sight, activity, run, output), withSettled),
      (error) => failureEvent(flow, state, run, { ...toFailure(error, run.activity), retryable: false }, now),
    );
  const boundary = (id: string, data: Json | undefined): MaybePromise<FlowEvent> => {
    const found = activity.boundaries.find((b) => b.definition.id === id);
    return found ? chain(resolveBoundary(sight, activity.id, found, data), withSettled) : { ...message, now };
  };
  switch (message.type) {
    case 'result':
    case 'complete':
    case 'skip':
      return settlement(message.output);
    case 'failure':
      return failureEvent(flow, state, run, message.failure, now, message.attempt);
    case 'message':
      return message.id === '' ? settlement(message.data) : boundary(message.id, message.data);
    case 'timer':
      if (message.id === '') return settlement(undefined);
      if (message.id === 'backoff') return { ...message, now };
      if (message.id !== 'timeout') return boundary(message.id, null);
      return chain(
        failureSettled(
          flow,
          state,
          run,
          timeoutFailure(activity.name, activity.id, activity.definition.timeout ?? ''),
          now,
        ),
        (settled) => ({
          ...message,
          now,
          ...(settled ? { settled } : {}),
        }),
      );
  }
}

function failureEvent(
  flow: CompiledFlow,
  state: FlowState,
  run: Run,
  failure: FailureData,
  now: number,
  attempt?: number,
): MaybePromise<FlowEvent> {
  const named = { activity: run.activity, ...failure };
  return chain(failureSettled(flow, state, run, named, now), (settled) => ({
    type: 'failure',
    token: run.token,
    ...(attempt === undefined ? {} : { attempt }),
    failure: named,
    now,
    ...(settled ? { settled } : {}),
  }));
}

/** The expressions of the boundary that would take this failure. */
function failureSettled(
  flow: CompiledFlow,
  state: FlowState,
  run: Run,
  failure: FailureData,
  now: number,
): MaybePromise<Settled | undefined> {
  const policy = flow.plan.activities[run.activity]!.definition.retry;
  if (run.phase === 'effect' && nextAttempt(policy, run.attempt - (run.attemptsBefore ?? 0), failure) !== undefined)
    return undefined;
  const handler = errorHandler(flow.plan, state, run, failure.code);
  if (!handler) return undefined;
  const sight = sightOf(flow, state, handler.run, now, []);
  return recovered<Settled | undefined>(
    () => resolveBoundary(sight, handler.run.activity, handler.boundary, failure as unknown as Json),
    () => undefined,
  );
}

function recovered<T>(attempt: () => MaybePromise<T>, otherwise: (error: unknown) => MaybePromise<T>): MaybePromise<T> {
  try {
    const value = attempt();
    return isPromise(value) ? value.catch(otherwise) : value;
  } catch (error) {
    return otherwise(error);
  }
}

function noted(warnings: readonly string[]): { warnings?: readonly string[] } {
  return warnings.length > 0 ? { warnings } : {};
}
