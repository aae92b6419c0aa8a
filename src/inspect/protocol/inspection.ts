// What an XState inspector wants to know, told of instances: who there is (a flow, each of its activity runs), which events
// came, and the snapshots after them. Read off the journals of whoever is asked, so that nothing is recorded, sent or slowed
// down while nobody looks. Records of our own: the wire formats (`wires.ts`) change from version to version of XState.
import type { CompiledFlow, MachineConfig } from '../../compiler/index.js';
import { stateValueOf, type FlowState } from '../../engine/index.js';
import type { HistoryRecord, InstanceQuery, InstanceView } from '../../hosts/host.js';
import type { Json, JsonObject } from '../../model/index.js';
import { replayOf, type Replay } from '../replay.js';

export interface InspectionSnapshot {
  readonly status: 'active' | 'done' | 'error';
  readonly value: unknown;
  readonly context: JsonObject;
  readonly output?: Json;
  readonly error?: Json;
}

/** `session` never changes: the id of the instance, or `instance/token` of an activity's run, whatever has been restored. */
export type InspectionRecord = { readonly session: string; readonly root: string; readonly at: number } & (
  | {
      readonly type: 'actor';
      readonly name: string;
      readonly parent?: string;
      /** Absent: an activity's run. */
      readonly machine?: MachineConfig;
      readonly snapshot: InspectionSnapshot;
    }
  | { readonly type: 'event'; readonly source?: string; readonly event: InspectedEvent }
  | { readonly type: 'snapshot'; readonly event: InspectedEvent; readonly snapshot: InspectionSnapshot }
  | { readonly type: 'stop' }
);

export interface InspectedEvent {
  readonly type: string;
  readonly [name: string]: unknown;
}

/** Where the instances are; `Runtime` and every host has these methods. */
export interface InspectedInstances {
  instances(query?: InstanceQuery): Promise<readonly InstanceView[]>;
  history(id: string): Promise<readonly HistoryRecord[]>;
  flowOf(id: string): Promise<CompiledFlow>;
  watch?(listener: (view: InstanceView) => void): Promise<() => void>;
}

export interface InspectionOptions {
  /** Which instances; default: the newest 20 that are not over. */
  readonly query?: InstanceQuery;
  /** Steps of the past that a newcomer is told per instance. Default 200; who there is, is always told. */
  readonly past?: number;
}

export interface Inspection {
  /** Tells everything so far, then everything that happens, until the function that it gives is called. */
  attach(send: (record: InspectionRecord) => void): () => void;
}

export function createInspection(source: InspectedInstances, options: InspectionOptions = {}): Inspection {
  return {
    attach(send) {
      const tellers = new Map<string, Teller>();
      let isOver = false;
      let stop: (() => void) | undefined;
      let turn: Promise<void> = Promise.resolve();
      const tell = (view: InstanceView): void => {
        turn = turn.then(async () => {
          if (isOver) return;
          const known = tellers.get(view.id) ?? new Teller(source, view, options.past ?? 200);
          tellers.set(view.id, known);
          // An instance that cannot be read is left out; the others go on.
          await known.tell((record) => !isOver && send(record)).catch(() => {});
        });
      };
      void (async () => {
        stop = await source.watch?.((view) => isWanted(view, options.query) && tell(view));
        if (isOver) return stop?.();
        const query = options.query ?? { status: ['running', 'failed'], limit: 20 };
        for (const view of (await source.instances(query)).toReversed()) tell(view);
      })().catch(() => {});
      return () => {
        isOver = true;
        stop?.();
      };
    },
  };
}

function isWanted({ flow, kind, key }: InstanceView, query: InstanceQuery | undefined): boolean {
  return (
    (query?.flow === undefined || query.flow === flow) &&
    (query?.kind === undefined || query.kind === kind) &&
    (query?.key === undefined || query.key === key)
  );
}

