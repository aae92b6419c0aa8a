// The event that comes next: a message from outside with the expressions of its step resolved, or the results of the
// expressions that the last step asked for. What fails on the way becomes an event, too, except what a person has entered.
import { toFailure, type FailureData, type Json } from '../model/index.js';
import type { CompiledFlow, PlannedActivity } from '../compiler/index.js';
import { checkForm, checkOutcome, checkVariables } from './check-values.js';
import { isPromise, chain, type MaybePromise } from './maybe-promise.js';
import { eventOf, needsOf, roleOf } from './needs.js';
import { escalationOf, takerOf } from './raise.js';
import { resolveBoundary, resolveCondition, resolvePreparation, resolveSettlement } from './resolve.js';
import { evaluate, sightOf, type Sight, type Staff } from './sight.js';
import type { Effect, FlowEvent, FlowState, InstanceMessage, Run, Settled } from './state.js';

/** An effect that the engine carries out itself. */
export type InwardEffect = Extract<Effect, { type: 'resolve' } | { type: 'resolve-output' }>;

export function isInward(effect: Effect): effect is InwardEffect {
  return effect.type === 'resolve' || effect.type === 'resolve-output';
}

/** Undefined: what was asked for is no longer wanted, or nothing has changed. */
export function resolveEffect(
  flow: CompiledFlow,
  state: FlowState,
  effect: InwardEffect,
  now: number,
  staff: Staff | undefined,
): MaybePromise<FlowEvent | undefined> {
  if (effect.type === 'resolve-output') return resolveOutput(flow, state, now);
  const run = state.runs[effect.token];
  if (run && effect.phase === 'condition') return resolveConditions(flow, state, run, now);
  if (!run || run.phase !== effect.phase) return undefined;
  if (run.phase === 'raise') return resolveRaised(flow, state, run, now);
  const activity = flow.plan.activities[run.activity]!;
  const warnings: string[] = [];
  const sight = sightOf(flow, state, run, now, warnings, staff);
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
  return recovered(attempt, (error) => failureEvent(run, toFailure(error, run.activity), now));
}

/** The expressions of the boundary event that takes what was raised. */
function resolveRaised(flow: CompiledFlow, state: FlowState, run: Run, now: number): MaybePromise<FlowEvent> {
  const { token } = run;
  const what = run.raise!;
  const taker = takerOf(flow.plan, state, run, what);
  if (!taker) return { type: 'raised', token, now };
  const warnings: string[] = [];
  const sight = sightOf(flow, state, taker.run, now, warnings);
  const data = what.event === 'error' ? (what.failure as unknown as Json) : { ...what };
  return recovered<FlowEvent>(
    () =>
      chain(resolveBoundary(sight, taker.run.activity, taker.boundary, data), (settled) => ({
        type: 'raised',
        token,
        settled,
        now,
        ...noted(warnings),
      })),
    (error) => ({ type: 'raised', token, now, warnings: [...warnings, toFailure(error).message] }),
  );
}

/** The first watched condition that is not as it was; none: nothing happens. */
function resolveConditions(
  flow: CompiledFlow,
  state: FlowState,
  run: Run,
  now: number,
): MaybePromise<FlowEvent | undefined> {
  const activity = flow.plan.activities[run.activity]!;
  const warnings: string[] = [];
  const sight = sightOf(flow, state, run, now, warnings);
  const next = (rest: readonly (readonly [string, boolean])[]): MaybePromise<FlowEvent | undefined> => {
    const [first, ...others] = rest;
    if (!first) return undefined;
    const [id, was] = first;
    return chain(resolveCondition(sight, activity, run, id), (met) =>
      met === was ? next(others) : conditionEvent(sight, activity, run, id, met, now),
    );
  };
  return next(Object.entries(run.conditions ?? {}));
}

