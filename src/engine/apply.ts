// The pure core that every host runs: `begin` and `apply` give the new state with its effects. The XState machine of the flow
// makes the very same steps (its one action is `advance`); hosts take them without going through a statechart.
import type { CompiledFlow } from '../compiler/index.js';
import { accepts } from './accepts.js';
import { advance, initialState, take } from './advance.js';
import type { Effect, FlowEvent, FlowState } from './state.js';

export interface Applied {
  readonly state: FlowState;
  readonly effects: readonly Effect[];
}

/** Starts an instance. Throws nothing; what goes wrong at run time is in the state. */
export function begin(flow: CompiledFlow, event: Extract<FlowEvent, { type: 'begin' }>): Applied {
  const state = advance(flow.plan, initialState(event.instance), event);
  return { state, effects: state.effects };
}

/** Takes one step, or gives undefined when the event is stale, a duplicate or out of place. `spent`: see `StepContext`. */
export function apply(flow: CompiledFlow, state: FlowState, event: FlowEvent, spent = false): Applied | undefined {
  if (!accepts(state, event)) return undefined;
  const next = take(flow.plan, state, event, spent);
  return { state: next, effects: next.effects };
}
