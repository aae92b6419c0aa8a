// A walk through a flow with the arrow keys: along the connectors from activity to activity, and up and down between ways
// that part at the same place.
import type { Plan, PlannedConnector } from '../compiler/index.js';
import { connectorsOf, waysOut } from './connectors.js';
import type { FlowLayout } from './layout.js';

export interface Place {
  readonly type: 'activity' | 'connector';
  readonly id: string;
}

export type Direction = 'on' | 'back' | 'up' | 'down' | 'first' | 'last';

/** Where one comes to; undefined where there is no way. A way without alternative or condition is passed over. */
export function walk(plan: Plan, layout: FlowLayout, from: Place, direction: Direction): Place | undefined {
  const isOpen = (id: string): boolean =>
    plan.activities[id]?.type === 'subflow' && !layout.activities.find((a) => a.id === id)?.isCollapsed;
  const activity = (id: string | undefined): Place | undefined =>
    id === undefined ? undefined : { type: 'activity', id };
  const connector = from.type === 'connector' ? connectorsOf(plan).find((c) => c.id === from.id) : undefined;
  switch (direction) {
    case 'first':
      return activity(plan.bodies['']!.starts[0]);
    case 'last':
      return activity(plan.bodies['']!.activities.findLast((id) => waysOut(plan.activities[id]!).length === 0));
    case 'on': {
      if (connector) return activity(connector.to);
      if (isOpen(from.id) && plan.bodies[from.id]!.starts.length > 0) return activity(plan.bodies[from.id]!.starts[0]);
      let at = plan.activities[from.id];
      // The end of a body goes on where its box does.
      while (at && waysOut(at).length === 0) at = plan.activities[at.body];
      return at && through(waysOut(at), 'to');
    }
    case 'back': {
      if (connector) return activity(connector.from);
      const at = plan.activities[from.id];
      if (!at) return undefined;
      return at.incoming.length > 0 ? through(at.incoming, 'from') : at.body === '' ? undefined : activity(at.body);
    }
    case 'up':
    case 'down': {
      const by = direction === 'up' ? -1 : 1;
      if (connector) {
        const ways = waysOut(plan.activities[connector.from]!);
        const next = ways[(ways.indexOf(connector) + by + ways.length) % ways.length]!;
        return next === connector ? undefined : { type: 'connector', id: next.id };
      }
      return activity(beside(plan, layout, from.id, by));
    }
  }
}

function through(ways: readonly PlannedConnector[], end: 'to' | 'from'): Place {
  const [first] = ways;
  const isPlain = ways.length === 1 && first!.condition === undefined;
  return isPlain ? { type: 'activity', id: first![end] } : { type: 'connector', id: first!.id };
}

/** The nearest activity above or below it, in the same body. */
function beside(plan: Plan, { activities }: FlowLayout, id: string, by: 1 | -1): string | undefined {
  const here = activities.find((a) => a.id === id);
  if (!here) return undefined;
  const middle = (a: typeof here): number => a.y + a.height / 2;
  const far = (a: typeof here): number =>
    Math.abs(middle(a) - middle(here)) + 3 * Math.abs(a.x + a.width / 2 - here.x - here.width / 2);
  return activities
    .filter((a) => a.id !== id && plan.activities[a.id]!.body === plan.activities[id]!.body)
    .filter((a) => (middle(a) - middle(here)) * by > 1)
    .sort((a, b) => far(a) - far(b))[0]?.id;
}
