// What a split makes of the conditions that were true. Apart from the token game, because pictures of what happened ask it, too.
import type { PlannedActivity, PlannedConnector } from '../compiler/index.js';

/** The connectors that a split follows. */
export function chosen(activity: PlannedActivity, live: readonly string[]): readonly PlannedConnector[] {
  const { outgoing } = activity;
  if (activity.split === 'and') return outgoing;
  if (activity.split === 'or') return inclusive(outgoing, live);
  const only = outgoing.find((c) => isOpen(c, live)) ?? outgoing.find((c) => c.isDefault);
  return only ? [only] : [];
}

/** All that are true or have no condition; the default when no condition was true. */
export function inclusive(outgoing: readonly PlannedConnector[], live: readonly string[]): readonly PlannedConnector[] {
  const open = outgoing.filter((c) => isOpen(c, live));
  const conditional = open.some((c) => c.condition !== undefined);
  return conditional ? open : [...open, ...outgoing.filter((c) => c.isDefault)];
}

function isOpen({ id, isDefault, condition }: PlannedConnector, live: readonly string[]): boolean {
  return !isDefault && (condition === undefined || live.includes(id));
}
