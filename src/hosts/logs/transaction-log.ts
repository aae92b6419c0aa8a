// The transactional log of an instance: what it did, when, for how long, with which outcome, and who intervened. Read off
// its journal, so that there is nothing that could differ from what happened.
import type { ActivityChange, FlowEvent, Intervention } from '../../engine/index.js';
import type { FailureData } from '../../model/index.js';
import type { HistoryRecord, InstanceView } from '../host.js';

export type Outcome = 'open' | 'completed' | 'failed' | 'terminated' | 'skipped' | 'compensated' | 'cancelled';

/** An instance, an attempt at an activity, or what a person did to the instance. */
export interface TransactionEntry extends Intervention {
  readonly type: 'instance' | 'activity' | 'intervention';
  /** Epoch ms. */
  readonly startedAt: number;
  readonly endedAt?: number;
  /** Milliseconds, waiting included. */
  readonly duration?: number;
  readonly outcome: Outcome;
  readonly instance: string;
  readonly flow: string;
  /** Content hash of the definition. */
  readonly hash: string;
  readonly key?: string;
  readonly activity?: string;
  readonly token?: string;
  readonly attempt?: number;
  /** Of an intervention: `retry`, `skip`, `edit`, `cancel`, `migrated`. */
  readonly what?: string;
  readonly failure?: FailureData;
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] };
type Entry = Mutable<TransactionEntry>;

const INTERVENTIONS = new Set<FlowEvent['type']>(['retry', 'skip', 'edit', 'cancel', 'migrated']);

/** The instance first, then the rest in order of their beginning. */
export function transactionsOf(view: InstanceView, history: readonly HistoryRecord[]): readonly TransactionEntry[] {
  const { id: instance, flow, hash, key } = view;
  const place = { instance, flow, hash, ...(key === undefined ? {} : { key }) };
  const entries: Entry[] = [instanceEntry(view, place)];
  const open = new Map<string, Entry>();
  for (const { at, event, changes } of history) {
    if (INTERVENTIONS.has(event.type)) entries.push(interventionEntry(event, at, place));
    for (const change of changes) {
      const { failure } = change;
      // What is skipped, and a boundary event, has no token: a moment each.
      const run = `${change.activity} ${change.token}`;
      let entry = open.get(run);
      if (!entry || (change.attempt ?? entry.attempt) !== (entry.attempt ?? change.attempt)) {
        entry = { type: 'activity', startedAt: at, outcome: 'open', ...place, activity: change.activity };
        if (change.token !== undefined) entry.token = change.token;
        entries.push(entry);
        open.set(run, entry);
      }
      if (change.attempt !== undefined) entry.attempt = change.attempt;
      const outcome = outcomeOf(change);
      if (outcome === 'open') continue;
      open.delete(run);
      end(entry, at, outcome);
      if (failure) entry.failure = failure;
      const by = doerIn(event, change);
      if (by !== undefined) entry.by = by;
    }
  }
  return entries;
}

function instanceEntry(view: InstanceView, place: Pick<Entry, 'instance' | 'flow' | 'hash'>): Entry {
  const { status, startedAt, endedAt, changedAt, startedBy, failure } = view;
  const entry: Entry = { type: 'instance', startedAt, outcome: status === 'running' ? 'open' : status, ...place };
  if (status !== 'running') end(entry, endedAt ?? changedAt, entry.outcome);
  if (startedBy !== undefined) entry.by = startedBy;
  if (failure) entry.failure = failure;
  return entry;
}

function interventionEntry(event: FlowEvent, at: number, place: Pick<Entry, 'instance' | 'flow' | 'hash'>): Entry {
  const { by, reason, token } = event as Intervention & { readonly token?: string };
  return {
    type: 'intervention',
    what: event.type,
    startedAt: at,
    endedAt: at,
    duration: 0,
    outcome: 'completed',
    ...place,
    ...(token === undefined ? {} : { token }),
    ...(by === undefined ? {} : { by }),
    ...(reason === undefined ? {} : { reason }),
  };
}

/** An attempt that failed and is followed by another one is `ready` again. */
function outcomeOf({ state, failure }: ActivityChange): Outcome {
  if (state === 'ready') return failure ? 'failed' : 'open';
  return state === 'running' || state === 'compensating' || state === 'inactive' ? 'open' : state;
}

function doerIn(event: FlowEvent, { token }: ActivityChange): string | undefined {
  return event.type === 'complete' && event.token === token ? event.user : undefined;
}

function end(entry: Entry, at: number, outcome: Outcome): void {
  entry.endedAt = at;
  entry.duration = at - entry.startedAt;
  entry.outcome = outcome;
}
