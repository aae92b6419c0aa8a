// What a split makes of the conditions that were true. Apart from the token game, because pictures of what happened ask it, too.
import type { PlannedActivity, PlannedConnector } from '../compiler/index.js';

/** The connectors that a split follows. */
export function chosen(activity: PlannedActivity, live: readonly string[]): readonly PlannedConnector[] {
  const { outgoing } = activity;
  if (activity.split === 'and') return outgoing;
  const open = outgoing.filter((c) => !c.isDefault && (c.condition === undefined || live.includes(c.id)));
  const conditional = open.some((c) => c.condition !== undefined);
  const otherwise = outgoing.filter((c) => c.isDefault);
  if (activity.split === 'xor') return (open.length > 0 ? open : otherwise).slice(0, 1);
  return conditional ? open : [...open, ...otherwise];
}
