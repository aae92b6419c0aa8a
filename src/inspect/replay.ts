// The exact state of an instance after each of its steps, by replaying its journal: where its tokens are, what has arrived at
// joins, how far loops are. Keeps a checkpoint now and then, so that a jump in a long journal costs what a short one does.
import type { CompiledFlow, PlannedConnector } from '../compiler/index.js';
import { replayEvent, type FlowState } from '../engine/index.js';
import type { HistoryRecord } from '../hosts/host.js';

const EVERY = 200;
/** Events that hold, or begin, a whole state: what was before them is of no use, or of another definition. */
const BEGINNINGS: ReadonlySet<string> = new Set(['begin', 'compacted', 'migrated']);

export interface Replay {
  /**
   * After the first `steps` records. Undefined before the first, and before the instance was moved to the definition that it
   * has now.
   */
  at(steps: number): FlowState | undefined;
}

/** Give it the same, grown array of records, or one that begins with the same records. */
export function replayOf(flow: CompiledFlow, history: () => readonly HistoryRecord[]): Replay {
  const checkpoints: (FlowState | undefined)[] = [undefined];
  let seen = 0;
  let begins = -1;
  let last: { readonly steps: number; readonly state: FlowState | undefined } = { steps: 0, state: undefined };
  return {
    at(steps) {
      const records = history();
      if (records.length !== seen) {
        seen = records.length;
        begins = records.findLastIndex(({ event }) => BEGINNINGS.has(event.type));
      }
      const wanted = Math.min(steps, records.length);
      if (begins < 0 || wanted <= begins) return undefined;
      const nearest = Math.min(Math.floor(wanted / EVERY), checkpoints.length - 1);
      const near = last.steps <= wanted && last.steps >= nearest * EVERY ? last.steps : nearest * EVERY;
      const from = Math.max(near, begins);
      let state = from === last.steps ? last.state : checkpoints[nearest];
      for (let i = from; i < wanted; i++) {
        state = replayEvent(flow, state, records[i]!.event);
        if ((i + 1) % EVERY === 0) checkpoints[(i + 1) / EVERY] ??= state;
      }
      last = { steps: wanted, state };
      return state;
    },
  };
}

/** How far the loops have come, by activity: rounds or items done, and of how many. */
export function loopsIn(state: FlowState): ReadonlyMap<string, { readonly done: number; readonly total?: number }> {
  const found = new Map<string, { done: number; total?: number }>();
  for (const { activity, loop } of Object.values(state.runs)) {
    if (!loop) continue;
    found.set(activity, { done: loop.done, ...(loop.total === undefined ? {} : { total: loop.total }) });
  }
  return found;
}

export interface WaitingJoin {
  readonly arrived: readonly PlannedConnector[];
  readonly missing: readonly PlannedConnector[];
}

/** Joins that some ways have come to and others not yet, by activity. */
export function waitingJoins({ plan }: CompiledFlow, state: FlowState): ReadonlyMap<string, WaitingJoin> {
  const at = new Set(Object.keys(state.arrivals).map((key) => key.slice(key.indexOf('|') + 1)));
  const found = new Map<string, WaitingJoin>();
  if (at.size === 0) return found;
  for (const { id, incoming } of Object.values(plan.activities)) {
    const arrived = incoming.filter((c) => at.has(c.id));
    if (arrived.length > 0) found.set(id, { arrived, missing: incoming.filter((c) => !at.has(c.id)) });
  }
  return found;
}
