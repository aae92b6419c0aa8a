// The two wire formats that inspectors of XState read: `stately`, of `@statelyai/inspect` for XState 5, and `xstate4`, of
// `@xstate/inspect` 0.8 for XState 4. Both one way: nobody steers an instance from an inspector.
import type { StateConfig } from '../../compiler/index.js';
import type { InspectionRecord, InspectionSnapshot } from './inspection.js';

export type Wire = 'stately' | 'xstate4';

/** What a client says when it is there, and the wire that it speaks. */
export const GREETINGS: Readonly<Record<string, Wire>> = {
  '@statelyai.connected': 'stately',
  'xstate.inspecting': 'xstate4',
};

export type WireMessage = { readonly type: string } & Readonly<Record<string, unknown>>;

/** Undefined: this wire has no word for it. */
export function messageOf(record: InspectionRecord, wire: Wire): WireMessage | undefined {
  return wire === 'stately' ? statelyMessage(record) : xstate4Message(record);
}

/** Of `@statelyai/inspect`, whose messages these are. */
const STATELY_VERSION = '0.7.2';

function statelyMessage(record: InspectionRecord): WireMessage | undefined {
  const { session, root, at } = record;
  const common = { sessionId: session, rootId: root, createdAt: String(at), id: null, _version: STATELY_VERSION };
  switch (record.type) {
    case 'actor':
      return {
        type: '@xstate.actor',
        name: record.name,
        parentId: record.parent,
        definition: record.machine && JSON.stringify(record.machine),
        snapshot: record.snapshot,
        ...common,
      };
    case 'event':
      return { type: '@xstate.event', event: record.event, sourceId: record.source, ...common };
    case 'snapshot':
      return { type: '@xstate.snapshot', event: record.event, snapshot: record.snapshot, ...common };
    case 'stop':
      return undefined;
  }
}

function xstate4Message(record: InspectionRecord): WireMessage {
  const { session } = record;
  switch (record.type) {
    case 'actor':
      return {
        type: 'service.register',
        machine: JSON.stringify(
          record.machine ? { ...machine4(record.machine), id: record.machine.id } : runMachine(record.name),
        ),
        state: state4(record.snapshot, { type: 'xstate.init' }),
        id: record.name,
        sessionId: session,
        ...(record.parent === undefined ? {} : { parent: record.parent }),
      };
    case 'event':
      return { type: 'service.event', event: JSON.stringify(scxml(record.event, record.source)), sessionId: session };
    case 'snapshot':
      return { type: 'service.state', state: state4(record.snapshot, record.event), sessionId: session };
    case 'stop':
      return { type: 'service.stop', sessionId: session };
  }
}

/** XState 4 calls guards conditions; what only our own machine understands is left out. */
function machine4(state: StateConfig | { readonly states?: StateConfig['states']; readonly initial?: string }): object {
  const { type, initial, states, description, on } = state as StateConfig;
  const transitions = Object.entries(on ?? {}).map(([event, list]) => [
    event,
    [list]
      .flat()
      .map(({ target, guard }) => ({ ...(target ? { target } : {}), ...(guard ? { cond: guard.type } : {}) })),
  ]);
  return {
    ...(type ? { type } : {}),
    ...(initial ? { initial } : {}),
    ...(description ? { description } : {}),
    ...(transitions.length > 0 ? { on: Object.fromEntries(transitions) as object } : {}),
    ...(states ? { states: Object.fromEntries(Object.entries(states).map(([id, s]) => [id, machine4(s)])) } : {}),
  };
}

/** An activity's run, as a machine to look at. */
function runMachine(name: string): object {
  const ends = ['completed', 'failed', 'terminated', 'skipped', 'compensated'];
  const states = Object.fromEntries(ends.map((id) => [id, { type: 'final' }]));
  return { id: name, initial: 'active', states: { active: {}, ...states } };
}

function state4({ value, context, status }: InspectionSnapshot, event: { readonly type: string }): string {
  return JSON.stringify({
    value,
    context,
    event,
    _event: scxml(event),
    actions: [],
    activities: {},
    meta: {},
    events: [],
    configuration: [],
    transitions: [],
    children: {},
    tags: [],
    done: status === 'done',
    changed: true,
  });
}

function scxml(event: { readonly type: string }, origin?: string): object {
  return {
    name: event.type,
    data: event,
    $$type: 'scxml',
    type: 'external',
    ...(origin === undefined ? {} : { origin }),
  };
}
