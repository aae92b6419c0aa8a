// Which runs have expressions to resolve before they start and after they are done. Those without go straight on.
import type { PlannedActivity, PlannedBoundary } from '../compiler/index.js';
import type { Run } from './state.js';

/** A run of an activity without a loop, the owner of a loop, one round (item) of it; the listener of an event subflow; a
 * commit or rollback. */
export type RunRole = 'plain' | 'owner' | 'round' | 'listener' | 'end';
export interface Needs {
  readonly prepare: boolean;
  readonly settle: boolean;
}

export function roleOf(activity: PlannedActivity, run: Run): RunRole {
  if (run.listener) return 'listener';
  if (run.undoes?.act) return 'end';
  return run.owner !== undefined ? 'round' : activity.loop ? 'owner' : 'plain';
}

/** A boundary event of the run's activity, or what a listener listens for. */
export function eventOf(activity: PlannedActivity, run: Run, id: string): PlannedBoundary | undefined {
  return (run.listener ? activity.triggers : activity.boundaries).find((b) => b.definition.id === id);
}

function isArmed({ definition: { event } }: PlannedBoundary): boolean {
  return event === 'timer' || event === 'message';
}

const known = new WeakMap<PlannedActivity, Readonly<Record<RunRole, Needs>>>();

export function needsOf(activity: PlannedActivity, role: RunRole): Needs {
  let needs = known.get(activity);
  if (!needs) {
    const d = activity.definition;
    const some = (record: object | undefined): boolean => record !== undefined && Object.keys(record).length > 0;
    const conditions = activity.outgoing.some((c) => c.condition !== undefined);
    const events = activity.boundaries.some(isArmed);
    const body =
      some(d.input) ||
      some(d.implementation?.arguments) ||
      d.implementation?.select !== undefined ||
      d.after !== undefined ||
      d.until !== undefined ||
      d.due !== undefined ||
      d.assign !== undefined ||
      d.message !== undefined;
    const work = some(d.output) || d.implementation?.result !== undefined;
    needs = {
      plain: { prepare: body || events, settle: work || conditions },
      owner: {
        prepare: events || activity.loop?.kind === 'while' || activity.loop?.kind === 'forEach',
        settle:
          conditions ||
          d.votes !== undefined ||
          (activity.loop?.kind === 'forEach' && activity.loop.collect !== undefined),
      },
      round: {
        prepare: body,
        settle:
          work ||
          d.votes !== undefined ||
          (activity.loop?.kind === 'forEach' ? activity.loop.completion !== undefined : true),
      },
      end: { prepare: false, settle: false },
      listener: { prepare: activity.triggers.some(isArmed), settle: false },
    };
    known.set(activity, needs);
  }
  return needs[role];
}
