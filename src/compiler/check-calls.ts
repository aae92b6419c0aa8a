// FLOW-E107: flows that call each other in a circle although every run of each must make its call, and nothing delays it. Such a
// circle ends only where calls may not go deeper. Recursion with a way out, or with something that waits, is fine.
import type { Diagnostic } from '../model/index.js';
import { successorsOf } from './layout.js';
import type { Plan, PlannedActivity, PlannedBody } from './plan.js';
import { walk } from './walk.js';

/** Only the plan of a compiled flow is looked at. */
interface Planned {
  readonly plan: Plan;
}

/** Circles of calls that lead from this flow back to it, through the others. */
export function checkCalls(flow: Planned, others: readonly Planned[] = []): Diagnostic[] {
  const plans = new Map([flow, ...others].map(({ plan }) => [plan.flow.flow, plan]));
  const own = flow.plan.flow.flow;
  return certainCalls(flow.plan).flatMap((call): Diagnostic[] => {
    const circle = wayTo(own, call, plans);
    if (!circle) return [];
    const names = [own, ...circle.map((c) => c.definition.calls!)];
    return [
      {
        code: 'FLOW-E107',
        severity: 'error',
        ids: [call.id],
        path: circle.map((c) => c.id),
        message: `Every run of "${own}" calls "${own}" again (${names.join(' → ')}), and nothing on the way waits: there is no end to it.`,
        suggestion: `put a decision before "${call.id}", or something that waits`,
      },
    ];
  });
}

/** The calls from this one on that end at a flow, shortest first. */
function wayTo(
  target: string,
  first: PlannedActivity,
  plans: ReadonlyMap<string, Plan>,
): readonly PlannedActivity[] | undefined {
  const seen = new Set<string>();
  let ways: readonly (readonly PlannedActivity[])[] = [[first]];
  while (ways.length > 0) {
    const found = ways.find((way) => way.at(-1)!.definition.calls === target);
    if (found) return found;
    ways = ways.flatMap((way) => {
      const name = way.at(-1)!.definition.calls!;
      const plan = plans.get(name);
      if (!plan || seen.has(name)) return [];
      seen.add(name);
      return certainCalls(plan).map((call) => [...way, call]);
    });
  }
  return undefined;
}

/** Calls that every run makes, without having waited before. */
function certainCalls(plan: Plan): readonly PlannedActivity[] {
  const inBody = (body: PlannedBody): readonly PlannedActivity[] => {
    const certain = certainOf(plan, body);
    return [...certain].flatMap((id) => {
      const activity = plan.activities[id]!;
      if (!mayCall(activity)) return [];
      if (activity.loop && activity.loop.kind !== 'until') return [];
      if (mayWaitBefore(plan, activity)) return [];
      if (activity.type === 'call' && activity.definition.calls !== undefined) return [activity];
      return activity.type === 'subflow' ? inBody(plan.bodies[id]!) : [];
    });
  };
  return inBody(plan.bodies['']!);
}

/** Activities of a body that every run starts: reached without a decision, or on every way to an end. */
function certainOf(plan: Plan, body: PlannedBody): ReadonlySet<string> {
  const certain = new Set(
    walk(body.starts, (id) => {
      const { outgoing, split, boundaries } = plan.activities[id]!;
      if (boundaries.some((b) => b.interrupting) || split === 'xor') return [];
      const always = outgoing.filter(({ to, condition, isDefault }) => {
        const { join } = plan.activities[to]!;
        return condition === undefined && !isDefault && (join === 'or' || join === 'xor');
      });
      return always.map((c) => c.to);
    }),
  );
  // Each of these costs a walk through the body.
  for (const id of body.activities) if (mayCall(plan.activities[id]!) && !endsWithout(plan, body, id)) certain.add(id);
  return certain;
}

function mayCall({ type }: PlannedActivity): boolean {
  return type === 'call' || type === 'subflow';
}

/** Whether a run can come to an end of the body without this activity. */
function endsWithout(plan: Plan, body: PlannedBody, left: string): boolean {
  const after = (id: string): readonly string[] => successorsOf(plan.activities[id]!);
  const reached = walk(
    body.starts.filter((id) => id !== left),
    (id) => after(id).filter((next) => next !== left),
  );
  return [...reached].some((id) => after(id).length === 0);
}

/** Whether a person, a message or a time comes before it on some way. */
function mayWaitBefore(plan: Plan, { id }: PlannedActivity): boolean {
  const before = walk([id], (later) => plan.activities[later]!.incoming.map((c) => c.from));
  return [...before].some((earlier) => earlier !== id && waits(plan, plan.activities[earlier]!));
}

function waits(plan: Plan, { id, type }: PlannedActivity): boolean {
  if (type === 'subflow') return plan.bodies[id]!.activities.some((member) => waits(plan, plan.activities[member]!));
  return type === 'user' || type === 'receive' || type === 'wait';
}
