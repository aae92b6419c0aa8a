// The XState v5 machine of a flow: the emitted configuration bound to the token game. It is a plain machine: it runs
// under `createActor(machine, { input: { instance, input, now } })`, shows in any inspector, and can be part of another
// XState app. Its context is the `FlowState`; `context.effects` says what the last step asks its surroundings to do.
import { assign, createMachine, type AnyMachineSnapshot, type AnyStateMachine } from 'xstate';
import {
  CANCELLED,
  COMPLETED,
  currentMembers,
  IDLE,
  type AtParams,
  type CompiledFlow,
  type Member,
  type Plan,
} from '../compiler/index.js';
import type { JsonObject } from '../model/index.js';
import { advance, initialState } from './advance.js';
import { activeIn, stateValueOf } from './state-value.js';
import type { FlowEvent, FlowState } from './state.js';

export interface MachineInput {
  readonly instance?: string;
  readonly input?: JsonObject;
  /** Epoch ms. */
  readonly now?: number;
}

const machines = new WeakMap<CompiledFlow, AnyStateMachine>();

export function machineOf(flow: CompiledFlow): AnyStateMachine {
  let machine = machines.get(flow);
  if (!machine) {
    machine = build(flow);
    machines.set(flow, machine);
  }
  return machine;
}

/** The XState snapshot that shows this state. */
export function snapshotOf(flow: CompiledFlow, state: FlowState): AnyMachineSnapshot {
  return machineOf(flow).resolveState({ value: stateValueOf(flow, state), context: state });
}

function build(flow: CompiledFlow): AnyStateMachine {
  const step = memoised(flow.plan);
  const shown = remembered(flow);
  const options = {
    guards: {
      at: ({ context, event }: Moment, { region, state, left, within = {} }: AtParams): boolean => {
        const next = step(context, event);
        if (state === COMPLETED) return next.status === 'completed';
        if (state === CANCELLED) return next.status === 'cancelled';
        const members = shown(next);
        const current = members.get(region)?.id ?? IDLE;
        for (const inner in within) if (members.get(inner)?.id !== within[inner]) return false;
        return left !== undefined && state === IDLE ? current !== left : current === state;
      },
    },
    actions: {
      advance: assign(({ context, event }: Moment) => step(context, event)),
    },
  };
  const config = {
    ...flow.machine,
    // A step needs a microstep per block that it enters or leaves. XState itself would go on for ever.
    options: { maxIterations: 2 * Object.keys(flow.plan.activities).length + 100 },
    context: ({ input }: { input: MachineInput & { state?: FlowState } }): FlowState =>
      input.state ??
      advance(flow.plan, initialState(input.instance ?? flow.definition.flow), {
        type: 'begin',
        instance: input.instance ?? flow.definition.flow,
        input: input.input ?? {},
        now: input.now ?? 0,
      }),
  };
  return createMachine(config as never, options as never) as unknown as AnyStateMachine;
}

interface Moment {
  readonly context: FlowState;
  readonly event: FlowEvent;
}

/**
 * All guards and actions of one transition ask for the same step. It is computed once; asking again from the state it
 * led to gives that state, so that an action running in several regions advances only once.
 */
function memoised(plan: Plan): (state: FlowState, event: FlowEvent) => FlowState {
  let before: FlowState | undefined;
  let last: FlowEvent | undefined;
  let after: FlowState | undefined;
  return (state, event) => {
    if (event === last && (state === before || state === after)) return after!;
    before = state;
    last = event;
    after = isFlowEvent(event) ? advance(plan, state, event) : state;
    return after;
  };
}

/** What every region shows, for the guards of one transition. */
function remembered(flow: CompiledFlow): (state: FlowState) => ReadonlyMap<string, Member> {
  let of: FlowState | undefined;
  let current: ReadonlyMap<string, Member>;
  return (state) => {
    if (of !== state) {
      of = state;
      current = currentMembers(flow.layouts, activeIn(flow.plan, state));
    }
    return current;
  };
}

/** XState's own events (`xstate.init`, `xstate.stop`) move no token. */
function isFlowEvent(event: { readonly type: string }): boolean {
  return !event.type.startsWith('xstate.') && event.type !== 'begin';
}
