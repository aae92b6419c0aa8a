// What a run raises (an error, an escalation, the cancelling of a subflow) goes outward, scope by scope, until a boundary
// event or an event subflow takes it (BPMN 2.0.2, 10.5.6). Who takes it depends on the state alone, so it is looked up
// once to resolve the taker's expressions and once more, with the same answer, when they are there.
import type { Plan, PlannedBoundary } from '../compiler/index.js';
import { disarm, rearm } from './termination.js';
import { updateRun, type StepDraft } from './step-draft.js';
import type { FlowState, Raise, Run } from './state.js';

export interface Taker {
  /** The run whose boundary event it is, or the listener of an event subflow. */
  readonly run: Run;
  readonly boundary: PlannedBoundary;
}

export function raise(step: StepDraft, run: Run, what: Raise): void {
  disarm(step, run);
  const { timeout: _, backoff: __, ...timers } = run.timers ?? {};
  updateRun(step, run.token, { phase: 'raise', raise: what, timers });
  rearm(step, run.token);
  step.effects.push({ type: 'resolve', token: run.token, phase: 'raise' });
}

export function escalationOf(code: string | undefined): Raise {
  return { event: 'escalation', ...(code === undefined ? {} : { code }) };
}

/** The innermost taker; at the same place, one that names the code before one that takes all. */
export function takerOf(plan: Plan, state: FlowState, raised: Run, what: Raise): Taker | undefined {
  for (let run: Run | undefined = raised; run; run = state.runs[run.owner ?? run.scope]) {
    if (run.owner !== undefined) continue;
    const activity = plan.activities[run.activity]!;
    const own = best(what, activity.boundaries);
    if (own) return { run, boundary: own };
    // What an event subflow raises goes to the scope around the one it lies in.
    if (activity.aside === 'event') continue;
    const listeners = Object.values(state.runs).filter((r) => r.listener && r.scope === run!.scope);
    const trigger = best(
      what,
      listeners.flatMap((r) => plan.activities[r.activity]!.triggers),
    );
    const listener = listeners.find((r) => trigger && plan.activities[r.activity]!.triggers.includes(trigger));
    if (trigger && listener) return { run: listener, boundary: trigger };
  }
  return undefined;
}

function best(what: Raise, events: readonly PlannedBoundary[]): PlannedBoundary | undefined {
  const code = what.event === 'error' ? what.failure.code : what.event === 'escalation' ? what.code : undefined;
  const codeOf = ({ definition: d }: PlannedBoundary): string | undefined => ('code' in d ? d.code : undefined);
  const fitting = events.filter((b) => b.definition.event === what.event);
  return fitting.find((b) => code !== undefined && codeOf(b) === code) ?? fitting.find((b) => codeOf(b) === undefined);
}