function conditionEvent(
  sight: Sight,
  activity: PlannedActivity,
  run: Run,
  id: string,
  met: boolean,
  now: number,
): MaybePromise<FlowEvent> {
  const bare = { type: 'condition' as const, token: run.token, id, met, now };
  if (!met) return bare;
  const event = eventOf(activity, run, id);
  const settled = (): MaybePromise<Settled> =>
    event ? resolveBoundary(sight, activity.id, event, null) : resolveSettlement(sight, activity, run, undefined);
  return recovered<FlowEvent>(
    () => chain(settled(), (s) => ({ ...bare, settled: s, ...noted(sight.warnings) })),
    (error) => failureEvent(run, toFailure(error, run.activity), now),
  );
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
export function resolveMessage(
  flow: CompiledFlow,
  state: FlowState,
  message: InstanceMessage,
  now: number,
): MaybePromise<FlowEvent> {
  if (message.type === 'retry')
    return chain(checkVariables(flow, message.variables ?? {}, 'of the retry'), () => ({ ...message, now }));
  if (message.type === 'edit')
    return chain(checkVariables(flow, message.variables, 'that were edited'), () => ({ ...message, now }));
  if (
    message.type === 'cancel' ||
    message.type === 'unavailable' ||
    message.type === 'claim' ||
    message.type === 'release' ||
    message.type === 'delegate'
  )
    return { ...message, now };
  const run = state.runs[message.token]!;
  const activity = flow.plan.activities[run.activity]!;
  // Most activities have nothing to resolve.
  if (message.type === 'result' && !needsOf(activity, roleOf(activity, run)).settle) return { ...message, now };
  return resolveForRun(flow, state, run, message, now);
}

type RunMessage = Exclude<
  InstanceMessage,
  { type: 'retry' | 'edit' | 'cancel' | 'unavailable' | 'claim' | 'release' | 'delegate' }
>;

function resolveForRun(
  flow: CompiledFlow,
  state: FlowState,
  run: Run,
  message: RunMessage,
  now: number,
): MaybePromise<FlowEvent> {
  const activity = flow.plan.activities[run.activity]!;
  const warnings: string[] = [];
  const sight = sightOf(flow, state, run, now, warnings);
  const withSettled = (settled: Settled): FlowEvent => ({ ...message, settled, now, ...noted(warnings) });
  const settlement = (output: Json | undefined): MaybePromise<FlowEvent> =>
    recovered(
      () => chain(resolveSettlement(sight, activity, run, output), withSettled),
      (error) => failureEvent(run, { ...toFailure(error, run.activity), retryable: false }, now),
    );
  const boundary = (id: string, data: Json | undefined): MaybePromise<FlowEvent> => {
    const found = eventOf(activity, run, id);
    return found ? chain(resolveBoundary(sight, activity.id, found, data), withSettled) : { ...message, now };
  };
  // What a person enters is refused to that person; nothing has happened.
  const entered = (output: Json | undefined): MaybePromise<FlowEvent> =>
    chain(checkTask(flow, activity, output, message.type === 'skip'), () =>
      chain(resolveSettlement(sight, activity, run, output), withSettled),
    );
  switch (message.type) {
    case 'result':
      return settlement(message.output);
    case 'complete':
    case 'skip':
      return entered(message.output);
    case 'failure':
      return failureEvent(run, message.failure, now, message.attempt);
    case 'message':
      return message.id === '' ? settlement(message.data) : boundary(message.id, message.data);
    case 'escalation': {
      const taker = takerOf(flow.plan, state, run, escalationOf(message.code));
      if (!taker) return { ...message, now };
      const seen = sightOf(flow, state, taker.run, now, warnings);
      const data = { event: 'escalation', ...(message.code === undefined ? {} : { code: message.code }) };
      return chain(resolveBoundary(seen, taker.run.activity, taker.boundary, data), withSettled);
    }
    case 'timer':
      if (message.id === '') return settlement(undefined);
      if (message.id === 'backoff' || message.id === 'timeout') return { ...message, now };
      return boundary(message.id, null);
  }
}

function checkTask(
  flow: CompiledFlow,
  { id, definition: { form, outcomes } }: PlannedActivity,
  output: Json | undefined,
  isSkipped: boolean,
): MaybePromise<void> {
  if (!isSkipped && outcomes) checkOutcome(flow, id, Object.keys(outcomes), output);
  // Whoever enters nothing has left out what the form requires, too.
  if (typeof form === 'object' && !(isSkipped && output === undefined)) return checkForm(flow, form, output ?? {}, id);
}

function failureEvent(run: Run, failure: FailureData, now: number, attempt?: number): FlowEvent {
  return {
    type: 'failure',
    token: run.token,
    ...(attempt === undefined ? {} : { attempt }),
    failure: { activity: run.activity, ...failure },
    now,
  };
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
