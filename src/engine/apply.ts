// The pure core that every host runs: `begin` and `apply` take a step through the XState machine and give the new state
// with its effects. Snapshots of recent states are kept aside, so that a host passes plain `FlowState`s around.
import type { AnyMachineSnapshot, AnyActorScope } from 'xstate';
import { createActor } from 'xstate';
import type { CompiledFlow } from '../compiler/index.js';
import type { JsonObject } from '../model/index.js';
import { accepts } from './accepts.js';
import { machineOf } from './machine.js';
import { stateValueOf } from './state-value.js';
import type { Effect, FlowEvent, FlowState } from './state.js';

export interface Applied {
  readonly state: FlowState;
  readonly effects: readonly Effect[];
}

const snapshots = new WeakMap<FlowState, AnyMachineSnapshot>();
const scopes = new WeakMap<CompiledFlow, AnyActorScope>();

/** Starts an instance. Throws nothing; what goes wrong at run time is in the state. */
export function begin(flow: CompiledFlow, instance: string, input: JsonObject, now: number): Applied {
  const snapshot = machineOf(flow).getInitialSnapshot(scopeOf(flow), { instance, input, now });
  return applied(snapshot);
}

/** Takes one step, or gives undefined when the event is stale, a duplicate or out of place. */
export function apply(flow: CompiledFlow, state: FlowState, event: FlowEvent): Applied | undefined {
  if (!accepts(state, event)) return undefined;
  return applied(machineOf(flow).transition(snapshotOf(flow, state), event, scopeOf(flow)));
}

/** The XState snapshot that shows this state. */
export function snapshotOf(flow: CompiledFlow, state: FlowState): AnyMachineSnapshot {
  let snapshot = snapshots.get(state);
  if (!snapshot) {
    snapshot = machineOf(flow).resolveState({ value: stateValueOf(flow, state), context: state });
    snapshots.set(state, snapshot);
  }
  return snapshot;
}

function applied(snapshot: AnyMachineSnapshot): Applied {
  const state = snapshot.context as FlowState;
  snapshots.set(state, snapshot);
  return { state, effects: state.effects };
}

/** XState needs an actor around a transition; one per machine is enough, since the machine has no effects of its own. */
function scopeOf(flow: CompiledFlow): AnyActorScope {
  let scope = scopes.get(flow);
  if (!scope) {
    const self = createActor(machineOf(flow));
    scope = {
      self,
      id: self.id,
      sessionId: self.sessionId,
      logger: () => {},
      defer: () => {},
      system: self.system,
      stopChild: () => {},
      emit: () => {},
      actionExecutor: () => {},
    } as unknown as AnyActorScope;
    scopes.set(flow, scope);
  }
  return scope;
}
