// The XState state value that shows a state, computed from it alone: needed to go on from a stored state, and the law
// that the machine's own transitions are tested against.
import {
  CANCELLED,
  COMPLETED,
  currentMembers,
  IDLE,
  stateKey,
  type Block,
  type CompiledFlow,
  type Member,
  type Plan,
  type Region,
} from '../compiler/index.js';
import type { FlowState } from './state.js';

export type StateValue = string | { [key: string]: StateValue };

export function stateValueOf(flow: CompiledFlow, state: FlowState): StateValue {
  if (state.status === 'completed') return COMPLETED;
  if (state.status === 'cancelled') return CANCELLED;
  return regionValue(flow, currentMembers(flow.layouts, activeIn(flow.plan, state)), flow.layouts['']!);
}

/** Activities with a token and the blocks around them, the longest active first. */
export function activeIn(plan: Plan, { runs }: FlowState): readonly string[] {
  const active: string[] = [];
  for (const run of Object.values(runs)) {
    // Rounds and items of a loop are inside their owner; a listener is not active yet.
    if (run.owner !== undefined || run.listener) continue;
    active.push(run.activity, ...plan.activities[run.activity]!.containers);
  }
  return active;
}

type Current = ReadonlyMap<string, Member>;

function regionValue(flow: CompiledFlow, shown: Current, region: Region): StateValue {
  const current = shown.get(region.id);
  if (!current) return IDLE;
  const key = stateKey(current.id);
  if (current.kind === 'block') return { [key]: blockValue(flow, shown, current) };
  const inner = flow.plan.activities[current.id]!.type === 'subflow' ? flow.layouts[current.id] : undefined;
  return inner ? { [key]: regionValue(flow, shown, inner) } : key;
}

function blockValue(flow: CompiledFlow, shown: Current, block: Block): StateValue {
  return Object.fromEntries(block.regions.map((r) => [`(${stateKey(r.key)})`, regionValue(flow, shown, r)]));
}
