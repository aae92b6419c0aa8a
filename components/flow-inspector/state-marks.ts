// What only the exact state of an instance tells about its activities: rounds of loops, and the ways that joins wait for. Loaded
// with the engine, which makes the state.
import { loopsIn, waitingJoins, type Replay } from '../../src/inspect/replay.js';
import type { CompiledFlow } from '../../src/runtime/index.js';
import type { Mark } from './graph-drawing.js';

export { replayOf, waitingJoins } from '../../src/inspect/replay.js';

export function markState(marks: Map<string, Mark>, flow: CompiledFlow, state: ReturnType<Replay['at']>): void {
  if (!state) return;
  const add = (id: string, more: Partial<Mark>): void =>
    void marks.set(id, { state: 'not started', completed: 0, ...marks.get(id), ...more });
  for (const [id, { done, total }] of loopsIn(state))
    add(id, { loop: total === undefined ? `round ${done + 1}` : `${done} of ${total} done` });
  for (const [id, { arrived, missing }] of waitingJoins(flow, state))
    add(id, {
      state: marks.get(id)?.state ?? 'ready',
      join: `${arrived.length} of ${arrived.length + missing.length} ways in`,
    });
}
