// What the engine keeps of an instance, under three names, so that a reader of the view need not load everything.
import type { ObjectContext, ObjectSharedContext } from '@restatedev/restate-sdk';
import { viewOf, type InstanceHeader } from '../../../src/hosts/kit.js';
import type { ActivityView, CompiledFlow, FlowState, InstanceView } from '../../../src/index.js';

export interface StoredHeader {
  readonly hash: string;
  readonly header: InstanceHeader;
  /** Lines of history written so far. */
  readonly seq: number;
  readonly depth: number;
}

export interface StoredInstance {
  readonly stored: StoredHeader;
  readonly state: FlowState;
  readonly fold: Record<string, ActivityView>;
}

export async function load(ctx: ObjectContext | ObjectSharedContext): Promise<StoredInstance | undefined> {
  const stored = await ctx.get<StoredHeader>('header');
  const state = await ctx.get<FlowState>('state');
  const fold = await ctx.get<Record<string, ActivityView>>('fold');
  return stored && state && fold ? { stored, state, fold } : undefined;
}

export function save(ctx: ObjectContext, { stored, state, fold }: StoredInstance): void {
  ctx.set('header', stored);
  // Effects and changes belong to the step that made them.
  ctx.set('state', { ...state, effects: [], changes: [] });
  ctx.set('fold', fold);
}

export function show(flow: CompiledFlow, { stored, state, fold }: StoredInstance): InstanceView {
  return viewOf(flow, state, stored.header, fold);
}
