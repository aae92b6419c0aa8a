// What the engine keeps of an instance: one value, because every name costs an entry in the journal of each turn.
import type { ObjectContext, ObjectSharedContext } from '@restatedev/restate-sdk';
import { foldChanges, viewOf, type InstanceHeader, type JournalOrigin } from '../../../src/hosts/kit.js';
import {
  isOver,
  type ActivityView,
  type CompiledFlow,
  type FlowState,
  type InstanceView,
  type StepResult,
} from '../../../src/index.js';
import type { Change } from './contract.js';

export interface StoredHeader {
  readonly hash: string;
  readonly header: InstanceHeader;
  /** Lines of history written so far. */
  readonly seq: number;
  readonly depth: number;
  /** Of one that was taken in: where its journal begins. */
  readonly origin?: JournalOrigin;
}

export interface StoredInstance {
  readonly stored: StoredHeader;
  readonly state: FlowState;
  readonly fold: Record<string, ActivityView>;
}

export async function load(ctx: ObjectContext | ObjectSharedContext): Promise<StoredInstance | undefined> {
  return (await ctx.get<StoredInstance>('instance')) ?? undefined;
}

export function save(ctx: ObjectContext, { stored, state, fold }: StoredInstance): void {
  // Effects and changes belong to the step that made them.
  ctx.set<StoredInstance>('instance', { stored, state: { ...state, effects: [], changes: [] }, fold });
}

export function show(flow: CompiledFlow, { stored, state, fold }: StoredInstance): InstanceView {
  return viewOf(flow, state, stored.header, { ...fold });
}

/** The instance after a step; what the step did is added to `records`. */
export function after(
  before: StoredInstance,
  { state, records: made }: StepResult,
  now: number,
  records: Change['records'][number][],
): StoredInstance {
  const fold = { ...before.fold };
  foldChanges(fold, made);
  const { endedAt: _, ...header } = before.stored.header;
  const { seq } = before.stored;
  records.push(...made.map((record, i) => ({ seq: seq + i + 1, at: now, ...record })));
  return {
    stored: {
      ...before.stored,
      header: { ...header, changedAt: now, ...(isOver(state) ? { endedAt: now } : {}) },
      seq: seq + made.length,
    },
    state,
    fold,
  };
}