/** Tells one instance to one listener, from where it left off. */
class Teller {
  readonly #source: InspectedInstances;
  readonly #view: InstanceView;
  readonly #past: number;
  #told = -1;
  #history: readonly HistoryRecord[] = [];
  #flow: CompiledFlow | undefined;
  #replay: Replay | undefined;
  /** Names of the activity runs that are known. */
  readonly #runs = new Map<string, string>();

  constructor(source: InspectedInstances, view: InstanceView, past: number) {
    this.#source = source;
    this.#view = view;
    this.#past = past;
  }

  async tell(send: (record: InspectionRecord) => void): Promise<void> {
    const { id, title, parent, startedAt } = this.#view;
    const flow = (this.#flow ??= await this.#source.flowOf(id));
    this.#history = await this.#source.history(id);
    const replay = (this.#replay ??= replayOf(flow, () => this.#history));
    if (this.#told < 0) {
      this.#told = Math.max(0, this.#history.length - this.#past);
      const at = this.#history[this.#told - 1]?.at ?? startedAt;
      send({
        type: 'actor',
        session: id,
        root: id,
        at,
        name: title,
        machine: flow.machine,
        snapshot: snapshotOf(flow, replay.at(this.#told)),
        ...(parent ? { parent: parent.instance } : {}),
      });
      const open = Object.values(replay.at(this.#told)?.runs ?? {});
      for (const { token, activity, input } of open) this.#begin(send, token, activity, at, input ?? {});
    }
    while (this.#told < this.#history.length) this.#step(send, flow, replay, this.#told++);
  }

  #step(send: (record: InspectionRecord) => void, flow: CompiledFlow, replay: Replay, i: number): void {
    const { id } = this.#view;
    const { event, changes, at } = this.#history[i]!;
    const token = 'token' in event ? event.token : undefined;
    const run = token === undefined || !this.#runs.has(token) ? undefined : `${id}/${token}`;
    const { now: _now, ...told } = event;
    const place = { session: id, root: id, at };
    send({ type: 'event', ...place, event: told, ...(run === undefined ? {} : { source: run }) });
    send({ type: 'snapshot', ...place, event: told, snapshot: snapshotOf(flow, replay.at(i + 1)) });
    const input = event.type === 'prepared' ? (event.prepared.arguments ?? event.prepared.input ?? {}) : {};
    for (const { token: of, activity, state, failure } of changes) {
      if (of === undefined) continue;
      const isOpen = state === 'ready' || state === 'running' || state === 'compensating';
      if (isOpen) this.#begin(send, of, activity, at, of === token ? input : {});
      else if (this.#runs.delete(of)) {
        const output = 'output' in event && of === token ? event.output : undefined;
        const done = { session: `${id}/${of}`, root: id, at };
        const how: InspectedEvent = { type: `xstate.${state === 'completed' ? 'done' : 'error'}.actor.${of}`, state };
        send({
          type: 'snapshot',
          ...done,
          event: how,
          snapshot: {
            status: state === 'completed' ? 'done' : 'error',
            value: state,
            context: {},
            ...(output === undefined ? {} : { output: output as Json }),
            ...(failure ? { error: failure as unknown as Json } : {}),
          },
        });
        send({ type: 'stop', ...done });
      }
    }
  }

  #begin(
    send: (record: InspectionRecord) => void,
    token: string,
    activity: string,
    at: number,
    input: JsonObject,
  ): void {
    if (this.#runs.has(token)) return;
    this.#runs.set(token, activity);
    const { id } = this.#view;
    const snapshot = { status: 'active' as const, value: 'active', context: input };
    send({ type: 'actor', session: `${id}/${token}`, root: id, parent: id, name: activity, at, snapshot });
  }
}

function snapshotOf(flow: CompiledFlow, state: FlowState | undefined): InspectionSnapshot {
  if (!state) return { status: 'active', value: flow.machine.initial, context: {} };
  return {
    status: state.status === 'running' ? 'active' : state.status === 'completed' ? 'done' : 'error',
    value: stateValueOf(flow, state),
    context: state.pool,
    ...(state.output ? { output: state.output } : {}),
    ...(state.failure ? { error: state.failure as unknown as Json } : {}),
  };
}
